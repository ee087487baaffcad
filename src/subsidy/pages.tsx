// Pages of subsidies for everybody: the schemes with how far they are, and one's own claims. Never another's dwelling.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { money, moneyFigures } from '../kernel/money.ts';
import { Button, ButtonRow, Form } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { formatDate, formatPeriod, pick } from '../web/locale.ts';
import { ActionLink, Card, Chip, DescriptionList, EmptyState, Notice, RowList, type Fact, type Tone } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { LedgerTable } from '../web/tables.tsx';
import type { Choice, ClaimRow, ClaimState, FundTold, Progress, Scheme } from './queries.ts';
import { texts } from './texts.ts';

export type T = ReturnType<typeof pick<typeof texts>>;
const figures = (amount: string): string => moneyFigures(money(amount));
const isZero = (amount: string): boolean => money(amount).isZero();
export const nameOf = (row: { name_zh: string; name_en: string }, locale: Locale): string => (locale === 'zh' ? row.name_zh : row.name_en);

const tones: Record<ClaimState, Tone> = { claimed: 'plain', asked: 'plain', sent: 'plain', passing: 'plain', passed: 'ok', reclaim: 'red', fallen: 'amber' };
export const ClaimChip = ({ state, t }: { state: ClaimState; t: T }): JSX.Element => <Chip tone={tones[state]}>{t[`claim_${state}`]}</Chip>;

/** What a scheme gives, for whom, how and until when. */
export function schemeFacts(row: Scheme, items: readonly Choice[], t: T, locale: Locale): Fact[] {
  const named = row.items.map((item) => items.find((choice) => choice.value === item)?.[locale] ?? item).join(locale === 'zh' ? '、' : ', ');
  return [
    { term: t.funder, value: row.funder },
    { term: t.what, value: row.percent === null ? fill(t.what_sum, { amount: figures(row.amount_each!) }) : fill(t.what_percent, { percent: row.percent.replace(/\.00$/, '') }) },
    { term: t.for_what, value: fill(t.for_what_text, { from: formatPeriod(row.first_period, locale), to: formatPeriod(row.last_period, locale), items: named }) },
    { term: t.cap, value: row.unit_cap === null ? t.no_cap : `${figures(row.unit_cap)}${locale === 'zh' ? ' 元' : ' yuan'}` },
    { term: t.claim_by, value: row.ended_on === null ? formatDate(row.last_day, locale) : fill(t.ended_on, { date: formatDate(row.ended_on, locale) }) },
    { term: t.payout, value: row.payout === 'credit' ? t.payout_credit : t.payout_pay },
  ];
}

/** Step by step, from the budget to what the dwellings have. */
export function ProgressRows({ row, t }: { row: Progress; t: T }): JSX.Element {
  const step = (label: string, amount: string, bills?: number, chip?: JSX.Element) => ({ label, amount, note: bills === undefined ? undefined : fill(t.bills_count, { count: bills }), chip });
  return (
    <RowList rows={[
      step(t.step_budget, row.budget), step(t.step_claimed, row.claimed, row.claims), step(t.step_left, row.left),
      ...(isZero(row.asking) ? [] : [step(t.step_asking, row.asking)]),
      step(t.step_sent, row.sent, row.sent_claims), step(t.step_arrived, row.arrived),
      ...(isZero(row.passing) ? [] : [step(t.step_passing, row.passing)]),
      step(t.step_passed, row.passed, row.passed_claims),
      ...(row.fallen_claims === 0 ? [] : [step(t.step_fallen, row.fallen, row.fallen_claims)]),
      ...(isZero(row.to_reclaim) ? [] : [step(t.step_reclaim, row.to_reclaim, undefined, <Chip tone="red">!</Chip>)]),
    ]} />
  );
}

export interface OwnOffer { scheme: number; name_zh: string; name_en: string; bills: number; amount: string }
export interface ListShown {
  code: string;
  schemes: Progress[];
  items: Choice[];
  fund: FundTold;
  /** Null for whoever lives nowhere here. */
  own: { offers: OwnOffer[]; claims: ClaimRow[]; several: boolean } | null;
  form_key: string;
  /** Why a claim was not taken. */
  refused: string | null;
  proposes: boolean;
}

function OwnCard({ shown, own, csrf, t, locale }: { shown: ListShown; own: NonNullable<ListShown['own']>; csrf: string | undefined; t: T; locale: Locale }): JSX.Element {
  return (
    <Card title={t.own} id="own">
      {shown.refused !== null && <Notice tone="amber">{shown.refused}</Notice>}
      {own.offers.map((offer) => (
        <Form action={`/e/${shown.code}/subsidies/${offer.scheme}/claims`} id={`claim-${offer.scheme}`} csrf={csrf} form_key={`${shown.form_key}-${offer.scheme}`}>
          <p>{fill(t.own_claim, { name: nameOf(offer, locale), count: offer.bills, amount: figures(offer.amount) })}</p>
          <input type="hidden" name="own" value="yes" />
          <ButtonRow><Button>{fill(t.claim_button, { amount: figures(offer.amount) })}</Button></ButtonRow>
        </Form>
      ))}
      {own.offers.length === 0 && <p class="hint">{t.own_none}</p>}
      {own.claims.length > 0 && (
        <LedgerTable caption={t.own_claims} rows={own.claims} columns={[
          { key: 'period', title: t.bill, lead: true, cell: (row) => `${formatPeriod(row.period, locale)} ${nameOf(row, locale)}` },
          ...(own.several ? [{ key: 'unit', title: t.unit }] : []),
          { key: 'paid', title: t.paid, type: 'money' as const }, { key: 'amount', title: t.subsidy, type: 'money' as const },
          { key: 'state', title: t.state, cell: (row) => <ClaimChip state={row.state} t={t} /> },
        ]} />
      )}
    </Card>
  );
}

/** What the books and the schemes do not agree on. */
function FundCard({ fund, t }: { fund: FundTold; t: T }): JSX.Element {
  const [unlinked, beside] = [money(fund.unlinked), money(fund.beside)];
  const size = (amount: string): string => figures(amount).replace(/^[-−]/u, '');
  return (
    <Card>
      <DescriptionList items={[{ term: t.fund, value: figures(fund.balance) }]} />
      {!unlinked.isZero() && <p class="hint">{fill(unlinked.isNegative() ? t.unlinked_less : t.unlinked, { amount: size(fund.unlinked) })} {t.back_to_funder}</p>}
      {!beside.isZero() && <Notice tone="amber">{fill(beside.isNegative() ? t.beside_less : t.beside, { amount: size(fund.beside) })}</Notice>}
    </Card>
  );
}

export function listPage(frame: Frame, shown: ListShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const { code, schemes, fund } = shown;
  return page({
    ...frame, title: t.title, lede: t.lede,
    body: (
      <>
        {shown.proposes && <div class="actions"><ActionLink href={`/e/${code}/subsidies/new`}>{t.new_scheme}</ActionLink></div>}
        {shown.own !== null && schemes.length > 0 && <OwnCard shown={shown} own={shown.own} csrf={frame.session?.csrf} t={t} locale={locale} />}
        {schemes.map((row) => (
          <Card id={`scheme-${row.scheme}`} title={<><a href={`/e/${code}/subsidies/${row.scheme}`}>{nameOf(row, locale)}</a>{' '}
            <Chip tone={row.state === 'open' ? 'ok' : 'plain'}>{row.state === 'open' ? t.state_open : t.state_over}</Chip></>}>
            <DescriptionList items={schemeFacts(row, shown.items, t, locale)} />
            <ProgressRows row={row} t={t} />
          </Card>
        ))}
        {schemes.length === 0 && <EmptyState title={t.none} text={shown.proposes ? t.none_hint : undefined} />}
        {schemes.length > 0 && <FundCard fund={fund} t={t} />}
      </>
    ),
  });
}
