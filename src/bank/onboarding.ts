// What has to be done at the bank for a bank account (社银合作开户清单): documents to bring, reserved seals, who holds which
// key (U盾), what to try and to compare afterwards.
//   item: open → done, or not needed      each note is a row of bank_onboarding with a record; the last one counts
// Two items tick themselves: the first statement that was taken, and a signed payment that the bank's line answers. The two
// keys must lie with two persons of two bodies; whatever else is noted is kept, and told loudly. Remarks stay out of the log.
import { sql } from 'kysely';
import { appendRecord, estateNow } from '../evidence/records.ts';
import { demand, type Actor, type Estate, type Office } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { businessDate, isoInstant } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { once } from '../kernel/once.ts';
import { bookText } from '../kernel/text.ts';
import { refusals as bankRefusals } from './refusals.ts';
import { refusals } from './onboarding-refusals.ts';
import { groups, itemTexts } from './onboarding-texts.ts';

export type ItemName = keyof typeof itemTexts;
export type ItemState = 'open' | 'done' | 'not_needed';
export type Group = (typeof groups)[number];

const list: readonly { item: ItemName; group: Group; kept?: 'seal' | 'key'; by_itself?: true; only?: 'property' | 'committee' }[] = [
  { item: 'doc_filing', group: 'documents' }, { item: 'doc_resolution', group: 'documents' }, { item: 'doc_contract', group: 'documents' },
  { item: 'doc_licence', group: 'documents' }, { item: 'doc_legal_id', group: 'documents' }, { item: 'doc_agent_id', group: 'documents' },
  { item: 'doc_agreement', group: 'documents' },
  { item: 'seal_property', group: 'seals', kept: 'seal' }, { item: 'seal_committee', group: 'seals', kept: 'seal' },
  { item: 'key_maker', group: 'keys', kept: 'key' }, { item: 'key_checker', group: 'keys', kept: 'key' },
  { item: 'limits', group: 'online' }, { item: 'query_rights', group: 'online' }, { item: 'statement_export', group: 'online' },
  { item: 'number_property', group: 'checks', only: 'property' }, { item: 'number_committee', group: 'checks', only: 'committee' },
  { item: 'first_statement', group: 'checks', by_itself: true }, { item: 'test_payment', group: 'checks', by_itself: true },
];
export const NOTE_LIMIT = 200;

export interface NoteAsked {
  estate: Estate;
  actor: Actor | null;
  /** Bank account, by its ledger account. */
  account: string;
  item: string;
  state: string;
  note?: string | undefined;
  /** Of a seal or key: number of a term of whoever keeps it. */
  holder_term?: number | undefined;
  /** Of a key: last four signs of its serial number. */
  serial_last4?: string | undefined;
  /** SHA-256 of a file handed in before. */
  voucher?: string | undefined;
  /** Idempotency key. */
  key?: string | null | undefined;
}

/** Notes how an item stands; gives the record. Refusals: those of demand() for propose, bank_account_unknown, onboarding_item_unknown,
 *  onboarding_state_unknown, onboarding_by_itself, onboarding_other_body, onboarding_number_missing, text_*, onboarding_holder_missing,
 *  onboarding_serial_invalid, onboarding_file_unknown. */
export async function noteItem(house: House, asked: NoteAsked): Promise<{ seq: number }> {
  const { estate: { estate_id }, account, key = null } = asked;
  const actor = demand(asked.actor, estate_id, 'propose');
  const { estate: _estate, actor: _actor, key: _key, ...content } = asked;
  const once_key = key === null ? null : `onboarding:${actor.person_id}:${key}`;
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key: once_key, content: JSON.parse(JSON.stringify(content)) as never }, async () => {
    await refuseUnknownAccount(trx, estate_id, account);
    const one = list.find((row) => row.item === asked.item);
    if (one === undefined) throw refusals.onboarding_item_unknown({ item: asked.item.slice(0, 40) }, 'item');
    if (!['open', 'done', 'not_needed'].includes(asked.state)) throw refusals.onboarding_state_unknown({}, 'state');
    const state = asked.state as ItemState;
    const body = await bodyFor(trx, estate_id, account, actor, one, state);
    const note = (asked.note ?? '').trim() === '' ? '' : bookText(asked.note!, { field: 'note', label: '备注 remark', limit: NOTE_LIMIT });
    const kept = one.kept !== undefined && state === 'done' ? await holderOf(trx, estate_id, asked, one.kept) : { holder: null, holder_body: null, serial_last4: null };
    const sha256 = asked.voucher === undefined || asked.voucher === '' ? null : asked.voucher;
    if (sha256 !== null) {
      const file = await trx.selectFrom('voucher').select('sha256').where('estate_id', '=', estate_id).where('sha256', '=', sha256).executeTakeFirst();
      if (file === undefined) throw refusals.onboarding_file_unknown({ sha256: sha256.slice(0, 12) }, 'voucher');
    }
    const given = Object.entries({ ...kept, voucher: sha256 }).filter(([, value]) => value !== null);
    const seq = await appendRecord(trx, estate_id, 'onboarding_noted', { account, body, by: actor.person_id, item: one.item, state, ...Object.fromEntries(given) });
    await trx.insertInto('bank_onboarding').values({
      estate_id, seq, account, item: one.item, state, note, ...kept, sha256, noted_by: actor.person_id, body, noted_at: await estateNow(trx, estate_id),
    }).execute();
    return { seq };
  }));
}

async function refuseUnknownAccount(trx: Trx, estate_id: number, account: string): Promise<void> {
  const known = await trx.selectFrom('bank_account').select('account').where('estate_id', '=', estate_id).where('account', '=', account).executeTakeFirst();
  if (known === undefined) throw bankRefusals.bank_account_unknown({ account: account.slice(0, 20) }, 'account');
}

/** For which of their bodies the actor notes it. */
async function bodyFor(trx: Trx, estate_id: number, account: string, actor: Actor, { item, by_itself, only }: (typeof list)[number], state: ItemState): Promise<string> {
  if (by_itself === true && state === 'done') throw refusals.onboarding_by_itself({ item: itemTexts[item].label.zh, item_en: itemTexts[item].label.en }, 'state');
  const bodies = actor.terms.filter((term) => term.estate_id === estate_id && ['property', 'committee'].includes(term.body)).map((term) => term.body);
  if (only !== undefined && state === 'done') {
    if (!bodies.includes(only)) {
      const { name_zh, name_en } = await trx.selectFrom('body').select(['name_zh', 'name_en']).where('estate_id', '=', estate_id).where('body', '=', only).executeTakeFirstOrThrow();
      throw refusals.onboarding_other_body({ body: name_zh, body_en: name_en }, 'state');
    }
    const number = await trx.selectFrom('bank_account_number').select('account').where('estate_id', '=', estate_id).where('account', '=', account).executeTakeFirst();
    if (number === undefined) throw refusals.onboarding_number_missing({}, 'state');
    return only;
  }
  return bodies[0] ?? 'property';
}

async function holderOf(trx: Trx, estate_id: number, asked: NoteAsked, kept: 'seal' | 'key'): Promise<{ holder: string; holder_body: string; serial_last4: string | null }> {
  const today = businessDate(await estateNow(trx, estate_id));
  const term = asked.holder_term === undefined ? undefined : await trx.selectFrom('term').select(['person_id', 'body']).where('estate_id', '=', estate_id)
    .where('term_id', '=', asked.holder_term).where('starts_on', '<=', today).where('ends_on', '>=', today).executeTakeFirst();
  if (term === undefined) throw refusals.onboarding_holder_missing({}, 'holder_term');
  const typed = (asked.serial_last4 ?? '').normalize('NFKC').trim().toUpperCase();
  if (kept === 'key' && !/^[0-9A-Z]{4}$/.test(typed)) throw refusals.onboarding_serial_invalid({ typed: typed.slice(0, 20) }, 'serial_last4');
  return { holder: term.person_id, holder_body: term.body, serial_last4: kept === 'key' ? typed : null };
}

// ── Reading ──────────────────────────────────────────────────────────────────────────────────────

export interface ItemRow {
  item: ItemName;
  group: Group;
  /** Whether a person keeps it; a key has a serial number besides. */
  kept: 'seal' | 'key' | null;
  by_itself: boolean;
  state: ItemState;
  note: string;
  holder: string | null;
  holder_name: string | null;
  holder_body: string | null;
  serial_last4: string | null;
  sha256: string | null;
  file_name: string | null;
  noted_by: string | null;
  body: string | null;
  noted_at: string | null;
  /** What ticked it by itself. */
  found: { statement_to: string } | { seq: number; number: string; amount: string } | null;
}
export interface Onboarding {
  items: ItemRow[];
  /** What must be told loudly about the two keys; null while one of them is not handed out. */
  keys: 'apart' | 'one_body' | 'one_person' | null;
}

/** How an account stands at the bank. Refusal: bank_account_unknown. */
export async function onboardingOf(trx: Trx, estate_id: number, account: string): Promise<Onboarding> {
  await refuseUnknownAccount(trx, estate_id, account);
  const { rows } = await sql<Omit<ItemRow, 'group' | 'kept' | 'by_itself' | 'found' | 'noted_at'> & { noted_at: Date }>`
    select distinct on (o.item) o.item, o.state, o.note, o.holder, h.name as holder_name, o.holder_body, o.serial_last4, o.sha256, v.file_name,
      n.name as noted_by, o.body, o.noted_at
    from bank_onboarding o
    left join person_identity h on h.person_id = o.holder
    left join person_identity n on n.person_id = o.noted_by
    left join voucher v on v.estate_id = o.estate_id and v.sha256 = o.sha256
    where o.estate_id = ${estate_id} and o.account = ${account} order by o.item, o.seq desc`.execute(trx);
  const found = await foundByItself(trx, estate_id, account);
  const items = list.map(({ item, group, kept = null, by_itself = false }): ItemRow => {
    const noted = rows.find((row) => row.item === item);
    const proof = found[item] ?? null;
    const state = proof !== null ? 'done' : noted?.state ?? 'open';
    const empty = { note: '', holder: null, holder_name: null, holder_body: null, serial_last4: null, sha256: null, file_name: null, noted_by: null, body: null };
    return { ...empty, ...noted, item, group, kept, by_itself, state, noted_at: noted === undefined ? null : isoInstant(noted.noted_at), found: proof };
  });
  const [maker, checker] = (['key_maker', 'key_checker'] as const).map((name) => items.find((row) => row.item === name && row.state === 'done'));
  if (maker === undefined || checker === undefined) return { items, keys: null };
  return { items, keys: maker.holder === checker.holder ? 'one_person' : maker.holder_body === checker.holder_body ? 'one_body' : 'apart' };
}

async function foundByItself(trx: Trx, estate_id: number, account: string): Promise<Partial<Record<ItemName, ItemRow['found']>>> {
  const statement = await trx.selectFrom('bank_statement').select('period_to').where('estate_id', '=', estate_id).where('account', '=', account)
    .orderBy('seq').limit(1).executeTakeFirst();
  const { rows: [payment] } = await sql<{ seq: number; number: string; amount: string }>`
    select e.seq, e.period || ' ' || entry_number(e.kind, e.number) as number, e.amount from bank_match m
    join journal_entry e on e.estate_id = m.estate_id and e.seq = m.entry_seq
    where m.estate_id = ${estate_id} and m.account = ${account} and m.ended_seq is null and e.kind = 'payment' and e.proposal_id is not null
    order by m.seq limit 1`.execute(trx);
  return {
    ...(statement === undefined ? {} : { first_statement: { statement_to: statement.period_to } }),
    ...(payment === undefined ? {} : { test_payment: payment }),
  };
}

export interface Holder { term_id: number; person_id: string; name: string; body: string; office: Office }

/** Who may keep a seal or a key: everybody in office of the two sides and of those who supervise them. */
export async function holders(trx: Trx, estate_id: number): Promise<Holder[]> {
  const today = businessDate(await estateNow(trx, estate_id));
  const rows = await trx.selectFrom('term as t').innerJoin('person_identity as i', 'i.person_id', 't.person_id')
    .select(['t.term_id', 't.person_id', 'i.name', 't.body', 't.office']).where('t.estate_id', '=', estate_id)
    .where('t.starts_on', '<=', today).where('t.ends_on', '>=', today).where('t.office', '!=', 'auditor').orderBy('t.term_id').execute();
  return rows as Holder[];
}
