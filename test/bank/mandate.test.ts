// Bank fees under a standing mandate: signed once, within its limits and days, ended by either body alone.
import { sql } from 'kysely';
import t from 'tap';
import { endMandate, mandates, proposeMandate, type MandateAsked } from '../../src/bank/mandate.ts';
import { executors } from '../../src/executors.ts';
import { canonical } from '../../src/kernel/canonical.ts';
import { inEstate, type Trx } from '../../src/kernel/database.ts';
import { money } from '../../src/kernel/money.ts';
import { lineJson, redLines, type EntryLine } from '../../src/ledger/entry.ts';
import { postEntries } from '../../src/ledger/gate.ts';
import { signAs } from '../helpers/approved.ts';
import { propose, receive, testBooks, type Books } from '../disclosure/books.ts';
import { receiveTestVoucher } from './statement.ts';

const work = <T>(h: Books, does: (trx: Trx) => Promise<T>): Promise<T> => inEstate(h.db.app, h.estate.estate_id, does);
const usual = { bank_account: '1002', account: '5119', fund: 'service', purpose: '对公账户管理费、转账手续费', cap_each: '10.00', cap_month: '25', valid_from: '2031-10-06', valid_to: '2032-10-05' };
const ask = (h: Books, asked: Partial<MandateAsked> = {}, by: 'cashier' | 'manager' | 'resident' = 'cashier') =>
  proposeMandate(h.house, { estate: h.estate, actor: h.actorOf(by), ...usual, ...asked });
const signed = async (h: Books, asked: Partial<MandateAsked> = {}): Promise<number> => {
  const item = await ask(h, asked);
  await signAs(h.house, h.estate, h.persons.manager, 'property', item);
  await signAs(h.house, h.estate, h.persons.committee1, 'committee', item);
  await signAs(h.house, h.estate, h.persons.committee2, 'committee', item);
  await executors.mandate!(h.house, h.estate, item.proposal_id);
  return item.proposal_id;
};
/** Lines of the bank, from a balance on: [day, amount]. */
async function bankLines(h: Books, from: string, to: string, opening: string, lines: [string, string][]): Promise<void> {
  const sha256 = await receiveTestVoucher(h);
  let balance = money(opening);
  const rows = lines.map(([day, amount], index) => {
    balance = money(balance.plus(amount).toFixed(2));
    return [day, amount, balance.toFixed(2), `S${index}`];
  });
  await work(h, (trx) => sql`select take_statement(${h.estate.estate_id}, ${canonical({ account: '1002', closing: balance.toFixed(2), format: 'test', from, imported_by: h.persons.cashier,
    lines: rows, opening, period_stated: true, repeated: 0, to, voucher: sha256 })})`.execute(trx));
}
let keys = 0;
async function fee(h: Books, { position, amount, on = '2031-10-08', mandate, account = '5119', fund = 'service', more = {} }: { position: number; amount: string; on?: string; mandate: number; account?: string; fund?: string; more?: object }): Promise<{ status: string; seq: number | null }> {
  const lines: EntryLine[] = [{ account, fund, debit: money(amount) }, { account: '1002', fund, credit: money(amount) }];
  const body = canonical({ kind: 'payment', entry_date: on, description: '银行手续费', key: `fee ${keys += 1}`, made_by: h.persons.cashier, postings: lines.map(lineJson), bank_line: { account: '1002', position }, mandate, ...more });
  const [result] = await work(h, (trx) => postEntries(trx, h.estate.estate_id, [body]));
  return { status: result!.status, seq: result!.seq };
}

t.test('within what was signed a fee is booked from the bank\'s line; beyond it nothing is', async (t) => {
  const h = await testBooks(t, '2031-10', '2031-10-06 09:00');
  await receive(h, { date: '2031-10-06', amount: '1000.00' });
  const mandate = await signed(h);
  t.equal((await h.superuser.query(`select body from record where kind = 'mandate_opened'`)).rows[0].body, `{"proposal":${mandate},"valid_from":"2031-10-06","valid_to":"2032-10-05"}`);
  h.at('2031-11-20 09:00');
  await bankLines(h, '2031-10-01', '2031-11-19', '1000.00', [['2031-10-05', '-2.00'], ['2031-10-08', '-10.00'], ['2031-10-08', '-10.01'], ['2031-10-09', '-10.00'], ['2031-10-10', '-5.01'], ['2031-10-11', '-5.00'], ['2031-11-01', '-5.01'], ['2031-11-19', '-1.00']]);
  const asked = async (position: number, amount: string, on: string, more: Partial<Parameters<typeof fee>[1]> = {}) => (await fee(h, { position, amount, on, mandate, ...more })).status;
  t.equal(await asked(1, '2.00', '2031-10-05'), 'mandate_unknown', 'before its first day');
  t.equal(await asked(2, '10.00', '2031-10-08', { mandate: 999 }), 'mandate_unknown');
  t.equal(await asked(2, '10.00', '2031-10-08', { account: '5107' }), 'mandate_unknown', 'another account');
  t.equal(await asked(2, '10.00', '2031-10-08', { fund: 'public_income' }), 'mandate_unknown', 'another fund');
  t.equal(await asked(2, '9.00', '2031-10-08'), 'bank_line_differs');
  const first = await fee(h, { position: 2, amount: '10.00', mandate });
  t.equal(first.status, 'posted');
  t.equal(await asked(2, '10.00', '2031-10-08'), 'bank_line_taken');
  t.equal(await asked(3, '10.01', '2031-10-08'), 'mandate_exceeded', 'a fen above the limit for one');
  t.equal(await asked(4, '10.00', '2031-10-09'), 'posted');
  t.equal(await asked(5, '5.01', '2031-10-10'), 'mandate_exceeded', 'a fen above the limit of the month');
  t.equal(await asked(6, '5.00', '2031-10-11'), 'posted', 'to the fen');
  t.equal(await asked(7, '5.01', '2031-11-01'), 'posted', 'another month');
  t.equal(await asked(8, '1.00', '2031-11-19', { more: { kind: 'receipt' } }), 'mandate_unknown', 'nothing but a payment');
  t.match(await work(h, (trx) => mandates(trx, h.estate.estate_id, '2031-11-20')), [{ mandate, state: 'in_force', month: '5.01', taken: '30.01', entries: 4 }]);

  // What was taken back counts no more.
  const red = redLines([{ account: '5119', fund: 'service', debit: money('10.00') }, { account: '1002', fund: 'service', credit: money('10.00') }]);
  const proposal = await propose(h, { kind: 'reversal', amount: money('10.00'), fund: 'service', content: { reverses: first.seq!, postings: red.map(lineJson) } });
  const body = canonical({ kind: 'payment', entry_date: '2031-10-20', description: '红字冲销', key: 'red', made_by: h.persons.cashier, postings: red.map(lineJson), proposal, reverses: first.seq! });
  t.equal((await work(h, (trx) => postEntries(trx, h.estate.estate_id, [body])))[0]!.status, 'posted');
  t.equal(await asked(5, '5.01', '2031-10-10'), 'posted');

  for (const who of ['cashier', 'supervisor', 'resident'] as const) await t.rejects(endMandate(h.house, { estate: h.estate, actor: h.actorOf(who), mandate }), { code: who === 'supervisor' ? 'mandate_not_yours' : 'not_allowed' }, who);
  await t.rejects(endMandate(h.house, { estate: h.estate, actor: h.actorOf('committee1'), mandate: 999 }), { code: 'mandate_not_there' });
  await endMandate(h.house, { estate: h.estate, actor: h.actorOf('committee1'), mandate });
  await t.rejects(endMandate(h.house, { estate: h.estate, actor: h.actorOf('manager'), mandate }), { code: 'mandate_ended_already' });
  t.equal((await h.superuser.query(`select body from record where kind = 'mandate_ended'`)).rows[0].body, `{"by":"${h.persons.committee1}","mandate":${mandate}}`);
  t.equal(await asked(8, '1.00', '2031-11-20'), 'mandate_unknown', 'ended');
  t.equal(await asked(8, '1.00', '2031-11-19'), 'posted', 'what the bank took the day before was under it');
  t.match(await work(h, (trx) => mandates(trx, h.estate.estate_id, '2031-11-20')), [{ state: 'ended', ended_on: '2031-11-20' }]);
  await t.rejects(h.superuser.query(`update mandate set cap_each = 9999`), /mandate_stays/);
  await t.rejects(h.superuser.query(`delete from mandate`), /mandate_stays/);
});

t.test('a mandate that makes no sense is refused, field by field, and begins only with all signatures', async (t) => {
  const h = await testBooks(t, '2031-10', '2031-10-06 09:00');
  for (const [wrong, code, field] of [
    [{ purpose: '' }, 'text_empty', 'purpose'], [{ cap_each: '0' }, 'mandate_cap_invalid', 'cap_each'], [{ cap_each: '-1' }, 'mandate_cap_invalid', 'cap_each'], [{ cap_each: '1e5' }, 'mandate_cap_invalid', 'cap_each'],
    [{ cap_month: '10.001' }, 'mandate_cap_invalid', 'cap_month'], [{ cap_month: '9.99' }, 'mandate_caps_order', 'cap_month'], [{ valid_from: '2031-10-05' }, 'mandate_days_invalid', 'valid_from'],
    [{ valid_to: '2031-10-05' }, 'mandate_days_invalid', 'valid_to'], [{ valid_to: '2036-11-01' }, 'mandate_days_invalid', 'valid_to'], [{ valid_to: 'for ever' }, 'mandate_days_invalid', 'valid_to'],
    [{ bank_account: '1001' }, 'bank_account_unknown', 'bank_account'], [{ account: '4101' }, 'mandate_account_unknown', 'account'], [{ account: '5101' }, 'mandate_account_unknown', 'account'],
    [{ fund: 'nothing' }, 'mandate_fund_unknown', 'fund'], [{ fund: 'deposit' }, 'mandate_fund_unknown', 'fund']] as const) await t.rejects(ask(h, wrong), { code, field }, JSON.stringify(wrong));
  await t.rejects(ask(h, {}, 'resident'), { code: 'not_allowed' });
  await t.rejects(ask(h, {}, 'manager'), { code: 'bank_change_needs_signer' });
  const item = await ask(h, { key: 'once', cap_each: '１０' });
  t.same(await ask(h, { key: 'once', cap_each: '１０' }), item, 'pressed twice, proposed once');
  const document = JSON.parse((await h.superuser.query('select document from proposal where proposal_id = $1', [item.proposal_id])).rows[0].document);
  t.match(document, { kind: 'mandate', ...usual, cap_month: '25.00' });
  await t.rejects(executors.mandate!(h.house, h.estate, item.proposal_id), { code: 'mandate_not_approved' });
  for (const role of ['app', 'signer'] as const) await t.rejects(inEstate(h.db[role], h.estate.estate_id, (trx) => sql`insert into mandate select * from mandate`.execute(trx)), /permission denied/);
  const rule = await h.superuser.query('select r.kind from proposal o join rule r on r.estate_id = o.estate_id and r.rule_id = o.rule_id where o.proposal_id = $1', [item.proposal_id]);
  t.same(rule.rows, [{ kind: 'rule' }], 'signed by whom a change of the rules asks');
});
