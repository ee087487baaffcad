// One printed entry beside its record: number, day, memo, lines, amounts, vouchers, who signed, what reverses it, what
// was asked about it, as all of that stood when the figures were drawn up.
import type { EntryRow, Signer } from '../../reports/monthly-disclosure/figures.ts';
import { businessDate, instant } from '../kernel/dates.ts';
import type { Books, Entry, Proposal } from './books.ts';
import { isMoney } from './accounts.ts';
import { numberText } from './entries.ts';
import { bodyNameOn } from './offices.ts';
import { yuan } from './fen.ts';
import type { Facts } from './findings.ts';
import { leftOf, stands } from './suspense.ts';

/** By day, then by record. */
export const printedOrder = (a: Entry, b: Entry): number => (a.date === b.date ? a.seq - b.seq : a.date < b.date ? -1 : 1);

/** Entries of a month that were there at a size of the log, in the order in which they are printed. */
export const monthOf = (books: Books, period: string, size: number): Entry[] =>
  (books.periods.get(period) ?? []).filter(({ seq }) => seq <= size).sort(printedOrder);

/** Change of the estate's money by an entry, of all funds or of one: what only moves between money accounts counts on
 *  neither side. */
export function moneyOf({ lines }: Entry, only?: string): { received: number; paid: number } {
  let debit = 0;
  let credit = 0;
  for (const line of lines) {
    if (!isMoney(line.account) || (only !== undefined && line.fund !== only)) continue;
    debit += line.debit;
    credit += line.credit;
  }
  const inside = debit === 0 || credit === 0 ? 0 : debit > 0 ? Math.min(debit, credit) : Math.max(debit, credit);
  return { received: debit - inside, paid: credit - inside };
}

const fields = {
  kind: ['类别', 'kind'], number: ['凭证号', 'number'], date: ['日期', 'date'], description: ['摘要', 'memo'], lines: ['分录', 'lines'],
  amounts: ['金额', 'amounts'], vouchers: ['附件数', 'vouchers'], signers: ['签批', 'signers'], reversal: ['冲销', 'reversal'],
  inquiries: ['质询', 'questions'], emergency: ['应急', 'emergency'], unexplained: ['待核实', 'unexplained'], settles: ['清理待核实', 'what it settles'],
  mandate: ['授权扣费', 'mandate'],
} as const;

interface Pair { row: EntryRow; entry: Entry; size: number }
/** What a row says of the bank, where it says anything. */
type BankTold = EntryRow & { unexplained?: { side: string; left: string }; settles?: { number: string; after_the_fact: boolean }; mandate?: number };

/** What of a printed entry is not as its record has it; null when all is. */
export function differingField(books: Books, pair: Pair): Facts | null {
  const checks: Record<keyof typeof fields, boolean> = {
    kind: pair.row.kind === pair.entry.kind,
    number: pair.row.number === numberText(pair.entry),
    date: pair.row.date === pair.entry.date,
    description: pair.row.description === pair.entry.description,
    lines: sameLines(pair),
    amounts: sameAmounts(pair),
    vouchers: pair.row.vouchers === pair.entry.vouchers,
    signers: sameSigners(books, pair),
    reversal: sameReversal(books, pair),
    inquiries: sameInquiries(books, pair),
    emergency: sameEmergency(pair),
    unexplained: sameUnexplained(books, pair),
    settles: sameSettles(books, pair),
    mandate: ((pair.row as BankTold).mandate ?? null) === pair.entry.mandate,
  };
  const name = (Object.keys(checks) as (keyof typeof fields)[]).find((one) => !checks[one]);
  return name === undefined ? null : { field: fields[name][0], field_en: fields[name][1] };
}

function sameAmounts({ row, entry }: Pair): boolean {
  const { received, paid } = moneyOf(entry);
  return row.received === yuan(received) && row.paid === yuan(paid);
}

/** The lines against the money; of a transfer, and where there is nothing but money, all. */
function sameLines({ row, entry: { kind, lines } }: Pair): boolean {
  const all = kind === 'transfer' || (kind === 'payment' && lines.every((line) => isMoney(line.account)));
  const shown = all ? lines : lines.filter((line) => !isMoney(line.account));
  return row.lines.length === shown.length && shown.every((line, i) => {
    const printed = row.lines[i]!;
    return printed.account === line.account && printed.fund === line.fund && printed.debit === yuan(line.debit) && printed.credit === yuan(line.credit);
  });
}

/** Milliseconds of a moment that the log tells to the microsecond; drivers cut or round the rest. */
export const sameMoment = (printed: string, at: string): boolean => Math.abs(instant(printed).getTime() - instant(at).getTime()) <= 1;

export function sameSignatures(books: Books, printed: readonly Signer[], { signatures }: Proposal, size: number, decisions: readonly string[]): boolean {
  const given = signatures.filter(({ seq, decision }) => seq <= size && decisions.includes(decision)).sort((a, b) => a.seq - b.seq);
  return printed.length === given.length && given.every((signed, i) => {
    const signer = printed[i]!;
    const name = bodyNameOn(books, signed.body, businessDate(instant(signed.at)), size);
    return signer.body === signed.body && signer.office === signed.office && signer.method === signed.method && signer.weak === (signed.method !== 'passkey')
      && sameMoment(signer.signed_at, signed.at) && (name === undefined || signer.name_zh.startsWith(`${name} · `));
  });
}

function sameSigners(books: Books, { row, entry, size }: Pair): boolean {
  if (entry.proposal === null) return row.signers.length === 0;
  return sameSignatures(books, row.signers, entry.proposal, size, ['approve', 'ratify']);
}

const titleOf = (entry: Entry): string => `${entry.period} ${numberText(entry)}`;

function sameReversal(books: Books, { row, entry, size }: Pair): boolean {
  const target = entry.reverses === null ? null : books.entries.get(entry.reverses);
  // An entry of an older file is named by a number that this one cannot look up.
  const reverses = target === undefined ? row.reverses !== null : row.reverses === (target === null ? null : titleOf(target));
  const by = entry.reversed_by === null || entry.reversed_by > size ? null : books.entries.get(entry.reversed_by)!;
  return reverses && row.reversed_by === (by === null ? null : titleOf(by));
}

function sameInquiries(books: Books, { row: { inquiries }, entry, size }: Pair): boolean {
  const asked = (books.asked_about.get(entry.seq) ?? []).filter(({ seq }) => seq <= size);
  const open = asked.filter(({ answered_seq }) => answered_seq === null || answered_seq > size);
  return inquiries.asked === asked.length && inquiries.open === open.length;
}

function sameEmergency({ row: { emergency }, entry: { proposal }, size }: Pair): boolean {
  if (proposal?.class !== 'emergency') return emergency === undefined;
  const ratified = proposal.ratified_seq !== null && proposal.ratified_seq <= size;
  return emergency !== undefined && emergency.ratified === ratified && emergency.ratify_by === proposal.ratify_by;
}

/** What nobody has explained yet when the figures were drawn. */
function sameUnexplained({ suspense }: Books, { row, entry, size }: Pair): boolean {
  const { unexplained } = row as BankTold;
  const held = suspense.get(entry.seq);
  if (held === undefined || unexplained === undefined) return held === undefined ? unexplained === undefined : !stands(entry, size);
  return unexplained.side === held.side && (!stands(entry, size) || unexplained.left === yuan(leftOf(held, size)));
}

/** Which suspense entry it settles; by an order signed after the fact, it says so. */
function sameSettles({ entries }: Books, { row, entry }: Pair): boolean {
  const { settles } = row as BankTold;
  const target = entry.settles === null ? undefined : entries.get(entry.settles);
  if (entry.settles === null || settles === undefined) return entry.settles === null && settles === undefined;
  return (target === undefined || settles.number === titleOf(target)) && settles.after_the_fact === (entry.ordered !== null);
}
