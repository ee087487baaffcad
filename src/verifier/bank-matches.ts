// Matches (勾对): lines of the bank and entries of the books that are the same money. Both sides come to the same sum, and
// neither a line nor an entry stands in two matches at once; a debit answers only what was signed before it left. An entry
// made from a line is its match from the beginning; books that begin on the first statement's first day carry its opening
// balance as entries of that day, which no line answers; a match ends when somebody ends it, or when one of its entries is
// reversed.
import type { BankChain, BankLine } from './bank-chain.ts';
import { chainOf } from './bank-statements.ts';
import type { Books, Entry, Match, Moment } from './books.ts';
import { judgeSignedBy } from './carrying-out.ts';
import { fenOf } from './fen.ts';
import { bodiesIn, listIn, Misshapen, textIn, type Body } from './fields.ts';

export const lineKey = (account: string, position: number): string => `${account} ${position}`;

/** What an entry does on an account. */
export const movedOn = ({ lines }: Entry, account: string): number =>
  lines.reduce((sum, line) => sum + (line.account === account ? line.debit - line.credit : 0), 0);

/** The standing match of an entry on a bank account. */
const matchOf = ({ entry_matches }: Books, account: string, seq: number): Match | undefined =>
  entry_matches.get(seq)?.find((one) => one.account === account);

export function addMatch(books: Books, match: Match): void {
  books.matches.push(match);
  for (const position of match.lines) books.line_matches.set(lineKey(match.account, position), match);
  for (const seq of match.entries) books.entry_matches.set(seq, [...books.entry_matches.get(seq) ?? [], match]);
}

export function endMatch(books: Books, match: Match, seq: number): void {
  match.ended_seq = seq;
  for (const position of match.lines) books.line_matches.delete(lineKey(match.account, position));
  for (const entry of match.entries) {
    const left = (books.entry_matches.get(entry) ?? []).filter((one) => one !== match);
    if (left.length > 0) books.entry_matches.set(entry, left);
    else books.entry_matches.delete(entry);
  }
}

type Fault = readonly [zh: string, en: string];
const faults = {
  line_unknown: ['银行没有这一行', 'the bank has no such line'],
  line_taken: ['这一行银行流水已经勾对过', 'the line is matched already'],
  entry_unknown: ['账里没有这张凭证，或它不动这个账户', 'there is no such entry on this account'],
  entry_taken: ['这张凭证已经勾对过', 'the entry is matched already'],
  opened_twice: ['期初已经对过', 'the opening is matched already'],
  empty: ['只有一项', 'it is of one item only'],
  unsigned: ['付出的这笔钱没有签齐的付款单，不能与收入互相抵消', 'nobody had signed for the debit, so nothing cancels it'],
  sums_differ: ['两边金额不等', 'the two sides differ'],
  not_standing: ['结束的不是一个还在的勾对', 'what ended was no standing match'],
} as const satisfies Record<string, Fault>;

const numbersIn = (body: Body, name: string): number[] => listIn(body, name).map((one) => {
  if (typeof one !== 'number' || !Number.isSafeInteger(one)) throw new Misshapen(name);
  return one;
});

type Asked = Pick<Match, 'account' | 'lines' | 'entries'>;

/** null: it is right. elsewhere: older files know what it names. */
function faultOf(books: Books, chain: BankChain, { account, lines, entries }: Asked): keyof typeof faults | 'elsewhere' | null {
  let sum = 0n;
  let elsewhere = false;
  for (const position of lines) {
    const line = chain.lines.get(position);
    if (books.line_matches.has(lineKey(account, position))) return 'line_taken';
    if (line !== undefined) sum += BigInt(line.amount);
    else if (position > 0 && position <= chain.low) elsewhere = true;
    else return 'line_unknown';
  }
  for (const seq of entries) {
    const entry = books.entries.get(seq);
    if (matchOf(books, account, seq) !== undefined) return 'entry_taken';
    if (entry === undefined && !books.complete) elsewhere = true;
    else if (entry === undefined || movedOn(entry, account) === 0) return 'entry_unknown';
    else sum -= BigInt(movedOn(entry, account));
  }
  if (new Set(lines).size < lines.length || new Set(entries).size < entries.length) return 'line_taken';
  if (lines.length + entries.length < 2) return 'empty';
  return elsewhere ? 'elsewhere' : sum === 0n ? null : 'sums_differ';
}

/** Money that left answers no entry whose order was signed later, and cancels against nothing where no order of its sum was
 *  signed by then: whoever keeps the account could lend from it. Files that begin later may not know the order. */
function judgeSigned(books: Books, chain: BankChain, { account, lines, entries }: Asked): void {
  const out = lines.map((position) => chain.lines.get(position)).filter((line) => line !== undefined && line.amount < 0) as BankLine[];
  if (out.length === 0) return;
  const [first] = out.map((line) => line.booked_on).sort();
  for (const seq of entries) {
    const { proposal = null, reverses = null } = books.entries.get(seq) ?? {};
    if (proposal !== null && reverses === null) judgeSignedBy(books, proposal, first!);
  }
  if (entries.length === 0 && books.complete && !out.every((line) => isSigned(books, line))) accuse(books, account, 'unsigned');
}

function isSigned({ proposals }: Books, { amount, booked_on }: BankLine): boolean {
  for (const { kind, state, amount: ordered, approved_on } of proposals.values()) {
    if ((kind === 'payment' || kind === 'refund') && (state === 'approved' || state === 'executed') && ordered === BigInt(-amount)
      && approved_on !== null && approved_on <= booked_on) return true;
  }
  return false;
}

function accuse(books: Books, account: string, fault: keyof typeof faults): void {
  const [why, why_en] = faults[fault];
  books.accuse('match_differs', { account, why, why_en });
}

export function linesMatched(books: Books, { body, seq }: Moment): void {
  const account = textIn(body, 'account');
  const chain = chainOf(books, account);
  for (const one of bodiesIn(body, 'matches')) {
    const [lines, entries] = [numbersIn(one, 'lines'), numbersIn(one, 'entries')];
    const fault = faultOf(books, chain, { account, lines, entries });
    // It moves no money; whoever has the earlier files, or an audit package, has it judged.
    if (fault !== null && fault !== 'elsewhere') accuse(books, account, fault);
    else judgeSigned(books, chain, { account, lines, entries });
    addMatch(books, { account, lines, entries, way: lines.length === 0 || entries.length === 0 ? 'offset' : 'linked', seq, ended_seq: null, checked: fault === null });
  }
}

/** Entries of the first statement's first day that, with those before, come to its opening. */
export function openingMatched(books: Books, { body, seq }: Moment): void {
  const account = textIn(body, 'account');
  const entries = [...new Set(numbersIn(body, 'entries'))].sort((a, b) => a - b);
  const fault = books.complete ? openingFault(books, { account, entries, opening: fenOf(body['opening']) }) : null;
  if (fault !== null) accuse(books, account, fault);
  addMatch(books, { account, lines: [], entries, way: 'opening', seq, ended_seq: null, checked: books.complete && fault === null });
}

function openingFault(books: Books, { account, entries, opening }: { account: string; entries: readonly number[]; opening: bigint }): keyof typeof faults | null {
  const [first] = chainOf(books, account).statements;
  const named = entries.map((seq) => books.entries.get(seq));
  if (first === undefined || entries.length === 0 || named.some((entry) => entry?.date !== first.from)) return 'entry_unknown';
  if (entries.some((seq) => matchOf(books, account, seq) !== undefined)) return 'entry_taken';
  if (books.matches.some((one) => one.account === account && one.way === 'opening' && one.ended_seq === null)) return 'opened_twice';
  let sum = 0n;
  for (const entry of books.entries.values()) if (entry.date < first.from || entries.includes(entry.seq)) sum += BigInt(movedOn(entry, account));
  return sum === opening && opening === first.opening ? null : 'sums_differ';
}

export function matchEnded(books: Books, { body, seq }: Moment): void {
  const account = textIn(body, 'account');
  const [lines, entries] = [numbersIn(body, 'lines'), numbersIn(body, 'entries')];
  const match = lines.length > 0 ? books.line_matches.get(lineKey(account, lines[0]!)) : matchOf(books, account, entries[0] ?? 0);
  // Made before these records begin, it is in an older file.
  if (match === undefined && !books.complete) return;
  const same = match !== undefined && match.way !== 'booked' && JSON.stringify([match.lines, match.entries]) === JSON.stringify([lines, entries]);
  if (!same) accuse(books, account, 'not_standing');
  if (match !== undefined) endMatch(books, match, seq);
}
