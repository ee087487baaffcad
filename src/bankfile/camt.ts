// ISO 20022 bank-to-customer statements (camt.053.001.02 to .13): one account, booked entries, opening and closing balance.
//   sign        CdtDbtInd of the entry itself; RvslInd only says whose the other side is, it turns no sign
//   Sts         BOOK only; pending and informational entries are not the bank's word yet
//   several     statements (or pages) of one account in a file follow each other: closing = next opening
//   a batch     stays the one line the bank booked, whatever it was made of
// Entities are not resolved beyond the five of XML and characters by number, a document type is refused, depth is counted.
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { addDays, type BusinessDate } from '../kernel/dates.ts';
import { minus, money, moneyFigures, negated, sum, type Money } from '../kernel/money.ts';
import { dayAt, momentDay } from './camt-day.ts';
import { camtEntry, type CamtEntry } from './camt-entry.ts';
import { all, amountOf, decimalMoney, first, lacks, textAt, textOf, wrong, yuan, type Node } from './camt-node.ts';
import { joined, type Part } from './parts.ts';
import { refusals } from './read-refusals.ts';
import type { RawStatement } from './statement.ts';

const MOST_DEPTH = 40;
const lists = new Set(['Stmt', 'Ntry', 'Bal', 'NtryDtls', 'TxDtls', 'Ustrd', 'Strd', 'AddtlRmtInf', 'Rpt', 'Ntfctn']);

export const looksLikeCamt = (text: string): boolean =>
  /<(?:[\w.-]+:)?(?:BkToCstmr(?:Stmt|AcctRpt|DbtCdtNtfctn)|Document)[\s>/]/.test(text.slice(0, 20_000));

/** How deep the elements lie; refuses what is built to break a reader. */
function checkShape(text: string): void {
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) throw refusals.statement_file_unsafe({ what_zh: 'DTD 或实体定义', what_en: 'a document type or entities' });
  let depth = 0;
  let end = 0;
  for (let at = text.indexOf('<'); at !== -1; at = text.indexOf('<', at + 1)) {
    const next = text.charCodeAt(at + 1);
    if (next === 0x3f || next === 0x21) continue;
    if (next === 0x2f) depth -= 1;
    else {
      if (end < at) end = text.indexOf('>', at);
      if (end === -1) return;
      if (text.charCodeAt(end - 1) !== 0x2f) depth += 1;
    }
    if (depth > MOST_DEPTH) throw refusals.statement_file_unsafe({ what_zh: `XML 套了 ${MOST_DEPTH} 层以上`, what_en: `XML nested more than ${MOST_DEPTH} deep` });
  }
}

const parser = new XMLParser({
  ignoreAttributes: false, attributeNamePrefix: '@', removeNSPrefix: true, parseTagValue: false, parseAttributeValue: false,
  processEntities: false, trimValues: true, ignoreDeclaration: true, ignorePiTags: true, isArray: (name) => lists.has(name),
});

function parsed(text: string): Node {
  try {
    return parser.parse(text) as Node;
  } catch {
    throw refusals.statement_file_damaged({ what_zh: 'XML 不完整', what_en: 'the XML is not well-formed' });
  }
}

/** A message without its entries, and the entries as text: fifty thousand of them as one tree would not fit. */
interface Message { tree: Node; entry(node: Node): Node }

function opened(text: string): Message {
  checkShape(text);
  if (XMLValidator.validate(text) !== true) throw refusals.statement_file_damaged({ what_zh: 'XML 不完整', what_en: 'the XML is not well-formed' });
  // In a comment or a marked section an entry may stand that is none: such a file is read as one tree.
  if (text.includes('<!')) return { tree: parsed(text), entry: (node) => node };
  const entries: string[] = [];
  const frame = text.replace(/<((?:[\w.-]+:)?Ntry)(?:\s[^<>]*)?>[\s\S]*?<\/\1\s*>/g, (entry, name: string) => {
    entries.push(entry);
    return `<${name}>${entries.length - 1}</${name}>`;
  });
  return {
    tree: parsed(frame),
    entry: (node) => {
      const found = all(parsed(entries[Number(textOf(node))] ?? ''), 'Ntry')[0];
      if (found === undefined) throw refusals.statement_file_damaged({ what_zh: 'XML 不完整', what_en: 'the XML is not well-formed' });
      return found;
    },
  };
}

const others: Record<string, { message: string; kind_zh: string; kind_en: string }> = {
  BkToCstmrAcctRpt: { message: 'camt.052', kind_zh: '当日明细', kind_en: 'a report within the day' },
  BkToCstmrDbtCdtNtfctn: { message: 'camt.054', kind_zh: '收付款通知', kind_en: 'a notice of single payments' },
};

function messageOf(document: Node, text: string): { message: Node; format: string } {
  const root = first(document, 'Document') ?? document;
  for (const [name, found] of Object.entries(others)) {
    if (first(root, name) !== undefined) throw refusals.statement_message_kind({ ...found, wanted: 'camt.053' });
  }
  const message = first(root, 'BkToCstmrStmt');
  if (message === undefined) throw refusals.statement_file_kind({ kind_zh: 'XML 文件，但不是 camt.053 对账单', kind_en: 'an XML file, but no camt.053 statement' });
  const version = /urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.(\d{2})/.exec(text.slice(0, 20_000))?.[1];
  if (version !== undefined && (Number(version) < 2 || Number(version) > 13)) {
    throw refusals.statement_message_kind({ message: `camt.053.001.${version}`, kind_zh: '版本不认识', kind_en: 'of a version that is not known here', wanted: 'camt.053.001.02 – .13' });
  }
  return { message, format: 'camt.053' };
}

interface Balance { code: string; amount: Money; on: BusinessDate | null }

function balancesOf(statement: Node, where: string): Balance[] {
  return all(statement, 'Bal').map((node) => {
    const amount = amountOf(node, where);
    const side = textAt(node, 'CdtDbtInd');
    if (side !== 'CRDT' && side !== 'DBIT') throw wrong(where, 'Bal/CdtDbtInd', side);
    return { code: textAt(node, 'Tp', 'CdOrPrtry', 'Cd'), amount: side === 'DBIT' ? negated(amount) : amount, on: dayAt(first(node, 'Dt'), where) };
  });
}

/** Two balances of one kind that differ leave nobody to believe. */
function single(found: readonly Balance[], where: string, code: string): Balance | undefined {
  if (found.some(({ amount }) => !amount.equals(found[0]!.amount))) throw refusals.statement_message_twice({ where_zh: where, where_en: where, element: `Bal ${code}` });
  return found[0];
}

function openingAndClosing(statement: Node, where: string): { opening: Balance; closing: Balance } {
  const balances = balancesOf(statement, where);
  const of = (code: string): Balance[] => balances.filter((balance) => balance.code === code);
  const between = of('ITBD');
  const booked = single(of('OPBD'), where, 'OPBD');
  // With several days in one statement the previous closing balance is the one before the first of them.
  const before = of('PRCD').toSorted((a, b) => ((a.on ?? '') < (b.on ?? '') ? -1 : 1))[0];
  if (booked !== undefined && before !== undefined && !booked.amount.equals(before.amount)) {
    throw refusals.statement_pages_apart({ previous: 'PRCD', next: 'OPBD', closing: moneyFigures(before.amount), opening: moneyFigures(booked.amount), difference: moneyFigures(minus(booked.amount, before.amount)) });
  }
  const end = single(of('CLBD'), where, 'CLBD');
  // A page in the middle begins and ends with interim balances.
  const opening = booked ?? before ?? between[0];
  const closing = end ?? (between.length > (booked ?? before ? 0 : 1) ? between.at(-1) : undefined);
  if (opening === undefined) throw lacks(where, 'Bal OPBD');
  if (closing === undefined) throw lacks(where, 'Bal CLBD');
  return { opening, closing };
}

function span(statement: Node, closing: Balance, where: string): { from: BusinessDate | null; to: BusinessDate | null } {
  const period = first(statement, 'FrToDt');
  const start = textAt(period, 'FrDtTm');
  const end = textAt(period, 'ToDtTm');
  const from = start === '' ? null : momentDay(start, where, 'FrToDt/FrDtTm');
  let to = end === '' ? closing.on : momentDay(end, where, 'FrToDt/ToDtTm');
  // "Until 00:00 of the next day" means the day that ended.
  if (to !== null && from !== null && to > from && /T00:00:00/.test(end) && closing.on === addDays(to, -1)) to = closing.on;
  return { from, to };
}

type Totals = Pick<Part, 'in_count' | 'in_total' | 'out_count' | 'out_total'>;

function counted(summary: Node | undefined, kind: string, where: string): { count: number | null; total: Money | null } {
  const number = textAt(summary, kind, 'NbOfNtries');
  const text = textAt(summary, kind, 'Sum');
  if (!/^\d{0,15}$/.test(number)) throw wrong(where, `${kind}/NbOfNtries`, number);
  const total = text === '' ? null : decimalMoney(text);
  if (text !== '' && total === null) throw wrong(where, `${kind}/Sum`, text);
  return { count: number === '' ? null : Number(number), total };
}

const size = (line: { amount: string }): Money => money(line.amount.replace('-', ''));

/** Totals as printed (chain.ts compares them). Where pending entries stand beside the booked ones the totals may count those
 *  too; then they are compared here. */
function totalsOf(statement: Node, entries: readonly CamtEntry[], where: string): { totals: Totals; check(): void } {
  const summary = first(statement, 'TxsSummry');
  const ins = counted(summary, 'TtlCdtNtries', where);
  const outs = counted(summary, 'TtlDbtNtries', where);
  const both = counted(summary, 'TtlNtries', where);
  const fits = ({ count, total }: { count: number | null; total: Money | null }, lines: readonly { amount: string }[]): boolean =>
    (count === null || count === lines.length) && (total === null || total.equals(sum(lines.map(size))));
  const fitAll = (some: readonly CamtEntry[]): boolean => {
    const lines = some.map(({ line }) => line);
    return fits(ins, lines.filter(({ amount }) => !amount.startsWith('-'))) && fits(outs, lines.filter(({ amount }) => amount.startsWith('-'))) && fits(both, lines);
  };
  const booked = entries.filter((entry) => entry.booked);
  if (booked.length < entries.length && fitAll(entries)) {
    return { totals: { in_count: null, in_total: null, out_count: null, out_total: null }, check: () => undefined };
  }
  const lines = booked.map(({ line }) => line);
  const check = (): void => {
    if (fits(both, lines)) return;
    const found = `${both.count ?? ''} ${both.total === null ? '' : moneyFigures(both.total)}`.trim();
    const added = `${lines.length} ${moneyFigures(sum(lines.map(size)))}`;
    throw refusals.statement_message_wrong({
      where_zh: `${where}（逐笔加起来是 ${added}）`, where_en: `${where} (the entries add up to ${added})`, element: 'TxsSummry/TtlNtries', text: found, format: 'camt.053',
    });
  };
  const moves = lines.every(({ amount }) => amount !== '0.00');
  return { totals: { in_count: moves ? ins.count : null, in_total: ins.total, out_count: moves ? outs.count : null, out_total: outs.total }, check };
}

function partOf(statement: Node, number: number, before: number, message: Message): { part: Part; check(): void } {
  const where = `Stmt ${number}`;
  const account = first(statement, 'Acct');
  const account_number = (textAt(account, 'Id', 'IBAN') || textAt(account, 'Id', 'Othr', 'Id')).replaceAll(' ', '');
  if (account_number === '') throw lacks(where, 'Acct/Id');
  const currency = textAt(account, 'Ccy');
  if (currency !== '' && !yuan.has(currency)) throw wrong(where, 'Acct/Ccy', currency);
  const { opening, closing } = openingAndClosing(statement, where);
  const entries = all(statement, 'Ntry').map((entry, at) => camtEntry(message.entry(entry), before + at + 1, account_number));
  const lines = entries.filter(({ booked }) => booked).map(({ line }) => line);
  const { from, to } = span(statement, closing, where);
  const { totals, check } = totalsOf(statement, entries, where);
  const part: Part = {
    label: textAt(statement, 'ElctrncSeqNb') || textAt(statement, 'LglSeqNb') || String(number),
    account_number,
    account_name: textAt(account, 'Nm') || textAt(account, 'Ownr', 'Nm') || textAt(account, 'Ownr', 'Pty', 'Nm') || null,
    // Without a period of its own a statement goes from its first line on; without lines it speaks of the day of its balance.
    from: from ?? (lines.length === 0 ? to : null),
    to, opening: opening.amount, closing: closing.amount, lines, ...totals,
    days_stated: entries.every((entry) => entry.day_stated),
  };
  return { part, check };
}

/** A camt.053 message. Refusals: statement_file_unsafe, statement_file_damaged, statement_file_kind, statement_message_kind,
 *  statement_message_wrong, statement_message_lacks, statement_message_twice, and those of joined(). */
export function camtStatement(text: string): RawStatement {
  const file = opened(text);
  const { message, format } = messageOf(file.tree, text);
  const statements = all(message, 'Stmt');
  if (statements.length === 0) throw lacks('BkToCstmrStmt', 'Stmt');
  let before = 0;
  const parts = statements.map((statement, at) => {
    const part = partOf(statement, at + 1, before, file);
    before += all(statement, 'Ntry').length;
    return part;
  });
  const statement = joined(parts.map(({ part }) => part), format);
  // Balances first: they may name the line.
  for (const { check } of parts) check();
  return statement;
}
