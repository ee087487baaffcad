// Writing a change of the rules: the comparison with the way to submit it, the form of one rule, the presets.
// One page per step, each an address of its own; all of it works without script and with a thumb.
import type { JSX } from 'preact';
import type { BusinessDate } from '../kernel/dates.ts';
import { fill, type Bilingual, type Locale } from '../kernel/locale.ts';
import {
  AmountField, Button, ButtonRow, CheckField, DateField, FileField, Form, HiddenToken, SelectField, TextArea, TextField,
} from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { formatDate, pick } from '../web/locale.ts';
import { ActionLink, Card, Notice, RowList, Steps } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import type { VoucherItem } from '../web/vouchers.tsx';
import { presets, usualRules, type Preset } from '../approval/presets.ts';
import { BeforeAfter } from '../approval/rule-change-card.tsx';
import type { Item } from './draft.ts';
import { helpTexts, presetHelp } from './help-texts.ts';
import type { Ground } from '../approval/rule-check.ts';
import { shapeOf, signingBodies, subjectCode, subjects, type Fields, type Subject } from './form.ts';
import { capital, caseText, demandText, payeeClasses, ruleSentence, slotText } from '../approval/rule-text.ts';
import { changeTexts, texts } from '../approval/rule-texts.ts';
import { newRuleOf, type Rule } from '../approval/rules.ts';
import type { NewRule } from '../approval/kinds.ts';

export interface FormState { values: Fields; errors: Record<string, string> }
export const noForm: FormState = { values: {}, errors: {} };

export const changeHref = (code: string, draft: string, page_name = '', more: Record<string, string> = {}): string => {
  const query = new URLSearchParams({ ...(draft === '' ? {} : { draft }), ...more }).toString();
  return `/e/${code}/rules/change${page_name === '' ? '' : `/${page_name}`}${query === '' ? '' : `?${query}`}`;
};

const crumbsTo = (code: string, locale: Locale) => [{ href: `/e/${code}/rules`, label: texts.rules[locale] }];

// ── The comparison ───────────────────────────────────────────────────────────────────────────────

export interface ChangeShown {
  code: string;
  draft: string;
  ground: Ground;
  /** Rules that the draft ends, and those it begins. */
  ended: Rule[];
  begun: NewRule[];
  items: Item[];
  notes: Bilingual[];
  /** Why it cannot be submitted; null when it can. */
  refused: string | null;
  /** The rule under which this change is signed. */
  signed_under: Rule | null;
  first_day: BusinessDate;
  earliest: BusinessDate;
  form: FormState & { form_key: string; kept: VoucherItem[] };
}

function SubmitCard({ shown, frame }: { shown: ChangeShown; frame: Frame }): JSX.Element {
  const t = pick(changeTexts, frame.locale);
  const { code, draft, form, signed_under, first_day, refused, ground } = shown;
  const needed = signed_under?.needs_resolution === true;
  return (
    <Card title={t.step_submit} id="submit">
      {signed_under !== null && <p class="hint">{fill(t.signed_under, { sentence: ruleSentence(newRuleOf(signed_under), ground)[frame.locale] })}</p>}
      <Form action={changeHref(code, '')} csrf={frame.session?.csrf} form_key={form.form_key} multipart id="change"
        values={{ valid_from: first_day, ...form.values }} errors={form.errors}>
        <HiddenToken name="draft" value={draft} />
        <HiddenToken name="audience" value="owners" />
        <DateField name="valid_from" label={t.first_day} required hint={(signed_under?.notice_days ?? 0) === 0 ? t.first_day_hint
          : fill(t.earliest, { days: signed_under!.notice_days, day: formatDate(shown.earliest, frame.locale) })} />
        <TextArea name="reason" label={t.reason} hint={t.reason_hint} rows={2} required />
        <details class="field" open={needed || form.values['resolution_title'] !== undefined && form.values['resolution_title'] !== ''}>
          <summary class="tap">{needed ? t.resolution_asked : t.resolution}</summary>
          <TextField name="resolution_title" label={t.resolution_title} required={needed} />
          <DateField name="resolution_date" label={t.resolution_date} required={needed} />
          <FileField name="vouchers" label={t.resolution_file} kept={form.kept} required={needed} />
        </details>
        <ButtonRow><Button why_not={refused ?? undefined}>{t.submit}</Button></ButtonRow>
      </Form>
    </Card>
  );
}

function AddForm({ code, draft, locale }: { code: string; draft: string; locale: Locale }): JSX.Element {
  const t = pick(changeTexts, locale);
  const plain = { amount_from: '0.00', amount_to: null, fund: null };
  return (
    <form class="filters" method="get" action={`/e/${code}/rules/change/rule`}>
      {draft !== '' && <input type="hidden" name="draft" value={draft} />}
      <div class="filter">
        <label for="add-new">{t.add_which}</label>
        <select id="add-new" name="new">
          {subjects.map((subject) => (
            <option value={subjectCode(subject)}>{slotText({ ...subject, ...plain }, { funds: {}, bodies: {} })[locale]}</option>
          ))}
        </select>
      </div>
      <div class="filter-go"><button type="submit" class="btn small alt">{t.add}</button></div>
    </form>
  );
}

function ItemsCard({ shown, title, locale }: { shown: ChangeShown; title: string; locale: Locale }): JSX.Element {
  const t = pick(changeTexts, locale);
  const { code, draft, items, ground } = shown;
  return (
    <Card title={title}>
      <RowList rows={items.map(({ ref, rule }) => ({
        label: capital(caseText(rule, ground)[locale]), note: demandText(rule, ground)[locale], value: t.edit,
        href: changeHref(code, draft, 'rule', { at: ref }),
      }))} />
      <h3>{t.new_rule}</h3>
      <p class="hint">{t.split_hint}</p>
      <AddForm code={code} draft={draft} locale={locale} />
    </Card>
  );
}

export function changePage(frame: Frame, shown: ChangeShown): string {
  const { locale } = frame;
  const t = pick(changeTexts, locale);
  const { code, draft, ended, begun, notes, refused, ground } = shown;
  const begun_with = ended.length > 0 || begun.length > 0;
  return page({
    ...frame, title: t.title, lede: t.lede, crumbs: crumbsTo(code, locale),
    body: (
      <>
        <Steps steps={[
          { title: t.step_change, state: begun_with ? 'done' : 'here' }, { title: t.step_compare, state: begun_with ? 'here' : 'todo' },
          { title: t.step_submit, state: 'todo' },
        ]} />
        {refused !== null && <Notice tone="amber" title={t.not_yet}>{refused}</Notice>}
        {!begun_with && <Notice tone="info">{t.untouched}</Notice>}
        {begun_with && (
          <>
            <Card title={t.compare}>
              <BeforeAfter changed={{ ended: ended.map(newRuleOf), begun }} names={ground} locale={locale} />
              <p class="hint">{texts.in_flight[locale]}</p>
            </Card>
            {notes.length > 0 && <Notice tone="amber" title={t.notes}><ul>{notes.map((note) => <li>{note[locale]}</li>)}</ul></Notice>}
            <SubmitCard shown={shown} frame={frame} />
            <p class="hint">{t.link_hint}</p>
          </>
        )}
        <ItemsCard shown={shown} title={begun_with ? `${t.change_more}${locale === 'zh' ? '：' : ': '}${t.rules_then}` : t.rules_now} locale={locale} />
        <div class="buttons">
          <ActionLink href={changeHref(code, draft, 'preset')} kind="alt">{t.preset}</ActionLink>
          {begun_with && <ActionLink href={changeHref(code, '')} kind="alt">{t.start_anew}</ActionLink>}
        </div>
      </>
    ),
  });
}

// ── One rule ─────────────────────────────────────────────────────────────────────────────────────

export interface RuleFormShown {
  code: string;
  draft: string;
  /** The rule that is changed; null for a new one. */
  at: string | null;
  subject: Subject;
  ground: Ground;
  form: FormState;
}

function SignerFields({ shown, locale }: { shown: RuleFormShown; locale: Locale }): JSX.Element {
  const t = pick(changeTexts, locale);
  const { ground, form, subject } = shown;
  const bodies = signingBodies.filter((body) => ground.bodies[body] !== undefined && !(subject.class === 'vacancy' && body === 'property'));
  return (
    <>
      <fieldset class="card">
        <legend>{t.who_signs}</legend>
        {bodies.map((body) => {
          const present = ground.present[body] ?? 0;
          const most = Math.max(present, Number(form.values[`signers_${body}`] ?? '0') || 0);
          return (
            <SelectField name={`signers_${body}`} label={fill(t.body_of, { body: ground.bodies[body]![locale], present })} empty={t.body_none} required
              options={Array.from({ length: Math.min(most, 20) }, (_, index) => ({ value: String(index + 1), label: fill(t.body_count, { count: index + 1 }) }))} />
          );
        })}
        <p class="hint">{subject.class === 'vacancy' ? t.who_hint_vacancy : t.who_hint}</p>
      </fieldset>
      <details class="field" open={bodies.some((body) => (form.values[`place_${body}`] ?? '') !== '')}>
        <summary class="tap">{t.sequence}</summary>
        {bodies.map((body) => (
          <SelectField name={`place_${body}`} label={fill(t.place, { body: ground.bodies[body]![locale] })} empty={t.place_any}
            options={bodies.map((_, index) => ({ value: String(index + 1), label: fill(t.place_of, { place: index + 1 }) }))} />
        ))}
      </details>
    </>
  );
}

function RuleFields({ shown, locale }: { shown: RuleFormShown; locale: Locale }): JSX.Element {
  const t = pick(changeTexts, locale);
  const { subject, ground } = shown;
  const shape = shapeOf(subject);
  return (
    <>
      {shape.amount && <AmountField name="amount_from" label={t.amount_from} hint={t.amount_from_hint} />}
      {shape.amount && <AmountField name="amount_to" label={shape.emergency ? t.order_limit : t.amount_to} hint={shape.emergency ? undefined : t.amount_to_hint} required={shape.emergency} />}
      {shape.emergency && <AmountField name="month_cap" label={t.month_cap} required />}
      {shape.emergency && <TextField name="ratify_days" label={t.ratify_days} hint={t.ratify_hint} input_mode="numeric" short required />}
      <SignerFields shown={shown} locale={locale} />
      {shape.fund && <SelectField name="fund" label={t.fund} empty={t.fund_all} options={Object.entries(ground.funds).map(([value, name]) => ({ value, label: name[locale] }))} />}
      {shape.payee && <SelectField name="payee_class" label={t.payee} empty={t.payee_all} options={Object.entries(payeeClasses)
        .filter(([value]) => !(shape.emergency && value === 'officer')).map(([value, name]) => ({ value, label: name[locale] }))} />}
      {shape.notice && <TextField name="notice_days" label={t.notice_days} hint={t.notice_hint} input_mode="numeric" short />}
      {shape.resolution && <CheckField name="needs_resolution" label={t.needs_resolution} />}
      <CheckField name="passkey_only" label={t.passkey_only} />
      <TextField name="expires_days" label={t.expires_days} hint={t.expires_hint} input_mode="numeric" short />
    </>
  );
}

export function ruleFormPage(frame: Frame, shown: RuleFormShown): string {
  const { locale } = frame;
  const t = pick(changeTexts, locale);
  const { code, draft, at, subject, form, ground } = shown;
  const what = slotText({ ...subject, amount_from: '0.00', amount_to: null, fund: null }, ground)[locale];
  return page({
    ...frame, title: `${at === null ? t.new_rule : t.edit_rule}${locale === 'zh' ? '：' : ': '}${what}`,
    crumbs: [{ href: changeHref(code, draft), label: t.title }],
    body: (
      <Card>
        <Form action={changeHref(code, '', 'rule')} csrf={frame.session?.csrf} values={form.values} errors={form.errors} id="rule">
          <HiddenToken name="draft" value={draft} />
          <HiddenToken name="at" value={at ?? ''} />
          <HiddenToken name="new" value={subjectCode(subject)} />
          <RuleFields shown={shown} locale={locale} />
          <ButtonRow>
            <Button name="step" value="put">{t.put}</Button>
            {at !== null && <Button name="step" value="drop" kind="danger">{t.drop}</Button>}
          </ButtonRow>
          {at !== null && <p class="hint">{t.drop_hint}</p>}
        </Form>
      </Card>
    ),
  });
}

// ── Presets ──────────────────────────────────────────────────────────────────────────────────────

export interface PresetsShown { code: string; draft: string; ground: Ground; same: readonly Preset[] }

export function presetsPage(frame: Frame, { code, draft, ground, same }: PresetsShown): string {
  const { locale } = frame;
  const t = pick(changeTexts, locale);
  return page({
    ...frame, title: t.preset, lede: t.preset_lede, crumbs: [{ href: changeHref(code, draft), label: t.title }],
    body: (
      <>
        {presets.map((preset) => (
          <Card title={presetHelp[preset].name[locale]} id={preset}>
            <p>{presetHelp[preset].text[locale]}</p>
            <details>
              <summary class="tap">{fill(helpTexts.all_of[locale], { count: usualRules(preset).length })}</summary>
              <ul>{usualRules(preset).map((rule) => <li>{ruleSentence(rule, ground)[locale]}</li>)}</ul>
            </details>
            <Form action={changeHref(code, '', 'preset')} csrf={frame.session?.csrf} id={`preset-${preset}`}>
              <HiddenToken name="draft" value={draft} />
              <HiddenToken name="preset" value={preset} />
              <ButtonRow><Button kind="alt" why_not={same.includes(preset) ? t.preset_same : undefined}>{t.preset_use}</Button></ButtonRow>
            </Form>
          </Card>
        ))}
      </>
    ),
  });
}
