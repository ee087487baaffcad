// Pages of forms of bodies: what there is and was, and the form of a change.
import { fill } from '../kernel/locale.ts';
import type { BodyKind } from '../kernel/actor.ts';
import { daysBetween } from '../kernel/dates.ts';
import { ruleSentence, type RuleNames } from '../approval/rule-text.ts';
import { newRuleOf, type Rule } from '../approval/rules.ts';
import { ResolutionFields, type OfficeForm } from '../office/membership-pages.tsx';
import { formName, formsOf, formTexts, type BodyForm, type BodyFormRow, type BodyNow } from '../people/body-form.ts';
import type { BodyRow } from '../people/queries.ts';
import { bodyTexts } from '../people/texts.ts';
import { Button, ButtonRow, DateField, Form, SelectField, TextField } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { formatDate, pick } from '../web/locale.ts';
import { ActionLink, Card, Chip, DescriptionList, Notice, RowList } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { LedgerTable } from '../web/tables.tsx';
import { texts } from './body-form-texts.ts';

const DUE_SOON = 60;

export interface FormsShown { code: string; today: string; bodies: readonly BodyRow[]; kinds: readonly BodyKind[]; forms: readonly BodyFormRow[]; proposes: boolean; csv: string }

export function formsPage(frame: Frame, { code, today, bodies, kinds, forms, proposes, csv }: FormsShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const nameIn = (row: { name_zh: string; name_en: string }): string => (locale === 'zh' ? row.name_zh : row.name_en);
  const temporary = forms.filter((row) => row.holds && row.until_day !== null && daysBetween(today, row.until_day) <= DUE_SOON);
  const rows = kinds.flatMap((kind) => {
    const body = bodies.find((row) => row.body === kind);
    if (body === undefined && !proposes) return [];
    const now = forms.find((row) => row.body === kind && row.holds);
    return [{
      label: body === undefined ? bodyTexts[kind][locale] : nameIn(body),
      value: body === undefined ? t.not_there : formName(now?.form ?? formsOf(kind)[0]!, locale),
      note: proposes ? <a class="tap" href={`/e/${code}/people/forms/new?body=${kind}`}>{body === undefined ? t.open : t.change}</a> : undefined,
    }];
  });
  return page({
    ...frame, title: t.title, lede: t.lede, crumbs: [{ href: `/e/${code}/people`, label: locale === 'zh' ? '各方' : 'Bodies' }],
    body: (
      <>
        {temporary.map((row) => {
          const days = daysBetween(today, row.until_day!);
          return <Notice tone={days < 0 ? 'alarm' : 'amber'}>{fill(days < 0 ? t.overdue : t.due_soon, { name: nameIn(row), day: formatDate(row.until_day!, locale), days })}</Notice>;
        })}
        <Notice tone="info">{t.stays}</Notice>
        <Card title={t.now}><RowList rows={rows} /></Card>
        <LedgerTable caption={t.history} csv={csv} empty={t.none} rows={[...forms].reverse()} rowState={(row) => (row.holds ? undefined : 'muted')} columns={[
          { key: 'name', title: t.name, lead: true, cell: nameIn }, { key: 'body', title: t.body, cell: (row) => bodyTexts[row.body][locale] },
          { key: 'form', title: t.form, cell: (row) => formName(row.form, locale) }, { key: 'from_day', title: t.from, type: 'date' },
          { key: 'until_day', title: t.until_day, type: 'date', cell: (row) => row.until_day ?? '–' },
          { key: 'basis', title: t.basis, cell: (row) => (row.proposal_id === null ? t.at_opening : <a href={`/e/${code}/proposals/${row.proposal_id}`}>{fill(t.by_proposal, { proposal: row.proposal_id })}</a>) },
          { key: 'state', title: t.state, cell: (row) => <Chip tone={row.holds ? 'ok' : row.from_day > today ? 'amber' : 'plain'}>{stateOf(row, today, t)}</Chip> },
        ]} />
      </>
    ),
  });
}

export const stateOf = (row: BodyFormRow, today: string, t: { holds: string; coming: string; over: string }): string =>
  (row.from_day > today ? t.coming : row.holds ? t.holds : t.over);

export interface FormShown {
  code: string; body: BodyKind; now: BodyNow | null; today: string; rule: Rule | null; names: RuleNames; refused: string | null; form: OfficeForm;
}

export function bodyFormPage(frame: Frame, { code, body, now, today, rule, names, refused, form }: FormShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const facts = { body: bodyTexts[body][locale], name: locale === 'zh' ? now?.name_zh ?? '' : now?.name_en ?? '', form: now === null ? '' : formName(now.form, locale) };
  return page({
    ...frame, title: t.new_title, lede: fill(now === null ? t.new_lede_open : t.new_lede, facts), crumbs: [{ href: `/e/${code}/people/forms`, label: t.title }],
    body: (
      <>
        {body === 'property' && <Notice tone="info" action={{ href: `/e/${code}/handover`, label: t.to_handover }}>{t.trustee_note}</Notice>}
        <Form action={`/e/${code}/people/forms/new?body=${body}`} multipart csrf={frame.session?.csrf} form_key={form.form_key} values={form.values} errors={form.errors}>
          <Card>
            <SelectField name="form" label={t.form} required empty={false} options={formsOf(body).map((one: BodyForm) => ({ value: one, label: formTexts[one][locale] }))} />
            <TextField name="name_zh" label={t.name} hint={t.name_hint} required />
            <TextField name="name_en" label={t.name_en} />
            <DateField name="from" label={t.from} hint={t.from_hint} min={today} required />
            {formsOf(body).length > 1 && <DateField name="until" label={t.until} hint={t.until_hint} min={today} />}
            {body === 'property' && <SelectField name="mode" label={t.mode} hint={t.mode_hint} empty={t.mode_stays} options={(['trust', 'commission', 'self_managed'] as const).map((mode) => ({ value: mode, label: t[mode] }))} />}
            {refused !== null && <Notice tone="amber">{refused}</Notice>}
            {rule !== null && <DescriptionList items={[{ term: t.signed_by, value: ruleSentence(newRuleOf(rule), names)[locale] }]} />}
          </Card>
          {rule?.needs_resolution === true ? <ResolutionFields form={form} locale={locale} today={today} />
            : <details class="field" open={Object.keys(form.errors).some((name) => name.startsWith('resolution') || name === 'vouchers')}><summary class="tap">{t.resolution_optional}</summary>
              <ResolutionFields form={form} locale={locale} today={today} /></details>}
          <ButtonRow><Button>{t.submit}</Button> <ActionLink kind="alt" href={`/e/${code}/people/forms`}>{t.title}</ActionLink></ButtonRow>
        </Form>
      </>
    ),
  });
}
