// The counter and its receipts as people use them: find, choose, check, take; numbered without gaps, void only under both keys,
// and seen by nobody but the dwelling's own people and those who keep or watch over the fees.
import t from 'tap';
import { api, officeHouse } from '../office/office-house.ts';

const hidden = (html: string, form: string): Record<string, string> => {
  const part = html.slice(html.indexOf(`id="${form}"`), html.indexOf('</form>', html.indexOf(`id="${form}"`)));
  return Object.fromEntries([...part.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [name!, value!]));
};

t.test('a payment at the counter', async (t) => {
  const h = await officeHouse(t);
  const page = async (who: string, path: string, lang = 'zh') => (await h.as(who)).get(`/e/test/${path}${path.includes('?') ? '&' : '?'}lang=${lang}`);
  const [mine, other] = [h.home, '1-2-101'];
  const bill = (unit: string, period: string) => h.superuser.query(`insert into bill (estate_id, unit, item, period, amount, due_on, made_at)
    values ($1, $2, 'property_fee', $3, 102, '2026-11-30', now()) returning bill_id`, [h.estate.estate_id, unit, period]);
  const october = (await bill(mine, '2026-10')).rows[0].bill_id as string;
  const november = (await bill(mine, '2026-11')).rows[0].bill_id as string;
  await bill(other, '2026-11');
  const counter = `/e/test/counter/${mine}`;
  const step = (fields: Record<string, string>, who = 'cashier') => h.form(who, counter, fields, null);
  const typed = { form_key: 'f1', method: 'cash', payer: '王女士', [`bill_${november}`]: 'yes', step: 'check' };

  await t.test('the cashier finds, chooses and checks; the receipt says what was shown', async (t) => {
    t.match((await page('cashier', 'counter?q=1-1')).text, new RegExp(`${mine}[\\s\\S]*204\\.00`));
    t.equal((await page('cashier', `counter?q=${mine}`)).status, 303, 'the whole number leads there');
    t.match((await page('cashier', 'counter?q=王阿姨')).text, new RegExp(mine), 'by name');
    t.match((await page('cashier', `counter/${mine}`)).text, /未交合计/);
    t.equal((await page('cashier', 'counter/9-9-999')).status, 404);
    for (const who of ['committee1', 'supervisor', 'resident', 'street']) t.equal((await page(who, `counter/${mine}`)).status, 403, who);
    t.equal((await step(typed, 'committee1')).status, 403);
    for (const [fields, field] of [[{ method: '' }, /没有选收款方式/], [{ amount: 'x' }, /读不懂/], [{ amount: '50', [`bill_${november}`]: '', [`part_${november}`]: '60' }, /合计 60\.00 元，收到的只有 50\.00 元/],
      [{ [`part_${november}`]: '103' }, /只剩 102\.00 元未交/], [{ bill_999999: 'yes' }, /已经结清、减免，或不是这一户的/], [{ [`bill_${november}`]: '' }, /应大于 0/], [{ paid_on: '13月' }, /读不懂/]] as const) {
      const answer = await step({ ...typed, ...fields });
      t.equal(answer.status >= 400, true);
      t.match(answer.text, field);
    }
    const checked = await step({ ...typed, amount: '150.00' });
    t.equal(checked.status, 200);
    t.match(checked.text, /2026年11月[\s\S]*结清[\s\S]*102\.00[\s\S]*2026年10月[\s\S]*54\.00[\s\S]*48\.00/, 'November as ticked, the rest to October');
    const confirm = hidden(checked.text, 'confirm');
    const stale = await step({ ...confirm, seen: '0'.repeat(64) });
    t.equal(stale.status, 409);
    t.match(stale.text, /请重新核对/);
    const [taken, again] = await Promise.all([step(confirm), step(confirm)]);
    t.same([taken!.status, again!.status, taken!.headers['location'], again!.headers['location']], [303, 303, '/e/test/receipts/1?done=received', '/e/test/receipts/1?done=received']);
    t.equal((await step({ ...confirm, amount: '160.00' })).status, 409, 'the same form with other figures');
    const shown = (await page('cashier', 'receipts/1')).text;
    for (const part of [/№ 000001/, /王女士/, /现金/, /150\.00/, /2026年11月/, /2026年10月/]) t.match(shown, part);
    t.match((await page('cashier', 'counter')).text, /现金[\s\S]*150\.00/, 'taken today');
    const pdf = await page('cashier', 'receipts/1/receipt.pdf');
    t.equal(pdf.bytes.subarray(0, 5).toString(), '%PDF-');
  });

  await t.test('over the interface the same, many at once', async (t) => {
    const cashier = await h.as('cashier');
    const one = { unit: mine, amount: '60.00', paid_on: '2026-11-02', method: 'wechat', payer: '李先生' };
    const { payer: _payer, ...asked } = one;
    t.match((await cashier.post(`${api}/payments/preview`, asked)).json, { amount: '60.00', parts: [{ kind: 'bill', period: '2026-10', amount: '54.00', open: '0.00' }, { kind: 'held', amount: '6.00' }] });
    const taken = await cashier.post(`${api}/payments`, { payments: [one, { ...one, unit: other, amount: '102.00', choice: { ahead: [{ item: 'property_fee', amount: '102.00' }] } }] });
    t.match(taken.json, { items: [{ status: 'taken', unit: mine, receipt: 2 }, { status: 'taken', unit: other, receipt: 3 }] });
    t.equal((await cashier.post(`${api}/payments`, { payments: [{ ...one, choice: { bills: [{ bill_id: Number(october), amount: '-5.00' }] } }] })).json['code'], 'payment_nothing');
    t.equal((await cashier.post(`${api}/payments`, { payments: [{ ...one, choice: { ahead: [{ item: 'golf', amount: '5.00' }] } }] })).json['code'], 'payment_item_unknown');
    t.equal((await (await h.as('committee1')).post(`${api}/payments`, { payments: [one] })).json['code'], 'not_allowed');
    t.match((await cashier.get(`${api}/receipts/3`)).json, { unit: other, payer: '李先生', parts: [{ kind: 'ahead', amount: '102.00' }] });
  });

  await t.test('residents see the receipts of their own dwelling, from their own first day', async (t) => {
    const resident = await h.as('resident');
    t.match((await resident.get(`${api}/receipts`)).json['items'].map((row: { number: number }) => row.number), [2, 1]);
    for (const path of ['receipts/3', 'receipts/4', 'receipts/x', 'receipts/0', 'receipts/3/receipt.pdf']) t.equal((await page('resident', path)).status, 404, path);
    t.equal((await resident.get(`${api}/receipts/3`)).json['code'], 'receipt_unknown');
    t.equal((await page('resident', 'receipts.csv')).status, 403);
    t.notMatch((await page('resident', `receipts?q=${other}`)).text, new RegExp(`${other}<|李先生.*${other}`));
    t.equal((await page('street', 'receipts/3')).status, 404, 'the street sees no dwelling by name');
    t.match((await (await h.as('street')).get(`${api}/receipts`)).json['items'], []);
    const csv = (await page('supervisor', 'receipts.csv?state=stands')).text;
    t.match(csv, /000003,2026-11-02,1-2-101,李先生,微信,102\.00/);

    // Somebody buys the dwelling on the 3rd: what was paid before is the former owner's.
    const seq = (await h.superuser.query('select max(seq) as seq from record where estate_id = $1', [h.estate.estate_id])).rows[0].seq as string;
    await h.superuser.query(`with p as (insert into party (estate_id, person_id, entered_at) values ($1, $2, now()) returning party_id)
      insert into tenure (estate_id, unit, party_id, kind, from_date, seq) select $1, $3, p.party_id, 'owner', '2026-11-03', $4 from p`, [h.estate.estate_id, h.persons.resident, mine, seq]);
    t.match((await resident.get(`${api}/receipts`)).json['items'], []);
    t.equal((await page('resident', 'receipts/1')).status, 404);
    h.at('2026-11-04');
    await (await h.as('cashier')).post(`${api}/payments`, { payments: [{ unit: mine, amount: '5.00', paid_on: '2026-11-04', method: 'cash' }] });
    t.match((await (await h.as('resident')).get(`${api}/receipts`)).json['items'].map((row: { number: number }) => row.number), [4]);
  });

  await t.test('a receipt is void only when both keys reverse its entry, and keeps its number', async (t) => {
    const { seq } = (await (await h.as('cashier')).get(`${api}/receipts/1`)).json as { seq: number };
    t.match((await page('cashier', 'receipts/1')).text, new RegExp(`/journal/${seq}/reversal`));
    const { json } = await (await h.as('cashier')).post(`${api}/journal-entries/${seq}/reversal`, { reason: '收错户，红字冲销' });
    t.match((await page('cashier', 'receipts/1')).text, /作废申请正在签批/);
    await h.sign(Number(json['proposal_id'] ?? json['id']), 'manager', 'committee1', 'committee2');
    const shown = (await page('supervisor', 'receipts/1')).text;
    t.match(shown, /作废[\s\S]*由红字凭证/);
    t.match((await page('supervisor', 'receipts')).text, /000001 至 000004，连续/);
    t.match((await page('supervisor', 'receipts?state=void')).text, /000001/);
    t.notMatch((await page('supervisor', 'receipts?state=void')).text, />000002</);
    t.match((await page('cashier', `counter/${mine}`)).text, new RegExp(`bill_${november}`), 'its bills are open again');
    await t.rejects(h.superuser.query('update receipt set amount = 1 where number = 1'), /append_only/);
  });
});
