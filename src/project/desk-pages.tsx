// The forms with which a project is carried on: opening, money, quotes, contract, site, acceptance, final report, memoranda; and the list of
// what goes back.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { minus, money, moneyText } from '../kernel/money.ts';
import { AmountField, Button, ButtonRow, CheckField, DateField, FileField, Form, HiddenToken, RadioField, SelectField, TextArea, TextField } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { withQuery } from '../web/links.ts';
import { pick } from '../web/locale.ts';
import { Card, EmptyState, Notice } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { LedgerTable } from '../web/tables.tsx';
import { deskTexts } from './desk-texts.ts';
import { sourceNames, sources } from './kinds.ts';
import { figures, titleOf, type FormShown } from './pages.tsx';
import type { BackRow, ContractRow, GiftRow, MilestoneRow, ProjectRow, SiteRow } from './queries.ts';
import { texts } from './texts.ts';

export type DeskStep = 'open' | 'gift' | 'quote' | 'contract' | 'site' | 'accept' | 'finish' | 'outside';
export interface DeskShown {
  code: string;
  step: DeskStep;
  row: ProjectRow;
  today: string;
  payees: { value: string; label: string }[];
  quotes: number;
  milestones: MilestoneRow[];
  contracts: ContractRow[];
  defects: SiteRow[];
  gifts: GiftRow[];
  form: FormShown;
}
const words = (locale: Locale) => ({ ...pick(texts, locale), ...pick(deskTexts, locale) });
type T = ReturnType<typeof words>;
interface Parts { shown: DeskShown; t: T; locale: Locale }

const sourceOptions = ({ shown: { row }, locale }: Parts, all = false) =>
  (all ? sources : row.sources.map((one) => one.source)).map((source) => ({ value: source, label: sourceNames[source][locale] }));

function OpenFields({ shown: { today }, t, locale }: Parts): JSX.Element {
  return (
    <>
      <Card>
        <TextField name="title_zh" label={t.title_zh} autocomplete="off" required /><TextField name="title_en" label={t.title_en} autocomplete="off" />
        <TextArea name="purpose" label={t.purpose_field} rows={3} required /><DateField name="deadline" label={t.deadline_field} min={today} required />
      </Card>
      <Card title={t.targets}>{sources.map((source) => <AmountField name={`target_${source}`} label={sourceNames[source][locale]} />)}</Card>
      <Card>
        <RadioField name="share_rule" label={t.share_rule} required options={[{ value: 'none', label: t.share_rule_none }, { value: 'per_m2', label: t.share_rule_per_m2 }, { value: 'fixed', label: t.share_rule_fixed }]} />
        <AmountField name="share" label={t.share_field} />
      </Card>
      <Card title={t.resolution}>
        <p class="hint">{t.resolution_hint}</p>
        <TextField name="resolution_title" label={t.resolution_title} autocomplete="off" /><DateField name="resolution_date" label={t.resolution_date} max={today} />
        <FileField name="vouchers" label={t.resolution_file} kept={[]} /><HiddenToken name="audience" value="owners" />
      </Card>
    </>
  );
}

function GiftFields(parts: Parts): JSX.Element {
  const { shown: { today }, t } = parts;
  return (
    <Card>
      <RadioField name="source" label={t.source_field} required options={sourceOptions(parts)} />
      <AmountField name="amount" label={t.amount} required /><DateField name="entry_date" label={t.entry_date} max={today} required />
      <TextField name="unit" label={t.unit_field} hint={t.unit_hint} autocomplete="off" short />
      <TextField name="donor" label={t.donor_field} hint={t.donor_hint} autocomplete="off" /><CheckField name="is_company" value="yes" label={t.is_company} />
      <RadioField name="shown" label={t.shown_field} required options={[{ value: 'anonymous', label: t.shown_anonymous }, { value: 'masked', label: t.shown_masked }, { value: 'named', label: t.shown_named }]} />
      <TextField name="reference" label={t.reference} autocomplete="off" />
    </Card>
  );
}

function ContractFields({ shown: { row, payees, quotes }, t, locale }: Parts): JSX.Element {
  return (
    <>
      <Card>
        <SelectField name="payee" label={t.payee_field} required options={[{ value: 'new', label: t.payee_new }, ...payees]} />
        <RadioField name="kind" label={t.payee_kind} options={[{ value: 'company', label: t.company }, { value: 'individual', label: t.individual }]} />
        <TextField name="name" label={t.payee_name} autocomplete="off" /><TextField name="bank_name" label={t.bank_name} autocomplete="off" /><TextField name="account_number" label={t.account_number} input_mode="numeric" autocomplete="off" />
        <AmountField name="amount" label={t.contract_amount} required />
      </Card>
      <Card title={t.split}>{row.sources.map((one) => <AmountField name={`split_${one.source}`} label={sourceNames[one.source][locale]} />)}</Card>
      {[1, 2, 3, 4, 5].map((number) => (
        <Card title={number === 1 ? t.milestones_field : undefined}>
          <TextField name={`milestone_${number}_name`} label={fill(t.milestone_n, { number })} autocomplete="off" required={number === 1} />
          <TextField name={`milestone_${number}_percent`} label={t.percent} input_mode="decimal" autocomplete="off" short required={number === 1} />
          <SelectField name={`milestone_${number}_due_when`} label={t.due_when} empty={false} options={[{ value: 'reached', label: t.when_reached }, { value: 'contract', label: t.when_contract }, { value: 'accepted', label: t.when_accepted }]} />
        </Card>
      ))}
      <Card>
        <p>{fill(t.quotes_found, { count: quotes })}</p><TextField name="few_quotes_reason" label={t.few_reason} autocomplete="off" required={quotes < 3} />
        <FileField name="vouchers" label={t.contract_file} kept={[]} required /><HiddenToken name="audience" value="officers" />
      </Card>
    </>
  );
}

function SiteFields({ shown: { milestones, defects }, t }: Parts): JSX.Element {
  const open = milestones.filter((one) => one.due_when === 'reached' && one.state === 'not_due');
  return (
    <Card>
      <RadioField name="kind" label={t.site_kind} required options={[{ value: 'progress', label: t.site_progress }, ...(open.length > 0 ? [{ value: 'reached', label: t.site_reached }] : []),
        { value: 'defect', label: t.site_defect }, ...(defects.length > 0 ? [{ value: 'fixed', label: t.site_fixed }] : [])]} />
      {open.length > 0 && <SelectField name="milestone" label={t.milestone_field} options={open.map((one) => ({ value: String(one.milestone), label: one.name }))} />}
      {defects.length > 0 && <SelectField name="defect" label={t.defect_field} options={defects.map((one) => ({ value: String(one.site_id), label: `${fill(t.site_of, { number: one.site_id })} ${one.report}` }))} />}
      <TextArea name="report" label={t.report_field} rows={3} required />
      <FileField name="vouchers" label={t.photos_field} hint={t.photos_hint} kept={[]} multiple /><HiddenToken name="audience" value="owners" />
    </Card>
  );
}

function Fields(parts: Parts): JSX.Element {
  const { shown: { step, contracts, defects }, t } = parts;
  switch (step) {
    case 'open': return <OpenFields {...parts} />;
    case 'gift': return <GiftFields {...parts} />;
    case 'contract': return <ContractFields {...parts} />;
    case 'site': return <SiteFields {...parts} />;
    case 'quote': return (
      <Card><TextField name="bidder" label={t.bidder_field} autocomplete="off" required /><AmountField name="amount" label={t.amount} required />
        <FileField name="vouchers" label={t.quote_file} kept={[]} required /><HiddenToken name="audience" value="officers" /></Card>
    );
    case 'accept': return (
      <Card>
        {defects.length > 0 && <Notice tone="amber">{fill(t.defects_now, { count: defects.length })}</Notice>}
        <SelectField name="contract" label={t.contract_field} required empty={false} options={contracts.filter((one) => one.accepted_on === null).map((one) => ({ value: String(one.contract), label: `${one.contractor} ${figures(one.amount)}` }))} />
        {defects.length > 0 && <TextField name="reason" label={t.defects_reason} autocomplete="off" required />}
        <FileField name="vouchers" label={t.accept_file} kept={[]} required /><HiddenToken name="audience" value="owners" />
      </Card>
    );
    case 'finish': return <Card><TextArea name="report" label={t.report_final} rows={4} required /><FileField name="vouchers" label={t.finish_file} kept={[]} multiple /><HiddenToken name="audience" value="owners" /></Card>;
    default: return (
      <Card><RadioField name="source" label={t.source_field} required options={sourceOptions(parts, true)} /><AmountField name="amount" label={t.outside_amount} required />
        <TextField name="note" label={t.note_field} autocomplete="off" required /><FileField name="vouchers" label={t.paper} kept={[]} /><HiddenToken name="audience" value="officers" /></Card>
    );
  }
}

const titles = { open: 'open_project', gift: 'enter_gift', quote: 'enter_quote', contract: 'make_contract', site: 'report_site', accept: 'accept', finish: 'finish', outside: 'note_outside' } as const;
const signedSteps: readonly DeskStep[] = ['open', 'contract', 'accept', 'finish'];

export function deskPage(frame: Frame, shown: DeskShown): string {
  const { locale } = frame;
  const t = words(locale);
  const { code, step, row, form, gifts } = shown;
  const path = `/e/${code}/projects/${row.project_id}`;
  return page({
    ...frame, title: t[titles[step]], lede: t[`${step}_lede`], crumbs: [{ href: `/e/${code}/projects`, label: t.title }, { href: path, label: titleOf(row, t, locale) }],
    body: (
      <>
        <Form action={`${path}/${step}`} multipart={step !== 'gift'} csrf={frame.session?.csrf} form_key={form.form_key} values={form.values} errors={form.errors}>
          <Fields shown={shown} t={t} locale={locale} />
          <ButtonRow><Button>{signedSteps.includes(step) ? t.submit : t.save}</Button></ButtonRow>
        </Form>
        {step === 'gift' && gifts.length > 0 && (
          <Card title={t.naming}>
            {gifts.map((gift) => (
              <Form action={`${path}/gifts/${gift.gift_id}/naming`} id={`gift-${gift.gift_id}`} csrf={frame.session?.csrf} values={{ shown: gift.shown }} errors={{}}>
                <SelectField name="shown" label={`${gift.name ?? t.erased_text} ${figures(gift.amount)}`} empty={false} options={[{ value: 'anonymous', label: t.shown_anonymous }, { value: 'masked', label: t.shown_masked }, { value: 'named', label: t.shown_named }]} />
                <ButtonRow><Button kind="alt">{t.naming}</Button></ButtonRow>
              </Form>
            ))}
          </Card>
        )}
      </>
    ),
  });
}

export interface BackShown { code: string; row: ProjectRow; rows: BackRow[]; fund: string; drafts: boolean }

/** What goes back to each dwelling, for those who may see that. */
export function backPage(frame: Frame, { code, row, rows, fund, drafts }: BackShown): string {
  const { locale } = frame;
  const t = words(locale);
  const left = (one: BackRow): string => moneyText(minus(money(one.due), money(one.asked)));
  return page({
    ...frame, title: t.back_title, lede: t.back_hint, crumbs: [{ href: `/e/${code}/projects`, label: t.title }, { href: `/e/${code}/projects/${row.project_id}`, label: titleOf(row, t, locale) }],
    body: (
      <Card>
        <LedgerTable caption={t.back_title} caption_hidden rows={rows} empty={<EmptyState title={t.none} />} columns={[
          { key: 'unit', title: t.unit, lead: true, cell: (one) => one.unit ?? t.back_unnamed }, { key: 'paid', title: t.paid, type: 'money' }, { key: 'due', title: t.due, type: 'money' }, { key: 'asked', title: t.back_asked, type: 'money' },
          ...(drafts ? [{ key: 'ref', title: t.back_order, cell: (one: BackRow) => money(left(one)).greaterThan(0) && <a href={withQuery(`/e/${code}/orders/new`, {
            kind: 'refund', fund, account: '310203', amount: left(one), unit: one.unit, purpose: fill(t.refund_purpose, { title: row.title_zh ?? '' }) })}>{t.back_order}</a> }] : []),
        ]} />
      </Card>
    ),
  });
}
