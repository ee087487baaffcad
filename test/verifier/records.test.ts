// Whatever the database would never let pass is found in the records, by its name, whoever wrote it there.
import t from 'tap';
import { canonical, type Json } from '../../src/kernel/canonical.ts';
import { openLog, persons, sha256Hex, yuan, type Body, type MadeUpLog, type Order } from './made-up-log.ts';
import { broken, cautions, judge, quietMonth, unfilled } from './scenes.ts';

/** Seals September and gives what is wrong with it. */
async function wrongs(log: MadeUpLog): Promise<string[]> {
  log.at('2026-10-10 08:00');
  const verdict = await judge({ 'september.pdf': await log.seal('2026-09').pdf() });
  const odd = unfilled(verdict);
  if (odd.length > 0) throw new Error(odd.join('\n'));
  return broken(verdict);
}

const ready = (): MadeUpLog => {
  const log = openLog();
  log.at('2026-09-05 09:00');
  log.receive({ amount: '500000.00' });
  log.receive({ amount: '50000.00', fund: 'renovation' });
  return log;
};
const flip = (text: string): string => (text.startsWith('A') ? 'B' : 'A') + text.slice(1);
/** Puts together what the lines of an order are. */
const spent = (amount: string, account = '5102', fund = 'service'): Body[] => [{ account, fund, debit: amount, payee: '1' }, { account: '1002', fund, credit: amount }];

t.test('a month as it should be holds', async (t) => {
  t.same(await wrongs(quietMonth()), []);
  const log = quietMonth();
  log.at('2026-10-10 08:00');
  const verdict = await judge({ 'september.pdf': await log.seal('2026-09').pdf() });
  t.equal(verdict.outcome, 'holds');
  t.same(cautions(verdict), ['key_on_first_sight', 'pages_sealed_later', 'witness_none']);
});

t.test('entries', async (t) => {
  const entry = (change: (body: Body) => void, number?: string) => (log: MadeUpLog): void => {
    const body: Body = { kind: 'receipt', entry_date: '2026-09-05', description: '物业费', postings: [{ account: '1002', fund: 'service', debit: '10.00' }, { account: '4101', fund: 'service', credit: '10.00' }] };
    change(body);
    if (number === undefined) log.post(body);
    else log.append('journal_entry', { key: 'k', made_by: persons.cashier, ...body }, number);
  };
  const cases: Record<string, [make: (log: MadeUpLog) => void, code: string]> = {
    'that do not balance': [entry((body) => { body['postings'][1].credit = '9.00'; }), 'entry_unbalanced'],
    'that balance over two funds only': [entry((body) => { body['postings'][1].fund = 'common'; }), 'fund_unbalanced'],
    'with negative amounts': [entry((body) => { body['postings'] = [{ account: '1002', fund: 'service', debit: '-10.00' }, { account: '4101', fund: 'service', credit: '-10.00' }]; }), 'entry_amounts'],
    'with one line': [entry((body) => { body['postings'].pop(); }), 'entry_amounts'],
    'with both sides on a line': [entry((body) => { body['postings'][0].credit = '1.00'; }), 'entry_amounts'],
    'with half a fen': [entry((body) => { body['postings'][0].debit = '10.005'; }), 'record_misshapen'],
    'dated ahead': [entry((body) => { body['entry_date'] = '2026-09-06'; }), 'entry_dated_ahead'],
    'that take money out without an order': [entry((body) => { body['postings'] = spent('10.00'); }), 'money_out_without_order'],
    'that are payments without an order': [entry((body) => { body['kind'] = 'payment'; }), 'order_missing'],
    'that book an expense as a receipt': [entry((body) => { body['postings'] = [{ account: '5102', fund: 'service', debit: '10.00' }, { account: '2202', fund: 'service', credit: '10.00' }]; }), 'order_missing'],
    'with a number too far on': [entry(() => undefined, '2026-09 收-004'), 'number_gap'],
    'with a number that was given': [entry(() => undefined, '2026-09 收-002'), 'number_gap'],
    'with the number of another month': [entry(() => undefined, '2026-08 收-003'), 'number_wrong'],
    'with a number of another kind': [entry(() => undefined, '2026-09 付-003'), 'number_wrong'],
    'without a number': [entry(() => undefined, '-'), 'number_wrong'],
  };
  for (const [name, [make, code]] of Object.entries(cases)) {
    const log = ready();
    make(log);
    t.equal((await wrongs(log))[0], code, name);
  }
});

t.test('entries in a month that is closed, and closings', async (t) => {
  const log = quietMonth();
  log.at('2026-10-01 09:00');
  log.close('2026-09');
  log.receive({ amount: '1.00', date: '2026-09-30' });
  t.equal((await wrongs(log))[0], 'entry_in_closed_month');

  const other = quietMonth();
  other.at('2026-10-01 09:00');
  const order = other.submit({ kind: 'close', rule: 5, period: '2026-09', entries: 9, debit: '1.00' });
  other.sign(order, 'manager');
  other.sign(order, 'chair');
  other.append('period_closed', { debit: '1.00', entries: 9, period: '2026-09', proposal: order.proposal });
  t.equal((await wrongs(other))[0], 'close_differs', 'with other figures than the entries have');

  const unsigned = quietMonth();
  unsigned.at('2026-10-01 09:00');
  unsigned.append('period_closed', { debit: '1.00', entries: 9, period: '2026-09', proposal: 77 });
  t.equal((await wrongs(unsigned))[0], 'support_missing', 'without a proposal');
});

t.test('reversals', async (t) => {
  const reverse = (change: (body: Body) => Body) => {
    const log = ready();
    log.reverse(log.receive({ amount: '30.00' }).seq, change);
    return wrongs(log);
  };
  t.same(await reverse((body) => body), []);
  t.equal((await reverse((body) => ({ ...body, postings: body['postings'].map((line: Body) => ({ ...line, ...(line['debit'] === undefined ? { credit: '-29.00' } : { debit: '-29.00' }) })) })))[0], 'reversal_wrong', 'of another amount');
  t.equal((await reverse((body) => ({ ...body, reverses: 1 })))[0], 'entry_differs_from_order', 'of what is no entry');
  const log = ready();
  const { seq } = log.receive({ amount: '30.00' });
  log.reverse(seq);
  log.reverse(seq);
  t.equal((await wrongs(log))[0], 'reversed_twice');
});

t.test('payments', async (t) => {
  const cases: Record<string, [make: (log: MadeUpLog) => void, code: string]> = {
    'that nobody approved': [(log) => void log.pay(log.order('10.00')), 'order_not_approved'],
    'that one body approved': [(log) => {
      const order = log.order('10.00');
      log.sign(order, 'manager');
      log.pay(order);
    }, 'order_not_approved'],
    'that one of two members approved': [(log) => {
      const order = log.order('100000.00', { rule: 2 });
      log.sign(order, 'manager');
      log.sign(order, 'chair');
      log.pay(order);
    }, 'order_not_approved'],
    'of another amount': [(log) => void log.pay(log.approved('10.00'), { postings: spent('11.00') }), 'entry_differs_from_order'],
    'from another fund': [(log) => void log.pay(log.approved('10.00'), { postings: spent('10.00', '5102', 'renovation') }), 'entry_differs_from_order'],
    'to another payee': [(log) => void log.pay(log.approved('10.00'), { postings: [{ account: '5102', fund: 'service', debit: '10.00', payee: '2' }, { account: '1002', fund: 'service', credit: '10.00' }] }), 'entry_differs_from_order'],
    'made twice': [(log) => {
      const order = log.approved('10.00');
      log.pay(order);
      log.pay(order);
    }, 'order_twice'],
    'that were withdrawn': [(log) => {
      const order = log.approved('10.00');
      log.append('proposal_withdrawn', { proposal: order.proposal, version: 1, document_hash: order.hash, by: persons.cashier, body: 'property', office: 'cashier', reason: '不付了' });
      log.pay(order);
    }, 'order_not_approved'],
    'with a voucher that was not signed for': [(log) => void log.pay(log.approved('10.00', { vouchers: [sha256Hex('a')] }), { vouchers: [sha256Hex('b')] }), 'order_vouchers_differ'],
    'before their notice is over': [(log) => {
      const order = log.submit({ kind: 'refund', amount: '10.00', fund: 'service', rule: 11, payable_from: '2026-09-08', vouchers: [], postings: spent('10.00', '4101') });
      log.sign(order, 'manager');
      log.sign(order, 'chair');
      log.pay(order);
    }, 'order_in_notice'],
    'with an objection that nobody answered': [(log) => {
      const order = log.approved('10.00');
      log.append('objection_raised', { proposal: order.proposal, version: 1, document_hash: order.hash, by: null, body: null, objection_commitment: sha256Hex('x') });
      log.pay(order);
    }, 'order_objected'],
  };
  for (const [name, [make, code]] of Object.entries(cases)) {
    const log = ready();
    make(log);
    t.equal((await wrongs(log))[0], code, name);
  }
  const answered = ready();
  const order = answered.approved('10.00');
  const { seq } = answered.append('objection_raised', { proposal: order.proposal, by: null, body: null });
  answered.append('objection_answered', { proposal: order.proposal, objection: 1, objection_record: seq, by: persons.manager, body: 'property' });
  answered.pay(order);
  t.same(await wrongs(answered), [], 'once it is answered, it may be paid');
});

t.test('signatures', async (t) => {
  const cases: Record<string, [make: (log: MadeUpLog, order: Order) => void, code: string]> = {
    'of the maker': [(log, order) => log.sign(order, 'manager', { change: (body) => ({ ...body, person: persons.cashier }) }), 'signer_concerned'],
    'of somebody without an office': [(log, order) => log.sign(order, 'manager', { change: (body) => ({ ...body, person: persons.supervisor }) }), 'not_in_office'],
    'of a body that is not asked': [(log, order) => log.sign(order, 'manager', { method: 'password', change: (body) => ({ ...body, person: persons.supervisor, body: 'supervisor' }) }), 'body_not_asked'],
    'given twice': [(log, order) => {
      log.sign(order, 'manager');
      log.sign(order, 'manager');
    }, 'signed_twice'],
    'under another document': [(log, order) => log.sign(order, 'manager', { change: (body) => ({ ...body, document_hash: sha256Hex('other') }) }), 'signature_other_document'],
    'after a rejection': [(log, order) => {
      log.sign(order, 'manager', { decision: 'reject' });
      log.sign(order, 'chair');
    }, 'signature_out_of_time'],
    'after the last day': [(log, order) => {
      log.at('2026-09-28 09:00');
      log.sign({ ...order }, 'manager');
    }, 'signature_out_of_time'],
    'of a deputy without a delegation': [(log, order) => log.sign(order, 'deputy', { as: 'chair' }), 'delegation_missing'],
    'of a deputy in their own name': [(log, order) => log.sign(order, 'deputy'), 'not_in_office'],
    'with a key that nobody enrolled': [(log, order) => log.sign(order, 'manager', { change: (body) => ({ ...body, evidence: { ...body['evidence'], credential_id: 'AAAAAAAAAAAAAAAAAAAA' } }) }), 'passkey_unknown'],
    'with the key of somebody else': [(log, order) => log.sign(order, 'chair', { change: (body) => ({ ...body, person: persons.member }) }), 'passkey_unknown'],
    'with a key that was revoked': [(log, order) => {
      log.append('passkey_revoked', { person: persons.manager, credential_id: log.keys['manager']!.id, reason: '丢失', by: persons.manager });
      log.sign(order, 'manager');
    }, 'passkey_revoked'],
    'that do not hold': [(log, order) => log.sign(order, 'manager', { change: (body) => ({ ...body, evidence: { ...body['evidence'], signature: `${(body['evidence'] as Body)['signature'].slice(0, -6)}${flip((body['evidence'] as Body)['signature'].slice(-6, -5))}${(body['evidence'] as Body)['signature'].slice(-5)}` } }) }), 'assertion_wrong'],
    'made for another decision': [(log, order) => log.sign(order, 'manager', { change: (body) => ({ ...body, decision: 'reject', reason: '不' }) }), 'assertion_wrong'],
    'whose challenge was used before': [(log, order) => {
      const other = log.order('10.00');
      let kept: Body = {};
      log.sign(other, 'manager', { change: (body) => {
        kept = body['evidence'];
        return body;
      } });
      log.sign(order, 'manager', { change: (body) => ({ ...body, evidence: kept }) });
    }, 'challenge_reused'],
    'by a method nobody knows': [(log, order) => log.sign(order, 'manager', { method: 'telephone' }), 'method_too_weak'],
    'under nothing': [(log) => log.append('signature', { proposal: 99, document_hash: sha256Hex('x'), person: persons.manager, body: 'property', decision: 'approve', method: 'password', reason: '', evidence: {} }), 'support_missing'],
  };
  for (const [name, [make, code]] of Object.entries(cases)) {
    const log = ready();
    make(log, log.order('20.00', { expires_on: '2026-09-20' }));
    t.equal((await wrongs(log))[0], code, name);
  }
});

t.test('rules: which one answers, in which order, with which method', async (t) => {
  const under = async (more: Body, signers: readonly ('manager' | 'chair')[], method = 'passkey'): Promise<string[]> => {
    const log = ready();
    const order = log.order('500.00', { fund: 'renovation', rule: 10, ...more });
    for (const one of signers) log.sign(order, one, { method });
    return wrongs(log);
  };
  t.same(await under({}, ['manager', 'chair']), []);
  t.equal((await under({}, ['chair']))[0], 'out_of_turn');
  t.equal((await under({}, ['manager'], 'password'))[0], 'method_too_weak');
  t.equal((await under({ rule: 1 }, []))[0], 'rule_wrong', 'the fund\'s own rule goes first');
  t.equal((await under({ rule: 99 }, []))[0], 'support_missing');
  t.equal((await under({ expires_on: '2027-09-30' }, []))[0], 'rule_not_kept');
  const weak = openLog();
  weak.at('2026-09-05 09:00');
  t.equal((await wrongs(new (Object.getPrototypeOf(weak).constructor)().open([{ kind: 'payment', amount_from: '0.00', amount_to: null, fund: null, expires_days: 30, bodies: { committee: 1 } }]) as MadeUpLog))[0], 'rule_too_weak');
});

t.test('a submission that was tampered with', async (t) => {
  const log = ready();
  const body = { proposal: 9, version: 1, rule: 1, expires_on: '2026-09-20', by: persons.cashier };
  const document = { kind: 'payment', estate: 'shili', proposal: 9, version: 1, made_by: persons.cashier, submitted_on: '2026-09-05', amount: '10.00', fund: 'service', title: '', postings: spent('10.00') };
  log.append('proposal_submitted', { ...body, document_hash: sha256Hex(canonical({ ...document, amount: '11.00' } as unknown as Json)), document });
  t.equal((await wrongs(log))[0], 'document_altered');
  const other = ready();
  other.append('proposal_submitted', { ...body, by: persons.manager, document_hash: sha256Hex(canonical(document as unknown as Json)), document });
  t.equal((await wrongs(other))[0], 'submission_differs');
});

t.test('emergencies: within the cap, ratified in time or said to be late', async (t) => {
  const emergency = (log: MadeUpLog, amount: string): Order => {
    const order = log.order(amount, { class: 'emergency', rule: 9 });
    log.sign(order, 'manager');
    log.sign(order, 'chair');
    log.emergency(order, { ratify_by: '2026-09-12', ratified: true });
    return order;
  };
  const log = ready();
  log.pay(emergency(log, '15000.00'));
  t.same(await wrongs(log), [], 'the normal rule asks no more: nothing is left to ratify');
  const above = ready();
  log.at('2026-09-05 09:00');
  above.pay(emergency(above, '19000.00'));
  above.pay(emergency(above, '19000.00'));
  t.equal((await wrongs(above))[0], 'emergency_above_cap');
});

t.test('offices come by proposal once the estate is open', async (t) => {
  const log = ready();
  log.append('term_opened', { body: 'committee', office: 'member', person: persons.supervisor, starts_on: '2026-09-05', ends_on: '2031-08-31', term: 77 });
  t.equal((await wrongs(log))[0], 'term_without_proposal');
  const signed = ready();
  const content = { change: 'appoint', person: persons.supervisor, body: 'supervisor', office: 'supervisor', starts_on: '2026-09-05', ends_on: '2030-08-31' };
  const order = signed.submit({ kind: 'membership', rule: 7, ...content });
  for (const one of ['manager', 'chair', 'member'] as const) signed.sign(order, one);
  signed.append('term_opened', { body: content.body, office: content.office, person: content.person, starts_on: content.starts_on, ends_on: '2040-08-31', proposal: order.proposal, term: 77 });
  t.equal((await wrongs(signed))[0], 'term_differs', 'longer than it was signed');
});

t.test('records that are none', async (t) => {
  for (const [name, body] of Object.entries<Body>({ 'without fields': {}, 'with a list for a text': { proposal: 1, document_hash: [], person: {}, body: 1, decision: null } })) {
    const log = ready();
    log.order('10.00');
    log.append('signature', body);
    t.equal((await wrongs(log))[0], 'record_misshapen', name);
  }
  const twice = ready();
  const record = twice.append('comment_made', {});
  record.body = '{"a":1,"a":2}';
  t.ok((await wrongs(twice)).includes('record_misshapen'), 'a name that comes twice');
  const back = ready();
  back.at('2026-09-04 09:00');
  back.receive({ amount: yuan(100) });
  t.equal((await wrongs(back))[0], 'time_runs_back');
});
