// Rules of matching (勾对规则): learned from what people confirmed, shown, changed and switched off by people.
//   seeded (words of fees and interest) or learned (a payer: account, fund, dwelling) → counts confirmations and hits
//   receipts book by themselves after two confirmations, interest after one, fees whenever a mandate covers them;
//   a person may set that to yes or no for good, or switch the rule off
// A rule never books money out: a fee rule only recognises a line, and has no account (match_rule_books_no_debit). Suspense
// is no target (match_rule_not_suspense). Who pays stands in match_rule_payer, for officers, and can be erased.
import { sql } from 'kysely';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { appendRecord, estateNow } from '../evidence/records.ts';
import type { Candidate, OpenLine, Rule } from './candidate.ts';
import { booksByItself, CONFIRMED, INTEREST, payerHash } from './match-receipts.ts';
import { refusals } from './refusals.ts';

const seeds = [
  { kind: 'fee', account: null, words: ['手续费', '账户管理费', '账户维护费', '短信费', '短信服务费', '工本费', '回单费', '网银服务费', '年费', '服务费'] },
  { kind: 'interest', account: INTEREST, words: ['利息', '结息', '存款付息'] },
] as const;

/** The words that every estate begins with; there already, nothing happens. */
export async function seedRules(trx: Trx, estate_id: number): Promise<void> {
  const known = await trx.selectFrom('match_rule').select('kind').where('estate_id', '=', estate_id).where('kind', '<>', 'receipt').execute();
  const missing = seeds.filter(({ kind }) => !known.some((row) => row.kind === kind));
  for (const { kind, account, words } of missing) {
    const there = account === null || await trx.selectFrom('account').select('account').where('estate_id', '=', estate_id)
      .where('account', '=', account).executeTakeFirst() !== undefined;
    if (!there) continue;
    await sql`insert into match_rule (estate_id, kind, account, words, made_at)
      values (${estate_id}, ${kind}, ${account}, ${[...words]}::text[], estate_clock(${estate_id})) on conflict do nothing`.execute(trx);
  }
}

export interface Learned { account: string | null; fund: string | null; unit: string | null }

/** What a confirmed credit teaches: who pays for what. Nothing where the bank does not say who. */
export async function learn(trx: Trx, estate_id: number, line: Pick<OpenLine, 'counterparty_account' | 'counterparty_name'>, { account, fund, unit }: Learned, by: string): Promise<void> {
  const payer = payerHash(line);
  if (payer === null) return;
  const { rows: [row] } = await sql<{ rule_id: number; fresh: boolean }>`
    insert into match_rule as r (estate_id, kind, payer_hash, account, fund, unit, confirmations, made_by, made_at)
    values (${estate_id}, 'receipt', ${payer}, ${account}, ${fund}, ${unit}, 1, ${by}, estate_clock(${estate_id}))
    on conflict (estate_id, kind, coalesce(payer_hash, ''), coalesce(account, ''), coalesce(fund, ''), coalesce(unit, ''))
    do update set confirmations = r.confirmations + 1 returning rule_id, (xmax = 0) as fresh`.execute(trx);
  if (!row!.fresh) return;
  await trx.insertInto('match_rule_payer').values({
    estate_id, rule_id: row!.rule_id, name: line.counterparty_name.slice(0, 200), account_number: line.counterparty_account.slice(0, 60),
  }).execute();
  await tell(trx, estate_id, row!.rule_id, by);
}

/** A confirmed candidate: its own rule is confirmed once more, or a payer is learned. */
export async function learnFrom(trx: Trx, estate_id: number, line: OpenLine, { receipt, rule, why }: Candidate, by: string): Promise<void> {
  if (receipt === undefined) return;
  if (why === 'interest') {
    await trx.updateTable('match_rule').set((eb) => ({ confirmations: eb('confirmations', '+', 1) }))
      .where('estate_id', '=', estate_id).where('rule_id', '=', rule!).execute();
    return;
  }
  if (receipt.units.length > 1) return;
  const unit = receipt.units[0]?.unit ?? null;
  await learn(trx, estate_id, line, { unit, account: unit === null ? receipt.account : null, fund: unit === null ? receipt.fund : null }, by);
}

/** Lines that rules booked by themselves. */
export async function countHits(trx: Trx, estate_id: number, rules: readonly number[]): Promise<void> {
  if (rules.length === 0) return;
  await sql`update match_rule r set hits = r.hits + n.hits, last_hit_at = estate_clock(${estate_id})
    from (select rule_id, count(*)::integer as hits from unnest(${[...rules]}::bigint[]) as u(rule_id) group by rule_id) n
    where r.estate_id = ${estate_id} and r.rule_id = n.rule_id`.execute(trx);
}

/** What the log says of a rule: never who pays. */
async function tell(trx: Trx, estate_id: number, rule_id: number, by: string): Promise<void> {
  const row = await trx.selectFrom('match_rule').select(['kind', 'account', 'fund', 'words', 'is_on', 'by_itself'])
    .where('estate_id', '=', estate_id).where('rule_id', '=', rule_id).executeTakeFirstOrThrow();
  await appendRecord(trx, estate_id, 'match_rule_changed', { by, rule: rule_id, ...row });
}

export interface RuleShown extends Rule {
  hits: number;
  last_hit_at: Date | null;
  account_zh: string | null;
  account_en: string | null;
  fund_zh: string | null;
  fund_en: string | null;
  payer_name: string | null;
  payer_account: string | null;
  changed_at: Date | null;
  /** Whether it books by itself now. */
  books: boolean;
  needs: number;
}

/** Fees and interest first, then payers, the busiest first. */
export async function listRules(
  trx: Trx, estate_id: number, { q, limit, offset = 0 }: { q?: string | undefined; limit: number; offset?: number },
): Promise<{ items: RuleShown[]; next_cursor: string | null }> {
  const part = q === undefined || q.trim() === '' ? null : `%${q.trim().replace(/[\\%_]/g, '\\$&')}%`;
  const { rows } = await sql<Omit<RuleShown, 'books' | 'needs'>>`
    select r.rule_id, r.kind, r.words, r.payer_hash, r.account, r.fund, r.unit, r.by_itself, r.is_on, r.confirmations, r.hits, r.last_hit_at,
      a.name_zh as account_zh, a.name_en as account_en, f.name_zh as fund_zh, f.name_en as fund_en, y.name as payer_name,
      y.account_number as payer_account, r.changed_at
    from match_rule r left join match_rule_payer y on y.estate_id = r.estate_id and y.rule_id = r.rule_id
    left join account a on a.estate_id = r.estate_id and a.account = r.account
    left join fund f on f.estate_id = r.estate_id and f.fund = r.fund
    where r.estate_id = ${estate_id} and (${part}::text is null or y.name ilike ${part} or y.account_number ilike ${part} or r.unit ilike ${part}
      or a.name_zh ilike ${part} or array_to_string(r.words, ' ') ilike ${part})
    order by (r.kind = 'receipt'), r.hits desc, r.rule_id limit ${limit + 1} offset ${offset}`.execute(trx);
  const items = rows.slice(0, limit).map((row) => ({ ...row, books: booksByItself(row), needs: CONFIRMED[row.kind] }));
  return { items, next_cursor: rows.length > limit ? String(offset + limit) : null };
}

export interface RuleChange {
  estate: Estate;
  actor: Actor | null;
  rule_id: number;
  is_on?: boolean | undefined;
  /** null: by the number of confirmations. */
  by_itself?: boolean | null | undefined;
  /** Of fees and interest. */
  words?: readonly string[] | undefined;
  /** Takes the payer's name and account out of the rule; it goes on by its hash. */
  forget_payer?: boolean | undefined;
}

function readWords(typed: readonly string[]): string[] {
  const words = [...new Set(typed.map((word) => word.normalize('NFKC').trim()).filter((word) => word !== ''))];
  if (words.length === 0 || words.length > 30 || words.some((word) => [...word].length < 2 || [...word].length > 20)) throw refusals.match_rule_words({}, 'words');
  return words;
}

/** Refusals: those of demand() for reconcile, match_rule_unknown, match_rule_words. */
export async function changeRule(house: House, change: RuleChange): Promise<void> {
  const { estate: { estate_id }, rule_id, is_on, by_itself, forget_payer = false } = change;
  const actor = demand(change.actor, estate_id, 'reconcile');
  await inEstate(house.db.app, estate_id, async (trx) => {
    const rule = await trx.selectFrom('match_rule').select(['kind', 'is_on', 'by_itself', 'words']).where('estate_id', '=', estate_id)
      .where('rule_id', '=', rule_id).forUpdate().executeTakeFirst();
    if (rule === undefined) throw refusals.match_rule_unknown({ rule: rule_id });
    if (forget_payer) await trx.deleteFrom('match_rule_payer').where('estate_id', '=', estate_id).where('rule_id', '=', rule_id).execute();
    const words = change.words === undefined || rule.kind === 'receipt' ? rule.words : readWords(change.words);
    const next = { is_on: is_on ?? rule.is_on, by_itself: by_itself === undefined ? rule.by_itself : by_itself, words };
    if (next.is_on === rule.is_on && next.by_itself === rule.by_itself && next.words.join() === rule.words.join()) return;
    await trx.updateTable('match_rule').set({ ...next, changed_by: actor.person_id, changed_at: await estateNow(trx, estate_id) })
      .where('estate_id', '=', estate_id).where('rule_id', '=', rule_id).execute();
    await tell(trx, estate_id, rule_id, actor.person_id);
  });
}

