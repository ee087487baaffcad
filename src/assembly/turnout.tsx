// How a vote stands as a picture: for area and for owners one bar of the whole roll, with the lines that must be reached. The same figures
// stand in the table below it; nothing depends on colour.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { money } from '../kernel/money.ts';
import { pick } from '../web/locale.ts';
import { Chip } from '../web/parts.tsx';
import { LedgerTable } from '../web/tables.tsx';
import { choices, type Choice, type Count, type Law, type Share } from './resolution-queries.ts';
import { texts } from './texts.ts';

export type T = ReturnType<typeof pick<typeof texts>>;
const WIDTH = 600;

/** Thousandths of a whole, cut, so that nothing looks larger than it is. */
const share = (part: string, whole: string): number => (money(whole).isZero() ? 0 : Number(money(part).times(1_000).dividedToIntegerBy(money(whole)).toFixed(0)));
const percent = (part: string, whole: string): string => { const thousandth = share(part, whole); return `${Math.trunc(thousandth / 10)}.${thousandth % 10}`; };

export const fraction = (part: number, whole: number, above: boolean, t: T): string => fill(above ? t.above : t.at_least, { part, whole });
export const majorityOf = (law: Law, special: boolean): { part: number; whole: number; above: boolean } => (special
  ? { part: law.special_part, whole: law.special_whole, above: law.special_above } : { part: law.ordinary_part, whole: law.ordinary_whole, above: law.ordinary_above });

/** The law in one sentence. */
export function lawText(law: Law, special: boolean, t: T): string {
  const majority = majorityOf(law, special);
  return fill(law.counted_of === 'all' ? t.law_rule_all : t.law_rule_participants, {
    quorum: fraction(law.quorum_part, law.quorum_whole, law.quorum_above, t), majority: fraction(majority.part, majority.whole, majority.above, t),
  });
}

interface Bar { label: string; whole: string; parts: Record<Choice, string> }

function BarShape({ bar, law, t }: { bar: Bar; law: Law; t: T }): JSX.Element {
  const widths = choices.map((choice) => share(bar.parts[choice], bar.whole) * WIDTH / 1_000);
  const told = Object.fromEntries(choices.map((choice) => [choice, percent(bar.parts[choice], bar.whole)]));
  const taken = money(bar.parts.for).plus(bar.parts.against).plus(bar.parts.abstain).toFixed(2);
  const absent = percent(money(bar.whole).minus(taken).toFixed(2), bar.whole);
  const quorum = WIDTH * law.quorum_part / law.quorum_whole;
  return (
    <svg class="vote-bar" viewBox={`0 0 ${WIDTH} 44`} role="img" aria-label={fill(t.chart_label, { what: bar.label, ...told, absent })} preserveAspectRatio="none">
      <rect class="vote-absent" x="0" y="10" width={WIDTH} height="24" />
      {choices.map((choice, index) => <rect class={`vote-${choice}`} x={widths.slice(0, index).reduce((a, b) => a + b, 0)} y="10" width={widths[index]} height="24" />)}
      <line class="vote-line" x1={quorum} x2={quorum} y1="2" y2="42" />
    </svg>
  );
}

interface Condition { text: string; area: boolean; owners: boolean }
const reaches = (part: string, whole: string, { part: of, whole: within, above }: { part: number; whole: number; above: boolean }): boolean => {
  const [left, right] = [money(part).times(within), money(whole).times(of)];
  return !money(whole).isZero() && (above ? left.greaterThan(right) : left.greaterThanOrEqualTo(right));
};

function conditions(count: Count, law: Law, t: T): Condition[] {
  const quorum = { part: law.quorum_part, whole: law.quorum_whole, above: law.quorum_above };
  const majority = majorityOf(law, count.special);
  const base = law.counted_of === 'all' ? { area: count.area, voters: count.voters } : count.part;
  const named = law.counted_of === 'all' ? t.base_all : t.base_participants;
  const met = (part: Share, whole: Share, needs: typeof quorum) => ({ area: reaches(part.area, whole.area, needs), owners: reaches(String(part.voters), String(whole.voters), needs) });
  return [
    { text: fill(t.needs_quorum, { share: fraction(quorum.part, quorum.whole, quorum.above, t) }), ...met(count.part, count, quorum) },
    { text: fill(t.needs_majority, { base: named, share: fraction(majority.part, majority.whole, majority.above, t) }), ...met(count.choices.for, base, majority) },
  ];
}

const Met = ({ ok, t }: { ok: boolean; t: T }): JSX.Element => <Chip tone={ok ? 'ok' : 'red'}>{ok ? t.reached : t.missed}</Chip>;

export function ResultParts({ count, law, t }: { count: Count; law: Law; t: T; locale: Locale }): JSX.Element {
  const bars: Bar[] = [
    { label: t.by_area, whole: count.area, parts: { for: count.choices.for.area, against: count.choices.against.area, abstain: count.choices.abstain.area } },
    { label: t.by_voters, whole: String(count.voters), parts: { for: String(count.choices.for.voters), against: String(count.choices.against.voters), abstain: String(count.choices.abstain.voters) } },
  ];
  const row = (name: string, { area, voters }: { area: string; voters: number }) => ({
    name, voters, area, area_part: `${percent(area, count.part.area)}%`, voters_part: `${percent(String(voters), String(count.part.voters))}%`,
  });
  return (
    <>
      <figure class="chart">
        {bars.map((bar) => <div><span class="hint">{bar.label}</span><BarShape bar={bar} law={law} t={t} /></div>)}
        <figcaption class="vote-key">
          {choices.map((choice) => <span><i class={`vote-${choice}`} aria-hidden="true" />{t[`choice_${choice}`]}</span>)}
          <span><i class="vote-absent" aria-hidden="true" />{t.absent}</span>
          <span><i class="vote-line" aria-hidden="true" />{fill(t.needs_quorum, { share: fraction(law.quorum_part, law.quorum_whole, law.quorum_above, t) })}</span>
        </figcaption>
      </figure>
      <LedgerTable caption={t.result} caption_hidden rows={[...choices.map((choice) => row(t[`choice_${choice}`], count.choices[choice])), row(t.took_part, count.part)]} columns={[
        { key: 'name', title: t.choice, lead: true }, { key: 'voters', title: t.owners, type: 'number' }, { key: 'voters_part', title: t.of_part, type: 'number' },
        { key: 'area', title: t.area, type: 'number' }, { key: 'area_part', title: t.of_part, type: 'number' },
      ]} totals={[{ label: t.all_owners, cells: { voters: String(count.voters), area: count.area } }]} />
      <LedgerTable caption={t.condition} rows={conditions(count, law, t)} columns={[
        { key: 'text', title: t.condition, lead: true }, { key: 'area', title: t.by_area, cell: (one) => <Met ok={one.area} t={t} /> }, { key: 'owners', title: t.by_voters, cell: (one) => <Met ok={one.owners} t={t} /> },
      ]} />
    </>
  );
}
