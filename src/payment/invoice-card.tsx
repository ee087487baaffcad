// What the invoice file says beside what the order says: for officers, who may know buyer and seller.
import type { JSX } from 'preact';
import type { Trx } from '../kernel/database.ts';
import type { Bilingual, Locale } from '../kernel/locale.ts';
import { fill } from '../kernel/locale.ts';
import { money, moneyFigures } from '../kernel/money.ts';
import { formatDate, pick } from '../web/locale.ts';
import { Card, Chip, type Children } from '../web/parts.tsx';
import { LedgerTable } from '../web/tables.tsx';
import { acceptedTitles, invoicesAmong, plainName, type Invoice } from './invoice.ts';
import { readOrder, type Order } from './queries.ts';

const texts = {
  title: { zh: '发票文件', en: 'The invoice file' },
  what: { zh: '项目', en: 'What' },
  order: { zh: '付款单写的', en: 'Order' },
  file: { zh: '发票上写的', en: 'Invoice' },
  number: { zh: '发票号码', en: 'Number' },
  total: { zh: '发票总额', en: 'Total' },
  amount: { zh: '这次付', en: 'Paid now' },
  seller: { zh: '收款方 / 销售方', en: 'Payee / seller' },
  buyer: { zh: '付款方 / 购买方', en: 'Payer / buyer' },
  issued_on: { zh: '开票日期', en: 'Issued on' },
  differs: { zh: '不一致', en: 'differs' },
  red: { zh: '红字发票', en: 'red invoice' },
  tax: { zh: '{name}（税号 {tax}）', en: '{name} (tax no. {tax})' },
  ours: { zh: '本小区、物业、业委会', en: 'the estate and its bodies' },
  read_from: {
    zh: '以上从 {source} 文件里读出，没有向税务平台查验真伪；签批前请在全国增值税发票查验平台核对。',
    en: 'Read out of the {source} file, not verified with the tax bureau: check it on the national invoice platform before signing.',
  },
} as const satisfies Record<string, Bilingual>;

interface Line { what: string; order: string; file: string; differs: boolean }

const named = (name: string, tax: string | null, locale: Locale): string =>
  (tax === null ? name : fill(pick(texts, locale).tax, { name, tax }));

function linesOf({ order, invoice, payee, titles }: { order: Order; invoice: Invoice; payee: string; titles: string[] }, locale: Locale): Line[] {
  const t = pick(texts, locale);
  const total = order.invoice_total === null ? null : money(order.invoice_total);
  return [
    { what: t.number, order: order.invoice_number ?? '–', file: invoice.number, differs: order.invoice_number !== invoice.number },
    { what: t.total, order: total === null ? '–' : moneyFigures(total), file: moneyFigures(money(invoice.total)),
      differs: total === null || !total.equals(money(invoice.total)) },
    { what: t.seller, order: payee, file: named(invoice.seller_name, invoice.seller_tax_number, locale),
      differs: plainName(payee) !== plainName(invoice.seller_name) },
    { what: t.buyer, order: t.ours, file: named(invoice.buyer_name, invoice.buyer_tax_number, locale),
      differs: !titles.map(plainName).includes(plainName(invoice.buyer_name)) },
    { what: t.issued_on, order: '', file: invoice.issued_on === null ? '–' : formatDate(invoice.issued_on, locale), differs: false },
  ];
}

function InvoiceTable({ lines, invoice, locale }: { lines: Line[]; invoice: Invoice; locale: Locale }): JSX.Element {
  const t = pick(texts, locale);
  return (
    <>
      {invoice.is_red && <p><Chip tone="red">{t.red}</Chip></p>}
      <LedgerTable caption={t.title} caption_hidden rows={lines} rowState={(line) => (line.differs ? 'alarm' : undefined)}
        columns={[
          { key: 'what', title: t.what, lead: true, cell: (line) => <>{line.what} {line.differs && <Chip tone="red">{t.differs}</Chip>}</> },
          { key: 'order', title: t.order }, { key: 'file', title: t.file },
        ]} />
    </>
  );
}

/** A card with a table for each invoice among the order's vouchers; null where there is none. For officers only. */
export async function invoiceCard(trx: Trx, estate_id: number, proposal_id: number, locale: Locale): Promise<Children> {
  // Where nothing was read out of a file there is nothing to set beside it.
  const attached = await trx.selectFrom('order_voucher').select('sha256').where('estate_id', '=', estate_id).where('proposal_id', '=', proposal_id).execute();
  const invoices = await invoicesAmong(trx, estate_id, attached.map((row) => row.sha256));
  if (invoices.length === 0) return null;
  const order = await readOrder(trx, estate_id, proposal_id);
  const t = pick(texts, locale);
  const titles = await acceptedTitles(trx, estate_id);
  const identity = await trx.selectFrom('payee_identity').select('name')
    .where('estate_id', '=', estate_id).where('payee_id', '=', order.payee_id).executeTakeFirst();
  const payee = identity?.name ?? order.payee_name;
  const sources = [...new Set(invoices.map((invoice) => invoice.source.toUpperCase()))].join('、');
  return (
    <Card title={t.title}>
      {invoices.map((invoice) => <InvoiceTable lines={linesOf({ order, invoice, payee, titles }, locale)} invoice={invoice} locale={locale} />)}
      <p class="hint">{fill(t.read_from, { source: sources })}</p>
    </Card>
  );
}
