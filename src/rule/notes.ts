// What whoever changes the rules should know before submitting, though none of it is forbidden: proposals under way,
// other changes of the same rules, bodies that would have nobody to spare.
import { sql } from 'kysely';
import type { BodyKind } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import type { BusinessDate } from '../kernel/dates.ts';
import { fill, type Bilingual } from '../kernel/locale.ts';
import { bandsMeet, sameSlot } from '../approval/rule-check.ts';
import type { Judged } from './change.ts';
import { both, caseText } from '../approval/rule-text.ts';
import { changeTexts as t } from '../approval/rule-texts.ts';
import { newRuleOf } from '../approval/rules.ts';

const openUnder = async (trx: Trx, estate_id: number, rules: readonly number[]): Promise<number> =>
  (await trx.selectFrom('proposal').select(({ fn }) => fn.countAll<number>().as('count')).where('estate_id', '=', estate_id)
    .where('state', 'in', ['submitted', 'held', 'approved']).where('rule_id', 'in', [...rules]).executeTakeFirstOrThrow()).count;

/** Open changes that end some of the same rules. */
async function othersEnding(trx: Trx, estate_id: number, rules: readonly number[]): Promise<number[]> {
  const { rows } = await sql<{ proposal_id: number }>`
    select proposal_id from proposal where estate_id = ${estate_id} and kind = 'rule' and state in ('submitted', 'held', 'approved')
      and exists (select from jsonb_array_elements_text(document::jsonb -> 'ends') e where e::integer = any(${rules}::integer[]))
    order by proposal_id`.execute(trx);
  return rows.map((row) => row.proposal_id);
}

/** Signers in office of each body who have a passkey. */
async function withPasskey(trx: Trx, estate_id: number, today: BusinessDate): Promise<Map<string, number>> {
  const { rows } = await sql<{ body: string; have: number }>`
    select t.body, count(distinct t.person_id)::integer as have from term t
    join passkey k on k.estate_id = t.estate_id and k.person_id = t.person_id and k.revoked_at is null
    where t.estate_id = ${estate_id} and t.office not in ('cashier', 'auditor', 'deputy') and ${today}::date between t.starts_on and t.ends_on
    group by t.body`.execute(trx);
  return new Map(rows.map((row) => [row.body, row.have]));
}

export async function notesOf(trx: Trx, estate_id: number, { ends, ended, rules, ground }: Judged, today: BusinessDate): Promise<Bilingual[]> {
  const notes: Bilingual[] = [];
  const say = (text: Bilingual, facts: (locale: 'zh' | 'en') => Record<string, string | number>): void =>
    void notes.push(both((locale) => fill(text[locale], facts(locale))));
  if (ends.length > 0) {
    const open = await openUnder(trx, estate_id, ends);
    if (open > 0) say(t.note_open, () => ({ count: open }));
    const others = await othersEnding(trx, estate_id, ends);
    if (others.length > 0) say(t.note_other, (locale) => ({ proposals: others.join(locale === 'zh' ? '、' : ', ') }));
  }
  const keys = rules.some((rule) => rule.passkey_only) ? await withPasskey(trx, estate_id, today) : new Map<string, number>();
  for (const rule of rules) {
    const before = ended.map(newRuleOf).filter((old) => sameSlot(old, rule) && bandsMeet(old, rule));
    const name = caseText(rule, ground);
    for (const [body, asked] of Object.entries(rule.bodies) as [BodyKind, number][]) {
      const present = ground.present[body] ?? 0;
      const named = ground.bodies[body]!;
      const asked_before = Math.max(0, ...before.map((old) => old.bodies[body] ?? 0));
      if (asked === present && asked > asked_before) say(t.note_exact, (locale) => ({ body: named[locale], present, case: name[locale] }));
      const have = keys.get(body) ?? 0;
      if (rule.passkey_only === true && have < asked) say(t.note_passkey, (locale) => ({ body: named[locale], have, asked, case: name[locale] }));
    }
  }
  return notes;
}
