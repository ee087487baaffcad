// Pay files (付款文件) as bytes: transfers in, a file the bank's counter or web bank takes out. Pure: no database.
// ISO 20022 pain.001.001.09 is a standard. The tables follow the batch transfer templates of six banks as they can be found in
// public; banks change them, so there is a plain one to copy from. Amounts are yuan with two places in each.
// Nothing is cut: a name or account that a format has no room for is refused, and another format has room. The order's short
// reference comes first in the purpose, so that the bank's line finds its order by itself.
import { encodeGb18030, unwritable } from '../kernel/gb18030.ts';
import { shanghaiTime, type BusinessDate } from '../kernel/dates.ts';
import { moneyText, sum, type Money } from '../kernel/money.ts';
import { neutralText } from '../web/csv.ts';
import { workbook } from '../web/xlsx.ts';
import { xmlText } from '../web/xlsx-parts.ts';
import { refusals } from './refusals.ts';

export interface Transfer {
  /** FK000123: the order's short reference. */
  reference: string;
  purpose: string;
  amount: Money;
  payee: { name: string; bank_name: string; account_number: string };
}
export interface PayOrder {
  /** Unique for ever: ASCII letters, digits, hyphens, at most 35. */
  message_id: string;
  made_at: Date;
  /** Day on which it shall be paid. */
  on: BusinessDate;
  debtor: { name: string; bank_name: string; account_number: string };
  transfers: readonly Transfer[];
}

interface Column { title: string; of: (transfer: Transfer, index: number, order: PayOrder) => string; money?: true }
/** Room in a table's cells, in bytes of GB18030 as the banks count. */
interface Table { zh: string; en: string; name_bytes: number; columns: readonly Column[] }

const blank = (title: string): Column => ({ title, of: () => '' });
const always = (title: string, text: string): Column => ({ title, of: () => text });
const account = (title: string): Column => ({ title, of: ({ payee }) => payee.account_number });
const name = (title: string): Column => ({ title, of: ({ payee }) => payee.name });
const bank = (title: string): Column => ({ title, of: ({ payee }) => payee.bank_name });
const amount = (title: string): Column => ({ title, of: (transfer) => moneyText(transfer.amount), money: true });
const place = (title: string): Column => ({ title, of: (_, index) => String(index + 1) });
const reference = (title: string): Column => ({ title, of: (transfer) => transfer.reference });
const day = (title: string): Column => ({ title, of: (_, __, { on }) => on.replaceAll('-', '') });
const payer = (title: string, part: keyof PayOrder['debtor']): Column => ({ title, of: (_, __, { debtor }) => debtor[part] });

const purpose = (title: string): Column => ({ title, of: (transfer) => purposeText(transfer, PURPOSE_BYTES) });
const PURPOSE_BYTES = 60;

const tables = {
  icbc: {
    zh: '工商银行', en: 'ICBC', name_bytes: 60,
    columns: [
      always('币种', 'RMB'), day('日期'), always('明细标志', '2'), place('顺序号'), payer('付款账号开户行', 'bank_name'),
      payer('付款账号', 'account_number'), payer('付款账号名称', 'name'), bank('收款账号开户行'), blank('收款账号省份'), blank('收款账号地市'),
      blank('收款账号地区码'), account('收款账号'), name('收款账号名称'), amount('金额'), purpose('汇款用途'), reference('备注信息'),
      always('汇款方式', '1'), blank('收款账户短信通知手机号码'), reference('自定义序号'),
    ],
  },
  ccb: {
    zh: '建设银行', en: 'CCB', name_bytes: 120,
    columns: [
      place('序号'), payer('付款账号', 'account_number'), payer('付款户名', 'name'), account('收款账号'), name('收款户名'), bank('收款方开户行'),
      blank('收款行联行号'), amount('金额'), purpose('用途'), reference('备注'),
    ],
  },
  abc: {
    zh: '农业银行', en: 'ABC', name_bytes: 120,
    columns: [
      place('编号'), account('收款方账号'), name('收款方户名'), bank('收款方开户行'), blank('收款方行号'), amount('金额'), purpose('用途'), reference('备注'),
    ],
  },
  boc: {
    zh: '中国银行', en: 'BOC', name_bytes: 120,
    columns: [
      reference('客户业务编号'), payer('付款人账号', 'account_number'), payer('付款人名称', 'name'), account('收款人账号'), name('收款人名称'),
      bank('收款人开户行名称'), blank('收款行联行号'), always('币种', 'CNY'), amount('金额'), day('付款日期'), purpose('用途'),
    ],
  },
  cmb: {
    zh: '招商银行', en: 'CMB', name_bytes: 62,
    columns: [
      reference('业务参考号'), blank('收款人编号'), account('收款人帐号'), name('收款人名称'), bank('收方开户支行'), blank('收款人所在省'),
      blank('收款人所在市'), blank('收方邮件地址'), blank('收方移动电话'), always('币种', '人民币'), blank('付款分行'), always('结算方式', '普通'),
      blank('业务种类'), payer('付方帐号', 'account_number'), day('期望日'), blank('期望时间'), purpose('用途'), amount('金额'), blank('收方联行号'),
      bank('收方开户银行'), reference('业务摘要'),
    ],
  },
  bocom: {
    zh: '交通银行', en: 'BOCOM', name_bytes: 120,
    columns: [
      place('序号'), payer('付款账号', 'account_number'), account('收款账号'), name('收款户名'), bank('收款行名称'), blank('收款行联行号'),
      amount('金额'), purpose('附言'), reference('企业流水号'),
    ],
  },
  plain: {
    zh: '通用表格', en: 'plain table', name_bytes: 400,
    columns: [
      place('序号'), reference('付款备注号'), name('收款户名'), account('收款账号'), bank('收款开户行'), amount('金额'), purpose('用途'),
    ],
  },
} as const satisfies Record<string, Table>;

type BankCode = keyof typeof tables;
const banks = Object.keys(tables) as BankCode[];
const kinds = ['csv', 'xlsx'] as const;
export type PayFormat = 'pain.001' | `${BankCode}-${typeof kinds[number]}`;

/** pain.001 first, then each bank's two tables; the plain ones last. */
export const payFormats: readonly PayFormat[] = ['pain.001', ...banks.flatMap((code) => kinds.map((kind): PayFormat => `${code}-${kind}`))];
export const isPayFormat = (text: string): text is PayFormat => (payFormats as readonly string[]).includes(text);

export function payFormatName(format: string): { zh: string; en: string } {
  if (!isPayFormat(format)) return { zh: format, en: format };
  if (format === 'pain.001') return { zh: 'ISO 20022（pain.001.001.09）', en: 'ISO 20022 (pain.001.001.09)' };
  const [code, kind] = format.split('-') as [BankCode, 'csv' | 'xlsx'];
  if (code === 'plain') return { zh: `${tables.plain.zh} ${kind.toUpperCase()}`, en: `${tables.plain.en}, ${kind.toUpperCase()}` };
  return { zh: `${tables[code].zh}批量转账 ${kind.toUpperCase()}`, en: `${tables[code].en} batch transfer, ${kind.toUpperCase()}` };
}

/** The workbook of the bank that keeps the account, by its name. */
export function usualFormat(bank_name: string): PayFormat {
  const known = banks.find((code) => code !== 'plain' && bank_name.includes(tables[code].zh.replace('银行', '')));
  return known === undefined ? 'plain-xlsx' : `${known}-xlsx`;
}

export const mediaTypes: Record<string, { type: string; ending: string }> = {
  csv: { type: 'text/csv; charset=gb18030', ending: 'csv' },
  xlsx: { type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', ending: 'xlsx' },
  'pain.001': { type: 'application/xml', ending: 'xml' },
};
export const mediaOf = (format: string): { type: string; ending: string } =>
  mediaTypes[format.split('-').at(-1)!] ?? { type: 'application/octet-stream', ending: 'bin' };

/** The file. Refusals: pay_file_name_too_long, pay_file_text_unsafe, pay_file_text_unwritable, naming the order. */
export async function payFile(format: PayFormat, order: PayOrder): Promise<Buffer> {
  if (format === 'pain.001') return Buffer.from(pain001(order), 'utf8');
  const [code, kind] = format.split('-') as [BankCode, 'csv' | 'xlsx'];
  const table: Table = tables[code];
  refuseUnfit(order, table);
  return kind === 'csv' ? csv(table, order) : xlsx(table, order);
}

const bytesOf = (text: string): number => encodeGb18030(text).length;

/** A bank compares name and account to the letter: neither is shortened, and no apostrophe is put in front of one. */
function refuseUnfit({ debtor, transfers }: PayOrder, table: Table): void {
  for (const { reference: order, payee } of [...transfers, { reference: '–', payee: debtor }]) {
    for (const text of [payee.name, payee.bank_name]) {
      if (unwritable(text) !== null) throw refusals.pay_file_text_unwritable({ order, name: text }, 'format');
      const length = bytesOf(text);
      if (length > table.name_bytes) {
        throw refusals.pay_file_name_too_long({ order, name: text, length, limit: table.name_bytes, bank: table.zh, bank_en: table.en }, 'format');
      }
      if (neutralText(text) !== text) throw refusals.pay_file_text_unsafe({ order, name: text }, 'format');
    }
  }
}

/** The reference, then as much of the purpose as there is room for: only words are shortened, never a name. */
function purposeText(transfer: Transfer, room: number): string {
  let text = transfer.reference;
  for (const character of ` ${transfer.purpose}`) {
    if (unwritable(character) !== null) continue;
    if (bytesOf(text + character) > room) break;
    text += character;
  }
  return text.trim();
}

const cells = (table: Table, order: PayOrder): string[][] =>
  order.transfers.map((transfer, index) => table.columns.map((column) => column.of(transfer, index, order)));

function csv(table: Table, order: PayOrder): Buffer {
  const written = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const rows = [table.columns.map((column) => column.title), ...cells(table, order)];
  return encodeGb18030(rows.map((row) => `${row.map(written).join(',')}\r\n`).join(''));
}

async function xlsx(table: Table, order: PayOrder): Promise<Buffer> {
  const columns = table.columns.map(({ title, money }, index) =>
    ({ key: String(index), title, width: Math.max(12, bytesOf(title) + 4), ...(money === true ? { type: 'money' as const } : {}) }));
  const rows = cells(table, order).map((row) => Object.fromEntries(row.map((text, index) => [String(index), text])));
  const pieces: Uint8Array[] = [];
  for await (const piece of workbook([{ name: '批量付款', columns, count: rows.length, rows: [rows] }])) pieces.push(piece);
  return Buffer.concat(pieces);
}

const NAMESPACE = 'urn:iso:std:iso:20022:tech:xsd:pain.001.001.09';
/** Max140Text, Max34Text of the standard. */
const MOST_NAME = 140;
const MOST_ACCOUNT = 34;

/** CustomerCreditTransferInitiationV09: one payment instruction, one transfer an order, each a line of its own at the bank. */
function pain001({ message_id, made_at, on, debtor, transfers }: PayOrder): string {
  const element = (tag: string, text: string): string => `<${tag}>${xmlText(text)}</${tag}>`;
  const fitting = (text: string, order: string, limit: number): string => {
    const length = [...text].length;
    if (length > limit) throw refusals.pay_file_name_too_long({ order, name: text, length, limit, bank: 'pain.001', bank_en: 'pain.001' }, 'format');
    return text;
  };
  const agent = (tag: string, bank_name: string, order: string): string =>
    `<${tag}><FinInstnId>${element('Nm', fitting(bank_name, order, MOST_NAME))}</FinInstnId></${tag}>`;
  const accountOf = (tag: string, number: string, order: string): string =>
    `<${tag}><Id><Othr>${element('Id', fitting(number, order, MOST_ACCOUNT))}</Othr></Id><Ccy>CNY</Ccy></${tag}>`;
  const counted = element('NbOfTxs', String(transfers.length)) + element('CtrlSum', moneyText(sum(transfers.map((one) => one.amount))));
  const lines = transfers.map((transfer) => {
    const { reference: order, payee } = transfer;
    return '      <CdtTrfTxInf>'
      + `<PmtId>${element('InstrId', order)}${element('EndToEndId', order)}</PmtId>`
      + `<Amt><InstdAmt Ccy="CNY">${moneyText(transfer.amount)}</InstdAmt></Amt>${agent('CdtrAgt', payee.bank_name, order)}`
      + `<Cdtr>${element('Nm', fitting(payee.name, order, MOST_NAME))}</Cdtr>${accountOf('CdtrAcct', payee.account_number, order)}`
      + `<RmtInf>${element('Ustrd', [...`${order} ${transfer.purpose}`].slice(0, MOST_NAME).join(''))}</RmtInf></CdtTrfTxInf>\n`;
  });
  const [date, time] = [shanghaiTime(made_at).slice(0, 10), shanghaiTime(made_at).slice(11, 19)];
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="${NAMESPACE}">\n  <CstmrCdtTrfInitn>\n`
    + `    <GrpHdr>${element('MsgId', message_id)}${element('CreDtTm', `${date}T${time}+08:00`)}${counted}`
    + `<InitgPty>${element('Nm', fitting(debtor.name, '–', MOST_NAME))}</InitgPty></GrpHdr>\n`
    // The estate pays the fee: the payee gets the whole sum.
    + `    <PmtInf>${element('PmtInfId', message_id)}<PmtMtd>TRF</PmtMtd><BtchBookg>false</BtchBookg>${counted}`
    + `<ReqdExctnDt>${element('Dt', on)}</ReqdExctnDt><Dbtr>${element('Nm', debtor.name)}</Dbtr>${accountOf('DbtrAcct', debtor.account_number, '–')}`
    + `${agent('DbtrAgt', debtor.bank_name, '–')}<ChrgBr>DEBT</ChrgBr>\n${lines.join('')}    </PmtInf>\n  </CstmrCdtTrfInitn>\n</Document>\n`;
}
