// The ballot, for an old person on a phone: one on a page, large, asked twice; and the slip, to print. Then the pages of those who enter
// paper ballots, and the roll by dwelling.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { Button, ButtonRow, FileField, Form, HiddenToken, RadioField, TextField } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { csvTwin } from '../web/links.ts';
import { formatDate, pick } from '../web/locale.ts';
import { ActionLink, Card, Chip, DescriptionList, EmptyState, Notice } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { LedgerTable } from '../web/tables.tsx';
import type { VoucherItem } from '../web/vouchers.tsx';
import { codeText, LISTED, type OwnBallot, type PaperRow, type RollRow } from './ballot.ts';
import { unitsText } from './pages.tsx';
import { choices, type Choice, type ResolutionRow } from './resolution-queries.ts';
import { texts } from './texts.ts';

const crumbsOf = (code: string, row: ResolutionRow, title: string) =>
  [{ href: `/e/${code}/resolutions`, label: title }, { href: `/e/${code}/resolutions/${row.resolution_id}`, label: row.title }];

export interface BallotShown {
  code: string;
  row: ResolutionRow;
  own: OwnBallot | null;
  /** Chosen already, to be confirmed. */
  choice: Choice | null;
  form_key: string;
  errors: Record<string, string>;
}

export function ballotPage(frame: Frame, { code, row, own, choice, form_key, errors }: BallotShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const base = `/e/${code}/resolutions/${row.resolution_id}`;
  const crumbs = crumbsOf(code, row, t.title);
  if (own === null || own.state !== 'may_vote' || row.state !== 'voting') {
    return page({ ...frame, title: t.ballot_title, crumbs, body: <EmptyState title={t.ballot_none} action={{ href: base, label: t.back }} /> });
  }
  const head = (
    <Card>
      <p class="hint">{fill(t.ballot_for, { units: unitsText(own.units, locale) })}</p>
      <p class="plain-words"><strong>{row.title}</strong></p>
      {row.wording.split('\n').map((line) => <p class="plain-words">{line}</p>)}
      <p class="hint">{row.secret ? t.secret_text : t.open_text}</p>
    </Card>
  );
  const fields = <HiddenToken name="unit" value={own.unit} />;
  if (choice === null) {
    return page({
      ...frame, title: t.ballot_title, crumbs,
      body: (
        <>
          {head}
          <div class="ballot">
            <Form action={`${base}/ballot`} csrf={frame.session?.csrf} errors={errors}>
              {fields}
              <RadioField name="choice" label={t.ballot_choose} required options={choices.map((value) => ({ value, label: t[`choice_${value}`] }))} />
              <ButtonRow><Button>{t.ballot_next}</Button></ButtonRow>
            </Form>
          </div>
        </>
      ),
    });
  }
  return page({
    ...frame, title: t.ballot_confirm, crumbs,
    body: (
      <>
        <Card tone="amber">
          <p class="hint">{fill(t.ballot_for, { units: unitsText(own.units, locale) })}：{row.title}</p>
          <p>{t.ballot_confirm_text}</p>
          <p class="big"><strong>{t[`choice_${choice}`]}</strong></p>
          <p>{t.ballot_final}</p>
          <Form action={`${base}/ballot`} csrf={frame.session?.csrf} form_key={form_key} errors={errors}>
            {fields}<HiddenToken name="choice" value={choice} /><HiddenToken name="confirmed" value="yes" />
            <ButtonRow><button type="submit" class="btn huge">{t.ballot_cast}</button><ActionLink kind="alt" href={`${base}/ballot?unit=${encodeURIComponent(own.unit)}`}>{t.ballot_back}</ActionLink></ButtonRow>
          </Form>
        </Card>
      </>
    ),
  });
}

export interface SlipShown { code: string; row: ResolutionRow; own: OwnBallot | null }

/** The page that is kept: code and key of a secret ballot, or where an open one is found. */
export function slipPage(frame: Frame, { code, row, own }: SlipShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const crumbs = crumbsOf(code, row, t.title);
  if (own === null || own.seq === null || (own.slip === null && own.choice === null)) {
    return page({ ...frame, title: t.slip_title, crumbs, body: <EmptyState title={t.slip_none} action={{ href: `/e/${code}/resolutions/${row.resolution_id}`, label: t.back }} /> });
  }
  const chosen = own.slip?.choice ?? own.choice!;
  return page({
    ...frame, title: t.slip_title, crumbs,
    body: (
      <>
        <Card>
          <p class="plain-words"><strong>{row.title}</strong></p>
          <p class="hint">{fill(t.ballot_for, { units: unitsText(own.units, locale) })}</p>
          <p class="big"><strong>{t[`choice_${chosen as Choice}`]}</strong></p>
          <DescriptionList items={[
            own.slip !== null && { term: t.slip_code, value: <strong class="groups plain-words">{codeText(own.slip.code.slice(0, LISTED))}</strong> },
            own.slip !== null && { term: t.slip_key, value: <span class="groups">{codeText(own.slip.code.slice(LISTED))}</span> },
            { term: t.slip_voter, value: <code class="hash">{own.voter}</code> }, { term: t.slip_record, value: String(own.seq) },
          ]} />
          <p>{own.slip !== null ? t.slip_secret : fill(t.slip_open, { voter: own.voter! })}</p>
          <p class="hint">{t.slip_print}</p>
        </Card>
        <p><a class="tap" href={`/e/${code}/resolutions/${row.resolution_id}`}>{t.back}</a></p>
      </>
    ),
  });
}

// ── Paper ballots ────────────────────────────────────────────────────────────────────────────────

export interface PapersShown {
  code: string;
  row: ResolutionRow;
  papers: PaperRow[];
  bodies: Readonly<Record<string, { zh: string; en: string }>>;
  form: { form_key: string; values: Record<string, string>; errors: Record<string, string>; kept: VoucherItem[]; paper: number | null };
}

function PaperCard({ paper, shown, csrf, locale }: { paper: PaperRow; shown: PapersShown; csrf: string | undefined; locale: Locale }): JSX.Element {
  const t = pick(texts, locale);
  const { code, row, form, bodies } = shown;
  const named = paper.bodies.map((body) => bodies[body]?.[locale] ?? body).join(locale === 'zh' ? '、' : ', ');
  return (
    <div class="paper" id={`paper-${paper.paper}`}>
      <p><strong>{fill(t.paper, { paper: paper.paper })} · {paper.unit}</strong> <small class="hint">{fill(t.paper_readings, { count: paper.readings, bodies: named })}</small>
        {paper.differ && <> <Chip tone="amber">{t.paper_differ}</Chip></>}<br />
        <a class="tap" href={`/e/${code}/vouchers/${paper.voucher}`} target="_blank" rel="noopener">{t.paper_see}</a></p>
      {paper.mine ? <p class="hint">{t.paper_mine}</p> : (
        <Form action={`/e/${code}/resolutions/${row.resolution_id}/papers/${paper.paper}`} id={`read-${paper.paper}`} csrf={csrf} form_key={`${form.form_key}-${paper.paper}`}
          errors={form.paper === paper.paper ? form.errors : {}}>
          <RadioField name="choice" label={t.paper_choice} required options={[...choices, 'void' as const].map((value) => ({ value, label: t[`choice_${value}`] }))} />
          <ButtonRow><Button>{t.paper_enter}</Button></ButtonRow>
        </Form>
      )}
    </div>
  );
}

export function papersPage(frame: Frame, shown: PapersShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const { code, row, papers, form } = shown;
  const open = papers.filter((paper) => paper.state === 'open');
  const done = papers.filter((paper) => paper.state !== 'open');
  const takes = ['voting', 'papers'].includes(row.state);
  return page({
    ...frame, title: t.papers_title, lede: t.papers_lede, crumbs: crumbsOf(code, row, t.title),
    body: (
      <>
        {!takes && <Notice tone="amber">{fill(t.papers_closed, { days: row.paper_days })}</Notice>}
        {takes && (
          <Card title={t.paper_new} id="new">
            <Form action={`/e/${code}/resolutions/${row.resolution_id}/papers`} multipart csrf={frame.session?.csrf} form_key={form.form_key} values={form.paper === null ? form.values : {}} errors={form.paper === null ? form.errors : {}}>
              <TextField name="unit" label={t.paper_unit} required short autocomplete="off" />
              <FileField name="scan" label={t.paper_scan} hint={t.paper_scan_hint} required kept={form.paper === null ? form.kept : []} />
              <RadioField name="choice" label={t.paper_choice} required options={choices.map((value) => ({ value, label: t[`choice_${value}`] }))} />
              <ButtonRow><Button>{t.paper_enter}</Button></ButtonRow>
            </Form>
          </Card>
        )}
        <Card title={fill(t.papers_wait, { count: open.length })} id="waiting">
          {open.length === 0 && <p class="hint">{t.papers_none}</p>}
          {takes && open.map((paper) => <PaperCard paper={paper} shown={shown} csrf={frame.session?.csrf} locale={locale} />)}
        </Card>
        {done.length > 0 && (
          <Card title={fill(t.papers_done, { count: done.length })}>
            <LedgerTable caption={t.papers_title} caption_hidden rows={done} rowState={(paper) => (paper.state === 'set_aside' ? 'muted' : undefined)} columns={[
              { key: 'unit', title: t.unit, lead: true, cell: (paper) => `${paper.unit}` }, { key: 'paper', title: t.papers_title, cell: (paper) => <a href={`/e/${code}/vouchers/${paper.voucher}`}>{fill(t.paper, { paper: paper.paper })}</a> },
              { key: 'state', title: t.state, cell: (paper) => t[`paper_state_${paper.state as 'cast' | 'set_aside'}`] },
            ]} />
          </Card>
        )}
      </>
    ),
  });
}

export interface RollShown { code: string; row: ResolutionRow; items: RollRow[] }

export function rollPage(frame: Frame, { code, row, items }: RollShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  return page({
    ...frame, title: t.roll_link, lede: t.roll_lede, crumbs: crumbsOf(code, row, t.title),
    body: (
      <>
        <p class="hint">{fill(t.roll_text, { voters: row.voters ?? 0, units: row.units ?? 0, area: row.area ?? '0.00', day: formatDate(row.opened_on ?? row.starts_on, locale) })}</p>
        <LedgerTable caption={t.roll} caption_hidden csv={csvTwin(frame.here)} rows={items} columns={[
          { key: 'unit', title: t.unit, lead: true }, { key: 'area', title: t.unit_area, type: 'number' }, { key: 'voter_area', title: t.voter_area, type: 'number' },
          { key: 'voted', title: t.voted, cell: (one) => (one.voted ? <Chip tone="ok">{t.yes}</Chip> : one.paper === 'open' ? t.paper_open : t.no) },
          { key: 'way', title: t.way, cell: (one) => (one.way === null ? '' : t[`way_${one.way as 'online' | 'paper'}`]) },
          ...(row.secret ? [] : [{ key: 'choice', title: t.choice, cell: (one: RollRow) => (one.choice === null ? '' : t[`choice_${one.choice as Choice}`]) }]),
        ]} />
      </>
    ),
  });
}
