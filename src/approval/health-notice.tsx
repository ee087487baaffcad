// The warning that a body cannot sign, or soon cannot, for every page on which somebody can do something about it.
import type { JSX } from 'preact';
import { estateToday } from '../evidence/records.ts';
import type { Estate } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import { addDays } from '../kernel/dates.ts';
import { fill, type Bilingual } from '../kernel/locale.ts';
import { useLocale } from '../web/context.ts';
import { formatDate, pick } from '../web/locale.ts';
import { Notice } from '../web/parts.tsx';
import { onlyOfVacancy, quorumHealth, shortageText, unratifiedText, type Health } from './health.ts';

/** From so few days before on the warning is red. */
const URGENT = 7;

const texts = {
  short_now: { zh: '签批人数不够', en: 'Too few signers' },
  short_soon: { zh: '签批人数快不够了', en: 'Soon too few signers' },
  brief_now: { zh: '{bodies}现在签批人数不够，有的单会卡住。', en: '{bodies}: too few can sign now, and some proposals are stuck.' },
  brief_soon: {
    zh: '{bodies}从{from_day}起签批人数不够，请尽早安排任免。',
    en: '{bodies}: too few can sign from {from_day} on. Please arrange appointments in good time.',
  },
  see_terms: { zh: '看各方任期', en: 'See the terms of office' },
  unratified: { zh: '应急付款没有按期追认', en: 'Emergency payment not ratified in time' },
  see_order: { zh: '看这张单', en: 'See the order' },
} as const satisfies Record<string, Bilingual>;

export interface HealthNoticeProps {
  health: Health;
  code: string;
  /** One sentence, where people come for something else; the page of bodies and terms says the rest. */
  brief?: boolean | undefined;
  /** On the page of bodies and terms itself there is nowhere to send people. */
  on_people_page?: boolean | undefined;
}

export function HealthNotice({ health, code, brief, on_people_page }: HealthNoticeProps): JSX.Element | null {
  const locale = useLocale();
  const t = pick(texts, locale);
  const { shortages, unratified, today } = health;
  if (shortages.length === 0 && unratified.length === 0) return null;
  const real = shortages.filter((shortage) => !onlyOfVacancy(shortage));
  const first = real[0]?.from_day ?? today;
  const names = real.filter(({ from_day }) => from_day <= (first < today ? today : first)).map((shortage) => (locale === 'zh' ? shortage.name_zh : shortage.name_en));
  const lines = brief === true
    ? [fill(first <= today ? t.brief_now : t.brief_soon, {
      bodies: [...new Set(names)].join(locale === 'zh' ? '、' : ', '), from_day: formatDate(first, locale),
    })]
    : shortages.map((shortage) => shortageText(shortage, health)[locale]);
  return (
    <>
      {shortages.length > 0 && (
        <Notice
          tone={first <= addDays(today, URGENT) ? 'alarm' : 'amber'}
          title={first <= today ? t.short_now : t.short_soon}
          action={on_people_page === true ? undefined : { href: `/e/${code}/people`, label: t.see_terms }}
        >
          {lines.length === 1 ? lines[0] : <ul>{lines.map((line) => <li>{line}</li>)}</ul>}
        </Notice>
      )}
      {unratified.map((order) => (
        <Notice tone="alarm" title={t.unratified} action={{ href: `/e/${code}/proposals/${order.proposal_id}`, label: t.see_order }}>
          {unratifiedText(order)[locale]}
        </Notice>
      ))}
    </>
  );
}

/** The warnings for the page of bodies and terms; given to people/ by app.ts, which stands below approval. */
export async function peopleWarnings(trx: Trx, { estate_id, code }: Estate): Promise<JSX.Element> {
  const health = await quorumHealth(trx, estate_id, await estateToday(trx, estate_id));
  return <HealthNotice health={health} code={code} on_people_page />;
}
