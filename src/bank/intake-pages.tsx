// Pages of files on their way in: the drop zone, the dry run, what a person adds, the progress and the result.
import type { ComponentChild, JSX } from 'preact';
import { fill, type Bilingual, type Locale } from '../kernel/locale.ts';
import { money, moneyFigures } from '../kernel/money.ts';
import { negatedText } from '../bankfile/value.ts';
import { Amount } from '../web/amount.tsx';
import { AmountField, Button, ButtonRow, CheckField, DateField, FileField, Form, SelectField } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { formatCount, formatDate, formatInstant, formatSize, pick } from '../web/locale.ts';
import { ActionLink, Card, Chip, DescriptionList, Figures, Notice } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { LedgerTable } from '../web/tables.tsx';
import type { IntakeRow } from './intake.ts';
import type { CoveredAccount } from './statement-queries.ts';
import type { FreshLine, StatementPreview, TakenStatement } from './statement.ts';
import { formatName, texts } from './statement-texts.ts';
import { warningTexts } from './statement-warnings.ts';

export type T = ReturnType<typeof pick<typeof texts>>;
const SHOWN_LINES = 200;

type Named = Pick<CoveredAccount, 'name_zh' | 'name_en' | 'bank_name' | 'account_last4'>;
export const accountText = (row: Named, locale: Locale, t: T): string =>
  fill(t.account_text, { name: locale === 'zh' ? row.name_zh : row.name_en, bank: row.bank_name, last4: row.account_last4 });
export const daysText = ({ from, to }: { from: string; to: string }, locale: Locale, t: T): string =>
  (from === to ? formatDate(from, locale) : fill(t.period_text, { from: formatDate(from, locale), to: formatDate(to, locale) }));

/** Money in and out apart, without signs: as a bank book shows them. */
export const moneyIn = (amount: string): string | null => (amount.startsWith('-') ? null : amount);
export const moneyOut = (amount: string): string | null => (amount.startsWith('-') ? negatedText(amount) : null);

const StateChip = ({ row, t }: { row: IntakeRow; t: T }): JSX.Element => (
  <Chip tone={row.state === 'refused' ? 'red' : row.state === 'draft' ? 'plain' : 'amber'}>{t[`state_${row.state}` as 'state_draft']}</Chip>
);

/** The zone files are dropped on: a file field, so that it works without script too. */
export function DropZone({ code, csrf, errors, t }: { code: string; csrf: string | undefined; errors?: Record<string, string> | undefined; t: T }): JSX.Element {
  return (
    <Form id="files" action={`/e/${code}/bank/files`} multipart csrf={csrf} errors={errors ?? {}}>
      <div class="drop-zone">
        <FileField name="files" label={t.files_field} hint={t.files_hint} multiple required
          accept=".csv,.txt,.xls,.xlsx,.xml,.sta,.940,.mt940,.htm,.html,text/csv,text/plain,application/xml,application/vnd.ms-excel" />
      </div>
      <ButtonRow><Button>{t.upload}</Button></ButtonRow>
    </Form>
  );
}

export function WaitingFiles({ code, rows, locale, t }: { code: string; rows: readonly IntakeRow[]; locale: Locale; t: T }): JSX.Element {
  return (
    <Card title={t.waiting_files} id="waiting">
      <p class="hint">{t.waiting_hint}</p>
      <LedgerTable caption={t.waiting_files} caption_hidden rows={rows} columns={[
        { key: 'file', title: t.file, lead: true, cell: (row) => <a class="tap" href={`/e/${code}/bank/files/${row.intake_id}`}>{row.file_name}</a> },
        { key: 'first_day', title: t.first_day, type: 'date', cell: (row) => (row.first_day === null ? t.unreadable : formatDate(row.first_day, locale)) },
        { key: 'lines', title: t.lines_n, type: 'number', cell: (row) => (row.lines === null ? '' : formatCount(row.lines)) },
        { key: 'state', title: t.state, cell: (row) => <StateChip row={row} t={t} /> },
      ]} />
    </Card>
  );
}

export interface FilesShown { code: string; csrf: string | undefined; waiting: readonly IntakeRow[]; errors: Record<string, string> }

export function filesPage(frame: Frame, { code, csrf, waiting, errors }: FilesShown): string {
  const t = pick(texts, frame.locale);
  const body = (
    <>
      <Card>
        <p>{t.hand_in_hint}</p><p class="hint">{t.second_hint}</p>
        <DropZone code={code} csrf={csrf} errors={errors} t={t} />
      </Card>
      {waiting.length > 0 && <WaitingFiles code={code} rows={waiting} locale={frame.locale} t={t} />}
    </>
  );
  return page({ ...frame, title: t.hand_in, crumbs: crumbs(code, t, false), body });
}

export const crumbs = (code: string, t: T, files = true) => [
  { href: `/e/${code}/bank`, label: t.bank }, ...(files ? [{ href: `/e/${code}/bank/files`, label: t.hand_in }] : []),
];

const otherSide = ({ counterparty_name, counterparty_account }: FreshLine): ComponentChild => (
  <>{counterparty_name}{counterparty_account !== '' && <small class="hint"> {counterparty_account}</small>}</>
);
const saidOf = ({ memo, purpose }: { memo: string; purpose: string }): string => [memo, purpose].filter((part, index, all) => part !== '' && all.indexOf(part) === index).join('；');

export function LineTable({ lines, title, locale, t }: { lines: readonly FreshLine[]; title: string; locale: Locale; t: T }): JSX.Element {
  return (
    <LedgerTable caption={title} rows={lines} columns={[
      { key: 'day', title: t.day, type: 'date', lead: true, cell: (row) => <>{formatDate(row.booked_on, locale)}{row.booked_time !== '' && <small class="hint"> {row.booked_time.slice(0, 5)}</small>}</> },
      { key: 'in', title: t.in, type: 'money', cell: (row) => <Amount value={moneyIn(row.amount)} /> },
      { key: 'out', title: t.out, type: 'money', cell: (row) => <Amount value={moneyOut(row.amount)} /> },
      { key: 'balance', title: t.balance, type: 'money', cell: (row) => <Amount value={row.balance} /> },
      { key: 'counterparty', title: t.counterparty, cell: otherSide },
      { key: 'memo', title: t.memo, cell: saidOf },
      { key: 'serial', title: t.serial, cell: (row) => <small>{row.serial}</small> },
    ]} />
  );
}

export interface IntakeShown {
  code: string;
  csrf: string | undefined;
  row: IntakeRow;
  accounts: readonly CoveredAccount[];
  /** What is waiting besides, oldest first. */
  others: readonly IntakeRow[];
  preview: StatementPreview | null;
  refusal: { text: Bilingual; field: string | undefined } | null;
  values: Record<string, string>;
  unsaid: Unsaid;
}

/** What the file leaves to the person's word, and whether its columns were chosen. */
export interface Unsaid { account: boolean; days: boolean; balance: boolean; columns: boolean }

function Summary({ shown, preview, locale, t }: { shown: IntakeShown; preview: StatementPreview; locale: Locale; t: T }): JSX.Element {
  const { matching, already } = preview;
  return (
    <Card title={fill(t.would, { n: formatCount(preview.new_lines) }) + (preview.repeated > 0 ? fill(t.would_repeat, { n: formatCount(preview.repeated) }) : '')}>
      <Figures items={[
        { label: t.opening, amount: preview.opening }, { label: fill(t.new_in, { n: formatCount(preview.in_count) }), amount: preview.in_total },
        { label: fill(t.new_out, { n: formatCount(preview.out_count) }), amount: preview.out_total }, { label: t.closing, amount: preview.closing },
      ]} />
      <DescriptionList items={[
        { term: t.account, value: accountText(preview.account, locale, t) },
        { term: t.period, value: <>{daysText(preview, locale, t)} <Chip tone={preview.period_stated ? 'plain' : 'amber'}>{preview.period_stated ? t.by_file : t.by_word}</Chip></> },
        { term: t.format, value: <>{formatName(preview.format)[locale]}{shown.unsaid.columns && <> · <a href={`/e/${shown.code}/bank/files/${shown.row.intake_id}?columns=1`}>{t.change_columns}</a></>}</> },
        { term: t.file, value: `${shown.row.file_name} (${formatSize(shown.row.size)})` },
        matching !== null && already === null && { term: t.would_match, value: fill(t.would_match_text, { matched: formatCount(matching.matched), proposed: formatCount(matching.proposed) }) },
      ]} />
    </Card>
  );
}

/** What the file does not say, and nothing else. */
function WordFields({ shown, t, locale }: { shown: IntakeShown; t: T; locale: Locale }): JSX.Element | null {
  const { preview, accounts, unsaid } = shown;
  if (!asks(unsaid)) return null;
  return (
    <fieldset class="card">
      <legend>{t.your_word} <small class="hint">{t.your_word_hint}</small></legend>
      {unsaid.account && (
        <SelectField name="bank_account" label={t.account} value={shown.values['bank_account'] ?? preview?.account.account ?? ''}
          options={accounts.map((one) => ({ value: one.account, label: accountText(one, locale, t) }))} />
      )}
      {unsaid.days && <DateField name="from" label={t.from} value={shown.values['from'] ?? preview?.from ?? ''} />}
      {unsaid.days && <DateField name="to" label={t.to} hint={t.to_hint} value={shown.values['to'] ?? preview?.to ?? ''} />}
      {unsaid.balance && <AmountField name="opening" label={t.opening} value={shown.values['opening'] ?? ''} />}
      {unsaid.balance && <AmountField name="closing" label={t.closing} value={shown.values['closing'] ?? ''} />}
    </fieldset>
  );
}

const asks = (unsaid: Unsaid): boolean => unsaid.account || unsaid.days || unsaid.balance;
const fieldShown = (field: string, { account, days, balance }: Unsaid): boolean =>
  (account && field === 'bank_account') || (days && ['from', 'to'].includes(field)) || (balance && ['opening', 'closing'].includes(field));

const Already = ({ code, preview, locale, t }: { code: string; preview: StatementPreview; locale: Locale; t: T }): JSX.Element => (
  <Notice tone="ok" title={t.already} action={{ href: `/e/${code}/bank/statements/${preview.already!.seq}`, label: t.see_statement }}>
    {fill(t.already_text, { at: formatInstant(preview.already!.imported_at, locale), lines: formatCount(preview.already!.lines), repeated: formatCount(preview.already!.repeated) })}
  </Notice>
);

export function dryRunPage(frame: Frame, shown: IntakeShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const { code, row, preview, refusal, others, csrf } = shown;
  const told = refusal?.text[locale] ?? (row.state === 'refused' ? (locale === 'zh' ? row.told_zh : row.told_en) : null);
  const field = refusal?.field ?? '';
  const asks_opening = preview?.opening_differs === true;
  // Only a tick is missing: the button stays.
  const ticks = asks_opening && field === 'accept_opening';
  const known = ticks || fieldShown(field, shown.unsaid);
  const is_done = preview?.already !== null && preview !== null;
  const lines = preview === null ? [] : preview.lines.slice(preview.repeated);
  const body = (
    <>
      {told !== null && !ticks && (
        <Notice tone="alarm" title={t.refused}>
          <p>{told}</p><p>{t.nothing_taken}</p>
          {preview === null && shown.unsaid.columns && <p><a class="tap" href={`/e/${code}/bank/files/${row.intake_id}?columns=1`}>{t.change_columns}</a></p>}
        </Notice>
      )}
      {is_done && <Already code={code} preview={preview} locale={locale} t={t} />}
      {preview !== null && !is_done && <Summary shown={shown} preview={preview} locale={locale} t={t} />}
      {preview !== null && !is_done && preview.warnings.length > 0 && (
        <Card title={t.mind} tone="amber">
          <ul class="plain-list">{preview.warnings.map(({ code: name, facts }) => <li>{fill(warningTexts[name][locale], facts)}</li>)}</ul>
        </Card>
      )}
      <Form id="take" action={`/e/${code}/bank/files/${row.intake_id}`} csrf={csrf} values={shown.values} errors={known && refusal !== null ? { [field]: refusal.text[locale] } : {}}>
        {!is_done && <WordFields shown={shown} t={t} locale={locale} />}
        {asks_opening && !is_done && <CheckField name="accept_opening" label={fill(t.accept_opening, { opening: moneyFigures(money(preview.opening)) })} />}
        <ButtonRow>
          {preview !== null && !is_done && (told === null || ticks) && <Button name="act" value="take">{preview.new_lines === 0 ? t.take_confirm : t.take}</Button>}
          {!is_done && asks(shown.unsaid) && <Button name="act" value="check" kind={preview === null || told !== null ? 'primary' : 'alt'}>{t.check_again}</Button>}
          <Button name="act" value="drop" kind="alt">{t.throw_away}</Button>
        </ButtonRow>
      </Form>
      {lines.length > 0 && (
        <Card>
          <LineTable lines={lines.slice(0, SHOWN_LINES)} locale={locale} t={t}
            title={lines.length > SHOWN_LINES ? fill(t.first_lines_of, { shown: SHOWN_LINES, n: formatCount(lines.length) }) : t.first_lines} />
        </Card>
      )}
      {others.length > 0 && <WaitingFiles code={code} rows={others} locale={locale} t={t} />}
    </>
  );
  return page({ ...frame, title: row.file_name, crumbs: crumbs(code, t), body });
}

export function progressPage(frame: Frame, { code, row }: { code: string; row: IntakeRow }): string {
  const t = pick(texts, frame.locale);
  const percent = row.total === 0 ? 0 : Math.min(99, Math.floor((row.done * 100) / row.total));
  const step = (`step_${row.state === 'waiting' ? 'waiting' : row.step}`) as keyof T;
  const body = (
    <Card title={t.progress}>
      <p><progress class="progress" max={100} value={row.step === 'details' ? percent : undefined} aria-label={t.progress} /></p>
      <p role="status">{fill(t[step] ?? t.step_waiting, { done: formatCount(row.done), total: formatCount(row.total) })}</p>
      <p class="hint">{t.refreshes}</p>
    </Card>
  );
  return page({ ...frame, title: row.file_name, crumbs: crumbs(code, t), body });
}

export interface DoneShown { code: string; row: IntakeRow; taken: Pick<TakenStatement, 'seq' | 'lines' | 'repeated' | 'opening' | 'closing' | 'from' | 'to'>; others: readonly IntakeRow[] }

export function takenPage(frame: Frame, { code, row, taken, others }: DoneShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const next = others.find((one) => one.state === 'draft' || one.state === 'refused');
  const body = (
    <>
      <Card title={t.taken} tone="ok">
        <p>{fill(t.taken_text, { lines: formatCount(taken.lines), repeated: formatCount(taken.repeated) })}</p>
        <Figures items={[{ label: t.opening, amount: taken.opening }, { label: t.closing, amount: taken.closing }, { label: t.period, text: daysText(taken, locale, t) }]} />
        <div class="buttons">
          {next === undefined ? taken.lines > 0 && <ActionLink href={`/e/${code}/bank/reconcile`}>{t.reconcile}</ActionLink>
            : <ActionLink href={`/e/${code}/bank/files/${next.intake_id}`}>{fill(t.next_file, { name: next.file_name })}</ActionLink>}
          <ActionLink kind="alt" href={`/e/${code}/bank/statements/${taken.seq}`}>{t.see_statement}</ActionLink>
          <ActionLink kind="alt" href={`/e/${code}/bank/files`}>{t.more_files}</ActionLink>
        </div>
      </Card>
      {others.length > 0 && <WaitingFiles code={code} rows={others} locale={locale} t={t} />}
    </>
  );
  return page({ ...frame, title: row.file_name, crumbs: crumbs(code, t), body });
}

