// Rows of cells from text and from HTML, whatever the file is called and however it is padded; and nothing hostile
// takes long or takes the process down.
import t from 'tap';
import { decodeEntities, htmlRows, looksLikeHtml, MOST_ROWS, textRows } from '../../src/bankfile/table.ts';
import { refused } from './printing.ts';

t.test('text is split by what stands between its cells', async (t) => {
  t.same(textRows('a,b,c\n1,"2,5","x ""y"""\n'), [['a', 'b', 'c'], ['1', '2,5', 'x "y"']]);
  t.same(textRows('\ufeffa\tb\tc\r\n1,5\t2\t3'), [['a', 'b', 'c'], ['1,5', '2', '3']], 'tabs, although an amount has a comma');
  t.same(textRows('a;b;c\n1,5;2;3'), [['a', 'b', 'c'], ['1,5', '2', '3']]);
  t.same(textRows('a|b|c|\n1|2|3|'), [['a', 'b', 'c', ''], ['1', '2', '3', '']]);
  t.same(textRows('凭证号\t,交易时间\t,余额\t\n000\t,20260801\t,5\t'), [['凭证号\t', '交易时间\t', '余额\t'], ['000\t', '20260801\t', '5\t']], 'padded with tabs before the commas');
  t.same(textRows('账户明细\n\na,b,c\n1,2'), [['账户明细'], [''], ['a', 'b', 'c'], ['1', '2']], 'an empty row counts');
  const memos = '交易时间\t收入金额\t支出金额\t账户余额\t交易行名\n2026-08-01\t1.00\t\t1.00\t,,,,,,,,,,,,';
  t.equal(textRows(memos)[0]!.length, 5, 'a memo full of commas does not make a table of commas');
  t.equal(refused(() => textRows('a,b\n1,"2\n3,4\n')).code, 'statement_text_broken');
});

t.test('HTML named .xls', async (t) => {
  const page = `<html><head><style>td{x}</style><script>var a = "<tr><td>no</td></tr>";</script></head><body>
    <!-- <tr><td>nor this</td></tr> --><table border=1><tr><th colspan="2">账户&nbsp;明细</th><th>余额</th></tr>
    <tr><td style='mso-number-format:"\\@"'>&#20013;&#x56fd;&lt;b&gt;</td><td>1 < 2<br>3</td><td><b>5.00</b></td></tr>
    <tr><td>x<td>y<td>z</table></body></html>`;
  t.ok(looksLikeHtml(page));
  t.same(textRows(page), [['账户 明细', '', '余额'], ['中国<b>', '1 < 2 3', '5.00'], ['x', 'y', 'z']]);
  t.same(htmlRows('<table><tr><td>a<table><tr><td>b</td></tr></table>c</td><td>d</td></tr></table>'), [['ac', 'd'], ['b']], 'a table in a table');
  t.same(htmlRows('<td>1</td><td>2</td>'), [['1', '2']], 'cells without a row');
  t.equal(decodeEntities('&amp;lt; &bogus; &#0; &#xD800; &#x110000; &#128512;'), '&lt; &bogus; \ufffd \ufffd \ufffd 😀', 'decoded once');
  t.notOk(looksLikeHtml('<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Table><Row>'));
  t.notOk(looksLikeHtml('<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">'));
  t.notOk(looksLikeHtml('交易时间,<table>'));
});

t.test('hostile tables are refused or read, in time linear to their length', async (t) => {
  const began = process.hrtime.bigint();
  t.equal(refused(() => textRows('a,b\n'.repeat(MOST_ROWS + 2))).code, 'statement_too_long');
  t.equal(refused(() => textRows(`<table>${'<tr>'.repeat(MOST_ROWS + 2)}`)).code, 'statement_too_long');
  t.equal(refused(() => textRows(`<table>${'<tr><td colspan=9999>'.repeat(20_000)}`)).code, 'statement_too_long');
  t.equal(refused(() => textRows('<table><tr><td>'.repeat(10_000))).code, 'statement_text_broken');
  t.equal(refused(() => textRows(`"${'a'.repeat(1_000_000)}`)).code, 'statement_text_broken');
  t.equal(refused(() => textRows(','.repeat(12_000_000))).code, 'statement_too_long');
  t.ok(textRows(`<table>${'<'.repeat(300_000)}`).length === 0);
  t.ok(textRows(`<table>${'<!--'.repeat(100_000)}`).length === 0);
  t.ok(textRows(`<table>${'<script>'.repeat(100_000)}`).length === 0);
  t.ok(textRows(`<table><tr><td>${'&#'.repeat(500_000)}`).length === 1);
  t.ok(textRows(`<table><tr><td>${'&nbsp;'.repeat(500_000)}</td>`)[0]![0] === '');
  t.ok(Number(process.hrtime.bigint() - began) / 1e9 < 20, 'no step is quadratic');
});
