// What is printed: paper ballots, one an owner on the roll who has not voted, and the notice of the result.
import type { Estate } from '../kernel/actor.ts';
import { addDays } from '../kernel/dates.ts';
import { fill, type Locale } from '../kernel/locale.ts';
import { formatDate, pick } from '../web/locale.ts';
import type { Paper } from '../../reports/paper/paper.ts';
import type { RollRow } from './ballot.ts';
import { certificateText, matterName } from './pages.tsx';
import { choices, type Law, type ResolutionRow } from './resolution-queries.ts';
import { texts } from './texts.ts';
import { lawText } from './turnout.tsx';

interface Printed { estate: Pick<Estate, 'code' | 'name_zh' | 'name_en'>; row: ResolutionRow; law: Law; public_url: string; locale: Locale }

/** One paper an owner, all dwellings of theirs on it; whoever has voted gets none. */
export function ballotPapers({ estate, row, public_url, locale }: Printed, roll: readonly RollRow[]): Paper[] {
  const t = pick(texts, locale);
  const voters = new Map<string, RollRow[]>();
  for (const one of roll) if (!one.voted) voters.set(one.voter, [...voters.get(one.voter) ?? [], one]);
  const address = `${public_url}/e/${estate.code}/resolutions/${row.resolution_id}`;
  return [...voters.values()].map((rows): Paper => ({
    locale, estate: estate[`name_${locale}`], title: t.pdf_ballot, number: fill(t.number, { number: row.resolution_id }),
    foot: fill(t.pdf_foot, { estate: estate[`name_${locale}`], number: row.resolution_id }),
    blocks: [
      { kind: 'facts', items: [
        { label: t.unit, value: rows.map(({ unit }) => unit).join(locale === 'zh' ? '、' : ', ') }, { label: t.area, value: rows[0]!.voter_area },
        { label: t.matter, value: matterName(row.matter, locale) }, { label: t.days, value: `${formatDate(row.starts_on, locale)} – ${formatDate(row.ends_on, locale)}` },
      ] },
      { kind: 'heading', text: row.title },
      ...row.wording.split('\n').map((text) => ({ kind: 'text' as const, text })),
      { kind: 'text', strong: true, text: choices.map((choice) => fill(t.pdf_box, { choice: t[`choice_${choice}`] })).join('　　　') },
      { kind: 'text', text: fill(t.pdf_ballot_how, { to: formatDate(row.ends_on, locale) }) },
      { kind: 'signatures', lines: [{ label: t.pdf_sign }] },
      { kind: 'qr', text: address, caption: `${t.pdf_ballot_online}　${address}` },
    ],
  }));
}

export function resultPaper({ estate, row, law, public_url, locale }: Printed): Paper {
  const t = pick(texts, locale);
  const count = row.count!;
  const address = `${public_url}/e/${estate.code}/resolutions/${row.resolution_id}`;
  const line = (name: string, { area, voters }: { area: string; voters: number }): string[] => [name, String(voters), area];
  const certificate = certificateText(row, t, locale);
  return {
    locale, estate: estate[`name_${locale}`], title: t.pdf_result, number: fill(t.number, { number: row.resolution_id }),
    foot: fill(t.pdf_foot, { estate: estate[`name_${locale}`], number: row.resolution_id }),
    blocks: [
      { kind: 'heading', text: row.title },
      ...row.wording.split('\n').map((text) => ({ kind: 'text' as const, text })),
      { kind: 'facts', items: [
        { label: t.matter, value: matterName(row.matter, locale) }, { label: t.days, value: `${formatDate(row.starts_on, locale)} – ${formatDate(row.ends_on, locale)}` },
        { label: t.counted_on, value: formatDate(row.counted_on!, locale) }, { label: t.ballot_kind, value: row.secret ? t.secret : t.open },
      ] },
      { kind: 'text', strong: true, text: `${t.result}：${t[`outcome_${row.outcome!}`]}` },
      {
        kind: 'table', caption: t.result, columns: [{ title: t.choice, align: 'left', width: 4 }, { title: t.owners, align: 'right', width: 2 }, { title: t.area, align: 'right', width: 3 }],
        rows: [...choices.map((choice) => line(t[`choice_${choice}`], count.choices[choice])), line(t.took_part, count.part)], total: line(t.all_owners, count),
      },
      { kind: 'text', text: `${t.kind}：${count.special ? t.special : t.ordinary}。${lawText(law, count.special, t)}（${locale === 'zh' ? law.source_zh : law.source_en}）` },
      ...(count.papers_open === 0 ? [] : [{ kind: 'text' as const, text: fill(t.papers_open, { count: count.papers_open }) }]),
      ...(certificate === null ? [] : [{ kind: 'text' as const, text: `${t.certificate}：${certificate}` }]),
      { kind: 'text', small: true, text: `${t.count_hash} ${row.count_sha256!}` },
      { kind: 'text', small: true, text: formatDate(addDays(row.counted_on!, 0), locale) },
      { kind: 'qr', text: address, caption: address },
    ],
  };
}
