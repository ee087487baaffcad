// The form of a draft resolution.
import { Button, ButtonRow, CheckField, DateField, FileField, Form, SelectField, TextArea, TextField } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { pick } from '../web/locale.ts';
import { Card } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import type { VoucherItem } from '../web/vouchers.tsx';
import { matterName } from './pages.tsx';
import { matters, type Law } from './resolution-queries.ts';
import { texts } from './texts.ts';

export interface FormShown {
  code: string;
  /** Null of a new one. */
  resolution: number | null;
  law: Law;
  today: string;
  form: { form_key: string; values: Record<string, string>; errors: Record<string, string>; kept: VoucherItem[] };
}

export function formPage(frame: Frame, { code, resolution, law, today, form }: FormShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const base = `/e/${code}/resolutions`;
  return page({
    ...frame, title: resolution === null ? t.form_title : t.edit, lede: t.form_lede, crumbs: [{ href: base, label: t.title }],
    body: (
      <Form action={resolution === null ? base : `${base}/${resolution}/edit`} multipart csrf={frame.session?.csrf} form_key={form.form_key} values={form.values} errors={form.errors}>
        <Card>
          <SelectField name="matter" label={t.matter} required options={matters.map((value) => ({
            value, label: `${matterName(value, locale)}（${law.special_matters.includes(value) ? t.special : t.ordinary}）`,
          }))} />
          <TextField name="title" label={t.field_title} hint={t.field_title_hint} required autocomplete="off" />
          <TextArea name="wording" label={t.field_wording} hint={t.field_wording_hint} required rows={8} />
          <FileField name="files" label={t.field_files} multiple kept={form.kept} />
          <input type="hidden" name="audience" value="owners" />
        </Card>
        <Card>
          <DateField name="starts_on" label={t.field_starts_on} min={today} required />
          <DateField name="ends_on" label={t.field_ends_on} hint={t.field_ends_hint} min={today} required />
          <TextField name="paper_days" label={t.field_paper_days} input_mode="numeric" short autocomplete="off" />
          <CheckField name="secret" label={t.field_secret} hint={t.field_secret_hint} />
          <CheckField name="stricter" label={t.field_strict} />
        </Card>
        <ButtonRow><Button>{t.save_draft}</Button></ButtonRow>
      </Form>
    ),
  });
}
