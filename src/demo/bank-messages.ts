// Statements as the messages of the standards, written from the same list of lines as the banks' tables (bank-files.ts):
// ISO 20022 camt.053 in the versions .02 to .13 and SWIFT MT940, for samples and for tests that read them back.
import { minus, money, moneyText, negated, sum, type Money } from '../kernel/money.ts';
import type { PrintedLine, Printout } from './bank-files.ts';

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const element = (name: string, ...inside: readonly string[]): string => (inside.join('') === '' ? '' : `<${name}>${inside.join('')}</${name}>`);
const text = (name: string, value: string): string => element(name, escaped(value));
const side = (amount: Money): string => (amount.isNegative() ? 'DBIT' : 'CRDT');
const size = (amount: Money): string => moneyText(amount.isNegative() ? negated(amount) : amount);
const priced = (amount: Money): string => `<Amt Ccy="CNY">${size(amount)}</Amt><CdtDbtInd>${side(amount)}</CdtDbtInd>`;

/** Remittance information comes in pieces of 140 characters. */
const pieces = (value: string, length: number): string[] => {
  const characters = [...value];
  const found: string[] = [];
  for (let at = 0; at < characters.length; at += length) found.push(characters.slice(at, at + length).join(''));
  return found;
};

function transaction(line: PrintedLine, version: number): string {
  const amount = money(line.amount);
  // Whose the other side is does not turn with a red-letter line.
  const role = amount.isNegative() === (line.red === true) ? 'Dbtr' : 'Cdtr';
  const name = text('Nm', line.counterparty_name);
  const party = element(role, version >= 8 ? element('Pty', name) : name);
  const account = element(`${role}Acct`, element('Id', element('Othr', text('Id', line.counterparty_account))));
  return element('NtryDtls', element(
    'TxDtls', element('Refs', text('AcctSvcrRef', line.serial)), version > 2 ? priced(amount) : '',
    element('RltdPties', party, account), element('RltdAgts', element(`${role}Agt`, element('FinInstnId', text('Nm', line.counterparty_bank)))),
    element('RmtInf', ...pieces(line.purpose, 140).map((piece) => text('Ustrd', piece))),
  ));
}

function entry(line: PrintedLine, number: number, version: number): string {
  const moment = line.booked_time === '' ? text('Dt', line.booked_on) : text('DtTm', `${line.booked_on}T${line.booked_time}+08:00`);
  return element(
    'Ntry', text('NtryRef', String(number)), priced(money(line.amount)), line.red === true ? '<RvslInd>true</RvslInd>' : '',
    element('Sts', version >= 8 ? text('Cd', 'BOOK') : 'BOOK'), element('BookgDt', moment), element('ValDt', text('Dt', line.booked_on)),
    text('AcctSvcrRef', line.serial), element('BkTxCd', element('Prtry', text('Cd', 'TRF'))), transaction(line, version), text('AddtlNtryInf', line.memo),
  );
}

const balance = (code: string, amount: Money, on: string): string =>
  element('Bal', element('Tp', element('CdOrPrtry', text('Cd', code))), priced(amount), element('Dt', text('Dt', on)));

function totals(lines: readonly PrintedLine[]): string {
  const amounts = lines.map((line) => money(line.amount));
  const total = (name: string, some: readonly Money[]): string =>
    element(name, text('NbOfNtries', String(some.length)), text('Sum', moneyText(sum(some.map((amount) => (amount.isNegative() ? negated(amount) : amount))))));
  return element('TxsSummry', total('TtlNtries', amounts), total('TtlCdtNtries', amounts.filter((amount) => !amount.isNegative())), total('TtlDbtNtries', amounts.filter((amount) => amount.isNegative())));
}

const closingOf = (print: Printout): Money => sum([money(print.opening), ...print.lines.map(({ amount }) => money(amount))]);

/** A camt.053 message with one statement, in UTF-8. */
export function camtFile(print: Printout, version: number): Uint8Array {
  const number = String(version).padStart(2, '0');
  const statement = element(
    'Stmt', text('Id', `STMT-${print.to.replaceAll('-', '')}`), text('ElctrncSeqNb', '1'), text('CreDtTm', `${print.to}T23:59:59+08:00`),
    element('FrToDt', text('FrDtTm', `${print.from}T00:00:00+08:00`), text('ToDtTm', `${print.to}T23:59:59+08:00`)),
    element('Acct', element('Id', element('Othr', text('Id', print.account_number))), text('Ccy', 'CNY'), text('Nm', print.account_name)),
    balance('OPBD', money(print.opening), print.from), balance('CLBD', closingOf(print), print.to), totals(print.lines),
    ...print.lines.map((line, at) => entry(line, at + 1, version)),
  );
  const document = `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.${number}"><BkToCstmrStmt>${
  element('GrpHdr', text('MsgId', `MSG-${print.to.replaceAll('-', '')}`), text('CreDtTm', `${print.to}T23:59:59+08:00`))}${statement}</BkToCstmrStmt></Document>
`;
  return new TextEncoder().encode(document.replace(/<(Stmt|Ntry|Bal|Acct|TxsSummry|\/Stmt)>/g, '\n<$1>'));
}

const comma = (amount: Money): string => size(amount).replace('.', ',');
const shortDay = (date: string): string => date.replaceAll('-', '').slice(2);
/** SWIFT's fields end at a line break, and a question mark begins the next part of :86:. */
const plain = (value: string): string => value.replaceAll(/[?\r\n]/g, ' ');

function details(line: PrintedLine): string {
  const numbered = (from: number, length: number, value: string): string[] => pieces(plain(value), length).map((piece, at) => `?${from + at}${piece}`);
  const parts = [
    `166?00${plain(line.memo)}`, ...numbered(20, 27, line.purpose).slice(0, 10), ...numbered(30, 60, line.counterparty_bank).slice(0, 1),
    ...numbered(31, 34, line.counterparty_account).slice(0, 1), ...numbered(32, 27, line.counterparty_name).slice(0, 2),
  ];
  return parts.join('\r\n');
}

function line61(line: PrintedLine): string {
  const amount = money(line.amount);
  const mark = amount.isNegative() ? (line.red === true ? 'RC' : 'D') : line.red === true ? 'RD' : 'C';
  const day = shortDay(line.booked_on);
  return `:61:${day}${day.slice(2)}${mark}${comma(amount)}NTRFNONREF${line.serial === '' ? '' : `//${line.serial}`}\r\n:86:${details(line)}`;
}

/** An MT940 message in UTF-8, in pages of `page` lines. */
export function mt940File(print: Printout, page = 40): Uint8Array {
  const pages: string[] = [];
  let before = money(print.opening);
  const count = Math.max(1, Math.ceil(print.lines.length / page));
  const figure = (amount: Money, on: string): string => `${amount.isNegative() ? 'D' : 'C'}${shortDay(on)}CNY${comma(amount)}`;
  for (let at = 0; at < count; at += 1) {
    const lines = print.lines.slice(at * page, (at + 1) * page);
    const after = sum([before, ...lines.map(({ amount }) => money(amount))]);
    const [first, last] = [at === 0, at === count - 1];
    pages.push([
      '{1:F01SAMPCNBJAXXX0000000000}{2:O9400000000000SAMPCNBJAXXX00000000000000000000N}{4:',
      `:20:STMT${shortDay(print.to)}`, `:25:${print.account_number}`, `:28C:1/${at + 1}`,
      `:60${first ? 'F' : 'M'}:${figure(before, first ? print.from : lines[0]!.booked_on)}`, ...lines.map(line61),
      `:62${last ? 'F' : 'M'}:${figure(after, last ? print.to : lines.at(-1)!.booked_on)}`, '-}',
    ].join('\r\n'));
    before = after;
  }
  if (!minus(before, closingOf(print)).isZero()) throw new RangeError('the pages do not add up');
  return new TextEncoder().encode(`${pages.join('\r\n')}\r\n`);
}
