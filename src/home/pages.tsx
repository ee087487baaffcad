// My home (我家): large figures first, the longer the page the finer the detail. And the office's list of requests for correction.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { money, moneyFigures, negated, sum } from '../kernel/money.ts';
import { Button, ButtonRow, CheckField, Form, HiddenToken, RadioField, SelectField, TextArea } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { formatDate, formatDay, formatPeriod, pick } from '../web/locale.ts';
import { ActionLink, BalanceCard, Card, Chip, Columns, DescriptionList, EmptyState, Notice, RowList } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { LedgerTable } from '../web/tables.tsx';
import { ClaimChip, type OwnOffer } from '../subsidy/pages.tsx';
import { texts as subsidyTexts } from '../subsidy/texts.ts';
import type { ClaimRow } from '../subsidy/queries.ts';
import { abouts, type About, type CorrectionRow } from './correction.ts';
import type { NoticeChoice } from '../kernel/notice-choice.ts';
import type { Hundred } from './hundred.ts';
import type { Held, HomeBill, HomeReceipt, HomeSpace, HomeUnit } from './queries.ts';
import { texts } from './texts.ts';

type T = ReturnType<typeof pick<typeof texts>>;

export interface HomeForm { id: 'correction' | null; form_key: string; values: Record<string, string>; errors: Record<string, string> }
export interface HomeShown {
  code: string;
  today: string;
  answer_days: number;
  /** All dwellings of whoever looks. */
  units: readonly string[];
  home: HomeUnit;
  bills: HomeBill[];
  receipts: HomeReceipt[];
  paid_year: string;
  held: Held;
  spaces: HomeSpace[];
  total_area: string;
  month: { period: string; hundred: Hundred | null };
  year: { year: string; hundred: Hundred | null };
  subsidies: { offers: OwnOffer[]; claims: ClaimRow[] };
  corrections: CorrectionRow[];
  choice: NoticeChoice;
  form: HomeForm;
  mail: boolean;
}
interface Part { shown: HomeShown; locale: Locale; t: T; base: string; csrf: string | undefined }

const named = (row: { name_zh: string; name_en: string }, locale: Locale): string => (locale === 'zh' ? row.name_zh : row.name_en);

function Owing({ shown, locale, t, base }: Part): JSX.Element {
  const { bills, today, home, held, paid_year, year } = shown;
  const open = sum(bills.map((bill) => money(bill.open)));
  const late = sum(bills.filter((bill) => bill.due_on < today).map((bill) => money(bill.open)));
  const advance = money(held.advance);
  return (
    <BalanceCard label={t.owes} amount={open} check={open.isZero() ? { ok: true, text: t.owes_nothing } : undefined} figures={[
      { label: fill(t.paid_year, { year: year.year }), amount: paid_year, href: '#receipts' },
      { label: t.advance, amount: held.advance },
      { label: t.deposits, amount: held.deposits },
    ]}>
      {!open.isZero() && <p><ActionLink href={`${base}/pay/${home.unit}`}>{t.pay}</ActionLink></p>}
      {!late.isZero() && <Notice tone="amber">{fill(t.overdue, { amount: moneyFigures(late) })}</Notice>}
      {advance.isNegative() && <Notice tone="alarm">{fill(t.advance_short, { amount: moneyFigures(negated(advance)) })}</Notice>}
      <RowList rows={bills.slice(0, 12).map((bill) => ({
        label: `${formatPeriod(bill.period, locale)} ${billName(bill, t, locale)}`, amount: bill.open,
        note: fill(bill.due_on < today ? t.was_due : t.due, { day: formatDate(bill.due_on, locale) }),
        chip: bill.due_on < today ? <Chip tone="amber">{fill(t.was_due, { day: formatDay(bill.due_on, locale) })}</Chip> : undefined,
        href: `${base}/bills/${home.unit}/${bill.bill_id}`,
      }))} more={{ href: `${base}/bills/${home.unit}`, label: t.all_bills }} />
    </BalanceCard>
  );
}

const billName = ({ item, name_zh, name_en }: HomeBill, t: T, locale: Locale): string =>
  (item === 'late_fee' ? t.late_fee : (locale === 'zh' ? name_zh : name_en) ?? (item === 'property_fee' ? t.property_fee : item));

function Receipts({ shown: { receipts, home }, locale, t, base }: Part): JSX.Element {
  return (
    <Card title={t.receipts} id="receipts">
      {receipts.length === 0 ? <p class="hint">{t.no_receipts}</p> : (
        <RowList rows={receipts.map((receipt) => ({
          label: formatDate(receipt.entry_date, locale), amount: receipt.amount, note: fill(t.receipt_no, { number: String(receipt.number).padStart(6, '0') }),
          chip: receipt.void ? <Chip tone="red">{t.void}</Chip> : undefined, href: `${base}/receipts/${receipt.number}`,
        }))} more={{ href: `${base}/bills/${home.unit}/account`, label: t.account }} />
      )}
    </Card>
  );
}

function Subsidies({ shown: { subsidies }, locale, t, base }: Part): JSX.Element | null {
  const { offers, claims } = subsidies;
  if (offers.length === 0 && claims.length === 0) return null;
  return (
    <Card title={t.subsidies} id="subsidies">
      {offers.map((offer) => (
        <Notice tone="info" action={{ href: `${base}/subsidies/${offer.scheme}`, label: t.claim }}>
          {fill(t.claimable, { scheme: named(offer, locale), bills: offer.bills, amount: moneyFigures(money(offer.amount)) })}
        </Notice>
      ))}
      <RowList rows={claims.slice(0, 8).map((claim) => ({
        label: `${formatPeriod(claim.period, locale)} ${named(claim, locale)}`, amount: claim.amount, chip: <ClaimChip state={claim.state} t={pick(subsidyTexts, locale)} />,
        href: `${base}/subsidies/${claim.scheme}`,
      }))} more={{ href: `${base}/subsidies`, label: t.subsidies_look }} />
    </Card>
  );
}

/** Each part as long as it is large, in the order of the table below it. */
function HundredPicture({ hundred, t, locale }: { hundred: Hundred; t: T; locale: Locale }): JSX.Element {
  const parts = [...hundred.shares.map((share) => ({ name: named(share, locale), of: share.of_hundred })),
    ...(hundred.kept === null ? [] : [{ name: t.kept, of: hundred.kept.of_hundred }])];
  let x = 0;
  return (
    <svg class="hundred" viewBox="0 0 100 8" width="100%" role="img" aria-label={`${t.picture}: ${parts.map(({ name, of }) => `${name} ${of}`).join(', ')}`} preserveAspectRatio="none">
      {parts.map(({ name, of }, at) => {
        const width = Number(of);
        const from = x;
        x += width;
        const kept = hundred.kept !== null && at === parts.length - 1;
        return <rect class={kept ? 'hundred-kept' : 'hundred-part'} x={from} y="0" width={Math.max(0, width - 0.3)} height="8" fill-opacity={kept ? 1 : Math.max(0.35, 1 - at * 0.09)}><title>{`${name} ${of}`}</title></rect>;
      })}
    </svg>
  );
}

function HundredTable({ title, hundred, from, to, part }: { title: string; hundred: Hundred | null; from: string; to: string; part: Part }): JSX.Element {
  const { shown: { home, total_area }, locale, t, base } = part;
  if (hundred === null) return <section><h3>{title}</h3><p class="hint">{t.nothing_spent}</p></section>;
  const { shares, kept } = hundred;
  const rows = [...shares.map((share) => ({
    key: share.account, name: <a href={`${base}/journal?account=${share.account}&fund=service&${from === to ? `period=${to}` : `from=${from}&to=${to}`}`}>{named(share, locale)}</a>,
    of_hundred: share.of_hundred, amount: share.amount, of_unit: share.of_unit,
  })), ...(kept === null ? [] : [{ key: 'kept', name: <>{t.kept}</>, of_hundred: kept.of_hundred, amount: kept.amount, of_unit: '' }])];
  return (
    <section>
      <h3>{title}</h3>
      <HundredPicture hundred={hundred} t={t} locale={locale} />
      <LedgerTable caption={`${t.hundred} · ${title}`} caption_hidden rows={rows} columns={[
        { key: 'name', title: t.heading, lead: true, cell: (row) => row.name },
        { key: 'of_hundred', title: t.of_hundred, type: 'money' }, { key: 'amount', title: t.estate_spent, type: 'money' },
        { key: 'of_unit', title: t.of_unit, type: 'money', cell: (row) => (row.of_unit === '' ? '–' : moneyFigures(money(row.of_unit))) },
      ]} />
      {hundred.beyond !== null && <p class="hint">{fill(t.beyond, { amount: moneyFigures(money(hundred.beyond)) })}</p>}
      <p class="hint">{fill(t.unit_share, { area: home.area_m2, total: total_area, amount: moneyFigures(money(hundred.unit_total)) })}</p>
    </section>
  );
}

function WhereItWent(part: Part): JSX.Element {
  const { shown: { month, year }, locale, t } = part;
  return (
    <Card title={t.hundred} id="hundred">
      <p class="hint">{t.hundred_lede}</p>
      <HundredTable title={formatPeriod(month.period, locale)} hundred={month.hundred} from={month.period} to={month.period} part={part} />
      <HundredTable title={fill(t.this_year, { year: year.year })} hundred={year.hundred} from={`${year.year}-01`} to={`${year.year}-12`} part={part} />
    </Card>
  );
}

const kindText = (t: T, kind: string): string => ({ dwelling: t.kind_dwelling, shop: t.kind_shop, office: t.kind_office, storage: t.kind_storage }[kind] ?? t.kind_other);
const aboutText = (t: T, about: About): string => t[`about_${about}`];

function outcomeChip(row: CorrectionRow, today: string, t: T, locale: Locale): JSX.Element {
  if (row.outcome === 'done') return <Chip tone="ok">{t.done}</Chip>;
  if (row.outcome === 'refused') return <Chip>{t.refused}</Chip>;
  return row.due_on < today ? <Chip tone="red">{fill(t.late, { day: formatDay(row.due_on, locale) })}</Chip> : <Chip tone="amber">{fill(t.waiting, { day: formatDay(row.due_on, locale) })}</Chip>;
}

function Corrections({ shown, locale, t, base, csrf }: Part): JSX.Element {
  const { form, home, corrections, answer_days, today } = shown;
  return (
    <Card title={t.corrections} id="corrections">
      <p class="hint">{fill(t.corrections_lede, { days: answer_days })}</p>
      {corrections.length > 0 && <RowList rows={corrections.map((row) => ({
        label: `${aboutText(t, row.about as About)}：${row.request}`, chip: outcomeChip(row, today, t, locale), note: row.answer === null ? undefined : `${t.answer}：${row.answer}`,
      }))} />}
      <Form action={`${base}/home/corrections`} id="correction-form" csrf={csrf} form_key={form.form_key} values={form.values} errors={form.errors}>
        <HiddenToken name="unit" value={home.unit} />
        <SelectField name="about" label={t.about} options={abouts.map((about) => ({ value: about, label: aboutText(t, about) }))} required />
        <TextArea name="request" label={t.request} hint={t.request_hint} rows={3} required />
        <ButtonRow><Button kind="alt">{t.ask}</Button></ButtonRow>
      </Form>
    </Card>
  );
}

function Choices({ shown, t, base, csrf }: Part): JSX.Element {
  const { choice, mail } = shown;
  return (
    <Card title={t.choices} id="choices">
      <Form action={`${base}/home/notices`} id="choice-form" csrf={csrf} values={{ bills: choice.bills ? 'yes' : '', mail: choice.mail ? 'yes' : '' }}>
        <CheckField name="bills" label={t.choice_bills} value="yes" />
        {mail && <CheckField name="mail" label={t.choice_mail} value="yes" />}
        <ButtonRow><Button kind="alt">{t.save}</Button></ButtonRow>
      </Form>
      <RowList rows={[
        ...(mail ? [{ label: t.email, href: `${base}/notices` }] : []),
        { label: t.download, href: '/me/data.json' }, { label: t.leave, href: '/me/leave' },
      ]} />
    </Card>
  );
}

export function homePage(frame: Frame, shown: HomeShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const { home, units, spaces, code } = shown;
  const part: Part = { shown, locale, t, base: `/e/${code}`, csrf: frame.session?.csrf };
  const also = units.filter((unit) => unit !== home.unit);
  return page({
    ...frame, title: `${t.title} ${home.unit}`, lede: t.lede,
    body: (
      <>
        {also.length > 0 && <p>{t.unit_switch}：{also.map((unit) => <><a href={`${part.base}/home?unit=${unit}`}>{unit}</a> </>)}</p>}
        <Columns>
          <div>
            <Owing {...part} />
            <Receipts {...part} />
            <Subsidies {...part} />
            <Card title={t.dwelling}>
              <DescriptionList items={[
                { term: t.area, value: `${home.area_m2} m²` }, { term: t.kind, value: kindText(t, home.kind) },
                ...(spaces.length === 0 ? [] : [{ term: t.spaces, value: spaces.map((space) => space.space).join('、') }]),
              ]} />
            </Card>
          </div>
          <div>
            <WhereItWent {...part} />
            <Corrections {...part} />
            <Choices {...part} />
          </div>
        </Columns>
      </>
    ),
  });
}

/** For whoever lives nowhere here. */
export function noHomePage(frame: Frame): string {
  const t = pick(texts, frame.locale);
  return page({ ...frame, title: t.title, body: <EmptyState title={t.none} text={t.none_hint} action={{ href: '/join', label: t.join }} /> });
}

export interface CorrectionsShown { code: string; today: string; items: CorrectionRow[]; may_answer: boolean; form: { id: number | null; values: Record<string, string>; errors: Record<string, string> } }

export function correctionsPage(frame: Frame, { code, today, items, may_answer, form }: CorrectionsShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  return page({
    ...frame, title: t.desk_title, lede: t.desk_lede,
    body: (
      <>
        {items.length === 0 && <EmptyState title={t.no_corrections} />}
        {items.map((row) => (
          <Card title={`${row.unit} · ${aboutText(t, row.about as About)}`} id={`correction-${row.request_id}`}>
            <p>{outcomeChip(row, today, t, locale)}</p>
            <p>{row.request}</p>
            {row.answer !== null && <p class="hint">{t.answer}：{row.answer}</p>}
            {row.outcome === null && may_answer && (
              <Form action={`/e/${code}/corrections/${row.request_id}`} id={`answer-${row.request_id}`} csrf={frame.session?.csrf}
                values={form.id === row.request_id ? form.values : {}} errors={form.id === row.request_id ? form.errors : {}}>
                <RadioField name="outcome" label={t.outcome} options={[{ value: 'done', label: t.done }, { value: 'refused', label: t.refused }]} required />
                <TextArea name="answer" label={t.answer} rows={2} required />
                <ButtonRow><Button>{t.send_answer}</Button></ButtonRow>
              </Form>
            )}
          </Card>
        ))}
      </>
    ),
  });
}

export function stopPage(frame: Frame, { action, stopped }: { action: string; stopped: boolean }): string {
  const t = pick(texts, frame.locale);
  return page({
    ...frame, title: t.stop_title, lede: stopped ? t.stopped_lede : t.stop_lede,
    body: stopped ? <></> : <Form action={action} id="stop-form" csrf={frame.session?.csrf}><ButtonRow><Button>{t.stop}</Button></ButtonRow></Form>,
  });
}
