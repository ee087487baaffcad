// The feed (订阅): disclosures, exceptions and whatever else every owner should hear of, as Atom (RFC 4287), for readers that cannot
// log in. The key in its address is a person's own: it opens as long as they belong to the estate, and ends when they say so.
import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { estateNow } from '../evidence/records.ts';
import { belongsTo, may, type Actor, type Estate } from '../kernel/actor.ts';
import { sha256 } from '../kernel/digest.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { businessDate, isoInstant, type BusinessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { fill, type Locale } from '../kernel/locale.ts';
import { readActor } from '../people/queries.ts';
import { feedKinds, kindTitle } from './bulletin-kinds.ts';
import { refusals } from './refusals.ts';
import { bulletinsOf, type BulletinRow } from './relay-queries.ts';
import { texts } from './texts.ts';

const KEY_BYTES = 24;
/** Entries in a feed; readers keep what they have seen. */
const MOST = 60;

/** Another key for a person; the one before ends. */
export async function makeFeedKey(trx: Trx, estate_id: number, person_id: string): Promise<string> {
  const key = randomBytes(KEY_BYTES).toString('base64url');
  const made = { key_hash: sha256(key), made_at: await estateNow(trx, estate_id) };
  await trx.insertInto('feed_key').values({ estate_id, person_id, ...made })
    .onConflict((conflict) => conflict.columns(['estate_id', 'person_id']).doUpdateSet(made)).execute();
  return key;
}

export async function endFeedKey(trx: Trx, estate_id: number, person_id: string): Promise<void> {
  await trx.deleteFrom('feed_key').where('estate_id', '=', estate_id).where('person_id', '=', person_id).execute();
}

export async function feedKeyOf(trx: Trx, estate_id: number, person_id: string): Promise<Date | null> {
  const row = await trx.selectFrom('feed_key').select('made_at').where('estate_id', '=', estate_id).where('person_id', '=', person_id).executeTakeFirst();
  return row?.made_at ?? null;
}

/** Days of which the holder reads the feed. An auditor who is nothing else here reads it as they read disclosures: where their scope has
 *  these, of its days, and it is noted (oversight/access.ts, whose gate stands before addresses with a login). */
async function feedScope(house: House, actor: Actor, estate_id: number): Promise<{ from: BusinessDate; to: BusinessDate } | 'closed'> {
  const ever = { from: '0001-01-01', to: '9999-12-31' };
  const term = actor.terms.find((one) => one.estate_id === estate_id && one.office === 'auditor');
  if (term === undefined || belongsTo({ ...actor, terms: actor.terms.filter((one) => one.estate_id !== estate_id || one.office !== 'auditor') }, estate_id)) return ever;
  return inEstate(house.db.app, estate_id, async (trx) => {
    const row = await trx.selectFrom('audit_scope').select(['from_day', 'to_day', 'kinds']).where('estate_id', '=', estate_id).where('term_id', '=', term.term_id).executeTakeFirst();
    if (row !== undefined && !row.kinds.includes('disclosures')) return 'closed';
    await sql`select note_audit_read(${estate_id}, ${term.term_id}, 'disclosures')`.execute(trx);
    return { from: row?.from_day ?? ever.from, to: row?.to_day ?? ever.to };
  });
}

/** What stands in the feed, for whoever holds the key. Refusal: feed_unknown, whatever is wrong with it. */
export async function readFeed(house: House, estate: Estate | null, key: string): Promise<BulletinRow[]> {
  if (estate === null || !/^[\w-]{32}$/.test(key)) throw refusals.feed_unknown();
  const { estate_id } = estate;
  const holder = await inEstate(house.db.app, estate_id, (trx) => trx.selectFrom('feed_key').select('person_id')
    .where('estate_id', '=', estate_id).where('key_hash', '=', sha256(key)).executeTakeFirst(), { readOnly: true });
  if (holder === undefined) throw refusals.feed_unknown();
  const actor = await readActor(house, holder.person_id, { kind: 'bearer', scopes: ['read'], csrf: null });
  if (!may(actor ?? null, estate_id, 'read_books')) throw refusals.feed_unknown();
  const scope = await feedScope(house, actor!, estate_id);
  if (scope === 'closed') throw refusals.feed_unknown();
  const rows = await inEstate(house.db.app, estate_id, (trx) => bulletinsOf(trx, estate_id, { kinds: feedKinds, limit: MOST }), { readOnly: true });
  return rows.filter(({ happened_at }) => businessDate(happened_at) >= scope.from && businessDate(happened_at) <= scope.to);
}

const marks: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
const xml = (text: string): string => text.replace(/[&<>"']/g, (mark) => marks[mark]!).replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '');

/** RFC 4287; ids are tag: addresses (RFC 4151) that never change. */
export function atomOf(estate: Pick<Estate, 'code' | 'name_zh' | 'name_en' | 'created_at'>, rows: readonly BulletinRow[], { locale, public_url }: { locale: Locale; public_url: string }): string {
  const { hostname } = new URL(public_url);
  const year = isoInstant(estate.created_at).slice(0, 4);
  const tag = `tag:${hostname},${year}:${estate.code}`;
  const updated = isoInstant(rows[0]?.happened_at ?? estate.created_at);
  const title = fill(texts.feed_of[locale], { estate: locale === 'zh' ? estate.name_zh : estate.name_en });
  const entries = rows.map((row) => [
    '  <entry>', `    <id>${xml(`${tag}/${row.bulletin}`)}</id>`, `    <title>${xml(kindTitle(row.kind, locale))}</title>`, `    <updated>${isoInstant(row.happened_at)}</updated>`,
    `    <category term="${xml(row.kind)}"/>`, `    <link rel="alternate" href="${xml(`${public_url}${row.href}`)}"/>`,
    `    <summary>${xml(locale === 'zh' ? row.text_zh : row.text_en)}</summary>`, '  </entry>',
  ].join('\n'));
  return ['<?xml version="1.0" encoding="utf-8"?>', `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${locale === 'zh' ? 'zh-CN' : 'en'}">`,
    `  <id>${xml(tag)}</id>`, `  <title>${xml(title)}</title>`, `  <updated>${updated}</updated>`, `  <author><name>${xml(locale === 'zh' ? '明账' : 'Mingzhang')}</name></author>`,
    `  <link rel="alternate" href="${xml(`${public_url}/e/${estate.code}`)}"/>`, ...entries, '</feed>', ''].join('\n');
}

export interface LetterRow { channel: 'letter' | 'digest'; state: string; at: Date; problem: string | null }

/** The last letters to a person, newest first. */
export async function lettersOf(trx: Trx, estate_id: number, person_id: string): Promise<LetterRow[]> {
  const { rows } = await sql<LetterRow>`
    select channel, state, coalesce(ended_at, made_at) as at, problem from outbox
    where estate_id = ${estate_id} and person_id = ${person_id} and state <> 'dropped' order by outbox_id desc limit 5`.execute(trx);
  return rows;
}
