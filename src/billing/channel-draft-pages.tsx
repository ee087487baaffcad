// The page on which a settlement file is looked at before it is taken: columns where no channel is known, rows that are not clear
// each with its fields, what is ready, one button for all of it.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { money, moneyFigures, sum } from '../kernel/money.ts';
import { Button, ButtonRow, CheckField, Form, HiddenToken, SelectField, TextField, type Option } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { formatDate, pick } from '../web/locale.ts';
import { Card, Chip, Figures, Notice, type Tone } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { LedgerTable } from '../web/tables.tsx';
import type { Guess } from './channel-file.ts';
import type { Draft, JudgedRow } from './channel-draft.ts';
import { channelNames } from './channel-transit.ts';
import { texts } from './channel-texts.ts';

type T = ReturnType<typeof pick<typeof texts>>;

export interface DraftShown {
  code: string;
  draft: Draft;
  rows: JudgedRow[];
  /** Where the columns have to be chosen. */
  guess: Guess | null;
  errors: Readonly<Record<string, string>>;
}

const MOST_BAD = 100;
const MOST_SHOWN = 500;
const tones: Readonly<Record<JudgedRow['status'], Tone>> = { ready: 'ok', counter: 'ok', bad: 'amber', skipped: 'plain', taken: 'plain', refund: 'red', other: 'plain' };

function ColumnsCard({ shown, guess, csrf, t }: { shown: DraftShown; guess: Guess; csrf: string | undefined; t: T }): JSX.Element {
  const { code, draft: { draft_id, content: { rows } } } = shown;
  const options = rows[guess.header]!.map((cell, at): Option => ({ value: String(at), label: cell.trim() === '' ? String(at + 1) : `${at + 1} ${cell.trim()}` }));
  const values = Object.fromEntries(Object.entries(guess.columns).map(([name, at]) => [name, typeof at === 'number' ? String(at) : '']));
  const none = [{ value: '', label: t.col_none }, ...options];
  const sample = rows.slice(guess.header, guess.header + 6);
  return (
    <Card title={t.columns_title} id="columns">
      <p>{t.columns_hint}</p>
      <Form action={`/e/${code}/transit/files/${draft_id}/columns`} id="columns-form" csrf={csrf} values={{ ...values, text: String(guess.columns.texts[0] ?? '') }} errors={shown.errors}>
        <SelectField name="paid_on" label={t.col_paid_on} options={options} required />
        <SelectField name="amount" label={t.col_amount} options={options} required />
        <SelectField name="reference" label={t.col_reference} options={options} required />
        <SelectField name="fee" label={t.col_fee} options={none} empty={false} />
        <SelectField name="text" label={t.col_text} options={none} empty={false} />
        <SelectField name="state" label={t.col_state} options={none} empty={false} />
        <ButtonRow><Button>{t.go_on}</Button></ButtonRow>
      </Form>
      <LedgerTable caption={t.first_rows} rows={sample.slice(1)} columns={options.slice(0, 10).map((option, at) => ({ key: option.value, title: option.label, lead: at === 0, cell: (row: string[]) => row[at] ?? '' }))} />
    </Card>
  );
}

function BadRow({ row, t, locale }: { row: JudgedRow; t: T; locale: Locale }): JSX.Element {
  return (
    <fieldset class="card amber">
      <legend>{fill(t.row, { row: row.row })}</legend>
      <p>{[row.paid_on === null ? null : formatDate(row.paid_on, locale), row.amount === null ? null : moneyFigures(money(row.amount)), row.reference].filter((part) => part !== null).join(' · ')}</p>
      <p class="hint">{fill(t.what_is_there, { text: row.text === '' ? t.empty : row.text })}</p>
      <HiddenToken name={`row_${row.row}`} value="1" />
      {row.faults.map((fault) => (
        <TextField name={`${fault.field}_${row.row}`} label={t[fault.field]} value={row.fix[fault.field] ?? ''} autocomplete="off" short required
          hint={`${fault.text === '' ? t.empty : `“${fault.text}”`}：${locale === 'zh' ? fault.reason_zh : fault.reason_en}`} />
      ))}
      <CheckField name={`skip_${row.row}`} value="1" label={t.skip_it} checked={row.fix.skip === true} />
    </fieldset>
  );
}

function ToClear({ shown, csrf, t, locale }: { shown: DraftShown; csrf: string | undefined; t: T; locale: Locale }): JSX.Element | null {
  const { code, draft: { draft_id }, rows } = shown;
  const bad = rows.filter((row) => row.status === 'bad');
  const said = rows.filter((row) => row.status === 'skipped' || row.status === 'counter' || row.fix.anew === true);
  if (bad.length + said.length === 0) return null;
  return (
    <Form action={`/e/${code}/transit/files/${draft_id}/rows`} id="rows-form" csrf={csrf}>
      {bad.slice(0, MOST_BAD).map((row) => <BadRow row={row} t={t} locale={locale} />)}
      {bad.length > MOST_BAD && <p class="hint">{fill(t.bad_more, { shown: MOST_BAD, more: bad.length - MOST_BAD })}</p>}
      {said.slice(0, MOST_BAD).map((row) => (
        <fieldset class="card">
          <legend>{fill(t.row, { row: row.row })}</legend>
          <p>{row.unit ?? ''} {row.amount === null ? '' : moneyFigures(money(row.amount))} {row.receipt !== null && fill(t.counter_of, { number: row.receipt.number })}</p>
          <HiddenToken name={`row_${row.row}`} value="1" />
          {(row.receipt !== null || row.fix.anew === true) && <CheckField name={`anew_${row.row}`} value="1" label={t.anew} checked={row.fix.anew === true} />}
          <CheckField name={`skip_${row.row}`} value="1" label={t.skip_it} checked={row.fix.skip === true} />
        </fieldset>
      ))}
      <ButtonRow><Button kind="alt">{t.save_fixes}</Button></ButtonRow>
    </Form>
  );
}

export function draftPage(frame: Frame, shown: DraftShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const csrf = frame.session?.csrf;
  const { code, draft, rows, guess, errors } = shown;
  const counts = (['ready', 'counter', 'bad', 'skipped', 'taken', 'other'] as const).map((status) => ({ status, count: rows.filter((row) => row.status === status).length }));
  const taken = rows.filter((row) => row.status === 'ready' || row.status === 'counter');
  const refunds = rows.filter((row) => row.status === 'refund');
  const bad = counts.find((one) => one.status === 'bad')!.count;
  const gross = moneyFigures(sum(taken.map((row) => money(row.amount!))));
  return page({
    ...frame, title: t.draft_title, lede: t.draft_lede, crumbs: [{ href: `/e/${code}/transit`, label: t.transit }],
    body: (
      <>
        <Card title={`${channelNames[draft.channel][locale]} · ${draft.file_name}`}>
          {guess === null && <Figures items={[
            ...counts.filter(({ status, count }) => count > 0 || status === 'ready').map(({ status, count }) => ({ label: t[status], text: String(count) })),
            { label: t.gross, text: gross }, { label: t.fee, text: moneyFigures(sum(taken.map((row) => money(row.fee)))) },
          ]} />}
        </Card>
        {guess !== null && <ColumnsCard shown={shown} guess={guess} csrf={csrf} t={t} />}
        {refunds.length > 0 && (
          <Notice tone="alarm" title={fill(t.refund_title, { count: refunds.length, amount: moneyFigures(sum(refunds.map((row) => money(row.refunded)))) })}>{t.refund_text}</Notice>
        )}
        {guess === null && <ToClear shown={shown} csrf={csrf} t={t} locale={locale} />}
        {guess === null && (
          <Card title={fill(t.take, { count: taken.length, amount: gross })} id="take">
            <p class="hint">{t.take_hint}</p>
            <Form action={`/e/${code}/transit/files/${draft.draft_id}/take`} id="take-form" csrf={csrf} errors={errors}>
              <ButtonRow><Button why_not={bad > 0 ? fill(t.take_not, { count: bad }) : taken.length === 0 ? t.take_nothing : undefined}>{fill(t.take, { count: taken.length, amount: gross })}</Button></ButtonRow>
            </Form>
          </Card>
        )}
        {rows.length > 0 && (
          <details>
            <summary class="tap">{fill(t.all_rows, { count: rows.length })}</summary>
            <LedgerTable caption={fill(t.all_rows, { count: rows.length })} caption_hidden rows={rows.slice(0, MOST_SHOWN)} columns={[
              { key: 'row', title: t.row_no, lead: true, type: 'number' }, { key: 'paid_on', title: t.paid_on, type: 'date' },
              { key: 'unit', title: t.unit, cell: (row) => row.unit ?? '' }, { key: 'amount', title: t.amount, type: 'money' }, { key: 'fee', title: t.fee, type: 'money' },
              { key: 'reference', title: t.reference, type: 'code' }, { key: 'text', title: t.says },
              { key: 'status', title: t.state, cell: (row) => <Chip tone={tones[row.status]}>{t[row.status]}</Chip> },
            ]} />
          </details>
        )}
        <Form action={`/e/${code}/transit/files/${draft.draft_id}/drop`} id="drop-form" csrf={csrf}>
          <ButtonRow><Button kind="danger">{t.drop}</Button></ButtonRow>
        </Form>
      </>
    ),
  });
}
