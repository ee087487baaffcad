// What is lawful holds, however unusual: a deputy under a delegation, refunds after their notice, transfers, a second
// version of a returned order, a new rule and a new key of the log under a proposal, an early end of a term, an
// emergency that is ratified afterwards; and each of these a day too early, or without what it rests on, does not.
import t from 'tap';
import { openLog, persons, type Body, type MadeUpLog, type Order, type Person } from './made-up-log.ts';
import { broken, cautions, judge, unfilled } from './scenes.ts';

async function wrongs(log: MadeUpLog, at = '2026-10-10 08:00'): Promise<string[]> {
  log.at(at);
  const verdict = await judge({ 'september.pdf': await log.seal('2026-09').pdf() });
  const odd = unfilled(verdict);
  if (odd.length > 0) throw new Error(odd.join('\n'));
  return broken(verdict);
}

function ready(rules?: readonly Body[]): MadeUpLog {
  const log = rules === undefined ? openLog() : openLog({ rules });
  log.at('2026-09-05 09:00');
  log.receive({ amount: '500000.00' });
  return log;
}
const signed = (log: MadeUpLog, content: Body, ...signers: Person[]): Order => {
  const order = log.submit(content);
  for (const one of signers) log.sign(order, one);
  return order;
};
const all = ['manager', 'chair', 'member'] as const;

t.test('a deputy signs in the place of the chair, as long as the delegation runs', async (t) => {
  const delegate = (log: MadeUpLog): void => {
    const content = { body: 'committee', principal: persons.chair, delegate: persons.deputy, starts_on: '2026-09-05', ends_on: '2026-09-20', after_days: 2 };
    const order = signed(log, { kind: 'delegation', rule: 8, ...content }, ...all);
    log.append('delegation_opened', { ...content, delegation: 1, proposal: order.proposal });
  };
  const paid = async (submitted: string, day: string, { ended = false } = {}): Promise<string[]> => {
    const log = ready();
    delegate(log);
    log.at(`${submitted} 09:00`);
    const order = log.order('70.00');
    log.sign(order, 'manager');
    log.at(`${day} 09:00`);
    if (ended) log.append('delegation_ended', { by: persons.chair, delegation: 1, ends_on: '2026-09-07' });
    log.sign(order, 'deputy', { as: 'chair' });
    log.pay(order);
    return wrongs(log);
  };
  t.same(await paid('2026-09-06', '2026-09-08'), []);
  t.equal((await paid('2026-09-06', '2026-09-07'))[0], 'delegation_missing', 'before it has waited two days');
  t.equal((await paid('2026-09-06', '2026-09-21'))[0], 'delegation_missing', 'after its last day');
  t.equal((await paid('2026-09-06', '2026-09-08', { ended: true }))[0], 'delegation_missing', 'after it was ended');
});

t.test('a refund waits for its notice', async (t) => {
  const paid = async (day: string): Promise<string[]> => {
    const log = ready();
    const order = signed(log, { kind: 'refund', amount: '10.00', fund: 'service', rule: 11, payable_from: '2026-09-08', vouchers: [],
      postings: [{ account: '4101', fund: 'service', debit: '10.00', payee: '1' }, { account: '1002', fund: 'service', credit: '10.00' }] }, 'manager', 'chair');
    log.at(`${day} 09:00`);
    log.pay(order);
    return wrongs(log);
  };
  t.same(await paid('2026-09-08'), []);
  t.equal((await paid('2026-09-07'))[0], 'order_in_notice');
});

t.test('a transfer moves between accounts, never money', async (t) => {
  const moved = async (postings: Body[]): Promise<string[]> => {
    const log = ready();
    const order = signed(log, { kind: 'transfer', amount: '10.00', fund: 'service', rule: 3, postings }, 'manager', 'chair');
    log.post({ kind: 'transfer', entry_date: '2026-09-05', description: '转账', postings, proposal: order.proposal });
    return wrongs(log);
  };
  t.same(await moved([{ account: '2203', fund: 'service', debit: '10.00' }, { account: '2202', fund: 'service', credit: '10.00' }]).then((codes) => codes.filter((code) => code !== 'figures_differ')), []);
  t.equal((await moved([{ account: '5102', fund: 'service', debit: '10.00' }, { account: '1002', fund: 'service', credit: '10.00' }]))[0], 'transfer_moves_money');
});

t.test('an order that was returned is submitted again; its old signatures are gone', async (t) => {
  const again = async (signers: readonly Person[]): Promise<string[]> => {
    const log = ready();
    const first = log.approvedBy('20.00', ['manager']);
    log.append('proposal_returned', { proposal: first.proposal, version: 1, document_hash: first.hash, by: persons.manager, body: 'property', office: 'manager', reason: '金额不对' });
    const second = log.order('21.00', { proposal: first.proposal, version: 2 });
    for (const one of signers) log.sign(second, one);
    log.pay(second);
    return wrongs(log);
  };
  t.same(await again(['manager', 'chair']), []);
  t.equal((await again(['chair']))[0], 'order_not_approved');
  const log = ready();
  const order = log.approvedBy('20.00', ['manager']);
  log.order('21.00', { proposal: order.proposal, version: 2 });
  t.equal((await wrongs(log))[0], 'step_unknown', 'without being returned');
});

t.test('held is not signed; released it is', async (t) => {
  const held = async (release: boolean): Promise<string[]> => {
    const log = ready();
    const order = log.approvedBy('20.00', ['manager']);
    const step = { proposal: order.proposal, version: 1, document_hash: order.hash, by: persons.manager, body: 'property', office: 'manager', reason: '等等' };
    log.append('proposal_held', step);
    if (release) log.append('proposal_released', { ...step, reason: '' });
    log.sign(order, 'chair');
    if (release) log.pay(order);
    return wrongs(log);
  };
  t.same(await held(true), []);
  t.equal((await held(false))[0], 'signature_out_of_time');
});

t.test('a rule is changed under the old one, and holds from its day on', async (t) => {
  const changed = async (rule: number, more: Body = {}): Promise<string[]> => {
    const log = ready();
    const stricter = { kind: 'payment', amount_from: '0.00', amount_to: '100000.00', fund: null, expires_days: 30, bodies: { property: 1, committee: 2 } };
    const order = signed(log, { kind: 'rule', rule: 6, ends: [1], rules: [stricter], valid_from: '2026-09-10' }, ...all);
    log.append('rules_changed', { ends: [1], first_rule: 12, proposal: order.proposal, valid_from: '2026-09-10', ...more });
    log.at('2026-09-12 09:00');
    const payment = log.order('30.00', { rule });
    for (const one of all) log.sign(payment, one);
    log.pay(payment);
    // The seal's own list of rules knows nothing of changes; that is told by other tests.
    return (await wrongs(log)).filter((code) => code !== 'standing_differs');
  };
  t.same(await changed(12), []);
  t.equal((await changed(1))[0], 'rule_wrong');
  t.ok((await changed(12, { ends: [2] })).includes('rule_change_differs'), 'another rule ended than was signed');
});

t.test('a term ends early, and its signer with it', async (t) => {
  const log = ready();
  signed(log, { kind: 'membership', rule: 7, change: 'end', term: 3, person: persons.chair, body: 'committee', office: 'chair', ends_on: '2026-09-05' }, 'manager', 'member', 'deputy');
  t.ok((await wrongs(log)).length > 0, 'a deputy has no vote of their own');
  const right = ready([
    { kind: 'payment', amount_from: '0.00', amount_to: null, fund: null, expires_days: 30, bodies: { property: 1, committee: 1 } },
    { kind: 'membership', amount_from: '0.00', amount_to: null, fund: null, expires_days: 30, bodies: { property: 1, committee: 1 } },
  ]);
  const end = signed(right, { kind: 'membership', rule: 2, change: 'end', term: 3, person: persons.chair, body: 'committee', office: 'chair', ends_on: '2026-09-05' }, 'manager', 'member');
  right.append('term_ended', { ends_on: '2026-09-05', proposal: end.proposal, term: 3 });
  right.at('2026-09-06 09:00');
  right.pay(right.approvedBy('9.00', ['manager', 'member']));
  t.same(await wrongs(right), []);
  right.at('2026-09-07 09:00');
  right.approvedBy('9.00', ['chair']);
  t.equal((await wrongs(right))[0], 'time_runs_back', 'the month was sealed meanwhile');
});

t.test('the log gets another key, under both keys of the estate', async (t) => {
  const log = ready();
  const other = openLog();
  const order = signed(log, { kind: 'log_key', rule: 6, old_vkey: log.vkey, new_vkey: other.vkey }, ...all);
  log.append('log_key_changed', { old_vkey: log.vkey, new_vkey: other.vkey, proposal: order.proposal });
  t.ok((await wrongs(log)).includes('key_not_told'), 'a file that does not name it');
  const unsigned = ready();
  unsigned.append('log_key_changed', { old_vkey: unsigned.vkey, new_vkey: other.vkey, proposal: 99 });
  t.equal((await wrongs(unsigned))[0], 'support_missing');
});

t.test('an emergency is ratified afterwards, or said to be late', async (t) => {
  const rules = [
    { kind: 'payment', amount_from: '0.00', amount_to: null, fund: null, expires_days: 30, bodies: { property: 1, committee: 2 } },
    { kind: 'payment', class: 'emergency', amount_from: '0.00', amount_to: '20000.00', fund: null, expires_days: 30, bodies: { property: 1, committee: 1 }, month_cap: '30000.00', ratify_days: 7 },
  ];
  const paid = (log: MadeUpLog): Order => {
    const order = log.approvedBy('9000.00', ['manager', 'chair'], { class: 'emergency', rule: 2 });
    log.pay(order);
    return order;
  };
  const log = ready(rules);
  const order = paid(log);
  log.at('2026-09-09 09:00');
  log.sign(order, 'member', { decision: 'ratify' });
  log.emergency(order, { ratify_by: '2026-09-12', ratified: true });
  t.same(await wrongs(log), []);
  const late = ready(rules);
  late.emergency(paid(late), { ratify_by: '2026-09-12', ratified: false });
  late.at('2026-10-10 08:00');
  const verdict = await judge({ 'september.pdf': await late.seal('2026-09').pdf() });
  t.equal(verdict.outcome, 'holds');
  t.ok(cautions(verdict).includes('emergency_not_ratified'));
  const twice = ready(rules);
  const other = paid(twice);
  twice.sign(other, 'chair', { decision: 'ratify' });
  twice.emergency(other, { ratify_by: '2026-09-12', ratified: false });
  t.equal((await wrongs(twice))[0], 'signed_twice', 'by somebody who approved it already');
});
