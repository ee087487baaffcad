// The page of money in transit: how much, of which channel, since when; what arrived, what a channel keeps, and files to take in.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { money, moneyFigures } from '../kernel/money.ts';
import { stateName } from '../approval/texts.ts';
import { AmountField, Button, ButtonRow, DateField, FileField, Form, HiddenToken, SelectField, type Option } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { csvTwin } from '../web/links.ts';
import { formatDate, pick } from '../web/locale.ts';
import { Card, Chip, Columns, EmptyState, Figures, Notice, RowList } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { LedgerTable } from '../web/tables.tsx';
import type { VoucherItem } from '../web/vouchers.tsx';
import { channels } from './channel-file.ts';
import type { DraftListed } from './channel-draft.ts';
import { LATE_DAYS, transitChannels, type ChannelOpen, type SettlementShown, type TransitMove } from './channel-queries.ts';
import { channelNames } from './channel-transit.ts';
import { texts } from './channel-texts.ts';

type T = ReturnType<typeof pick<typeof texts>>;
export type FormId = 'arrive' | 'fee' | 'file' | 'name' | 'settlement';
export interface ChannelForm { id: FormId | null; form_key: string; values: Readonly<Record<string, string>>; errors: Readonly<Record<string, string>>; kept: VoucherItem[] }

export interface TransitShown {
  code: string;
  total: string;
  late: string;
  channels: ChannelOpen[];
  funds: Readonly<Record<string, { zh: string; en: string }>>;
  unnamed: TransitMove[];
  settlements: SettlementShown[];
  drafts: DraftListed[];
  bank_accounts: Option[];
  today: string;
  /** Null for whoever books nothing. */
  form: ChannelForm | null;
  may_propose: boolean;
}

const channelOptions = (locale: Locale, of: readonly (keyof typeof channelNames)[]): Option[] => of.map((value) => ({ value, label: channelNames[value][locale] }));
const stateOf = (form: ChannelForm, id: FormId) => (form.id === id ? { values: form.values, errors: form.errors } : { values: {}, errors: {} });

function ArriveForm({ shown, one, form, csrf, t, locale }: { shown: TransitShown; one: ChannelOpen; form: ChannelForm; csrf: string | undefined; t: T; locale: Locale }): JSX.Element {
  const mine = form.id === 'arrive' && form.values['channel'] === one.channel;
  const open = one.by_fund.filter((row) => money(row.open).greaterThan(0));
  return (
    <Form action={`/e/${shown.code}/transit/arrivals`} id={`arrive-${one.channel}`} csrf={csrf} form_key={`${form.form_key}-${one.channel}`}
      values={mine ? form.values : { arrived_on: shown.today }} errors={mine ? form.errors : {}}>
      <HiddenToken name="channel" value={one.channel} />
      {open.map((row) => <AmountField name={`amount_${row.fund}`} label={fill(t.amount_in, { fund: shown.funds[row.fund]?.[locale] ?? row.fund, open: moneyFigures(money(row.open)) })} hint="" />)}
      <DateField name="arrived_on" label={t.arrived_on} max={shown.today} required />
      {shown.bank_accounts.length > 1 && <SelectField name="bank_account" label={t.bank_account} options={shown.bank_accounts} empty={false} />}
      <ButtonRow><Button kind="alt">{t.book}</Button></ButtonRow>
    </Form>
  );
}

function ArriveCard({ shown, form, csrf, t, locale }: { shown: TransitShown; form: ChannelForm; csrf: string | undefined; t: T; locale: Locale }): JSX.Element {
  const open = shown.channels.filter((one) => one.channel !== 'other' && one.by_fund.some((row) => money(row.open).greaterThan(0)));
  return (
    <Card title={t.arrive} id="arrive">
      <p class="hint">{open.length === 0 ? t.arrive_none : t.arrive_hint}</p>
      {open.map((one) => (
        <details open={open.length === 1 || (form.id === 'arrive' && form.values['channel'] === one.channel)}>
          <summary class="tap">{channelNames[one.channel][locale]} · {moneyFigures(money(one.open))}</summary>
          {one.channel !== 'cash' && <p class="hint">{t.arrive_fee_hint}</p>}
          <ArriveForm shown={shown} one={one} form={form} csrf={csrf} t={t} locale={locale} />
        </details>
      ))}
    </Card>
  );
}

function FileCard({ shown, form, csrf, t, locale }: { shown: TransitShown; form: ChannelForm; csrf: string | undefined; t: T; locale: Locale }): JSX.Element {
  return (
    <Card title={t.upload} id="file">
      <p class="hint">{t.upload_hint}</p>
      <Form action={`/e/${shown.code}/transit/files`} id="file-form" multipart csrf={csrf} {...stateOf(form, 'file')}>
        <FileField name="file" label={t.file} hint={t.file_hint} accept=".csv,.txt,.xls,.xlsx" required />
        <SelectField name="channel" label={t.file_channel} options={channelOptions(locale, ['pos', ...channels.filter((one) => one !== 'pos')])} empty={false} />
        <ButtonRow><Button>{t.look}</Button></ButtonRow>
      </Form>
      {shown.drafts.length > 0 && <h3>{t.waiting}</h3>}
      {shown.drafts.length > 0 && <RowList rows={shown.drafts.map((one) => ({ label: `${channelNames[one.channel][locale]} · ${one.file_name}`, href: `/e/${shown.code}/transit/files/${one.draft_id}` }))} />}
    </Card>
  );
}

function FeeCard({ shown, form, csrf, t, locale }: { shown: TransitShown; form: ChannelForm; csrf: string | undefined; t: T; locale: Locale }): JSX.Element {
  const mine = stateOf(form, 'fee');
  return (
    <details open={form.id === 'fee'}>
      <summary class="tap">{t.fee_by_hand}</summary>
      <Card>
        <p class="hint">{t.fee_by_hand_hint}</p>
        <Form action={`/e/${shown.code}/transit/fees`} id="fee-form" multipart csrf={csrf} form_key={`${form.form_key}-fee`} {...mine}>
          <SelectField name="channel" label={t.channel} options={channelOptions(locale, transitChannels.filter((one) => one !== 'cash'))} required />
          <AmountField name="amount" label={t.fee_amount} required />
          <FileField name="vouchers" label={t.vouchers} kept={form.kept} multiple />
          <ButtonRow><Button kind="alt">{t.submit}</Button></ButtonRow>
        </Form>
      </Card>
    </details>
  );
}

function SettlementsTable({ shown, form, csrf, t, locale }: { shown: TransitShown; form: ChannelForm | null; csrf: string | undefined; t: T; locale: Locale }): JSX.Element {
  const { code, settlements, may_propose } = shown;
  const fee = (row: SettlementShown): JSX.Element | string => {
    if (row.fee === '0.00') return t.fee_none;
    if (row.fee_proposal !== null) return <a href={`/e/${code}/proposals/${row.fee_proposal}`}>{stateName(row.fee_state ?? '', locale)}</a>;
    if (!may_propose || form === null) return '';
    return (
      <Form action={`/e/${code}/transit/fees`} id={`fee-${row.seq}`} csrf={csrf} form_key={`${form.form_key}-${row.seq}`}>
        <HiddenToken name="settlement" value={String(row.seq)} />
        <Button kind="alt">{t.fee_propose}</Button>
      </Form>
    );
  };
  return (
    <LedgerTable caption={t.settlements} rows={settlements} empty={<EmptyState title={t.settlements_none} />} rowId={(row) => `settlement-${row.seq}`} columns={[
      { key: 'first_on', title: t.days, lead: true, cell: (row) => (row.first_on === row.last_on ? formatDate(row.first_on, locale) : fill(t.from_to, { from: formatDate(row.first_on, locale), to: formatDate(row.last_on, locale) })) },
      { key: 'channel', title: t.channel, cell: (row) => channelNames[row.channel][locale] }, { key: 'lines', title: t.count, type: 'number' },
      { key: 'gross', title: t.gross, type: 'money' }, { key: 'fee', title: t.fee, type: 'money' }, { key: 'net', title: t.net, type: 'money' }, { key: 'fee_state', title: t.fee_state, cell: fee },
    ]} />
  );
}

function UnnamedCard({ shown, form, csrf, t, locale }: { shown: TransitShown; form: ChannelForm | null; csrf: string | undefined; t: T; locale: Locale }): JSX.Element | null {
  if (shown.unnamed.length === 0) return null;
  return (
    <Card title={t.unnamed_title} id="unnamed" tone="amber">
      <p>{t.unnamed_text}</p>
      {shown.unnamed.slice(0, 20).map((move) => (
        <div>
          <p><a href={`/e/${shown.code}/journal/${move.seq}`}>{move.number}</a> · {formatDate(move.entry_date, locale)} · {move.description} · {moneyFigures(money(move.amount))}</p>
          {form !== null && (
            <Form action={`/e/${shown.code}/transit/${move.seq}/channel`} id={`name-${move.seq}`} csrf={csrf} {...(form.values['seq'] === String(move.seq) ? stateOf(form, 'name') : {})}>
              <SelectField name="channel" label={t.channel} options={channelOptions(locale, transitChannels)} required />
              <ButtonRow><Button kind="alt">{t.name_it}</Button></ButtonRow>
            </Form>
          )}
        </div>
      ))}
    </Card>
  );
}

export function transitPage(frame: Frame, shown: TransitShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const csrf = frame.session?.csrf;
  const { form, total, late } = shown;
  const days = shown.channels.flatMap((one) => one.days.map((day) => ({ ...day, channel: one.channel })));
  const card = { shown, csrf, t, locale };
  return page({
    ...frame, title: t.transit, lede: t.lede,
    body: (
      <>
        {late !== '0.00' && <Notice tone="alarm" title={fill(t.late_title, { amount: moneyFigures(money(late)), days: LATE_DAYS })}>{t.late_text}</Notice>}
        {form?.id === 'settlement' && Object.values(form.errors).map((reason) => <Notice tone="alarm">{reason}</Notice>)}
        <Card><Figures items={[{ label: t.total, amount: total }, ...(late === '0.00' ? [] : [{ label: fill(t.late, { days: LATE_DAYS }), amount: late }]),
          ...shown.channels.map((one) => ({ label: channelNames[one.channel][locale], amount: one.open }))]} /></Card>
        {days.length === 0 ? <EmptyState title={t.none} /> : (
          <LedgerTable caption={t.by_day} csv={csvTwin(frame.here)} rows={days} rowState={(row) => (row.late ? 'alarm' : undefined)} columns={[
            { key: 'day', title: t.day, lead: true, cell: (row) => formatDate(row.day, locale) }, { key: 'channel', title: t.channel, cell: (row) => channelNames[row.channel][locale] },
            { key: 'open', title: t.open, type: 'money' },
            { key: 'age', title: t.age, cell: (row) => <>{fill(t.days_ago, { days: row.age })} {row.late && <Chip tone="red">{t.too_late}</Chip>}</> },
          ]} />
        )}
        <UnnamedCard {...card} form={form} />
        {form !== null && <Columns><FileCard {...card} form={form} /><ArriveCard {...card} form={form} /></Columns>}
        <SettlementsTable {...card} form={form} />
        {form !== null && shown.may_propose && <FeeCard {...card} form={form} />}
      </>
    ),
  });
}
