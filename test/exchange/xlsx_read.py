"""Reads a workbook with nothing but Python's zipfile and XML: sheets as JSON, cells as (type, style, text)."""
import json, re, sys, zipfile
import xml.etree.ElementTree as ET

NS = {'m': 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'}
REL = '{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id'
book = zipfile.ZipFile(sys.argv[1])
assert book.testzip() is None
for name in book.namelist():
    ET.fromstring(book.read(name))  # every part is well-formed
targets = {r.get('Id'): r.get('Target') for r in ET.fromstring(book.read('xl/_rels/workbook.xml.rels'))}
declared = {o.get('PartName') for o in ET.fromstring(book.read('[Content_Types].xml')) if o.get('PartName')}
sheets = {}
for sheet in ET.fromstring(book.read('xl/workbook.xml')).find('m:sheets', NS):
    path = 'xl/' + targets[sheet.get(REL)]
    assert '/' + path in declared, path
    root = ET.fromstring(book.read(path))
    rows = []
    for row in root.find('m:sheetData', NS):
        cells = {}
        for cell in row:
            text = cell.find('m:v', NS) if cell.get('t') != 'inlineStr' else cell.find('m:is/m:t', NS)
            cells[re.match('[A-Z]+', cell.get('r')).group()] = [cell.get('t') or 'n', cell.get('s'), text.text]
        rows.append(cells)
    pane = root.find('m:sheetViews/m:sheetView/m:pane', NS)
    sheets[sheet.get('name')] = {'rows': rows, 'frozen': pane is not None and pane.get('state') == 'frozen',
                                 'widths': len(root.findall('m:cols/m:col', NS))}
styles = ET.fromstring(book.read('xl/styles.xml'))
formats = [xf.get('numFmtId') for xf in styles.find('m:cellXfs', NS)]
json.dump({'sheets': sheets, 'formats': formats, 'names': book.namelist()}, sys.stdout, ensure_ascii=False)
