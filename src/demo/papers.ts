// Original vouchers of the demo estate: e-invoices as XML (数电票) for the older months, readable PDF
// for the last ones. Fictional, and each says so.
import PDFDocument from 'pdfkit';
import { faces } from '../../reports/kit/fonts.ts';
import { moneyCapital, moneyFigures, moneyText, type Money } from '../kernel/money.ts';

export interface Paper { file_name: string; bytes: Buffer }
export interface Invoice { number: string; seller: string; buyer: string; amount: Money; issued_on: string; item: string }

const escapeXml = (text: string): string =>
  text.replace(/[<>&"']/g, (c) => `&#${c.charCodeAt(0)};`);

export function invoiceXml({ number, seller, buyer, amount, issued_on, item }: Invoice): Paper {
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<EInvoice><!-- 演示数据，非真实发票 -->
<Header><EIid>${number}</EIid></Header>
<EInvoiceData>
<SellerInformation><SellerName>${escapeXml(seller)}</SellerName></SellerInformation>
<BuyerInformation><BuyerName>${escapeXml(buyer)}</BuyerName></BuyerInformation>
<BasicInformation><TotalTax-includedAmount>${moneyText(amount)}</TotalTax-includedAmount></BasicInformation>
<IssuItemInformation><ItemName>${escapeXml(item)}</ItemName></IssuItemInformation>
</EInvoiceData>
<TaxSupervisionInfo><InvoiceNumber>${number}</InvoiceNumber><IssueTime>${issued_on}</IssueTime></TaxSupervisionInfo>
</EInvoice>
`;
  return { file_name: `数电票-${number}.xml`, bytes: Buffer.from(text, 'utf8') };
}

function paper(title: string, lines: [string, string][], note: string): Promise<Buffer> {
  const doc = new PDFDocument({ size: [420, 300], margin: 28, info: { Title: title } });
  const parts: Buffer[] = [];
  doc.on('data', (part: Buffer) => parts.push(part));
  const whole = new Promise<Buffer>((resolve) => doc.on('end', () => resolve(Buffer.concat(parts))));
  // Parsed once for all of them; the published types do not know that pdfkit takes a parsed font.
  doc.registerFont('text', faces().regular.font as unknown as Buffer).font('text');
  doc.fontSize(17).fillColor('#7a1f1f').text(title, { align: 'center' });
  doc.moveTo(28, 62).lineTo(392, 62).lineWidth(0.8).stroke('#7a1f1f');
  let y = 76;
  for (const [label, value] of lines) {
    doc.fontSize(11).fillColor('#7a1f1f').text(label, 28, y, { width: 80 });
    doc.fillColor('#111').text(value, 112, y, { width: 280 });
    y += 25;
  }
  doc.fontSize(9).fillColor('#555').text(note, 28, 252, { width: 364, align: 'center' });
  doc.end();
  return whole;
}

export async function invoicePdf({ number, seller, buyer, amount, issued_on, item }: Invoice): Promise<Paper> {
  const bytes = await paper('电子发票（普通发票）', [
    ['发票号码', number], ['开票日期', issued_on], ['购买方', buyer], ['销售方', seller], ['项目', item],
    ['价税合计', `¥${moneyFigures(amount)}`], ['大写', moneyCapital(amount)],
  ], '演示数据，非真实发票');
  return { file_name: `发票-${number}.pdf`, bytes };
}
