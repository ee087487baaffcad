// The list of projects, and the form with which one is entered.
import type { JSX } from 'preact';
import { type Locale } from '../kernel/locale.ts';
import { money, moneyFigures } from '../kernel/money.ts';
import { Button, ButtonRow, FileField, Form, HiddenToken, RadioField, TextArea, TextField } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { csvTwin, withQuery } from '../web/links.ts';
import { formatDate, pick } from '../web/locale.ts';
import { ActionLink, Card, Chip, DescriptionList, EmptyState, Figures, type Tone } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { Pager } from '../web/tables.tsx';
import type { VoucherItem } from '../web/vouchers.tsx';
import { deskTexts } from './desk-texts.ts';
import { kindNames, kindTabs, projectKinds, stageNames, type Stage } from './kinds.ts';
import { totalOf } from './list.ts';
import { SpentBar, Thermometers } from './picture.tsx';
import type { ProjectRow } from './queries.ts';
import { texts } from './texts.ts';

export type T = ReturnType<typeof pick<typeof texts>>;
export const figures = (amount: string): string => moneyFigures(money(amount));
const tones: Record<Stage, Tone> = { proposed: 'plain', fundraising: 'amber', building: 'amber', accepted: 'ok', finished: 'plain', returned: 'ok' };
export const StageChip = ({ stage, locale }: { stage: Stage; locale: Locale }): JSX.Element => <Chip tone={tones[stage]}>{stageNames[stage][locale]}</Chip>;
export const titleOf = (row: ProjectRow, t: T, locale: Locale): string => (locale === 'zh' ? row.title_zh : row.title_en) ?? t.erased_title;

export const sumsOf = (row: ProjectRow) => {
  const of = (name: 'received' | 'spent' | 'returned' | 'balance' | 'target'): string => totalOf(row.sources.map((source) => source[name]));
  return { received: of('received'), spent: of('spent'), returned: of('returned'), balance: of('balance'), target: of('target') };
};

export interface ListShown { code: string; items: ProjectRow[]; next_cursor: string | null; kind: string; enters: boolean }

export function listPage(frame: Frame, shown: ListShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const { code, items, kind } = shown;
  const path = `/e/${code}/projects`;
  return page({
    ...frame, title: t.title, lede: t.lede,
    body: (
      <>
        {shown.enters && <div class="actions"><ActionLink href={`${path}/new`}>{t.new_project}</ActionLink></div>}
        <nav class="tabs" aria-label={t.kind}>
          {['', ...projectKinds].map((one) => <a href={withQuery(path, { kind: one === '' ? null : one })} aria-current={one === kind ? 'page' : undefined}>{one === '' ? t.all_kinds : kindTabs[one as (typeof projectKinds)[number]][locale]}</a>)}
        </nav>
        {items.length === 0 && <EmptyState title={t.none} text={t.none_hint} />}
        {items.map((row) => {
          const sums = sumsOf(row);
          return (
            <Card title={<><a href={`${path}/${row.project_id}`}>{titleOf(row, t, locale)}</a> <StageChip stage={row.stage} locale={locale} /></>}>
              <p class="hint">{kindNames[row.kind][locale]}{row.from_owner && ` · ${t.from_owner}`}{row.deadline !== null && row.stage === 'fundraising' && ` · ${t.deadline} ${formatDate(row.deadline, locale)}`}</p>
              {row.sources.length === 0 ? <p>{row.text ?? t.erased_text}</p> : (
                <>
                  {row.stage === 'fundraising' ? <Thermometers rows={row.sources} t={t} locale={locale} /> : <SpentBar sums={sums} t={t} />}
                  <Figures items={[{ label: t.target, amount: sums.target }, { label: t.received, amount: sums.received }, { label: t.spent, amount: sums.spent }, { label: t.balance, amount: sums.balance }]} />
                </>
              )}
            </Card>
          );
        })}
        {items.length > 0 && <p class="screen-only"><a class="csv" href={csvTwin(withQuery(path, { kind: kind === '' ? null : kind }))}>CSV</a></p>}
        <Pager here={frame.here} next_cursor={shown.next_cursor} shown={items.length} />
      </>
    ),
  });
}

export interface FormShown { form_key: string; values: Readonly<Record<string, string>>; errors: Readonly<Record<string, string>>; kept: VoucherItem[] }

export function newPage(frame: Frame, { code, form, officer, limits }: { code: string; form: FormShown; officer: boolean; limits: { title: number; text: number } }): string {
  const { locale } = frame;
  const t = { ...pick(texts, locale), ...pick(deskTexts, locale) };
  return page({
    ...frame, title: t.new_project, lede: officer ? t.new_lede : t.new_lede_owner, crumbs: [{ href: `/e/${code}/projects`, label: t.title }],
    body: (
      <Form action={`/e/${code}/projects/new`} multipart={officer} csrf={frame.session?.csrf} form_key={form.form_key} values={form.values} errors={form.errors}>
        <Card>
          {officer ? <RadioField name="kind" label={t.kind} required options={projectKinds.map((kind) => ({ value: kind, label: kindNames[kind][locale], hint: t[`kind_${kind}`] }))} />
            : <><HiddenToken name="kind" value="micro_grant" /><DescriptionList items={[{ term: t.kind, value: kindNames.micro_grant[locale] }]} /></>}
          <TextField name="title" label={t.title_field} hint={t.title_hint} autocomplete="off" required />
          <TextArea name="text" label={t.text_field} hint={t.text_hint.replace('{limit}', String(limits.text))} rows={5} required />
          {officer && <FileField name="vouchers" label={t.photos_field} hint={t.photos_hint} kept={form.kept} multiple />}
          {officer && <HiddenToken name="audience" value="owners" />}
        </Card>
        <ButtonRow><Button>{t.save_project}</Button></ButtonRow>
      </Form>
    ),
  });
}
