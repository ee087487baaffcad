// What a closing certificate or a takeover asks to be signed, in words: who hands over what, as of when, and who takes it.
import { fill, type Bilingual, type Locale } from '../kernel/locale.ts';
import { money, moneyFigures, moneyText, readMoney, sum } from '../kernel/money.ts';
import { formatDate, formatPeriod, pick } from '../web/locale.ts';
import type { Fact } from '../web/parts.tsx';
import type { Subject } from './view.ts';

const texts = {
  outgoing: { zh: '移交方', en: 'Handed over by' },
  as_of: { zh: '截至', en: 'As of' },
  month_end: { zh: '{period}底（已结账）', en: 'the end of {period}, which is closed' },
  ends_on: { zh: '移交方最后服务日', en: 'Last day of its service' },
  money: { zh: '账上的钱', en: 'Money' },
  advance: { zh: '预收', en: 'Paid in advance' },
  deposits: { zh: '押金', en: 'Deposits' },
  bills: { zh: '没交清的账单', en: 'Open bills' },
  of_dwellings: { zh: '{dwellings} 户，{total} 元', en: '{dwellings} dwellings, {total} yuan' },
  papers: { zh: '凭证、收据', en: 'Entries, vouchers, receipts' },
  papers_text: { zh: '记账凭证 {entries} 张，原始凭证 {vouchers} 份，收据到第 {receipt} 号', en: '{entries} entries, {vouchers} vouchers, receipts up to no. {receipt}' },
  contracts: { zh: '合同', en: 'Contracts' },
  contracts_text: { zh: '{count} 份', en: '{count}' },
  others: { zh: '其他移交事项', en: 'What else is handed over' },
  certificate: { zh: '整份清单', en: 'The certificate' },
  see: { zh: '第 {handover} 号移交清单', en: 'certificate no. {handover}' },
  effect: { zh: '签了以后', en: 'Afterwards' },
  handover_effect: { zh: '清单不能再改。预收、押金、账单和钱都留在小区，等新公司签收。', en: 'The certificate stays as it is. Advance payments, deposits, bills and money stay with the estate until the next company takes over.' },
  incoming: { zh: '接收方', en: 'Taken over by' },
  from: { zh: '接收日', en: 'First day' },
  differences: { zh: '核对出的差异', en: 'Differences found' },
  none: { zh: '没有差异', en: 'none' },
  takeover_effect: { zh: '受托人改为接收方，账接着记。签过移交清单的人不能再签。', en: 'The trustee is the new company and the books go on. Whoever signed the certificate cannot sign this.' },
} as const satisfies Record<string, Bilingual>;

type Part = Readonly<Record<string, unknown>>;
const part = (value: unknown): Part => (typeof value === 'object' && value !== null ? value as Part : {});
const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
const list = (value: unknown): Part[] => (Array.isArray(value) ? value.map(part) : []);
const figures = (amount: string): string => (readMoney(amount) === null ? amount : moneyFigures(money(amount)));
const dateIn = (date: string, locale: Locale): string => (/^\d{4}-\d{2}-\d{2}$/.test(date) ? formatDate(date, locale) : date);

export function handoverFacts({ view, code }: Subject, locale: Locale): (Fact | false)[] {
  const t = pick(texts, locale);
  const document = part(view.document);
  const certificate = part(document['certificate']);
  const held = (name: string): string => {
    const row = part(certificate[name]);
    return fill(t.of_dwellings, { dwellings: text(row['dwellings']), total: figures(text(row['total'])) });
  };
  const cash = list(certificate['balances']).filter((row) => /^100[12]/.test(text(row['account']))).map((row) => text(row['balance'])).filter((amount) => readMoney(amount) !== null);
  const period = text(certificate['period']);
  return [
    { term: t.outgoing, value: <strong>{text(document['outgoing'])}</strong> },
    { term: t.as_of, value: fill(t.month_end, { period: /^\d{4}-\d{2}$/.test(period) ? formatPeriod(period, locale) : period }) },
    { term: t.ends_on, value: dateIn(text(document['ends_on']), locale) },
    { term: t.money, value: `${moneyFigures(money(moneyText(sum(cash.map((amount) => money(amount))))))} ${locale === 'zh' ? '元' : 'yuan'}` },
    { term: t.advance, value: held('advance') }, { term: t.deposits, value: held('deposits') }, { term: t.bills, value: held('bills') },
    { term: t.papers, value: fill(t.papers_text, { entries: text(certificate['entries']), vouchers: text(part(certificate['vouchers'])['count']), receipt: text(certificate['last_receipt']) }) },
    { term: t.contracts, value: fill(t.contracts_text, { count: list(certificate['contracts']).length }) },
    text(document['others']) !== '' && { term: t.others, value: text(document['others']) },
    { term: t.certificate, value: <a href={`/e/${code}/handover/${view.proposal_id}`}>{fill(t.see, { handover: view.proposal_id })}</a> },
    { term: t.effect, value: t.handover_effect },
  ];
}

export function takeoverFacts({ view, code }: Subject, locale: Locale): (Fact | false)[] {
  const t = pick(texts, locale);
  const document = part(view.document);
  const handover = text(document['handover']);
  return [
    { term: t.incoming, value: <strong>{text(document['trustee'])}</strong> }, { term: t.outgoing, value: text(document['outgoing']) },
    { term: t.from, value: dateIn(text(document['from']), locale) },
    { term: t.certificate, value: /^\d+$/.test(handover) ? <a href={`/e/${code}/handover/${handover}`}>{fill(t.see, { handover })}</a> : handover },
    { term: t.differences, value: text(document['differences']) || t.none },
    { term: t.effect, value: t.takeover_effect },
  ];
}
