// Notices by e-mail (提醒邮件): where a mail server is set, whoever gave an address is sent what they have not read
// yet, each notice once, all that waits for a person in one letter, with links to the pages.
//   told → claimed (notice.mailed_at) → sent      A server that cannot be reached: given back, and tried again.
// A letter that is lost between claiming and sending is not sent again: the page of notices is what counts.
import { createTransport } from 'nodemailer';
import { sql } from 'kysely';
import type { Estate } from './actor.ts';
import { inEstate } from './database.ts';
import type { House } from './house.ts';
import { fill, type Bilingual } from './locale.ts';
import { stopWord } from './notice-choice.ts';

/** `stop`: address that stops such letters without a login. */
export interface Letter { to: string; subject: string; text: string; stop?: string | undefined }
/** 'refused': the server will never take it for this address. Throws when it may work later. */
export type Send = (letter: Letter) => Promise<'sent' | 'refused'>;

/** A plain address, as people have them: neither quotes nor comments, so that nothing hides in it. */
export const isMailAddress = (text: string): boolean =>
  text.length <= 200 && /^[A-Za-z0-9._%+-]+@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}$/.test(text);

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/;

/** `url`: smtp://user:password@host:587?from=books@example.cn, or smtps: for a port that speaks TLS at once. */
export function openMail(url: string, public_url: string): Send {
  const { hostname, port, protocol, username, password, searchParams } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const user = decodeURIComponent(username);
  const auth = user === '' ? null : { user, pass: decodeURIComponent(password) };
  const from = searchParams.get('from') ?? (isMailAddress(user) ? user : `mingzhang@${new URL(public_url).hostname}`);
  const transport = createTransport({
    host, secure: protocol === 'smtps:', disableFileAccess: true, disableUrlAccess: true,
    port: port === '' ? (protocol === 'smtps:' ? 465 : 587) : Number(port),
    connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000,
    ...(auth === null ? {} : { auth }),
    // A password does not go over an open line.
    requireTLS: auth !== null && !loopback.test(host),
  });
  return async ({ to, subject, text, stop }) => {
    try {
      await transport.sendMail({
        from: { name: '明账 Mingzhang', address: from }, to: { name: '', address: to }, subject, text, ...(stop === undefined ? {} : { list: { unsubscribe: stop } }),
      });
      return 'sent';
    } catch (error) {
      if (isFinal(error)) return 'refused';
      throw error;
    }
  };
}

/** The server answered that this letter will never do (5xx after RCPT or DATA): trying again changes nothing. */
function isFinal(error: unknown): boolean {
  const { code, responseCode = 0 } = error as { code?: string; responseCode?: number };
  return (code === 'EENVELOPE' || code === 'EMESSAGE') && responseCode >= 500;
}

// ── The letter ───────────────────────────────────────────────────────────────────────────────────

const texts = {
  subject: { zh: '明账·{estate}：{count} 条新消息', en: '{count} new notice(s)' },
  greeting: { zh: '{name}，您好：', en: 'Dear {name},' },
  lede: { zh: '{estate}有 {count} 条新消息给您。', en: 'there are {count} new notice(s) for you at {estate}.' },
  rest: { zh: '还有 {count} 条，见“消息”页。', en: '{count} more are on the page of notices.' },
  all: { zh: '全部消息：{url}', en: 'All notices: {url}' },
  footer: {
    zh: '这封信由明账自动发出，请勿回复。不想再收，请点：{stop}',
    en: 'Sent by Mingzhang by itself; please do not answer. To stop these letters: {stop}',
  },
} as const satisfies Record<string, Bilingual>;

interface Claimed { notice_id: number; text_zh: string; text_en: string }
/** Notices written out in one letter; more are only counted. */
const MOST = 20;

interface Letters { estate: Estate; name: string; public_url: string; stop: string }

function letterText({ estate, name, public_url, stop }: Letters, notices: readonly Claimed[], locale: 'zh' | 'en'): string {
  const page = `${public_url}/e/${estate.code}/notices`;
  const shown = notices.slice(-MOST).reverse();
  const facts = { name, estate: locale === 'zh' ? estate.name_zh : estate.name_en, count: notices.length, url: page, stop };
  const say = (text: keyof typeof texts, more = {}): string => fill(texts[text][locale], { ...facts, ...more });
  return [
    say('greeting'), say('lede'),
    ...shown.map((notice, index) => `${index + 1}. ${locale === 'zh' ? notice.text_zh : notice.text_en}\n   ${page}/${notice.notice_id}`),
    ...(notices.length > MOST ? [say('rest', { count: notices.length - MOST })] : []),
    say('all'), say('footer'),
  ].join('\n\n');
}

// ── The job ──────────────────────────────────────────────────────────────────────────────────────

type Doors = Pick<House, 'db' | 'mail' | 'settings' | 'log'>;

/** Sends what is unread and not sent yet; gives one word per letter, for the log. Throws when the mail server
 *  cannot be reached or refuses us: then nothing of the letter counts as sent. */
export async function mailNotices(house: Doors, estate: Estate): Promise<string[]> {
  const { db: { app }, mail, settings: { public_url }, log } = house;
  const { estate_id } = estate;
  if (mail === null || mail === undefined) return [];
  const { rows: persons } = await inEstate(app, estate_id, (trx) => sql<{ person_id: string; email: string; name: string }>`
    select distinct i.person_id, i.email, i.name from notice n join person_identity i on i.person_id = n.person_id
    where n.estate_id = ${estate_id} and n.read_at is null and n.mailed_at is null and i.email is not null
      and not exists (select from notice_choice c where c.estate_id = n.estate_id and c.person_id = n.person_id and not c.mail)
    order by i.person_id`.execute(trx));
  const done: string[] = [];
  for (const { person_id, email, name } of persons) {
    const notices = await claim(house, estate_id, person_id);
    if (notices.length === 0) continue;
    const word = await inEstate(app, estate_id, (trx) => stopWord(trx, estate_id, person_id));
    const stop = `${public_url}/e/${estate.code}/stop/${word}`;
    const facts = { count: notices.length, estate: estate.name_zh };
    const text = (['zh', 'en'] as const).map((locale) => letterText({ estate, name, public_url, stop }, notices, locale)).join('\n\n――――――――――\n\n');
    const subject = `${fill(texts.subject.zh, facts)} / ${fill(texts.subject.en, facts)}`;
    try {
      const answer = await mail({ to: email, subject, text: `${text}\n`, stop });
      if (answer === 'refused') log.warn({ estate: estate.code, person_id }, 'the mail server refused a letter for good');
      done.push(`${answer} ${notices.length}`);
    } catch (error) {
      await giveBack(house, estate_id, notices);
      throw error;
    }
  }
  return done;
}

const claim = ({ db }: Doors, estate_id: number, person_id: string): Promise<Claimed[]> =>
  inEstate(db.app, estate_id, async (trx) => {
    const rows = await trx.updateTable('notice').set({ mailed_at: sql<Date>`estate_clock(${estate_id})` })
      .where('estate_id', '=', estate_id).where('person_id', '=', person_id).where('read_at', 'is', null)
      .where('mailed_at', 'is', null).returning(['notice_id', 'text_zh', 'text_en']).execute();
    return rows.sort((a, b) => a.notice_id - b.notice_id);
  });

const giveBack = ({ db }: Doors, estate_id: number, notices: readonly Claimed[]) =>
  inEstate(db.app, estate_id, (trx) => trx.updateTable('notice').set({ mailed_at: null }).where('estate_id', '=', estate_id)
    .where('notice_id', 'in', notices.map(({ notice_id }) => notice_id)).execute());
