// Reads for opening balances: accounts, funds and dwellings a table may name, and where the books stand.
import { sql } from 'kysely';
import { numberKey } from '../estate/import-cells.ts';
import type { Estate } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import type { OpeningGround } from './opening-rows.ts';

export async function openingGround(trx: Trx, estate_id: number): Promise<OpeningGround> {
  const accounts = await trx.selectFrom('account').select(['account', 'name_zh', 'name_en', 'class', 'is_postable'])
    .where('estate_id', '=', estate_id).where('closed_on', 'is', null).orderBy('account').execute();
  const funds = await trx.selectFrom('fund').select(['fund', 'name_zh', 'name_en', 'is_restricted']).where('estate_id', '=', estate_id).orderBy('place').execute();
  const uses = await trx.selectFrom('fund_account').select(['fund', 'account']).where('estate_id', '=', estate_id).execute();
  const units = await trx.selectFrom('unit').select(['unit', 'ref']).where('estate_id', '=', estate_id).where('ended_on', 'is', null).execute();
  return {
    accounts, funds: funds.map((fund) => ({ ...fund, uses: uses.filter((use) => use.fund === fund.fund).map((use) => use.account) })),
    units: new Map(units.map((row) => [numberKey(row.unit), row])),
  };
}

export interface OpeningStanding {
  /** The opening entry, where it is booked. */
  booked: { seq: number; period: string; number: string; proposal_id: number } | null;
  /** A proposal that is under way. */
  waiting: number | null;
  /** Something else that was signed is booked. */
  signed: boolean;
  /** The first month is closed. */
  closed: boolean;
}

export async function openingStanding(trx: Trx, { estate_id, first_period }: Estate): Promise<OpeningStanding> {
  const { rows: [row] } = await sql<{ booked: OpeningStanding['booked']; waiting: number | null; signed: boolean; closed: boolean }>`
    select (select jsonb_build_object('seq', e.seq, 'period', e.period, 'number', entry_number(e.kind, e.number), 'proposal_id', e.proposal_id)
        from journal_entry e join proposal o on o.estate_id = e.estate_id and o.proposal_id = e.proposal_id
        where e.estate_id = ${estate_id} and o.kind = 'opening' and e.reverses is null limit 1) as booked,
      (select o.proposal_id from proposal o where o.estate_id = ${estate_id} and o.kind = 'opening' and o.state in ('draft', 'submitted', 'returned', 'held', 'approved')
        order by o.proposal_id desc limit 1) as waiting,
      exists (select from journal_entry e where e.estate_id = ${estate_id} and e.proposal_id is not null) as signed,
      (select h.closed_period >= ${first_period} from log_head h where h.estate_id = ${estate_id}) as closed`.execute(trx);
  return row!;
}

export interface OpeningDraft { content: string; saved_at: Date; by: string | null }

export const openingDraft = async (trx: Trx, estate_id: number): Promise<OpeningDraft | null> =>
  (await sql<OpeningDraft>`select d.content, d.saved_at, i.name as by from opening_draft d left join person_identity i on i.person_id = d.saved_by
    where d.estate_id = ${estate_id}`.execute(trx)).rows[0] ?? null;

/** How far the setting up of an estate is. */
export interface SetupStanding { signers: number; ready: number; units: number; owners: number; fee_rules: number; statements: number; joined: number }

export async function setupStanding(trx: Trx, estate_id: number, today: string): Promise<SetupStanding> {
  const { rows: [row] } = await sql<SetupStanding>`
    with signer as (select distinct t.person_id from term t where t.estate_id = ${estate_id} and ${today}::date between t.starts_on and t.ends_on
      and t.office not in ('cashier', 'auditor', 'deputy')
      and exists (select from rule r join rule_body b on b.estate_id = r.estate_id and b.rule_id = r.rule_id where r.estate_id = ${estate_id} and b.body = t.body
        and ${today}::date between r.valid_from and coalesce(r.valid_to, 'infinity')))
    select (select count(*) from signer)::integer as signers,
      (select count(*) from signer s where exists (select from passkey p where p.estate_id = ${estate_id} and p.person_id = s.person_id and p.revoked_at is null)
        or exists (select from credential c where c.person_id = s.person_id and c.totp_secret is not null))::integer as ready,
      (select count(*) from unit u where u.estate_id = ${estate_id} and u.ended_on is null)::integer as units,
      (select count(*) from tenure n where n.estate_id = ${estate_id} and n.kind = 'owner')::integer as owners,
      (select count(*) from fee_rule f where f.estate_id = ${estate_id})::integer as fee_rules,
      (select count(*) from bank_statement b where b.estate_id = ${estate_id})::integer as statements,
      (select count(distinct r.unit) from resident r where r.estate_id = ${estate_id})::integer as joined`.execute(trx);
  return row!;
}
