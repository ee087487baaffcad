// Relays (推送): robots of the groups an estate talks in, and webhooks of other programs. Set up and ended by manager or chair, each
// time as a record and told to the manager and the whole committee: whoever ends the owners' group does not do so unseen.
//   open → ended (by hand, or because the other side answered 410 Gone)
// The address is the right to write into a group: kept sealed, shown never again, and changed only by ending and opening anew.
import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { appendRecord, estateNow, estateToday } from '../evidence/records.ts';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { sha256Hex } from '../kernel/digest.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import type { Bilingual, Locale } from '../kernel/locale.ts';
import { notify } from '../kernel/notice.ts';
import { once } from '../kernel/once.ts';
import type { SecretBox } from '../kernel/secret-box.ts';
import { bookText } from '../kernel/text.ts';
import { readAddress, relayKinds, relayNames, type RelayKind } from './address.ts';
import { keepBulletins } from './bulletin.ts';
import { choosableKinds, kindTitle } from './bulletin-kinds.ts';
import { dropRelay, queueAgain, queueBulletins } from './outbox.ts';
import { refusals } from './refusals.ts';
import { webhookSecret } from './robots.ts';

export const MOST_RELAYS = 20;
/** Tests of one relay in an hour. */
const MOST_TESTS = 5;
const SECRET_BYTES = 32;

/** What a sealed secret is bound to. */
export const sealedFor = (estate_id: number, kind: string, what: 'address' | 'secret'): string => `relay ${estate_id} ${kind} ${what}`;

export interface RelayTyped { label: string; events: readonly string[]; locale: string }
export interface NewRelay extends RelayTyped { kind: string; address: string; secret?: string | undefined }
interface By { estate: Estate; actor: Actor | null }

const mark = (kind: RelayKind, host: string, locale: Locale): string => (kind === 'webhook' ? `${relayNames[kind][locale]} ${host}` : relayNames[kind][locale]);

function readEvents(typed: readonly string[]): string[] {
  const events = [...new Set(typed.map((event) => event.trim()).filter((event) => event !== ''))].sort();
  const known: readonly string[] = choosableKinds;
  if (events.length === 0 || !events.every((event) => known.includes(event))) {
    throw refusals.relay_events_unknown({ choices: choosableKinds.map((kind) => `${kind} ${kindTitle(kind, 'zh')}`).join('、') }, 'events');
  }
  return events;
}

function readFacts({ label, events, locale }: RelayTyped): { label: string; events: string[]; locale: Locale } {
  const named = bookText(label, { field: 'label', label: '名称 name', limit: 40 });
  if (locale !== 'zh' && locale !== 'en') throw refusals.relay_locale_unknown({ typed: locale.slice(0, 10) }, 'locale');
  return { label: named, events: readEvents(events), locale };
}

function readSecret(kind: RelayKind, typed: string): string | null {
  const secret = typed.trim();
  if (kind === 'webhook') return webhookSecret(randomBytes(SECRET_BYTES));
  if (secret === '') return null;
  if (kind === 'wecom' || !/^[\x21-\x7e]{8,200}$/.test(secret)) throw refusals.relay_secret_invalid({}, 'secret');
  return secret;
}

function boxOf({ secrets }: Pick<House, 'secrets'>): SecretBox {
  if (secrets === null || secrets === undefined) throw refusals.relay_keyless();
  return secrets;
}

/** Manager and committee hear of every change. */
async function tell(trx: Trx, estate: Estate, { key, relay_id, text }: { key: string; relay_id: number; text: Bilingual }): Promise<void> {
  const { estate_id, code } = estate;
  const today = await estateToday(trx, estate_id);
  const rows = await trx.selectFrom('term').select('person_id').distinct().where('estate_id', '=', estate_id)
    .where('office', 'in', ['chair', 'member', 'manager']).where('starts_on', '<=', today).where('ends_on', '>=', today).execute();
  await notify(trx, { estate_id, person_ids: rows.map((row) => row.person_id), key, href: `/e/${code}/relays/${relay_id}`, text });
}

/** Sets a relay up; the secret of a webhook is in the answer and nowhere else. Refusals in this order: those of demand() for publish,
 *  relay_kind_unknown, text_*, relay_locale_unknown, relay_events_unknown, relay_address_*, relay_secret_invalid, relay_keyless, relay_too_many. */
export async function openRelay(house: House, { estate, actor, key = null, ...typed }: By & NewRelay & { key?: string | null | undefined }): Promise<{ relay: number; secret: string | null }> {
  const { estate_id } = estate;
  const { person_id } = demand(actor, estate_id, 'publish');
  const kind = relayKinds.find((known) => known === typed.kind);
  if (kind === undefined) throw refusals.relay_kind_unknown({ typed: typed.kind.slice(0, 20) }, 'kind');
  const facts = readFacts(typed);
  const url = readAddress(kind, typed.address, { loopback: house.settings.relays_on_loopback });
  const secret = readSecret(kind, typed.secret ?? '');
  const box = boxOf(house);
  const once_key = key === null ? null : `relay:${person_id}:${key}`;
  // The key of the form is kept with what it was about; the address only as a hash.
  const content = { kind, ...facts, address: sha256Hex(url.href), secret: kind === 'webhook' ? null : secret === null ? null : sha256Hex(secret) };
  let fresh = false;
  const { relay } = await inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key: once_key, content }, async () => {
    fresh = true;
    await sql`select pg_advisory_xact_lock(hashtextextended(${`relays ${estate_id}`}, 0))`.execute(trx);
    const { count } = await trx.selectFrom('relay').select(({ fn }) => fn.countAll<number>().as('count')).where('estate_id', '=', estate_id).where('ended_at', 'is', null).executeTakeFirstOrThrow();
    if (count >= MOST_RELAYS) throw refusals.relay_too_many({ count, limit: MOST_RELAYS });
    const seq = await appendRecord(trx, estate_id, 'relay_opened', { by: person_id, events: facts.events, host: url.hostname, label: facts.label, relay_kind: kind });
    const row = await trx.insertInto('relay').values({
      estate_id, kind, ...facts, host: url.hostname, opened_by: person_id, opened_at: sql<Date>`estate_clock(${estate_id})`, seq,
      sealed_address: box.seal(url.href, sealedFor(estate_id, kind, 'address')),
      sealed_secret: secret === null ? null : box.seal(secret, sealedFor(estate_id, kind, 'secret')),
    }).returning('relay_id').executeTakeFirstOrThrow();
    await tell(trx, estate, { key: `relay:${row.relay_id}:opened`, relay_id: row.relay_id, text: {
      zh: `新设了推送“${facts.label}”（${mark(kind, url.hostname, 'zh')}）。没有商定过的，请停用。`,
      en: `A relay was set up: "${facts.label}" (${mark(kind, url.hostname, 'en')}). If you had not agreed on it, end it.`,
    } });
    return { relay: row.relay_id };
  }));
  return { relay, secret: kind === 'webhook' && fresh ? secret : null };
}

export interface RelayRow { relay_id: number; kind: RelayKind; label: string; host: string; events: string[]; locale: Locale; opened_at: Date; ended_at: Date | null; ended_why: string | null; sealed_secret: Buffer | null }

async function readRelay(trx: Trx, estate_id: number, relay: number, { open = true } = {}): Promise<RelayRow> {
  const row = await trx.selectFrom('relay').select(['relay_id', 'kind', 'label', 'host', 'events', 'locale', 'opened_at', 'ended_at', 'ended_why', 'sealed_secret'])
    .where('estate_id', '=', estate_id).where('relay_id', '=', relay).forUpdate().executeTakeFirst();
  if (row === undefined) throw refusals.relay_unknown({ relay });
  if (open && row.ended_at !== null) throw refusals.relay_ended_already({ relay });
  return row as RelayRow;
}

/** Changes name, kinds and language. Refusals: those of demand() for publish, text_*, relay_locale_unknown, relay_events_unknown, relay_unknown, relay_ended_already. */
export async function changeRelay(house: House, { estate, actor, relay, ...typed }: By & RelayTyped & { relay: number }): Promise<void> {
  const { estate_id } = estate;
  const { person_id } = demand(actor, estate_id, 'publish');
  const facts = readFacts(typed);
  await inEstate(house.db.app, estate_id, async (trx) => {
    const row = await readRelay(trx, estate_id, relay);
    if (row.label === facts.label && row.locale === facts.locale && row.events.join() === facts.events.join()) return;
    const seq = await appendRecord(trx, estate_id, 'relay_changed', { by: person_id, events: facts.events, label: facts.label, relay });
    await trx.updateTable('relay').set(facts).where('estate_id', '=', estate_id).where('relay_id', '=', relay).execute();
    await tell(trx, estate, { key: `relay:${relay}:changed:${seq}`, relay_id: relay, text: {
      zh: `推送“${facts.label}”（${mark(row.kind, row.host, 'zh')}）改了：现在推送${facts.events.map((event) => kindTitle(event, 'zh')).join('、')}。`,
      en: `The relay "${facts.label}" (${mark(row.kind, row.host, 'en')}) was changed; it now sends: ${facts.events.map((event) => kindTitle(event, 'en')).join(', ')}.`,
    } });
  });
}

/** Ends a relay; what waits for it is dropped. Refusals: those of demand() for publish, relay_unknown, relay_ended_already. */
export async function endRelay(house: House, { estate, actor, relay }: By & { relay: number }): Promise<void> {
  const { estate_id } = estate;
  const { person_id } = demand(actor, estate_id, 'publish');
  await inEstate(house.db.app, estate_id, async (trx) => closeRelay(trx, estate, await readRelay(trx, estate_id, relay), person_id));
}

/** `by` null: the other side said that it is gone. */
export async function closeRelay(trx: Trx, estate: Estate, { relay_id, kind, label, host }: Pick<RelayRow, 'relay_id' | 'kind' | 'label' | 'host'>, by: string | null): Promise<void> {
  const { estate_id } = estate;
  await appendRecord(trx, estate_id, 'relay_ended', { by, relay: relay_id, label, why: by === null ? 'gone' : 'by_hand' });
  await trx.updateTable('relay').set({ ended_at: await estateNow(trx, estate_id), ended_by: by, ended_why: by === null ? 'gone' : 'by_hand' })
    .where('estate_id', '=', estate_id).where('relay_id', '=', relay_id).execute();
  await dropRelay(trx, estate_id, relay_id);
  await tell(trx, estate, { key: `relay:${relay_id}:ended`, relay_id, text: by === null ? {
    zh: `推送“${label}”（${mark(kind, host, 'zh')}）的接收方答复说地址已不存在，已自动停用。还要推送，请新建。`,
    en: `The other side of the relay "${label}" (${mark(kind, host, 'en')}) says that the address is gone; it has ended. Set up another if you need it.`,
  } : {
    zh: `推送“${label}”（${mark(kind, host, 'zh')}）已停用，之后的通报不再发到那里。`,
    en: `The relay "${label}" (${mark(kind, host, 'en')}) was ended; nothing more is sent there.`,
  } });
}

/** Sends a test through the outbox like any bulletin; gives its number. Refusals: those of demand() for publish, relay_unknown,
 *  relay_ended_already, relay_tests_too_many. */
export async function testRelay(house: House, { estate, actor, relay }: By & { relay: number }): Promise<number> {
  const { estate_id } = estate;
  demand(actor, estate_id, 'publish');
  return inEstate(house.db.app, estate_id, async (trx) => {
    await readRelay(trx, estate_id, relay);
    const { rows: [found] } = await sql<{ tests: number }>`
      select count(*)::integer as tests from outbox o join bulletin b on b.estate_id = o.estate_id and b.bulletin_id = o.bulletin_id
      where o.estate_id = ${estate_id} and o.relay_id = ${relay} and b.kind = 'relay_tested' and o.made_at > estate_clock(${estate_id}) - interval '1 hour'`.execute(trx);
    if (found!.tests >= MOST_TESTS) throw refusals.relay_tests_too_many({ limit: MOST_TESTS });
    const [bulletin] = await keepBulletins(trx, estate, [{
      key: `test:${randomBytes(8).toString('hex')}`, kind: 'relay_tested', facts: { relay }, path: `/relays/${relay}`, at: await estateNow(trx, estate_id),
    }]);
    await queueBulletins(trx, estate_id, [bulletin!], relay);
    return bulletin!;
  });
}

/** What was given up goes out again. Refusals: those of demand() for publish, relay_unknown, relay_ended_already. */
export async function resendRelay(house: House, { estate, actor, relay }: By & { relay: number }): Promise<number> {
  const { estate_id } = estate;
  demand(actor, estate_id, 'publish');
  return inEstate(house.db.app, estate_id, async (trx) => {
    await readRelay(trx, estate_id, relay);
    return queueAgain(trx, estate_id, relay);
  });
}

/** Another secret for a webhook; for a day both sign. It is in the answer and nowhere else. Refusals: those of demand() for publish,
 *  relay_keyless, relay_unknown, relay_ended_already, relay_no_secret. */
export async function renewSecret(house: House, { estate, actor, relay }: By & { relay: number }): Promise<string> {
  const { estate_id } = estate;
  const { person_id } = demand(actor, estate_id, 'publish');
  const box = boxOf(house);
  const secret = webhookSecret(randomBytes(SECRET_BYTES));
  await inEstate(house.db.app, estate_id, async (trx) => {
    const row = await readRelay(trx, estate_id, relay);
    if (row.kind !== 'webhook') throw refusals.relay_no_secret({ relay });
    const seq = await appendRecord(trx, estate_id, 'relay_secret_changed', { by: person_id, label: row.label, relay });
    // The receiver takes nothing any more that the old one signs: whoever listens there has to hear of it.
    await tell(trx, estate, { key: `relay:${relay}:secret:${seq}`, relay_id: relay, text: {
      zh: `推送“${row.label}”（${mark(row.kind, row.host, 'zh')}）换了签名密钥，旧的一天后失效。没有商定过的，请查明是谁换的。`,
      en: `The relay "${row.label}" (${mark(row.kind, row.host, 'en')}) signs with another secret; the earlier one ends in a day. If you had not agreed on it, ask who changed it.`,
    } });
    await trx.updateTable('relay').set({
      sealed_secret: box.seal(secret, sealedFor(estate_id, row.kind, 'secret')), sealed_before: row.sealed_secret,
      before_until: sql<Date>`estate_clock(${estate_id}) + interval '1 day'`,
    }).where('estate_id', '=', estate_id).where('relay_id', '=', relay).execute();
  });
  return secret;
}
