// Assembling the monthly disclosure (收支公示): every figure of one estate's month, drawn in one
// repeatable-read transaction from reports/monthly-disclosure/figures.sql and proved before anybody
// sees it. Proofs, all to the fen: opening + received − paid = closing; the same from the entries one
// by one, from the funds, and from income, expense and other movements; every account's turnover
// against its postings; every entry once. A proof that fails is our bug, so it is an assertion.
import assert from 'node:assert/strict';
import { addMonths, businessDate, firstDay, instant, isoInstant, lastDay, periodOf, shanghaiInstant } from '../kernel/dates.ts';
import type { Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import type { Bilingual } from '../kernel/locale.ts';
import { type Money, minus, money, moneyText, negated, sum, zero } from '../kernel/money.ts';
import { estateNow } from '../evidence/records.ts';
import type {
  BankRow, BankStatementRow, DisclosureFigures, EntryLine, EntryRow, FundRow, HeadingRow, Named, OtherRow, Signer, UnexplainedRow,
} from '../../reports/monthly-disclosure/figures.ts';
import { noticesOf, type BankRead, type NoticeFacts, type WaitingProposal } from './notices.ts';
import { readBeside } from './beside.ts';
import { readFees } from './fees.ts';
import { runStatement, type Parameters } from './statements.ts';

const modes: Record<string, Bilingual> = {
  trust: { zh: '信托制', en: 'trust' },
  commission: { zh: '酬金制', en: 'commission' },
  self_managed: { zh: '居民自管', en: 'self-managed' },
};

// Beside the name of a body: "业主委员会 · 主任".
const offices: Record<string, Bilingual> = {
  manager: { zh: '项目经理', en: 'manager' },
  chair: { zh: '主任', en: 'chair' },
  member: { zh: '委员', en: 'member' },
  supervisor: { zh: '监事', en: 'supervisor' },
  official: { zh: '经办人', en: 'official' },
  deputy: { zh: '候补', en: 'deputy' },
};

type Due = Pick<Estate, 'disclosure_day' | 'created_at'>;

/** Day on which a month's disclosure is due: the estate's disclosure day of the next month. Months that had
 *  ended before the books were opened here are due with the opening month, so that there is time to enter them. */
export function dueOn(estate: Due, period: string): string {
  const opened = periodOf(businessDate(estate.created_at));
  return `${addMonths(period < opened ? opened : period, 1)}-${String(estate.disclosure_day).padStart(2, '0')}`;
}
/** It is due at 08:00 in Shanghai. */
export const dueAt = (estate: Due, period: string): Date =>
  shanghaiInstant(dueOn(estate, period), '08:00');

interface HeadFound {
  code: string; name_zh: string; name_en: string; households: number; area_m2: string; fee_rate: string | null;
  mode: string; trustee: string; committee: string; size: number; leaf_hash: string; closed_period: string;
  closed_at: Date | null;
}
interface LedgerFound extends Named {
  account: string; class: string; is_money: boolean; opening: string; debit: string; credit: string;
  year_debit: string; year_credit: string; year_lines: number;
}
interface EntryFound {
  seq: number; kind: EntryRow['kind']; number: string; date: string; description: string; amount: string;
  received: string; paid: string; balance: string; vouchers: number; reverses: string | null;
  reversed_by: string | null; asked: number; open: number; ratify_by: string | null; ratified: boolean;
  suspense_side: 'debit' | 'credit' | null; suspense_left: string | null; settles: string | null; ordered: boolean; mandate: number | null;
}
interface SignerFound extends Named {
  seq: number; body: string; office: string; method: string; signed_at: Date; decision: string; office_for: string | null;
}
type LineFound = EntryLine & { seq: number };

const add = (amounts: Iterable<string>): Money => sum([...amounts].map(money));

const officeOf = (office: string): Bilingual => offices[office] ?? { zh: office, en: office };

/** "业主委员会 · 候补（代主任）": a deputy is named beside whom they signed for, a ratification as what it is. */
function signerOf(found: Omit<SignerFound, 'seq'>): Signer {
  const { body, name_zh, name_en, office, method, signed_at, decision, office_for } = found;
  const place = officeOf(office);
  const instead = office_for === null ? null : officeOf(office_for);
  const zh = [...(instead === null ? [] : [`代${instead.zh}`]), ...(decision === 'ratify' ? ['补签'] : [])];
  const en = [...(instead === null ? [] : [`for the ${instead.en}`]), ...(decision === 'ratify' ? ['ratified'] : [])];
  return {
    body, office, name_zh: `${name_zh} · ${place.zh}${zh.length > 0 ? `（${zh.join('，')}）` : ''}`,
    name_en: `${name_en} · ${place.en}${en.length > 0 ? ` (${en.join(', ')})` : ''}`, method,
    signed_at: isoInstant(signed_at), weak: method !== 'passkey',
  };
}

function bySeq<R extends { seq: number }>(rows: readonly R[]): Map<number, R[]> {
  const found = new Map<number, R[]>();
  for (const row of rows) {
    const list = found.get(row.seq);
    if (list === undefined) found.set(row.seq, [row]);
    else list.push(row);
  }
  return found;
}

type BankFound = Omit<BankRow, 'statement' | 'closed_on'> & { account: string; closed_on: string | null; opened_on: string };
async function readBank(trx: Trx, parameters: Parameters): Promise<BankRead[]> {
  const standing = new Map((await runStatement<BankStatementRow & { account: string }>(trx, 'standing', parameters))
    .map(({ account, ...row }) => [account, row]));
  const [from, to] = [firstDay(parameters.period), lastDay(parameters.period)];
  return (await runStatement<BankFound>(trx, 'bank', parameters)).map(({ closed_on, opened_on, ...row }) => ({
    row: { ...row, statement: standing.get(row.account) ?? null, ...(closed_on === null ? {} : { closed_on }) },
    open: opened_on <= to && (closed_on === null || closed_on >= from),
  }));
}

async function readUnexplained(trx: Trx, parameters: Parameters): Promise<UnexplainedRow[]> {
  const settled = await runStatement<UnexplainedRow['settled'][number] & { settles: number }>(trx, 'settlements', parameters);
  return (await runStatement<Omit<UnexplainedRow, 'settled'>>(trx, 'unexplained', parameters)).map((row) => ({
    ...row, settled: settled.filter(({ settles }) => settles === row.seq).map(({ settles: _settles, ...one }) => one),
  }));
}

interface EntriesRead { entries: EntryRow[]; amounts: Map<number, string>; early: Set<number> }

async function readEntries(trx: Trx, parameters: Parameters): Promise<EntriesRead> {
  const found = await runStatement<EntryFound>(trx, 'entries', parameters);
  const lines = bySeq(await runStatement<LineFound>(trx, 'lines', parameters));
  const signers = bySeq(await runStatement<SignerFound>(trx, 'signers', parameters));
  const entries = found.map(({ amount: _amount, asked, open, ratify_by, ratified, suspense_side, suspense_left, settles, ordered, mandate, ...entry }): EntryRow => ({
    ...entry,
    ...(ratify_by === null ? {} : { emergency: { ratify_by, ratified } }),
    ...(suspense_side === null ? {} : { unexplained: { side: suspense_side, left: moneyText(money(suspense_left!)) } }),
    ...(settles === null ? {} : { settles: { number: settles, after_the_fact: ordered } }),
    ...(mandate === null ? {} : { mandate }),
    lines: (lines.get(entry.seq) ?? []).map(({ seq: _seq, ...line }) => line),
    signers: (signers.get(entry.seq) ?? []).map(signerOf),
    inquiries: { asked, open },
  }));
  const early = found.filter(({ seq, date }) => (signers.get(seq) ?? [])
    .some((signer) => signer.decision === 'approve' && businessDate(signer.signed_at) > date));
  return { entries, amounts: new Map(found.map((entry) => [entry.seq, entry.amount])), early: new Set(early.map(({ seq }) => seq)) };
}

function headings(ledgers: readonly LedgerFound[], kind: 'income' | 'expense'): {
  rows: HeadingRow[]; total: { month: string; year: string };
} {
  const turn = (debit: string, credit: string): Money =>
    (kind === 'income' ? minus(money(credit), money(debit)) : minus(money(debit), money(credit)));
  const found = ledgers.filter((ledger) => ledger.class === kind && ledger.year_lines > 0)
    .map((ledger) => ({ ledger, month: turn(ledger.debit, ledger.credit), year: turn(ledger.year_debit, ledger.year_credit) }));
  const month = sum(found.map((row) => row.month));
  return {
    rows: found.map((row) => ({
      account: row.ledger.account, name_zh: row.ledger.name_zh, name_en: row.ledger.name_en,
      month: moneyText(row.month), year: moneyText(row.year),
      share: month.isZero() ? null : row.month.times(100).dividedBy(month).toFixed(1),
    })),
    total: { month: moneyText(month), year: moneyText(sum(found.map((row) => row.year))) },
  };
}

/** What is neither money, income nor expense: a credit is money that came in for it, a debit went out.
 *  Of the owners' own fund only the net counts: a move between funds stays inside the account. */
function otherMovements(ledgers: readonly LedgerFound[]): OtherRow[] {
  return ledgers
    .filter((ledger) => !ledger.is_money && ledger.class !== 'income' && ledger.class !== 'expense')
    .map(({ account, name_zh, name_en, class: kind, credit, debit }) => {
      if (kind !== 'fund') return { account, name_zh, name_en, received: credit, paid: debit };
      const net = minus(money(credit), money(debit));
      const [received, paid] = net.isNegative() ? [zero, negated(net)] : [net, zero];
      return { account, name_zh, name_en, received: moneyText(received), paid: moneyText(paid) };
    })
    .filter((row) => !(money(row.received).isZero() && money(row.paid).isZero()));
}

function equal(left: Money, right: Money, what: string): void {
  assert(left.equals(right), `${what}: ${moneyText(left)} is not ${moneyText(right)}`);
}

/** Every proof named at the head of this file. */
function prove(figures: DisclosureFigures, ledgers: readonly LedgerFound[]): void {
  const [opening, received, paid, closing] =
    [figures.opening, figures.received, figures.paid, figures.closing].map(money) as [Money, Money, Money, Money];
  equal(minus(sum([opening, received]), paid), closing, 'opening + received − paid = closing');
  const { entries, funds } = figures;
  equal(add(entries.map((e) => e.received)), received, 'received by entries');
  equal(add(entries.map((e) => e.paid)), paid, 'paid by entries');
  equal(money(entries.at(-1)?.balance ?? figures.opening), closing, 'last running balance');
  assert(new Set(entries.map((e) => e.seq)).size === entries.length, 'an entry is there twice');
  for (const kind of ['receipt', 'payment', 'transfer']) {
    const numbers = new Set(entries.filter((e) => e.kind === kind).map((e) => e.number.slice(2)));
    for (let n = 1; n <= numbers.size; n += 1) assert(numbers.has(String(n).padStart(3, '0')), `${kind} ${n} is missing`);
  }
  equal(add(funds.map((f) => f.opening)), opening, 'opening by funds');
  equal(add(funds.map((f) => f.closing)), closing, 'closing by funds');
  for (const fund of funds) {
    equal(minus(add([fund.opening, fund.received]), money(fund.paid)), money(fund.closing), `fund ${fund.fund}`);
  }
  const other = minus(add(figures.other.map((o) => o.received)), add(figures.other.map((o) => o.paid)));
  const surplus = minus(money(figures.income_total.month), money(figures.expense_total.month));
  equal(sum([opening, surplus, other]), closing, 'opening + income − expense + other = closing');
  equal(add(ledgers.map((l) => l.debit)), add(ledgers.map((l) => l.credit)), 'debits = credits');
}

export interface Version {
  version: number;
  /** ISO 8601; null for a draft. */
  published_at: string | null;
  /** Why there is a version above 1. */
  correction: Named | null;
}

/** The figures of a month within a transaction, which reads one moment (repeatable read, or the log's head locked). */
export async function assemble(trx: Trx, estate: Estate, period: string, version: Version): Promise<DisclosureFigures> {
  const { estate_id } = estate;
  const now = version.published_at === null ? await estateNow(trx, estate_id) : instant(version.published_at);
  const parameters: Parameters = { estate_id, period, today: businessDate(now) };
  const run = <R>(name: string): Promise<R[]> => runStatement<R>(trx, name, parameters);
  const [head] = await run<HeadFound>('head');
  assert(head !== undefined, 'the estate has a log');
  const differences = await run<object>('differences');
  assert(differences.length === 0, `balances and postings differ: ${JSON.stringify(differences)}`);
  const ledgers = await run<LedgerFound>('ledgers');
  const months = await run<DisclosureFigures['months'][number]>('months');
  const funds = await run<FundRow>('funds');
  const bank = await readBank(trx, parameters);
  const unexplained = await readUnexplained(trx, parameters);
  const { entries, amounts, early } = await readEntries(trx, parameters);
  const proposals = await run<WaitingProposal>('proposals');
  const [questions] = await run<{ waiting: number; late: number }>('questions');
  const unbooked = await run<NoticeFacts['unbooked'][number]>('unbooked');
  const [emergencies] = await run<NoticeFacts['emergencies']>('emergencies');
  const [objections] = await run<NoticeFacts['objections']>('objections');
  const [previous] = await run<NonNullable<DisclosureFigures['previous']>>('previous');
  const fees = await readFees(trx, parameters);
  const beside = await readBeside(trx, parameters, funds);
  const closers = await run<Omit<SignerFound, 'seq'>>('close_signers');
  const own = ledgers.filter((ledger) => ledger.is_money);
  const opening = add(own.map((ledger) => ledger.opening));
  const turnover = sum([add(own.map((ledger) => ledger.debit)), negated(add(own.map((ledger) => ledger.credit)))]);
  const income = headings(ledgers, 'income');
  const expense = headings(ledgers, 'expense');
  const due_on = dueOn(estate, period);
  const { code, name_zh, name_en, households, area_m2, fee_rate, trustee, committee } = head;
  const mode = modes[head.mode] ?? { zh: head.mode, en: head.mode };
  const month = months.at(-1);
  const figures: DisclosureFigures = {
    format: 'mingzhang/monthly-disclosure/v1',
    estate: { code, name_zh, name_en, households, area_m2, fee_rate, mode_zh: mode.zh, mode_en: mode.en, trustee, committee },
    period, ...version, due_on,
    closed_at: head.closed_at === null ? null : isoInstant(head.closed_at),
    log: { size: head.size, leaf_hash: head.leaf_hash },
    previous: previous ?? null,
    opening: moneyText(opening), received: month?.received ?? '0.00', paid: month?.paid ?? '0.00',
    closing: moneyText(sum([opening, turnover])),
    notices: noticesOf({
      period, closed: period <= head.closed_period, proposals, bank, unexplained, unbooked, questions: questions!, emergencies: emergencies!,
      objections: objections!, very_late: beside.voice?.very_late ?? 0, entries, amounts, early, due_on,
      published_at: version.published_at, version: version.version, today: parameters.today,
    }),
    bank: bank.map(({ row }) => row), unexplained, income: income.rows, expense: expense.rows, income_total: income.total, expense_total: expense.total,
    other: otherMovements(ledgers),
    funds: funds.filter((f) => [f.opening, f.received, f.paid, f.closing].some((a) => !money(a).isZero())),
    months, entries, signatures: closers.map(signerOf), arrears: null, ...(fees === null ? {} : { fees }), ...beside,
  };
  prove(figures, ledgers);
  return figures;
}

/** The figures of a month as the books stand now. */
export async function assembleFigures(
  house: House, estate: Estate, period: string, version: Version,
): Promise<DisclosureFigures> {
  return inEstate(house.db.app, estate.estate_id, (trx) => assemble(trx, estate, period, version),
    { isolation: 'repeatable read', readOnly: true });
}
