// Export: months and a format, the audit packages with their progress, and one package by itself.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import type { Period } from '../kernel/dates.ts';
import { Form, SelectField } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { formatCount, formatInstant, formatPeriod, formatSize, pick } from '../web/locale.ts';
import { ActionLink, Card, Chip, DescriptionList, Notice } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { LedgerTable } from '../web/tables.tsx';
import type { JobShown } from './job.ts';
import type { Range } from './range.ts';
import type { FormatName } from './send.ts';
import { texts } from './texts.ts';

type T = ReturnType<typeof pick<typeof texts>>;
const buttons: readonly FormatName[] = ['xlsx', 'csv', 'hledger', 'beancount'];

export interface ExportShown {
  code: string;
  officer: boolean;
  /** Newest first. */
  months: readonly Period[];
  chosen: Range;
  jobs: readonly JobShown[];
  form_key: string;
  csrf: string | undefined;
  errors: Record<string, string>;
}

function Months({ months, chosen, id, t, locale }: { months: readonly Period[]; chosen: Range; id: string; t: T; locale: Locale }): JSX.Element {
  const options = months.map((value) => ({ value, label: formatPeriod(value, locale) }));
  return (
    <div class="months" id={id}>
      <SelectField name="from" label={t.from} value={chosen.from} options={options} empty={false} required />
      <SelectField name="to" label={t.to} value={chosen.to} options={options} empty={false} required />
    </div>
  );
}

const monthsText = ({ from, to }: Range, t: T, locale: Locale): string => (from === to ? formatPeriod(from, locale)
  : fill(t.months_range, { from: formatPeriod(from, locale), to: formatPeriod(to, locale) }));

function StateChip({ job, t }: { job: JobShown; t: T }): JSX.Element {
  if (job.state === 'done') return job.available ? <Chip tone="ok">{t.done}</Chip> : <Chip tone="plain">{t.dropped}</Chip>;
  if (job.state === 'failed') return <Chip tone="red">{t.failed}</Chip>;
  return <Chip tone="amber">{job.state === 'waiting' ? t.waiting : fill(t.running, { percent: job.percent })}</Chip>;
}

const fileHref = (code: string, id: number): string => `/e/${code}/export/packages/${id}/audit.zip`;

function Packages({ shown, t, locale }: { shown: ExportShown; t: T; locale: Locale }): JSX.Element {
  const { code, jobs, officer } = shown;
  if (jobs.length === 0) return <p class="hint">{t.none}</p>;
  return (
    <LedgerTable caption={t.made_list} caption_hidden rows={[...jobs]} columns={[
      { key: 'months', title: t.months, lead: true, cell: (job) => <a href={`/e/${code}/export/packages/${job.id}`}>{monthsText(job, t, locale)}</a> },
      ...(officer ? [{ key: 'for', title: t.for_whom, cell: (job: JobShown) => (job.audience === 'officers' ? t.for_officers : t.for_owners) }] : []),
      { key: 'state', title: t.state, cell: (job) => <StateChip job={job} t={t} /> },
      { key: 'made', title: t.made_at, type: 'date', cell: (job) => (job.made_at === null ? '' : formatInstant(job.made_at, locale)) },
      {
        key: 'file', title: t.file, cell: (job) => (job.available
          ? <a class="tap" href={fileHref(code, job.id)}>{t.download} ZIP {formatSize(job.size ?? 0)}</a>
          : job.state === 'done' || job.state === 'failed' ? '' : <a class="tap" href={`/e/${code}/export/packages/${job.id}`}>{t.see}</a>),
      },
    ]} />
  );
}

export function exportPage(frame: Frame, shown: ExportShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const { code, months, chosen, officer, form_key, csrf, errors } = shown;
  const body = (
    <>
      <Card title={t.journal}>
        <p>{t.journal_hint}</p>
        <form class="form" method="get" action={`/e/${code}/export/xlsx`} id="journal">
          <Months months={months} chosen={chosen} id="journal-months" t={t} locale={locale} />
          <div class="buttons">
            {buttons.map((format, index) => (
              <button type="submit" class={index === 0 ? 'btn' : 'btn alt'} formAction={`/e/${code}/export/${format}`}>
                {t[format]}
              </button>
            ))}
          </div>
        </form>
        <p class="hint">{t.formats_hint}</p>
      </Card>
      <Card title={t.packages}>
        <p>{officer ? t.packages_officers : t.packages_owners}</p>
        <Form id="package" action={`/e/${code}/export`} form_key={form_key} csrf={csrf} values={{ ...chosen }} errors={errors}>
          <Months months={months} chosen={chosen} id="package-months" t={t} locale={locale} />
          <div class="buttons"><button type="submit" class="btn">{t.make}</button></div>
        </Form>
        <Packages shown={shown} t={t} locale={locale} />
      </Card>
    </>
  );
  return page({ ...frame, title: t.export, lede: t.lede, body });
}

export function packagePage(frame: Frame, { code, job }: { code: string; job: JobShown }): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const open = job.state === 'waiting' || job.state === 'running';
  const step = `step_${job.state === 'waiting' ? 'waiting' : job.step}`;
  const body = (
    <>
      {open && (
        <Card title={t.progress}>
          <p><progress class="progress" max={100} value={job.percent} aria-label={t.progress}>{job.percent} %</progress> {job.percent} %</p>
          <p role="status">{Object.hasOwn(texts, step) ? t[step as keyof T] : t.step_log}</p>
          <p class="hint">{t.refreshes}</p>
        </Card>
      )}
      {job.state === 'failed' && <Notice tone="alarm" title={t.failed}>{t.failed_text}</Notice>}
      {job.state === 'done' && !job.available && <Notice tone="info" title={t.dropped}>{t.dropped_text}</Notice>}
      {job.available && (
        <Card title={t.ready} tone="ok">
          <p>{t.resume_hint}</p>
          <div class="buttons"><ActionLink href={fileHref(code, job.id)}>{t.download} ZIP {formatSize(job.size ?? 0)}</ActionLink></div>
        </Card>
      )}
      <Card>
        <DescriptionList items={[
          { term: t.months, value: monthsText(job, t, locale) },
          { term: t.for_whom, value: job.audience === 'officers' ? t.for_officers : t.for_owners },
          { term: t.state, value: <StateChip job={job} t={t} /> },
          { term: t.asked_at, value: formatInstant(job.asked_at, locale) },
          job.made_at !== null && { term: t.made_at, value: formatInstant(job.made_at, locale) },
          job.log_size !== null && { term: t.log_size, value: fill(t.log_size_value, { n: formatCount(job.log_size) }) },
          job.seq !== null && { term: t.seq, value: fill(t.seq_value, { n: formatCount(job.seq) }) },
          job.sha256 !== null && { term: t.sha256, value: <code class="hash">{job.sha256}</code> },
        ]} />
      </Card>
    </>
  );
  return page({ ...frame, title: fill(t.package_n, { n: job.id }), crumbs: [{ href: `/e/${code}/export`, label: t.back }], body });
}
