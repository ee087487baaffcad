// What a letter says (提醒邮件): all that waits for a person in one letter, Chinese first, with links to the pages. Written when it is
// sent, so that nothing is in it that was read meanwhile.
import type { Estate } from '../kernel/actor.ts';
import { fill, type Bilingual } from '../kernel/locale.ts';
import type { Notice } from '../kernel/notice.ts';

const texts = {
  subject: { zh: '明账·{estate}：{count} 条新消息', en: '{count} new notice(s)' },
  greeting: { zh: '{name}，您好：', en: 'Dear {name},' },
  lede: { zh: '{estate}有 {count} 条新消息给您。', en: 'there are {count} new notice(s) for you at {estate}.' },
  rest: { zh: '还有 {count} 条，见“消息”页。', en: '{count} more are on the page of notices.' },
  all: { zh: '全部消息：{url}', en: 'All notices: {url}' },
  digest_subject: { zh: '明账·早间汇总：{waiting} 张单等您签批，{count} 条消息', en: '{waiting} to sign, {count} notice(s)' },
  digest_lede: { zh: '今天早上 8 点的情况：', en: 'as it stands at eight this morning:' },
  digest_estate: { zh: '【{estate}】', en: '[{estate}]' },
  queue: { zh: '等您签批 {count} 张，最久的已等 {days} 天：', en: '{count} wait for your signature, the oldest for {days} days:' },
  seat: { zh: '第 {proposal} 号{what}，已等 {days} 天，最晚{last_day}签', en: 'No. {proposal}, {what}, waiting for {days} days, to be signed by {last_day}' },
  seat_for: { zh: '第 {proposal} 号{what}（代{principal}签），已等 {days} 天，最晚{last_day}签', en: 'No. {proposal}, {what} (for {principal}), waiting for {days} days, to be signed by {last_day}' },
  seat_ratify: { zh: '第 {proposal} 号{what}（应急，待补签），已等 {days} 天，最晚{last_day}补签', en: 'No. {proposal}, {what} (an emergency, to be ratified), waiting for {days} days, to be ratified by {last_day}' },
  queue_all: { zh: '签批页：{url}', en: 'The queue: {url}' },
  notices: { zh: '消息 {count} 条：', en: '{count} notice(s):' },
  footer: {
    zh: '这封信由明账自动发出，请勿回复。要改收什么、怎么收：{choices}\n不想再收，请点：{stop}',
    en: 'Sent by Mingzhang by itself; please do not answer. What you are sent is your choice: {choices}\nTo stop these letters: {stop}',
  },
} as const satisfies Record<string, Bilingual>;

/** Notices written out in one letter; more are only counted. */
const MOST = 20;
const LINE = '\n\n――――――――――\n\n';

export interface Written { subject: string; text: string }
type Locale = 'zh' | 'en';
const inBoth = (write: (locale: Locale) => string[]): string => `${(['zh', 'en'] as const).map((locale) => write(locale).join('\n\n')).join(LINE)}\n`;

export interface NoticesLetter { estate: Pick<Estate, 'code' | 'name_zh' | 'name_en'>; name: string; public_url: string; stop: string; notices: readonly Notice[] }

function noticeLines(notices: readonly Notice[], page: string, locale: Locale, space: string): string[] {
  const shown = notices.slice(-MOST).reverse();
  return [
    ...shown.map((notice, index) => `${index + 1}. ${notice[locale]}\n   ${page}/${notice.notice_id}`),
    ...(notices.length > MOST ? [fill(texts.rest[locale], { count: notices.length - MOST })] : []),
  ].map((line) => `${space}${line}`);
}

export function noticesLetter({ estate, name, public_url, stop, notices }: NoticesLetter): Written {
  const page = `${public_url}/e/${estate.code}/notices`;
  const facts = (locale: Locale) => ({ name, estate: locale === 'zh' ? estate.name_zh : estate.name_en, count: notices.length, url: page, stop, choices: `${page}/choices` });
  const text = inBoth((locale) => {
    const say = (one: keyof typeof texts): string => fill(texts[one][locale], facts(locale));
    return [say('greeting'), say('lede'), ...noticeLines(notices, page, locale, ''), say('all'), say('footer')];
  });
  return { subject: `${fill(texts.subject.zh, facts('zh'))} / ${fill(texts.subject.en, facts('en'))}`, text };
}

export interface Seat { proposal_id: number; what: Bilingual; days: number; last_day: Bilingual; decision: 'approve' | 'ratify'; principal: string | null }
export interface DigestPart { estate: Pick<Estate, 'code' | 'name_zh' | 'name_en'>; seats: readonly Seat[]; notices: readonly Notice[] }
export interface DigestLetter { name: string; public_url: string; stop: string; choices: string; parts: readonly DigestPart[] }

function seatLine({ proposal_id, what, days, last_day, decision, principal }: Seat, locale: Locale, base: string): string {
  const text = decision === 'ratify' ? texts.seat_ratify : principal === null ? texts.seat : texts.seat_for;
  return `${fill(text[locale], { proposal: proposal_id, what: what[locale], days, last_day: last_day[locale], principal: principal ?? '' })}\n   ${base}/proposals/${proposal_id}`;
}

/** The letter of the morning over all estates where a person serves or lives. */
export function digestLetter({ name, public_url, stop, choices, parts }: DigestLetter): Written {
  const [waiting, count] = [parts.reduce((all, { seats }) => all + seats.length, 0), parts.reduce((all, { notices }) => all + notices.length, 0)];
  const text = inBoth((locale) => {
    const say = (one: keyof typeof texts, facts: Record<string, string | number> = {}): string => fill(texts[one][locale], { name, stop, choices, ...facts });
    return [say('greeting'), say('digest_lede'), ...parts.flatMap(({ estate, seats, notices }) => {
      const base = `${public_url}/e/${estate.code}`;
      return [
        say('digest_estate', { estate: locale === 'zh' ? estate.name_zh : estate.name_en }),
        ...(seats.length === 0 ? [] : [
          say('queue', { count: seats.length, days: Math.max(...seats.map(({ days }) => days)) }),
          ...seats.slice(0, MOST).map((seat, index) => `${index + 1}. ${seatLine(seat, locale, base)}`), say('queue_all', { url: `${base}/queue` }),
        ]),
        ...(notices.length === 0 ? [] : [say('notices', { count: notices.length }), ...noticeLines(notices, `${base}/notices`, locale, '')]),
      ];
    }), say('footer')];
  });
  const facts = { waiting, count };
  return { subject: `${fill(texts.digest_subject.zh, facts)} / ${fill(texts.digest_subject.en, facts)}`, text };
}
