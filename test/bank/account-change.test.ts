// Bank accounts are opened, changed and closed under both keys, and in no other way.
import { sql } from 'kysely';
import t from 'tap';
import { enterNumber } from '../../src/bank/account.ts';
import { proposeAccountChange, type AccountChangeAsked } from '../../src/bank/account-change.ts';
import { appendRecord } from '../../src/evidence/records.ts';
import { executors } from '../../src/executors.ts';
import { inEstate, type Trx } from '../../src/kernel/database.ts';
import { canonical } from '../../src/kernel/canonical.ts';
import { commitmentOf } from '../../src/evidence/personal-value.ts';
import { readProposal } from '../../src/approval/queries.ts';
import { signAs } from '../helpers/approved.ts';
import { payOut, propose, receive, testBooks, transfer, type Books } from '../disclosure/books.ts';
import { money } from '../../src/kernel/money.ts';
import { receiveTestVoucher } from './statement.ts';
import { stateBankBalance } from '../../src/bank/balance.ts';

const NUMBER = '6228480402564891234';
const second = { change: 'open', name_zh: '改造专户', name_en: 'Renovation account', bank_name: '中国农业银行简阳支行', account_number: NUMBER, reason: '改造资金单独存放' };
const work = <T>(h: Books, does: (trx: Trx) => Promise<T>): Promise<T> => inEstate(h.db.app, h.estate.estate_id, does);
const ask = (h: Books, asked: Partial<AccountChangeAsked>, by: 'cashier' | 'manager' | 'resident' | 'supervisor' = 'cashier') =>
  proposeAccountChange(h.house, { estate: h.estate, actor: h.actorOf(by), change: 'open', reason: '按业委会决定', ...asked });
const sign = async (h: Books, item: { proposal_id: number; document_hash: string }): Promise<void> => {
  await signAs(h.house, h.estate, h.persons.manager, 'property', item);
  await signAs(h.house, h.estate, h.persons.committee1, 'committee', item);
  await signAs(h.house, h.estate, h.persons.committee2, 'committee', item);
};
const carryOut = (h: Books, proposal_id: number) => executors.bank_account!(h.house, h.estate, proposal_id);
/** Proposed, signed, carried out. */
const done = async (h: Books, asked: Partial<AccountChangeAsked>): Promise<{ proposal_id: number; account: string }> => {
  const item = await ask(h, asked);
  await sign(h, item);
  await carryOut(h, item.proposal_id);
  return item;
};
const records = async (h: Books): Promise<string[]> => (await h.superuser.query(
  `select kind, body from record where estate_id = $1 and kind like 'bank_account%' order by seq`, [h.estate.estate_id])).rows.map((row) => `${row.kind} ${row.body}`);
const stateOf = async (h: Books, proposal_id: number): Promise<{ state: string; reason: string }> =>
  (await h.superuser.query('select state, reason from proposal where proposal_id = $1', [proposal_id])).rows[0];

t.test('a second account is opened under both keys, with a ledger account of its own; changed; and closed once it is empty', async (t) => {
  const h = await testBooks(t, '2031-10', '2031-10-05 09:00');
  const { estate: { estate_id } } = h;
  const item = await ask(h, { ...second, opened_on: '2031-10-03' });
  t.equal(item.account, '100202');
  await t.rejects(carryOut(h, item.proposal_id), { code: 'bank_change_not_approved' });
  const document = (await work(h, (trx) => readProposal(trx, estate_id, item.proposal_id)))!.document!;
  t.match(document, { kind: 'bank_account', change: 'open', account: '100202', account_last4: '1234', opened_on: '2031-10-03', title: '开立共管账户（中国农业银行简阳支行，尾号 1234）' });
  t.notOk(canonical(document as never).includes(NUMBER), 'the number itself is in no document');
  const { rows: [kept] } = await h.superuser.query('select number, salt from bank_account_asked where proposal_id = $1', [item.proposal_id]);
  t.equal(commitmentOf(kept.salt, 'account_number', kept.number), document['account_hash']);
  await t.rejects(ask(h, { ...second, account: '100202' }), { code: 'bank_account_code_invalid' }, 'the same again');
  await sign(h, item);
  await carryOut(h, item.proposal_id);
  await carryOut(h, item.proposal_id);
  t.match((await h.superuser.query(`select parent, name_zh, is_money, is_postable, opened_on from account where estate_id = $1 and account = '100202'`, [estate_id])).rows,
    [{ parent: '1002', name_zh: '改造专户', is_money: true, is_postable: true, opened_on: '2031-10-03' }]);
  t.match((await h.superuser.query('select number from bank_account_number where estate_id = $1', [estate_id])).rows, [{ number: NUMBER }]);
  t.equal((await records(h)).at(-1), `bank_account_opened {"account":"100202","account_last4":"1234","bank_name":"中国农业银行简阳支行","name_en":"Renovation account","name_zh":"改造专户","proposal":${item.proposal_id}}`);
  t.notOk((await h.superuser.query(`select from record where body like '%${NUMBER}%'`)).rowCount, 'nor in the log');

  await t.rejects(ask(h, { change: 'change', account: '100202', name_zh: '改造专户', name_en: 'Renovation account', bank_name: second.bank_name, account_number: NUMBER }), { code: 'bank_account_unchanged' });
  const merged = { change: 'change', account: '100202', name_zh: '改造专户', name_en: 'Renovation account', bank_name: '天府农商银行', account_number: '8888 0000 1111 5678' };
  const changed = await done(h, merged);
  t.equal((await records(h)).at(-1), `bank_account_changed {"account":"100202","account_last4":"5678","bank_name":"天府农商银行","name_en":"Renovation account","name_zh":"改造专户","proposal":${changed.proposal_id}}`);
  t.match((await h.superuser.query('select number from bank_account_number where estate_id = $1', [estate_id])).rows, [{ number: '8888000011115678' }]);

  await receive(h, { date: '2031-10-05', amount: '500.00', bank: '100202' });
  await receive(h, { date: '2031-10-05', amount: '200.00' });
  const close = { change: 'close', account: '100202', closed_on: '2031-10-20' };
  h.at('2031-10-20 09:00');
  await t.rejects(ask(h, close), { code: 'bank_account_books_left', facts: { books: '500.00' } });
  await transfer(h, { date: '2031-10-20', lines: [{ account: '1002', fund: 'service', debit: money('500.00') }, { account: '100202', fund: 'service', credit: money('500.00') }] });
  await t.rejects(ask(h, close), { code: 'bank_account_bank_left' }, 'the bank has not said that it is empty');
  const sha256 = await receiveTestVoucher(h);
  const say = (balance: string) => stateBankBalance(h.house, { estate: h.estate, actor: h.actorOf('cashier'), account: '100202', as_of: '2031-10-20', balance, sha256 });
  await say('0.31');
  await t.rejects(ask(h, close), { code: 'bank_account_bank_left', facts: { bank: '0.31' } });
  await say('0.00');
  await t.rejects(ask(h, { ...close, closed_on: '2031-10-19' }), { code: 'bank_account_closing_day' });
  await t.rejects(ask(h, { ...close, closed_on: '2031-10-21' }), { code: 'bank_closed_on_invalid' });
  const order = await propose(h, { kind: 'payment', amount: money('1.00'), fund: 'service', content: { postings: [] }, signers: [] });
  await h.superuser.query(`insert into payee (estate_id, kind, public_name, account_last4, account_hash, entered_by) values ($1, 'company', '某公司', '0000', $2, $3)`, [estate_id, 'a'.repeat(64), h.persons.cashier]);
  await h.superuser.query(`insert into payment_order (estate_id, proposal_id, payee_id, amount, fund, account, bank_account, purpose, reference)
    select $1, $2, max(payee_id), 1, 'service', '5104', '100202', '测试', 'T1' from payee`, [estate_id, order]);
  await t.rejects(ask(h, close), { code: 'bank_account_orders_wait', facts: { orders: String(order) } });
  await h.superuser.query(`update proposal set state = 'withdrawn' where proposal_id = $1`, [order]);
  const closing = await done(h, close);
  t.equal((await records(h)).at(-1), `bank_account_closed {"account":"100202","account_last4":"5678","bank_name":"天府农商银行","closed_on":"2031-10-20","name_en":"Renovation account","name_zh":"改造专户","proposal":${closing.proposal_id}}`);
  h.at('2031-10-22 09:00');
  await t.rejects(receive(h, { date: '2031-10-22', amount: '1.00', bank: '100202' }), /account_closed/);
  await t.rejects(ask(h, { ...merged, account_number: '' }), { code: 'bank_account_closed' });
  await payOut(h, { date: '2031-10-22', amount: '700.00' });
  await stateBankBalance(h.house, { estate: h.estate, actor: h.actorOf('cashier'), account: '1002', as_of: '2031-10-22', balance: '0.00', sha256 });
  await t.rejects(ask(h, { change: 'close', account: '1002', closed_on: '2031-10-22' }), { code: 'bank_account_last' });
});

t.test('nobody opens or changes one alone, whoever asks and however', async (t) => {
  const h = await testBooks(t, '2031-10', '2031-10-05 09:00');
  const { estate: { estate_id } } = h;
  for (const who of ['resident', 'supervisor'] as const) await t.rejects(ask(h, second, who), { code: 'not_allowed' });
  await t.rejects(ask(h, second, 'manager'), { code: 'bank_change_needs_signer' }, 'whoever proposes does not sign');
  for (const [wrong, code, field] of [[{ change: 'steal' }, 'bank_change_unknown', 'change'], [{ account_number: '' }, 'bank_number_missing', 'account_number'], [{ account_number: '12a' }, 'bank_number_invalid', 'account_number'],
    [{ account_number: "1'; drop table bank_account; --" }, 'bank_number_invalid', 'account_number'], [{ name_zh: '' }, 'text_empty', 'name_zh'], [{ bank_name: '行'.repeat(61) }, 'text_too_long', 'bank_name'],
    [{ reason: '电话 13800001111' }, 'text_personal', 'reason'], [{ account: '1001' }, 'bank_account_code_invalid', 'account'], [{ account: '100201' }, 'bank_account_code_invalid', 'account'],
    [{ opened_on: '2031-10-06' }, 'bank_opened_on_invalid', 'opened_on'], [{ opened_on: '2031-09-30' }, 'bank_opened_on_invalid', 'opened_on'],
    [{ change: 'change', account: '9999' }, 'bank_account_unknown', 'account'], [{ change: 'close', account: '1002', closed_on: 'x' }, 'bank_closed_on_invalid', 'closed_on']] as const) {
    await t.rejects(ask(h, { ...second, ...wrong }), { code, field }, JSON.stringify(wrong));
  }
  const as = (role: 'app' | 'signer', does: (trx: Trx) => Promise<unknown>) => inEstate(h.db[role], estate_id, does);
  for (const role of ['app', 'signer'] as const) {
    await t.rejects(as(role, (trx) => sql`insert into bank_account (estate_id, account, name_zh, name_en, bank_name, account_last4) values (${estate_id}, '1001', 'x', 'x', 'x', '0000')`.execute(trx)), /permission denied/);
    await t.rejects(as(role, (trx) => sql`update bank_account set closed_on = '2031-10-05'`.execute(trx)), /permission denied/);
    await t.rejects(as(role, (trx) => sql`update bank_account_number set number = '12345678'`.execute(trx)), /permission denied/);
  }
  const body = canonical({ account: '1001', account_last4: '0000', bank_name: 'x', name_en: 'x', name_zh: 'x' });
  await t.rejects(as('app', (trx) => sql`select open_bank_account(${estate_id}, ${body})`.execute(trx)), /bank_account_needs_proposal/);
  for (const kind of ['bank_account_opened', 'bank_account_changed', 'bank_account_closed']) await t.rejects(as('app', (trx) => appendRecord(trx, estate_id, kind, {})), /record_kind_reserved/, kind);

  // The number that was signed is the number that is kept.
  const item = await ask(h, second);
  await t.rejects(h.superuser.query(`update bank_account_asked set number = '6228480402564895678'`), /append_only/);
  await h.superuser.query(`alter table bank_account_asked disable trigger append_only; update bank_account_asked set number = '6228480402500001234'; alter table bank_account_asked enable always trigger append_only`);
  await sign(h, item);
  await t.rejects(carryOut(h, item.proposal_id), { code: 'change_not_possible' });
  t.match(await stateOf(h, item.proposal_id), { state: 'superseded', reason: /对不上/ });
  t.equal((await records(h)).length, 1);

  await t.rejects(work(h, (trx) => enterNumber(trx, { estate_id, account: '1002', typed: '1234567' })), { code: 'bank_number_differs' });
  await work(h, (trx) => enterNumber(trx, { estate_id, account: '1002', typed: '6228 4804 0000 8866' }));
  await t.rejects(work(h, (trx) => enterNumber(trx, { estate_id, account: '1002', typed: '6228480400018866' })), { code: 'bank_number_there' });
});

t.test('what became impossible while it was signed is superseded, with the reason', async (t) => {
  const h = await testBooks(t, '2031-10', '2031-10-05 09:00');
  await done(h, second);
  const rename = (name_zh: string) => ({ change: 'change', account: '100202', name_zh, name_en: 'Renovation account', bank_name: second.bank_name });
  const first = await ask(h, rename('改造资金专户'));
  await t.rejects(ask(h, rename('别的名字')), { code: 'bank_change_under_way', facts: { proposal: first.proposal_id } });
  const forged = await propose(h, { kind: 'bank_account', amount: null, fund: null, content: {
    ...rename('抢先'), account_last4: '1234', before: { account_last4: '1234', bank_name: second.bank_name, name_en: 'Renovation account', name_zh: '改造专户' }, reason: 'x' } });
  await carryOut(h, forged);
  await sign(h, first);
  await t.rejects(carryOut(h, first.proposal_id), { code: 'change_not_possible' });
  t.match(await stateOf(h, first.proposal_id), { state: 'superseded', reason: /变更或注销了/ });

  const closing = await ask(h, { change: 'close', account: '100202', closed_on: '2031-10-05' });
  await receive(h, { date: '2031-10-05', amount: '500.00', bank: '100202' });
  await sign(h, closing);
  await t.rejects(carryOut(h, closing.proposal_id), { code: 'change_not_possible' });
  t.match(await stateOf(h, closing.proposal_id), { state: 'superseded', reason: /500\.00 元/ });
  const told = await h.superuser.query(`select count(distinct person_id)::integer as told from notice where key like 'bank_account:%'`);
  t.ok(told.rows[0].told >= 7, 'everybody in office hears of an account that was opened');
});
