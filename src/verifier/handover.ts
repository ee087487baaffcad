// Change of companies (物业交接): the closing certificate that the outgoing company and the committee signed says what the books
// say at the end of a closed month, by our own reckoning where all records are at hand; the incoming company takes over that
// very certificate, once, and nobody signs for both.
import { utf8, hexOf } from '../proof/bytes.ts';
import { sha256 } from '#primitives';
import type { Books, Moment, Proposal } from './books.ts';
import { approvals, carriedOut } from './carrying-out.ts';
import { fenOf, Sums, yuan } from './fen.ts';
import { bodiesIn, bodyIn, maybeText, textIn, wholeIn, type Body } from './fields.ts';
import { hasResolution } from './rules.ts';
import { receiptsOf } from './households.ts';

const hashOf = (lines: readonly string[]): string => hexOf(sha256(utf8(lines.map((line) => `${line}\n`).join(''))));

export function companyHandedOver(books: Books, moment: Moment): void {
  const proposal = carriedOut(books, moment, ['handover'], moment.day);
  const body = textIn(moment.body, 'body');
  if (proposal === undefined) return;
  books.handovers.set(proposal.proposal, { body, hash: proposal.hash, submitted_on: proposal.submitted_on, signers: signersOf(proposal, body), taken: null });
  if (moment.learned) return;
  const certificate = bodyIn(proposal.document, 'certificate');
  if (maybeText(proposal.document, 'body') !== body || textIn(moment.body, 'period') !== textIn(certificate, 'period')) accuse(books, proposal, '机构、月份', 'body, month');
  if (books.complete) judgeCertificate(books, proposal.proposal, certificate);
}

const signersOf = (proposal: Proposal, body: string): string[] =>
  approvals(proposal).filter((one) => one.body === body).flatMap(({ person, vote }) => [person, vote]);

const accuse = (books: Books, { proposal }: Pick<Proposal, 'proposal'>, what: string, what_en: string): void =>
  books.accuse('handover_wrong', { proposal, what, what_en });

/** The figures of a certificate once more, from the entries of all months up to its own. */
function judgeCertificate(books: Books, proposal: number, certificate: Body): void {
  const period = textIn(certificate, 'period');
  const size = wholeIn(certificate, 'size');
  const differ = (what: string, what_en: string, said: string, found: string): void => {
    if (said !== found) books.accuse('handover_differs', { proposal, what, what_en, said, found });
  };
  if (books.closed_period === null || books.closed_period < period) differ('月份未结账', 'the month was not closed', period, books.closed_period ?? '–');
  const entries = [...books.entries.values()].filter((one) => one.period <= period && one.seq <= size);
  differ('凭证张数', 'entries', String(wholeIn(certificate, 'entries')), String(entries.length));
  const balances = new Sums<string>();
  const held = new Sums<string>();
  for (const { lines } of entries) {
    for (const { account, fund, unit, debit, credit } of lines) {
      balances.add(`${account} ${fund}`, debit - credit);
      if (unit !== null && (account === '2203' || account === '2241')) held.add(`${account} ${fund} ${unit}`, credit - debit);
    }
  }
  const said = new Sums<string>();
  for (const row of bodiesIn(certificate, 'balances')) said.add(`${textIn(row, 'account')} ${textIn(row, 'fund')}`, fenOf(row['balance']));
  for (const key of new Set([...said.keys(), ...balances.keys()])) differ(`余额 ${key}`, `balance ${key}`, yuan(said.of(key)), yuan(balances.of(key)));
  for (const [name, account] of [['advance', '2203'], ['deposits', '2241']] as const) judgeHeldFor(differ, bodyIn(certificate, name), account, held);
  const issued = [...books.entries.values()].filter(({ seq }) => seq <= size).reduce((sum, entry) => sum + receiptsOf(entry).length, 0);
  differ('最后一张收据号', 'last receipt', String(wholeIn(certificate, 'last_receipt')), String(issued));
  judgeVouchers(books, differ, bodyIn(certificate, 'vouchers'), period);
}

type Differ = (what: string, what_en: string, said: string, found: string) => void;

/** Held for dwellings: how many, how much, and the hash of the list that only they and the office see. */
function judgeHeldFor(differ: Differ, said: Body, account: string, held: Sums<string>): void {
  const rows = held.keys().filter((key) => key.startsWith(`${account} `) && held.of(key) !== 0n).map((key) => {
    const [, fund, unit] = key.split(' ') as [string, string, string];
    return { text: `${unit}\t${fund}\t${yuan(held.of(key))}`, amount: held.of(key), unit };
  });
  const lines = rows.map(({ text }) => text).sort();
  const found = `${new Set(rows.map(({ unit }) => unit)).size} ${yuan(rows.reduce((sum, { amount }) => sum + amount, 0n))} ${hashOf(lines).slice(0, 16)}`;
  differ(`按户余额 ${account}`, `held for dwellings ${account}`, `${wholeIn(said, 'dwellings')} ${textIn(said, 'total')} ${textIn(said, 'sha256').slice(0, 16)}`, found);
}

function judgeVouchers({ voucher_entries }: Books, differ: Differ, said: Body, period: string): void {
  const hashes = [...voucher_entries].filter(([, numbers]) => numbers.some((number) => number.slice(0, 7) <= period)).map(([hash]) => hash).sort();
  differ('原始凭证', 'vouchers', `${wholeIn(said, 'count')} ${textIn(said, 'sha256').slice(0, 16)}`, `${hashes.length} ${hashOf(hashes).slice(0, 16)}`);
}

export function companyTookOver(books: Books, moment: Moment): void {
  const proposal = carriedOut(books, moment, ['takeover'], moment.day);
  if (proposal !== undefined && !moment.learned) judgeTakeover(books, proposal, moment.body);
  books.trustees.push({ seq: moment.seq, trustee: textIn(moment.body, 'trustee') });
}

function judgeTakeover(books: Books, proposal: Proposal, body: Body): void {
  const { document } = proposal;
  const name = textIn(body, 'body');
  if (['body', 'from', 'handover', 'trustee'].some((one) => document[one] !== body[one])) accuse(books, proposal, '公司、移交清单', 'company, certificate');
  const number = wholeIn(document, 'handover');
  const handed = books.handovers.get(number);
  if (handed === undefined) {
    // The outgoing company would not sign: the owners said by a resolution that the books go on without it.
    if (books.complete && !hasResolution(proposal)) accuse(books, proposal, '没有双方签过的移交清单，也没有业主决议', 'neither a signed certificate nor a resolution');
    return;
  }
  if (document['handover_hash'] !== handed.hash || handed.taken !== null || Math.max(...books.handovers.keys()) !== number) accuse(books, proposal, '移交清单', 'certificate');
  const signers = signersOf(proposal, name);
  if (signers.length === 0) accuse(books, proposal, '接收方没有签', 'the incoming company did not sign');
  if (signers.some((person) => handed.signers.includes(person))) accuse(books, proposal, '同一个人代表移交方和接收方', 'one person signed for both companies');
  const newly = (person: string): boolean => [...books.terms.values()].some((term) => term.person === person && term.body === name && term.starts_on >= handed.submitted_on);
  if (books.complete && !signers.every(newly)) accuse(books, proposal, '接收方的签批人在移交之前就任职', 'the signer of the incoming company was in office before the handover');
  handed.taken = proposal.proposal;
}
