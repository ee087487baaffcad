// Equal amounts on one day, many for one and one for many, files, rules that learn, two instances at once, and the interface.
import t from 'tap';
import { buildApp } from '../../src/app.ts';
import { matchByHand, confirmCandidates } from '../../src/reconciliation/by-hand.ts';
import { reconcileAccount, reconcileDue, wouldMatch } from '../../src/reconciliation/reconcile.ts';
import { changeRule, listRules } from '../../src/reconciliation/rule.ts';
import { receive } from '../disclosure/books.ts';
import { signIn } from '../helpers/house.ts';
import { refusalOf } from '../payment/story.ts';
import { scene } from './scene.ts';

const lamps = { kind: 'company', name: '川亮照明工程有限公司', bank_name: '工商银行简阳支行', account_number: '6222021234567890' } as const;
const water = { kind: 'company', name: '净源水务有限公司', bank_name: '建设银行简阳支行', account_number: '5105014512345678' } as const;

t.test('equal amounts, sums and subsets', async (t) => {
  const h = await scene(t);
  const { estate } = h;
  const actor = h.actorOf('cashier');
  const number = '6217111122223333';
  h.at('2031-10-20 09:00');
  // Two typed by hand, two lines: any of them may be either. Another has the bank's serial.
  const [a, b] = [await receive(h, { date: '2031-10-06', amount: '300.00' }), await receive(h, { date: '2031-10-06', amount: '300.00' })];
  await receive(h, { date: '2031-10-06', amount: '10.00' });
  await receive(h, { date: '2031-10-06', amount: '15.00' });
  const whole = await receive(h, { date: '2031-10-08', amount: '77.00' });
  await receive(h, { date: '2031-10-06', amount: '5000.00' });
  await h.bank.take([
    { on: '2031-10-06', amount: '300.00' }, { on: '2031-10-06', amount: '300.00' }, { on: '2031-10-07', amount: '625.00', memo: '商户结算' },
    { on: '2031-10-08', amount: '30.00' }, { on: '2031-10-08', amount: '47.00' }, { on: '2031-10-08', amount: '8.00' },
    { on: '2031-10-12', amount: '5000.00', memo: '六天以后' }, { on: '2031-10-13', amount: '-60.00', name: '某人', number }, { on: '2031-10-14', amount: '60.00', name: '某人', number },
  ]);

  await t.test('what could be either is proposed, never linked by itself', async (t) => {
    t.same(await h.candidates(1), [`entry:${a} proposed same_amount`, `entry:${b} proposed same_amount`]);
    t.same(await h.candidates(2), await h.candidates(1));
    t.same(await h.candidates(4), [`entry:${whole}:4,5 proposed lines_sum`], 'two of three lines of the day, and only these');
    t.same(await h.candidates(6), []);
    t.same(await h.candidates(7), [], 'six days are too many');
    t.same(await h.candidates(8), [], 'what nobody signed for is unexplained, also when it came back');
    t.match(await h.run(), { linked: 0, booked: 0, suspended: 5, alarms: 1, waiting: 4 });
  });

  await t.test('confirmed in bulk: an answer for each, and nothing twice', async (t) => {
    const results = await confirmCandidates(h.house, { estate, actor, account: '1002', items: [
      { position: 1, candidate: `entry:${a}` }, { position: 2, candidate: `entry:${a}` }, { position: 2, candidate: `entry:${b}` }, { position: 4, candidate: `entry:${whole}:4,5` },
      { position: 6, candidate: 'nonsense' },
    ] });
    t.same(results.map((one) => one.problem?.code ?? 'done'), ['done', 'match_entry_unknown', 'done', 'done', 'bank_line_answered']);
  });
});

t.test('orders, files, rules, instances', async (t) => {
  const h = await scene(t);
  const { estate } = h;
  const actor = h.actorOf('manager');
  await receive(h, { date: '2031-10-06', amount: '90000.00', account: '3101' });
  const first = await h.order({ payee: lamps, amount: '100.00' });
  const second = await h.order({ payee: water, amount: '250.00' });
  const halves = await h.order({ payee: water, amount: '70.00' });
  h.at('2031-10-20 09:00');
  const tap = { name: water.name, number: water.account_number };
  const parking = { name: '停车用户', number: '6217222233334444', purpose: '停车费' };
  await h.bank.take([
    { on: '2031-10-06', amount: '90000.00' }, { on: '2031-10-07', amount: '-350.00', name: '批量代发过渡户', memo: '批量代发' },
    { on: '2031-10-08', amount: '-30.00', ...tap }, { on: '2031-10-08', amount: '-40.00', ...tap },
    { on: '2031-10-09', amount: '300.00', ...parking }, { on: '2031-10-10', amount: '310.00', ...parking }, { on: '2031-10-11', amount: '320.00', ...parking },
    { on: '2031-10-12', amount: '500.00', name: '王某', number: '6217000011112222' }, { on: '2031-10-12', amount: '80.00', name: '赵某', number: '6217000011113333' },
  ]);
  const hand = (position: number, asked: Partial<Parameters<typeof matchByHand>[1]>) => matchByHand(h.house, { estate, actor, account: '1002', positions: [position], ...asked });

  await t.test('one line pays two orders, two lines one', async (t) => {
    t.equal(await refusalOf(hand(2, { orders: [first.id] })), 'match_orders_sum');
    t.match(await hand(2, { orders: [first.id, second.id] }), { seq: Number, match_id: Number }, 'the bank names no payee of a collective debit');
    t.equal(await refusalOf(hand(2, { orders: [halves.id] })), 'bank_line_answered');
    t.match(await hand(3, { positions: [3, 4], orders: [halves.id] }), { match_id: Number });
    t.equal(await refusalOf(hand(5, { orders: [999] })), 'match_order_unknown');
  });

  await t.test('a payer is learned by two confirmations, and the third line is booked by itself', async (t) => {
    await hand(5, { parts: [{ account: '4102', fund: 'public_income' }] });
    t.match((await h.candidates(6)).join(), /proposed learned/);
    await confirmCandidates(h.house, { estate, actor, account: '1002', items: [{ position: 6, candidate: (await h.candidates(6))[0]!.split(' ')[0]! }] });
    t.match((await h.candidates(7)).join(), /^rule:\d+ certain learned$/);
    const { items } = await h.work((trx) => listRules(trx, estate.estate_id, { limit: 20 }));
    const rule = items.find((one) => one.payer_name === '停车用户')!;
    t.match(rule, { confirmations: 2, books: true, account: '4102' });
    await changeRule(h.house, { estate, actor, rule_id: rule.rule_id, by_itself: false });
    t.match((await h.candidates(7)).join(), /proposed learned/, 'a person has the last word');
    await changeRule(h.house, { estate, actor, rule_id: rule.rule_id, is_on: false });
    t.same(await h.candidates(7), []);
    await changeRule(h.house, { estate, actor, rule_id: rule.rule_id, is_on: true, by_itself: null, forget_payer: true });
    t.match((await h.candidates(7)).join(), /certain learned/, 'without the name it goes on by its hash');
    const log = await h.query<{ body: string }>("select body from record where kind = 'match_rule_changed'");
    t.equal(log.length, 4);
    t.notMatch(JSON.stringify(log), /停车用户|6217222233334444/, 'nobody is named in the log');
    const asked = { booked_on: '2031-10-19', amount: '90.00', serial: '', counterparty_name: parking.name, counterparty_account: parking.number, memo: '', purpose: '' };
    t.same(await h.work((trx) => wouldMatch(trx, { estate_id: estate.estate_id, account: '1002', lines: [asked as never] })), { matched: 1, proposed: 0 });
  });

  await t.test('a credit is split over funds and joined from lines', async (t) => {
    t.equal(await refusalOf(hand(8, { parts: [{ account: '4104', fund: 'public_income', amount: '100.00' }, { account: '2241', fund: 'deposit', amount: '100.00' }] })), 'receipt_parts_differ');
    t.equal(await refusalOf(hand(8, { parts: [{ account: '4104', fund: 'nope' }] })), 'receipt_fund_unknown');
    t.equal(await refusalOf(hand(8, { parts: [{ unit: '9-9-999' }] })), 'receipt_unit_unknown');
    const done = await hand(8, { positions: [8, 9], parts: [{ account: '4104', fund: 'public_income', amount: '100.00' }, { account: '2241', fund: 'deposit', amount: '480.00', unit: '1-1-101' }] });
    const lines = await h.query<{ told: string }>('select account || \' \' || fund || \' \' || (debit - credit) as told from posting where seq = $1 order by line', [done.seq]);
    t.same(lines.map((one) => one.told), ['1002 public_income 100.00', '1002 deposit 480.00', '4104 public_income -100.00', '2241 deposit -480.00']);
  });

  await t.test('two instances at once book each line once', async (t) => {
    const both = await Promise.all([1, 2, 3].map(() => reconcileAccount(h.house, estate, '1002', { actor: null })));
    t.equal(both.filter((one) => one !== null).reduce((all, one) => all + one!.booked, 0), 1);
    t.same(await reconcileDue(h.house, estate), [], 'nothing is left to do');
    const twice = await h.query('select position from bank_match where ended_seq is null group by account, position having count(*) > 1 and position is not null');
    t.same(twice, []);
  });

  await t.test('the interface: whoever serves reads, cashier and manager act, owners see the exceptions', async (t) => {
    h.at('2031-10-21 09:00');
    await h.bank.take([{ on: '2031-10-20', amount: '-12.00', name: '某人', number: '6217999988887777' }, { on: '2031-10-20', amount: '102.00', name: '张三', number: '6217111122223333' }], { from: '2031-10-13' });
    const app = await buildApp(h.house);
    t.teardown(() => app.close());
    const [cashier, member, owner] = [await signIn(app, 'cashier'), await signIn(app, 'committee2'), await signIn(app, 'resident')];
    const api = async (headers: object, method: 'GET' | 'POST', url: string, payload?: object) => {
      const answer = await app.inject({ method, url: `/api/v1/estates/test${url}`, headers: headers as Record<string, string>, ...(payload === undefined ? {} : { payload }) });
      return { status: answer.statusCode, json: answer.json<Record<string, any>>() };
    };
    t.match(await api(member, 'GET', '/reconciliation?account=1002'), { status: 200, json: { open: 2, items: [{ position: 10, candidates: [] }, { position: 11 }] } });
    t.match(await api(owner, 'GET', '/reconciliation'), { status: 403 });
    t.match(await api(member, 'POST', '/reconciliation/run', { account: '1002' }), { status: 403 });
    t.match(await api(cashier, 'POST', '/bank-lines/1002/11/match', { parts: [{ unit: '1-1-101' }] }), { status: 200, json: { seq: Number, match_id: null } });
    t.match(await api(cashier, 'POST', '/bank-lines/1002/11/match', { suspense: true }), { status: 409, json: { code: 'bank_line_answered' } });
    t.match(await api(cashier, 'POST', '/reconciliation/run', { account: '1002' }), { status: 200, json: { busy: false, suspended: 1, alarms: 1 } });
    t.match(await api(cashier, 'POST', '/reconciliation/run', { account: '9999' }), { status: 404, json: { code: 'reconcile_account_unknown' } });
    t.match(await api(cashier, 'POST', '/reconciliation/confirm', { account: '1002', items: [{ position: 10, candidate: 'x' }] }), { status: 200, json: { results: [{ done: null, problem: { code: 'bank_line_answered' } }] } });
    const seen = await api(owner, 'GET', '/exceptions');
    t.match(seen, { status: 200, json: { open: [{ amount: '12.00', account_last4: '8866' }], items: [{ settlements: [] }] } });
    t.notMatch(JSON.stringify(seen.json), /某人|7777/);
    t.match(await api(member, 'GET', '/suspense'), { status: 200, json: { items: [{ side: 'debit', counterparty_name: '某人' }] } });
    const rules = await api(member, 'GET', '/match-rules');
    const fee = (rules.json['items'] as { rule_id: number; kind: string }[]).find((one) => one.kind === 'fee')!;
    t.match(await api(cashier, 'POST', '/match-rules/999', { is_on: false }), { status: 404, json: { code: 'match_rule_unknown' } });
    t.match(await api(cashier, 'POST', `/match-rules/${fee.rule_id}`, { words: ['x'] }), { status: 422, json: { code: 'match_rule_words' } });
    t.match(await api(cashier, 'POST', `/suspense/${seen.json['open'][0].seq}/settle`, { parts: [{ account: '4109', fund: 'service' }] }), { status: 422, json: { code: 'suspense_debit_by_order' } });
    t.match(await api(cashier, 'POST', '/bank-matches/99999/end'), { status: 404, json: { code: 'bank_match_unknown' } });
    t.equal((await app.inject({ url: '/e/test/exceptions.csv', headers: owner })).statusCode, 200);
  });
});
