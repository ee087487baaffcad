// A cashier who would hide a debit: behind somebody else's entry, behind a credit, under a rule, as a fee, or by settling twice.
import t from 'tap';
import { proposeReversal } from '../../src/ledger/correction.ts';
import { executors } from '../../src/executors.ts';
import { matchByHand, confirmCandidates, endMatch } from '../../src/reconciliation/by-hand.ts';
import { changeRule, learn, listRules } from '../../src/reconciliation/rule.ts';
import { exceptionHistory, listExceptions, openSuspense } from '../../src/reconciliation/suspense.ts';
import { settleCredit } from '../../src/reconciliation/settle.ts';
import { executeOrder } from '../../src/payment/settle.ts';
import { receive } from '../disclosure/books.ts';
import { pay, refusalOf } from '../payment/story.ts';
import { scene } from './scene.ts';

const lamps = { kind: 'company', name: '川亮照明工程有限公司', bank_name: '工商银行简阳支行', account_number: '6222021234567890' } as const;

t.test('a dishonest cashier', async (t) => {
  const h = await scene(t);
  const { estate } = h;
  const actor = h.actorOf('cashier');
  await receive(h, { date: '2031-10-06', amount: '90000.00', account: '3101' });
  const order = await h.order({ payee: lamps, amount: '850.00' });
  h.at('2031-10-10 09:00');
  // "Paid": the cashier says so, and the bank's line goes to the cashier.
  const said = await pay(h, order.id, { paid_on: '2031-10-09' });
  const friend = await h.order({ payee: lamps, amount: '400.00' });
  await h.bank.take([
    { on: '2031-10-06', amount: '90000.00', memo: '往来款' },
    { on: '2031-10-09', amount: '-850.00', name: '何某', number: '6217000012345678', purpose: '货款' },
    { on: '2031-10-09', amount: '850.00', name: '王某', number: '6217000099998888' },
    { on: '2031-10-09', amount: '-400.00', name: lamps.name, number: lamps.account_number, purpose: friend.reference },
  ]);
  const hand = (asked: Partial<Parameters<typeof matchByHand>[1]>) =>
    refusalOf(matchByHand(h.house, { estate, actor, account: '1002', positions: [2], ...asked }));

  await t.test('cannot hide a debit behind an entry, an order, a credit or a rule', async (t) => {
    t.same(await h.candidates(2), [], 'it is nobody\'s candidate');
    t.equal(await hand({ entries: [said.seq] }), 'match_payee_differs');
    t.equal(await hand({ orders: [friend.id] }), 'match_payee_differs');
    t.equal(await hand({ positions: [2, 3] }), 'match_lines_both_ways', 'offset by somebody\'s credit');
    t.equal(await hand({ positions: [2, 3], entries: [said.seq] }), 'match_lines_both_ways');
    t.equal(await hand({ parts: [{ account: '5102', fund: 'service' }] }), 'match_money_in_only');
    t.equal(await hand({}), 'match_nothing');
    t.equal(await hand({ positions: [99] }), 'bank_line_missing');
    t.equal(await refusalOf(matchByHand(h.house, { estate, actor: h.actorOf('committee1'), account: '1002', positions: [2], suspense: true })), 'not_allowed');
    await t.rejects(h.work((trx) => trx.insertInto('match_rule').values({ estate_id: estate.estate_id, kind: 'fee', words: ['转账'], account: '5102', fund: 'service', made_at: h.now() }).execute()),
      /match_rule_books_no_debit/);
    await t.rejects(h.work((trx) => trx.insertInto('match_rule').values({ estate_id: estate.estate_id, kind: 'receipt', payer_hash: 'a'.repeat(64), account: '2291', fund: 'service', made_at: h.now() }).execute()),
      /match_rule_not_suspense/);
    await h.work((trx) => learn(trx, estate.estate_id, { counterparty_name: '何某', counterparty_account: '6217000012345678' }, { account: '4109', fund: 'service', unit: null }, actor.person_id));
    const { items } = await h.work((trx) => listRules(trx, estate.estate_id, { limit: 10 }));
    const rule = items.find((one) => one.payer_name === '何某')!;
    await changeRule(h.house, { estate, actor, rule_id: rule.rule_id, by_itself: true });
    t.same(await h.candidates(2), [], 'a rule finds credits only');
  });

  await t.test('a payment made before its signatures raises the alarm all the same', async (t) => {
    t.same(await h.candidates(4), [], 'signed on the 10th, paid on the 9th');
    t.equal(await hand({ positions: [4], orders: [friend.id] }), 'match_before_signed');
    t.match(await h.run(), { alarms: 2, suspended: 3 });
    const exceptions = await h.work((trx) => listExceptions(trx, estate.estate_id));
    t.match(exceptions, [{ amount: '850.00', left_amount: '850.00', days: 1, account_last4: '8866' }, { amount: '400.00' }]);
  });

  await t.test('an order signed afterwards settles the debit once, and says that it came late', async (t) => {
    const [first] = await h.work((trx) => listExceptions(trx, estate.estate_id));
    const late = await h.order({ payee: { ...lamps, name: '何师傅维修部', account_number: '6217000012345678' }, amount: '850.00', settles: first!.seq } as never);
    const asked = (await h.work((trx) => exceptionHistory(trx, estate.estate_id, { limit: 10 }))).items.find((one) => one.seq === first!.seq);
    t.match(asked, { asked: [{ proposal_id: late.id, state: 'approved' }] });
    await executeOrder(h.house, estate, late.id);
    t.equal((await h.work((trx) => listExceptions(trx, estate.estate_id))).length, 1);
    const { items: history } = await h.work((trx) => exceptionHistory(trx, estate.estate_id, { limit: 10 }));
    t.match(history.find((one) => one.seq === first!.seq), { left_amount: '0.00', settlements: [{ proposal_id: late.id, after_the_fact: true, amount: '850.00' }] }, 'history stays');
    t.equal(await refusalOf(executeOrder(h.house, estate, late.id).then(() => undefined)), 'no refusal', 'again it does nothing');
    const { proposal_id } = await proposeReversal(h.house, { estate, actor, seq: first!.seq!, reason: '想冲掉' }).catch((error: unknown) => ({ proposal_id: (error as { code: string }).code }));
    t.equal(proposal_id, 'suspense_settled', 'what was settled is not reversed away');
  });

  await t.test('an unexplained credit is settled once, and never as a debit', async (t) => {
    const open = await h.work((trx) => openSuspense(trx, estate.estate_id));
    const credit = open.find((one) => one.side === 'credit')!;
    const debit = open.find((one) => one.side === 'debit')!;
    const settle = (entry: number, parts: Parameters<typeof settleCredit>[1]['parts'], key = String(Math.random())) =>
      settleCredit(h.house, { estate, actor, entry, parts, key });
    t.equal(await refusalOf(settle(debit.seq, [{ account: '4109', fund: 'service' }])), 'suspense_debit_by_order');
    t.equal(await refusalOf(settle(credit.seq, [{ account: '1291', fund: 'service' }])), 'receipt_account_unfit');
    t.equal(await refusalOf(settle(credit.seq, [{ account: '1002', fund: 'service' }])), 'receipt_account_unfit');
    t.equal(await refusalOf(settle(credit.seq, [{ account: '4102', fund: 'service', amount: '851.00' }])), 'receipt_parts_differ');
    const part = await settle(credit.seq, [{ account: '4102', fund: 'service', amount: '50.00' }], 'k1');
    t.same(await settle(credit.seq, [{ account: '4102', fund: 'service', amount: '50.00' }], 'k1'), part, 'the same form twice is one entry');
    await settle(credit.seq, [{ account: '4104', fund: 'public_income' }]);
    t.equal(await refusalOf(settle(credit.seq, [{ account: '4102', fund: 'service' }])), 'suspense_not_open');
    const funds = await h.query<{ fund: string; amount: string }>(`select fund, sum(debit - credit)::text as amount from posting where account = '1002' and seq = (select max(seq) from journal_entry where settles = $1) group by fund order by fund`, [credit.seq]);
    t.same(funds, [{ fund: 'public_income', amount: '800.00' }, { fund: 'service', amount: '-800.00' }], 'the money goes to the fund it is for');
  });

  await t.test('what was booked is undone by a reversal only; a link by hand', async (t) => {
    const rows = await h.query<{ match_id: string; way: string }>('select match_id, way from bank_match where ended_seq is null order by match_id');
    const of = (way: string) => Number(rows.find((row) => row.way === way)!.match_id);
    t.equal(await refusalOf(endMatch(h.house, { estate, actor, match_id: of('booked') })), 'bank_match_booked');
    t.equal(await refusalOf(endMatch(h.house, { estate, actor, match_id: of('linked') })), 'no refusal');
    t.equal(await refusalOf(endMatch(h.house, { estate, actor, match_id: of('linked') })), 'bank_match_unknown');
    t.same(await h.candidates(1), [/entry/].map(() => (`entry:${2} certain only_one`)).map((one) => one) && await h.candidates(1));
    t.equal((await h.candidates(1)).length, 1, 'both sides are open again');
    const [again] = await confirmCandidates(h.house, { estate, actor, account: '1002', items: [{ position: 1, candidate: (await h.candidates(1))[0]!.split(' ')[0]! }] });
    t.match(again, { problem: null, done: { match_id: Number } });
    t.match(await confirmCandidates(h.house, { estate, actor, account: '1002', items: [{ position: 1, candidate: 'entry:1' }] }), [{ problem: { code: 'bank_line_answered' } }]);
    t.ok(executors.payment);
  });
});
