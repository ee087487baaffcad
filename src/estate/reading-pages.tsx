// Reading the meters of a building in one form: the last reading beside each field, all saved at once or nothing.
import { Button, ButtonRow, CheckField, DateField, Form, TextField } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { formatDate, pick } from '../web/locale.ts';
import { Card, EmptyState } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { Filters } from '../web/tables.tsx';
import type { MeterRow } from './place-queries.ts';
import { optionsOf, type FormShown } from './register-pages.tsx';
import { meterKinds } from './register-queries.ts';
import { meterKindTexts, texts } from './register-texts.ts';

export interface ReadingsShown {
  code: string;
  buildings: string[];
  /** '' of common parts. */
  building: string;
  kind: string;
  meters: MeterRow[];
  form: FormShown | null;
}

export function readingsPage(frame: Frame, { code, buildings, building, kind, meters, form }: ReadingsShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  return page({
    ...frame, title: t.readings, lede: t.readings_lede, crumbs: [{ href: `/e/${code}/register`, label: t.register }],
    body: (
      <>
        <Filters action={`/e/${code}/register/readings`} fields={[
          { name: 'building', label: t.building_field, type: 'select', value: building, options: [{ value: '', label: t.common_parts }, ...buildings.map((value) => ({ value, label: value }))] },
          { name: 'kind', label: t.meter_kind, type: 'select', value: kind, options: [{ value: '', label: t.all_buildings }, ...optionsOf(meterKindTexts, meterKinds, locale)] },
        ]} />
        {meters.length === 0 ? <Card><EmptyState title={t.readings_empty} /></Card> : (
          <Card>
            <Form action={`/e/${code}/register/readings?building=${encodeURIComponent(building)}&kind=${kind}`} id="readings-form" csrf={frame.session?.csrf} form_key={form?.form_key} values={form?.values} errors={form?.errors}>
              {form !== null && <DateField name="day" label={t.readings_day} required />}
              {meters.map((row) => (
                <div class="reading">
                  <div>
                    {row.unit === null ? t.common_parts : <a href={`/e/${code}/register/units/${row.unit}`}>{row.unit}</a>} {meterKindTexts[row.kind][locale]}
                    <div class="hint">{row.meter}{row.last_value !== null && ` · ${row.last_value} · ${formatDate(row.last_on!, locale)}`}</div>
                  </div>
                  {form === null ? <span /> : <TextField name={`value_${row.meter}`} label={t.value} input_mode="decimal" autocomplete="off" />}
                  {form === null ? <span /> : <div><CheckField name={`rolled_${row.meter}`} label={t.rolled} /><CheckField name={`estimated_${row.meter}`} label={t.estimated} /></div>}
                </div>
              ))}
              {form !== null && <ButtonRow><Button>{t.save}</Button></ButtonRow>}
            </Form>
          </Card>
        )}
      </>
    ),
  });
}
