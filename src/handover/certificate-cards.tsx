// The figures of a certificate as cards: bank, sums by dwelling, balances, papers, open matters, contracts, keys.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { money, moneyFigures } from '../kernel/money.ts';
import { formatDate, pick } from '../web/locale.ts';
import { Card, Columns, DescriptionList, EmptyState } from '../web/parts.tsx';
import { LedgerTable } from '../web/tables.tsx';
import type { Certificate } from './certificate.ts';
import { balanceTotals, dwellingRows, keyName, openFacts, paperFacts, sidesOf, type Agreements, type CertificateNames, type T } from './certificate-figures.ts';
import { texts } from './texts.ts';

interface Shown { certificate: Certificate; names: CertificateNames; locale: Locale }

export function CertificateCards({ agreements, ...shown }: Shown & { agreements: Agreements | null }): JSX.Element {
  const t = pick(texts, shown.locale);
  return (
    <>
      <BankCard {...shown} t={t} />
      <DwellingsCard {...shown} agreements={agreements} t={t} />
      <Columns><PapersCard {...shown} t={t} /><OpenCard {...shown} t={t} /></Columns>
      <ContractsCard {...shown} t={t} />
      <KeysCard {...shown} t={t} />
      <BalancesCard {...shown} t={t} />
    </>
  );
}

function BankCard({ certificate: { bank }, locale, t }: Shown & { t: T }): JSX.Element {
  return (
    <Card title={t.bank}>
      <LedgerTable caption={t.bank} caption_hidden rows={bank} columns={[
        { key: 'account', title: t.bank_account, lead: true, cell: (row) => <>{row.account} {locale === 'zh' ? row.name_zh : row.name_en} · {row.last4}</> },
        { key: 'book_balance', title: t.book_balance, type: 'money' },
        { key: 'bank_balance', title: t.bank_balance, type: 'money', cell: (row) => (row.bank_balance === null ? t.no_statement : moneyFigures(money(row.bank_balance))) },
        { key: 'difference', title: t.difference, type: 'money', cell: (row) => (row.difference === null ? '–' : (
          <>{moneyFigures(money(row.difference))}<br /><small class="hint">{fill(t.items, { bank: row.bank_items ?? 0, book: row.book_items ?? 0 })}</small></>
        )) },
        { key: 'remaining', title: t.remaining, type: 'money', cell: (row) => (row.remaining === null ? '–' : moneyFigures(money(row.remaining))) },
        { key: 'covered_to', title: t.covered_to, cell: (row) => (row.covered_to === null ? '–' : formatDate(row.covered_to, locale)) },
      ]} />
    </Card>
  );
}

function DwellingsCard({ certificate, agreements, t }: Shown & { agreements: Agreements | null; t: T }): JSX.Element {
  return (
    <Card title={t.dwellings_part}>
      <LedgerTable caption={t.dwellings_part} caption_hidden rows={dwellingRows(certificate)} columns={[
        { key: 'what', title: t.what, lead: true, cell: (row) => t[row.what] },
        { key: 'dwellings', title: t.dwellings, type: 'number' },
        { key: 'total', title: t.amount, type: 'money' },
        { key: 'sha256', title: t.list_hash, cell: (row) => (
          <><code class="hash">{row.sha256.slice(0, 16)}…</code>
            {agreements !== null && <><br /><small class={agreements[row.what] ? 'agrees' : 'differs'}>{agreements[row.what] ? `✓ ${t.agrees}` : `! ${t.differs}`}</small></>}</>
        ) },
      ]} />
      <p class="hint">{t.private_lists}</p>
    </Card>
  );
}

const PapersCard = ({ certificate, locale, t }: Shown & { t: T }): JSX.Element => <Card title={t.papers}><DescriptionList items={paperFacts(certificate, t, locale)} /></Card>;
const OpenCard = ({ certificate, t }: Shown & { t: T }): JSX.Element => <Card title={t.open}><DescriptionList items={openFacts(certificate, t)} /></Card>;

const ContractsCard = ({ certificate: { contracts }, locale, t }: Shown & { t: T }): JSX.Element => (
  <Card title={t.contracts}>
    <LedgerTable caption={t.contracts} caption_hidden rows={contracts} empty={<EmptyState title={t.no_contracts} />} columns={[
      { key: 'title', title: t.contract, lead: true }, { key: 'party', title: t.party },
      { key: 'ends_on', title: t.contract_ends, cell: (row) => (row.ends_on === null ? '–' : formatDate(row.ends_on, locale)) },
    ]} />
  </Card>
);

const KeysCard = ({ certificate: { keys }, names, locale, t }: Shown & { t: T }): JSX.Element => (
  <Card title={t.keys}>
    <LedgerTable caption={t.keys} caption_hidden rows={keys} empty={<EmptyState title={t.no_keys} />} columns={[
      { key: 'item', title: t.what, lead: true, cell: (row) => keyName(row.item, t) }, { key: 'account', title: t.bank_account },
      { key: 'holder_body', title: t.holder, cell: (row) => (
        <>{row.holder_body === null ? '–' : names.bodies[row.holder_body]?.[locale] ?? row.holder_body}{row.serial_last4 !== null && <> · {fill(t.serial, { serial: row.serial_last4 })}</>}</>
      ) },
    ]} />
  </Card>
);

const BalancesCard = ({ certificate, names, locale, t }: Shown & { t: T }): JSX.Element => (
  <Card title={t.balances}>
    <LedgerTable caption={t.balances} caption_hidden rows={certificate.balances.map((row) => ({ ...row, ...sidesOf(row.balance) }))} totals={[{ label: t.total, cells: balanceTotals(certificate) }]} columns={[
      { key: 'account', title: t.account, lead: true, cell: (row) => `${row.account} ${names.accounts[row.account]?.[locale] ?? ''}`.trim() },
      { key: 'fund', title: t.fund, cell: (row) => names.funds[row.fund]?.[locale] ?? row.fund },
      { key: 'debit', title: t.debit_balance, type: 'money' }, { key: 'credit', title: t.credit_balance, type: 'money' },
    ]} />
  </Card>
);
