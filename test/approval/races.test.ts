// Races over real connections: signing, withdrawing, editing and paying at the same moment. Whatever wins,
// no order is paid that was withdrawn, none is approved over another document, none is paid twice.
import t from 'tap';
import { sql } from 'kysely';
import { withdraw, returnForCorrection } from '../../src/approval/proposal.ts';
import { canonical } from '../../src/kernel/canonical.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { proposeTransfer } from '../../src/ledger/correction.ts';
import { changeOrder } from '../../src/payment/order.ts';
import { testHouse, type PersonName, type TestHouse } from '../helpers/house.ts';
import { drafted, pay, proposal, receive, sign, submit, typedOrder, voucher, within } from '../payment/story.ts';

const ROUNDS = 50;

/** A signature without its argon2, which is slow on purpose: the race is in the database. */
async function signNow(h: TestHouse, order: number, who: PersonName, body: string, hash: string): Promise<string> {
  const text = canonical({ proposal: order, document_hash: hash, person: h.persons[who], body, decision: 'approve', method: 'password', reason: '', evidence: {} });
  const { rows } = await inEstate(h.house.db.signer, h.estate.estate_id, (trx) =>
    sql<{ status: string }>`select record_signature(${h.estate.estate_id}, ${text}) as status`.execute(trx));
  return rows[0]!.status;
}

const settle = async (works: Promise<unknown>[]): Promise<unknown[]> =>
  (await Promise.allSettled(works)).map((one) => (one.status === 'fulfilled' ? one.value : (one.reason as { code?: string }).code));

t.test(`${ROUNDS} rounds of sign, sign, withdraw, return, edit and pay at once`, async (t) => {
  const h = await testHouse(t);
  await receive(h, '900000.00');
  const file = await voucher(h);
  const outcomes = new Map<string, number>();
  let violations = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const order = await drafted(h, { amount: '10.00', vouchers: [file] });
    const hash = await submit(h, order);
    if (round % 2 === 0) await signNow(h, order, 'manager', 'property', hash);
    const asked = { estate: h.estate, proposal_id: order };
    const edited = await typedOrder(h, { amount: '9999.00', vouchers: [file] });
    const works = [
      () => signNow(h, order, 'committee1', 'committee', hash),
      () => signNow(h, order, 'manager', 'property', hash),
      () => within(h, (trx) => withdraw(trx, { ...asked, actor: h.actorOf('cashier'), reason: '不付了' })).then(() => 'withdrawn'),
      () => within(h, (trx) => returnForCorrection(trx, { ...asked, actor: h.actorOf('committee2'), reason: '改' })).then(() => 'returned'),
      () => within(h, (trx) => changeOrder(trx, { ...asked, actor: h.actorOf('cashier'), order: edited })).then(() => 'edited'),
      () => pay(h, order).then((paid) => paid.status), () => pay(h, order).then((paid) => paid.status),
    ];
    // Another one goes first each time; every third round only those that let an order through.
    const chosen = round % 3 === 0 ? [...works.slice(0, 2), ...works.slice(5)] : works;
    const turned = chosen.map((_, index) => chosen[(index + round) % chosen.length]!);
    const answers = [...await settle(turned.map((work) => work())), ...await settle([pay(h, order), pay(h, order)])];
    t.notOk(answers.some((answer) => /^[0-9A-Z]{5}$/.test(String(answer)) || answer === undefined), `no deadlock: ${answers.join(', ')}`);
    const { state } = await proposal(h, order);
    outcomes.set(state, (outcomes.get(state) ?? 0) + 1);
    const { rows: [found] } = await h.superuser.query<{ entries: number; amount: string | null; quorum: string | null; hash: string }>(
      `select count(e.seq)::int as entries, max(e.amount)::text as amount, encode(max(q.document_hash), 'hex') as quorum,
         encode(max(p.document_hash), 'hex') as hash
       from proposal p left join journal_entry e using (estate_id, proposal_id) left join quorum q using (estate_id, proposal_id)
       where p.proposal_id = $1`, [order]);
    const paid = found!.entries === 1 && found!.amount === '10.00' && found!.quorum === hash && state === 'executed';
    const unpaid = found!.entries === 0 && state !== 'executed';
    if (!(paid || unpaid)) violations += 1;
  }
  t.equal(violations, 0);
  t.comment([...outcomes].map(([state, count]) => `${state} ${count}`).join(', '));
  t.ok((outcomes.get('executed') ?? 0) > 0 && outcomes.size > 1, 'the race was one: different hands won');
  const { rows } = await h.superuser.query('select count(*)::int as n, max(seq)::int as last from record where estate_id = $1', [h.estate.estate_id]);
  t.equal(rows[0].n, rows[0].last, 'the log has no gap');
});

t.test('what is free is given once, however many last signatures come at once', async (t) => {
  const h = await testHouse(t);
  await receive(h, '1000.00');
  const file = await voucher(h);
  const orders: [number, string][] = [];
  for (let i = 0; i < 8; i += 1) {
    const order = await drafted(h, { amount: '300.00', vouchers: [file] });
    const hash = await submit(h, order);
    await signNow(h, order, 'manager', 'property', hash);
    orders.push([order, hash]);
  }
  const answers = await Promise.all(orders.map(([order, hash]) => signNow(h, order, 'committee1', 'committee', hash)));
  t.equal(answers.filter((answer) => answer === 'approved').length, 3);
  t.equal(answers.filter((answer) => answer === 'fund_insufficient').length, 5);
});

t.test('an order and a transfer do not both take the same money of a fund', async (t) => {
  const h = await testHouse(t);
  await receive(h, '1000.00', 'public_income');
  const file = await voucher(h);
  const lines = [
    { account: '1002', fund: 'public_income', credit: '700.00' }, { account: '3101', fund: 'public_income', debit: '700.00' },
    { account: '1002', fund: 'service', debit: '700.00' }, { account: '3101', fund: 'service', credit: '700.00' },
  ];
  const transfer = () => proposeTransfer(h.house, { estate: h.estate, actor: h.actorOf('cashier'), description: '资金调拨', postings: lines });
  const order = async (): Promise<[number, string]> => {
    const proposal_id = await drafted(h, { amount: '600.00', fund: 'public_income', vouchers: [file] });
    return [proposal_id, await submit(h, proposal_id)];
  };
  const both = async (proposal_id: number, hash: string): Promise<string> => {
    await signNow(h, proposal_id, 'manager', 'property', hash);
    return signNow(h, proposal_id, 'committee1', 'committee', hash);
  };
  const [first, rival] = [await order(), await transfer()];
  t.equal(await both(...first), 'approved');
  t.equal(await both(rival.proposal_id, rival.document_hash), 'fund_insufficient', 'the order has reserved it');
  await within(h, (trx) => withdraw(trx, { estate: h.estate, proposal_id: first[0], actor: h.actorOf('cashier'), reason: '不付了' }));
  const second = await order();
  t.equal(await signNow(h, rival.proposal_id, 'committee1', 'committee', rival.document_hash), 'approved');
  t.equal(await both(...second), 'fund_insufficient', 'a transfer that is not carried out yet has reserved it as well');
  const told = await sign(h, second[0], 'committee1').then((result) => result.refusal?.in('en'));
  t.match(told, /Public income.*300\.00.*600\.00.*300\.00/);
});
