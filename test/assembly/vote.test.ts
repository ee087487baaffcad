// A vote from its draft to the order that rests on it.
import t from 'tap';
import { sql } from 'kysely';
import { castBallot, enterPaper, maskedBallots, ownBallots, paperRows } from '../../src/assembly/ballot.ts';
import { callOffResolution, countDue, draftResolution, executeCertificate, proposeCertificate } from '../../src/assembly/resolution.ts';
import { readResolutionRow, resolutionList } from '../../src/assembly/resolution-queries.ts';
import { linkedResolution } from '../../src/approval/resolution.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { registerVouchers, keepFile } from '../../src/payment/voucher.ts';
import { signAs } from '../helpers/approved.ts';
import { announced, votingHouse, type Voting } from './made.ts';

const scan = async (h: Voting, name: string): Promise<string> => {
  const file = await keepFile(h.house, Buffer.from(`%PDF-1.7\n1 0 obj\n<</Name (${name})>>\nendobj\ntrailer\n<<>>\n%%EOF\n`), `${name}.pdf`);
  const [voucher] = await inEstate(h.house.db.app, h.estate.estate_id, (trx) => registerVouchers(trx, { estate: h.estate, actor: h.actorOf('cashier'), files: [file], audience: 'officers' }));
  return voucher!.sha256;
};
const row = (h: Voting, resolution: number) => inEstate(h.house.db.app, h.estate.estate_id, (trx) => readResolutionRow(trx, h.estate.estate_id, resolution));
const refusal = (code: string) => ({ code });

t.test('an open vote: roll, ballots once, papers by two of two bodies, the count at its time, the certificate, an order on it', async (t) => {
  const h = await votingHouse(t);
  const { house, estate, actorOf } = h;
  const { estate_id } = estate;
  const hidden = await draftResolution(house, { estate, actor: actorOf('street'), matter: 'other', title: '草稿', wording: '还没想好', starts_on: '2026-10-20', ends_on: '2026-10-30' });
  const list = await inEstate(house.db.app, estate_id, (trx) => resolutionList(trx, estate_id, { drafts: false, limit: 10 }));
  t.same(list.items, [], 'a draft is for those who hold assemblies');
  await t.rejects(row(h, hidden.resolution_id), refusal('resolution_unknown'));
  await t.rejects(draftResolution(house, { estate, actor: actorOf('manager'), matter: 'other', title: '物业', wording: '自己选自己', starts_on: '2026-10-20', ends_on: '2026-10-30' }), refusal('not_allowed'), 'the company holds no assembly');
  await t.rejects(draftResolution(house, { estate, actor: actorOf('committee1'), matter: 'use_fund', title: '快', wording: '今天开今天关', starts_on: '2026-10-12', ends_on: '2026-10-12' }), refusal('resolution_title_short'));
  await t.rejects(draftResolution(house, { estate, actor: actorOf('committee1'), matter: 'use_fund', title: '快点', wording: '今天开今天关', starts_on: '2026-10-12', ends_on: '2026-10-13' }), refusal('resolution_days_invalid'), 'nobody votes in a night');

  const resolution = await announced(h);
  const one = await row(h, resolution);
  t.match(one, { state: 'voting', voters: 5, units: 6, area: '400.00', special: false, rule_day: '2021-01-01' }, 'two dwellings of one owner are one voter; using the fund is ordinary under the Civil Code');

  const resident = actorOf('resident');
  const cast = (actor: typeof resident, unit: string, choice = 'for', key?: string) => castBallot(house, { estate, actor, resolution, unit, choice, key });
  await t.rejects(cast(resident, '1-1-102'), refusal('ballot_not_yours'), 'a neighbour\'s ballot is not cast');
  await t.rejects(cast(resident, '9-9-999'), refusal('ballot_not_yours'), 'nor does one learn whether there is such a dwelling');
  await t.rejects(cast(resident, '1-1-101', 'maybe'), refusal('ballot_choice_unknown'));
  await t.rejects(castBallot(house, { estate, actor: actorOf('committee1'), resolution, unit: '1-1-101', choice: 'for' }), refusal('not_allowed'), 'an office is no vote');
  await cast(resident, '1-1-101', 'for', 'k1');
  await cast(resident, '1-1-101', 'for', 'k1');
  await t.rejects(cast(resident, '1-1-101', 'against'), refusal('ballot_cast_already'), 'it is never changed');
  const [own] = await inEstate(house.db.app, estate_id, (trx) => ownBallots(trx, { estate_id, actor: resident, resolution }));
  t.match(own, { state: 'voted', choice: 'for', way: 'online', slip: null });
  t.match((await inEstate(house.db.app, estate_id, (trx) => maskedBallots(trx, estate_id, resolution, { limit: 10 }))).items, [{ choice: null }], 'no choice is shown before the count');
  await t.rejects(callOffResolution(house, { estate, actor: actorOf('committee1'), resolution, reason: '要输了' }), refusal('resolution_voting_begun'), 'nobody ends a vote that goes badly');

  // The two dwellings of one owner: whoever lives in the one votes for both.
  const heir = await h.live('1-1-302', 'heir');
  await cast(heir, '1-1-302', 'against');
  const second = await h.live('1-1-301', 'second');
  await t.rejects(cast(second, '1-1-301'), refusal('ballot_cast_already'), 'one owner, one ballot');

  const paper = (login: 'cashier' | 'manager' | 'committee2' | 'supervisor', asked: { unit?: string; voucher?: string; paper?: number; choice: string }) => enterPaper(house, { estate, actor: actorOf(login), resolution, ...asked });
  const [scan1, scan2, scan3] = [await scan(h, 'a'), await scan(h, 'b'), await scan(h, 'c')];
  t.match(await paper('cashier', { unit: '1-1-102', voucher: scan1, choice: 'for' }), { status: 'read' });
  const [waiting] = await inEstate(house.db.app, estate_id, (trx) => paperRows(trx, { estate_id, resolution, person_id: h.persons.committee2, limit: 10 }));
  t.notOk(JSON.stringify(waiting).includes('"for"'), 'what the first read is not told');
  const number = waiting!.paper;
  await t.rejects(paper('cashier', { paper: number, choice: 'for' }), refusal('paper_read_already'));
  t.match(await paper('manager', { paper: number, choice: 'for' }), { status: 'read' }, 'two of the company are one side');
  t.match(await paper('committee2', { paper: number, choice: 'for' }), { status: 'cast' });
  await t.rejects(paper('supervisor', { paper: number, choice: 'for' }), refusal('paper_settled'));
  await t.rejects(paper('cashier', { unit: '1-1-201', voucher: scan1, choice: 'for' }), refusal('paper_scan_used'), 'one scan, one ballot');
  await t.rejects(paper('cashier', { unit: '1-1-101', voucher: scan2, choice: 'for' }), refusal('ballot_cast_already'));
  await t.rejects(paper('cashier', { unit: '9-9-999', voucher: scan2, choice: 'for' }), refusal('paper_unit_unknown'));
  // Readers differ: a third decides with one of them.
  const { paper: differing } = await paper('cashier', { unit: '1-1-201', voucher: scan2, choice: 'for' });
  t.match(await paper('committee2', { paper: differing, choice: 'abstain' }), { status: 'read' });
  t.match(await paper('supervisor', { paper: differing, choice: 'for' }), { status: 'cast' });
  const { paper: bad } = await paper('cashier', { unit: '1-1-202', voucher: scan3, choice: 'against' });
  t.match(await paper('committee2', { paper: bad, choice: 'void' }), { status: 'read' });
  t.match(await paper('supervisor', { paper: bad, choice: 'void' }), { status: 'set_aside' }, 'a void paper leaves the owner their vote');

  t.same(await countDue(house, estate), [], 'not before its time');
  h.at('2026-11-30T09:00:00+08:00');
  t.same(await countDue(house, estate), [`resolution ${resolution} counted`], 'and after forty days of downtime, once');
  t.same(await countDue(house, estate), []);
  const counted = await row(h, resolution);
  t.match(counted, { state: 'counted', outcome: 'passed', standing: 'waiting', count: { voters: 5, part: { area: '340.00', voters: 4 }, choices: { for: { area: '260.00', voters: 3 }, against: { area: '80.00', voters: 1 }, abstain: { area: '0.00', voters: 0 } } } });
  const late = await h.live('1-1-202', 'late');
  await t.rejects(cast(late, '1-1-202'), refusal('ballot_not_voting'));

  const link = (today: string) => inEstate(house.db.app, estate_id, (trx) => linkedResolution(trx, estate_id, resolution, { today }));
  await t.rejects(link('2026-12-15'), refusal('resolution_link_waits'), 'for fifteen days it waits for the certificate');
  t.match(await link('2026-12-16'), { certified: false }, 'then it counts, marked');
  const proposed = await proposeCertificate(house, { estate, actor: actorOf('cashier'), resolution });
  await t.rejects(proposeCertificate(house, { estate, actor: actorOf('cashier'), resolution }), refusal('resolution_certified_already'));
  for (const [person, body] of [[h.persons.manager, 'property'], [h.persons.committee1, 'committee'], [h.persons.committee2, 'committee']] as const) await signAs(house, estate, person, body, proposed);
  h.at('2026-12-20T09:00:00+08:00');
  await executeCertificate(house, estate, proposed.proposal_id);
  t.match(await link('2026-12-01'), { certified: true, linked: { resolution_id: resolution, date: '2026-11-30', count_sha256: counted.count_sha256 } });
  const { rows } = await sql<{ seen: string }>`select resolution_linked(${estate_id}, ${JSON.stringify({ resolution: { resolution_id: resolution, title: counted.title, date: '2026-11-30', count_sha256: '0'.repeat(64) } })}::jsonb, '2026-12-20') as seen`.execute(house.db.app);
  t.equal(rows[0]!.seen, 'differs', 'a document that names another count is another resolution');
});

t.test('a secret vote: the record tells nothing, the code is found under the choice, what was chosen is forgotten with the count', async (t) => {
  const h = await votingHouse(t);
  const { house, estate, actorOf } = h;
  const { estate_id } = estate;
  const resolution = await announced(h, { secret: true, matter: 'raise_fund', title: '续筹维修资金' });
  t.match(await row(h, resolution), { special: true, secret: true });
  const resident = actorOf('resident');
  const tenant = await h.live('1-1-102', 'tenant');
  await inEstate(house.db.app, estate_id, async (trx) => {
    const { party_id } = await trx.insertInto('party').values({ estate_id, kind: 'person', person_id: tenant.person_id, entered_at: new Date(0) }).returning('party_id').executeTakeFirstOrThrow();
    const { seq } = await trx.selectFrom('tenure').select('seq').where('estate_id', '=', estate_id).limit(1).executeTakeFirstOrThrow();
    await trx.insertInto('tenure').values({ estate_id, unit: '1-1-102', party_id, kind: 'tenant', from_date: '2026-10-01', seq }).execute();
  });
  await t.rejects(castBallot(house, { estate, actor: tenant, resolution, unit: '1-1-102', choice: 'for' }), refusal('ballot_not_owner'), 'a tenant reads the books and does not vote');
  await castBallot(house, { estate, actor: resident, resolution, unit: '1-1-101', choice: 'against' });
  const own = () => inEstate(house.db.app, estate_id, (trx) => ownBallots(trx, { estate_id, actor: resident, resolution }));
  const [mine] = await own();
  t.match(mine!.slip, { choice: 'against', code: /^[2-9A-HJ-NP-Z]{26}$/ });
  const other = await h.live('1-1-101', 'family');
  const [seen] = await inEstate(house.db.app, estate_id, (trx) => ownBallots(trx, { estate_id, actor: other, resolution }));
  t.match(seen, { state: 'voted', slip: null }, 'nor does the family learn it');
  const bodies = async (kind: string): Promise<string> => JSON.stringify((await h.superuser.query('select body from record where estate_id = $1 and kind = $2', [estate_id, kind])).rows);
  t.notMatch(await bodies('ballot_cast'), /against|1-1-101/, 'neither the choice nor the dwelling is in the log');
  t.notMatch(await bodies('resolution_announced'), /1-1-101|王一/);
  await t.rejects(h.superuser.query(`update secret_ballot set choice = 'for'`), /secret_ballot_stays/);
  await t.rejects(h.superuser.query('delete from secret_ballot'), /secret_ballot_stays/);
  await t.rejects(h.superuser.query('delete from ballot'), /append_only/);
  await t.rejects(h.superuser.query(`update resolution set title = '别的'`), /resolution_stays/);
  await t.rejects(house.db.app.executeQuery(sql`insert into ballot (estate_id) values (1)`.compile(house.db.app)), /permission denied/);

  h.at('2026-10-21T09:00:00+08:00');
  // With every guard off, the count still finds what was changed.
  await h.superuser.query('alter table secret_ballot disable trigger all');
  await h.superuser.query(`update secret_ballot set choice = 'for'`);
  await t.rejects(countDue(house, estate), refusal('ballot_altered'), 'what the commitment does not open is not counted');
  await h.superuser.query(`update secret_ballot set choice = 'against'`);
  await h.superuser.query('alter table secret_ballot enable always trigger guard_secret_ballot');
  await countDue(house, estate);
  const counted = await row(h, resolution);
  t.match(counted, { outcome: 'quorum_missing', count: { codes: { against: [mine!.slip!.code.slice(0, 10)], for: [], abstain: [] } } });
  t.equal((await h.superuser.query('select count(*)::int as n from secret_ballot')).rows[0].n, 0, 'nobody can tell any more');
  t.match((await own())[0], { state: 'voted', slip: null, choice: null });
  await t.rejects(inEstate(house.db.app, estate_id, (trx) => linkedResolution(trx, estate_id, resolution, { today: '2027-01-01' })), refusal('resolution_link_not_passed'));
});
