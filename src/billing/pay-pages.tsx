// The page on which somebody pays: large type, one thing after the other, every line to be copied with one tap. Made to be read by a
// retiree on a phone, or printed by the office.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { money, moneyFigures } from '../kernel/money.ts';
import { qrPath } from '../people/qr.ts';
import { Amount } from '../web/amount.tsx';
import type { Frame } from '../web/frame.ts';
import { formatDate, formatPeriod, pick } from '../web/locale.ts';
import { Card, Columns, DescriptionList, Notice, RowList } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { LedgerTable } from '../web/tables.tsx';
import type { Owed, PayAccount } from './pay-queries.ts';
import { texts } from './pay-texts.ts';

type T = ReturnType<typeof pick<typeof texts>>;
/** Pixels of one module: 61 modules fit a phone. */
const MODULE = 4;

export interface PayShown {
  code: string;
  unit: string;
  owed: Owed;
  accounts: PayAccount[];
  reference: string;
  /** Opened by an officer for somebody at the counter. */
  officer: boolean;
}

const spaced = (number: string): string => number.replace(/(\d{4})(?=\d)/g, '$1 ');

interface Line { id: string; what: string; text: string; shown?: string | undefined; note?: string | undefined }

/** One line with its button; what is copied stands in an element of its own, without spaces. */
function CopyLine({ line: { id, text, shown, what, note }, t }: { line: Line; t: T }): JSX.Element {
  return (
    <div class="field">
      <p class="hint" id={`pay-${id}-what`}>{what}</p>
      <p class="big">{shown ?? text}</p>
      <span id={`pay-${id}`} hidden>{text}</span>
      <p>
        {note !== undefined && <small class="hint">{note} </small>}
        <button type="button" class="btn small alt" data-copy={`pay-${id}`} data-copied={t.copied} aria-describedby={`pay-${id}-what`} hidden>{t.copy}</button>
      </p>
    </div>
  );
}

/** What the QR code holds: the lines of the transfer as text. */
export function payLines({ account, amount, reference }: { account: PayAccount; amount: string | null; reference: string }, locale: Locale): string {
  const t = pick(texts, locale);
  return [
    `${t.holder}：${account.holder}`, `${t.number}：${account.number}`, `${t.bank_name}：${account.bank_name}`,
    ...(amount === null ? [] : [`${t.amount}：${amount}`]), `${t.reference}：${reference}`,
  ].join('\n');
}

function Qr({ text, label }: { text: string; label: string }): JSX.Element {
  const { size, path } = qrPath(text);
  return (
    <svg width={size * MODULE} height={size * MODULE} viewBox={`0 0 ${size} ${size}`} shape-rendering="crispEdges" role="img" aria-label={label}>
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}

function HowCard({ shown, account, t, locale }: { shown: PayShown; account: PayAccount; t: T; locale: Locale }): JSX.Element {
  const { owed, reference } = shown;
  const amount = owed.open === '0.00' ? null : owed.open;
  const lines: Line[] = [
    { id: 'holder', what: t.holder, text: account.holder },
    { id: 'number', what: t.number, text: account.number, shown: spaced(account.number) },
    { id: 'bank', what: t.bank_name, text: account.bank_name },
    ...(amount === null ? [] : [{ id: 'amount', what: t.amount, text: amount, shown: moneyFigures(money(amount)) }]),
    { id: 'reference', what: t.reference, text: reference, note: t.reference_hint },
  ];
  return (
    <Card title={t.how} id="how">
      {lines.map((line) => <CopyLine line={line} t={t} />)}
      <p><Qr text={payLines({ account, amount, reference }, locale)} label={t.qr} /></p>
      <p>{t.qr}</p>
      <p class="hint">{t.qr_hint}</p>
    </Card>
  );
}

function OwedCard({ shown, t, locale }: { shown: PayShown; t: T; locale: Locale }): JSX.Element {
  const { owed, code, unit } = shown;
  return (
    <Card title={t.open} id="open">
      {owed.open === '0.00' ? <p>{t.nothing_open}</p> : <p class="big"><Amount value={owed.open} yuan strong capital /></p>}
      {owed.held !== '0.00' && <DescriptionList items={[{ term: t.held, value: <Amount value={owed.held} yuan strong /> }]} />}
      {owed.bills.length > 0 && (
        <LedgerTable caption={t.bills} rows={owed.bills} columns={[
          { key: 'period', title: t.period, lead: true, cell: (bill) => <a href={`/e/${code}/bills/${bill.unit}/${bill.bill_id}`}>{formatPeriod(bill.period, locale)}</a> },
          { key: 'item', title: t.item, cell: (bill) => bill[`name_${locale}`] },
          { key: 'due_on', title: t.due_on, type: 'date', cell: (bill) => formatDate(bill.due_on, locale) },
          { key: 'open', title: t.left, type: 'money' },
        ]} />
      )}
      {owed.bills.length > 1 && <p class="hint">{t.own_choice}</p>}
      <p><a class="tap" href={`/e/${code}/bills/${unit}`}>{t.receipts}</a></p>
    </Card>
  );
}

export function payPage(frame: Frame, shown: PayShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const { code, unit, accounts, officer } = shown;
  const [first, ...others] = accounts;
  return page({
    ...frame, audience: 'resident', title: fill(t.title, { unit }), lede: t.lede, crumbs: [{ href: `/e/${code}/bills/${unit}`, label: t.back }],
    body: (
      <>
        {first === undefined
          ? <Notice tone="amber" title={t.ask} {...(officer ? { action: { href: `/e/${code}/bank/accounts`, label: t.ask_link } } : {})}>{t.ask_text} {officer && t.ask_officer}</Notice>
          : <Notice tone="info" title={t.only_this}>{t.only_this_text}</Notice>}
        <Columns>
          <OwedCard shown={shown} t={t} locale={locale} />
          <div>
            {first !== undefined && <HowCard shown={shown} account={first} t={t} locale={locale} />}
            {first === undefined && <Card title={t.how}><CopyLine line={{ id: 'reference', text: shown.reference, what: t.reference, note: t.reference_hint }} t={t} /></Card>}
            {others.length > 0 && (
              <details>
                <summary class="tap">{t.others}</summary>
                {others.map((one) => <DescriptionList items={[
                  { term: t.holder, value: one.holder }, { term: t.number, value: <span class="num">{spaced(one.number)}</span> }, { term: t.bank_name, value: one.bank_name },
                ]} />)}
              </details>
            )}
          </div>
        </Columns>
      </>
    ),
  });
}

export function payChoicePage(frame: Frame, { code, units }: { code: string; units: readonly string[] }): string {
  const t = pick(texts, frame.locale);
  return page({
    ...frame, title: t.choose, body: <Card><RowList rows={units.map((unit) => ({ label: unit, href: `/e/${code}/pay/${unit}` }))} /></Card>,
  });
}
