// The forms of a dwelling's page: each is closed until it is wanted, and comes back open with its reason where it was refused.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { CheckField, DateField, Form, SelectField, TextField } from '../web/forms.tsx';
import { formatDate } from '../web/locale.ts';
import { Card } from '../web/parts.tsx';
import { nameIn, Save, type DwellingShown } from './dwelling-pages.tsx';
import { optionsOf, type T } from './register-pages.tsx';
import { meterKinds, occupancies, unitKinds, type Tenure } from './register-queries.ts';
import { kindTexts, meterKindTexts, occupancyTexts, tenureTexts } from './register-texts.ts';

/** Rows of the form of new owners. */
export const OWNER_ROWS = 4;

interface FormsProps { shown: DwellingShown; t: T; locale: Locale; csrf: string | undefined }
type Children = JSX.Element | string | false | (JSX.Element | string | false | JSX.Element[])[];

/** One form: its name is the step of the address, and where it opens again. */
function Step({ step, title, values = {}, props: { shown, csrf, t }, path = '', children }: {
  step: string; title: string; values?: Record<string, string>; props: FormsProps; path?: string; children: Children;
}): JSX.Element {
  const mine = shown.form?.id === step;
  return (
    <details open={mine} id={step}>
      <summary>{title}</summary>
      <Form action={`/e/${shown.code}/register/units/${shown.unit}${path}`} id={`${step}-form`} csrf={csrf} form_key={`${shown.form?.form_key ?? ''}-${step}`}
        values={mine ? shown.form!.values : values} errors={mine ? shown.form!.errors : {}}>
        <input type="hidden" name="step" value={step} />
        {children}
        <Save t={t} />
      </Form>
    </details>
  );
}

const tenureOptions = (tenures: readonly Tenure[], t: T, locale: Locale) => tenures.map((tenure) => ({
  value: String(tenure.tenure_id), label: `${nameIn(tenure, t)}（${tenureTexts[tenure.kind][locale]}，${formatDate(tenure.from_date, locale)}–${tenure.to_date === null ? '' : formatDate(tenure.to_date, locale)}）`,
}));

function OwnerRow({ n, t }: { n: number; t: T }): JSX.Element {
  return (
    <fieldset class="field">
      <legend>{fill(t.owner_n, { n })}</legend>
      <TextField name={`owner_${n}_name`} label={t.name} autocomplete="off" required={n === 1} />
      <TextField name={`owner_${n}_phone`} label={t.phone} type="tel" autocomplete="off" short />
      <TextField name={`owner_${n}_share`} label={t.share} hint={t.share_hint} short />
      <CheckField name={`owner_${n}_organisation`} label={t.organisation} />
    </fieldset>
  );
}

function OwnerForms(props: FormsProps): JSX.Element {
  const { shown, t, locale } = props;
  const { tenures, today, logins, code, unit } = shown;
  const owned = tenures.some(({ kind }) => kind === 'owner');
  const present = tenures.filter(({ to_date }) => to_date === null || to_date >= today);
  const tenants = present.filter(({ kind }) => kind === 'tenant');
  const typed = shown.form?.id === 'owners' ? shown.form.values : {};
  const rows = Math.max(2, Array.from({ length: OWNER_ROWS }, (_, index) => index + 1).filter((n) => (typed[`owner_${n}_name`] ?? '') !== '').length + 1);
  return (
    <>
      <Step step="owners" title={owned ? t.hand_over : t.hand_over_first} props={props}>
        <p class="hint">{t.hand_over_hint}</p>
        {owned && <p class="hint">{t.hand_over_bills} <a href={`/e/${code}/bills/${unit}`}>{t.bills}</a></p>}
        <DateField name="from_date" label={t.from_field} required />
        {Array.from({ length: Math.min(rows, 2) }, (_, index) => <OwnerRow n={index + 1} t={t} />)}
        <details open={rows > 2}>
          <summary>{fill(t.owner_n, { n: '3–4' })}</summary>
          <OwnerRow n={3} t={t} /><OwnerRow n={4} t={t} />
        </details>
        {owned && logins.length > 0 ? (
          <>
            {logins.map(({ person_id, name }, index) => <CheckField name={`keep_${index + 1}`} value={person_id} label={fill(t.keep_login, { name })} />)}
            <p class="hint">{t.logins_end}</p>
          </>
        ) : ''}
      </Step>
      <Step step="tenant_in" title={t.tenant_in} props={props}>
        <TextField name="name" label={t.name} autocomplete="off" required />
        <TextField name="phone" label={t.phone} type="tel" autocomplete="off" short />
        <DateField name="from_date" label={t.from_field} required />
        <DateField name="to_date" label={t.to_field} />
        <CheckField name="pays" label={t.tenant_pays} />
        <CheckField name="organisation" label={t.organisation} />
        <TextField name="note" label={t.note} hint={t.note_hint} />
      </Step>
      {tenants.length > 0 && (
        <Step step="tenant_out" title={t.tenant_out} props={props} values={{ tenure_id: String(tenants[0]!.tenure_id), occupancy: 'owner' }}>
          <SelectField name="tenure_id" label={t.who} options={tenureOptions(tenants, t, locale)} empty={false} required />
          <DateField name="last_day" label={t.last_day} required />
          <SelectField name="occupancy" label={t.occupancy_after} options={optionsOf(occupancyTexts, occupancies, locale)} empty={false} required />
        </Step>
      )}
      {present.length > 0 && (
        <Step step="payer" title={t.change_payer} props={props} values={{ pays: 'yes' }}>
          <SelectField name="tenure_id" label={t.who} options={tenureOptions(present, t, locale)} empty={false} required />
          <SelectField name="pays" label={t.pays} options={[{ value: 'yes', label: t.pays_yes }, { value: 'no', label: t.pays_no }]} empty={false} required />
          <DateField name="from_date" label={t.from_field} required />
        </Step>
      )}
    </>
  );
}

function PartyForms(props: FormsProps): JSX.Element {
  const { shown, t, locale } = props;
  const { tenures, logins } = shown;
  const parties = [...new Map(tenures.map((tenure) => [tenure.party_id, tenure])).values()];
  const options = parties.filter(({ name }) => name !== null)
    .map((tenure) => ({ value: tenure.party_id, label: `${nameIn(tenure, t)}（${tenureTexts[tenure.kind][locale]}）` }));
  return (
    <>
      {options.length > 0 && (
        <Step step="contact" title={t.contact} props={props}>
          <p class="hint">{t.contact_hint}</p>
          <SelectField name="party_id" label={t.who} options={options} required />
          <TextField name="name" label={t.name} autocomplete="off" required />
          <TextField name="phone" label={t.phone} type="tel" autocomplete="off" short />
          <TextField name="note" label={t.note} hint={t.note_hint} />
        </Step>
      )}
      {options.length > 0 && logins.length > 0 && (
        <Step step="link" title={t.link} props={props}>
          <p class="hint">{t.link_hint}</p>
          <SelectField name="party_id" label={t.who} options={options} required />
          <SelectField name="person_id" label={t.login} options={logins.map(({ person_id, name }) => ({ value: person_id, label: name }))} empty={t.link_none} />
        </Step>
      )}
    </>
  );
}

function EraseForm(props: FormsProps): JSX.Element | null {
  const { shown, t, locale } = props;
  const { tenures, today } = shown;
  const parties = [...new Map(tenures.map((tenure) => [tenure.party_id, tenure])).values()]
    .filter(({ name, party_id }) => name !== null && tenures.every((one) => one.party_id !== party_id || (one.to_date !== null && one.to_date < today)));
  if (parties.length === 0) return null;
  return (
    <Step step="erasure" title={t.erase} props={props} path="/erasure">
      <p class="hint">{t.erase_hint}</p>
      <SelectField name="party_id" label={t.who} options={parties.map((tenure) => ({ value: tenure.party_id, label: `${nameIn(tenure, t)}（${tenureTexts[tenure.kind][locale]}）` }))} />
    </Step>
  );
}

function PlaceForms(props: FormsProps): JSX.Element {
  const { shown, t, locale } = props;
  const held = shown.spaces.filter(({ to_date }) => to_date === null || to_date >= shown.today);
  const meters = shown.meters.filter(({ ended_on }) => ended_on === null);
  return (
    <>
      <Step step="space" title={t.give_space} props={props}>
        <TextField name="space" label={t.space} list={shown.free_spaces} required short />
        <DateField name="from_date" label={t.from_field} required />
        <DateField name="to_date" label={t.to_field} />
      </Step>
      {held.length > 0 && (
        <Step step="space_back" title={t.return_space} props={props}>
          <SelectField name="holding_id" label={t.space} options={held.map((row) => ({ value: String(row.holding_id), label: row.space }))} empty={false} required />
          <DateField name="last_day" label={t.last_day} required />
        </Step>
      )}
      <Step step="meter" title={t.new_meter} props={props} values={{ kind: 'water', multiplier: '1', digits: '5' }}>
        <SelectField name="kind" label={t.meter_kind} options={optionsOf(meterKindTexts, meterKinds, locale)} empty={false} required />
        <TextField name="meter" label={t.meter} required short />
        <TextField name="value" label={t.first_value} input_mode="decimal" required short />
        <DateField name="from_date" label={t.from_field} required />
        <TextField name="digits" label={t.digits} hint={t.digits_hint} input_mode="numeric" short />
        <TextField name="multiplier" label={t.multiplier} input_mode="decimal" short />
      </Step>
      {meters.length > 0 && (
        <Step step="meter_new" title={t.replace_meter} props={props}>
          <SelectField name="meter" label={t.meter} options={meters.map((row) => ({ value: row.meter, label: `${meterKindTexts[row.kind][locale]} ${row.meter}` }))} empty={false} required />
          <DateField name="day" label={t.replaced_on} required />
          <TextField name="last_value" label={t.last_value} input_mode="decimal" required short />
          <TextField name="new_meter" label={t.new_number} required short />
          <TextField name="value" label={t.first_value} input_mode="decimal" required short />
        </Step>
      )}
    </>
  );
}

export function DwellingForms(props: FormsProps): JSX.Element {
  const { shown: { form, now, may_erase }, t, locale } = props;
  return (
    <>
      {form !== null && <Card id="owners-card"><OwnerForms {...props} /><PartyForms {...props} /></Card>}
      {form !== null && (
        <Card>
          <Step step="facts" title={t.change_facts} props={props} values={now === null ? {} : { area_m2: now.area_m2, kind: now.kind, occupancy: now.occupancy }}>
            <p class="hint">{t.change_facts_hint}</p>
            <DateField name="from_date" label={t.from_field} required />
            <TextField name="area_m2" label={t.area} input_mode="decimal" required short />
            <SelectField name="kind" label={t.kind} options={optionsOf(kindTexts, unitKinds, locale)} empty={false} required />
            <SelectField name="occupancy" label={t.occupancy} options={optionsOf(occupancyTexts, occupancies, locale)} empty={false} required />
          </Step>
          <PlaceForms {...props} />
          <Step step="end" title={t.end_unit} props={props}>
            <p class="hint">{t.end_unit_hint}</p>
            <DateField name="last_day" label={t.last_day} required />
          </Step>
        </Card>
      )}
      {may_erase && <Card><EraseForm {...props} /></Card>}
    </>
  );
}
