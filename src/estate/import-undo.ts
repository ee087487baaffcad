// Taking an import back (撤回导入): each row it brought is ended by a later one, as if it had never been; nothing is deleted but
// names that no other row needs. Refused while something later stands on it, and then told on what.
//   dwellings, spaces, meters   last day before everything (NEVER), so that they may come again
//   owners, tenants, spaces' use   last day before the first: it never was
//   facts, readings             ended_seq
//   open bills                  reduced to nothing by their door, only while none was paid or lowered, within thirty days: later
//                               what a dwelling owes is lowered under both keys only
import { sql } from 'kysely';
import { appendRecord } from '../evidence/records.ts';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { constraintRefusal, inEstate, type Trx } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { importNumbered, NEVER, type ImportRow } from './import-queries.ts';
import { refusals } from './import-refusals.ts';

type Obstacle = { zh: string; en: string };

/** What stands on the rows of an import, by dwelling, space or meter; at most twenty. */
async function obstacles(trx: Trx, { estate_id, import_id, taken_seq }: ImportRow): Promise<Obstacle[]> {
  const { rows } = await sql<{ why: string; number: string }>`
    with brought as (select kind, number from register_import_object where estate_id = ${estate_id} and import_id = ${import_id}),
    dwelling as (select u.unit, u.ref from brought o join unit u on u.estate_id = ${estate_id} and u.unit = o.number where o.kind = 'unit' and u.ended_on is null)
    select * from (
      select 'bill_used' as why, b.unit as number from bill b where b.estate_id = ${estate_id} and b.import_id = ${import_id}
        and (bill_paid(b.estate_id, b.bill_id) > 0 or bill_reduced(b.estate_id, b.bill_id) > 0
          or exists (select from bill l where l.estate_id = b.estate_id and l.of_bill = b.bill_id))
      union select 'billed', d.unit from dwelling d join bill b on b.estate_id = ${estate_id} and b.unit = d.unit and b.import_id is distinct from ${import_id}
        where not exists (select from bill_reduction r where r.estate_id = b.estate_id and r.bill_id = b.bill_id and r.why = 'import_undone')
      union select 'booked', d.unit from dwelling d where exists (select from posting p where p.estate_id = ${estate_id} and p.unit = d.ref)
      union select 'people', d.unit from dwelling d join tenure t on t.estate_id = ${estate_id} and t.unit = d.unit
        where t.import_id is distinct from ${import_id} and coalesce(t.to_date, 'infinity') >= t.from_date
      union select 'changed', d.unit from dwelling d join unit_fact f on f.estate_id = ${estate_id} and f.unit = d.unit
        where f.import_id is distinct from ${import_id} and f.ended_seq is null
      union select 'joined', d.unit from dwelling d join resident r on r.estate_id = ${estate_id} and r.unit = d.unit
      union select 'joined', d.unit from dwelling d join invitation r on r.estate_id = ${estate_id} and r.unit = d.unit
      union select 'numbered', d.unit from dwelling d join unit_virtual_account v on v.estate_id = ${estate_id} and v.unit = d.unit
      union select 'used', d.unit from dwelling d join space_holding h on h.estate_id = ${estate_id} and h.unit = d.unit
        where h.import_id is distinct from ${import_id} and coalesce(h.to_date, 'infinity') >= h.from_date
      union select 'used', d.unit from dwelling d join meter m on m.estate_id = ${estate_id} and m.unit = d.unit
        where m.ended_on is distinct from ${NEVER}::date and not exists (select from brought o where o.kind = 'meter' and o.number = m.meter)
      union select 'people', t.unit from tenure t left join party p on p.estate_id = t.estate_id and p.party_id = t.party_id
        where t.estate_id = ${estate_id} and t.import_id = ${import_id} and (t.ended_seq is not null or t.to_date is not null or p.person_id is not null)
      union select 'changed', f.unit from unit_fact f where f.estate_id = ${estate_id} and f.import_id = ${import_id} and f.ended_seq is not null
      union select 'used', h.space from space_holding h where h.estate_id = ${estate_id} and h.import_id = ${import_id} and h.ended_seq is not null
      union select 'used', o.number from brought o join space_holding h on h.estate_id = ${estate_id} and h.space = o.number
        where o.kind = 'space' and h.import_id is distinct from ${import_id} and coalesce(h.to_date, 'infinity') >= h.from_date
      union select 'read', o.number from brought o join meter_reading r on r.estate_id = ${estate_id} and r.meter = o.number
        where o.kind = 'meter' and r.import_id is distinct from ${import_id} and r.ended_seq is null
      union select 'metered', r.meter from meter_reading r join meter m on m.estate_id = r.estate_id and m.meter = r.meter
        join bill b on b.estate_id = r.estate_id and b.unit = m.unit and b.period >= to_char(r.read_on, 'YYYY-MM') and b.seq > ${taken_seq}
        join fee_rule f on f.estate_id = b.estate_id and f.proposal_id = b.rule_id and f.basis = 'metered' and f.meter_kind = m.kind
        where r.estate_id = ${estate_id} and r.import_id = ${import_id}
    ) as found order by why, number limit 21`.execute(trx);
  const words: Record<string, [string, string]> = {
    bill_used: ['{n} 的账单已经收过款、减过或有滞纳金', 'a bill of {n} was paid, lowered or has a late fee'], billed: ['{n} 另有账单', '{n} has other bills'],
    booked: ['{n} 已有记账', 'there are entries of {n}'], people: ['{n} 的业主、租户后来有变动或已加入', 'owners or tenants of {n} changed or joined since'],
    changed: ['{n} 的面积、类型后来有变更', 'area or kind of {n} changed since'], joined: ['{n} 已有住户加入或发过邀请', 'somebody of {n} joined or was invited'],
    numbered: ['{n} 有银行子账号', '{n} has a number of the bank'], used: ['{n} 的车位或水电表后来有登记', 'spaces or meters of {n} were entered since'],
    read: ['表 {n} 后来抄过', 'meter {n} was read since'], metered: ['表 {n} 的读数已开出账单', 'bills were made from meter {n}'],
  };
  return rows.map(({ why, number }) => ({ zh: words[why]![0].replace('{n}', number), en: words[why]![1].replace('{n}', number) }));
}

async function endAll(trx: Trx, { estate_id, import_id }: ImportRow, seq: number): Promise<void> {
  await sql`update tenure set to_date = from_date - 1, ended_seq = ${seq} where estate_id = ${estate_id} and import_id = ${import_id}`.execute(trx);
  await sql`update space_holding set to_date = from_date - 1, ended_seq = ${seq} where estate_id = ${estate_id} and import_id = ${import_id}`.execute(trx);
  await sql`update meter_reading set ended_seq = ${seq} where estate_id = ${estate_id} and import_id = ${import_id} and ended_seq is null`.execute(trx);
  await sql`update unit_fact set ended_seq = ${seq} where estate_id = ${estate_id} and import_id = ${import_id} and ended_seq is null`.execute(trx);
  const brought = (kind: string) => sql`select number from register_import_object where estate_id = ${estate_id} and import_id = ${import_id} and kind = ${kind}`;
  await sql`update meter set ended_on = ${NEVER}::date where estate_id = ${estate_id} and meter in (${brought('meter')}) and ended_on is null`.execute(trx);
  await sql`update parking_space set ended_on = ${NEVER}::date where estate_id = ${estate_id} and space in (${brought('space')}) and ended_on is null`.execute(trx);
  await sql`update unit set ended_on = ${NEVER}::date where estate_id = ${estate_id} and unit in (${brought('unit')}) and ended_on is null`.execute(trx);
  // Names that came by mistake do not stay: nobody else rests on them.
  const { rows } = await sql<{ party_id: string }>`select p.party_id from party p where p.estate_id = ${estate_id} and p.import_id = ${import_id} and p.erased_at is null
    and not exists (select from tenure t where t.estate_id = p.estate_id and t.party_id = p.party_id and t.import_id is distinct from ${import_id})`.execute(trx);
  const ids = rows.map(({ party_id }) => party_id);
  if (ids.length === 0) return;
  await sql`delete from party_identity where estate_id = ${estate_id} and party_id = any(${ids}::uuid[])`.execute(trx);
  await sql`update party set erased_at = estate_clock(${estate_id}) where estate_id = ${estate_id} and party_id = any(${ids}::uuid[])`.execute(trx);
}

/** Takes an import back, all or nothing; one that was taken back already stays so. Refusals: those of demand() for keep_register,
 *  register_import_unknown, _not_taken, _stands, _bills_old. */
export async function undoImport(house: House, asked: { estate: Estate; actor: Actor | null; import_id: number }): Promise<ImportRow> {
  const { estate: { estate_id }, import_id } = asked;
  const { person_id } = demand(asked.actor, estate_id, 'keep_register');
  return inEstate(house.db.app, estate_id, async (trx) => {
    await trx.selectFrom('register_import').select('import_id').where('estate_id', '=', estate_id).where('import_id', '=', import_id).forUpdate().execute();
    const row = await importNumbered(trx, estate_id, import_id);
    if (row === undefined) throw refusals.register_import_unknown();
    if (row.state === 'undone') return row;
    if (row.state === 'draft') throw refusals.register_import_not_taken({ import: import_id });
    // The record first: with it comes the lock of the log, under which nothing else is entered.
    const seq = await appendRecord(trx, estate_id, 'register_import_undone', { by: person_id, counts: row.counts, import: import_id, sha256: row.sha256, taken: row.taken_seq });
    const found = await obstacles(trx, row);
    if (found.length > 0) {
      const list = (locale: 'zh' | 'en', sign: string): string => found.slice(0, 20).map((one) => one[locale]).join(sign) + (found.length > 20 ? '…' : '');
      throw refusals.register_import_stands({ what: list('zh', '；'), what_en: list('en', '; ') });
    }
    try {
      await sql`select undo_imported_bills(${estate_id}, ${import_id}, ${seq})`.execute(trx);
    } catch (error) {
      throw constraintRefusal(error, {
        register_import_bills_old: () => refusals.register_import_bills_old({ days: 30 }),
        register_import_bills_used: () => refusals.register_import_stands({ what: '有账单已经收过款或减过', what_en: 'a bill was paid or lowered' }),
      });
    }
    await endAll(trx, row, seq);
    await trx.updateTable('register_import').set({ state: 'undone', undone_seq: seq }).where('estate_id', '=', estate_id).where('import_id', '=', import_id).execute();
    return (await importNumbered(trx, estate_id, import_id))!;
  });
}
