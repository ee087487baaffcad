// Settlement files of channels (结算单): what customers paid by WeChat, Alipay or card, row by row. Pure: no database.
//   WeChat Pay   交易账单 of the merchant platform: values behind a backtick, a summary below the rows
//   Alipay       业务明细 of the merchant platform: notes that begin with #, fees below zero
//   POS          whatever the acquirer makes: a person says which column is what; the guess only fills that form in
// A layout is recognised by its header and by nothing else. Nothing is guessed or rounded in a row: what is not exactly a day, an
// amount or a reference is told with its place, and a person puts it right or leaves the row out.
import { isBusinessDate, type BusinessDate } from '../kernel/dates.ts';
import { momentOf, plainCell } from '../bankfile/value.ts';

export const channels = ['wechat', 'alipay', 'pos'] as const;
export type Channel = (typeof channels)[number];

/** Where what stands: numbers of columns from 0. */
export interface Columns {
  paid_on: number;
  amount: number;
  reference: number;
  fee: number | null;
  /** Texts in which the dwelling may be named. */
  texts: number[];
  /** Says that a row is a refund, or no payment at all. */
  state: number | null;
}
export interface Table { channel: Channel; /** Row of the header, from 0. */ header: number; columns: Columns }

const MOST_PREAMBLE = 40;
/** Headings compare without blanks, units and width. */
const heading = (cell: string): string => plainCell(cell).normalize('NFKC').replace(/^`/, '').replace(/\s|\((?:元|RMB|CNY|人民币)\)|[*:]/gi, '');

interface Layout { channel: Channel; needs: readonly string[]; paid_on: readonly string[]; amount: readonly string[]; reference: readonly string[]; fee: readonly string[]; texts: readonly string[]; state: readonly string[] }
const layouts: readonly Layout[] = [
  {
    channel: 'wechat', needs: ['交易时间', '微信订单号', '商户订单号', '交易状态'], paid_on: ['交易时间'], amount: ['应结订单金额', '总金额', '订单金额'],
    reference: ['微信订单号'], fee: ['手续费'], texts: ['商品名称', '商户数据包', '备注', '商户订单号'], state: ['交易状态'],
  },
  {
    channel: 'alipay', needs: ['支付宝交易号', '商户订单号', '业务类型'], paid_on: ['完成时间', '创建时间'], amount: ['商家实收', '订单金额'],
    reference: ['支付宝交易号'], fee: ['服务费'], texts: ['商品名称', '备注', '商户订单号', '门店名称'], state: ['业务类型'],
  },
];

const guesses: readonly (readonly [keyof Columns, RegExp])[] = [
  ['fee', /手续费|服务费|fee/i], ['reference', /参考号|流水号|检索号|订单号|凭证号|reference|serial/i],
  ['amount', /^(?:交易|消费|订单|入账)?金额|实收|amount/i], ['paid_on', /(?:交易|清算|消费)?(?:日期|时间)|date/i],
  ['state', /交易类型|交易状态|业务类型|状态/], ['texts', /备注|附言|摘要|商品|说明|房号|remark|memo/i],
];

/** The table of a known channel; null where no header is one's. */
export function recogniseTable(rows: readonly (readonly string[])[]): Table | null {
  for (let header = 0; header < Math.min(rows.length, MOST_PREAMBLE); header += 1) {
    const cells = rows[header]!.map(heading);
    for (const layout of layouts) {
      if (!layout.needs.every((name) => cells.includes(name))) continue;
      const first = (names: readonly string[]): number | null => names.map((name) => cells.indexOf(name)).find((at) => at >= 0) ?? null;
      const [paid_on, amount, reference] = [first(layout.paid_on), first(layout.amount), first(layout.reference)];
      if (paid_on === null || amount === null || reference === null) continue;
      return { channel: layout.channel, header, columns: {
        paid_on, amount, reference, fee: first(layout.fee), state: first(layout.state),
        texts: layout.texts.map((name) => cells.indexOf(name)).filter((at) => at >= 0),
      } };
    }
  }
  return null;
}

export interface Guess { header: number; columns: Partial<Record<Exclude<keyof Columns, 'texts'>, number | null>> & { texts: number[] } }

/** Fills in the form of the columns: the row with the most headings that look like it, and what each may be. */
export function guessTable(rows: readonly (readonly string[])[]): Guess {
  let best: Guess & { score: number } = { header: 0, columns: { texts: [] }, score: -1 };
  for (let header = 0; header < Math.min(rows.length, MOST_PREAMBLE); header += 1) {
    const columns: Guess['columns'] = { texts: [] };
    let score = 0;
    rows[header]!.map(heading).forEach((cell, at) => {
      const name = cell === '' || cell.length > 20 ? undefined : guesses.find(([field, pattern]) => pattern.test(cell) && (field === 'texts' || columns[field] === undefined))?.[0];
      if (name === undefined) return;
      score += 1;
      if (name === 'texts') columns.texts.push(at);
      else columns[name] = at;
    });
    if (score > best.score) best = { header, columns, score };
  }
  return { header: best.header, columns: best.columns };
}

// ── Rows ─────────────────────────────────────────────────────────────────────────────────────────

export type FixField = 'paid_on' | 'amount' | 'fee' | 'reference' | 'unit';
/** What a person said of a row: other values, that it is left out, that it is another payment than the receipt that looks like it. */
export type Fix = Partial<Record<FixField, string>> & { skip?: true; anew?: true };
export interface Fault { field: FixField; /** What stands there. */ text: string; reason_zh: string; reason_en: string }
export interface SettlementRow {
  /** As a spreadsheet shows it, from 1. */
  row: number;
  kind: 'payment' | 'refund' | 'other';
  paid_on: BusinessDate | null;
  /** Decimal text above zero; null where it cannot be read. */
  amount: string | null;
  fee: string;
  reference: string | null;
  /** Where a dwelling may be named; personal. */
  text: string;
  /** What a refund gave back; "0.00" of a payment. */
  refunded: string;
  faults: Fault[];
}

/** "`1,234.50", "￥-0.61", "0.61000" → decimal text with two places and its sign; null for anything else, also for parts of a fen. */
export function readSum(raw: string): string | null {
  const found = /^([-+]?)([0-9]{1,10}|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.([0-9]{1,2})0*)?$/.exec(plainCell(raw).replace(/^[`'¥￥\s]+/, ''));
  if (found === null) return null;
  const whole = found[2]!.replaceAll(',', '').replace(/^0+(?=[0-9])/, '');
  const text = `${whole}.${(found[3] ?? '').padEnd(2, '0')}`;
  return found[1] === '-' && text !== '0.00' ? `-${text}` : text;
}
const withoutSign = (text: string): string => text.replace(/^-/, '');

const cellOf = (cells: readonly string[], at: number | null): string => (at === null ? '' : plainCell(cells[at] ?? '').replace(/^`/, '').trim());
const isRefund = (state: string): boolean => /退款|退货|撤销|冲正|REFUND|REVOKED|REVERSE/i.test(state);
const isPayment = (state: string): boolean => state === '' || /^(?:SUCCESS|交易|消费|支付|收款|成功|交易成功|支付成功|已支付|已入账|扫码|付款)/i.test(state);

/** Rows below the header that say something, without the notes and sums of the channel. Same rows, same answer. */
export function readRows(rows: readonly (readonly string[])[], { header, columns, channel }: Table, fixes: Readonly<Record<string, Fix>> = {}): SettlementRow[] {
  const found: SettlementRow[] = [];
  for (let at = header + 1; at < rows.length; at += 1) {
    const cells = rows[at]!;
    const first = cellOf(cells, 0);
    if (cells.every((cell) => plainCell(cell) === '') || first.startsWith('#')) continue;
    // Below its rows a channel adds them up, under headings of its own.
    if (/^(?:总交易单数|合计|总计|小计|total)/i.test(first)) break;
    found.push(readRow(cells, at + 1, columns, channel, fixes[String(at + 1)] ?? {}));
  }
  return found;
}

function readRow(cells: readonly string[], row: number, columns: Columns, channel: Channel, fix: Fix): SettlementRow {
  const faults: Fault[] = [];
  const value = (field: Exclude<FixField, 'unit'>): string => (fix[field] ?? cellOf(cells, columns[field])).trim();
  const fault = (field: FixField, text: string, reason_zh: string, reason_en: string): null => {
    faults.push({ field, text: [...text].slice(0, 40).join(''), reason_zh, reason_en });
    return null;
  };
  const state = cellOf(cells, columns.state);
  const sum = readSum(value('amount'));
  const kind = isRefund(state) || (sum?.startsWith('-') ?? false) ? 'refund' : isPayment(state) ? 'payment' : 'other';
  const text = [...new Set(columns.texts.map((at) => cellOf(cells, at)))].filter((part) => part !== '').join(' ; ').slice(0, 300);
  const moment = momentOf(value('paid_on'));
  const base = { row, kind, text } as const;
  if (kind !== 'payment') {
    return { ...base, paid_on: moment?.date ?? null, amount: null, fee: '0.00', reference: value('reference') || null, refunded: withoutSign(sum ?? '0.00'), faults };
  }
  const paid_on = moment === null || !isBusinessDate(moment.date)
    ? fault('paid_on', value('paid_on'), '日期读不懂，应是 2026-10-05 这样', 'no day; write it as 2026-10-05') : moment.date;
  const amount = sum === null || sum === '0.00'
    ? fault('amount', value('amount'), '金额读不懂，应是大于 0、最多两位小数的金额', 'no amount above zero with at most two decimals') : sum;
  const fee_text = value('fee');
  const fee = fee_text === '' ? '0.00' : readSum(fee_text);
  if (fee === null) fault('fee', fee_text, '手续费读不懂，或者不是整分', 'the fee cannot be read, or is no whole fen');
  const reference = value('reference').replace(/\s/g, '');
  const known = /^[0-9A-Za-z_.-]{4,64}$/.test(reference)
    ? reference : fault('reference', reference, `${channel === 'pos' ? '参考号' : '交易号'}应是 4 到 64 位数字、字母`, 'the reference has 4 to 64 digits and letters');
  return { ...base, paid_on, amount, fee: withoutSign(fee ?? '0.00'), reference: known, refunded: '0.00', faults };
}
