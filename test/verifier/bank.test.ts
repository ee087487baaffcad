// The bank's word in the records: what a statement may say, what may be booked from its lines without an order, how it is
// cleared; and whoever writes it otherwise is found, in the month's own file.
import t from 'tap';
import { openLog, persons, type Body, type MadeUpLog, type Order } from './made-up-log.ts';
import { bankIn, type MadeUpBank } from './made-up-bank.ts';
import { broken, cautions, judge, unfilled } from './scenes.ts';

interface Made { log: MadeUpLog; bank: MadeUpBank }
/** With an order that was signed by the day of line 6. */
interface Ready extends Made { order: Order }

async function verdictOf({ log, bank }: Made, at = '2026-10-10 08:00') {
  log.at(at);
  const verdict = await judge({ 'september.pdf': await bank.seal('2026-09').pdf() });
  const odd = unfilled(verdict);
  if (odd.length > 0) throw new Error(odd.join('\n'));
  return verdict;
}

const all = ['manager', 'chair', 'member'] as const;
function signed(log: MadeUpLog, content: Body): Order {
  const order = log.submit(content);
  for (const one of all) log.sign(order, one);
  return order;
}

function mandate(log: MadeUpLog, more: Body = {}): number {
  const terms = { bank_account: '1002', account: '5602', fund: 'service', purpose: '手续费', cap_each: '50.00', cap_month: '80.00', valid_from: '2026-09-01', valid_to: '2027-08-31' };
  const { proposal } = signed(log, { kind: 'mandate', rule: 6, ...terms });
  log.append('mandate_opened', { proposal, valid_from: terms.valid_from, valid_to: terms.valid_to, ...more });
  return proposal;
}

/** 1 opening, 2 unexplained debit, 3 and 5 credits, 4 a fee, 6 a payment whose order is signed. */
function ready(): Ready {
  const log = openLog();
  const bank = bankIn(log);
  log.at('2026-09-08 18:00');
  bank.take([['2026-09-02', '90000.00'], ['2026-09-03', '-500.00'], ['2026-09-04', '300.00'], ['2026-09-05', '-30.00'], ['2026-09-05', '800.00'], ['2026-09-08', '-950.00']]);
  bank.book(1, { account: '4101' });
  const order = log.approved('950.00');
  log.at('2026-09-09 09:00');
  return { log, bank, order };
}

t.test('a month with everything in it holds, and says what the bank said', async (t) => {
  const { log, bank, order: timely } = ready();
  const debit = bank.book(2);
  const number = mandate(log);
  bank.book(4, { account: '5602', mandate: number });
  const held = bank.book(3);
  bank.book(5, { account: '4104', fund: 'common' });
  const paid = log.pay(timely);
  bank.match([paid.seq], [6]);
  const first = bank.settle(debit, bank.after(debit, '200.00'));
  // Another fund bears the rest: its money goes out, and comes back to the fund that was charged.
  const rest = bank.after(debit, '100.00', { fund: 'common' });
  bank.settle(debit, rest, (body) => ({ ...body, postings: [...rest.document['postings'] as Body[], { account: '1002', fund: 'service', debit: '100.00' }, { account: '1291', fund: 'service', credit: '100.00' }] }));
  bank.explain(held, '300.00');
  log.reverse(first.seq);
  log.at('2026-10-01 10:00');
  bank.take([['2026-09-30', '12.00']], { repeated: 0, from: '2026-09-08', to: '2026-09-30' });
  const order = signed(log, { kind: 'bank_account', rule: 6, change: 'change', account: '1002', account_last4: '7711', bank_name: '银行', name_zh: '共管账户', name_en: 'Bank' });
  log.append('bank_account_changed', { account: '1002', account_last4: '7711', bank_name: '银行', name_zh: '共管账户', name_en: 'Bank', proposal: order.proposal });
  const file = log.approved('70.00');
  log.append('pay_file_made', { bank_account: '1002', count: 1, format: 'pain.001', made_by: persons.cashier, orders: [file.proposal], sha256: 'a'.repeat(64), total: '70.00' });
  const verdict = await verdictOf({ log, bank });
  t.same(verdict.findings.filter(({ severity }) => severity === 'broken').map(({ code, text, where }) => [code, where, text.en]), []);
  t.ok(cautions(verdict).includes('unexplained_open'));
  t.match(verdict.findings.find(({ code }) => code === 'unexplained_open')!.text.en, /^1 debits of the bank are unexplained, 400.00 yuan in all, the first is record \d+$/);
  t.match(verdict.facts.at(-1)!.en, /bank account 1002 7711: 2 statements \(2026-09-01 to 2026-09-30\) of 7 lines .* unexplained debits: 1, 400.00 yuan/);
});

t.test('what is written otherwise is found', async (t) => {
  const clearing = (amount: string, account = '5102'): Body[] => [{ account, fund: 'service', debit: amount, payee: '1' }, { account: '1291', fund: 'service', credit: amount }];
  const cases: Record<string, [make: (made: Ready) => void, code: string]> = {
    // Statements.
    'a statement whose opening is not the last balance': [({ bank }) => void bank.take([['2026-09-09', '1.00']], { from: '2026-09-08', opening: '1.00' }), 'statement_not_continued'],
    'one that repeats lines and opens elsewhere': [({ bank }) => void bank.take([['2026-09-09', '1.00']], { from: '2026-09-08', repeated: 1, opening: '1.00' }), 'statement_not_continued'],
    'days without a statement': [({ log, bank }) => {
      log.at('2026-09-12 09:00');
      bank.take([['2026-09-12', '1.00']], { from: '2026-09-10' });
    }, 'bank_days_missing'],
    'a running balance that is not the sum': [({ bank }) => void bank.take([['2026-09-09', '1.00', '89622.00']], { from: '2026-09-08' }), 'statement_unbalanced'],
    'a closing that is not the last balance': [({ bank }) => void bank.take([['2026-09-09', '1.00']], { from: '2026-09-08', closing: '5.00' }), 'statement_unbalanced'],
    'a line before the last statement\'s end': [({ bank }) => void bank.take([['2026-09-07', '1.00']], { from: '2026-09-07' }), 'statement_misdated'],
    'a day that is not over': [({ bank }) => void bank.take([], { from: '2026-09-08', to: '2026-09-12' }), 'statement_misdated'],
    'an account that is not the estate\'s': [({ bank }) => void bank.take([['2026-09-09', '1.00']], { account: '100299', opening: '0.00', closing: '1.00' }), 'bank_account_unknown'],
    'a bank account without a proposal': [({ log }) => void log.append('bank_account_opened', { account: '100201', account_last4: '1111', name_zh: '二户', name_en: '', bank_name: '' }), 'bank_account_without_proposal'],
    'a bank account closed otherwise than signed': [({ log }) => {
      const terms = { account: '1002', account_last4: '7711', bank_name: '银行', name_zh: '共管账户', name_en: 'Bank' };
      const { proposal } = signed(log, { kind: 'bank_account', rule: 6, change: 'close', ...terms, closed_on: '2026-09-09' });
      log.append('bank_account_closed', { ...terms, closed_on: '2026-09-10', proposal });
    }, 'bank_account_differs'],
    // Money out without an order.
    'a debit to suspense without a line': [({ log }) => void log.post({ kind: 'payment', entry_date: '2026-09-09', description: 'x', postings: [{ account: '1291', fund: 'service', debit: '500.00' }, { account: '1002', fund: 'service', credit: '500.00' }] }), 'money_out_without_order'],
    'a debit booked as an expense': [({ bank }) => void bank.book(2, { account: '5102' }), 'money_out_without_order'],
    'a debit of another amount': [({ bank }) => void bank.book(2, { postings: [{ account: '1291', fund: 'service', debit: '400.00' }, { account: '1002', fund: 'service', credit: '400.00' }] }), 'bank_line_differs'],
    'a debit of a line that the bank does not have': [({ bank }) => void bank.book(2, { bank_line: { account: '1002', position: 99 } }), 'bank_line_unknown'],
    'a line that is booked twice': [({ bank }) => {
      bank.book(2);
      bank.book(2);
    }, 'bank_line_twice'],
    'before its day': [({ bank }) => void bank.book(2, { date: '2026-09-02' }), 'bank_line_differs'],
    'a receipt that takes from suspense': [({ log }) => void log.post({ kind: 'receipt', entry_date: '2026-09-09', description: 'x', postings: [{ account: '1002', fund: 'service', debit: '5.00' }, { account: '1291', fund: 'service', credit: '5.00' }] }), 'suspense_misused'],
    'a fee above the cap': [({ log, bank }) => void bank.book(6, { account: '5602', mandate: mandate(log) }), 'mandate_exceeded'],
    'a fee to another account': [({ log, bank }) => void bank.book(4, { account: '5102', mandate: mandate(log) }), 'mandate_differs'],
    'a fee without a mandate': [({ bank }) => void bank.book(4, { account: '5602', mandate: 77 }), 'mandate_differs'],
    'a fee after the mandate was ended': [({ log, bank }) => {
      const number = mandate(log);
      log.append('mandate_ended', { by: persons.chair, mandate: number });
      bank.book(4, { account: '5602', mandate: number, date: '2026-09-09' });
    }, 'mandate_differs'],
    // Settlements.
    'a debit cleared without an order': [({ log, bank }) => {
      const { seq } = bank.book(2);
      log.post({ kind: 'transfer', entry_date: '2026-09-09', description: 'x', settles: seq, postings: clearing('500.00') });
    }, 'order_missing'],
    'an order after the fact that is paid once more': [({ log, bank }) => void log.pay(bank.after(bank.book(2), '500.00')), 'order_after_the_fact'],
    'a settlement of something else than was signed for': [({ log, bank }) => {
      const debit = bank.book(2);
      const other = bank.book(6);
      bank.settle(debit, log.approved('500.00', { after_the_fact: { entry: other.seq } }));
    }, 'order_after_the_fact'],
    'a settlement above what is left': [({ bank }) => {
      const debit = bank.book(2);
      bank.settle(debit, bank.after(debit, '300.00'));
      bank.settle(debit, bank.after(debit, '300.00'));
    }, 'suspense_exceeded'],
    'a settlement with other lines': [({ bank }) => {
      const debit = bank.book(2);
      bank.settle(debit, bank.after(debit, '500.00'), (body) => ({ ...body, postings: clearing('500.00', '5103') }));
    }, 'entry_differs_from_order'],
    'a settlement of what is no suspense': [({ log, bank }) => void bank.settle(bank.book(5, { account: '4104' }), log.approved('500.00')), 'suspense_unknown'],
    'a credit that is cleared into somebody\'s pocket': [({ bank }) => void bank.explain(bank.book(3), '300.00', (body) => ({ ...body, postings: [{ account: '2291', fund: 'service', debit: '300.00' }, { account: '1002', fund: 'service', credit: '300.00' }] })), 'money_out_without_order'],
    'a credit cleared twice': [({ bank }) => {
      const held = bank.book(3);
      bank.explain(held, '300.00');
      bank.explain(held, '0.01');
    }, 'suspense_exceeded'],
    'suspense reversed that was settled': [({ log, bank }) => {
      const debit = bank.book(2);
      bank.settle(debit, bank.after(debit, '500.00'));
      log.reverse(debit.seq);
    }, 'suspense_exceeded'],
    // Matches.
    'a match of unequal sums': [({ log, bank }) => void bank.match([log.pay(log.approved('950.00')).seq], [2]), 'match_differs'],
    'a match of a line that is booked': [({ bank }) => void bank.match([bank.book(2).seq], [2]), 'match_differs'],
    'the end of a match that was none': [({ bank }) => void bank.match([], [6], 'bank_match_ended'), 'match_differs'],
    'an opening that the books do not have': [({ log }) => void log.append('bank_opening_matched', { account: '1002', by: persons.cashier, entries: [1], opening: '0.00' }), 'match_differs'],
    // Signed after the money had left.
    'an order booked from a line of the days before': [({ log, bank }) => {
      const { document, proposal } = log.approved('500.00');
      bank.book(2, { postings: document['postings'], proposal });
    }, 'order_signed_late'],
    'a settlement with an order that does not say it was signed afterwards': [({ log, bank }) => void bank.settle(bank.book(2), log.approved('500.00')), 'order_signed_late'],
    'a payment matched with a line of the days before': [({ log, bank }) => void bank.match([log.pay(log.approved('950.00')).seq], [6]), 'order_signed_late'],
    'lent and given back': [({ log, bank }) => {
      bank.take([['2026-09-09', '500.00']], { from: '2026-09-08' });
      log.approved('500.00');
      bank.match([], [2, 7]);
    }, 'match_differs'],
    // Pay files.
    'an order in two pay files': [({ log }) => {
      const { proposal } = log.approved('70.00');
      for (const sha256 of ['a', 'b']) log.append('pay_file_made', { bank_account: '1002', count: 1, format: 'x', made_by: persons.cashier, orders: [proposal], sha256: sha256.repeat(64), total: '70.00' });
    }, 'pay_file_wrong'],
    'a pay file with an order that waits': [({ log }) => void log.append('pay_file_made', { bank_account: '1002', count: 1, format: 'x', made_by: persons.cashier, orders: [log.order('70.00').proposal], sha256: 'a'.repeat(64), total: '70.00' }), 'pay_file_wrong'],
    'a pay file of another sum': [({ log }) => void log.append('pay_file_made', { bank_account: '1002', count: 1, format: 'x', made_by: persons.cashier, orders: [log.approved('70.00').proposal], sha256: 'a'.repeat(64), total: '71.00' }), 'pay_file_wrong'],
  };
  for (const [name, [make, code]] of Object.entries(cases)) {
    const made = ready();
    make(made);
    t.equal(broken(await verdictOf(made))[0], code, name);
  }
});

t.test('books that carry an opening balance begin as the bank does', async (t) => {
  const opened = async (amount: string): Promise<string[]> => {
    const log = openLog();
    const bank = bankIn(log);
    log.at('2026-09-08 18:00');
    const carried = log.receive({ amount, date: '2026-09-01', account: '3101' });
    bank.balance = 90000;
    bank.take([['2026-09-03', '-5.00']]);
    log.append('bank_opening_matched', { account: '1002', by: persons.cashier, entries: [carried.seq], opening: '900.00' });
    bank.book(1);
    return broken(await verdictOf({ log, bank })).filter((code) => code !== 'figures_differ');
  };
  t.same(await opened('900.00'), []);
  t.same(await opened('901.00'), ['match_differs']);
});

t.test('a line is free again when its entry is reversed, or its match ended', async (t) => {
  const { log, bank, order } = ready();
  const wrong = bank.book(2);
  log.reverse(wrong.seq);
  bank.book(2);
  const paid = log.pay(order);
  bank.match([paid.seq], [6]);
  bank.match([paid.seq], [6], 'bank_match_ended');
  bank.match([paid.seq], [6]);
  t.same(broken(await verdictOf({ log, bank })).filter((code) => code !== 'figures_differ'), []);
});

t.test('figures of the bank that are not those of the records', async (t) => {
  for (const [name, change] of Object.entries<(figures: Body) => void>({
    'an open debit left out': (figures) => { figures['unexplained'] = []; },
    'an open debit made smaller': (figures) => { figures['unexplained'][0].left = '1.00'; },
    'its label taken off the entry': (figures) => { delete figures['entries'].find((one: Body) => one['unexplained'] !== undefined).unexplained; },
    'the label of an order after the fact': (figures) => { figures['entries'].find((one: Body) => one['settles'] !== undefined).settles.after_the_fact = false; },
    'lines that no entry answers': (figures) => { figures['bank'][0].statement.open_lines = 0; },
    'the day that statements cover': (figures) => { figures['bank'][0].statement.covered_to = '2026-09-30'; },
  })) {
    const { log, bank } = ready();
    const debit = bank.book(2);
    bank.settle(debit, bank.after(debit, '200.00'));
    log.at('2026-10-10 08:00');
    const change_ = (figures: unknown) => {
      const copy = structuredClone(figures) as Body;
      change(copy);
      return copy as never;
    };
    const found = broken(await judge({ 'm.pdf': await bank.seal('2026-09', { change: change_ }).pdf() }));
    t.ok(found.includes('figures_differ') || found.includes('entry_row_differs'), `${name}: ${found.join(' ')}`);
  }
});

t.test('the next month alone: with what came along it is judged, without it is said', async (t) => {
  const { log, bank } = ready();
  for (const [position, account] of [[3, '4101'], [5, '4104'], [6, '1291']] as const) bank.book(position, { account });
  const debit = bank.book(2);
  const statement = log.records.find(({ kind }) => kind === 'bank_statement_imported')!;
  log.at('2026-09-30 09:00');
  bank.take([['2026-09-30', '-44.00']], { from: '2026-09-09', to: '2026-09-30' });
  const second = log.records.length;
  // The record before the month always comes along.
  log.order('1.00');
  log.at('2026-10-05 09:00');
  bank.book(4, { date: '2026-10-05' });
  bank.settle(debit, bank.after(debit, '500.00'));
  log.close('2026-09');
  log.at('2026-10-10 08:00');
  const september = await bank.seal('2026-09').pdf();
  log.at('2026-11-10 08:00');
  bank.take([], { from: '2026-10-01', to: '2026-10-31' });
  const october = async (carry: readonly number[], more: Parameters<MadeUpBank['seal']>[1] = {}) => bank.seal('2026-10', { carry, ...more });
  const records = log.records.length;
  const trim = (): void => { log.records.length = records; log.rehash(); };
  const entries = log.records.filter(({ kind, body }) => kind === 'journal_entry' && body.includes('"1291"') && !body.includes('settles')).map(({ seq }) => seq).filter((seq) => seq < second);
  const whole = await (await october([...entries, statement.seq, second])).pdf();
  const alone = await judge({ 'october.pdf': whole });
  t.same(broken(alone), []);
  t.notOk(cautions(alone).includes('bank_elsewhere'));
  t.same(broken(await judge({ 'september.pdf': september, 'october.pdf': whole })), []);
  trim();
  const poor = await judge({ 'october.pdf': await (await october(entries)).pdf() });
  t.same(broken(poor), []);
  t.ok(cautions(poor).includes('bank_elsewhere'), 'the statement of the line did not come along');
  trim();
  t.ok(broken(await judge({ 'october.pdf': await (await october([])).pdf() })).includes('support_missing'), 'nor the suspense entry');
  trim();
  t.same(broken(await judge({ 'october.pdf': await (await october([...entries, statement.seq])).pdf() }))[0], 'earlier_statements_differ', 'a statement between is left out');
  trim();
  const lied = { bank: [{ ...bank.heads(log.startOf('2026-10'))[0]!, balance: '1.00' }] };
  const lie = await (await october(entries, lied)).pdf();
  t.ok(broken(await judge({ 'september.pdf': september, 'october.pdf': lie })).includes('bank_start_differs'), 'a beginning that the month before does not have');
});

t.test('whatever stands in such records, nothing ends the verifier', async (t) => {
  const odd = [null, 'x', 1e300, {}, '9999-12-31', [['9999-12-31', '1.00']]];
  const bodies: [kind: string, body: Body][] = [
    ['bank_statement_imported', { account: '1002', closing: '89621.00', format: 'x', from: '2026-09-08', imported_by: persons.cashier, lines: [['2026-09-09', '1.00', '89621.00', 'S']], opening: '89620.00', period_stated: true, repeated: 0, to: '2026-09-09', voucher: 'x' }],
    ['bank_lines_matched', { account: '1002', by: persons.cashier, matches: [{ entries: [1], lines: [2] }] }], ['bank_match_ended', { account: '1002', by: persons.cashier, entries: [1], lines: [2] }],
    ['bank_account_closed', { account: '1002', account_last4: '7711', bank_name: '', closed_on: '2026-09-09', name_en: '', name_zh: '', proposal: 1 }],
    ['mandate_opened', { proposal: 1, valid_from: '2026-09-01', valid_to: '2026-09-02' }], ['mandate_ended', { by: persons.chair, mandate: 1 }],
    ['pay_file_made', { bank_account: '1002', count: 1, format: 'x', made_by: persons.cashier, orders: [1], sha256: 'x', total: '1.00' }], ['pay_file_voided', { by: persons.cashier, pay_file: 1, reason: 'x' }],
  ];
  const made = ready();
  const length = made.log.records.length;
  for (const [kind, body] of bodies) {
    for (const name of Object.keys(body)) {
      for (const value of odd) {
        made.log.records.length = length;
        made.log.append(kind, { ...body, [name]: value });
        made.log.rehash();
        const verdict = await judge({ 'm.pdf': await made.log.seal('2026-09', { bank: [] }).pdf() });
        if (verdict.findings.some(({ code }) => code === 'verifier_failed')) t.fail(`${kind} ${name} ${JSON.stringify(value)}`);
      }
    }
  }
});
