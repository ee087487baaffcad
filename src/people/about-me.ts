// Everything kept about a person, for that person (PIPL §45): one JSON document. What they did in office stands in the
// books and the log for every owner; here it is counted, and its records are named.
import { sql } from 'kysely';
import type { Actor } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import { isoInstant } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { aboutDwellings } from './about-dwellings.ts';
import { estatesOf, ownTexts } from './erasure-queries.ts';
import { ownKeys } from './passkey-revoke.ts';
import { recoveryCodesOf } from './recovery-code.ts';

const iso = (moment: Date | null): string | null => (moment === null ? null : isoInstant(moment));

/** What one estate keeps of a person. */
async function keptIn(house: House, estate_id: number, person_id: string) {
  return inEstate(house.db.app, estate_id, async (trx) => {
    const own = <T extends object>(query: { execute(): Promise<T[]> }): Promise<T[]> => query.execute();
    const homes = await own(trx.selectFrom('resident').select(['unit', 'joined_at', 'left_at'])
      .where('estate_id', '=', estate_id).where('person_id', '=', person_id).orderBy('joined_at'));
    const offices = await own(trx.selectFrom('term').select(['term_id', 'body', 'office', 'starts_on', 'ends_on', 'resolution'])
      .where('estate_id', '=', estate_id).where('person_id', '=', person_id).orderBy('term_id'));
    const notices = await own(trx.selectFrom('notice').select(['text_zh', 'text_en', 'created_at', 'read_at', 'mailed_at'])
      .where('estate_id', '=', estate_id).where('person_id', '=', person_id).orderBy('notice_id'));
    const payees = await own(trx.selectFrom('payee as p').innerJoin('payee_identity as i', (join) =>
      join.onRef('i.estate_id', '=', 'p.estate_id').onRef('i.payee_id', '=', 'p.payee_id'))
      .select(['p.payee_id', 'i.name', 'i.bank_name', 'i.account_number'])
      .where('p.estate_id', '=', estate_id).where('p.person_id', '=', person_id).orderBy('p.payee_id'));
    const { rows: [done] } = await sql<{ proposals: number[]; signatures: number[]; entries: number[] }>`
      select array(select proposal_id from proposal where estate_id = ${estate_id} and made_by = ${person_id} order by 1) as proposals,
        array(select seq from signature where estate_id = ${estate_id} and person_id = ${person_id} order by 1) as signatures,
        array(select seq from journal_entry where estate_id = ${estate_id} and made_by = ${person_id} order by 1) as entries`.execute(trx);
    const texts = await ownTexts(trx, estate_id, person_id);
    const { rows: [register] } = await sql<{ register: object }>`
      select json_build_object(
        'entries', coalesce((select json_agg(json_build_object('party_id', p.party_id, 'kind', p.kind, 'name', i.name, 'phone', i.phone, 'note', i.note, 'entered_at', p.entered_at) order by p.entered_at)
          from party p left join party_identity i on i.estate_id = p.estate_id and i.party_id = p.party_id where p.estate_id = ${estate_id} and p.person_id = ${person_id}), '[]'),
        'tenures', coalesce((select json_agg(json_build_object('unit', t.unit, 'kind', t.kind, 'share', t.share, 'pays', t.pays, 'from_date', t.from_date, 'to_date', t.to_date) order by t.tenure_id)
          from tenure t join party p on p.estate_id = t.estate_id and p.party_id = t.party_id where t.estate_id = ${estate_id} and p.person_id = ${person_id}), '[]'),
        'paid_by_me', coalesce((select json_agg(json_build_object('receipt', n.number, 'payer', n.payer, 'method', n.method) order by n.number)
          from receipt_note n join party p on p.estate_id = n.estate_id and p.party_id = n.party_id where n.estate_id = ${estate_id} and p.person_id = ${person_id}), '[]'),
        'corrections', coalesce((select json_agg(json_build_object('request_id', c.request_id, 'unit', c.unit, 'about', c.about, 'request', c.request, 'asked_at', c.asked_at, 'outcome', c.outcome, 'answer', c.answer) order by c.request_id)
          from correction_request c where c.estate_id = ${estate_id} and c.person_id = ${person_id}), '[]'),
        'notice_choice', (select json_build_object('bills', c.bills, 'mail', c.mail, 'ways', c.ways) from notice_choice c where c.estate_id = ${estate_id} and c.person_id = ${person_id}),
        'feed_key_made_at', (select f.made_at from feed_key f where f.estate_id = ${estate_id} and f.person_id = ${person_id}),
        'letters', coalesce((select json_agg(json_build_object('kind', o.channel, 'state', o.state, 'made_at', o.made_at, 'ended_at', o.ended_at) order by o.outbox_id)
          from outbox o where o.estate_id = ${estate_id} and o.person_id = ${person_id}), '[]')) as register`.execute(trx);
    const dwellings = await aboutDwellings(trx, { estate_id, person_id, units: homes.filter((home) => home.left_at === null).map((home) => home.unit) });
    return {
      homes: homes.map((row) => ({ ...row, joined_at: iso(row.joined_at), left_at: iso(row.left_at) })), offices,
      written: texts.map(({ written_at, ...row }) => ({ ...row, written_at: iso(written_at) })),
      notices: notices.map((row) => ({ ...row, created_at: iso(row.created_at), read_at: iso(row.read_at), mailed_at: iso(row.mailed_at) })),
      register: register!.register, dwellings, paid_as: payees, made_proposals: done!.proposals, signature_records: done!.signatures, entry_records: done!.entries,
    };
  }, { readOnly: true });
}

/** The document, ready to be written as JSON. */
export async function ownData(house: House, { person_id, name, login }: Actor) {
  const { app } = house.db;
  const identity = await app.selectFrom('person_identity').select(['phone', 'email']).where('person_id', '=', person_id).executeTakeFirst();
  const sessions = await app.selectFrom('session').select(['kind', 'label', 'scopes', 'created_at', 'seen_at', 'expires_at', 'revoked_at'])
    .where('person_id', '=', person_id).orderBy('created_at').execute();
  const failures = await app.selectFrom('login_failure').select(['address', 'failed_at'])
    .where('login', 'in', [login, `password ${person_id}`, `signing ${person_id}`]).orderBy('failed_at').execute();
  const codes = await recoveryCodesOf(house, person_id);
  const estates = [];
  for (const { estate_id, code, name_zh } of await estatesOf(house, person_id)) {
    estates.push({ estate: code, name: name_zh, ...await keptIn(house, estate_id, person_id) });
  }
  return {
    format: 'mingzhang/my-data/v1', made_at: isoInstant(house.clock()),
    note_zh: '这里存着的关于您的全部信息。存证里只有 person_id 这个编号；密码、验证码和令牌只存摘要，不在其中。',
    note_en: 'Everything kept about you. The log knows only person_id; of passwords, codes and tokens only hashes are kept, and they are left out.',
    person_id, name, login, phone: identity?.phone ?? null, email: identity?.email ?? null,
    estates, passkeys: await ownKeys(house, person_id),
    recovery_codes: { unused: codes.unused, issued_at: iso(codes.issued_at) },
    sessions: sessions.map((row) => ({
      ...row, created_at: iso(row.created_at), seen_at: iso(row.seen_at), expires_at: iso(row.expires_at), revoked_at: iso(row.revoked_at),
    })),
    wrong_passwords: failures.map(({ address, failed_at }) => ({ address, failed_at: iso(failed_at) })),
  };
}
