// Sending what lies in the outbox, for one estate; by a job, at most once a minute, in a queue of its own so that a slow server
// keeps nobody from their books. What one side cannot take does not keep the others from theirs.
//   claimed → sent → done          the mail server is away: all letters wait, and the job says so where /readyz looks
//                                  a relay does not answer: what waits for it waits along; after the last try it is given up
//                                  and manager and committee are told
import { sql } from 'kysely';
import type { Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import type { Locale } from '../kernel/locale.ts';
import { stopWord } from '../kernel/notice-choice.ts';
import { closeLetters, noticesToSend, notify } from '../kernel/notice.ts';
import { estateToday } from '../evidence/records.ts';
import type { RelayKind } from './address.ts';
import { gatherBulletins, isBulletinDue } from './bulletin.ts';
import { digestParts } from './digest.ts';
import { digestLetter, noticesLetter, type Written } from './letter.ts';
import { claim, end, forgetOld, holdBack, isDue, PAUSES, putOff, queueLetters, type Claimed } from './outbox.ts';
import { NoAnswer, post } from './post.ts';
import { closeRelay, sealedFor } from './relay.ts';
import { MOST_AT_ONCE, verdictOf, wireOf, type ToSend, type Verdict } from './robots.ts';

/** Messages to one relay, and letters, in one run; the next run takes the rest. */
const MOST_IN_A_RUN = 60;

/** Whether there is anything to gather or to send. */
export const isDeliveryDue = ({ db, mail }: Pick<House, 'db' | 'mail'>, { estate_id }: Estate): Promise<boolean> =>
  inEstate(db.app, estate_id, async (trx) => await isBulletinDue(trx, estate_id) || await isDue(trx, estate_id, { letters: (mail ?? null) !== null }), { readOnly: true });

/** Gathers what is new and sends what is due; gives one word per letter and message, for the log. Throws when the mail server cannot
 *  be reached, after everything else was sent. */
export async function deliverDue(house: House, estate: Estate): Promise<string[]> {
  const { estate_id } = estate;
  await gatherBulletins(house, estate);
  await inEstate(house.db.app, estate_id, async (trx) => {
    if ((house.mail ?? null) !== null) await queueLetters(trx, estate_id);
    await forgetOld(trx, estate_id);
  });
  const relays = await inEstate(house.db.app, estate_id, async (trx) => (await sql<{ relay_id: number }>`
    select distinct relay_id from outbox where estate_id = ${estate_id} and relay_id is not null and state = 'waiting' and next_at <= estate_clock(${estate_id})
    order by relay_id`.execute(trx)).rows, { readOnly: true });
  // What goes wrong with one of them keeps neither the others nor the letters; it is told when all of them had their turn.
  const tried = await Promise.allSettled(relays.map(({ relay_id }) => sendToRelay(house, estate, relay_id)));
  const letters = await sendLetters(house, estate);
  return [...tried.flatMap((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  }), ...letters];
}

// ── Letters ──────────────────────────────────────────────────────────────────────────────────────

interface Reader { email: string | null; name: string; stop: string }

async function readerOf(trx: Trx, estate: Estate, person_id: string, public_url: string): Promise<Reader> {
  const row = await trx.selectFrom('person_identity').select(['email', 'name']).where('person_id', '=', person_id).executeTakeFirst();
  const { rows: [choice] } = await sql<{ mail: boolean }>`
    select coalesce((select mail from notice_choice where estate_id = ${estate.estate_id} and person_id = ${person_id}), true) as mail`.execute(trx);
  const word = await stopWord(trx, estate.estate_id, person_id);
  return { email: choice!.mail ? row?.email ?? null : null, name: row?.name ?? '', stop: `${public_url}/e/${estate.code}/stop/${word}` };
}

/** A letter as it would be written now, and what to do with its notices afterwards; null where it has nothing to say any more. */
interface Ready { to: string; stop: string; written: Written; notices: { estate_id: number; ids: number[] }[] }

async function writeLetter(house: House, estate: Estate, row: Claimed): Promise<Ready | null> {
  const { estate_id, code } = estate;
  const { settings: { public_url }, db: { app } } = house;
  const person_id = row.person_id!;
  const { reader, notices } = await inEstate(app, estate_id, async (trx) => ({
    reader: await readerOf(trx, estate, person_id, public_url), notices: row.channel === 'letter' ? await noticesToSend(trx, estate_id, person_id, 'now') : [],
  }));
  const { email, name, stop } = reader;
  if (row.channel === 'letter') {
    if (email === null || notices.length === 0) {
      if (email === null) await inEstate(app, estate_id, (trx) => closeLetters(trx, estate_id, notices.map((one) => one.notice_id), 'given_up'));
      return null;
    }
    return { to: email, stop, written: noticesLetter({ estate, name, public_url, stop, notices }), notices: [{ estate_id, ids: notices.map((one) => one.notice_id) }] };
  }
  if (email === null) return null;
  const parts = await digestParts(house, person_id);
  if (parts.length === 0) return null;
  const estates = await app.selectFrom('estate').select(['estate_id', 'code']).where('code', 'in', parts.map((part) => part.estate.code)).execute();
  return {
    to: email, stop, written: digestLetter({ name, public_url, stop, choices: `${public_url}/e/${code}/notices/choices`, parts }),
    notices: parts.map((part) => ({ estate_id: estates.find((one) => one.code === part.estate.code)!.estate_id, ids: part.notices.map((one) => one.notice_id) })),
  };
}

async function sendLetters(house: House, estate: Estate): Promise<string[]> {
  const { db: { app }, mail, log } = house;
  const { estate_id, code } = estate;
  if (mail === null || mail === undefined) return [];
  const within = <T>(work: (trx: Trx) => Promise<T>): Promise<T> => inEstate(app, estate_id, work);
  const done: string[] = [];
  for (let sent = 0; sent < MOST_IN_A_RUN; sent += 1) {
    const [row] = await within((trx) => claim(trx, estate_id, { letters: true }, 1));
    if (row === undefined) break;
    const ready = await writeLetter(house, estate, row);
    if (ready === null) {
      await within((trx) => end(trx, estate_id, [row], 'dropped'));
      continue;
    }
    const about = async (outcome: 'sent' | 'given_up'): Promise<void> => {
      for (const part of ready.notices) await inEstate(app, part.estate_id, (trx) => closeLetters(trx, part.estate_id, part.ids, outcome));
    };
    const count = ready.notices.reduce((all, part) => all + part.ids.length, 0);
    try {
      const answer = await mail({ to: ready.to, ...ready.written, id: row.delivery_id, stop: ready.stop });
      if (answer === 'sent') {
        await about('sent');
        await within((trx) => end(trx, estate_id, [row], 'sent'));
      } else if (answer === 'refused') {
        log.warn({ estate: code, person_id: row.person_id }, 'the mail server refused a letter for good');
        await about('given_up');
        await within((trx) => end(trx, estate_id, [row], 'failed', 'mail_refused'));
      } else if ((await within((trx) => putOff(trx, estate_id, [row], 'mail_later'))).length > 0) await about('given_up');
      done.push(`${row.channel} ${answer} ${count}`);
    } catch (error) {
      // The server itself: every letter waits, and whoever runs this service is told.
      await within(async (trx) => {
        const lost = await putOff(trx, estate_id, [row], 'mail_away');
        await holdBack(trx, estate_id, { letters: true }, PAUSES[Math.min(row.attempts, PAUSES.length) - 1]!);
        if (lost.length > 0) log.warn({ estate: code, person_id: row.person_id }, 'a letter was given up: the mail server stayed away');
      });
      throw error;
    }
  }
  return done;
}

// ── Relays ───────────────────────────────────────────────────────────────────────────────────────

interface OpenedRelay { relay_id: number; kind: RelayKind; label: string; host: string; locale: Locale; address: URL | null; secrets: string[] }

async function openedRelay(house: House, trx: Trx, estate_id: number, relay_id: number): Promise<OpenedRelay | null> {
  const { rows: [row] } = await sql<{ kind: RelayKind; label: string; host: string; locale: Locale; sealed_address: Buffer; sealed_secret: Buffer | null; sealed_before: Buffer | null }>`
    select kind, label, host, locale, sealed_address, sealed_secret, case when before_until > estate_clock(${estate_id}) then sealed_before end as sealed_before
    from relay where estate_id = ${estate_id} and relay_id = ${relay_id} and ended_at is null`.execute(trx);
  if (row === undefined) return null;
  const { sealed_address, sealed_secret, sealed_before, ...about } = row;
  const open = (sealed: Buffer, what: 'address' | 'secret'): string | null => house.secrets?.open(sealed, sealedFor(estate_id, row.kind, what)) ?? null;
  const address = open(sealed_address, 'address');
  const secrets = [sealed_secret, sealed_before].filter((sealed) => sealed !== null).map((sealed) => open(sealed, 'secret'));
  // A key that is lost opens nothing: then nothing is sent unsigned either.
  const whole = address !== null && !secrets.includes(null);
  return { relay_id, ...about, address: whole ? new URL(address) : null, secrets: secrets.filter((secret) => secret !== null) };
}

async function bulletinsFor(trx: Trx, estate_id: number, rows: readonly Claimed[]): Promise<ToSend[]> {
  const found = await trx.selectFrom('bulletin').select(['bulletin_id', 'kind', 'facts', 'text_zh', 'text_en', 'href', 'happened_at'])
    .where('estate_id', '=', estate_id).where('bulletin_id', 'in', rows.map((row) => row.bulletin_id!)).execute();
  return rows.map((row) => ({ ...found.find((one) => one.bulletin_id === row.bulletin_id)!, delivery_id: row.delivery_id }));
}

async function tryOnce(house: House, estate: Estate, relay: OpenedRelay, all: readonly ToSend[]): Promise<Verdict> {
  const { kind, locale, address, secrets } = relay;
  if (address === null) return { problem: 'key_lost', busy: true };
  const loopback = house.settings.relays_on_loopback;
  const { url, ...wire } = wireOf({ kind, locale, address, secrets, estate, public_url: house.settings.public_url, now: house.clock() }, all);
  try {
    return verdictOf(kind, await post(url, { ...wire, loopback }));
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    return { problem: error.problem, busy: true };
  }
}

async function sendToRelay(house: House, estate: Estate, relay_id: number): Promise<string[]> {
  const { estate_id } = estate;
  const within = <T>(work: (trx: Trx) => Promise<T>): Promise<T> => inEstate(house.db.app, estate_id, work);
  const done: string[] = [];
  const relay = await within((trx) => openedRelay(house, trx, estate_id, relay_id));
  for (let round = 0; round < MOST_IN_A_RUN; round += 1) {
    const { rows, all } = await within(async (trx) => {
      const claimed = await claim(trx, estate_id, { relay_id }, relay === null ? 1_000 : MOST_AT_ONCE[relay.kind]);
      return { rows: claimed, all: relay === null || claimed.length === 0 ? [] : await bulletinsFor(trx, estate_id, claimed) };
    });
    if (rows.length === 0) break;
    if (relay === null) {
      await within((trx) => end(trx, estate_id, rows, 'dropped'));
      break;
    }
    const { problem, gone = false, busy = false } = await tryOnce(house, estate, relay, all);
    done.push(`${relay.kind} ${relay_id} ${problem ?? 'sent'} ${rows.length}`);
    if (problem === null) await within((trx) => end(trx, estate_id, rows, 'sent'));
    else if (gone) {
      await within(async (trx) => {
        await end(trx, estate_id, rows, 'failed', problem);
        await closeRelay(trx, estate, relay, null);
      });
      break;
    } else {
      await within(async (trx) => {
        const lost = await putOff(trx, estate_id, rows, problem);
        if (busy) await holdBack(trx, estate_id, { relay_id }, PAUSES[Math.min(rows[0]!.attempts, PAUSES.length) - 1]!);
        if (lost.length > 0 || rows[0]!.attempts === TELL_AFTER) await tellOfTrouble(trx, estate, relay, rows[0]!.outbox_id, lost.length > 0);
      });
      if (busy) break;
    }
  }
  return done;
}

/** Failed tries of one message after which somebody should look (some three quarters of an hour). */
const TELL_AFTER = 4;

async function tellOfTrouble(trx: Trx, { estate_id, code }: Estate, { relay_id, label }: OpenedRelay, outbox_id: number, given_up: boolean): Promise<void> {
  const today = await estateToday(trx, estate_id);
  const persons = await trx.selectFrom('term').select('person_id').distinct().where('estate_id', '=', estate_id)
    .where('office', 'in', ['chair', 'manager']).where('starts_on', '<=', today).where('ends_on', '>=', today).execute();
  await notify(trx, {
    estate_id, person_ids: persons.map((row) => row.person_id), key: `relay:${relay_id}:${given_up ? 'lost' : 'trouble'}:${outbox_id}`, href: `/e/${code}/relays/${relay_id}`,
    text: given_up ? {
      zh: `推送“${label}”连续三天送不到，有消息已放弃。请检查地址，修好后可在推送页重发。`, en: `The relay "${label}" could not be reached for three days and messages were given up. Check it; they can be sent again from its page.`,
    } : {
      zh: `推送“${label}”一直送不到，系统会继续重试。请检查群机器人是否还在。`, en: `The relay "${label}" cannot be reached; it is tried again. Check that the robot is still there.`,
    },
  });
}
