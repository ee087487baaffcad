// The queue: one list of what waits for me, one of what waits for others, one of what is finished.
import type { JSX } from 'preact';
import type { Locale } from '../kernel/locale.ts';
import { fill } from '../kernel/locale.ts';
import { Amount } from '../web/amount.tsx';
import { Button, ButtonRow, Form, TextField } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { formatDay, pick } from '../web/locale.ts';
import { Card, Chip, EmptyState, Notice, RowList, type Row, type Tone } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import type { NeededRow, ProposalRow } from './queries.ts';
import { kindName, stateName, texts, titleIn } from './texts.ts';

type T = Record<keyof typeof texts, string>;

export interface QueueShown {
  code: string;
  mine: ProposalRow[];
  others: ProposalRow[];
  finished: ProposalRow[];
  needed: Map<number, NeededRow[]>;
  funds: Record<string, { zh: string; en: string }>;
  /** Outcome of a batch that did not go through as a whole. */
  results: { proposal_id: number; ok: boolean; text: string }[];
  form: { values: Record<string, string>; errors: Record<string, string> };
}

function countOf(row: ProposalRow, { needed }: QueueShown): { signed: number; needed: number } {
  const rows = needed.get(row.proposal_id) ?? [];
  return { signed: rows.reduce((all, r) => all + r.signers - r.missing, 0), needed: rows.reduce((all, r) => all + r.signers, 0) };
}

const tones: Record<string, Tone> = { rejected: 'red', expired: 'red', held: 'amber', returned: 'amber', approved: 'ok' };

function noteOf(row: ProposalRow, shown: QueueShown, locale: Locale, t: T): string {
  const fund = row.fund === null ? undefined : shown.funds[row.fund]?.[locale];
  const expires = row.expires_on !== null && (row.state === 'submitted' || row.state === 'held')
    ? fill(t.expires, { day: formatDay(row.expires_on, locale) }) : undefined;
  return [kindName(row.kind, locale), fund, expires].filter((part) => part !== undefined).join(' · ');
}

function rowOf(row: ProposalRow, shown: QueueShown, locale: Locale, t: T): Row {
  const waiting = row.state === 'submitted';
  return {
    label: titleIn(row, locale), href: `/e/${shown.code}/proposals/${row.proposal_id}`, note: noteOf(row, shown, locale, t),
    ...(row.amount === null ? {} : { amount: row.amount }),
    chip: <Chip tone={waiting ? 'ok' : tones[row.state]}>{waiting ? fill(t.signed_of, countOf(row, shown)) : stateName(row.state, locale)}</Chip>,
  };
}

function MineCard({ shown, csrf, locale }: { shown: QueueShown; csrf: string | undefined; locale: Locale }): JSX.Element {
  const t = pick(texts, locale);
  if (shown.mine.length === 0) {
    return <Card title={t.waiting_for_me}><EmptyState title={t.nothing_for_me} text={t.nothing_for_me_text} /></Card>;
  }
  return (
    <Card title={<>{t.waiting_for_me} <Chip tone="ok">{shown.mine.length}</Chip></>}>
      <Form action={`/e/${shown.code}/queue`} csrf={csrf} values={shown.form.values} errors={shown.form.errors} id="batch">
        <ul class="rows">
          {shown.mine.map((row) => (
            <li>
              <div class="row">
                <span class="row-label">
                  <label class="choice">
                    <input type="checkbox" name="items" value={`${row.proposal_id}:${row.document_hash}`}
                      aria-label={fill(t.choose_this, { title: titleIn(row, locale) })} />
                    <span>
                      <a href={`/e/${shown.code}/proposals/${row.proposal_id}`}>{titleIn(row, locale)}</a>
                      {' '}<Chip tone="ok">{fill(t.signed_of, countOf(row, shown))}</Chip>
                    </span>
                  </label>
                </span>
                <span class="row-value">{row.amount !== null && <Amount value={row.amount} strong />}</span>
                <small class="hint">{noteOf(row, shown, locale, t)}</small>
              </div>
            </li>
          ))}
        </ul>
        <TextField name="password" type="password" label={t.password} hint={t.sign_chosen_hint} autocomplete="off" required />
        <ButtonRow><Button>{t.sign_chosen}</Button></ButtonRow>
      </Form>
    </Card>
  );
}

export function queuePage(frame: Frame, shown: QueueShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const rows = (list: ProposalRow[]): Row[] => list.map((row) => rowOf(row, shown, locale, t));
  const refused = shown.results.some((result) => !result.ok);
  return page({
    ...frame, title: t.queue, lede: t.queue_lede,
    body: (
      <>
        {shown.results.length > 0 && (
          <Notice tone={refused ? 'amber' : 'ok'} title={t.batch_title}>
            <ul>{shown.results.map((result) => <li>{fill(t.batch_line, { proposal: result.proposal_id, text: result.text })}</li>)}</ul>
          </Notice>
        )}
        <MineCard shown={shown} csrf={frame.session?.csrf} locale={locale} />
        <Card title={t.waiting_for_others}>
          {shown.others.length === 0 ? <p class="hint">{t.nothing_for_others}</p> : <RowList rows={rows(shown.others)} />}
        </Card>
        <Card title={t.finished}>
          {shown.finished.length === 0 ? <p class="hint">{t.nothing_finished}</p> : <RowList rows={rows(shown.finished)} />}
        </Card>
      </>
    ),
  });
}
