// Whoever runs the server may write any log from its beginning and sign it with its own key. What must hold even then:
// the rules (two bodies, the right band, numbers, money), that a month is shown whole, and that nobody counts as a
// witness, a bank or a key who is none. Each attack here made a file that once passed for one that holds.
import { crc32 } from 'node:zlib';
import t from 'tap';
import { canonical, type Json } from '../../src/kernel/canonical.ts';
import { addDays } from '../../src/kernel/dates.ts';
import { hexOf, textOf, utf8 } from '../../src/proof/bytes.ts';
import { COSIGNATURE, keyOf, verifierKeyText } from '../../src/proof/note.ts';
import { policyText } from '../../src/proof/policy.ts';
import { recordLine, type LogRecord } from '../../src/proof/record.ts';
import { checkJournals } from '../../src/verifier/archive-journal.ts';
import { openArchive, type ArchiveFile } from '../../src/verifier/archive.ts';
import { Books } from '../../src/verifier/books.ts';
import type { VerifyOptions } from '../../src/verifier/verify.ts';
import { ed25519Key } from '#primitives';
import { MadeUpLog, openLog, pdfOf, persons, SealedMonth, sha256Hex, type Body, type Parts } from '../verifier/made-up-log.ts';
import { broken, cautions, judge, quietMonth } from '../verifier/scenes.ts';

interface Bent {
  figures?: (figures: any) => any;
  facts?: (facts: any) => any;
  /** Records before the file's own. */
  start?: number;
  leave_out?: (record: LogRecord) => boolean;
}

/** Seals a month as somebody would who has the key and lies in what is not in the log. */
async function sealed(log: MadeUpLog, period: string, { figures = (one) => one, facts = (one) => one, start: given, leave_out = () => false }: Bent = {}): Promise<Parts> {
  const honest = log.seal(period).drawn;
  log.records.pop();
  log.rehash();
  const told = figures(structuredClone(honest.figures));
  const [text, facts_text] = [canonical(told as Json), canonical(facts(JSON.parse(honest.facts)) as Json)];
  log.append('disclosure_prepared', { period, version: 1, figures_sha256: sha256Hex(text), facts_sha256: sha256Hex(facts_text) });
  const size = log.records.length;
  const parts = await new SealedMonth(log, { period, version: 1, figures: told, text, facts: facts_text, size, carry: [] }).parts();
  const start = given ?? log.startOf(period);
  const kept = new Set(textOf(parts.get('earlier.tsv')!).split('\n').map((line) => Number(line.split('\t')[0])));
  const earlier = log.records.slice(0, start).filter((record) => kept.has(record.seq) && !leave_out(record));
  const lines = await Promise.all(earlier.map(async (record) => `${recordLine(record).slice(0, -1)}\t${(await log.inclusion(record.seq, size)).map(hexOf).join('')}\n`));
  const seal = { ...JSON.parse(textOf(parts.get('seal.json')!)) as Body, start: { size: start, peaks: start === 0 ? [] : log.tree.peaks(start).hashes.map(hexOf) } };
  parts.set('seal.json', utf8(canonical(seal as Json)));
  parts.set('records.tsv', utf8(`mingzhang/log/v1\t${log.estate}\t${start}\t${size}\n${log.records.slice(start, size).map(recordLine).join('')}`));
  return parts.set('earlier.tsv', utf8(`mingzhang/earlier/v1\t${log.estate}\t${size}\n${lines.join('')}`));
}

const judged = async (log: MadeUpLog, period: string, bent: Bent = {}, options: VerifyOptions = {}) => judge({ 'm.pdf': pdfOf(await sealed(log, period, bent)) }, options);

/** What is wrong with a September in which this happened. */
async function wrongs(happens: (log: MadeUpLog) => void, { rules, ...bent }: Bent & { rules?: Body[] } = {}): Promise<string[]> {
  const log = rules === undefined ? openLog() : new MadeUpLog().open(rules);
  log.at('2026-09-05 09:00');
  log.receive({ amount: '5000000.00' });
  log.receive({ amount: '50000.00', fund: 'renovation' });
  happens(log);
  log.at('2026-10-10 08:00');
  return broken(await judged(log, '2026-09', bent));
}

const rule = (kind: string, bodies: Body, more: Body = {}): Body =>
  ({ kind, amount_from: '0.00', amount_to: null, fund: null, expires_days: 30, bodies, ...more });
const both = { property: 1, committee: 1 };
const lines = (amount: string, fund = 'service', account = '5102'): Body[] =>
  [{ account, fund, debit: amount, payee: '1' }, { account: '1002', fund, credit: amount }];

t.test('a month is shown from its first day: payments are not put before the beginning of the file', async (t) => {
  const log = openLog();
  log.at('2026-09-05 09:00');
  log.receive({ amount: '500000.00' });
  log.at('2026-10-01 09:00');
  log.pay(log.approved('90000.00'));
  const hidden = log.records.length;
  log.at('2026-10-05 09:00');
  log.receive({ amount: '10.00' });
  log.at('2026-11-10 08:00');
  t.same(broken(await judged(log, '2026-10')), []);
  log.records.pop();
  log.rehash();
  const paid_before = (rows: Body[]): Body[] => rows.map((row) => (row['account'] === '1002' ? { ...row, opening: '410000.00', credit: '0.00' }
    : row['account'] === '5102' ? { ...row, opening: '90000.00', debit: '0.00' } : row));
  const verdict = await judged(log, '2026-10', {
    start: hidden, leave_out: ({ kind }) => kind === 'journal_entry' || kind === 'signature' || kind.startsWith('proposal'),
    facts: (facts) => ({ ...facts, balances: paid_before(facts.balances) }),
    figures: (figures) => ({
      ...figures, opening: '410000.00', paid: '0.00', expense: [], expense_total: { month: '0.00', year: '0.00' }, months: [{ period: '2026-10', received: '10.00', paid: '0.00' }],
      entries: figures.entries.filter(({ kind }: Body) => kind === 'receipt').map((row: Body) => ({ ...row, balance: '410010.00' })),
      funds: figures.funds.map((fund: Body) => ({ ...fund, opening: '410000.00', paid: '0.00' })),
    }),
  });
  t.same(broken(verdict), ['month_cut_off']);
});

t.test('an order from before the file may have been paid before: the file alone does not show it, and says so', async (t) => {
  const log = openLog();
  log.at('2026-09-05 09:00');
  log.receive({ amount: '500000.00' });
  const order = log.approved('100.00');
  log.pay(order);
  log.at('2026-10-05 09:00');
  log.pay(order);
  log.at('2026-11-10 08:00');
  const october = pdfOf(await sealed(log, '2026-10', { leave_out: ({ seq, kind }) => kind === 'journal_entry' && seq !== log.startOf('2026-10') }));
  t.ok(cautions(await judge({ 'october.pdf': october })).includes('begun_earlier'));
  const first = openLog();
  first.at('2026-09-05 09:00');
  t.notOk(cautions(await judged(quietMonth(first), '2026-09')).includes('begun_earlier'));
});

t.test('the milder rule of another sum or fund', async (t) => {
  const moved = [{ account: '4102', fund: 'service', debit: '1000000.00' }, { account: '4101', fund: 'service', credit: '1000000.00' }];
  const transfer = (amount: string, fund: string | null) => wrongs((log) => {
    const order = log.submit({ kind: 'transfer', amount, fund, rule: 3, postings: moved, vouchers: [] });
    log.sign(order, 'manager');
    log.sign(order, 'chair');
    log.post({ kind: 'transfer', entry_date: log.day, description: '转账', postings: moved, proposal: order.proposal });
  });
  t.same(await transfer('1000000.00', 'service'), []);
  t.same(await transfer('1.00', 'service'), ['entry_differs_from_order'], 'a transfer of a million under an order of one yuan');
  t.same(await transfer('1000000.00', 'common'), ['entry_differs_from_order'], 'in the name of another fund');
  t.same(await wrongs((log) => {
    const order = log.submit({ kind: 'payment', amount: '100.00', fund: 'service', purpose: '维修', vouchers: [], payee_class: 'company', postings: lines('100.00', 'renovation') });
    log.sign(order, 'chair');
    log.sign(order, 'manager', { method: 'password' });
    log.pay(order);
  }), ['entry_differs_from_order'], 'paid from renovation, whose rule asks more, in the name of service');
  t.same(await wrongs((log) => {
    const { seq } = log.receive({ amount: '30.00' });
    const postings = [{ account: '1002', fund: 'service', debit: '-30.00' }, { account: '4101', fund: 'service', credit: '-30.00' }];
    const order = log.submit({ kind: 'reversal', amount: '0.01', fund: 'service', rule: 4, reverses: seq, postings });
    log.sign(order, 'manager');
    log.sign(order, 'chair');
    log.post({ kind: 'receipt', entry_date: log.day, description: '红字', postings, reverses: seq, proposal: order.proposal });
  }), ['entry_differs_from_order'], 'a reversal under a smaller sum');
});

t.test('rules without the owners\' side, without bounds, or from nowhere', async (t) => {
  const base = [rule('payment', both), rule('membership', both)];
  const signed = (content: Body, second: 'supervisor' | 'chair') => (log: MadeUpLog): void => {
    if (second === 'supervisor') log.enrol(second);
    const order = log.submit({ amount: '100.00', fund: 'service', purpose: '维修', vouchers: [], payee_class: 'company', postings: lines('100.00'), ...content });
    log.sign(order, 'manager');
    log.sign(order, second);
    if (content['class'] === 'emergency') log.emergency(order, { ratify_by: log.day, ratified: true });
    log.pay(order);
  };
  const property_and_supervisor = { property: 1, supervisor: 1 };
  t.match(await wrongs(signed({ kind: 'payment', class: 'vacancy', rule: 3 }, 'supervisor'), { rules: [...base, rule('payment', property_and_supervisor, { class: 'vacancy' })] }),
    ['rule_too_weak'], 'payments of the class for vacancies');
  t.match(await wrongs(signed({ kind: 'payment', class: 'emergency', rule: 3 }, 'chair'), { rules: [...base, rule('payment', both, { class: 'emergency' })] }), ['rule_too_weak'],
    'emergencies without a cap');
  t.match(await wrongs(signed({ kind: 'payment', class: 'cheap', rule: 3 }, 'chair'), { rules: [...base, rule('payment', both, { class: 'cheap' })] }), ['rule_too_weak'], 'a class of its own');
  const vacancy = rule('membership', property_and_supervisor, { class: 'vacancy', needs_resolution: true, notice_days: 7 });
  t.match(await wrongs((log) => {
    log.append('rules_completed', { as_rule: 3, kinds: ['refund', 'rule'] });
    signed({ kind: 'refund', rule: 4 }, 'supervisor')(log);
  }, { rules: [...base, vacancy] }), ['rule_too_weak'], 'refunds as in a vacancy');
  t.match(await wrongs((log) => void log.append('rules_completed', { as_rule: 1, kinds: ['membership'] }), { rules: base }), ['rule_twice'], 'a second rule beside the first');
  t.match(await wrongs((log) => {
    log.submit({
      kind: 'membership', class: 'vacancy', rule: 3, change: 'appoint', body: 'committee', office: 'chair', person: persons.cashier, starts_on: '2026-09-20', ends_on: '2027-09-20',
      resolution: { title: '业主大会决议', voucher: sha256Hex('r') }, payable_from: addDays(log.day, 7),
    });
  }, { rules: [...base, vacancy] }), ['rule_not_kept'], 'a vacancy in a full committee');
});

t.test('banks that are none, and a bank left out', async (t) => {
  const bank = { name_zh: '共管账户', name_en: '', account_last4: '9999', bank_balance: '99999999.00', as_of: '2026-09-30', book_balance: '99999999.00', difference: '0.00' };
  t.same(await wrongs(() => undefined, { figures: (figures) => ({ ...figures, bank: [bank] }) }), ['figures_differ']);
  t.same(await wrongs(() => undefined, { figures: (figures) => ({ ...figures, bank: [...figures.bank, bank] }) }), ['figures_differ']);
  t.same(await wrongs((log) => void log.append('bank_balance_stated', { account: '1002', as_of: '2026-09-30', balance: '5.00' }), { figures: (figures) => ({ ...figures, bank: [] }) }), ['figures_differ']);
});

// ── Witnesses and keys ───────────────────────────────────────────────────────────────────────────

const witnessKey = (log: MadeUpLog, side: string): string =>
  verifierKeyText(keyOf(`${log.origin}/${side}-0000000${side.length % 10}`, COSIGNATURE, ed25519Key().public_key));

t.test('witnesses: of a side they serve, none left out, none who retired, and no milder quorum', async (t) => {
  const scene = async (happens: (log: MadeUpLog, enrol: (side: 'committee' | 'street' | 'resident', person: string | null) => string) => string): Promise<string[]> => {
    const log = openLog();
    log.at('2026-09-05 09:00');
    log.receive({ amount: '10.00' });
    let witness = 0;
    const policy = happens(log, (side, person) => {
      const vkey = witnessKey(log, side);
      log.append('witness_enrolled', { person, side, vkey, witness: (witness += 1) });
      return vkey;
    });
    log.at('2026-10-10 08:00');
    return broken(await judged(log, '2026-09', { facts: (facts) => ({ ...facts, policy }) }));
  };
  const of = (log: MadeUpLog, witnesses: [side: 'committee' | 'street' | 'resident', vkey: string][]): string =>
    policyText({ log: log.vkey, witnesses: witnesses.map(([group, vkey], i) => ({ name: `${group}-${i}`, group, vkey })) });
  t.same(await scene((log, enrol) => of(log, [['committee', enrol('committee', persons.chair)], ['resident', enrol('resident', null)]])), []);
  t.same(await scene((log, enrol) => of(log, [['committee', enrol('committee', persons.cashier)], ['resident', enrol('resident', null)]])), ['witness_not_of_side'],
    'the cashier as the committee');
  t.same(await scene((log, enrol) => of(log, [['committee', enrol('committee', null)], ['resident', enrol('resident', null)]])), ['witness_not_of_side'], 'nobody as the committee');
  t.same(await scene((log, enrol) => {
    enrol('committee', persons.chair);
    return of(log, [['resident', enrol('resident', null)]]);
  }), ['witness_left_out'], 'a policy without the member who witnesses');
  t.same(await scene((log, enrol) => {
    const vkey = enrol('committee', persons.chair);
    log.append('witness_retired', { witness: 1 });
    return of(log, [['committee', vkey], ['resident', enrol('resident', null)]]);
  }), ['witness_not_enrolled'], 'a lost device that was retired');
  t.same(await scene((log, enrol) => {
    const text = of(log, [['committee', enrol('committee', persons.chair)], ['resident', enrol('resident', null)]]);
    return text.replace(/^quorum .*$/m, 'quorum resident');
  }), ['witness_left_out'], 'a quorum of owners alone');
});

t.test('a key that was given must have signed itself: its name in a forged log is worth nothing', async (t) => {
  const genuine = openLog();
  // The forger opens a log with the true key and, by signers of their own, replaces it at once.
  const pair = ed25519Key();
  const log = new MadeUpLog({ secret: pair });
  const own = log.vkey;
  Object.assign(log, { vkey: genuine.vkey });
  log.open();
  log.at('2026-09-02 09:00');
  const order = log.submit({ kind: 'log_key', rule: 6, new_vkey: own, old_vkey: genuine.vkey });
  for (const name of ['manager', 'chair', 'member'] as const) log.sign(order, name);
  log.append('log_key_changed', { proposal: order.proposal, new_vkey: own, old_vkey: genuine.vkey });
  const seq = log.records.length;
  log.at('2026-09-05 09:00');
  log.receive({ amount: '10.00' });
  log.at('2026-10-10 08:00');
  const facts = (one: any): any => ({ ...one, keys: [...one.keys, { vkey: own, seq }] });
  const parts = await sealed(log, '2026-09', { facts });
  t.same(broken(await judge({ 'm.pdf': pdfOf(parts) })), [], 'by itself it is a log as any other');
  t.same(broken(await judge({ 'm.pdf': pdfOf(parts) }, { trusted_keys: [genuine.vkey] })), ['key_not_trusted']);
  t.same(broken(await judge({ 'm.pdf': pdfOf(parts) }, { trusted_keys: [own] })), []);
});

t.test('a key that was replaced signs no more, in whatever order a file names the keys', async (t) => {
  const log = openLog();
  log.at('2026-09-02 09:00');
  const other = verifierKeyText(keyOf(log.origin, 1, ed25519Key().public_key));
  const order = log.submit({ kind: 'log_key', rule: 6, new_vkey: other, old_vkey: log.vkey });
  for (const name of ['manager', 'chair', 'member'] as const) log.sign(order, name);
  log.append('log_key_changed', { proposal: order.proposal, new_vkey: other, old_vkey: log.vkey });
  const seq = log.records.length;
  log.at('2026-09-05 09:00');
  log.receive({ amount: '10.00' });
  log.at('2026-10-10 08:00');
  const found = broken(await judged(log, '2026-09', { facts: (facts) => ({ ...facts, keys: [{ vkey: other, seq }, ...facts.keys] }) }));
  t.same(found, ['checkpoint_by_old_key']);
});

t.test('a small file that unpacks to a gigabyte is given up early', async (t) => {
  const log = quietMonth();
  log.at('2026-10-10 08:00');
  const parts = await log.seal('2026-09').parts();
  for (const [name, head] of [['figures.json', '{"a":"'], ['entries.csv', ''], ['records.tsv', `mingzhang/log/v1\t${log.estate}\t0\t9\n`]] as const) {
    const bytes = new Uint8Array(2 ** 28).fill(32);
    bytes.set(utf8(head));
    const file = pdfOf(new Map(parts).set(name, bytes));
    const begun = performance.now();
    t.equal((await judge({ 'm.pdf': file })).outcome, 'broken', name);
    t.ok(performance.now() - begun < 8_000, `${name} ${Math.round(performance.now() - begun)} ms`);
  }
});

// ── Audit packages ───────────────────────────────────────────────────────────────────────────────

interface Packed { name: string; listed?: string; data: string; hidden?: boolean }

/** A ZIP by hand: what stands before each file, and what the directory at the end says of it. */
function zipOf(files: readonly Packed[], { before = '', after = '' } = {}): Blob {
  const parts: Buffer[] = [Buffer.from(before)];
  const directory: Buffer[] = [];
  let at = before.length;
  for (const { name, listed = name, data, hidden = false } of files) {
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(0x800, 2);
    shared.writeUInt32LE(crc32(data), 10);
    shared.writeUInt32LE(data.length, 14);
    shared.writeUInt32LE(data.length, 18);
    const [own, told] = [Buffer.from(shared), Buffer.from(shared)];
    own.writeUInt16LE(name.length, 22);
    told.writeUInt16LE(listed.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), own, Buffer.from(name), Buffer.from(data)]);
    if (!hidden) directory.push(Buffer.from('PK\x01\x02\x14\x00'), told, place, Buffer.from(listed));
    parts.push(local);
    at += local.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06');
  const count = files.filter(({ hidden }) => hidden !== true).length;
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(at, 16);
  return new Blob([Buffer.concat([...parts, ...directory, end, Buffer.from(after)])]);
}

t.test('a package has one reading, by its directory and from its beginning', async (t) => {
  const manifest = { name: 'manifest.json', data: '{}' };
  const csv = { name: 'journal/journal.csv', data: 'seq' };
  t.same([...(await openArchive(zipOf([manifest, csv]))).keys()], ['manifest.json', 'journal/journal.csv']);
  for (const [name, blob] of Object.entries({
    'a file under another name': zipOf([manifest, { ...csv, name: 'journal/another.csv', listed: csv.name }]),
    'a file between the files': zipOf([manifest, { ...csv, hidden: true }, { name: 'README.txt', data: 'x' }]),
    'a file behind the files': zipOf([manifest, { ...csv, hidden: true }]),
    'something before them': zipOf([manifest, csv], { before: 'PK\x03\x04something' }),
    'something after them': zipOf([manifest, csv], { after: 'something' }),
    'two names in one for some systems': zipOf([manifest, csv, { ...csv, name: 'journal/Journal.csv' }]),
  })) await t.rejects(openArchive(blob), name);
});

// ── Journals of an audit package ─────────────────────────────────────────────────────────────────

t.test('journals: nothing that other programs read and the verifier does not', async (t) => {
  const books = new Books('shili');
  books.periods.set('2026-09', [{
    seq: 3, kind: 'receipt', period: '2026-09', number: 1, date: '2026-09-05', description: '物业费', vouchers: 0, proposal: null, ordered: null, reverses: null, reversed_by: null,
    bank_line: null, settles: null, mandate: null, release: false,
    lines: [{ account: '1002', fund: 'service', debit: 1000, credit: 0, unit: null, payee: null }, { account: '4101', fund: 'service', debit: 0, credit: 1000, unit: null, payee: null }],
  }]);
  const hledger = 'decimal-mark .\n\n2026-09-05 * (2026-09 收-001) 收款 | 物业费\n    ; seq:3, kind:receipt\n    资产:1002 银行存款:service 物业  10.00 CNY\n    收入:4101 物业费:service 物业  -10.00 CNY\n\n';
  const beancount = '2026-09-05 * "物业费" #receipt ^seq-3\n  seq: 3\n  Assets:C1002-Bank:Service  10.00 CNY\n  Income:C4101-Fee:Service  -10.00 CNY\n\n';
  const found = async (path: string, text: string): Promise<string[]> => {
    const codes: string[] = [];
    const file: ArchiveFile = { path, size: 0, async* open() { yield utf8(text); }, blob: async () => new Blob([text]) };
    await checkJournals(books, new Map([[path, file]]), { from: '2026-09', to: '2026-09', size: 9 }, (code) => void codes.push(code));
    return codes;
  };
  const money = '    资产:1002 银行存款:service 物业  -9.00 CNY\n    支出:5102 维修:service 物业  9.00 CNY\n\n';
  t.same(await found('journal/journal.hledger', hledger), []);
  for (const [name, added] of Object.entries({
    'an entry with another mark': `2026-09-06 ! (x) y\n${money}`, 'an entry without a mark': `2026-09-06 y\n${money}`, 'another spelling of the day': `2026/09/06 * (x) y\n${money}`,
    'opening balances in the middle': `2026-08-31 * (期初) 期初余额 | 2026-08-31\n${money}`, 'a month end that moves money': `2026-09-30 * (月末) 月末余额 | 2026-09\n${money}`,
    'another file': 'include other.journal\n', 'a periodic entry': `~ monthly\n${money}`, 'an automatic entry': `= 资产\n${money}`, 'an alias': 'alias 支出=收入\n',
    'a posting by a tab': '\t资产:1002 银行存款:service 物业  -9.00 CNY\n',
  })) t.not((await found('journal/journal.hledger', hledger + added)).length, 0, name);
  t.not((await found('journal/journal.hledger', hledger.replace('-10.00 CNY', '-10.00 CNY  ; date:2027-01-01'))).length, 0, 'a day of its own for a line');
  t.not((await found('journal/journal.hledger', hledger.replace('收入:', '负债:'))).length, 0, 'income among the debts');
  t.not((await found('journal/journal.hledger', `2026-08-31 * (期初) 期初余额 | 2026-08-31\n${money}${hledger}`)).length, 0, 'opening balances from nowhere');
  t.same(await found('journal/journal.beancount', beancount), []);
  const spent = '  Assets:C1002-Bank:Service  -9.00 CNY\n  Expenses:C5102-Repair:Service  9.00 CNY\n\n';
  for (const [name, added] of Object.entries({
    'an entry with another mark': `2026-09-06 ! "x" #payment ^seq-9\n${spent}`, 'a txn': `2026-09-06 txn "x"\n${spent}`, 'opening balances': `2026-08-31 * "期初余额" "Opening balances" #opening\n${spent}`,
    'padding': '2026-09-06 pad Assets:C1002-Bank:Service Equity:X\n', 'another file': 'include "other.beancount"\n', 'a plugin': 'plugin "beancount.plugins.auto"\n',
  })) t.not((await found('journal/journal.beancount', beancount + added)).length, 0, name);
});
