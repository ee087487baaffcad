// The page of the log's keys: the one in use, those before it, and the form that proposes another.
import type { JSX } from 'preact';
import type { LogKey } from '../evidence/log-key.ts';
import { fill, type Locale } from '../kernel/locale.ts';
import { Button, ButtonRow, Form, TextField } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { formatCount, pick } from '../web/locale.ts';
import { Card, Columns, DescriptionList, Notice } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { LedgerTable } from '../web/tables.tsx';
import { ruleSentence, type RuleNames } from '../approval/rule-text.ts';
import { newRuleOf, type Rule } from '../approval/rules.ts';
import { texts } from './log-key-change-texts.ts';
import { ResolutionFields, type OfficeForm } from './membership-pages.tsx';

export interface LogKeyShown {
  code: string;
  /** Oldest first. */
  keys: readonly LogKey[];
  /** Whether the service holds the secret part of the present key; null where there is none. */
  held: boolean | null;
  /** Open proposal that changes it already. */
  proposal_id: number | null;
  rule: Rule | null;
  names: RuleNames;
  /** Why this person cannot propose it, in words. */
  refused: string | null;
  /** Whether records may be opened. */
  officer: boolean;
  today: string;
  /** Null for whoever may not propose. */
  form: OfficeForm | null;
}

function KeyTable({ shown, locale }: { shown: LogKeyShown; locale: Locale }): JSX.Element {
  const t = pick(texts, locale);
  const record = (seq: number): JSX.Element => {
    const words = fill(t.record, { seq: formatCount(seq) });
    return shown.officer ? <a href={`/e/${shown.code}/log/${seq}`}>{words}</a> : <>{words}</>;
  };
  return (
    <LedgerTable caption={t.keys} rows={[...shown.keys].reverse()} columns={[
      { key: 'vkey', title: t.vkey, lead: true, cell: (row) => <code class="hash">{row.vkey}</code> },
      { key: 'opened_seq', title: t.since, cell: (row) => record(row.opened_seq) },
      { key: 'ended_seq', title: t.until, cell: (row) => (row.ended_seq === null ? t.in_use : record(row.ended_seq)) },
    ]} />
  );
}

function ChangeForm({ shown, form, csrf, locale }: { shown: LogKeyShown; form: OfficeForm; csrf: string | undefined; locale: Locale }): JSX.Element {
  const t = pick(texts, locale);
  const { code, rule, names } = shown;
  return (
    <Form action={`/e/${code}/log/key`} multipart csrf={csrf} form_key={form.form_key} values={form.values} errors={form.errors}>
      <Card title={t.change} id="change">
        {shown.refused !== null && <Notice tone="amber">{shown.refused}</Notice>}
        <p>{t.how}</p>
        {rule !== null && <DescriptionList items={[{ term: t.rule, value: ruleSentence(newRuleOf(rule), names)[locale] }]} />}
        <TextField name="reason" label={t.reason} hint={t.reason_hint} autocomplete="off" required />
      </Card>
      {rule?.needs_resolution === true && <ResolutionFields form={form} locale={locale} today={shown.today} />}
      <ButtonRow><Button>{t.submit}</Button></ButtonRow>
    </Form>
  );
}

export function logKeyPage(frame: Frame, shown: LogKeyShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const { code, keys, held, proposal_id, form, officer } = shown;
  const present = keys.find((key) => key.ended_seq === null);
  const crumbs = [officer ? { href: `/e/${code}/log`, label: t.to_log } : { href: `/e/${code}/proof`, label: t.to_proof }];
  return page({
    ...frame, title: t.title, lede: t.lede, crumbs,
    body: (
      <>
        {held === false && <Notice tone="alarm">{t.not_held}</Notice>}
        {proposal_id !== null && (
          <Notice tone="info" action={{ href: `/e/${code}/proposals/${proposal_id}`, label: t.see }}>{fill(t.under_way, { proposal: proposal_id })}</Notice>
        )}
        <Columns>
          <div>
            <Card title={t.present}>
              {present === undefined ? <p>{t.none}</p> : <><p><code class="hash">{present.vkey}</code></p><p class="hint">{t.present_hint}</p></>}
            </Card>
            {keys.length > 1 && <KeyTable shown={shown} locale={locale} />}
            <Card title={t.when}><ul>{[t.when_lost, t.when_stolen, t.when_moved].map((line) => <li>{line}</li>)}</ul></Card>
          </div>
          {form !== null && present !== undefined && proposal_id === null
            ? <ChangeForm shown={shown} form={form} csrf={frame.session?.csrf} locale={locale} /> : <div />}
        </Columns>
      </>
    ),
  });
}
