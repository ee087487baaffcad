// Pages of resolutions for everybody: the list, and one with its wording, law, turnout and count. Names and dwellings are not on them, but
// for one's own.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { addDays, daysBetween, type BusinessDate } from '../kernel/dates.ts';
import { Button, ButtonRow, Form, TextField } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { csvTwin } from '../web/links.ts';
import { formatDate, pick } from '../web/locale.ts';
import { ActionLink, Card, Chip, DescriptionList, EmptyState, Notice, RowList, type Tone } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { Filters, LedgerTable, Pager } from '../web/tables.tsx';
import { codeText, type MaskedBallot, type OwnBallot } from './ballot.ts';
import { choices, matters, type Choice, type Law, type ResolutionRow, type RollPreview } from './resolution-queries.ts';
import { matterTexts, texts } from './texts.ts';
import { lawText, ResultParts, type T } from './turnout.tsx';

export const matterName = (matter: string, locale: Locale): string => matterTexts[matter as keyof typeof matterTexts]?.[locale] ?? matter;
const NOTICE_DAYS = 15;

export const Tabs = ({ code, here, t }: { code: string; here: 'resolutions' | 'surveys'; t: T }): JSX.Element => (
  <nav class="tabs" aria-label={t.title}>
    <a class="tap" href={`/e/${code}/resolutions`} aria-current={here === 'resolutions' ? 'page' : undefined}>{t.tab_votes}</a>{' '}
    <a class="tap" href={`/e/${code}/surveys`} aria-current={here === 'surveys' ? 'page' : undefined}>{t.tab_surveys}</a>
  </nav>
);

export function stateTold(row: ResolutionRow, t: T): { text: string; tone: Tone } {
  if (row.outcome !== null) return { text: t[`outcome_${row.outcome}`], tone: row.outcome === 'passed' ? 'ok' : 'amber' };
  return { text: t[`state_${row.state}`], tone: row.state === 'voting' ? 'ok' : row.state === 'called_off' ? 'amber' : 'plain' };
}
export const StateChip = ({ row, t }: { row: ResolutionRow; t: T }): JSX.Element => { const { text, tone } = stateTold(row, t); return <Chip tone={tone}>{text}</Chip>; };
export const certificateText = (row: ResolutionRow, t: T, locale: Locale): string | null => (row.outcome !== 'passed' ? null
  : row.certified_on !== null ? fill(t.certified, { day: formatDate(row.certified_on, locale) }) : row.certifying !== null ? t.certifying : row.standing === 'uncertified' ? t.uncertified : t.waiting);

export interface ListShown { code: string; items: ResolutionRow[]; next_cursor: string | null; filter: { state: string; matter: string }; holds: boolean; due: { resolution_id: number; title: string; ends_on: BusinessDate }[] }

export function listPage(frame: Frame, shown: ListShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const base = `/e/${shown.code}/resolutions`;
  return page({
    ...frame, title: t.title, lede: t.lede,
    body: (
      <>
        <Tabs code={shown.code} here="resolutions" t={t} />
        {shown.due.length > 0 && (
          <Card title={t.own}>
            <RowList rows={shown.due.map((row) => ({ label: row.title, note: fill(t.days_text, { from: '', to: formatDate(row.ends_on, locale) }).replace(/^(至| to )/u, ''), value: t.vote_now, href: `${base}/${row.resolution_id}/ballot` }))} />
          </Card>
        )}
        {shown.holds && <p><ActionLink href={`${base}/new`}>{t.new}</ActionLink></p>}
        <Filters action={base} reset_href={base} csv={csvTwin(frame.here)} fields={[
          { name: 'state', label: t.state, type: 'select', value: shown.filter.state, options: [
            ...(['voting', 'announced', 'papers'] as const).map((value) => ({ value, label: t[`state_${value}`] })), { value: 'passed', label: t.outcome_passed }, { value: 'not_passed', label: t.not_passed }, { value: 'called_off', label: t.state_called_off },
          ] },
          { name: 'matter', label: t.matter, type: 'select', value: shown.filter.matter, options: matters.map((value) => ({ value, label: matterName(value, locale) })) },
        ]} />
        <LedgerTable caption={t.title} caption_hidden rows={shown.items} empty={<EmptyState title={t.none} text={t.none_hint} />} rowState={(row) => (row.state === 'called_off' ? 'muted' : undefined)} columns={[
          { key: 'title', title: t.field_title, lead: true, cell: (row) => <a href={`${base}/${row.resolution_id}`}>{fill(t.number, { number: row.resolution_id })} {row.title}</a> },
          { key: 'matter', title: t.matter, cell: (row) => matterName(row.matter, locale) },
          { key: 'days', title: t.days, cell: (row) => `${formatDate(row.starts_on, locale)} – ${formatDate(row.ends_on, locale)}` },
          { key: 'state', title: t.state, cell: (row) => <><StateChip row={row} t={t} />{row.outcome === 'passed' && <> <small class="hint">{certificateText(row, t, locale)}</small></>}</> },
        ]} />
        <Pager here={frame.here} next_cursor={shown.next_cursor} shown={shown.items.length} />
      </>
    ),
  });
}

export interface OneShown {
  code: string;
  row: ResolutionRow;
  law: Law;
  own: OwnBallot[];
  files: { sha256: string; file_name: string; href: string }[];
  today: BusinessDate;
  /** Of a draft. */
  preview: RollPreview | null;
  may: { hold: boolean; papers: boolean; roll: boolean; propose: boolean; vote: boolean };
  asked_code: string;
  form_key: string;
  failed: { at: 'announce' | 'call_off' | 'certificate'; errors: Record<string, string>; values: Record<string, string> } | null;
}
interface Parts { shown: OneShown; csrf: string | undefined; t: T; locale: Locale }

export const unitsText = (units: readonly string[], locale: Locale): string => units.join(locale === 'zh' ? '、' : ', ');

function OwnCard({ shown: { code, row, own }, t, locale }: Parts): JSX.Element | null {
  if (own.length === 0 || row.state === 'draft' || row.state === 'called_off') return null;
  const base = `/e/${code}/resolutions/${row.resolution_id}`;
  const line = (one: OwnBallot): JSX.Element => {
    const units = unitsText(one.units, locale);
    if (one.state === 'not_owner') return <p>{fill(t.own_not_owner, { unit: one.unit })}</p>;
    if (one.state === 'joined_late') return <p>{fill(t.own_joined_late, { unit: one.unit })}</p>;
    if (one.state === 'not_on_roll') return <p>{fill(t.own_not_on_roll, { unit: one.unit })}</p>;
    if (one.state === 'voted') return (
      <>
        <p><Chip tone="ok">✓</Chip> {fill(t.own_voted, { units, way: t[`way_${one.way!}`], seq: one.seq! })}
          {one.choice !== null && <> {fill(t.own_choice, { choice: t[`choice_${one.choice as Choice}`] })}</>}</p>
        {(one.slip !== null || one.choice !== null) && <p><a class="tap" href={`${base}/slip?unit=${encodeURIComponent(one.unit)}`}>{t.slip}</a></p>}
      </>
    );
    if (row.state === 'voting') return <p>{fill(t.own_units, { units, area: one.area! })}<br /><ActionLink href={`${base}/ballot?unit=${encodeURIComponent(one.unit)}`}>{t.vote_now}</ActionLink></p>;
    return <p>{row.state === 'announced' ? fill(t.own_wait, { day: formatDate(row.starts_on, locale) }) : fill(t.own_missed, { units })}</p>;
  };
  return <Card title={t.own} id="own" tone={row.state === 'voting' && own.some((one) => one.state === 'may_vote') ? 'ok' : undefined}>{own.map(line)}</Card>;
}

function ResultCard({ shown, t, locale }: Parts): JSX.Element | null {
  const { row, law, code } = shown;
  if (row.count === null) {
    if (row.voters === null || !['voting', 'papers', 'counting'].includes(row.state)) return null;
    return <Card title={t.turnout}><p>{fill(t.turnout_text, { part: row.part_voters, all: row.voters, part_area: row.part_area, area: row.area! })}</p></Card>;
  }
  return (
    <Card title={t.result} id="result">
      <p class="big"><strong>{t[`outcome_${row.outcome!}`]}</strong></p>
      <ResultParts count={row.count} law={law} t={t} locale={locale} />
      {row.count.papers_open > 0 && <Notice tone="amber">{fill(t.papers_open, { count: row.count.papers_open })}</Notice>}
      <DescriptionList items={[
        { term: t.counted_on, value: formatDate(row.counted_on!, locale) },
        row.outcome === 'passed' && { term: t.certificate, value: row.certified_by === null && row.certifying === null ? certificateText(row, t, locale)
          : <a href={`/e/${code}/proposals/${row.certified_by ?? row.certifying}`}>{certificateText(row, t, locale)}</a> },
        { term: t.count_hash, value: <code class="hash">{row.count_sha256}</code> },
      ]} />
      <p class="actions"><a class="tap" href={`/e/${code}/resolutions/${row.resolution_id}/ballots`}>{t.list_link}</a>{' '}
        <a class="tap" href={`/e/${code}/resolutions/${row.resolution_id}/result.pdf`}>{t.print_result}</a></p>
    </Card>
  );
}

function CodesCard({ shown: { code, row, asked_code }, t }: Parts): JSX.Element | null {
  const codes = row.count?.codes;
  if (codes === undefined) return null;
  const asked = asked_code.toUpperCase().replace(/[^2-9A-HJ-NP-Z]/g, '').slice(0, 10);
  const found = asked === '' ? null : choices.find((choice) => codes[choice].includes(asked)) ?? 'none';
  return (
    <Card title={t.codes} id="codes">
      <p>{t.codes_text}</p>
      <form class="filters" method="get" action={`/e/${code}/resolutions/${row.resolution_id}`} role="search">
        <div class="filter"><label for="code">{t.check_code}</label><input id="code" type="search" name="code" value={asked_code} autocomplete="off" maxLength={40} /></div>
        <div class="filter-go"><button type="submit" class="btn small alt">{t.check_button}</button></div>
      </form>
      {found !== null && (found === 'none' ? <Notice tone="alarm">{fill(t.check_missing, { code: codeText(asked) })}</Notice>
        : <Notice tone="ok">{fill(t.check_found, { code: codeText(asked), choice: t[`choice_${found}`] })}</Notice>)}
      {choices.map((choice) => (
        <details>
          <summary>{t[`choice_${choice}`]}（{codes[choice].length}）</summary>
          <ul class="codes">{codes[choice].map((one) => <li><code>{codeText(one)}</code></li>)}</ul>
        </details>
      ))}
    </Card>
  );
}

function WorkCards({ shown, csrf, t }: Parts): JSX.Element {
  const { code, row, preview, may, today, form_key, failed } = shown;
  const base = `/e/${code}/resolutions/${row.resolution_id}`;
  const wait = daysBetween(today, row.starts_on);
  const errors = (at: string): Record<string, string> => (failed?.at === at ? failed.errors : {});
  return (
    <>
      {may.hold && row.state === 'draft' && preview !== null && (
        <Card title={t.announce} id="announce">
          <p>{fill(t.roll_today, { voters: preview.voters, units: preview.units, area: preview.area })}</p>
          {preview.ownerless > 0 && <p class="hint">{fill(t.roll_ownerless, { count: preview.ownerless })} <a href={`/e/${code}/register`}>›</a></p>}
          {wait >= 0 && wait < NOTICE_DAYS && <Notice tone="amber">{fill(t.announce_notice, { days: wait })}</Notice>}
          <p>{t.announce_text}</p>
          <Form action={`${base}/announce`} id="announce-form" csrf={csrf} form_key={`${form_key}-a`} errors={errors('announce')}><ButtonRow><Button>{t.announce}</Button><ActionLink kind="alt" href={`${base}/edit`}>{t.edit}</ActionLink></ButtonRow></Form>
          <Form action={`${base}/drop`} id="drop-form" csrf={csrf}><ButtonRow><Button kind="alt">{t.drop}</Button></ButtonRow></Form>
        </Card>
      )}
      {may.papers && ['voting', 'papers'].includes(row.state) && <p><ActionLink kind="alt" href={`${base}/papers`}>{t.papers_link}</ActionLink></p>}
      {may.roll && row.state !== 'draft' && (
        <p class="actions"><a class="tap" href={`${base}/roll`}>{t.roll_link}</a>{' '}
          {['announced', 'voting'].includes(row.state) && <a class="tap" href={`${base}/ballots.pdf`}>{t.print_ballots}</a>}</p>
      )}
      {may.propose && row.outcome === 'passed' && row.certified_by === null && row.certifying === null && (
        <Card title={t.certify} id="certificate">
          <Form action={`${base}/certificate`} id="certificate-form" csrf={csrf} form_key={`${form_key}-c`} errors={errors('certificate')}><p>{t.certify_text}</p><ButtonRow><Button>{t.certify}</Button></ButtonRow></Form>
        </Card>
      )}
      {may.hold && ['announced', 'voting'].includes(row.state) && row.part_voters === 0 && (
        <Card title={t.call_off} id="call-off">
          <Form action={`${base}/call-off`} id="call-off-form" csrf={csrf} errors={errors('call_off')} values={failed?.at === 'call_off' ? failed.values : {}}>
            <p>{t.call_off_text}</p><TextField name="reason" label={t.reason} required autocomplete="off" /><ButtonRow><Button kind="danger">{t.call_off}</Button></ButtonRow>
          </Form>
        </Card>
      )}
    </>
  );
}

export function onePage(frame: Frame, shown: OneShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const { code, row, law, files } = shown;
  const parts: Parts = { shown, csrf: frame.session?.csrf, t, locale };
  const special = row.special ?? (row.stricter || law.special_matters.includes(row.matter));
  return page({
    ...frame, title: row.title, crumbs: [{ href: `/e/${code}/resolutions`, label: t.title }],
    body: (
      <>
        <p><Chip>{fill(t.number, { number: row.resolution_id })}</Chip> <StateChip row={row} t={t} /></p>
        {row.called_off_why !== null && <Notice tone="amber">{fill(t.called_off_why, { reason: row.called_off_why })}</Notice>}
        <OwnCard {...parts} />
        <ResultCard {...parts} />
        <Card title={t.wording}>
          {row.wording.split('\n').map((line) => <p class="plain-words">{line}</p>)}
          {files.length > 0 && <ul>{files.map((file) => <li><a href={file.href}>{file.file_name}</a></li>)}</ul>}
          <DescriptionList items={[
            { term: t.matter, value: matterName(row.matter, locale) },
            { term: t.days, value: <>{fill(t.days_text, { from: formatDate(row.starts_on, locale), to: formatDate(row.ends_on, locale) })}<br /><small class="hint">{fill(t.papers_until, { to: formatDate(addDays(row.ends_on, row.paper_days), locale) })}</small></> },
            { term: t.ballot_kind, value: row.secret ? t.secret_text : t.open_text },
            { term: t.kind, value: <>{special ? t.special : t.ordinary}：{lawText(law, special, t)}</> },
            { term: t.law, value: locale === 'zh' ? law.source_zh : law.source_en },
            row.voters !== null && { term: t.roll, value: fill(t.roll_text, { voters: row.voters, units: row.units!, area: row.area!, day: formatDate(row.opened_on!, locale) }) },
          ]} />
        </Card>
        <CodesCard {...parts} />
        <WorkCards {...parts} />
      </>
    ),
  });
}

export interface BallotsShown { code: string; row: ResolutionRow; items: MaskedBallot[]; next_cursor: string | null }

export function ballotsPage(frame: Frame, { code, row, items, next_cursor }: BallotsShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  return page({
    ...frame, title: t.list_link, lede: t.list_lede, crumbs: [{ href: `/e/${code}/resolutions`, label: t.title }, { href: `/e/${code}/resolutions/${row.resolution_id}`, label: row.title }],
    body: (
      <>
        <LedgerTable caption={t.list_link} caption_hidden csv={csvTwin(frame.here)} rows={items} columns={[
          { key: 'voter', title: t.voter, lead: true, type: 'code', cell: (one) => <code class="hash">{one.voter}</code> }, { key: 'area', title: t.area, type: 'number' },
          { key: 'way', title: t.way, cell: (one) => t[`way_${one.way as 'online' | 'paper'}`] },
          row.secret ? { key: 'commitment', title: t.commitment, cell: (one) => <code class="hash">{one.commitment?.slice(0, 16)}…</code> }
            : { key: 'choice', title: t.choice, cell: (one) => (one.choice === null ? '–' : t[`choice_${one.choice as Choice}`]) },
          { key: 'seq', title: t.record, type: 'number' },
        ]} />
        <Pager here={frame.here} next_cursor={next_cursor} shown={items.length} />
      </>
    ),
  });
}
