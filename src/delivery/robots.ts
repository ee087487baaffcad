// What goes over the line, by kind of relay. Robots of groups take a message in their own form, at most twenty a minute: what waits
// for one goes as one message. Their answers come with status 200 also where they refuse; the number in the body counts.
//   wecom     {msgtype: markdown}            the key in the address is the only secret
//   dingtalk  {msgtype: markdown}            timestamp (ms) and sign = base64(HMAC-SHA256(secret, "timestamp\nsecret")) in the address
//   feishu    {msg_type: post}               timestamp (s) and sign = base64(HMAC-SHA256("timestamp\nsecret", "")) in the body
//   webhook   the bulletin as JSON, signed   webhook-id, webhook-timestamp, webhook-signature as "Standard Webhooks" has them:
//             v1,base64(HMAC-SHA256(secret, "id.timestamp.body")); a secret that was replaced signs along for a day
import { createHmac } from 'node:crypto';
import { isoInstant } from '../kernel/dates.ts';
import { fill, type Locale } from '../kernel/locale.ts';
import type { RelayKind } from './address.ts';
import { kindTitle, type Facts } from './bulletin-kinds.ts';

export interface ToSend { delivery_id: string; bulletin_id: number; kind: string; facts: Facts; text_zh: string; text_en: string; href: string; happened_at: Date }
export interface About { kind: RelayKind; locale: Locale; address: URL; secrets: readonly string[]; estate: { code: string; name_zh: string; name_en: string }; public_url: string; now: Date }
export interface Wire { url: URL; headers: Record<string, string>; body: string }

/** Bulletins in one message of a robot; a webhook gets each by itself. */
export const MOST_AT_ONCE: Record<RelayKind, number> = { wecom: 10, dingtalk: 10, feishu: 10, webhook: 1 };

const words = {
  title: { zh: '明账·{estate}', en: 'Mingzhang · {estate}' },
  open: { zh: '查看', en: 'Open' },
} as const;

const textOf = (one: ToSend, locale: Locale): string => (locale === 'zh' ? one.text_zh : one.text_en);
/** What stands in a name must not become markup of the message. */
const plain = (text: string): string => text.replace(/[\\`*_{}[\]<>()#+|~]/g, ' ').replace(/\s+/g, ' ').trim();
const seconds = (now: Date): string => String(Math.floor(now.getTime() / 1000));
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

function markdown({ locale, estate, public_url }: About, all: readonly ToSend[]): { title: string; lines: string[] } {
  const title = fill(words.title[locale], { estate: plain(locale === 'zh' ? estate.name_zh : estate.name_en) });
  return { title, lines: all.map((one) => `- **${kindTitle(one.kind, locale)}** ${plain(textOf(one, locale))} [${words.open[locale]}](${public_url}${one.href})`) };
}

function wecom(about: About, all: readonly ToSend[]): Wire {
  const { title, lines } = markdown(about, all);
  return { url: about.address, headers: {}, body: JSON.stringify({ msgtype: 'markdown', markdown: { content: [`**${title}**`, ...lines].join('\n') } }) };
}

function dingtalk(about: About, all: readonly ToSend[]): Wire {
  const { title, lines } = markdown(about, all);
  const url = new URL(about.address);
  const [secret] = about.secrets;
  if (secret !== undefined) {
    const timestamp = String(about.now.getTime());
    url.searchParams.set('timestamp', timestamp);
    url.searchParams.set('sign', hmac(secret, `${timestamp}\n${secret}`).toString('base64'));
  }
  return { url, headers: {}, body: JSON.stringify({ msgtype: 'markdown', markdown: { title, text: [`#### ${title}`, ...lines].join('\n') } }) };
}

function feishu(about: About, all: readonly ToSend[]): Wire {
  const { locale, estate, public_url } = about;
  const title = fill(words.title[locale], { estate: locale === 'zh' ? estate.name_zh : estate.name_en });
  const content = all.map((one) => [
    { tag: 'text', text: `${kindTitle(one.kind, locale)}：${textOf(one, locale)} ` }, { tag: 'a', text: words.open[locale], href: `${public_url}${one.href}` }]);
  const [secret] = about.secrets;
  const timestamp = seconds(about.now);
  const signed = secret === undefined ? {} : { timestamp, sign: hmac(`${timestamp}\n${secret}`, '').toString('base64') };
  return { url: about.address, headers: {}, body: JSON.stringify({ ...signed, msg_type: 'post', content: { post: { [locale === 'zh' ? 'zh_cn' : 'en_us']: { title, content } } } }) };
}

// ── Webhooks ─────────────────────────────────────────────────────────────────────────────────────

const PREFIX = 'whsec_';
export const webhookSecret = (bytes: Buffer): string => `${PREFIX}${bytes.toString('base64')}`;
export const webhookSignature = (secret: string, { id, timestamp, body }: { id: string; timestamp: string; body: string }): string =>
  `v1,${hmac(Buffer.from(secret.slice(PREFIX.length), 'base64'), `${id}.${timestamp}.${body}`).toString('base64')}`;

function webhook({ secrets, address, estate, public_url, now }: About, [one]: readonly ToSend[]): Wire {
  const { delivery_id: id, bulletin_id, kind, facts, text_zh, text_en, href, happened_at } = one!;
  const body = JSON.stringify({
    type: kind, timestamp: isoInstant(happened_at),
    data: { estate: estate.code, estate_name: estate.name_zh, bulletin: bulletin_id, facts, text_zh, text_en, url: `${public_url}${href}` },
  });
  const timestamp = seconds(now);
  return { url: address, body, headers: {
    'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': secrets.map((secret) => webhookSignature(secret, { id, timestamp, body })).join(' '),
  } };
}

const forms: Record<RelayKind, (about: About, all: readonly ToSend[]) => Wire> = { wecom, dingtalk, feishu, webhook };
/** What to send for bulletins that wait for one relay. */
export const wireOf = (about: About, all: readonly ToSend[]): Wire => forms[about.kind](about, all);

// ── Answers ──────────────────────────────────────────────────────────────────────────────────────

/** null: taken. `gone`: there is nobody there any more. `busy`: the whole relay has to wait. */
export interface Verdict { problem: string | null; gone?: boolean; busy?: boolean }

export function verdictOf(kind: RelayKind, { status, text }: { status: number; text: string }): Verdict {
  if (status === 410 && kind === 'webhook') return { problem: 'http_410', gone: true };
  if (status < 200 || status > 299) return { problem: `http_${status}`, busy: status >= 500 || status === 429 || status === 408 };
  if (kind === 'webhook') return { problem: null };
  let answer: Record<string, unknown> = {};
  try {
    // null is an answer too, and has no members.
    answer = Object(JSON.parse(text)) as Record<string, unknown>;
  } catch { /* no robot answers so */ }
  const code = answer['errcode'] ?? answer['code'] ?? answer['StatusCode'];
  if (code === 0) return { problem: null };
  // Whatever a robot does not like, it will not like in the next message either: its key, its signature, its keyword, its pace.
  return { problem: typeof code === 'number' && Number.isSafeInteger(code) ? `robot_${Math.abs(code)}` : 'robot_unreadable', busy: true };
}
