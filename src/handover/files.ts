// A certificate to take along: its PDF, its tables as CSV, all of them in a ZIP. Lists by dwelling are drawn again as of the size of the
// log that the certificate names, and compared with its hashes.
import { sql } from 'kysely';
import type { Estate } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import { fill, type Locale } from '../kernel/locale.ts';
import { money, moneyFigures } from '../kernel/money.ts';
import { toCsv, type CsvColumn } from '../web/csv.ts';
import { formatDate, formatPeriod, pick } from '../web/locale.ts';
import type { Paper } from '../../reports/paper/paper.ts';
import { billLines, hashOfLines, heldAt, heldLines, openBillsAt, type Certificate } from './certificate.ts';
import { balanceTotals, dwellingRows, keyName, moneyIn, openFacts, paperFacts, sidesOf, type Agreements, type CertificateNames } from './certificate-figures.ts';
import type { ListName } from './lists.ts';
import type { HandoverShown } from './queries.ts';
import { texts } from './texts.ts';

interface Asked { estate_id: number; certificate: Certificate; names: CertificateNames; locale: Locale }

/** One table as CSV. */
export async function listCsv(trx: Trx, list: ListName, { estate_id, certificate, names, locale }: Asked): Promise<string> {
  const t = pick(texts, locale);
  const column = (key: string, title: string, type: CsvColumn['type'] = 'text'): CsvColumn => ({ key, title, type });
  const held = [column('unit', t.unit), column('ref', t.ref), column('fund', t.fund), column('amount', t.amount, 'money')];
  switch (list) {
    case 'balances': return toCsv(
      [column('account', t.account), column('name', t.what), column('fund', t.fund), column('debit', t.debit_balance, 'money'), column('credit', t.credit_balance, 'money')],
      certificate.balances.map((row) => ({ ...row, ...sidesOf(row.balance), name: names.accounts[row.account]?.[locale] ?? '' })));
    case 'bank': return toCsv(
      [column('account', t.bank_account), column('last4', locale === 'zh' ? '尾号' : 'Ending in'), column('book_balance', t.book_balance, 'money'), column('bank_balance', t.bank_balance, 'money'),
        column('difference', t.difference, 'money'), column('remaining', t.remaining, 'money'), column('covered_to', t.covered_to, 'date')], certificate.bank);
    case 'contracts': return toCsv([column('title', t.contract), column('party', t.party), column('ends_on', t.contract_ends, 'date')], certificate.contracts);
    case 'vouchers': {
      const { rows } = await sql<{ sha256: string; entries: string }>`
        select v.sha256, string_agg(e.period || ' ' || entry_number(e.kind, e.number), ' ' order by e.seq) as entries
        from entry_voucher v join journal_entry e on e.estate_id = v.estate_id and e.seq = v.seq
        where v.estate_id = ${estate_id} and e.period <= ${certificate.period} group by v.sha256 order by v.sha256 collate "C"`.execute(trx);
      return toCsv([column('sha256', t.sha256), column('entries', t.entries)], rows);
    }
    case 'bills': return toCsv(
      [column('unit', t.unit), column('ref', t.ref), column('item', t.item), column('period', t.bill_period), column('bill_id', t.bill, 'number'),
        column('due_on', t.due_on, 'date'), column('open', t.amount, 'money')], await openBillsAt(trx, estate_id, certificate));
    case 'advance': return toCsv(held, await heldAt(trx, estate_id, '2203', certificate.period));
    case 'deposits': return toCsv(held, await heldAt(trx, estate_id, '2241', certificate.period));
    default: throw list satisfies never;
  }
}

/** Whether the lists by dwelling, drawn again, have the hashes that were signed. */
export async function agreementsOf(trx: Trx, estate_id: number, certificate: Certificate): Promise<Agreements> {
  const held = async (account: '2203' | '2241', sha256: string): Promise<boolean> => hashOfLines(heldLines(await heldAt(trx, estate_id, account, certificate.period))) === sha256;
  return {
    advance: await held('2203', certificate.advance.sha256), deposits: await held('2241', certificate.deposits.sha256),
    bills: hashOfLines(billLines(await openBillsAt(trx, estate_id, certificate))) === certificate.bills.sha256,
  };
}

/** The certificate as a paper. */
export function certificatePaper({ estate, handover, names, locale }: { estate: Estate; handover: HandoverShown; names: CertificateNames; locale: Locale }): Paper {
  const t = pick(texts, locale);
  const { certificate } = handover;
  const figures = (amount: string | null): string => (amount === null || amount === '' ? '–' : moneyFigures(money(amount)));
  const day = (date: string | null): string => (date === null ? '–' : formatDate(date, locale));
  const totals = balanceTotals(certificate);
  const fact = ({ term, value }: { term: string; value: string }) => ({ label: term, value });
  return {
    locale, estate: locale === 'zh' ? estate.name_zh : estate.name_en, title: t.certificate, number: fill(t.number_of, { handover: handover.handover }), made_at: certificate.drawn_at,
    foot: fill(t.foot, { handover: handover.handover }),
    blocks: [
      { kind: 'facts', items: [
        { label: t.outgoing, value: handover.outgoing }, { label: t.period, value: formatPeriod(certificate.period, locale) },
        { label: t.ends_on, value: day(handover.ends_on) },
        ...(handover.incoming === null ? [] : [{ label: t.incoming, value: fill(t.taken, { incoming: handover.incoming, day: day(handover.taken_from) }) }]),
      ] },
      { kind: 'amount', label: t.money, figures: figures(moneyIn(certificate)) },
      { kind: 'text', text: t.stays, small: true },
      { kind: 'table', caption: t.bank, columns: [
        { title: t.bank_account, align: 'left', width: 30 }, { title: t.book_balance, align: 'right', width: 18 }, { title: t.bank_balance, align: 'right', width: 18 },
        { title: t.remaining, align: 'right', width: 14 }, { title: t.covered_to, align: 'left', width: 20 },
      ], rows: certificate.bank.map((row) => [`${row.account} ${locale === 'zh' ? row.name_zh : row.name_en} ${row.last4}`, figures(row.book_balance), figures(row.bank_balance), figures(row.remaining), day(row.covered_to)]) },
      { kind: 'table', caption: t.dwellings_part, columns: [
        { title: t.what, align: 'left', width: 26 }, { title: t.dwellings, align: 'right', width: 12 }, { title: t.amount, align: 'right', width: 20 }, { title: t.list_hash, align: 'left', width: 42 },
      ], rows: dwellingRows(certificate).map((row) => [t[row.what], String(row.dwellings), figures(row.total), row.sha256.slice(0, 32)]) },
      { kind: 'heading', text: t.papers },
      { kind: 'facts', items: paperFacts(certificate, t, locale).map(fact) },
      { kind: 'heading', text: t.open },
      { kind: 'facts', items: openFacts(certificate, t).map(fact) },
      { kind: 'table', caption: t.contracts, columns: [{ title: t.contract, align: 'left', width: 40 }, { title: t.party, align: 'left', width: 38 }, { title: t.contract_ends, align: 'left', width: 22 }],
        rows: certificate.contracts.map((row) => [row.title, row.party, day(row.ends_on)]), empty: t.no_contracts },
      { kind: 'table', caption: t.keys, columns: [{ title: t.what, align: 'left', width: 34 }, { title: t.bank_account, align: 'left', width: 22 }, { title: t.holder, align: 'left', width: 44 }],
        rows: certificate.keys.map((row) => [keyName(row.item, t), row.account, [names.bodies[row.holder_body ?? '']?.[locale] ?? '–', ...(row.serial_last4 === null ? [] : [fill(t.serial, { serial: row.serial_last4 })])].join(' · ')]), empty: t.no_keys },
      ...(handover.others === '' ? [] : [{ kind: 'heading' as const, text: t.others }, { kind: 'text' as const, text: handover.others }]),
      ...(handover.incoming === null ? [] : [{ kind: 'heading' as const, text: t.differences }, { kind: 'text' as const, text: handover.differences === '' ? t.no_differences : handover.differences }]),
      { kind: 'table', caption: t.balances, columns: [
        { title: t.account, align: 'left', width: 34 }, { title: t.fund, align: 'left', width: 26 }, { title: t.debit_balance, align: 'right', width: 20 }, { title: t.credit_balance, align: 'right', width: 20 },
      ], rows: certificate.balances.map((row) => {
        const { debit, credit } = sidesOf(row.balance);
        return [`${row.account} ${names.accounts[row.account]?.[locale] ?? ''}`, names.funds[row.fund]?.[locale] ?? row.fund, debit === '' ? '' : figures(debit), credit === '' ? '' : figures(credit)];
      }), total: [t.total, '', figures(totals.debit), figures(totals.credit)] },
      { kind: 'signatures', lines: signatureLines(handover, t, locale) },
    ],
  };
}

/** Who signed; before that, lines for both sides. */
function signatureLines({ signatures, outgoing }: HandoverShown, t: ReturnType<typeof pick<typeof texts>>, locale: Locale) {
  if (signatures.length === 0) return [{ label: `${t.side_handover} · ${outgoing}` }, { label: locale === 'zh' ? '业主委员会' : "Owners' committee" }];
  return signatures.map((one) => ({
    label: one.side === 'handover' ? t.side_handover : t.side_takeover, name: locale === 'zh' ? one.name_zh : one.name_en, day: formatDate(one.signed_on, locale),
  }));
}
