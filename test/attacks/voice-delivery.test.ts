// Attacks on votes, on what is sent, and on the founding: by somebody with the auditor's login, by a receiver that answers oddly, by a
// cashier who shifts deposits, by an operator who forgets a start key.
import t from 'tap';
import { castBallot, ownBallots } from '../../src/assembly/ballot.ts';
import { countDue } from '../../src/assembly/resolution.ts';
import { deliverDue } from '../../src/delivery/deliver.ts';
import { openRelay, renewSecret } from '../../src/delivery/relay.ts';
import { appendRecord } from '../../src/evidence/records.ts';

import { readBasics } from '../../src/founding/found-draft.ts';
import { forgetFoundings, keepDraft, foundingBy, makeStartKeys } from '../../src/founding/found-key.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { instant, laterBy, shanghaiInstant } from '../../src/kernel/dates.ts';
import { announced, votingHouse } from '../assembly/made.ts';
import { testHouse } from '../helpers/house.ts';
import { receiver } from '../helpers/receiver.ts';
import { api, officeHouse } from '../office/office-house.ts';

t.test('the auditor\'s and the signer\'s logins learn nothing of a secret ballot, nor of what a survey says', async (t) => {
  const h = await votingHouse(t);
  const resolution = await announced(h, { secret: true, matter: 'raise_fund', title: '续筹维修资金' });
  await castBallot(h.house, { estate: h.estate, actor: h.actorOf('resident'), resolution, unit: '1-1-101', choice: 'against' });
  for (const role of ['auditor', 'signer']) {
    for (const table of ['secret_ballot', 'paper_entry', 'survey_answer', 'survey_words']) {
      const { rows } = await h.superuser.query('select has_any_column_privilege($1, $2, $3) as may', [role, table, 'select']);
      t.same(rows, [{ may: false }], `${role} ${table}`);
    }
  }
});

t.test('whoever makes a login for an empty dwelling once a vote is announced does not vote with it; its owner votes on paper', async (t) => {
  const h = await votingHouse(t);
  const { house, estate } = h;
  const resolution = await announced(h);
  h.at('2026-10-13T09:00:00+08:00');
  const made = await h.live('1-1-202', 'made', '2026-10-12T18:00:00+08:00');
  await t.rejects(castBallot(house, { estate, actor: made, resolution, unit: '1-1-202', choice: 'for' }), { code: 'ballot_joined_late' });
  t.match(await inEstate(house.db.app, estate.estate_id, (trx) => ownBallots(trx, { estate_id: estate.estate_id, actor: made, resolution })), [{ state: 'joined_late', voter: null }]);
  await castBallot(house, { estate, actor: await h.live('1-1-201', 'before'), resolution, unit: '1-1-201', choice: 'against' });
  const back = await h.live('1-1-301', 'back');
  const leave = (left_at: Date | null) => inEstate(house.db.app, estate.estate_id, (trx) => trx.updateTable('resident').set({ left_at }).where('estate_id', '=', estate.estate_id).where('person_id', '=', back.person_id).execute());
  await leave(instant('2026-10-05T09:00:00+08:00'));
  await leave(null);
  await t.rejects(castBallot(house, { estate, actor: back, resolution, unit: '1-1-301', choice: 'for' }), { code: 'ballot_joined_late' }, 'nor does whoever left and is let in again');
  await castBallot(house, { estate, actor: made, resolution: await announced(h, { title: '下一次', starts_on: '2026-10-13', ends_on: '2026-10-20' }), unit: '1-1-202', choice: 'for' });
});

t.test('a vote whose ballots were altered stops neither the other votes nor the surveys', async (t) => {
  const h = await votingHouse(t);
  const { house, estate } = h;
  const bad = await announced(h, { secret: true, title: '被改的' });
  await castBallot(house, { estate, actor: h.actorOf('resident'), resolution: bad, unit: '1-1-101', choice: 'against' });
  const good = await announced(h, { title: '没改的' });
  await h.superuser.query('alter table secret_ballot disable trigger all');
  await h.superuser.query(`update secret_ballot set choice = 'for'`);
  h.at('2026-10-21T09:00:00+08:00');
  await t.rejects(countDue(house, estate), { code: 'ballot_altered' }, 'and it is told');
  const { rows } = await h.superuser.query('select resolution_id::int as id, counted_seq is not null as counted from resolution order by 1');
  t.same(rows, [{ id: bad, counted: false }, { id: good, counted: true }]);
});

t.test('a receiver that answers oddly keeps neither the other receivers nor the letters from theirs', async (t) => {
  let now = shanghaiInstant('2031-10-01', '10:00');
  const h = await testHouse(t, { first_period: '2031-09', demo_clock: () => now });
  const there = await receiver(t);
  const letters: string[] = [];
  const house = { ...h.house, mail: async ({ to }: { to: string }) => { letters.push(to); return 'sent' as const; }, settings: { ...h.house.settings, relays_on_loopback: true } };
  const { estate } = h;
  const open = { estate, actor: h.actorOf('manager'), address: there.url('/robot'), events: ['disclosure_published'], locale: 'zh' };
  const { relay } = await openRelay(house, { ...open, kind: 'wecom', label: '业主群' });
  await h.superuser.query(`update person_identity set email = 'a@example.cn' where person_id = $1`, [h.persons.committee1]);
  for (const text of ['null', '7', '"errcode"', '[]', '{"errcode":']) {
    now = laterBy(now, 24 * 3600_000);
    there.answer = { status: 200, text };
    await inEstate(house.db.app, estate.estate_id, (trx) => appendRecord(trx, estate.estate_id, 'disclosure_published', { period: '2031-08', version: 1 }));
    t.match((await deliverDue(house, estate)).join(), new RegExp(`wecom ${relay} robot_unreadable`), text);
  }
  t.ok(letters.length > 0, 'the news of the relay reached the committee');
});

t.test('another secret for a webhook is told: whoever changes it silences the receiver', async (t) => {
  const h = await testHouse(t, { first_period: '2031-09', demo_clock: () => shanghaiInstant('2031-10-01', '10:00') });
  const house = { ...h.house, settings: { ...h.house.settings, relays_on_loopback: true } };
  const { relay } = await openRelay(house, { estate: h.estate, actor: h.actorOf('manager'), kind: 'webhook', label: '业委会监看', address: 'https://hooks.example.com/x', events: ['disclosure_published'], locale: 'zh' });
  await renewSecret(house, { estate: h.estate, actor: h.actorOf('manager'), relay });
  const { rows } = await h.superuser.query(`select count(*)::int as n from notice where person_id = $1 and key like $2`, [h.persons.committee2, `relay:${relay}:secret:%`]);
  t.same(rows, [{ n: 1 }]);
});

t.test('what was filled in under a start key goes when the key expires, and first passwords after a day, without anybody making another key', async (t) => {
  let now = new Date();
  const h = await testHouse(t, { clock: () => now });
  const [key] = await makeStartKeys(h.house);
  const { founding_id } = await foundingBy(h.house, key);
  await keepDraft(h.house, founding_id, { officers: { name_chair: '陈主任' } });
  await h.superuser.query(`insert into founding (token_hash, created_at, expires_at, opened_estate, opened_at, sheets) values (sha256('x'), $1, $1, $2, $1, 'sealed')`, [now, h.estate.estate_id]);
  now = laterBy(now, 15 * 24 * 3600_000);
  await forgetFoundings(h.house);
  t.same((await h.superuser.query('select content, sheets from founding')).rows, [{ content: '{}', sheets: null }]);
});

t.test('no dwelling begins with less than nothing on its account, so that another has more', async (t) => {
  const h = await officeHouse(t);
  const cashier = await h.as('cashier');
  const table = ['科目\t资金\t借方金额\t贷方金额\t房号', `2241\t押金\t2000\t\t${h.home}`, '1002\t押金\t2000\t\t', '310201\t改造资金·政府补贴\t\t1\t', '1002\t改造资金·政府补贴\t1\t\t'].join('\n');
  const { rows: [other] } = await h.superuser.query('select unit from unit where estate_id = $1 and unit <> $2 limit 1', [h.estate.estate_id, h.home]);
  const shifted = `${table}\n2241\t押金\t\t4000\t${other?.unit ?? h.home}`;
  const { json, status } = await cashier.post(`${api}/opening-balances`, { table: shifted });
  t.match({ code: json['code'], status }, { code: 'opening_dwelling_negative', status: 422 });
});

t.test('the name of an estate is one line of what can be printed: it stands on every disclosure for ever', (t) => {
  const fields = { name_zh: '示例\n小\u200b区\u0000', name_en: 'A\tname', code: 'lines', first_period: '2026-11', mode: 'trust', rules: 'trust', disclosure_day: '10', answer_days: '7', bank_name: '示例银行', account_last4: '0000' };
  t.match(readBasics(fields, '2026-11-20').row, { name_zh: '示例 小区', name_en: 'A name' });
  t.end();
});
