// Pages of the register: all dwellings by building, parking spaces, the list of changes.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { Button, ButtonRow, Form, SelectField, TextArea, TextField } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { csvTwin, withQuery } from '../web/links.ts';
import { formatDate, formatInstant, pick } from '../web/locale.ts';
import { Card, Chip, EmptyState, Figures, RowList } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { Filters, LedgerTable, Pager } from '../web/tables.tsx';
import type { ChangeRow } from './overview-queries.ts';
import type { SpaceRow } from './place-queries.ts';
import { occupancies, spaceKinds, unitKinds, type UnitOnDay } from './register-queries.ts';
import { changeTexts, kindTexts, occupancyTexts, spaceKindTexts, texts } from './register-texts.ts';

export type T = ReturnType<typeof pick<typeof texts>>;
/** A form that was refused comes back with what was typed. */
export interface FormShown { id: string | null; form_key: string; values: Record<string, string>; errors: Record<string, string> }

export const optionsOf = <C extends string>(names: Readonly<Record<C, { zh: string; en: string }>>, codes: readonly C[], locale: Locale) =>
  codes.map((value) => ({ value, label: names[value][locale] }));

export interface DoorShown { unit: string; stairwell: string; phase: string; room: string; occupancy: string; owned: boolean }
export interface RegisterShown {
  code: string;
  day: string;
  q: string;
  figures: { dwellings: number; owned: number; area: string; let: number; vacant: number };
  buildings: { building: string; count: number }[];
  /** Building that is shown; null where something was searched or nothing is there. */
  building: string | null;
  doors: DoorShown[];
  found: (UnitOnDay & { people: string })[] | null;
  form: FormShown | null;
}

function Doors({ shown, t, code }: { shown: readonly DoorShown[]; t: T; code: string }): JSX.Element {
  const stairwells = new Map<string, DoorShown[]>();
  for (const door of shown) stairwells.set(door.stairwell, [...(stairwells.get(door.stairwell) ?? []), door]);
  const mark = ({ occupancy, owned }: DoorShown): string =>
    [occupancy === 'let' ? t.mark_let : occupancy === 'vacant' ? t.mark_vacant : '', owned ? '' : '?'].filter((one) => one !== '').join(' ');
  return (
    <>
      {[...stairwells].map(([stairwell, doors]) => (
        <>
          <h3>{stairwell === '' ? t.no_stairwell : fill(t.stairwell, { n: stairwell })}</h3>
          <ul class="doors">
            {doors.map((door) => (
              <li><a href={`/e/${code}/register/units/${door.unit}`} aria-label={`${door.unit} ${mark(door)}`}>{door.room}{mark(door) !== '' && <small>{mark(door)}</small>}</a></li>
            ))}
          </ul>
        </>
      ))}
    </>
  );
}

function NewUnitCard({ code, form, csrf, t, locale }: { code: string; form: FormShown; csrf: string | undefined; t: T; locale: Locale }): JSX.Element {
  return (
    <Card id="new">
      <details open={form.id === 'new'}>
        <summary>{t.new_unit}</summary>
        <Form action={`/e/${code}/register`} id="new-form" csrf={csrf} form_key={form.form_key} values={form.id === 'new' ? form.values : { kind: 'dwelling', occupancy: 'owner' }} errors={form.id === 'new' ? form.errors : {}}>
          <TextField name="unit" label={t.unit} hint="3-2-1002" required short />
          <TextField name="building" label={t.building_field} required short />
          <TextField name="stairwell" label={t.stairwell_field} short />
          <TextField name="phase" label={t.phase} short />
          <TextField name="area_m2" label={t.area} input_mode="decimal" required short />
          <SelectField name="kind" label={t.kind} options={optionsOf(kindTexts, unitKinds, locale)} empty={false} required />
          <SelectField name="occupancy" label={t.occupancy} options={optionsOf(occupancyTexts, occupancies, locale)} empty={false} required />
          <ButtonRow><Button>{t.save}</Button></ButtonRow>
        </Form>
      </details>
    </Card>
  );
}

export function registerPage(frame: Frame, shown: RegisterShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const { code, figures, buildings, building, found, form, q, day } = shown;
  return page({
    ...frame, title: t.register, lede: t.lede,
    body: (
      <>
        {figures.dwellings > 0 && <Card><Figures items={[
          { label: t.dwellings, text: String(figures.dwellings) }, { label: t.with_owner, text: `${figures.owned} / ${figures.dwellings}` }, { label: t.area_total, text: figures.area },
          { label: t.let_count, text: String(figures.let) }, { label: t.vacant_count, text: String(figures.vacant) },
        ]} /></Card>}
        {figures.dwellings > 0 && <Filters action={`/e/${code}/register`} reset_href={q === '' ? undefined : `/e/${code}/register`} csv={csvTwin(withQuery(frame.here, { building: null }))} fields={[
          { name: 'q', label: t.find, type: 'search', value: q }, { name: 'day', label: t.as_of, type: 'date', value: day },
        ]} />}
        {found !== null && (
          <Card title={found.length === 0 ? fill(t.found_none, { q }) : fill(t.found, { n: found.length })}>
            {found.length === 0 && <p class="hint">{t.found_hint}</p>}
            <RowList rows={found.slice(0, 200).map((row) => ({
              label: row.unit, href: `/e/${code}/register/units/${row.unit}`, value: `${row.area_m2} m²`, note: row.people === '' ? t.no_owner : row.people,
              chip: row.occupancy === 'owner' ? undefined : <Chip tone="plain">{occupancyTexts[row.occupancy][locale]}</Chip>,
            }))} />
          </Card>
        )}
        {found === null && buildings.length > 0 && (
          <Card title={t.dwellings}>
            <ul class="doors">
              {buildings.map((one) => (
                <li><a href={withQuery(frame.here, { building: one.building, done: null })} aria-current={one.building === building ? 'true' : undefined}>{fill(t.building, { n: one.building })}<small>{one.count}</small></a></li>
              ))}
            </ul>
            <Doors shown={shown.doors} t={t} code={code} />
            <p class="hint">{t.key_marks}</p>
          </Card>
        )}
        {figures.dwellings === 0 && <EmptyState title={t.none} text={form === null ? undefined : t.none_hint} />}
        <Card title={t.more}><RowList rows={[
          { label: t.spaces, href: `/e/${code}/register/spaces` }, { label: t.meters, href: `/e/${code}/register/readings` },
          { label: t.changes, href: `/e/${code}/register/changes` }, ...(form === null ? [] : [{ label: t.import, href: `/e/${code}/register/import` }]),
        ]} /></Card>
        {form !== null && <NewUnitCard code={code} form={form} csrf={frame.session?.csrf} t={t} locale={locale} />}
      </>
    ),
  });
}

export interface SpacesShown { code: string; day: string; spaces: SpaceRow[]; form: FormShown | null }

export function spacesPage(frame: Frame, { code, day, spaces, form }: SpacesShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  return page({
    ...frame, title: t.spaces, lede: t.spaces_lede, crumbs: [{ href: `/e/${code}/register`, label: t.register }],
    body: (
      <>
        <Filters action={`/e/${code}/register/spaces`} fields={[{ name: 'day', label: t.as_of, type: 'date', value: day }]} />
        <LedgerTable caption={t.spaces} caption_hidden csv={spaces.length > 0 ? csvTwin(frame.here) : undefined} rows={spaces} empty={<EmptyState title={t.spaces_empty} />} columns={[
          { key: 'space', title: t.space, lead: true }, { key: 'kind', title: t.space_kind, cell: (row) => spaceKindTexts[row.kind][locale] },
          { key: 'area_m2', title: t.area, type: 'number', cell: (row) => row.area_m2 ?? '–' },
          { key: 'unit', title: t.unit, cell: (row) => (row.unit === null ? <Chip tone="plain">{t.space_free}</Chip> : <a href={`/e/${code}/register/units/${row.unit}`}>{row.unit}</a>) },
          { key: 'since', title: t.since, type: 'date', cell: (row) => (row.since === null ? '' : formatDate(row.since, locale)) },
        ]} />
        {form !== null && (
          <Card title={t.new_spaces} id="new">
            <Form action={`/e/${code}/register/spaces`} id="spaces-form" csrf={frame.session?.csrf} form_key={form.form_key} values={{ kind: 'common', ...form.values }} errors={form.errors}>
              <TextArea name="list" label={t.space_list} hint={t.space_list_hint} rows={3} required />
              <SelectField name="kind" label={t.space_kind} options={optionsOf(spaceKindTexts, spaceKinds, locale)} empty={false} required />
              <TextField name="area_m2" label={t.space_area} input_mode="decimal" short />
              <ButtonRow><Button>{t.save}</Button></ButtonRow>
            </Form>
          </Card>
        )}
      </>
    ),
  });
}

export interface ChangesShown { code: string; rows: ChangeRow[]; next_cursor: string | null }

export function changesPage(frame: Frame, { code, rows, next_cursor }: ChangesShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const most = 6;
  return page({
    ...frame, title: t.changes, lede: t.changes_lede, crumbs: [{ href: `/e/${code}/register`, label: t.register }],
    body: (
      <>
        <LedgerTable caption={t.changes} caption_hidden rows={rows} empty={<EmptyState title={t.changes_empty} />} columns={[
          { key: 'what', title: t.what, lead: true, cell: (row) => `${changeTexts[row.what]?.[locale] ?? row.what}${row.count > 1 ? ` × ${row.count}` : ''}` },
          { key: 'units', title: t.of_units, cell: (row) => (
            <>{row.units.slice(0, most).map((unit, index) => <>{index > 0 && ' '}<a href={`/e/${code}/register/units/${unit}`}>{unit}</a></>)}{row.units.length > most && ` … ${row.units.length}`}</>
          ) },
          { key: 'by', title: t.by, cell: (row) => row.by_name ?? '–' },
          { key: 'recorded_at', title: t.when, cell: (row) => formatInstant(row.recorded_at, locale) },
          { key: 'seq', title: '#', type: 'code', cell: (row) => <a href={`/e/${code}/log/${row.seq}`}>{row.seq}</a> },
        ]} />
        <Pager here={frame.here} next_cursor={next_cursor} shown={rows.length} />
      </>
    ),
  });
}
