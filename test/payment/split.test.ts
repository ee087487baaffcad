// The usual way around a limit is to cut one bill into several orders; and whoever wants no questions asks at the weekend.
import t from 'tap';
import { addDays, instant, today, type Clock } from '../../src/kernel/dates.ts';
import { orderChecks, weekendChecks } from '../../src/payment/check.ts';
import type { OrderTyped } from '../../src/payment/order.ts';
import { withdraw } from '../../src/approval/proposal.ts';
import { proposeReversal } from '../../src/ledger/correction.ts';
import { executors } from '../../src/executors.ts';
import { executeApproved } from '../../src/approval/sign.ts';
import { testHouse, type TestHouse } from '../helpers/house.ts';
import { addRule } from './rules.ts';
import { approved, company, drafted, pay, receive, sign, submitted, voucher, within } from './story.ts';

const checkOf = async (h: TestHouse, order: number, code: string) =>
  (await within(h, (trx) => orderChecks(trx, h.estate.estate_id, order))).find((check) => check.code === code);
const split = async (h: TestHouse, order: number): Promise<string | undefined> => (await checkOf(h, order, 'split'))?.text_zh;

async function dated(t: Parameters<typeof testHouse>[0]): Promise<{ h: TestHouse; go: (days: number) => void }> {
  let now = instant('2026-11-03T02:00:00Z');
  const clock: Clock = () => now;
  const h = await testHouse(t, { demo_clock: clock, first_period: '2026-10' });
  await receive(h, '900000.00');
  return { h, go: (days) => { now = instant(`${addDays(today(clock), days)}T02:00:00Z`); } };
}

t.test('orders to one payee within seven days that together take the stricter rule are named as such', async (t) => {
  const { h, go } = await dated(t);
  const first = await submitted(h, { amount: '60000.00' });
  t.equal(await split(h, first), undefined, 'one order alone');
  t.equal(await split(h, await drafted(h, { amount: '39999.99' })), undefined, '99,999.99 together stay below');
  const second = await drafted(h, { amount: '40000.00' });
  t.equal(await split(h, second), '可能拆单：7 天内同一收款方还有 FK000001，连这张共 2 张，合计 100,000.00 元，按合计要走较严的规则（物业公司 1 人、业主委员会 2 人）');
  t.match(await checkOf(h, second, 'split'), { state: 'attention', text_en: /^Split\? Within 7 days/ });
  t.equal(await split(h, first), undefined, 'a draft asks nobody yet');
  go(7);
  t.ok(await split(h, second));
  const third = await submitted(h, { amount: '40000.00' });
  t.match(await split(h, first), /合计 100,000\.00 元/, 'whoever signs the first sees it too');
  go(1);
  t.equal(await split(h, second), undefined, 'eight days after the first, 80,000 remain');
  t.match(await split(h, third), /合计 100,000\.00 元/, 'what was submitted stays as near as it was');
});

t.test('the same payee under a second entry is the same payee', async (t) => {
  const { h } = await dated(t);
  await submitted(h, { amount: '60000.00' });
  const twins: OrderTyped['payee'][] = [
    { ...company, name: '川亮照明 工程有限公司', account_number: '6222021234560001' },
    { ...company, name: '川亮照明工程公司二部' },
  ];
  for (const payee of twins) t.ok(await split(h, await drafted(h, { amount: '50000.00', payee })), JSON.stringify(payee));
  const other = { ...company, name: '别家公司', account_number: '6222021234560009' };
  t.equal(await split(h, await drafted(h, { amount: '50000.00', payee: other })), undefined);
});

t.test('what was taken back, or takes the strict rule by itself, makes no split', async (t) => {
  const { h } = await dated(t);
  const actor = h.actorOf('cashier');
  const gone = await submitted(h, { amount: '60000.00' });
  const small = await drafted(h, { amount: '50000.00' });
  t.ok(await split(h, small));
  await within(h, (trx) => withdraw(trx, { estate: h.estate, actor, proposal_id: gone, reason: '重复' }));
  t.equal(await split(h, small), undefined, 'withdrawn');
  await submitted(h, { amount: '150000.00' });
  t.equal(await split(h, small), undefined, 'the large one was signed as a large one');
  const paid = await approved(h, { amount: '60000.00' });
  await pay(h, paid);
  t.ok(await split(h, small), 'paid counts');
  const { rows: [entry] } = await h.superuser.query<{ seq: number }>('select seq from journal_entry where proposal_id = $1', [paid]);
  const { proposal_id } = await proposeReversal(h.house, { estate: h.estate, actor, seq: Number(entry!.seq), reason: '退回' });
  await sign(h, proposal_id, 'manager');
  await sign(h, proposal_id, 'committee1');
  await executeApproved(h.house, h.estate, executors);
  t.equal(await split(h, small), undefined, 'reversed does not');
});

t.test('steps of a fund of its own: notice, resolution and passkey are stricter too, three orders add up', async (t) => {
  const { h } = await dated(t);
  await receive(h, '90000.00', 'public_income');
  const rule = (amount_from: string, amount_to: string | null, more: object = {}) => addRule(h, { kind: 'payment', fund: 'public_income', amount_from, amount_to, ...more });
  await rule('0.00', '300.00');
  await rule('300.00', '500.00', { notice_days: 3 });
  await rule('500.00', '1000.00', { notice_days: 3, passkey_only: true });
  await rule('1000.00', null, { notice_days: 7, needs_resolution: true });
  const order = (amount: string) => ({ amount, fund: 'public_income', payee: { ...company, name: `${amount} 公司`, account_number: '6222000011112222' } });
  await submitted(h, order('150.00'));
  t.match(await split(h, await drafted(h, order('150.00'))), /合计 300\.00 元/);
  await submitted(h, order('100.00'));
  const third = await drafted(h, order('250.00'));
  t.match(await split(h, third), /FK\d+、FK\d+，连这张共 3 张，合计 500\.00 元/);
  t.match(await checkOf(h, await drafted(h, order('450.00')), 'notice'), { state: 'attention', text_zh: '按规则先公示 3 天，业主可以提书面异议，期满才能付' });
  t.match(await checkOf(h, await drafted(h, order('600.00')), 'passkey'), { state: 'attention' });
  t.match(await checkOf(h, await drafted(h, order('600.00')), 'large'), { text_zh: '金额达到 500.00 元，按较严的规则签批：物业公司 1 人、业主委员会 1 人' });
});

t.test('the same file on a transfer is seen as well; a budget that is not there is not made up', async (t) => {
  const { h } = await dated(t);
  const file = await voucher(h);
  await h.superuser.query(`insert into entry_voucher (estate_id, seq, sha256) select estate_id, seq, $1 from journal_entry limit 1`, [file]).catch(() => undefined);
  const order = await drafted(h, { vouchers: [file] });
  const check = await checkOf(h, order, 'voucher_reused');
  t.match(check, { text_zh: /2026-11 收-001/ });
  t.match(await checkOf(h, order, 'budget'), { state: 'unknown', text_zh: '今年还没有公布预算，不能核对是否超预算' });
});

t.test('the weekend begins on Friday at six', async (t) => {
  const at = (moment: string): string | undefined => weekendChecks(instant(moment))[0]?.text_zh;
  t.equal(at('2026-11-20T17:59:59+08:00'), undefined);
  t.match(at('2026-11-20T18:00:00+08:00'), '2026-11-20，星期五');
  t.match(at('2026-11-21T09:00:00+08:00'), '星期六');
  t.match(at('2026-11-22T23:59:59+08:00'), '星期日');
  t.equal(at('2026-11-23T00:00:00+08:00'), undefined);
  t.match(at('2026-11-20T15:30:00Z'), '星期五', 'by the clock in Shanghai');
});
