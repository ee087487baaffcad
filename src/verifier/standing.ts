// Offices, rules, keys and delegations as the tables of the program have them, beside what the records say of them at
// the same moment. A table that was changed behind the program's back is found here, before anybody signed by it.
import { canonical, type Json } from '../kernel/canonical.ts';
import type { Books, Rule } from './books.ts';
import { fenOf, yuan } from './fen.ts';
import { isBody, type Body } from './fields.ts';
import type { Report } from './findings.ts';
import type { Standing } from './sources.ts';

interface Asked {
  standing: Standing;
  /** Only what was not over on this day is said; null: everything there ever was. */
  since: string | null;
}

type Rows = Map<string, string>;
interface Told { name: string; name_en: string; said: Rows; known: Rows }

const spelled = (row: { [name: string]: Json | undefined }): string => canonical(row);

/** Differences are told by row, and only the first of each kind in full. */
export function checkStanding(books: Books, { standing, since }: Asked, report: Report): void {
  const tables = [terms(books, standing.terms), rules(books, standing.rules), passkeys(books, standing.passkeys), delegations(books, standing.delegations)];
  for (const { name, name_en, said, known } of tables) {
    for (const [key, row] of said) if (known.get(key) !== row) report('standing_differs', 'standing', { what: `${name} ${key}`, what_en: `${name_en} ${key}` });
    for (const key of known.keys()) {
      if (!said.has(key) && !isOver(books, name_en, key, since)) report('standing_differs', 'standing', { what: `${name} ${key}`, what_en: `${name_en} ${key}` });
    }
  }
}

/** What was over before that day need not be said. */
function isOver(books: Books, table: string, key: string, since: string | null): boolean {
  if (since === null) return false;
  if (table === 'term') return books.lastDay(books.terms.get(Number(key))!) < since;
  if (table === 'delegation') return books.lastDayOf(books.delegations.get(Number(key))!) < since;
  if (table === 'rule') return (books.rules.get(Number(key))!.valid_to ?? '9999') < since;
  // When a key was revoked the list does not say; a revoked one may be left out.
  return books.passkeys.get(key)!.revoked !== null;
}

const rowsOf = (list: readonly Body[], key: string, names: readonly string[]): Rows =>
  new Map(list.map((row) => [String(row[key]), spelled(Object.fromEntries(names.map((name) => [name, (row[name] ?? null) as Json])))]));

function terms(books: Books, list: readonly Body[]): Told {
  const names = ['term', 'person', 'body', 'office', 'starts_on', 'ends_on'];
  const known = [...books.terms.values()].map((term) => ({ ...term, ends_on: books.lastDay(term) }) as unknown as Body);
  return { name: '任期', name_en: 'term', said: rowsOf(list, 'term', names), known: rowsOf(known, 'term', names) };
}

function delegations(books: Books, list: readonly Body[]): Told {
  const names = ['delegation', 'body', 'principal', 'delegate', 'starts_on', 'ends_on', 'after_days'];
  const known = [...books.delegations.values()].map((one) => ({ ...one, ends_on: books.lastDayOf(one) }) as unknown as Body);
  return { name: '委托', name_en: 'delegation', said: rowsOf(list, 'delegation', names), known: rowsOf(known, 'delegation', names) };
}

function passkeys(books: Books, list: readonly Body[]): Told {
  const names = ['credential_id', 'person', 'revoked'];
  const known = [...books.passkeys.values()].map((key) => ({ ...key, revoked: key.revoked !== null }) as unknown as Body);
  return { name: '通行密钥', name_en: 'passkey', said: rowsOf(list, 'credential_id', names), known: rowsOf(known, 'credential_id', names) };
}

/** A rule in one spelling, from the table or from the shorter one of a proposal. */
function rules(books: Books, list: readonly Body[]): Told {
  const said: Rows = new Map(list.map((row) => [String(row['rule']), ruleText(row)]));
  const known: Rows = new Map([...books.rules.values()].map((rule) => [String(rule.rule), knownRule(rule)]));
  return { name: '签批规则', name_en: 'rule', said, known };
}

const sumText = (value: unknown): string | null => (value === null || value === undefined ? null : yuan(fenOf(value)));

function ruleText(row: Body): string {
  const asked = row['bodies'];
  const listed = Array.isArray(asked) ? (asked as Body[]) : null;
  const bodies = listed === null ? (isBody(asked) ? Object.entries(asked).filter(([, signers]) => signers !== 0) : [])
    : listed.map((one) => [one['body'], one['signers']] as [string, unknown]);
  const sequence = listed === null ? (row['sequence'] ?? []) as Json
    : row['in_sequence'] === true ? [...listed].sort((a, b) => Number(a['place']) - Number(b['place'])).map((one) => one['body'] as string) : [];
  return spelled({
    kind: row['kind'] as Json, class: (row['class'] ?? 'normal') as Json, from: sumText(row['amount_from']) ?? '0.00', to: sumText(row['amount_to']),
    fund: (row['fund'] ?? null) as Json, payee_class: (row['payee_class'] ?? null) as Json, bodies: Object.fromEntries(bodies) as Json, sequence,
    notice_days: (row['notice_days'] ?? 0) as Json, needs_resolution: row['needs_resolution'] === true, passkey_only: row['passkey_only'] === true,
    month_cap: sumText(row['month_cap']), ratify_days: (row['ratify_days'] ?? null) as Json, expires_days: (row['expires_days'] ?? null) as Json,
    valid_from: (row['valid_from'] ?? null) as Json, valid_to: (row['valid_to'] ?? null) as Json,
  });
}

const knownRule = (rule: Rule): string => spelled({
  kind: rule.kind, class: rule.class, from: yuan(rule.from), to: rule.to === null ? null : yuan(rule.to), fund: rule.fund, payee_class: rule.payee_class,
  bodies: Object.fromEntries(rule.bodies), sequence: [...rule.sequence], notice_days: rule.notice_days, needs_resolution: rule.needs_resolution,
  passkey_only: rule.passkey_only, month_cap: rule.month_cap === null ? null : yuan(rule.month_cap), ratify_days: rule.ratify_days,
  expires_days: rule.expires_days, valid_from: rule.valid_from, valid_to: rule.valid_to,
});
