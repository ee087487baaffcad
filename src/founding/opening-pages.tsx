// The page 建账: what is left to do, and the form of opening balances with its dry run.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { money, moneyFigures } from '../kernel/money.ts';
import { ruleSentence, type RuleNames } from '../approval/rule-text.ts';
import { newRuleOf, type Rule } from '../approval/rules.ts';
import { ResolutionFields, type OfficeForm } from '../office/membership-pages.tsx';
import { Button, ButtonRow, FileField, Form, TextArea } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { formatDate, formatInstant, pick } from '../web/locale.ts';
import { ActionLink, Card, Chip, DescriptionList, Notice, RowList } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { LedgerTable } from '../web/tables.tsx';
import type { OpeningDraft, OpeningStanding, SetupStanding } from './opening-queries.ts';
import { isEven, type OpeningGround, type OpeningRead } from './opening-rows.ts';
import { texts } from './opening-texts.ts';

type T = ReturnType<typeof pick<typeof texts>>;
const FAULTS_SHOWN = 50;

/** How a table reads: bad rows by number, or the sums of each fund. */
export function OpeningCard({ read, ground, locale }: { read: OpeningRead; ground: Pick<OpeningGround, 'funds'>; locale: Locale }): JSX.Element | null {
  const t = pick(texts, locale);
  const { faults, sums, lines, missing } = read;
  if (faults.length > 0) {
    return (
      <Card title={fill(t.bad_rows, { count: faults.length })} tone="amber">
        <LedgerTable caption={t.bad_rows} caption_hidden rows={faults.slice(0, FAULTS_SHOWN)} columns={[
          { key: 'row', title: t.row, lead: true, type: 'number' }, { key: 'text', title: t.typed, cell: (one) => one.text || '–' },
          { key: 'why', title: t.why, cell: (one) => one.why[locale] }, { key: 'fix', title: t.fix, cell: (one) => one.fix[locale] },
        ]} />
      </Card>
    );
  }
  if (lines.length === 0) return null;
  const fundName = (fund: string): string => {
    const found = ground.funds.find((one) => one.fund === fund);
    return (locale === 'zh' ? found?.name_zh : found?.name_en) ?? fund;
  };
  return (
    <Card title={t.sums}>
      {isEven(read) && <Notice tone="ok">{fill(t.good, { lines: lines.length, money: moneyFigures(money(read.money)), units: read.units })}</Notice>}
      <LedgerTable caption={t.sums} caption_hidden rows={sums} rowState={(one) => (money(one.difference).isZero() ? undefined : 'alarm')} columns={[
        { key: 'fund', title: t.fund, lead: true, cell: (one) => fundName(one.fund) }, { key: 'debit', title: t.debit, type: 'money' }, { key: 'credit', title: t.credit, type: 'money' },
        { key: 'difference', title: t.difference, cell: (one) => (money(one.difference).isZero() ? <Chip tone="ok">{t.even}</Chip> : <Chip tone="red">{moneyFigures(money(one.difference))}</Chip>) },
      ]} />
      {missing.length > 0 && <><p>{t.missing}</p><ul>{missing.map((line) => <li>{missingText(line, t)}</li>)}</ul></>}
    </Card>
  );
}

/** 3101 · 物业服务资金 · 贷方 7,880.00 */
function missingText(line: string, t: T): string {
  const [account = '', fund = '', debit = '', credit = ''] = line.split('\t');
  return [account, fund, debit === '' ? `${t.credit_side} ${moneyFigures(money(credit))}` : `${t.debit_side} ${moneyFigures(money(debit))}`].join(' · ');
}

export interface OpeningShown {
  code: string;
  first_day: string;
  standing: OpeningStanding;
  setup: SetupStanding;
  draft: OpeningDraft | null;
  /** Why nothing can be proposed now, in words. */
  closed: string | null;
  /** Why this person leaves the proposing to another; they may try and save all the same. */
  refused: string | null;
  rule: Rule | null;
  names: RuleNames;
  today: string;
  proposes: boolean;
  read: OpeningRead | null;
  ground: OpeningGround | null;
  form: OfficeForm;
}

function openingNote({ standing: { booked, waiting }, draft }: OpeningShown, t: T): string {
  if (booked !== null) return fill(t.todo_opening_booked, { period: booked.period, number: booked.number });
  if (waiting !== null) return fill(t.todo_opening_waits, { proposal: waiting });
  return draft !== null ? t.todo_opening_draft : t.todo_opening_none;
}

function TodoCard({ shown, t }: { shown: OpeningShown; t: T }): JSX.Element {
  const { code, setup, standing } = shown;
  const row = (label: string, done: boolean, note: string, path: string) => ({
    label, note, href: `/e/${code}${path}`, chip: done ? <Chip tone="ok">✓</Chip> : undefined,
  });
  return (
    <Card title={t.todo}>
      <RowList rows={[
        row(t.todo_people, setup.signers > 0 && setup.ready >= setup.signers, fill(t.todo_people_note, { ready: setup.ready, signers: setup.signers }), '/people'),
        row(t.todo_units, setup.owners > 0, fill(t.todo_units_note, { units: setup.units, owners: setup.owners }), '/register'),
        row(t.todo_opening, standing.booked !== null, openingNote(shown, t), standing.booked === null ? '/opening#table' : `/journal/${standing.booked.seq}`),
        row(t.todo_fees, setup.fee_rules > 0, fill(t.todo_fees_note, { rules: setup.fee_rules }), '/fees'),
        row(t.todo_bank, setup.statements > 0, fill(t.todo_bank_note, { statements: setup.statements }), '/bank'),
        row(t.todo_invite, setup.joined > 0, fill(t.todo_invite_note, { joined: setup.joined }), '/invitations'),
      ]} />
    </Card>
  );
}

const RuleCard = ({ day, t }: { day: string; t: T }): JSX.Element => (
  <details class="field"><summary class="tap">{t.rule_title}</summary>
    <ul><li>{fill(t.rule_once, { day })}</li><li>{t.rule_when}</li><li>{t.rule_even}</li><li>{t.rule_units}</li><li>{t.rule_bank}</li></ul>
  </details>
);

export function openingPage(frame: Frame, shown: OpeningShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const { code, standing, draft, closed, refused, read, ground, form, rule, names, proposes } = shown;
  const base = `/e/${code}/opening`;
  const csrf = frame.session?.csrf;
  return page({
    ...frame, title: t.title, lede: t.lede, crumbs: [{ href: `/e/${code}/people`, label: locale === 'zh' ? '各方' : 'Bodies' }],
    body: (
      <>
        <TodoCard shown={shown} t={t} />
        {standing.booked !== null ? (
          <Notice tone="ok" title={t.booked_title} action={{ href: `/e/${code}/journal/${standing.booked.seq}`, label: `${standing.booked.period} ${standing.booked.number} · ${t.see_entry}` }} />
        ) : closed !== null ? (
          <Notice tone="amber" title={t.closed} action={standing.waiting === null ? undefined : { href: `/e/${code}/proposals/${standing.waiting}`, label: t.see_proposal }}>{closed}</Notice>
        ) : null}
        <RuleCard day={formatDate(shown.first_day, locale)} t={t} />
        {proposes && closed === null && (
          <>
            <Card title={t.upload} id="upload" actions={<ButtonRow><ActionLink href={`${base}/template.xlsx`} kind="alt" download>{t.template}</ActionLink></ButtonRow>}>
              <Form id="upload-form" action={`${base}/read`} multipart csrf={csrf} errors={form.errors['file'] === undefined ? {} : { file: form.errors['file'] }}>
                <FileField name="file" label={t.upload} hint={t.upload_hint} accept=".xlsx,.xls,.csv,.txt,.et" />
                <ButtonRow><Button kind="alt">{t.upload_do}</Button></ButtonRow>
              </Form>
            </Card>
            <div id="table">
              {read !== null && ground !== null && <OpeningCard read={read} ground={ground} locale={locale} />}
              <Form id="opening" action={base} multipart csrf={csrf} form_key={form.form_key} values={form.values} errors={form.errors}>
                <Card title={t.table}>
                  {draft !== null && <p class="hint">{fill(t.saved_note, { by: draft.by ?? t.somebody, when: formatInstant(draft.saved_at, locale) })}</p>}
                  <TextArea name="table" label={t.table} hint={t.table_hint} rows={14} required />
                  {rule !== null && <DescriptionList items={[{ term: t.signed_by, value: ruleSentence(newRuleOf(rule), names)[locale] }]} />}
                </Card>
                {rule?.needs_resolution === true ? <ResolutionFields form={form} locale={locale} today={shown.today} />
                  : <details class="field" open={Object.keys(form.errors).some((name) => name.startsWith('resolution') || name === 'vouchers')}><summary class="tap">{t.resolution_optional}</summary>
                    <ResolutionFields form={form} locale={locale} today={shown.today} /></details>}
                <ButtonRow>
                  <Button name="act" value="check">{t.check}</Button>
                  {read !== null && read.missing.length > 0 && <Button name="act" value="fill" kind="alt">{t.fill}</Button>}
                  <Button name="act" value="save" kind="alt">{t.save}</Button>
                  <Button name="act" value="propose" why_not={refused ?? undefined} kind={read !== null && read.faults.length === 0 && isEven(read) ? 'primary' : 'alt'}>{t.submit}</Button>
                </ButtonRow>
              </Form>
            </div>
          </>
        )}
      </>
    ),
  });
}
