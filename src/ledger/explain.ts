// From a status of post_entries() to a refusal a cashier can act on: which line, which figures, what
// to do. Nothing is decided here; the door has decided, and this looks up the words.
import { sql } from 'kysely';
import { addMonths, businessDate, firstDay, type BusinessDate, type Period } from '../kernel/dates.ts';
import type { Trx } from '../kernel/database.ts';
import { minus, money, moneyFigures, sum, zero, type Money } from '../kernel/money.ts';
import type { Facts, Refusal } from '../kernel/refusal.ts';
import { estateToday } from '../evidence/records.ts';
import { entryNumber, LINE_LIMIT } from './entry.ts';
import { type PostResult, type RefusedStatus } from './gate.ts';
import { accountsOf, fundsOf, type AccountRow, type FundRow } from './queries.ts';
import { refusals } from './refusals.ts';

interface BodyLine {
  account?: string;
  fund?: string;
  debit?: unknown;
  credit?: unknown;
  unit?: unknown;
}
interface Body {
  entry_date?: string;
  postings?: BodyLine[];
  proposal?: number;
  reverses?: number;
  vouchers?: string[];
  bank_line?: { account?: string; position?: number };
  settles?: number;
  mandate?: number;
}

/** What the explanation looks things up in. */
export interface Books {
  accounts: readonly AccountRow[];
  funds: readonly FundRow[];
  closed_period: Period;
  today: BusinessDate;
  /** Number of the entry that already stands in the way, where there is one. */
  taken_by: string;
  /** First day on which the order may be paid or booked, where it is announced. */
  payable_from: BusinessDate | null;
  /** Line of the bank that the entry names; null where there is none. */
  line: { booked_on: BusinessDate; amount: string } | null;
  /** Day on which the bank paid what the entry books or settles, and day of the order's last signature. */
  left_on: BusinessDate | null;
  signed_on: BusinessDate | null;
  /** What is left of the suspense entry it settles or reverses; null where it is none. */
  suspense_left: string | null;
  /** The first dwelling of which more would be taken than is held for it. */
  held: { unit: string; account: string; held: string; taken: string } | null;
  /** Vouchers named that are not here. */
  unknown_vouchers: readonly string[];
}

type Explained = { facts?: Facts; field?: string };
const shapeOfAmount = /^-?(0|[1-9][0-9]{0,9})(\.[0-9]{1,2})?$/;
const amountOf = (value: unknown): Money | null =>
  typeof value === 'string' && shapeOfAmount.test(value) ? money(value) : null;
const linesOf = (body: Body): BodyLine[] => (Array.isArray(body.postings) ? body.postings : []);
const fieldAt = (index: number, name: string): string => `postings.${Math.max(0, index)}.${name}`;
const named = (code: string, row: { name_zh: string } | undefined): string =>
  row === undefined ? code : `${code} ${row.name_zh}`;

type Explain = (body: Body, books: Books) => Explained;

function unusableAccount(body: Body, { accounts }: Books): Explained {
  const known = new Map(accounts.map((row) => [row.account, row]));
  const usable = (code: string | undefined): boolean => {
    const row = known.get(code ?? '');
    return row !== undefined && row.is_postable && row.opened_on <= (body.entry_date ?? '');
  };
  const at = linesOf(body).findIndex((line) => !usable(line.account));
  const code = String(linesOf(body)[at]?.account ?? '');
  return { facts: { account: named(code, known.get(code)) }, field: fieldAt(at, 'account') };
}

function closedAccount(body: Body, { accounts }: Books): Explained {
  const closed = accounts.filter(
    (row) => row.closed_on !== null && row.closed_on <= (body.entry_date ?? ''),
  );
  const at = linesOf(body).findIndex((line) => closed.some((row) => row.account === line.account));
  const row = closed.find((one) => one.account === linesOf(body)[at]?.account);
  return {
    facts: {
      account: named(row?.account ?? '', row),
      closed_on: row?.closed_on ?? '',
      entry_date: body.entry_date ?? '',
    },
    field: fieldAt(at, 'account'),
  };
}

function unknownFund(body: Body, { funds }: Books): Explained {
  const at = linesOf(body).findIndex((line) => !funds.some((row) => row.fund === line.fund));
  const listed = funds.map((row) => `${row.fund} ${row.name_zh}`).join('、');
  return {
    facts: { fund: String(linesOf(body)[at]?.fund ?? ''), funds: listed },
    field: fieldAt(at, 'fund'),
  };
}

function restrictedFund(body: Body, { accounts, funds }: Books): Explained {
  const known = new Map(accounts.map((row) => [row.account, row]));
  const at = linesOf(body).findIndex((line) => {
    const fund = funds.find((row) => row.fund === line.fund);
    const account = known.get(line.account ?? '');
    return (
      fund?.is_restricted === true &&
      account?.is_money !== true &&
      !fund.accounts.includes(line.account ?? '') &&
      !fund.accounts.includes(account?.parent ?? '')
    );
  });
  const line = linesOf(body)[at];
  const fund = funds.find((row) => row.fund === line?.fund);
  return {
    facts: {
      fund: named(line?.fund ?? '', fund),
      account: named(line?.account ?? '', known.get(line?.account ?? '')),
      allowed: (fund?.accounts ?? []).map((code) => named(code, known.get(code))).join('、'),
    },
    field: fieldAt(at, 'fund'),
  };
}

function badAmount(body: Body): Explained {
  const lines = linesOf(body);
  const red = body.reverses !== undefined;
  const bad = (line: BodyLine): boolean => {
    if ('debit' in line === 'credit' in line) return true;
    const amount = amountOf(line.debit ?? line.credit);
    return amount === null || amount.isZero() || (red ? amount.isPositive() : amount.isNegative());
  };
  const at = lines.findIndex(bad);
  const count = lines.length < 2 || lines.length > LINE_LIMIT;
  const line = lines[Math.max(0, at)];
  return {
    facts: {
      line: Math.max(0, at) + 1,
      lines: lines.length,
      amount: String(line?.debit ?? line?.credit ?? ''),
    },
    field:
      count && at < 0
        ? 'postings'
        : fieldAt(at, line !== undefined && 'credit' in line ? 'credit' : 'debit'),
  };
}

const total = (lines: readonly BodyLine[], side: 'debit' | 'credit'): Money =>
  sum(lines.map((line) => amountOf(line[side]) ?? zero));

function difference(lines: readonly BodyLine[]): Facts {
  const [debit, credit] = [total(lines, 'debit'), total(lines, 'credit')];
  const apart = debit.greaterThan(credit) ? minus(debit, credit) : minus(credit, debit);
  return {
    debit: moneyFigures(debit),
    credit: moneyFigures(credit),
    difference: moneyFigures(apart),
  };
}

function unbalancedFund(body: Body, { funds }: Books): Explained {
  const lines = linesOf(body);
  const fund =
    lines
      .map((line) => line.fund)
      .find((code) => {
        const own = lines.filter((line) => line.fund === code);
        return !total(own, 'debit').equals(total(own, 'credit'));
      }) ?? '';
  const own = lines.filter((line) => line.fund === fund);
  return {
    facts: {
      fund: named(
        fund,
        funds.find((row) => row.fund === fund),
      ),
      ...difference(own),
    },
    field: fieldAt(
      lines.findIndex((line) => line.fund === fund),
      'fund',
    ),
  };
}

function beyondReceipt(body: Body, { accounts }: Books): Explained {
  const isMoney = (line: BodyLine): boolean =>
    accounts.find((row) => row.account === line.account)?.is_money === true;
  // A receipt may debit money and 1012, money on its way.
  const at = linesOf(body).findIndex((line) =>
    isMoney(line) ? 'credit' in line : 'debit' in line && line.account !== '1012',
  );
  const code = linesOf(body)[Math.max(0, at)]?.account ?? '';
  return {
    facts: {
      account: named(
        code,
        accounts.find((row) => row.account === code),
      ),
    },
    field: at < 0 ? 'kind' : fieldAt(at, 'account'),
  };
}

const withProposal: Explain = (body, books) => ({
  facts: { proposal: body.proposal ?? 0, number: books.taken_by },
});
const withTarget: Explain = (body, books) => ({
  facts: { reverses: body.reverses ?? 0, number: books.taken_by },
  field: 'reverses',
});

const withLine: Explain = ({ bank_line, entry_date = '' }, { line }) => ({
  facts: {
    account: bank_line?.account ?? '', position: bank_line?.position ?? 0, booked_on: line?.booked_on ?? '–',
    line_amount: line === null ? '–' : moneyFigures(money(line.amount)), entry_date,
  },
  field: 'bank_line',
});
const withSuspense: Explain = ({ settles, reverses }, { suspense_left }) => ({
  facts: { settles: settles ?? reverses ?? 0, left: suspense_left === null ? '0.00' : moneyFigures(money(suspense_left)) },
  field: settles === undefined ? 'reverses' : 'settles',
});
const withMandate: Explain = ({ mandate }) => ({ facts: { mandate: mandate ?? 0 }, field: 'mandate' });
function inSuspense(body: Body): Explained {
  const at = linesOf(body).findIndex((line) => line.account === '1291' || line.account === '2291');
  return { facts: { account: linesOf(body)[Math.max(0, at)]?.account ?? '' }, field: fieldAt(at, 'account') };
}

const explanations: Record<RefusedStatus, Explain> = {
  key_reused: () => ({}),
  estate_unknown: () => ({}),
  entry_unreadable: () => ({}),
  period_closed: (body, { closed_period }) => ({
    facts: {
      entry_date: body.entry_date ?? '',
      closed_period,
      first_open: firstDay(addMonths(closed_period, 1)),
    },
    field: 'entry_date',
  }),
  period_not_open: (body, { today }) => ({
    facts: { entry_date: body.entry_date ?? '', today },
    field: 'entry_date',
  }),
  account_unknown: unusableAccount,
  account_closed: closedAccount,
  fund_unknown: unknownFund,
  fund_restricted: restrictedFund,
  amount_invalid: badAmount,
  entry_unbalanced: (body) => ({ facts: difference(linesOf(body)), field: 'postings' }),
  fund_unbalanced: unbalancedFund,
  order_required: beyondReceipt,
  order_not_approved: withProposal,
  order_in_notice: (body, { payable_from }) => ({
    facts: { proposal: body.proposal ?? 0, payable_from: payable_from ?? '', entry_date: body.entry_date ?? '' },
    field: 'entry_date',
  }),
  order_objected: withProposal,
  order_signed_late: ({ proposal = 0, settles }, { left_on, signed_on }) => ({
    facts: { proposal, left_on: left_on ?? '–', signed_on: signed_on ?? '–' }, field: settles === undefined ? 'bank_line' : 'settles',
  }),
  order_amount_differs: withProposal,
  order_already_paid: withProposal,
  reversal_target_unknown: withTarget,
  already_reversed: withTarget,
  reversal_differs: withTarget,
  bank_line_unknown: withLine,
  bank_line_taken: withLine,
  bank_line_differs: withLine,
  suspense_unknown: withSuspense,
  suspense_exceeded: withSuspense,
  suspense_reserved: inSuspense,
  suspense_settled: withSuspense,
  mandate_unknown: withMandate,
  mandate_exceeded: withMandate,
  release_differs: () => ({ field: 'postings' }),
  transit_names_unit: () => ({ field: 'postings' }),
  release_exceeded: ({ entry_date }) => ({ facts: { period: (entry_date ?? '').slice(0, 7) }, field: 'postings' }),
  unit_exceeded: (_body, { held }) => ({ facts: { account: held?.account ?? '', unit: held?.unit ?? '', held: held?.held ?? '', taken: held?.taken ?? '' }, field: 'postings' }),
  voucher_unknown: (_body, { unknown_vouchers }) => ({
    facts: { sha256: (unknown_vouchers[0] ?? '').slice(0, 12) },
    field: 'vouchers',
  }),
};

function parsed(body: string): Body {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Body) : {};
  } catch {
    return {};
  }
}

/** The refusal for a status that books nothing, with what `books` knows. */
export function refusalOf(result: Pick<PostResult, 'status'>, body: string, books: Books): Refusal {
  const status = result.status as RefusedStatus;
  const { facts = {}, field } = explanations[status](parsed(body), books);
  return refusals[status](facts, field);
}

/** 2203 and 2241 are held for dwellings: the first of which an entry takes more than is there. */
async function heldFor(trx: Trx, estate_id: number, body: Body): Promise<Books['held']> {
  for (const { unit, account, fund, debit } of linesOf(body)) {
    if (debit === undefined || (account !== '2203' && account !== '2241')) continue;
    // A line without a dwelling takes what was put there without one: infinity, told as nothing, where no dwelling holds anything.
    const { rows: [row] } = unit === undefined ? await sql<{ unit: string; held: string }>`
      select '（没有写房屋 no dwelling named）' as unit, n.held from (select unnamed_held(${estate_id}, ${account}, ${String(fund)}) as held) n where n.held < 'infinity'`.execute(trx)
      : await sql<{ unit: string; held: string }>`
      select u.unit, unit_held(${estate_id}, u.ref, ${account}, ${String(fund)}) as held
      from unit u where u.estate_id = ${estate_id} and u.ref = ${String(unit)}`.execute(trx);
    const taken = sum(linesOf(body).filter((line) => line.unit === unit && line.account === account && line.fund === fund)
      .map((line) => amountOf(line.debit) ?? zero));
    const held = money(row?.held ?? '0.00');
    if (row !== undefined && taken.greaterThan(held)) return { unit: row.unit, account, held: moneyFigures(held), taken: moneyFigures(taken) };
  }
  return null;
}

/** Looks up what a refusal has to name. */
export async function booksFor(trx: Trx, estate_id: number, body: string): Promise<Books> {
  const { proposal, reverses, vouchers = [], bank_line, settles } = parsed(body);
  const head = await trx
    .selectFrom('log_head')
    .select('closed_period')
    .where('estate_id', '=', estate_id)
    .executeTakeFirst();
  const known =
    vouchers.length === 0
      ? []
      : await trx
          .selectFrom('voucher')
          .select('sha256')
          .where('estate_id', '=', estate_id)
          .where('sha256', 'in', vouchers.map(String))
          .execute();
  const taken =
    proposal === undefined && reverses === undefined
      ? undefined
      : await trx
          .selectFrom('journal_entry')
          .select(['kind', 'period', 'number'])
          .where('estate_id', '=', estate_id)
          .where((eb) =>
            eb.or([
              ...(proposal === undefined ? [] : [eb('proposal_id', '=', proposal)]),
              ...(reverses === undefined ? [] : [eb('reverses', '=', reverses)]),
            ]),
          )
          .executeTakeFirst();
  const order =
    proposal === undefined
      ? undefined
      : await trx
          .selectFrom('proposal')
          .select(['payable_from', 'approved_at'])
          .where('estate_id', '=', estate_id)
          .where('proposal_id', '=', proposal)
          .executeTakeFirst();
  const line = bank_line === undefined ? undefined : await trx.selectFrom('bank_line').select(['booked_on', 'amount'])
    .where('estate_id', '=', estate_id).where('account', '=', String(bank_line.account)).where('position', '=', Number(bank_line.position))
    .executeTakeFirst();
  const settled = settles === undefined ? undefined : await trx.selectFrom('journal_entry as e')
    .innerJoin('bank_line as l', (join) => join.onRef('l.estate_id', '=', 'e.estate_id').onRef('l.account', '=', 'e.bank_account').onRef('l.position', '=', 'e.bank_position'))
    .select('l.booked_on').where('e.estate_id', '=', estate_id).where('e.seq', '=', settles).executeTakeFirst();
  const cleared = settles ?? reverses;
  const left = cleared === undefined ? undefined
    : (await sql<{ left_amount: string }>`select left_amount from suspense_left(${estate_id}, ${cleared})`.execute(trx)).rows[0];
  return {
    line: line ?? null,
    left_on: line?.booked_on ?? settled?.booked_on ?? null,
    signed_on: order === undefined || order.approved_at === null ? null : businessDate(order.approved_at),
    suspense_left: left?.left_amount ?? null,
    held: await heldFor(trx, estate_id, parsed(body)),
    accounts: await accountsOf(trx, estate_id),
    funds: await fundsOf(trx, estate_id),
    closed_period: head?.closed_period ?? '0001-01',
    today: await estateToday(trx, estate_id),
    taken_by:
      taken === undefined ? '–' : `${taken.period} ${entryNumber(taken.kind, taken.number)}`,
    payable_from: order?.payable_from ?? null,
    unknown_vouchers: vouchers.filter((hash) => !known.some((row) => row.sha256 === hash)),
  };
}

/** The refusal for a status that books nothing, looked up in the books. */
export async function explainRefusal(
  trx: Trx,
  estate_id: number,
  result: Pick<PostResult, 'status'>,
  body: string,
): Promise<Refusal> {
  return refusalOf(result, body, await booksFor(trx, estate_id, body));
}
