// Access of auditors (查账权限): dated by their term, narrowed by the scope that was signed with it, and recorded.
//   granted (appointment of an auditor, both keys) → read, each day and kind of pages a record → over, by its last day or an early end
// Every request of somebody who is an auditor here passes this gate before it is answered. What lies outside the scope is answered
// as if they held no office: refused, or, where they are an owner too, as any owner is answered. Closed by default: an address the
// gate does not know is for auditors without a scope only; a page that names no day shows the present, and needs the present in scope.
// Nothing is read unrecorded: the record (note_audit_read) is written before the page is. Afterwards the access is refused with the way out.
import { sql } from 'kysely';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { auditKindTexts, scopeDays, scopeKinds, type AuditKind } from '../approval/audit-scope.ts';
import { estateByCode } from '../estate/queries.ts';
import { estateToday } from '../evidence/records.ts';
import { belongsTo, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { lastDay, PERIOD_PATTERN, readDate, type BusinessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { lastAccess, scopeOf, type Scope } from './access-queries.ts';
import { refusals } from './access-refusals.ts';

// ── What an address shows ────────────────────────────────────────────────────────────────────────

const segments: Readonly<Record<AuditKind | 'general', readonly string[]>> = {
  general: ['', 'people', 'persons', 'bodies', 'body-forms', 'rules', 'notices', 'help', 'stop', 'oversight', 'invariants', 'objections', 'access', 'board', 'proof', 'witness', 'witnesses',
    'checkpoint', 'checkpoints', 'terms', 'delegations', 'erasures', 'announcements', 'feed', 'home', 'pay', 'invitations',
    'answer-clock', 'bulletins', 'feed-key', 'relays'],
  books: ['journal', 'journal-entries', 'journal-drafts', 'accounts', 'balances', 'funds', 'periods', 'transfers', 'exceptions', 'suspense', 'handover', 'handovers', 'opening', 'budgets', 'budget', 'budget-drafts',
    'budget-versions', 'over-budget', 'over-budget-orders', 'opening-balances', 'final-accounts'],
  vouchers: ['vouchers'],
  orders: ['orders', 'payment-orders', 'proposals', 'queue', 'payees', 'pay-files', 'invoice-titles'],
  disclosures: ['disclosures', 'feed.atom'],
  bank: ['bank', 'bank-accounts', 'bank-balances', 'bank-lines', 'bank-statements', 'bank-matches', 'reconciliation', 'match-rules', 'transit', 'settlements', 'mandates'],
  households: ['bills', 'arrears', 'receipts', 'deposits', 'register', 'counter', 'payments', 'corrections', 'reminders', 'fees', 'fee-rules', 'shared-costs', 'waivers', 'subsidies', 'subsidy-batches'],
  log: ['log'],
  exports: ['export', 'exports'],
  voice: ['inquiries', 'lists', 'list-items', 'projects', 'resolutions', 'assembly', 'surveys', 'votes'],
};
const kindBySegment = new Map(Object.entries(segments).flatMap(([kind, names]) => names.map((name) => [name, kind as AuditKind | 'general'] as const)));

/** Kind of pages an address of an estate belongs to; null: one that is not in the list. */
export function kindOf(url: string): AuditKind | 'general' | null {
  const segment = /^(?:\/e\/|\/api\/v1\/estates\/):estate(?:\/([^/(?]*))?/.exec(url)?.[1] ?? '';
  return kindBySegment.get(segment.replace(/\.csv$/, '')) ?? null;
}

export interface Span { from: BusinessDate; to: BusinessDate }
const EVER: Span = { from: '0001-01-01', to: '9999-12-31' };

// Lists that show the days their address asks for, by what they heed: anything else in an address is not believed. Where none of it is
// given, the first shows the present, the second everything there is. Named by the first part of the address, or by the whole of it.
const present: Readonly<Record<string, readonly string[]>> = { journal: ['period'], balances: ['as_of'] };
const everything: Readonly<Record<string, readonly string[]>> = { 'journal-entries': ['period', 'from', 'to'], 'bank-lines': ['period'], 'bank/lines': ['period'], log: ['from', 'to'], export: ['from', 'to'], exports: ['from', 'to'],
  // These list from the first day on and heed no days: one thing in scope is read by its own address, where it has one with a day.
  ...Object.fromEntries(['orders', 'payment-orders', 'proposals', 'pay-files', 'bills', 'receipts', 'payments', 'reminders', 'corrections', 'waivers', 'deposits', 'counter', 'subsidies', 'subsidy-batches',
    'bank-statements', 'bank/statements', 'bank-matches', 'settlements', 'transit'].map((name) => [name, []])),
};

const isMonth = (text: unknown): text is string => typeof text === 'string' && new RegExp(PERIOD_PATTERN).test(text);
const monthSpan = (period: string): Span => ({ from: `${period}-01`, to: lastDay(period) });
function dayOrMonth(text: unknown): Span | null {
  // Said twice: whoever reads it may heed the one or the other.
  if (text !== undefined && text !== null && typeof text !== 'string') return EVER;
  if (typeof text !== 'string' || text.trim() === '') return null;
  if (isMonth(text)) return monthSpan(text);
  const day = readDate(text);
  // "all", and what cannot be read: here it opens nothing.
  return day === null ? EVER : { from: day, to: day };
}

/** Days that a list asked for by its address shows, every one of them to be in scope; null where it shows the present. */
function listed(asked: Readonly<Record<string, unknown>>, path: string): Span[] | null {
  const segment = path in everything ? path : path.split('/')[0]!;
  const heeded = present[segment] ?? everything[segment];
  if (heeded === undefined) return null;
  const spans = heeded.filter((name) => name !== 'from' && name !== 'to').map((name) => dayOrMonth(asked[name])).filter((span) => span !== null);
  const [from, to] = heeded.includes('from') ? [dayOrMonth(asked['from']), dayOrMonth(asked['to'])] : [null, null];
  if (from !== null || to !== null) spans.push({ from: from?.from ?? EVER.from, to: to?.to ?? EVER.to });
  return spans.length > 0 ? spans : present[segment] === undefined ? [EVER] : null;
}

// A page that shows the present shows other days where its address asks for them, by one of these names.
const dayNames = ['period', 'as_of', 'day', 'date', 'on', 'from', 'to', 'since', 'until', 'month', 'year'] as const;
function askedDays(asked: Readonly<Record<string, unknown>>): Span[] {
  return dayNames.map((name) => {
    const value = asked[name];
    return name === 'year' && typeof value === 'string' && /^[1-9][0-9]{3}$/.test(value) ? { from: `${value}-01-01`, to: `${value}-12-31` } : dayOrMonth(value);
  }).filter((span) => span !== null);
}

/** Days of the one thing an address names; null where it names none. Any of them in scope is enough: a statement reaches over a month's end. */
async function named(trx: Trx, estate_id: number, path: string, params: Readonly<Record<string, string>>): Promise<Span[] | null> {
  const { period, year, seq, id, sha256, number } = params;
  const segment = path.split('/')[0]!;
  if (year !== undefined && /^[1-9][0-9]{3}$/.test(year)) return [{ from: `${year}-01-01`, to: `${year}-12-31` }];
  if (isMonth(period)) return [monthSpan(period)];
  const spans = async (query: ReturnType<typeof sql<Span>>): Promise<Span[]> => (await query.execute(trx)).rows;
  const whole_number = (text: string | undefined): text is string => text !== undefined && /^[0-9]{1,15}$/.test(text);
  if (['journal', 'journal-entries'].includes(segment) && whole_number(seq)) {
    return spans(sql<Span>`select entry_date as from, entry_date as to from journal_entry where estate_id = ${estate_id} and seq = ${seq}::bigint`);
  }
  if (segment === 'log' && whole_number(seq)) {
    return spans(sql<Span>`select d as from, d as to from (select (recorded_at at time zone 'Asia/Shanghai')::date as d from record
      where estate_id = ${estate_id} and seq = ${seq}::bigint) r`);
  }
  if (/^bank(\/statements|-statements)\//.test(path) && whole_number(seq ?? id)) {
    return spans(sql<Span>`select period_from as from, period_to as to from bank_statement where estate_id = ${estate_id} and seq = ${seq ?? id}::bigint`);
  }
  if (['proposals', 'orders', 'payment-orders'].includes(segment) && whole_number(id)) {
    return spans(sql<Span>`select d::date as from, d::date as to from proposal o, lateral (values (o.created_at at time zone 'Asia/Shanghai'),
        (o.submitted_at at time zone 'Asia/Shanghai'), (o.executed_at at time zone 'Asia/Shanghai')) as x(d)
      where o.estate_id = ${estate_id} and o.proposal_id = ${id}::bigint and d is not null`);
  }
  if (segment === 'vouchers' && sha256 !== undefined) {
    return spans(sql<Span>`select e.entry_date as from, e.entry_date as to from entry_voucher v join journal_entry e on e.estate_id = v.estate_id and e.seq = v.seq
        where v.estate_id = ${estate_id} and v.sha256 = ${sha256}
      union all select (r.recorded_at at time zone 'Asia/Shanghai')::date, (r.recorded_at at time zone 'Asia/Shanghai')::date
        from voucher v join record r on r.estate_id = v.estate_id and r.seq = v.seq where v.estate_id = ${estate_id} and v.sha256 = ${sha256}`);
  }
  if (segment === 'receipts' && whole_number(number)) {
    return spans(sql<Span>`select e.entry_date as from, e.entry_date as to from receipt r join journal_entry e on e.estate_id = r.estate_id and e.seq = r.seq
      where r.estate_id = ${estate_id} and r.number = ${number}::integer`);
  }
  return null;
}

// ── The gate ─────────────────────────────────────────────────────────────────────────────────────

const text = (value: unknown): Readonly<Record<string, unknown>> => (typeof value === 'object' && value !== null ? value as Record<string, unknown> : {});

/** Why a request lies outside a scope, as a refusal; null where it lies inside. */
async function outside(trx: Trx, estate: Estate, request: FastifyRequest, scope: Scope, kind: AuditKind | 'general' | null): Promise<Error | null> {
  const kinds = scopeKinds(scope.kinds);
  if (kind === 'general') return null;
  if (kind === null || !scope.kinds.includes(kind)) {
    const page = kind === null ? { zh: '这一页', en: 'this page' } : auditKindTexts[kind];
    return refusals.access_kind({ page: page.zh, page_en: page.en, kinds: kinds.zh, kinds_en: kinds.en });
  }
  if (scope.from_day === null && scope.to_day === null) return null;
  const path = /:estate\/(.*)$/.exec(request.routeOptions.url ?? '')?.[1]?.replace(/\.csv$/, '') ?? '';
  const [from, to] = [scope.from_day ?? EVER.from, scope.to_day ?? EVER.to];
  const found = await named(trx, estate.estate_id, path, text(request.params) as Record<string, string>);
  if (found !== null) {
    if (found.length === 0 || found.some((span) => span.from <= to && span.to >= from)) return null;
    return daysRefusal(scope, found[0]!, estate);
  }
  const today = await estateToday(trx, estate.estate_id);
  const spans = await packaged(trx, estate.estate_id, path, text(request.params)['id'])
    ?? listed({ ...text(request.query), ...(kind === 'exports' ? text(request.body) : {}) }, path) ?? [{ from: today, to: today }];
  spans.push(...askedDays(text(request.query)));
  const odd = spans.find((span) => span.from < from || span.to > to);
  return odd === undefined ? null : daysRefusal(scope, odd, estate);
}

/** Days that a package made before covers: all of them have to be in scope, whoever asked for it. */
async function packaged(trx: Trx, estate_id: number, path: string, id: unknown): Promise<Span[] | null> {
  if (!/^exports?\/(packages\/)?:id/.test(path) || typeof id !== 'string') return null;
  const { rows } = await sql<{ from: string; to: string }>`select first_month as from, last_month as to from export_job where estate_id = ${estate_id} and export_id::text = ${id}`.execute(trx);
  return rows.map((row) => ({ from: monthSpan(row.from).from, to: monthSpan(row.to).to }));
}

function daysRefusal(scope: Scope, span: Span, { code }: Estate): Error {
  const days = scopeDays({ from: scope.from_day, to: scope.to_day });
  const shown = span.from === EVER.from || span.to === EVER.to ? { zh: '全部日期', en: 'every day' } : scopeDays(span);
  const month = (scope.to_day ?? scope.from_day ?? '').slice(0, 7);
  return refusals.access_days({ days: days.zh, days_en: days.en, shown: shown.zh, shown_en: shown.en, example: `/e/${code}/journal?period=${month}` });
}

/** Terms of an auditor that hold here today. */
const auditing = (actor: Actor, estate_id: number) => actor.terms.filter((term) => term.estate_id === estate_id && term.office === 'auditor');

async function pass(house: House, request: FastifyRequest, actor: Actor, estate: Estate): Promise<void> {
  const { estate_id } = estate;
  const [term] = auditing(actor, estate_id);
  if (term === undefined) return;
  const kind = kindOf(request.routeOptions.url ?? '');
  const others = { ...actor, terms: actor.terms.filter((one) => one.estate_id !== estate_id || one.office !== 'auditor') };
  // An owner's own home is theirs, whatever office they hold.
  if (['home', 'pay'].some((own) => new RegExp(`:estate/${own}(/|$)`).test(request.routeOptions.url ?? ''))) return;
  const refusal = await inEstate(house.db.app, estate_id, async (trx) => {
    const scope = await scopeOf(trx, estate_id, term.term_id);
    const why = scope === null ? null : await outside(trx, estate, request, scope, kind);
    if (why === null) await sql`select note_audit_read(${estate_id}, ${term.term_id}, ${kind ?? 'general'})`.execute(trx);
    return why;
  });
  if (refusal === null) return;
  if (!belongsTo(others, estate_id)) throw refusal;
  request.actor = others;
}

/** Puts the gate before every address of an estate. Call it before attachEstate, which hides an estate from whoever is no
 *  member: somebody whose access is over learns that, and the way out. Refusals: access_expired, access_kind, access_days. */
export function attachAccess(app: FastifyInstance, house: House): void {
  app.addHook('onRequest', async (request) => {
    const { actor } = request;
    const code = (request.params as { estate?: unknown } | undefined)?.estate;
    if (actor === null || actor === undefined || typeof code !== 'string' || request.routeOptions.config.open_to_all === true) return;
    const estate = await estateByCode(house.db.app, code);
    if (estate === undefined || belongsTo(actor, estate.estate_id)) return;
    const ended_on = await inEstate(house.db.app, estate.estate_id, async (trx) =>
      lastAccess(trx, estate.estate_id, actor.person_id, await estateToday(trx, estate.estate_id)), { readOnly: true });
    if (ended_on !== null) throw refusals.access_expired({ ended_on, estate: estate.name_zh, estate_en: estate.name_en });
  });
  app.addHook('preHandler', async (request) => {
    const { actor, estate } = request;
    if (actor === null || estate === null || actor === undefined || estate === undefined || request.routeOptions.config.open_to_all === true) return;
    await pass(house, request, actor, estate);
  });
}
