// Pages of auditors' access (who may look, who looked, the form of a grant), of inspections and of objections.
import { fill } from '../kernel/locale.ts';
import { auditKinds, auditKindTexts, scopeDays, scopeKinds, isAuditKind } from '../approval/audit-scope.ts';
import { kindName, titleIn } from '../approval/texts.ts';
import { bodyIn, ResolutionFields, type OfficeForm } from '../office/membership-pages.tsx';
import { Button, ButtonRow, CheckField, DateField, Form, TextField } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { csvTwin } from '../web/links.ts';
import { formatCount, formatDate, formatInstant, pick } from '../web/locale.ts';
import { ActionLink, Card, Chip, Columns, EmptyState, Notice } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { Filters, LedgerTable } from '../web/tables.tsx';
import type { AuditorRow, ReadRow } from './access-queries.ts';
import { stateTexts, texts } from './access-texts.ts';
import { MOST_DAYS } from './grant.ts';
import type { Inspection, Past } from './inspection-queries.ts';
import type { Invariant } from './invariants.ts';
import { objectionStates, type Objection, type ObjectionState } from './objection-queries.ts';

const hubOf = (code: string, label: string) => [{ href: `/e/${code}/oversight`, label }];
export const readKind = (kind: string, locale: 'zh' | 'en'): string => (kind === 'general' || isAuditKind(kind) ? auditKindTexts[kind][locale] : kind);

// ── Access ───────────────────────────────────────────────────────────────────────────────────────

export interface AccessShown { code: string; today: string; auditors: readonly AuditorRow[]; reads: readonly ReadRow[]; may_grant: boolean; may_end: boolean; may_log: boolean; from: string; to: string }

export function accessPage(frame: Frame, { code, today, auditors, reads, may_grant, may_end, may_log, from, to }: AccessShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const state = ({ starts_on, ends_on }: AuditorRow) => (ends_on < today ? <Chip tone="plain">{t.over}</Chip> : starts_on > today ? <Chip tone="amber">{t.coming}</Chip> : <Chip tone="ok">{t.in_force}</Chip>);
  return page({
    ...frame, title: t.access, lede: t.access_lede, crumbs: hubOf(code, t.hub),
    body: (
      <>
        {may_grant && <ButtonRow><ActionLink href={`/e/${code}/access/new`}>{t.grant}</ActionLink></ButtonRow>}
        <Card title={t.auditors}>
          <LedgerTable caption={t.auditors} caption_hidden rows={auditors} empty={<EmptyState title={t.no_auditors} />} columns={[
            { key: 'who', title: t.who, lead: true, cell: (row) => row.name ?? t.gone },
            { key: 'state', title: t.state, cell: state },
            { key: 'starts_on', title: t.from, type: 'date', cell: (row) => formatDate(row.starts_on, locale) },
            { key: 'ends_on', title: t.until, type: 'date', cell: (row) => formatDate(row.ends_on, locale) },
            { key: 'days', title: t.days, cell: (row) => scopeDays({ from: row.scope?.from_day ?? null, to: row.scope?.to_day ?? null })[locale] },
            { key: 'kinds', title: t.kinds, cell: (row) => (row.scope === null ? t.everything : scopeKinds(row.scope.kinds)[locale]) },
            { key: 'rests_on', title: t.rests_on, cell: (row) => (row.proposal_id === null ? t.first_term : (
              <>
                <a href={`/e/${code}/proposals/${row.proposal_id}`}>{fill(t.proposal, { proposal: row.proposal_id })}</a>
                {may_end && row.ends_on >= today && <> <a href={`/e/${code}/terms/${row.term_id}/end`}>{t.end}</a></>}
              </>
            )) },
          ]} />
        </Card>
        <Card title={t.reads}>
          <Filters action={`/e/${code}/access`} reset_href={from === '' && to === '' ? undefined : `/e/${code}/access`} fields={[
            { name: 'from', label: t.from, type: 'date', value: from }, { name: 'to', label: t.until, type: 'date', value: to },
          ]} />
          <LedgerTable caption={t.reads} caption_hidden csv={csvTwin(frame.here)} rows={reads} empty={<EmptyState title={t.no_reads} />} columns={[
            { key: 'day', title: t.day, type: 'date', lead: true, cell: (row) => formatDate(row.day, locale) },
            { key: 'who', title: t.who, cell: (row) => row.name ?? t.gone },
            { key: 'kinds', title: t.looked_at, cell: (row) => row.kinds.map(({ kind, seq }, place) => (
              <>{place === 0 ? '' : locale === 'zh' ? '；' : '; '}{may_log ? <a href={`/e/${code}/log/${seq}`}>{readKind(kind, locale)}</a> : readKind(kind, locale)}</>)) },
            { key: 'first_at', title: t.first_at, cell: (row) => formatInstant(row.first_at, locale) },
          ]} />
        </Card>
      </>
    ),
  });
}

export function grantPage(frame: Frame, { code, today, form }: { code: string; today: string; form: OfficeForm }): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  return page({
    ...frame, title: t.grant_title, lede: t.grant_lede, crumbs: [...hubOf(code, t.hub), { href: `/e/${code}/access`, label: t.access }],
    body: (
      <Form action={`/e/${code}/access/new`} multipart csrf={frame.session?.csrf} form_key={form.form_key} values={form.values} errors={form.errors}>
        <Columns>
          <div>
            <Card title={t.whom}>
              <TextField name="owner_login" label={t.owner_login} hint={t.owner_login_hint} autocomplete="off" />
              <TextField name="new_name" label={t.new_name} autocomplete="off" />
              <TextField name="new_login" label={t.new_login} hint={t.new_login_hint} autocomplete="off" />
            </Card>
            <Card title={t.term}>
              <DateField name="starts_on" label={t.starts_on} value={form.values['starts_on'] ?? today} required />
              <DateField name="ends_on" label={t.ends_on} hint={fill(t.ends_hint, { most: MOST_DAYS })} min={today} required />
            </Card>
            <Card title={t.scope}>
              <p class="hint">{t.scope_hint}</p>
              <DateField name="from" label={t.scope_from} max={today} />
              <DateField name="to" label={t.scope_to} />
              {form.errors['kinds'] !== undefined && <Notice tone="alarm">{form.errors['kinds']}</Notice>}
              {auditKinds.map((kind) => <CheckField name={`kind_${kind}`} label={auditKindTexts[kind][locale]} />)}
            </Card>
          </div>
          <ResolutionFields form={form} locale={locale} today={today} />
        </Columns>
        <ButtonRow><Button>{t.submit}</Button></ButtonRow>
      </Form>
    ),
  });
}

// ── Inspections ──────────────────────────────────────────────────────────────────────────────────

export interface InvariantsShown { code: string; invariants: readonly Invariant[]; last: Inspection | null; past: readonly Past[]; sql: boolean; estate_id: number }

export function invariantsPage(frame: Frame, { code, invariants, last, past, sql, estate_id }: InvariantsShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const failed = new Map((last?.findings ?? []).map((finding) => [finding.invariant, finding]));
  const sorted = [...invariants].sort((a, b) => Number(failed.has(b.name)) - Number(failed.has(a.name)));
  const names = new Map(invariants.map((one) => [one.name, one[locale]]));
  return page({
    ...frame, title: t.invariants, lede: fill(t.invariants_lede, { count: invariants.length }), crumbs: hubOf(code, t.hub),
    body: (
      <>
        {last === null ? <Notice tone="info">{t.never}</Notice> : (
          <Notice tone={last.failing === 0 ? 'ok' : 'alarm'} title={last.failing === 0 ? t.all_hold : fill(t.failed, { count: last.failing })}>
            {fill(t.last_text, { time: formatInstant(last.inspected_at, locale), all: last.invariants, size: formatCount(last.size) })}
          </Notice>
        )}
        <LedgerTable caption={t.invariants} caption_hidden csv={csvTwin(frame.here)} rows={sorted} rowId={(row) => row.name} rowState={(row) => (failed.has(row.name) ? 'alarm' : undefined)} columns={[
          { key: 'sentence', title: t.sentence, lead: true, cell: (row) => row[locale] },
          { key: 'result', title: t.result, cell: (row) => {
            const found = failed.get(row.name);
            if (found !== undefined) return <Chip tone="red">{fill(t.contradicted, { found: found.found, sample: found.sample })}</Chip>;
            return last === null ? <span class="hint">{t.not_asked}</span> : <Chip tone="ok">{t.holds}</Chip>;
          } },
          ...(sql ? [{ key: 'query', title: t.query, cell: (row: Invariant) => <details><summary class="tap">{row.name}</summary><pre>{row.sql.trim().replace(/^ {4}/gm, '')}</pre></details> }] : []),
        ]} />
        {sql && <p class="hint">{fill(t.query_hint, { estate: `$estate (${estate_id})` })}</p>}
        {past.length > 0 && (
          <Card title={t.history}>
            <LedgerTable caption={t.history} caption_hidden rows={past} columns={[
              { key: 'inspection_id', title: t.number, type: 'number', lead: true },
              { key: 'time', title: t.time, cell: (row) => formatInstant(row.inspected_at, locale) },
              { key: 'result', title: t.result, cell: (row) => (row.failing === 0 ? <Chip tone="ok">{t.all_hold}</Chip>
                : <><Chip tone="red">{fill(t.failed, { count: row.failing })}</Chip> {row.failed.map((name) => names.get(name) ?? name).join(' ')}</>) },
            ]} />
          </Card>
        )}
      </>
    ),
  });
}

// ── Objections ───────────────────────────────────────────────────────────────────────────────────

export interface ObjectionsShown { code: string; days: number; rows: readonly Objection[]; all: number; state: string; by: string; bodies: readonly { body: string; name_zh: string; name_en: string }[] }

const tones: Record<ObjectionState, 'ok' | 'amber' | 'red' | 'plain'> = { waiting: 'amber', late: 'red', answered: 'ok', answered_late: 'amber', moot: 'plain' };

export function objectionsPage(frame: Frame, { code, days, rows, all, state, by, bodies }: ObjectionsShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const titled = (row: Objection): string => `${fill(t.proposal, { proposal: row.proposal_id })} · ${kindName(row.kind, locale)} · ${titleIn({ kind: row.kind, title: row.title, title_en: null }, locale)}`;
  return page({
    ...frame, title: t.objections, lede: fill(t.objections_lede, { days }), crumbs: hubOf(code, t.hub),
    body: (
      <>
        <Filters action={`/e/${code}/objections`} reset_href={state === '' && by === '' ? undefined : `/e/${code}/objections`} fields={[
          { name: 'state', label: t.state, type: 'select', value: state, options: [{ value: '', label: t.any_state }, ...objectionStates.map((value) => ({ value, label: stateTexts[value][locale] }))] },
          { name: 'by', label: t.raised_by, type: 'select', value: by, options: [{ value: '', label: t.any_body }, { value: 'owner', label: t.owner_side },
            ...bodies.map((row) => ({ value: row.body, label: bodyIn(row, locale) }))] },
        ]} />
        <LedgerTable caption={t.objections} caption_hidden csv={csvTwin(frame.here)} rows={rows} empty={<EmptyState title={all === 0 ? t.none : t.none_such} />}
          rowState={(row) => (row.state === 'late' ? 'alarm' : row.state === 'moot' ? 'muted' : undefined)} columns={[
            { key: 'about', title: t.about, lead: true, cell: (row) => <a href={`/e/${code}/proposals/${row.proposal_id}#talk`}>{titled(row)}</a> },
            { key: 'state', title: t.state, cell: (row) => <Chip tone={tones[row.state]}>{stateTexts[row.state][locale]}</Chip> },
            { key: 'by', title: t.raised_by, cell: (row) => (row.body_zh === null ? t.an_owner : bodyIn({ name_zh: row.body_zh, name_en: row.body_en! }, locale)) },
            { key: 'objected_on', title: t.raised, type: 'date', cell: (row) => formatDate(row.objected_on, locale) },
            { key: 'due_on', title: t.due, type: 'date', cell: (row) => formatDate(row.due_on, locale) },
            { key: 'days', title: t.clock, type: 'number', cell: (row) => fill(t.waited, { days: row.days }) },
            { key: 'objection', title: t.objection, cell: (row) => row.objection ?? t.erased },
            { key: 'answer', title: t.answer, cell: (row) => (row.answer === null ? <span class="hint">{t.no_answer}</span>
              : <>{row.answer} <small class="hint">{fill(t.by, { body: bodyIn({ name_zh: row.answer_zh!, name_en: row.answer_en! }, locale), day: formatDate(row.answered_on!, locale) })}</small></>) },
          ]} />
      </>
    ),
  });
}
