// The three lists and one item of them: finished values in, HTML out.
import type { JSX } from 'preact';
import { saidText } from '../evidence/personal-value.ts';
import { daysBetween } from '../kernel/dates.ts';
import { fill, type Locale } from '../kernel/locale.ts';
import type { Frame } from '../web/frame.ts';
import { Button, ButtonRow, DateField, Form, HiddenToken, SelectField, TextArea, TextField, type Option } from '../web/forms.tsx';
import { formatDate, formatInstant, pick } from '../web/locale.ts';
import { ActionLink, Card, Chip, DescriptionList, EmptyState, RowList, Timeline, type TimelineStep, type Tone } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { Filters, LedgerTable, Pager } from '../web/tables.tsx';
import { itemStates, lists, TITLE_LIMIT } from './list.ts';
import type { ChangeRow, ItemRow, ListCounts } from './list-queries.ts';
import { listTexts } from './list-texts.ts';
import type { FormShown } from './pages.tsx';
import type { SubjectShown } from './subject.ts';

const tones: Record<string, Tone> = { open: 'amber', doing: 'plain', done: 'ok', dropped: 'plain' };

export const itemText = (row: Pick<ItemRow, 'title' | 'question' | 'erased' | 'hidden'>, locale: Locale): string =>
  row.title ?? saidText({ text: row.question, erased: row.erased, hidden: row.hidden }, locale);
const ownerText = (row: { owner_zh: string; owner_en: string; owner_name: string | null }, locale: Locale): string =>
  `${locale === 'zh' ? row.owner_zh : row.owner_en}${row.owner_name === null ? '' : ` · ${row.owner_name}`}`;

export function StateChip({ row, locale }: { row: Pick<ItemRow, 'state' | 'overdue' | 'merged_into'>; locale: Locale }): JSX.Element {
  const t = pick(listTexts, locale);
  if (row.merged_into !== null) return <Chip tone="plain">{fill(t.merged_chip, { into: row.merged_into })}</Chip>;
  return <><Chip tone={tones[row.state]}>{t[row.state]}</Chip>{row.overdue && <> <Chip tone="red">{t.overdue}</Chip></>}</>;
}

export interface ListsShown {
  code: string;
  counts: ListCounts[];
  /** The newest of each list where no list was chosen; else the rows of the one. */
  columns: { list: (typeof lists)[number]; items: ItemRow[] }[] | null;
  items: ItemRow[];
  next_cursor: string | null;
  filter: { list: string; state: string; owner: string };
  bodies: { body: string; name_zh: string; name_en: string }[];
  csv: string;
  may_ask: boolean;
  may_keep: boolean;
}

function Column({ shown, list, items, frame }: { shown: ListsShown; list: (typeof lists)[number]; items: ItemRow[]; frame: Frame }): JSX.Element {
  const { locale } = frame;
  const t = pick(listTexts, locale);
  const base = `/e/${shown.code}/lists`;
  const count = shown.counts.find((one) => one.list === list)!;
  const all = count.open + count.doing + count.done + count.dropped;
  return (
    <Card title={t[list]} id={list}>
      <p class="hint">{fill(t.counts, { ...count })}{count.overdue > 0 && <> <Chip tone="red">{fill(t.counts_overdue, { overdue: count.overdue })}</Chip></>}</p>
      {items.length === 0 ? <p>{t.none}</p> : (
        <RowList more={all > items.length ? { href: `${base}?list=${list}`, label: fill(t.see_all, { count: all }) } : undefined} rows={items.map((row) => ({
          label: itemText(row, locale), href: `${base}/${row.item_id}`, chip: <StateChip row={row} locale={locale} />,
          note: `${fill(t.step_due, { due_on: formatDate(row.due_on, locale) })} · ${ownerText(row, locale)}`,
        }))} />
      )}
    </Card>
  );
}

export function listsPage(frame: Frame, shown: ListsShown): string {
  const { locale } = frame;
  const { code, filter } = shown;
  const t = pick(listTexts, locale);
  const base = `/e/${code}/lists`;
  const body = (
    <>
      <p class="buttons">
        {shown.may_ask && <ActionLink href={`/e/${code}/inquiries/new?category=need`}>{t.ask}</ActionLink>}
        {shown.may_keep && <ActionLink kind="alt" href={`${base}/new`}>{t.enter}</ActionLink>}
      </p>
      <Filters action={base} reset_href={base} csv={shown.csv} fields={[
        { name: 'list', label: t.list, type: 'select', value: filter.list, options: lists.map((value) => ({ value, label: t[value] })) },
        { name: 'state', label: t.state, type: 'select', value: filter.state, options: (['open_all', 'overdue', ...itemStates] as const).map((value) => ({ value, label: t[value] })) },
        { name: 'owner', label: t.owner, type: 'select', value: filter.owner, options: shown.bodies.map((row) => ({ value: row.body, label: locale === 'zh' ? row.name_zh : row.name_en })) },
      ]} />
      {shown.columns !== null ? <div class="three-lists">{shown.columns.map(({ list, items }) => <Column shown={shown} list={list} items={items} frame={frame} />)}</div> : (
        <>
          <LedgerTable caption={t.lists} caption_hidden rows={shown.items} empty={<EmptyState title={t.none} text={t.none_text} />} columns={[
            { key: 'title', title: t.title, lead: true, cell: (row) => <a href={`${base}/${row.item_id}`}>{itemText(row, locale)}</a> },
            { key: 'list', title: t.list, cell: (row) => t[`one_${row.list}`] },
            { key: 'state', title: t.state, cell: (row) => <StateChip row={row} locale={locale} /> },
            { key: 'owner', title: t.owner, cell: (row) => ownerText(row, locale) },
            { key: 'due_on', title: t.due_on, type: 'date', cell: (row) => formatDate(row.due_on, locale) },
            { key: 'opened', title: t.opened, type: 'date', cell: (row) => formatInstant(row.opened_at, locale) },
          ]} />
          <Pager here={frame.here} next_cursor={shown.next_cursor} shown={shown.items.length} />
        </>
      )}
    </>
  );
  return page({ ...frame, title: t.lists, lede: t.lede, body });
}

export const csvColumns = (locale: Locale) => {
  const t = pick(listTexts, locale);
  return [
    { key: 'item_id', title: t.number, type: 'number' as const }, { key: 'list', title: t.list }, { key: 'title', title: t.title }, { key: 'detail', title: t.detail }, { key: 'state', title: t.state },
    { key: 'overdue', title: t.overdue }, { key: 'owner', title: t.owner }, { key: 'due_on', title: t.due_on, type: 'date' as const }, { key: 'note', title: t.note },
    { key: 'inquiry_id', title: t.question, type: 'number' as const }, { key: 'merged_into', title: t.merged_into, type: 'number' as const }, { key: 'proposal_id', title: t.proposal, type: 'number' as const },
    { key: 'project_id', title: t.project_no, type: 'number' as const }, { key: 'budget_line', title: t.budget_line }, { key: 'opened_at', title: t.opened }, { key: 'changed_at', title: t.changed },
  ];
};
export const csvRow = (row: ItemRow, locale: Locale): Record<string, string | number | null> => {
  const t = pick(listTexts, locale);
  return {
    item_id: row.item_id, list: t[`one_${row.list}`], title: itemText(row, locale), detail: row.detail, state: t[row.state], overdue: row.overdue ? t.overdue : '', owner: ownerText(row, locale), due_on: row.due_on,
    note: row.note, inquiry_id: row.inquiry_id, merged_into: row.merged_into, proposal_id: row.proposal_id, project_id: row.project_id, budget_line: row.budget_line,
    opened_at: formatInstant(row.opened_at, locale), changed_at: formatInstant(row.changed_at, locale),
  };
};

// ── One item ─────────────────────────────────────────────────────────────────────────────────────

export interface ItemForm extends FormShown { of: 'change' | 'merge' }
export interface ItemShown {
  code: string;
  item: ItemRow;
  history: ChangeRow[];
  link: SubjectShown | null;
  today: string;
  owners: Option[];
  /** How the item stands, as the form shows it. */
  values: Record<string, string>;
  /** Null for those who do not keep the lists, and of what was merged. */
  form: ItemForm | null;
}

function historyOf({ history, item }: ItemShown, locale: Locale): TimelineStep[] {
  const t = pick(listTexts, locale);
  return history.map((row, index): TimelineStep => {
    const before = history[index - 1];
    const title = before === undefined ? fill(t.step_opened, { list: t[row.list] }) : row.merged_into !== null ? fill(t.step_merged, { into: row.merged_into })
      : row.state !== before.state ? t[row.state] : row.list !== before.list ? fill(t.step_list, { list: t[row.list] }) : t.step_changed;
    const told = [
      before !== undefined && before.title !== row.title && row.title !== null ? row.title : null,
      before === undefined || ownerText(before, 'zh') !== ownerText(row, 'zh') ? fill(t.step_owner, { owner: ownerText(row, locale) }) : null,
      before === undefined || before.due_on !== row.due_on ? fill(t.step_due, { due_on: formatDate(row.due_on, locale) }) : null,
      row.note,
    ].filter((one) => one !== null);
    const body = locale === 'zh' ? row.body_zh : row.body_en;
    return {
      state: row.state === 'done' ? 'done' : row.state === 'dropped' ? 'rejected' : 'done', word: '', title, who: body === null ? t.by_owner : `${body}${row.name === null ? '' : ` · ${row.name}`}`,
      when: formatInstant(row.changed_at, locale), note: told.length === 0 ? undefined : told.join(locale === 'zh' ? '；' : '; '),
    };
  }).concat(item.overdue ? [{ state: 'rejected', word: t.overdue, title: fill(t.step_due, { due_on: formatDate(item.due_on, locale) }) }] : []);
}

function ItemFields({ locale, owners, from_question, state }: { locale: Locale; owners: Option[]; from_question: boolean; state: boolean }): JSX.Element {
  const t = pick(listTexts, locale);
  return (
    <>
      <SelectField name="list" label={t.list} required empty={false} options={lists.map((value) => ({ value, label: t[value] }))} />
      <TextField name="title" label={t.title} required={!from_question} hint={`${fill(t.title_hint, { limit: TITLE_LIMIT })}${from_question ? ` ${t.title_hint_question}` : ''}`} />
      <TextArea name="detail" label={t.detail} rows={2} />
      <SelectField name="owner" label={t.owner} required options={owners} />
      <DateField name="due_on" label={t.due_on} required />
      {state && <SelectField name="state" label={t.state} required empty={false} options={itemStates.map((value) => ({ value, label: t[value] }))} />}
      <TextField name="link" label={t.link} hint={t.link_hint} />
      {state && <TextArea name="note" label={t.note} rows={2} hint={t.note_hint} />}
    </>
  );
}

export function itemPage(frame: Frame, shown: ItemShown): string {
  const { locale } = frame;
  const { code, item, form, today } = shown;
  const t = pick(listTexts, locale);
  const base = `/e/${code}/lists`;
  const here = `${base}/${item.item_id}`;
  const none = { values: {}, errors: {} };
  const body = (
    <div class="columns wide-left">
      <div>
        <Card>
          <p><strong>{itemText(item, locale)}</strong></p>
          {item.detail !== null && <p>{item.detail}</p>}
          <DescriptionList items={[
            { term: t.list, value: t[item.list] },
            { term: t.state, value: <><StateChip row={item} locale={locale} />{item.overdue && <> {fill(t.days_over, { days: daysBetween(item.due_on, today) })}</>}</> },
            { term: t.owner, value: ownerText(item, locale) },
            { term: t.due_on, value: formatDate(item.due_on, locale) },
            item.note !== null && { term: t.note, value: item.note },
            { term: t.opened, value: <>{formatInstant(item.opened_at, locale)} · {item.inquiry_id === null ? t.by_officer : <a href={`/e/${code}/inquiries/${item.inquiry_id}`}>{fill(t.from_question, { inquiry: item.inquiry_id })}</a>}</> },
            shown.link !== null && { term: t.link, value: shown.link.href === null ? shown.link.label[locale] : <a href={shown.link.href}>{shown.link.label[locale]}</a> },
            item.merged_into !== null && { term: t.merged_into, value: <a href={`${base}/${item.merged_into}`}>{fill(t.item_title, { item: item.merged_into })}</a> },
            item.merged.length > 0 && { term: t.merged_from, value: item.merged.map((one) => <a class="tap" href={`${base}/${one}`}>{fill(t.item_title, { item: one })}</a>) },
          ]} />
        </Card>
        {form !== null && (
          <>
            <Card title={t.change} id="change-card">
              <Form id="change" action={here} form_key={form.form_key} csrf={frame.session?.csrf} {...(form.of === 'change' ? { values: form.values, errors: form.errors } : { values: shown.values, errors: {} })}>
                <ItemFields locale={locale} owners={shown.owners} from_question={item.inquiry_id !== null} state />
                <ButtonRow><Button>{t.save}</Button></ButtonRow>
              </Form>
            </Card>
            <Card>
              <details open={form.of === 'merge'}>
                <summary>{t.merge}</summary>
                <p class="hint">{t.merge_lede}</p>
                <Form id="merge" action={`${here}/merge`} form_key={form.form_key} csrf={frame.session?.csrf} {...(form.of === 'merge' ? { values: form.values, errors: form.errors } : none)}>
                  <TextField name="into" label={t.merge_into} input_mode="numeric" short required />
                  <TextField name="note" label={t.merge_note} required />
                  <ButtonRow><Button kind="alt">{t.merge_send}</Button></ButtonRow>
                </Form>
              </details>
            </Card>
          </>
        )}
      </div>
      <Card title={t.history}><Timeline steps={historyOf(shown, locale)} /></Card>
    </div>
  );
  return page({ ...frame, title: fill(t.item_title, { item: item.item_id }), crumbs: [{ href: base, label: t.lists }], body });
}

export interface EnterShown { code: string; inquiry: { inquiry_id: number; text: string } | null; owners: Option[]; form: FormShown }

export function enterPage(frame: Frame, { code, inquiry, owners, form }: EnterShown): string {
  const { locale } = frame;
  const t = pick(listTexts, locale);
  const body = (
    <>
      {inquiry !== null && <Card><p><a href={`/e/${code}/inquiries/${inquiry.inquiry_id}`}>{inquiry.text}</a></p></Card>}
      <Card>
        <Form action={`/e/${code}/lists/new`} form_key={form.form_key} csrf={frame.session?.csrf} values={form.values} errors={form.errors}>
          {inquiry !== null && <HiddenToken name="inquiry" value={String(inquiry.inquiry_id)} />}
          <ItemFields locale={locale} owners={owners} from_question={inquiry !== null} state={false} />
          <ButtonRow><Button>{t.enter_send}</Button></ButtonRow>
        </Form>
      </Card>
    </>
  );
  return page({ ...frame, title: inquiry === null ? t.enter_title : fill(t.enter_question, { inquiry: inquiry.inquiry_id }), lede: t.lede, crumbs: [{ href: `/e/${code}/lists`, label: t.lists }], body });
}
