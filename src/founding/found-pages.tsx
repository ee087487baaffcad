// The guided page that founds an estate, step by step: plain forms, each filled in with the presets of its kind.
import type { JSX } from 'preact';
import { fill, type Bilingual, type Locale } from '../kernel/locale.ts';
import type { BodyKind, Office } from '../kernel/actor.ts';
import { committeeForms, companyForms, formTexts } from '../people/body-form.ts';
import { bodyTexts, officeTexts } from '../people/texts.ts';
import { presets as rulePresets } from '../approval/presets.ts';
import { presetHelp } from '../rule/help-texts.ts';
import { Button, ButtonRow, DateField, FileField, Form, PeriodField, RadioField, SelectField, TextArea, TextField } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { formatPeriod, pick } from '../web/locale.ts';
import { ActionLink, Card, Chip, DescriptionList, Notice } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { LedgerTable } from '../web/tables.tsx';
import { elsewhere, steps, type Step, type UnitsRead } from './found-draft.ts';
import type { FirstLogin } from './found-key.ts';
import { stepTexts, type Planned } from './found.ts';
import { texts } from './found-texts.ts';
import { OpeningCard } from './opening-pages.tsx';
import type { OpeningGround, OpeningRead } from './opening-rows.ts';
import { texts as openingTexts } from './opening-texts.ts';
import { estateKinds, estatePresets, partySets, partyTexts, type EstateKind, type Seat } from './presets.ts';

type T = ReturnType<typeof pick<typeof texts>>;
const FAULTS_SHOWN = 50;

export interface StepShown { step: Step; values: Readonly<Record<string, string>>; errors: Readonly<Record<string, string>> }

export function keyPage(frame: Frame, { values, errors }: Pick<StepShown, 'values' | 'errors'>): string {
  const t = pick(texts, frame.locale);
  return page({ ...frame, title: t.title, lede: t.lede, body: (
    <Card><Form action="/found/key" values={values} errors={errors}>
      <TextField name="key" label={t.key} hint={t.key_hint} autocomplete="off" required />
      <ButtonRow><Button>{t.begin}</Button></ButtonRow>
    </Form></Card>
  ) });
}

/** Where one is, and the way back to what was filled in. */
function Trail({ step, reached, locale }: { step: Step; reached: Step; locale: Locale }): JSX.Element {
  const t = pick(texts, locale);
  const [at, to] = [steps.indexOf(step), steps.indexOf(reached)];
  return (
    <p class="hint">
      {fill(t.step_of, { n: at + 1, all: steps.length })}：{steps.map((one, index) => (
        <>{index > 0 && ' › '}{index === at ? <strong>{stepTexts[one][locale]}</strong> : index <= to ? <a class="tap" href={`/found/${one}`}>{stepTexts[one][locale]}</a> : stepTexts[one][locale]}</>
      ))}
    </p>
  );
}

export interface Shown extends StepShown {
  reached: Step;
  kind: EstateKind | null;
  seats: readonly Seat[];
  units: UnitsRead | null;
  opening: { read: OpeningRead; ground: OpeningGround } | null;
  plan: Planned | null;
  /** Rules nobody could satisfy yet, as sentences, and whose people are too few. */
  short: { bodies: string; rules: readonly string[] } | null;
}

export function stepPage(frame: Frame, shown: Shown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const { step, reached, values, errors } = shown;
  const before = steps[steps.indexOf(step) - 1];
  const lede = { kind: t.kind_lede, basics: t.basics_lede, parties: t.parties_lede, officers: t.officers_lede, units: t.units_lede, opening: t.opening_lede, check: t.check_lede }[step];
  const body = { kind: KindStep, basics: BasicsStep, parties: PartiesStep, officers: OfficersStep, units: UnitsStep, opening: OpeningStep, check: CheckStep }[step];
  const Body = body;
  return page({ ...frame, title: `${t.title} · ${stepTexts[step][locale]}`, lede, body: (
    <>
      <Trail step={step} reached={reached} locale={locale} />
      {step === 'units' && shown.units !== null && <UnitsCard read={shown.units} t={t} locale={locale} />}
      {step === 'opening' && shown.opening !== null && <OpeningCard {...shown.opening} locale={locale} />}
      <Form action={step === 'check' ? '/found/open' : `/found/${step}`} multipart={step === 'units' || step === 'opening'} values={values} errors={errors}>
        <Body shown={shown} t={t} locale={locale} />
        <ButtonRow>
          <Button name="act" value="next">{step === 'check' ? t.open : t.next}</Button>
          {(step === 'units' || step === 'opening') && <Button name="act" value="look" kind="alt">{t.look}</Button>}
          {step === 'opening' && (shown.opening?.read.missing.length ?? 0) > 0 && <Button name="act" value="fill" kind="alt">{openingTexts.fill[locale]}</Button>}
          {before !== undefined && <ActionLink kind="alt" href={`/found/${before}`}>{t.back}</ActionLink>}
        </ButtonRow>
      </Form>
    </>
  ) });
}

interface StepProps { shown: Shown; t: T; locale: Locale }

const KindStep = ({ t, locale }: StepProps): JSX.Element => (
  <Card><RadioField name="kind" label={t.kind} required options={estateKinds.map((kind) => ({ value: kind, label: estatePresets[kind].name[locale], hint: <>{estatePresets[kind].hint[locale]}<br />{estatePresets[kind].why[locale]}</> }))} /></Card>
);

const BasicsStep = ({ t, locale }: StepProps): JSX.Element => (
  <>
    <Card>
      <TextField name="name_zh" label={t.name_zh} required />
      <TextField name="code" label={t.code} hint={t.code_hint} autocomplete="off" required short />
      <PeriodField name="first_period" label={t.first_period} required />
      <TextField name="bank_name" label={t.bank_name} required />
      <TextField name="account_last4" label={t.account_last4} hint={t.last4_hint} input_mode="numeric" required short />
      <TextField name="fee_rate" label={t.fee_rate} hint={t.fee_hint} input_mode="decimal" short />
      <TextField name="households" label={t.households} hint={t.households_hint} input_mode="numeric" short />
      <TextField name="area_m2" label={t.area_m2} hint={t.area_hint} input_mode="decimal" short />
      <TextField name="name_en" label={t.name_en} />
    </Card>
    <Card title={t.more}>
      <SelectField name="mode" label={t.mode} required empty={false} options={(['trust', 'commission', 'self_managed'] as const).map((mode) => ({ value: mode, label: t[mode] }))} />
      <SelectField name="rules" label={t.rules} hint={t.rules_hint} required empty={false} options={rulePresets.map((preset) => ({ value: preset, label: presetHelp[preset].name[locale] }))} />
      <TextField name="disclosure_day" label={t.disclosure_day} input_mode="numeric" required short />
      <TextField name="answer_days" label={t.answer_days} input_mode="numeric" required short />
    </Card>
  </>
);

const shownBodies: readonly BodyKind[] = ['property', 'committee', 'supervisor', 'party_branch', 'community', 'street', 'auditor'];
const formOptions = (forms: readonly (keyof typeof formTexts)[], locale: Locale) => forms.map((form) => ({ value: form, label: formTexts[form][locale] }));

const PartiesStep = ({ t, locale }: StepProps): JSX.Element => (
  <>
    <Card>
      <RadioField name="parties" label={t.parties} required options={partySets.map((set) => ({ value: set, label: partyTexts[set].name[locale], hint: partyTexts[set].hint[locale] }))} />
      <SelectField name="committee_form" label={t.committee_form} required empty={false} options={formOptions(committeeForms, locale)} />
      <SelectField name="property_form" label={t.property_form} required empty={false} options={formOptions(companyForms, locale)} />
      <TextField name="trustee" label={t.trustee} hint={t.trustee_hint} required />
      <DateField name="until" label={t.until} hint={t.until_hint} />
    </Card>
    <Card title={t.names}>
      <p class="hint">{t.names_hint}</p>
      {shownBodies.map((body) => <TextField name={`name_${body}`} label={bodyTexts[body][locale]} />)}
    </Card>
  </>
);

const OfficersStep = ({ shown, t, locale }: StepProps): JSX.Element => (
  <>
    {shown.seats.map((seat) => (
      <Card title={<>{seat.what[locale]} <Chip tone={seat.needed ? 'amber' : 'plain'}>{seat.needed ? t.needed : t.optional}</Chip></>}>
        <TextField name={`name_${seat.seat}`} label={t.officer_name} autocomplete="off" required={seat.needed && !elsewhere.includes(seat.body)} />
        {elsewhere.includes(seat.body) && <details class="field" open={(shown.values[`login_${seat.seat}`] ?? '') !== '' || shown.errors[`login_${seat.seat}`] !== undefined}>
          <summary class="tap">{t.officer_login}</summary><TextField name={`login_${seat.seat}`} label={t.officer_login} hint={t.officer_login_hint} autocomplete="off" />
        </details>}
      </Card>
    ))}
  </>
);

const FileCard = ({ t, href }: { t: T; href: string }): JSX.Element => (
  <>
    <FileField name="file" label={t.file} hint={t.file_hint} accept=".xlsx,.xls,.csv,.txt,.et" />
    <p><a class="tap" href={href} download>{t.template}</a></p>
  </>
);

const UnitsStep = ({ t }: StepProps): JSX.Element => (
  <Card><TextArea name="units" label={t.units} hint={t.units_hint} rows={12} /><FileCard t={t} href="/found/dwellings.xlsx" /></Card>
);

const OpeningStep = ({ t, locale }: StepProps): JSX.Element => (
  <Card><TextArea name="table" label={openingTexts.table[locale]} hint={openingTexts.table_hint[locale]} rows={12} /><FileCard t={t} href="/found/opening-balances.xlsx" /></Card>
);

function UnitsCard({ read, t, locale }: { read: UnitsRead; t: T; locale: Locale }): JSX.Element {
  const words = pick(openingTexts, locale);
  const { faults, units, area, owners } = read;
  if (faults.length > 0) {
    return (
      <Card title={fill(words.bad_rows, { count: faults.length })} tone="amber">
        <LedgerTable caption={words.bad_rows} caption_hidden rows={faults.slice(0, FAULTS_SHOWN)} columns={[
          { key: 'row', title: words.row, lead: true, type: 'number' }, { key: 'text', title: words.typed, cell: (one) => one.text || '–' },
          { key: 'why', title: words.why, cell: (one) => one.why[locale] }, { key: 'fix', title: words.fix, cell: (one) => one.fix[locale] },
        ]} />
      </Card>
    );
  }
  return (
    <>
      <Notice tone="ok">{fill(t.units_count, { count: units.length, area })}</Notice>
      {owners > 0 && <Notice tone="info">{fill(t.units_owners, { owners })}</Notice>}
    </>
  );
}

function CheckStep({ shown: { plan, short, opening }, t, locale }: StepProps): JSX.Element {
  if (plan === null) return <></>;
  const { spec, officers, owners } = plan;
  const to = (step: Step, value: JSX.Element | string) => <>{value} <a class="tap" href={`/found/${step}`}>{t.change}</a></>;
  const named = (said: Bilingual): string => said[locale];
  return (
    <>
      {short !== null && <Notice tone="amber" title={fill(t.rules_short, { count: short.rules.length, bodies: short.bodies })}><ul>{short.rules.map((rule) => <li>{rule}</li>)}</ul></Notice>}
      <Card title={t.summary}>
        <DescriptionList items={[
          { term: t.name_zh, value: to('basics', <strong>{spec.name_zh}</strong>) }, { term: t.code, value: <code>/e/{spec.code}</code> },
          { term: t.first_period, value: formatPeriod(spec.first_period, locale) }, { term: t.mode, value: t[spec.mode] }, { term: t.rules, value: presetHelp[spec.preset!].name[locale] },
          { term: t.bank_name, value: `${spec.bank.bank_name} · ${spec.bank.account_last4}` },
          { term: t.parties, value: to('parties', <ul>{spec.bodies!.map((one) => <li>{one.name_zh}{one.form !== 'usual' && one.form !== undefined && `（${formTexts[one.form][locale]}）`}</li>)}</ul>) },
          { term: t.trustee, value: spec.trustee },
          { term: named(stepTexts.officers), value: to('officers', <ul>{officers.map((one) => <li>{one.what[locale]}：{one.known ? <code>{one.login}</code> : <>{one.name} <code>{one.login}</code></>}</li>)}</ul>) },
          { term: t.units, value: to('units', spec.units.length === 0 ? t.units_none : fill(t.units_count, { count: spec.units.length, area: spec.area_m2 })) },
          owners > 0 && { term: '', value: fill(t.units_owners, { owners }) },
          { term: named(stepTexts.opening), value: to('opening', opening === null || opening.read.lines.length === 0 ? t.opening_none : fill(t.opening_lines, { lines: opening.read.lines.length })) },
        ]} />
      </Card>
    </>
  );
}

export interface DoneShown { code: string; name: string; first_period: string; logins: readonly FirstLogin[] | null; vkey: string | null; has_opening: boolean }

export function donePage(frame: Frame, { code, name, first_period, logins, vkey, has_opening }: DoneShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const login = `/login?next=${encodeURIComponent(`/e/${code}/opening`)}`;
  return page({ ...frame, title: t.done_title, lede: fill(t.done_lede, { name, period: formatPeriod(first_period, locale) }), body: (
    <>
      <Card title={t.logins}>
        {logins === null ? <p>{t.gone}</p> : (
          <>
            <Notice tone="amber">{t.logins_once}</Notice>
            <LedgerTable caption={t.logins} caption_hidden rows={logins} columns={[
              { key: 'name', title: t.officer_name, lead: true, cell: (one) => one.name || one.login }, { key: 'office', title: t.office, cell: (one) => `${bodyTexts[one.body as BodyKind][locale]} ${officeTexts[one.office as Office][locale]}` },
              { key: 'login', title: t.login, cell: (one) => <code>{one.login}</code> }, { key: 'password', title: t.password, cell: (one) => (one.password === null ? t.own_password : <code>{one.password}</code>) },
              { key: 'signing_password', title: t.signing_password, cell: (one) => (one.signing_password === null ? '–' : <code>{one.signing_password}</code>) },
            ]} />
            <Form action="/found/printed"><ButtonRow><ActionLink href="/found/sheets">{t.print_sheets}</ActionLink> <Button kind="alt">{t.printed}</Button></ButtonRow></Form>
          </>
        )}
      </Card>
      {vkey !== null && <Card title={t.vkey}><p><code class="hash">{vkey}</code></p><p class="hint">{t.vkey_hint}</p></Card>}
      <Card title={t.todo} actions={<ButtonRow><ActionLink href={login}>{t.go_login}</ActionLink></ButtonRow>}>
        <ol><li>{t.todo_login}</li>{has_opening && <li>{t.todo_opening}</li>}<li>{t.todo_fees}</li><li>{t.todo_bank}</li><li>{t.todo_invite}</li></ol>
      </Card>
    </>
  ) });
}
