// The reconciliation statement (银行存款余额调节表): the bank's balance and the books' at the end of a month, and line by line
// what stands between them. Drawn in one repeatable-read transaction from reports/reconciliation/figures.sql.
//   by the bank + received by the books, not yet by the bank − paid by the books, not yet by the bank
//   = by the books + received by the bank, not yet in the books − paid by the bank, not yet in the books
// An item counts as of the day; what is matched with what is as of now. Proved each time, in two ways: from what is open, and
// from what is answered. Matches agree to the fen (match_bank_lines, post_entries), so that nothing can remain but what set
// both apart before the first statement; that is printed as what it is. A proof that fails is our bug, an assertion.
import assert from 'node:assert/strict';
import type { Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { isoInstant, type Period } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { minus, money, moneyText, negated, sum, type Money } from '../kernel/money.ts';
import { sqlFile } from '../kernel/sql-file.ts';
import { estateNow } from '../evidence/records.ts';
import { officeWord } from '../approval/texts.ts';
import { formatName } from '../bank/statement-texts.ts';
import type {
  BankItem, BookItem, Named, ReconciliationFigures, StatementFile, SuspenseItem,
} from '../../reports/reconciliation/figures.ts';
import { refusals } from './statement-refusals.ts';

interface Parameters { estate_id: number; account: string; period: string }
const run = sqlFile<Parameters>(new URL('../../reports/reconciliation/figures.sql', import.meta.url), ['estate_id', 'account', 'period']);

export interface Asked {
  account: string;
  period: Period;
  /** What the bank says of its lines is for officers only. */
  in_full: boolean;
}

interface HeadFound extends Named {
  code: string; trustee: string; committee: string; account: string; bank_account_zh: string; bank_account_en: string; bank_name: string;
  account_last4: string; closed_on: string | null; size: number; last_day: string; as_of: string | null;
  basis: ReconciliationFigures['basis']; covered_from: string | null; covered_to: string | null; bank_balance: string | null;
  book_balance: string; closed_at: Date | null;
}
interface FileFound {
  seq: number; period_from: string; period_to: string; format: string; lines: number; repeated: number; imported_at: Date;
  body: string | null; office: string | null; name_zh: string | null; name_en: string | null;
}
interface TextFound { position: number; counterparty_name: string; memo: string; purpose: string }
interface ProofFound { adjusted_bank: string; adjusted_books: string; difference: string; difference_again: string; lines_off: number; matches_off: number }

const add = (amounts: Iterable<string>): Money => sum([...amounts].map(money));
const of = (items: readonly { amount: string }[], way: 'in' | 'out'): Money =>
  add(items.map(({ amount }) => amount).filter((amount) => amount.startsWith('-') === (way === 'out')));

const officeAt = ({ name_zh, name_en }: Named, office: string): Named =>
  ({ name_zh: `${name_zh} · ${officeWord(office, 'zh')}`, name_en: `${name_en} · ${officeWord(office, 'en')}` });

function fileOf({ seq, period_from: from, period_to: to, format, lines, repeated, imported_at, body, office, name_zh, name_en }: FileFound): StatementFile {
  const by = body === null || office === null ? null : { body, ...officeAt({ name_zh: name_zh!, name_en: name_en! }, office) };
  const name = formatName(format);
  return { seq, from, to, format, format_name: { name_zh: name.zh, name_en: name.en }, lines, repeated, imported_at: isoInstant(imported_at), by };
}

/** Bodies that handed in the day themselves, after another body had: two said the same, line by line. */
function confirming(files: readonly FileFound[], as_of: string | null): ReconciliationFigures['confirmed_by'] {
  const covering = files.filter((file) => as_of !== null && file.body !== null && file.period_from <= as_of && as_of <= file.period_to);
  const first = covering[0]?.body;
  const seen = new Map<string, Named & { body: string }>();
  for (const { body, name_zh, name_en } of covering) if (body !== first) seen.set(body!, { body: body!, name_zh: name_zh!, name_en: name_en! });
  return [...seen.values()];
}

function textsOf(found: readonly TextFound[]): ReadonlyMap<number, string> {
  return new Map(found.map(({ position, ...words }) =>
    [position, [...new Set([words.counterparty_name, words.memo, words.purpose])].filter((word) => word !== '').join(' · ')]));
}

function prove(figures: ReconciliationFigures, proof: ProofFound | undefined): void {
  assert(proof !== undefined, 'a day that statements cover has a proof');
  const { adjusted_bank, adjusted_books, remaining } = figures;
  assert.deepEqual([proof.adjusted_bank, proof.adjusted_books, proof.difference], [adjusted_bank, adjusted_books, remaining], 'drawn and added up');
  assert.equal(proof.difference_again, proof.difference, 'the same from what is answered');
  assert.deepEqual([proof.lines_off, proof.matches_off], [0, 0], 'lines run on, matches agree');
}

/** One account's month as bank and books stand now. Refusals: reconciliation_account_unknown, reconciliation_month_outside. */
export async function drawStatement(trx: Trx, estate: Estate, { account, period, in_full }: Asked): Promise<ReconciliationFigures> {
  const parameters: Parameters = { estate_id: estate.estate_id, account, period };
  const [head] = await run<HeadFound>(trx, 'head', parameters);
  if (head === undefined) throw refusals.reconciliation_account_unknown({ account });
  const line_by_line = head.basis === 'statement';
  const read = async <R>(name: string): Promise<R[]> => (line_by_line ? run<R>(trx, name, parameters) : []);
  const bank_items = await read<Omit<BankItem, 'text'>>('bank_items');
  const book_items = await read<BookItem>('book_items');
  const suspense = await read<Omit<SuspenseItem, 'text'>>('suspense');
  const words = in_full ? textsOf(await read<TextFound>('line_texts')) : null;
  const files = await run<FileFound>(trx, 'statements', parameters);
  const signers = await run<Named & { body: string; office: string; method: string; signed_at: Date }>(trx, 'close_signers', parameters);
  const [book_received, book_paid] = [of(book_items, 'in'), negated(of(book_items, 'out'))];
  const [bank_received, bank_paid] = [of(bank_items, 'in'), negated(of(bank_items, 'out'))];
  const bank = head.bank_balance === null ? null : money(head.bank_balance);
  const adjusted_bank = bank === null ? null : minus(sum([bank, book_received]), book_paid);
  const adjusted_books = minus(sum([money(head.book_balance), bank_received]), bank_paid);
  const texted = <R extends { position: number }>(rows: readonly R[]): (R & { text: string | null })[] =>
    rows.map((row) => ({ ...row, text: words === null ? null : words.get(row.position) ?? '' }));
  const text = (amount: Money | null): string | null => (amount === null ? null : moneyText(amount));
  const figures: ReconciliationFigures = {
    format: 'mingzhang/reconciliation/v1',
    estate: { code: head.code, name_zh: head.name_zh, name_en: head.name_en, trustee: head.trustee, committee: head.committee },
    bank_account: {
      account, name_zh: head.bank_account_zh, name_en: head.bank_account_en, bank_name: head.bank_name, account_last4: head.account_last4,
      closed_on: head.closed_on,
    },
    period, last_day: head.last_day, as_of: head.as_of, basis: head.basis, covered_from: head.covered_from, covered_to: head.covered_to,
    drawn_at: isoInstant(await estateNow(trx, estate.estate_id)), size: head.size,
    bank_balance: head.bank_balance, book_balance: head.book_balance, difference: text(bank === null ? null : minus(bank, money(head.book_balance))),
    book_items, bank_items: texted(bank_items),
    totals: {
      book_received: moneyText(book_received), book_paid: moneyText(book_paid), bank_received: moneyText(bank_received), bank_paid: moneyText(bank_paid),
    },
    adjusted_bank: text(adjusted_bank), adjusted_books: moneyText(adjusted_books),
    remaining: text(adjusted_bank === null ? null : minus(adjusted_bank, adjusted_books)),
    suspense: texted(suspense), statements: files.map(fileOf), confirmed_by: confirming(files, head.as_of),
    closed_at: head.closed_at === null ? null : isoInstant(head.closed_at),
    signers: signers.map(({ body, office, signed_at, ...named }) => ({ body, ...officeAt(named, office), signed_at: isoInstant(signed_at) })),
  };
  if (line_by_line) prove(figures, (await read<ProofFound>('proof'))[0]);
  return figures;
}

/** The same in a transaction of its own. */
export async function reconciliationStatement(house: House, estate: Estate, asked: Asked): Promise<ReconciliationFigures> {
  return inEstate(house.db.app, estate.estate_id, (trx) => drawStatement(trx, estate, asked), { isolation: 'repeatable read', readOnly: true });
}
