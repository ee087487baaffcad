// Pages of relays: where bulletins go, how each does, and what was sent. Never an address, never a secret but once.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { fieldId } from '../web/field.tsx';
import { Button, ButtonRow, Form, RadioField, SelectField, TextField } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { formatInstant, pick } from '../web/locale.ts';
import { Card, Chip, DescriptionList, EmptyState, Notice, type Tone } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { LedgerTable } from '../web/tables.tsx';
import { relayKinds, relayNames } from './address.ts';
import { choosableKinds, kindTitle, usualKinds } from './bulletin-kinds.ts';
import type { DeliveryRow, RelayTold } from './relay-queries.ts';
import { sample } from './sample.ts';
import { problemText, texts } from './texts.ts';

export type T = ReturnType<typeof pick<typeof texts>>;
export interface FormState { values: Readonly<Record<string, string>>; errors: Readonly<Record<string, string>>; form_key: string }

export const emptyForm = (form_key: string): FormState => ({
  values: { kind: 'wecom', locale: 'zh', ...Object.fromEntries(usualKinds.map((kind) => [`event_${kind}`, 'yes'])) }, errors: {}, form_key,
});
/** A relay as its form shows it. */
export const formOf = (row: RelayTold, form_key: string): FormState => ({
  values: { label: row.label, locale: row.locale, ...Object.fromEntries(row.events.map((event) => [`event_${event}`, 'yes'])) }, errors: {}, form_key,
});

function standing(row: RelayTold): { tone: Tone; word: 'ended' | 'ended_gone' | 'failing' | 'working' | 'idle' } {
  if (row.ended_at !== null) return { tone: 'plain', word: row.ended_why === 'gone' ? 'ended_gone' : 'ended' };
  if (row.problem !== null) return { tone: 'red', word: 'failing' };
  return row.sent > 0 ? { tone: 'ok', word: 'working' } : { tone: 'plain', word: 'idle' };
}
const StandingChip = ({ row, t }: { row: RelayTold; t: T }): JSX.Element => {
  const { tone, word } = standing(row);
  return <Chip tone={tone}>{t[word]}</Chip>;
};

function facts(row: RelayTold, t: T, locale: Locale) {
  return [
    { term: t.to, value: <>{relayNames[row.kind][locale]} <code>{row.host}</code></> },
    { term: t.events, value: choosableKinds.filter((kind) => row.events.includes(kind)).map((kind) => kindTitle(kind, locale)).join(locale === 'zh' ? '、' : ', ') },
    { term: t.state, value: fill(t.counts, { sent: row.sent, waiting: row.waiting, failed: row.failed }) },
    { term: t.last_sent, value: row.last_sent_at === null ? t.never : formatInstant(row.last_sent_at, locale) },
    row.problem !== null && { term: t.problem, value: problemText(row.problem, locale) },
  ];
}

function EventFields({ id, form, t, locale }: { id: string; form: FormState; t: T; locale: Locale }): JSX.Element {
  const wrong = form.errors['events'];
  return (
    <fieldset class={wrong === undefined ? 'field' : 'field wrong'} id={fieldId(id, 'events')}>
      <legend>{t.events}</legend>
      {choosableKinds.map((kind) => (
        <label class="choice">
          <input type="checkbox" name={`event_${kind}`} value="yes" checked={form.values[`event_${kind}`] === 'yes'} />
          <span>{kindTitle(kind, locale)}</span>
        </label>
      ))}
      {wrong !== undefined && <p class="field-error">{wrong}</p>}
    </fieldset>
  );
}

const LocaleField = ({ t }: { t: T }): JSX.Element => (
  <SelectField name="locale" label={t.locale} required empty={false} options={[{ value: 'zh', label: t.locale_zh }, { value: 'en', label: t.locale_en }]} />
);

export interface ListShown { code: string; rows: readonly RelayTold[]; form: FormState; sets_up: boolean }

export function relaysPage(frame: Frame, { code, rows, form, sets_up }: ListShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  return page({
    ...frame, title: t.title, lede: t.lede,
    body: (
      <>
        {rows.length === 0 && <EmptyState title={t.none} text={sets_up ? t.none_text : undefined} />}
        {rows.map((row) => (
          <Card id={`relay-${row.relay}`} title={<><a href={`/e/${code}/relays/${row.relay}`}>{row.label}</a>{' '}<StandingChip row={row} t={t} /></>}>
            <DescriptionList items={facts(row, t, locale)} />
          </Card>
        ))}
        {sets_up ? (
          <Card title={t.new_title} id="new">
            <Form action={`/e/${code}/relays`} id="relay-form" csrf={frame.session?.csrf} form_key={form.form_key} values={form.values} errors={form.errors}>
              <RadioField name="kind" label={t.kind} required options={relayKinds.map((kind) => ({ value: kind, label: relayNames[kind][locale], hint: t[`hint_${kind}`] }))} />
              <TextField name="label" label={t.label} hint={t.label_hint} required autocomplete="off" />
              <TextField name="address" label={t.address} hint={t.address_hint} required autocomplete="off" />
              <TextField name="secret" type="password" label={t.secret} autocomplete="off" />
              <EventFields id="relay-form" form={form} t={t} locale={locale} />
              <LocaleField t={t} />
              <ButtonRow><Button>{t.open}</Button></ButtonRow>
            </Form>
          </Card>
        ) : <p class="hint">{t.may_not}</p>}
      </>
    ),
  });
}

// ── One relay ────────────────────────────────────────────────────────────────────────────────────

export interface RelayShown {
  code: string;
  row: RelayTold;
  deliveries: readonly DeliveryRow[];
  next_cursor: number | null;
  form: FormState;
  sets_up: boolean;
  /** Shown this once. */
  secret: { text: string; renewed: boolean } | null;
  told: string | null;
  refused: string | null;
}

const deliveryTones: Record<DeliveryRow['state'], Tone> = { waiting: 'amber', sent: 'ok', failed: 'red', dropped: 'plain' };

function Deliveries({ shown, t, locale }: { shown: RelayShown; t: T; locale: Locale }): JSX.Element {
  const { code, row, deliveries, next_cursor } = shown;
  const base = `/e/${code}/relays/${row.relay}`;
  return (
    <Card title={t.deliveries} id="deliveries">
      {deliveries.length === 0 ? <p class="hint">{t.deliveries_none}</p> : (
        <LedgerTable caption={t.deliveries} caption_hidden rows={deliveries} csv={`${base}/deliveries.csv`} columns={[
          { key: 'what', title: t.what, lead: true, cell: (one) => <a href={one.href}>{locale === 'zh' ? one.text_zh : one.text_en}</a> },
          { key: 'made_at', title: t.happened, type: 'date', cell: (one) => formatInstant(one.made_at, locale) },
          { key: 'state', title: t.state, cell: (one) => (
            <>
              <Chip tone={deliveryTones[one.state]}>{t[`state_${one.state}`]}</Chip>
              {one.problem !== null && one.state !== 'sent' && <> {problemText(one.problem, locale)}</>}
              {one.state === 'waiting' && one.attempts > 0 && <> {fill(t.next, { at: formatInstant(one.next_at, locale) })}</>}
            </>
          ) },
          { key: 'attempts', title: t.tries, type: 'number' },
        ]} />
      )}
      {next_cursor !== null && <p><a class="tap" href={`${base}?before=${next_cursor}#deliveries`}>{t.earlier}</a></p>}
    </Card>
  );
}

function Steps({ shown, csrf, t }: { shown: RelayShown; csrf: string | undefined; t: T }): JSX.Element {
  const { code, row } = shown;
  const step = (name: string, label: string, kind: 'alt' | 'danger' = 'alt'): JSX.Element => (
    <Form action={`/e/${code}/relays/${row.relay}/${name}`} id={`${name}-form`} csrf={csrf}><ButtonRow><Button kind={kind}>{label}</Button></ButtonRow></Form>
  );
  return (
    <Card>
      {step('test', t.test)}
      {row.failed + row.waiting > 0 && step('again', t.resend)}
      {row.kind === 'webhook' && step('secret', t.renew)}
      <p class="hint">{t.end_hint}</p>
      {step('end', t.end, 'danger')}
    </Card>
  );
}

export function relayPage(frame: Frame, shown: RelayShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const { code, row, form, secret } = shown;
  const works = row.ended_at === null;
  return page({
    ...frame, title: row.label,
    body: (
      <>
        {shown.refused !== null && <Notice tone="alarm">{shown.refused}</Notice>}
        {shown.told !== null && <Notice tone="ok">{shown.told}</Notice>}
        {secret !== null && (
          <Notice tone="ok" title={t.secret_once}>
            <p><code class="hash">{secret.text}</code></p>
            {secret.renewed && <p>{t.secret_before}</p>}
          </Notice>
        )}
        <Card title={<StandingChip row={row} t={t} />}>
          <DescriptionList items={[
            ...facts(row, t, locale),
            { term: t.signature, value: row.signed ? t.signed : t.unsigned },
            row.opened_by !== null && { term: t.by, value: row.opened_by },
            { term: t.since, value: formatInstant(row.opened_at, locale) },
          ]} />
        </Card>
        {works && shown.sets_up && <Steps shown={shown} csrf={frame.session?.csrf} t={t} />}
        <Deliveries shown={shown} t={t} locale={locale} />
        {works && shown.sets_up && (
          <Card title={t.change_title} id="change">
            <Form action={`/e/${code}/relays/${row.relay}`} id="change-form" csrf={frame.session?.csrf} values={form.values} errors={form.errors}>
              <TextField name="label" label={t.label} required autocomplete="off" />
              <EventFields id="change-form" form={form} t={t} locale={locale} />
              <LocaleField t={t} />
              <ButtonRow><Button>{t.change}</Button></ButtonRow>
            </Form>
          </Card>
        )}
        {row.kind === 'webhook' && (
          <Card title={t.sample_title} id="sample">
            <p>{t.sample_text}</p>
            <pre class="note">{sample}</pre>
          </Card>
        )}
      </>
    ),
  });
}
