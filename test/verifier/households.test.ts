// A dwelling's money in the records: what was paid in advance is released without an order, held money is never more than taken,
// money in transit comes in on one hand; what companies hand over is what the books say. Whoever writes it otherwise is found.
import t from 'tap';
import { openLog, sha256Hex, type Body, type MadeUpLog, type Order, type Person } from './made-up-log.ts';
import { bankIn } from './made-up-bank.ts';
import { broken, judge, unfilled } from './scenes.ts';

const all = ['manager', 'chair', 'member'] as const;
const [one, two] = [sha256Hex('3-2-1002'), sha256Hex('3-2-1003')];
const debit = (account: string, amount: string, unit?: string, fund = 'service'): Body => ({ account, fund, debit: amount, ...(unit === undefined ? {} : { unit }) });
const credit = (account: string, amount: string, unit?: string, fund = 'service'): Body => ({ account, fund, credit: amount, ...(unit === undefined ? {} : { unit }) });

async function wrongs(log: MadeUpLog, { at = '2026-10-10 08:00', trustee = trusteeOf(log) } = {}): Promise<string[]> {
  log.at(at);
  // The bank's part tells the figures what moved on other accounts.
  const month = bankIn(log);
  const verdict = await judge({ 'september.pdf': await month.seal('2026-09', { change: (figures) => ({ ...figures, estate: { ...figures.estate, trustee }, other: othersOf(log) }) }).pdf() });
  const odd = unfilled(verdict);
  if (odd.length > 0) throw new Error(odd.join('\n'));
  return broken(verdict);
}

/** Who is printed as trustee: the company that took over last. */
const trusteeOf = ({ records }: MadeUpLog): string => {
  const taken = records.findLast(({ kind }) => kind === 'company_took_over');
  return taken === undefined ? '物业公司' : (JSON.parse(taken.body) as Body)['trustee'];
};

function othersOf(log: MadeUpLog) {
  const found = new Map<string, [number, number]>();
  for (const { kind, body } of log.records) {
    if (kind !== 'journal_entry' || !body.includes('"entry_date":"2026-09')) continue;
    for (const line of (JSON.parse(body) as Body)['postings'] as Body[]) {
      if (/^(100|4|5)/.test(line['account'])) continue;
      const [received, paid] = found.get(line['account']) ?? [0, 0];
      found.set(line['account'], [received + Number(line['credit'] ?? 0), paid + Number(line['debit'] ?? 0)]);
    }
  }
  return [...found].sort().map(([account, [received, paid]]) => ({ account, name_zh: account, name_en: '', received: received.toFixed(2), paid: paid.toFixed(2) }));
}

const signed = (log: MadeUpLog, content: Body, ...signers: readonly Person[]): Order => {
  const order = log.submit(content);
  for (const name of signers) log.sign(order, name);
  return order;
};

const receive = (log: MadeUpLog, ...postings: Body[]): Body => log.post({ kind: 'receipt', entry_date: log.day, description: '物业费', postings });
const release = (log: MadeUpLog, amount: string, more: Body = {}): Body =>
  log.post({ kind: 'transfer', entry_date: log.day, description: '预收转收入', release: true, postings: [debit('2203', amount, one), credit('4101', amount, one)], ...more });
const transfer = (log: MadeUpLog, amount: string, postings: Body[], fund: string | null = null): Body => log.post({ kind: 'transfer', entry_date: log.day, description: '转账', postings,
  proposal: signed(log, { kind: 'transfer', amount, fund, rule: 3, postings }, 'manager', 'chair').proposal });

/** 250 held in advance for one, 80 in transit, a deposit of 2000, a subsidy of 500. */
function ready(): MadeUpLog {
  const log = openLog();
  log.at('2026-09-05 09:00');
  receive(log, debit('1002', '300.00'), credit('2203', '250.00', one), credit('4101', '50.00', two));
  receive(log, debit('1012', '80.00'), credit('4101', '80.00', one));
  receive(log, debit('1002', '2000.00', undefined, 'deposit'), credit('2241', '2000.00', one, 'deposit'));
  receive(log, debit('1002', '500.00', undefined, 'fee_subsidy'), credit('4105', '500.00', undefined, 'fee_subsidy'));
  return log;
}

const pass = (amount: string, account = '5114'): Body[] => [debit(account, amount, undefined, 'fee_subsidy'), credit('1002', amount, undefined, 'fee_subsidy'), debit('1002', amount), credit('2203', amount, two)];
const keep = (amount: string): Body[] => [debit('2241', amount, one, 'deposit'), credit('1002', amount, undefined, 'deposit'), debit('1002', amount), credit('4109', amount)];

t.test('a month of bills paid ahead, in transit, a deposit kept back and a subsidy passed on holds', async (t) => {
  const log = ready();
  release(log, '100.00');
  release(log, '60.00', { postings: [debit('2203', '60.00', one), credit('4101', '40.00', one), credit('2242', '20.00', one)] });
  receive(log, debit('1002', '79.00'), credit('1012', '79.00'));
  transfer(log, '1.00', [debit('5119', '1.00'), credit('1012', '1.00')], 'service');
  transfer(log, '600.00', keep('300.00'));
  transfer(log, '120.00', pass('60.00'));
  const fee = signed(log, { kind: 'fee_rule', rule: 6, item: 'property_fee' }, ...all);
  log.append('fee_rule_opened', { proposal: fee.proposal, starts_on: '2026-10-01' });
  const waived = signed(log, { kind: 'waiver', rule: 3, amount: '70.00' }, 'manager', 'chair');
  log.append('waiver_granted', { proposal: waived.proposal });
  log.append('waiver_applied', { proposal: waived.proposal, period: '2026-09', count: 1, total: '10.00' });
  t.same(await wrongs(log), []);
});

t.test('each rule of a dwelling\'s money, broken, is found', async (t) => {
  const cases: Record<string, [(log: MadeUpLog) => unknown, string]> = {
    'a release to a neighbour': [(log) => release(log, '10.00', { postings: [debit('2203', '10.00', one), credit('4101', '10.00', two)] }), 'release_wrong'],
    'a release to the bank': [(log) => release(log, '10.00', { postings: [debit('2203', '10.00', one), credit('1002', '10.00', one)] }), 'release_wrong'],
    'a release that is called a receipt': [(log) => release(log, '10.00', { kind: 'receipt' }), 'release_wrong'],
    'a release of a deposit': [(log) => release(log, '10.00', { postings: [debit('2241', '10.00', one, 'deposit'), credit('4109', '10.00', one, 'deposit')] }), 'release_wrong'],
    'a release under an order': [(log) => release(log, '10.00', { proposal: log.approved('10.00').proposal }), 'release_wrong'],
    'a release of nobody': [(log) => release(log, '10.00', { postings: [debit('2203', '10.00'), credit('4101', '10.00')] }), 'release_wrong'],
    'without the word it needs an order': [(log) => release(log, '10.00', { release: undefined }), 'order_missing'],
    'more than was paid in advance': [(log) => release(log, '250.01'), 'dwelling_exceeded'],
    'more than is left of it': [(log) => { release(log, '200.00'); release(log, '50.01'); }, 'dwelling_exceeded'],
    'a deposit kept back beyond what it is': [(log) => transfer(log, '4000.02', keep('2000.01')), 'dwelling_exceeded'],
    'transit paid out on one hand': [(log) => receive(log, debit('5119', '1.00'), credit('1012', '1.00')), 'order_missing'],
    'a subsidy that stays at home': [(log) => transfer(log, '120.00', pass('60.00', '4105')), 'subsidy_misused'],
    'the word is not true': [(log) => release(log, '10.00', { release: 'yes' }), 'record_misshapen'],
    'a fee rule without a proposal': [(log) => log.append('fee_rule_opened', { starts_on: '2026-10-01' }), 'act_unsigned'],
    'a fee rule that one side signed': [(log) => log.append('fee_rule_opened', { proposal: signed(log, { kind: 'fee_rule', rule: 6 }, 'manager').proposal }), 'order_not_approved'],
    'a waiver under the rule for rules': [(log) => signed(log, { kind: 'waiver', rule: 6, amount: '70.00' }), 'rule_wrong'],
    'a waiver applied before it was granted': [(log) => log.append('waiver_applied', { proposal: signed(log, { kind: 'waiver', rule: 3, amount: '70.00' }, 'manager', 'chair').proposal }), 'order_not_approved'],
    'a waiver that was a payment': [(log) => log.append('waiver_granted', { proposal: log.approved('10.00').proposal }), 'order_of_other_kind'],
  };
  for (const [name, [make, code]] of Object.entries(cases)) {
    const log = ready();
    make(log);
    t.equal((await wrongs(log))[0], code, name);
  }
});

// ── Handover ─────────────────────────────────────────────────────────────────────────────────────

const hash = (lines: readonly string[]): string => sha256Hex(lines.map((line) => `${line}\n`).join(''));

function certificate(log: MadeUpLog, more: Body = {}): Body {
  return {
    period: '2026-09', size: log.records.length, entries: 5, last_receipt: 4,
    balances: [
      { account: '1002', fund: 'service', balance: '300.00' }, { account: '1012', fund: 'service', balance: '80.00' }, { account: '2203', fund: 'service', balance: '-150.00' },
      { account: '4101', fund: 'service', balance: '-230.00' }, { account: '1002', fund: 'deposit', balance: '2000.00' }, { account: '2241', fund: 'deposit', balance: '-2000.00' },
      { account: '1002', fund: 'fee_subsidy', balance: '500.00' }, { account: '4105', fund: 'fee_subsidy', balance: '-500.00' },
    ],
    advance: { dwellings: 1, total: '150.00', sha256: hash([`${one}\tservice\t150.00`]) }, deposits: { dwellings: 1, total: '2000.00', sha256: hash([`${one}\tdeposit\t2000.00`]) },
    vouchers: { count: 0, sha256: hash([]) }, ...more,
  };
}

/** September closed; the certificate signed and carried out; the next company takes over. */
function handOver(said: Body = {}, { next = ['chair', 'member'] as readonly Person[], document = {} as Body, twice = false } = {}): MadeUpLog {
  const log = ready();
  release(log, '100.00');
  log.at('2026-10-02 09:00');
  log.close('2026-09');
  const order = signed(log, { kind: 'handover', rule: 6, body: 'property', certificate: certificate(log, said) }, ...all);
  log.append('company_handed_over', { proposal: order.proposal, body: 'property', period: '2026-09' });
  log.at('2026-10-05 09:00');
  for (let times = 0; times < (twice ? 2 : 1); times += 1) {
    const terms = { body: 'property', from: '2026-10-05', trustee: '新物业公司' };
    const taking = signed(log, { kind: 'takeover', rule: 6, ...terms, handover: order.proposal, handover_hash: order.hash, ...document }, ...next);
    log.append('company_took_over', { proposal: taking.proposal, ...terms, handover: order.proposal });
  }
  return log;
}

t.test('a closing certificate says what the books say', async (t) => {
  // Nobody of a new company serves in this made-up estate: a takeover that only the committee signed is told as such, and no more.
  t.same(await wrongs(handOver()), ['order_not_approved', 'quorum_missing', 'handover_wrong']);
  const differing: Record<string, Body> = {
    'a balance': { balances: certificate(ready())['balances'].map((row: Body) => (row['account'] === '1012' ? { ...row, balance: '79.00' } : row)) },
    'a balance left out': { balances: certificate(ready())['balances'].slice(1) },
    'another dwelling': { deposits: { dwellings: 1, total: '2000.00', sha256: hash([`${two}\tdeposit\t2000.00`]) } },
    'less in advance': { advance: { dwellings: 1, total: '100.00', sha256: hash([`${one}\tservice\t150.00`]) } },
    'receipts': { last_receipt: 3 }, 'entries': { entries: 4 }, 'vouchers': { vouchers: { count: 1, sha256: hash([]) } }, 'a month that is open': { period: '2026-10' },
  };
  for (const [name, said] of Object.entries(differing)) {
    const found = await wrongs(handOver(said));
    t.ok(found[0] === 'handover_differs' || (name === 'a month that is open' && found.includes('handover_differs')), `${name}: ${found}`);
  }
});

t.test('the next company takes over that very certificate, once, and nobody signs for both', async (t) => {
  t.ok((await wrongs(handOver({}, { next: all }))).includes('handover_wrong'), 'the manager signed for both');
  t.ok((await wrongs(handOver({}, { document: { handover_hash: sha256Hex('other') } }))).includes('handover_wrong'), 'another certificate');
  t.ok((await wrongs(handOver({}, { document: { trustee: '别的公司' } }))).includes('handover_wrong'), 'another name');
  t.ok((await wrongs(handOver({}, { twice: true }))).includes('handover_wrong'), 'twice');
  t.ok((await wrongs(handOver(), { trustee: '物业公司' })).includes('figures_differ'), 'the disclosure names the company that left');
});
