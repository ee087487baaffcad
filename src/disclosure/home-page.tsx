// The estate's home page, phone first: balance, alarms, where the money went, what waits, disclosure.
import type { JSX } from 'preact';
import { HealthNotice } from '../approval/health-notice.tsx';
import type { Estate } from '../kernel/actor.ts';
import { AnnouncedNotice } from '../approval/talk.tsx';
import { fill, type Locale } from '../kernel/locale.ts';
import { money, moneyFigures, sum } from '../kernel/money.ts';
import { MonthsChart } from '../web/chart.tsx';
import type { Frame } from '../web/frame.ts';
import { formatDate, formatDay, formatInstant, formatPeriod, formatSize, pick } from '../web/locale.ts';
import { ActionLink, BalanceCard, Card, Chip, Columns, Notice, RowList, type Row } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { CheckpointLine } from '../witness/line.tsx';
import type { BankToday } from './home-bank.ts';
import type { HomeShown } from './home.ts';
import { texts } from './texts.ts';

type T = ReturnType<typeof pick<typeof texts>>;
interface Part { shown: HomeShown; estate: Estate; locale: Locale; t: T; base: string }

const named = (row: { name_zh: string; name_en: string }, locale: Locale): string => (locale === 'zh' ? row.name_zh : row.name_en);
const yuan = (amount: string): string => moneyFigures(money(amount));

/** Whether the bank agrees, in one line, with the way to the statement that shows why. */
function checkOf({ shown: { bank }, locale, t, base }: Part): { ok: boolean; text: JSX.Element } {
  const { state, as_of, accounts } = bank;
  const worst = accounts.find((row) => row.remaining !== null && !money(row.remaining).isZero()) ?? accounts.find((row) => row.open_lines > 0) ?? accounts[0];
  const shown = accounts.find((row) => row.by_line && (row === worst || state === 'agrees' || state === 'explained')) ?? (worst?.by_line === true ? worst : undefined);
  const total = (of: (row: BankToday) => string | null): string => moneyFigures(sum(accounts.map((row) => money(of(row) ?? '0.00'))));
  const text = fill(t[`bank_${state}`], {
    date: formatDay(worst !== undefined && state === 'differs' ? worst.as_of! : as_of ?? '1970-01-01', locale), difference: total((row) => row.difference),
    remaining: total((row) => row.remaining), items: accounts.reduce((n, row) => n + row.items, 0), lines: accounts.reduce((n, row) => n + row.open_lines, 0),
  });
  return {
    ok: state === 'agrees' || state === 'explained',
    text: shown === undefined ? <>{text}</>
      : <>{text} <a href={`${base}/bank/reconciliation/${shown.account}/${shown.as_of!.slice(0, 7)}`}>{t.see_reconciliation}</a></>,
  };
}

/** Each debit of the bank that nobody explains, for everybody to see, until somebody does. */
function Debits({ shown: { debits }, locale, t, base }: Part): JSX.Element {
  const action = { href: `${base}/exceptions`, label: t.look };
  const rest = debits.slice(MOST_DEBITS);
  return (
    <>
      {debits.slice(0, MOST_DEBITS).map((debit) => (
        <Notice tone="alarm" title={fill(t.alarm_debit, { amount: yuan(debit.amount) })} action={{ ...action, href: `${action.href}#${debit.row}` }}>
          {fill(debit.days === 0 ? t.alarm_debit_today : t.alarm_debit_text, {
            date: formatDate(debit.booked_on, locale), last4: debit.account_last4, amount: yuan(debit.amount), days: debit.days })}
        </Notice>
      ))}
      {rest.length > 0 && (
        <Notice tone="alarm" title={fill(t.alarm_debits_rest, { count: rest.length })} action={action}>
          {fill(t.alarm_debits_rest_text, { amount: moneyFigures(sum(rest.map(({ amount }) => money(amount)))) })}
        </Notice>
      )}
    </>
  );
}
const MOST_DEBITS = 5;

function Alarms({ shown, estate, locale, t, base }: Part): JSX.Element {
  const { bank, inquiries, disclosures } = shown;
  return (
    <>
      {bank.accounts.filter((row) => row.remaining !== null && !money(row.remaining).isZero()).map((row) => (
        <Notice tone="alarm" title={t.alarm_bank} action={{ href: row.by_line ? `${base}/bank/reconciliation/${row.account}/${row.as_of!.slice(0, 7)}` : `${base}/bank`, label: t.look }}>
          {fill(t.alarm_bank_text, {
            account: named(row, locale), last4: row.account_last4, date: formatDay(row.as_of!, locale),
            bank: yuan(row.bank_balance!), book: yuan(row.book_balance!), difference: yuan(row.remaining!),
          })}
        </Notice>
      ))}
      {disclosures.overdue > 0 && (
        <Notice tone="alarm" title={t.alarm_overdue} action={{ href: `${base}/disclosures`, label: t.look }}>
          {fill(t.alarm_overdue_text, { count: disclosures.overdue })}
        </Notice>
      )}
      {inquiries.late > 0 && (
        <Notice tone="alarm" title={t.alarm_late} action={{ href: `${base}/inquiries?state=late`, label: t.look }}>
          {fill(t.alarm_late_text, { count: inquiries.late, days: estate.answer_days })}
        </Notice>
      )}
    </>
  );
}

function Todo({ shown: { waiting }, t, base }: Part): JSX.Element | null {
  const rows = ([
    ['sign', t.todo_sign, '/queue'], ['pay', t.todo_pay, '/orders?state=approved'], ['answer', t.todo_answer, '/inquiries?state=waiting'],
  ] as const).flatMap(([name, label, path]): Row[] => {
    const count = waiting[name];
    return count === null || count === 0 ? [] : [{ label, value: <Chip tone="amber">{count}</Chip>, href: `${base}${path}` }];
  });
  if (Object.values(waiting).every((count) => count === null)) return null;
  return <Card title={t.todo}>{rows.length === 0 ? <p class="hint">{t.nothing_to_do}</p> : <RowList rows={rows} />}</Card>;
}

const TOP = 6;

function Spent({ shown, locale, t, base }: Part): JSX.Element {
  const { spending, spent_period, period } = shown;
  return (
    <Card title={spent_period === period ? t.spent : t.spent_last}>
      {spending.length === 0 ? <p class="hint">{t.nothing_spent}</p> : (
        <RowList
          rows={spending.slice(0, TOP).map((row) => ({
            label: named(row, locale), amount: row.amount, href: `${base}/journal?period=${spent_period}&account=${row.account}`,
          }))}
          more={spending.length > TOP
            ? { href: `${base}/accounts?period=${spent_period}`, label: fill(t.all_headings, { count: spending.length }) } : undefined} />
      )}
    </Card>
  );
}

function Latest({ shown, locale, t, base }: Part): JSX.Element {
  const [latest, ...earlier] = shown.disclosures.latest;
  if (latest === undefined) {
    const first = fill(t.no_disclosure, { date: formatDate(shown.first_due, locale) });
    return <Card title={t.disclosures}><p>{first}</p></Card>;
  }
  const address = `${base}/disclosures/${latest.period}`;
  const size = locale === 'zh' ? latest.pdf_zh_size : latest.pdf_en_size;
  return (
    <Card title={fill(t.latest_disclosure, { month: formatPeriod(latest.period, locale) })}>
      <p class="hint">
        {fill(t.published_on, { date: formatInstant(latest.published_at, locale) })}{' '}
        <Chip tone={latest.version > 1 ? 'amber' : latest.on_time ? 'ok' : 'red'}>
          {latest.version > 1 ? t.correction : latest.on_time ? t.on_time : t.late}
        </Chip>
      </p>
      <p><ActionLink href={`${address}.pdf?version=${latest.version}&lang=${locale}`} download>{fill(t.download_pdf, { size: formatSize(size) })}</ActionLink></p>
      <p><ActionLink kind="alt" href={address}>{t.open_twin}</ActionLink></p>
      <RowList rows={earlier.map((row) => ({
        label: fill(t.version_n, { n: row.version }), value: formatInstant(row.published_at, locale), href: `${address}?version=${row.version}`,
      }))} more={{ href: `${base}/disclosures`, label: t.all_disclosures }} />
    </Card>
  );
}

function Funds({ shown, locale, t, base }: Part): JSX.Element | null {
  if (shown.funds.length === 0) return null;
  return (
    <Card title={t.funds}>
      <RowList rows={shown.funds.map((fund) => ({
        label: named(fund, locale), amount: fund.closing, note: locale === 'zh' ? fund.purpose_zh : fund.purpose_en,
        href: `${base}/journal?period=${shown.period}&fund=${fund.fund}`,
      }))} />
    </Card>
  );
}

export function homePage(frame: Frame, estate: Estate, shown: HomeShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const part: Part = { shown, estate, locale, t, base: `/e/${estate.code}` };
  const body = (
    <Columns>
      <div>
        <BalanceCard label={t.balance_today} amount={shown.balance} check={checkOf(part)} figures={[
          { label: t.month_received, amount: shown.received, href: `${part.base}/journal?period=${shown.period}&kind=receipt` },
          { label: t.month_paid, amount: shown.paid, href: `${part.base}/journal?period=${shown.period}&kind=payment` },
        ]}>
          <MonthsChart months={shown.months} />
        </BalanceCard>
        <CheckpointLine state={shown.proof} code={estate.code} locale={locale} />
        {shown.health !== null && <HealthNotice health={shown.health} code={estate.code} />}
        <Debits {...part} />
        <Alarms {...part} />
        <AnnouncedNotice now={shown.announced} code={estate.code} locale={locale} />
        <Todo {...part} />
      </div>
      <div>
        <Spent {...part} />
        <Latest {...part} />
        <Funds {...part} />
      </div>
    </Columns>
  );
  // The estate's name stands at the top of every page; here it is the heading too, for those who cannot see.
  const title = frame.estate === undefined ? estate.name_zh : named(frame.estate, locale);
  return page({ ...frame, title, heading: false, body: <><h1 class="hidden">{title}</h1>{body}</> });
}
