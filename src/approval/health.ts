// Quorum health (签批人数预警): a body whose terms end stops signing, and then nothing is paid any more. Whoever can
// seat its next members is told 30 days before, and a body that is too small already is told as such.
// Asked for every rule that holds on some day until then, and every body it asks: the first day on which fewer
// are in office than the rule wants. A vacancy rule seats others, so it counts only once some body is short.
// Beside it: emergency orders whose ratification (追认) is overdue. signers_in_office() counts.
import { sql } from 'kysely';
import type { BodyKind } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import { addDays, type BusinessDate } from '../kernel/dates.ts';
import { fill, type Bilingual } from '../kernel/locale.ts';
import { money, moneyFigures } from '../kernel/money.ts';
import { formatDate } from '../web/locale.ts';
import { kindName } from './texts.ts';
import type { Kind, RuleClass } from './kinds.ts';

export interface Shortage {
  body: BodyKind;
  name_zh: string;
  name_en: string;
  /** What would get stuck, the usual kinds first. */
  cases: { kind: Kind; class: RuleClass }[];
  /** How many would do for all of it, and how many there are from that day on. */
  needed: number;
  have: number;
  /** First day without enough of them; not after today where it is so already. */
  from_day: BusinessDate;
  /** Terms that end before it, not counting those of whoever stays by another. */
  ending: number[];
}

export interface Unratified { proposal_id: number; kind: Kind; title: string; amount: string; ratify_by: BusinessDate }

export interface Health { today: BusinessDate; shortages: Shortage[]; unratified: Unratified[] }

/** Days before the shortage on which it is told. */
export const HORIZON = 30;

/** Bodies that cannot sign on some day from today until `horizon` days later, the first day first,
 *  those whom only a vacancy rule asks last. */
export async function quorumHealth(trx: Trx, estate_id: number, today: BusinessDate, horizon = HORIZON): Promise<Health> {
  const { rows } = await sql<Shortage>`
    with asked as (
      select r.kind, r.class, r.valid_from, coalesce(r.valid_to, 'infinity') as valid_to, b.body, b.signers
      from rule r join rule_body b on b.estate_id = r.estate_id and b.rule_id = r.rule_id
      where r.estate_id = ${estate_id} and r.valid_from <= ${today}::date + ${horizon}::integer
        and coalesce(r.valid_to, 'infinity') >= ${today}
    ), day as ( -- a shortage begins where a term has ended or a rule begins
      select ${today}::date as day union select valid_from from asked where valid_from > ${today}
      union select ends_on + 1 from term where estate_id = ${estate_id}
        and ends_on >= ${today} and ends_on < ${today}::date + ${horizon}::integer
    ), seats as (
      select b.body, d.day, signers_in_office(${estate_id}, b.body, d.day) as have
      from (select distinct body from asked) b, day d
    ), short as (
      select distinct on (a.kind, a.class, a.body, a.signers) a.kind, a.class, a.body, a.signers, s.day, s.have, a.valid_from
      from asked a join seats s on s.body = a.body and s.day between a.valid_from and a.valid_to and s.have < a.signers
      order by a.kind, a.class, a.body, a.signers, s.day, a.valid_from
    ), found as (
      select body, day, max(signers)::integer as needed, min(have) as have, min(valid_from) as valid_from,
        jsonb_agg(distinct jsonb_build_object('kind', kind, 'class', class)) as cases
      from short group by body, day
    ), member as (
      select term_id, person_id, body, starts_on, ends_on from term
      where estate_id = ${estate_id} and office not in ('cashier', 'auditor', 'deputy')
    )
    select f.body, n.name_zh, n.name_en, f.cases, f.needed, f.have,
      case when f.day > ${today}::date then f.day else greatest(f.valid_from,
        (select max(m.ends_on) + 1 from member m where m.body = f.body and m.ends_on < ${today}::date)) end as from_day,
      array(select m.term_id from member m where m.body = f.body and m.ends_on >= ${today}::date and m.ends_on < f.day
        and not exists (select from member o where o.body = m.body and o.person_id = m.person_id
          and f.day between o.starts_on and o.ends_on) order by m.term_id) as ending
    from found f join body n on n.estate_id = ${estate_id} and n.body = f.body
    order by from_day, f.body = 'committee' desc, f.body`.execute(trx);
  const order = new Map(caseOrder.map((name, index) => [name, index]));
  const place = ({ kind, class: of }: Shortage['cases'][number]): number => order.get(`${of} ${kind}`) ?? order.size;
  const shortages = rows.map((row) => ({ ...row, cases: [...row.cases].sort((a, b) => place(a) - place(b)) }));
  const real = shortages.filter((row) => !onlyOfVacancy(row));
  return { today, shortages: real.length === 0 ? [] : [...real, ...shortages.filter(onlyOfVacancy)], unratified: await unratifiedOf(trx, estate_id, today) };
}

/** Asked only to seat the members of another body, should that one be vacant. */
export const onlyOfVacancy = ({ cases }: Shortage): boolean => cases.every((one) => one.class === 'vacancy');
const usual: readonly Kind[] = ['payment', 'refund', 'transfer', 'reversal', 'close', 'disclosure', 'budget', 'rule', 'membership', 'delegation'];
const caseOrder = (['normal', 'emergency', 'vacancy'] as const).flatMap((of) => usual.map((kind) => `${of} ${kind}`));

/** Emergency orders that the rest should have ratified before today, oldest first. */
async function unratifiedOf(trx: Trx, estate_id: number, today: BusinessDate): Promise<Unratified[]> {
  const rows = await trx.selectFrom('proposal').select(['proposal_id', 'kind', 'title', 'amount', 'ratify_by'])
    .where('estate_id', '=', estate_id).where('class', '=', 'emergency').where('state', 'in', ['approved', 'executed'])
    .where('ratified_at', 'is', null).where('ratify_by', '<', today).orderBy('ratify_by').orderBy('proposal_id').execute();
  return rows as Unratified[];
}

// ── In words ─────────────────────────────────────────────────────────────────────────────────────

const caseNames: Record<RuleClass, Bilingual> = {
  normal: { zh: '{kind}', en: '{kind}' },
  emergency: { zh: '应急{kind}', en: 'emergency {kind}' },
  vacancy: { zh: '缺位{kind}', en: '{kind} of a vacant body' },
};
const papers: Bilingual = { zh: '业主大会决议', en: "the resolution of the owners' assembly" };
const otherPapers: Bilingual = { zh: '任免文件', en: 'the letter of appointment' };
const NAMED = 3;

const texts = {
  ending: {
    zh: '{body}有 {terms} 人的任期到{last_day}为止，此后{left}，规则要 {needed} 人，{stuck}会卡住。请尽早提“任免”签批单（附{paper}）。',
    en: '{body}: {terms} term(s) of office end by {last_day}. From then on {left} where {needed} are needed, and {stuck} get stuck. Please propose the next appointments in good time, with {paper}.',
  },
  more_asked: {
    zh: '从{from_day}起，规则要{body} {needed} 人签，而届时{left}，{stuck}会卡住。请尽早提“任免”签批单（附{paper}），或调整规则。',
    en: 'From {from_day} the rules ask {needed} of {body}, and {left}: {stuck} get stuck. Please propose appointments in good time, with {paper}, or another rule.',
  },
  already: {
    zh: '{body}现在{left}，规则要 {needed} 人，{stuck}已经卡住。请马上提“任免”签批单（附{paper}）。',
    en: '{body}: now {left} where {needed} are needed, and {stuck} are stuck. Please propose appointments at once, with {paper}.',
  },
  none: { zh: '没有人能签', en: 'nobody can sign' },
  some: { zh: '只有 {have} 人能签', en: 'only {have} can sign' },
  stuck: { zh: '{count} 类签批（{names}）', en: 'proposals of {count} kinds ({names})' },
  stuck_one: { zh: '{names}的签批', en: 'proposals of one kind ({names})' },
  unratified: {
    zh: '应急付款第 {proposal} 号“{title}”{amount} 元，{ratify_by}前应由其余各方追认，至今没有追认。在追认之前不能再办新的应急付款。',
    en: 'Emergency order {proposal} "{title}" of {amount} yuan was to be ratified by {ratify_by} and is not. Until it is, no other emergency order can be made.',
  },
} as const satisfies Record<string, Bilingual>;

const both = (make: (locale: 'zh' | 'en') => string): Bilingual => ({ zh: make('zh'), en: make('en') });

/** Is it so already, or soon? */
export const isShortNow = (shortage: Shortage, { today }: Health): boolean => shortage.from_day <= today;

/** The warning of one body, as a sentence that says what to do. */
export function shortageText(shortage: Shortage, health: Health): Bilingual {
  const { body, cases, needed, have, from_day, ending } = shortage;
  const name = isShortNow(shortage, health) ? 'already' : ending.length > 0 ? 'ending' : 'more_asked';
  return both((locale) => {
    const names = cases.map((one) => fill(caseNames[one.class][locale], { kind: kindName(one.kind, locale) }));
    const shown = names.slice(0, NAMED).join(locale === 'zh' ? '、' : ', ') + (names.length > NAMED ? (locale === 'zh' ? '等' : ', …') : '');
    return fill(texts[name][locale], {
      body: locale === 'zh' ? shortage.name_zh : shortage.name_en, needed, terms: ending.length,
      last_day: formatDate(addDays(from_day, -1), locale), from_day: formatDate(from_day, locale),
      left: have === 0 ? texts.none[locale] : fill(texts.some[locale], { have }),
      stuck: fill(texts[names.length === 1 ? 'stuck_one' : 'stuck'][locale], { count: names.length, names: shown }),
      paper: (body === 'committee' || body === 'supervisor' ? papers : otherPapers)[locale],
    });
  });
}

export const unratifiedText = ({ proposal_id, title, amount, ratify_by }: Unratified): Bilingual => both((locale) =>
  fill(texts.unratified[locale], { proposal: proposal_id, title, amount: moneyFigures(money(amount)), ratify_by: formatDate(ratify_by, locale) }));
