// A change of companies, as the persons do it: certificate, new people in office, takeover, and the books go on with the next
// number. Nobody signs for both companies, nobody changes a figure, no neighbour's money is told.
import t from 'tap';
import { inEstate } from '../../src/kernel/database.ts';
import { money } from '../../src/kernel/money.ts';
import { entryBody, type EntryLine } from '../../src/ledger/entry.ts';
import { postEntries } from '../../src/ledger/gate.ts';
import { verifyFiles } from '../../src/verifier/verify.ts';
import { closeMonth } from '../disclosure/books.ts';
import { auditPackage } from '../faults/tamper-package.ts';
import { SIGNING_PASSWORD } from '../helpers/house.ts';
import { api, officeHouse, type OfficeHouse } from '../office/office-house.ts';

const page = async (h: OfficeHouse, who: string, path: string, lang = 'zh') => (await h.as(who)).get(`/e/test/${path}${path.includes('?') ? '&' : '?'}lang=${lang}`);
const numberIn = (headers: Record<string, unknown>): number => Number(/proposals\/(\d+)/.exec(String(headers['location']))?.[1]);

let keys = 0;
async function post(h: OfficeHouse, date: string, postings: EntryLine[]): Promise<void> {
  const [result] = await inEstate(h.house.db.app, h.estate.estate_id, (trx) => postEntries(trx, h.estate.estate_id, [
    entryBody({ kind: 'receipt', entry_date: date, description: '物业费', key: `handover ${keys += 1}`, made_by: h.persons.cashier, postings })]));
  if (result?.status !== 'posted') throw new Error(result?.status);
}
const debit = (account: string, fund: string, amount: string): EntryLine => ({ account, fund, debit: money(amount) });
const credit = (account: string, fund: string, amount: string, unit?: string): EntryLine => ({ account, fund, credit: money(amount), unit });

const form = { ends_on: '2026-12-31', contracts: '电梯维保合同 | 川梯工程公司 | 2027-06-30\n\n保洁合同｜洁雅公司', others: '消防图纸一套' };

t.test('the books go on from one company to the next', async (t) => {
  const h = await officeHouse(t);
  const [one, two] = (await h.superuser.query('select unit, ref from unit where estate_id = $1 order by unit limit 2', [h.estate.estate_id])).rows as { unit: string; ref: string }[];
  await post(h, '2026-11-02', [debit('1002', 'service', '300.00'), credit('2203', 'service', '250.00', one!.ref), credit('4101', 'service', '50.00', two!.ref)]);
  await post(h, '2026-11-02', [debit('1002', 'deposit', '2000.00'), credit('2241', 'deposit', '2000.00', two!.ref)]);

  const early = await h.form('cashier', '/e/test/handover/new', { ...form, form_key: 'a' }, null);
  t.equal(early.status, 409);
  t.match(early.text, /请先在“结账”里把 2026-11 结账/);
  h.at('2026-12-03');
  await closeMonth(h, '2026-11');
  await inEstate(h.house.db.app, h.estate.estate_id, async (trx) => {
    await trx.insertInto('bill').values({ estate_id: h.estate.estate_id, unit: one!.unit, item: 'property_fee', period: '2026-12', amount: '88.00', due_on: '2026-12-31', made_at: h.house.clock() } as never).execute();
  });

  await t.test('the certificate is drawn, signed by both, and cannot be typed', async (t) => {
    for (const [change, words] of [[{ ends_on: '2026-10-01' }, /最后服务日“2026-10-01”不对/], [{ contracts: '电梯维保' }, /合同清单第 1 行读不出来/],
      [{ contracts: '保洁合同 | 13800138000 | 2027-01-01' }, /手机/]] as const) {
      const refused = await h.form('cashier', '/e/test/handover/new', { ...form, ...change, form_key: 'b' }, null);
      t.equal(refused.status, 422);
      t.match(refused.text, words);
      t.match(refused.text, /消防图纸一套/, 'what was typed stays');
    }
    t.equal((await h.form('supervisor', '/e/test/handover/new', { ...form, form_key: 'c' }, null)).status, 403);
    const sent = await h.form('cashier', '/e/test/handover/new', { ...form, form_key: 'd' }, null);
    t.equal(sent.status, 303, sent.text.slice(0, 600));
    t.equal((await h.form('cashier', '/e/test/handover/new', { ...form, form_key: 'd' }, null)).headers['location'], sent.headers['location'], 'pressed twice, proposed once');
    t.match((await h.form('cashier', '/e/test/handover/new', { ...form, form_key: 'e' }, null)).text, /正在签批/);
  });
  const handover = Number((await h.superuser.query(`select proposal_id from proposal where kind = 'handover'`)).rows[0].proposal_id);
  t.equal((await page(h, 'resident', `handover/${handover}`)).status, 404, 'owners read what was signed');
  const asked = (await page(h, 'committee1', `proposals/${handover}`)).text;
  for (const words of ['902,300.00', '1 户，250.00 元', '1 户，2,000.00 元', '1 户，88.00 元', '消防图纸一套']) t.ok(asked.includes(words), words);
  t.equal((await (await h.as('cashier')).post(`${api}/handovers/${handover}/takeover`, { trustee: '新物业', from: '2026-12-03' })).json['code'], 'takeover_not_ready');
  await h.sign(handover, 'manager', 'committee1', 'committee2');
  t.equal((await h.state(handover)).state, 'executed');

  await t.test('owners read sums, officers lists, and the lists have the hashes that were signed', async (t) => {
    const resident = await page(h, 'resident', `handover/${handover}`);
    t.equal(resident.status, 200);
    for (const words of ['川梯工程公司', '2,000.00', '902,300.00', '双方已签']) t.ok(resident.text.includes(words), words);
    for (const secret of [one!.unit, two!.unit, one!.ref]) t.notOk(resident.text.includes(secret), 'no dwelling');
    t.notMatch(resident.text, /deposits\.csv|bills\.csv/);
    for (const list of ['deposits', 'advance', 'bills']) {
      t.equal((await page(h, 'resident', `handover/${handover}/${list}.csv`)).status, 403);
      t.equal((await page(h, 'street', `handover/${handover}/${list}.csv`)).status, 403, 'nor the street');
      t.match((await page(h, 'committee1', `handover/${handover}/${list}.csv`)).text, new RegExp((list === 'deposits' ? two! : one!).unit));
    }
    t.match((await page(h, 'committee1', `handover/${handover}`)).text, /名单和校验值一致/);
    t.notMatch((await page(h, 'committee1', `handover/${handover}`)).text, /名单和校验值不一致/);
    for (const lang of ['zh', 'en']) t.equal((await page(h, 'resident', `handover/${handover}.pdf`, lang)).bytes.subarray(0, 5).toString(), '%PDF-');
    const [own, all] = [await page(h, 'resident', `handover/${handover}.zip`), await page(h, 'committee1', `handover/${handover}.zip`)];
    t.notOk(own.bytes.includes('deposits.csv'));
    t.ok(all.bytes.includes('deposits.csv'));
    t.equal((await page(h, 'resident', 'handover/999')).status, 404);
  });

  await t.test('nobody of the outgoing company takes over', async (t) => {
    const take = async (more = {}) => (await (await h.as('cashier')).post(`${api}/handovers/${handover}/takeover`, { trustee: '明德物业服务有限公司', from: '2027-01-01', ...more })).json['code'];
    t.equal(await take(), 'takeover_day_invalid', 'that day is to come');
    h.at('2027-01-01');
    t.equal(await take({ trustee: h.estate.trustee }), 'takeover_same_company');
    t.equal(await take({ from: '2026-12-31' }), 'takeover_day_invalid');
    t.equal(await take(), 'takeover_outgoing_in_office');
  });

  await h.owner('nextmanager', '周明');
  await h.seat({ by: 'cashier', body: 'property', office: 'manager', login: 'nextmanager', starts_on: '2027-01-01', ends_on: '2029-12-31' }, 'manager', 'committee1');
  const ending = await (await h.as('cashier')).post(`${api}/terms/${await h.term('manager')}/end`, { ends_on: '2027-01-01', resolution: await h.resolution() });
  t.match((await h.sign(ending.json['proposal_id'] as number, 'nextmanager', 'committee1')).at(-1)!.json, { state: 'executed' }, ending.text);
  h.at('2027-01-02');
  const sent = await h.form('cashier', `/e/test/handover/${handover}/takeover`, { trustee: '明德物业服务有限公司', from: '2027-01-01', differences: '门禁钥匙少两把', form_key: 'x' }, null);
  t.equal(sent.status, 303, /error-summary.{0,700}/s.exec(sent.text)?.[0] ?? '');
  const takeover = numberIn(sent.headers);
  t.match((await page(h, 'committee1', `proposals/${takeover}`)).text, /门禁钥匙少两把/);
  await h.sign(takeover, 'nextmanager', 'committee1', 'committee2');
  t.equal((await h.state(takeover)).state, 'executed', (await h.state(takeover)).reason);
  t.equal((await h.superuser.query('select trustee from estate where estate_id = $1', [h.estate.estate_id])).rows[0].trustee, '明德物业服务有限公司');
  t.match((await page(h, 'resident', `handover/${handover}`)).text, /明德物业服务有限公司从2027年1月1日起接收/);
  t.equal((await (await h.as('cashier')).post(`${api}/handovers/${handover}/takeover`, { trustee: '别的公司', from: '2027-01-02' })).json['code'], 'takeover_done');
  t.match((await page(h, 'auditor', 'log')).text, /新物业公司接收/);
  const { rows: [{ seq }] } = await h.superuser.query(`select min(seq)::integer as seq from record where kind = 'proposal_submitted' and body like '%"kind":"handover"%'`);
  const told = await page(h, 'auditor', `log/${seq}`);
  for (const words of ['移交方', '科目余额', '川梯工程公司']) t.ok(told.text.includes(words), words);
  t.match((await (await h.as('resident')).get(`${api}/handovers`)).json['items'], [{ handover, takeover, incoming: '明德物业服务有限公司' }]);

  await post(h, '2027-01-02', [debit('1002', 'service', '10.00'), credit('4101', 'service', '10.00', one!.ref)]);
  t.equal((await h.superuser.query('select max(number) as n from receipt where estate_id = $1', [h.estate.estate_id])).rows[0].n, 4, 'the next receipt has the next number');
  const held = (await h.superuser.query('select unit_held($1, $2, $3, $4) as held', [h.estate.estate_id, two!.ref, '2241', 'deposit'])).rows[0].held;
  t.equal(held, '2000.00', 'the deposit is the estate\'s as before');
  const verdict = await verifyFiles([{ name: 'audit.zip', blob: new Blob([new Uint8Array(await auditPackage(h))]) }], {});
  t.same(verdict.findings.filter(({ severity }) => severity === 'broken').map(({ code, text }) => [code, text.en]), [], 'and the verifier reckons the certificate the same');
});

t.test('an outgoing company that will not sign does not keep the books', async (t) => {
  const h = await officeHouse(t);
  h.at('2026-12-03');
  await closeMonth(h, '2026-11');
  const { json } = await (await h.as('cashier')).post(`${api}/handovers`, { ends_on: '2026-12-02' });
  const handover = json['proposal_id'] as number;
  t.equal((await (await h.as('manager')).post(`${api}/proposals/${handover}/sign`, { decision: 'reject', reason: '不同意移交', method: 'password', password: SIGNING_PASSWORD })).json['state'], 'rejected');
  await h.owner('nextmanager', '周明');
  await h.seat({ body: 'property', office: 'manager', login: 'nextmanager', starts_on: '2026-12-03', ends_on: '2029-12-31' }, 'manager', 'committee1');
  const ending = await (await h.as('cashier')).post(`${api}/terms/${await h.term('manager')}/end`, { ends_on: '2026-12-03', resolution: await h.resolution() });
  t.match((await h.sign(ending.json['proposal_id'] as number, 'nextmanager', 'committee1')).at(-1)!.json, { state: 'executed' }, ending.text);
  h.at('2026-12-04');
  const take = async (more = {}) => (await h.as('cashier')).post(`${api}/handovers/${handover}/takeover`, { trustee: '明德物业服务有限公司', from: '2026-12-03', ...more });
  t.equal((await take()).json['code'], 'takeover_resolution_missing');
  t.match((await page(h, 'cashier', `handover/${handover}/takeover`)).text, /移交方没有签这份清单/);
  const taken = await take({ resolution: await h.resolution() });
  t.equal(taken.status, 201, taken.text);
  await h.sign(taken.json['proposal_id'] as number, 'nextmanager', 'committee1', 'committee2');
  const { rows: [row] } = await h.superuser.query('select seq, incoming from handover where proposal_id = $1', [handover]);
  t.match(row, { seq: null, incoming: '明德物业服务有限公司' });
  t.equal((await page(h, 'resident', `handover/${handover}`)).status, 200, 'owners see what was taken over without a signature');
  const verdict = await verifyFiles([{ name: 'audit.zip', blob: new Blob([new Uint8Array(await auditPackage(h))]) }], {});
  t.same(verdict.findings.filter(({ severity }) => severity === 'broken').map(({ code, text }) => [code, text.en]), []);
});
