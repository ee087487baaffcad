// Majorities against a plain re-statement of the law, borders included: what the database decides, what verify decides, and what the text
// of the law says with fractions. And a ballot that was changed in the log is found from the records alone.
import t from 'tap';
import fc from 'fast-check';
import { sql } from 'kysely';
import { castBallot } from '../../src/assembly/ballot.ts';
import { countDue } from '../../src/assembly/resolution.ts';
import { answerSurvey, closeDue, moderateWords, openSurvey, readSurvey, wordsOf } from '../../src/assembly/survey.ts';
import { readRecords } from '../../src/evidence/records.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { outcomeOf } from '../../src/verifier/ballots.ts';
import { Books } from '../../src/verifier/books.ts';
import { replay } from '../../src/verifier/replay.ts';
import { announced, votingHouse } from './made.ts';

interface Vote { area: number; voters: number; part_area: number; part_voters: number; for_area: number; for_voters: number; special: boolean; rule: '2007-10-01' | '2021-01-01' }

/** 民法典 §278 and §1259; 物权法 §76 with 物业管理条例 §12. Areas are whole hundredths, so that a fraction is exact. */
function plainly({ area, voters, part_area, part_voters, for_area, for_voters, special, rule }: Vote): string {
  const [A, V, a, v, fa, fv] = [area, voters, part_area, part_voters, for_area, for_voters].map(BigInt) as [bigint, bigint, bigint, bigint, bigint, bigint];
  if (rule === '2021-01-01') {
    if (!(3n * a >= 2n * A && 3n * v >= 2n * V)) return 'quorum_missing';
    const enough = special ? 4n * fa >= 3n * a && 4n * fv >= 3n * v : fa + fa > a && fv + fv > v;
    return a > 0n && v > 0n && enough ? 'passed' : 'majority_missing';
  }
  if (!(a + a > A && v + v > V)) return 'quorum_missing';
  return (special ? 3n * fa >= 2n * A && 3n * fv >= 2n * V : fa + fa > A && fv + fv > V) ? 'passed' : 'majority_missing';
}

t.test('database, verifier and the text of the law decide the same, at every border', async (t) => {
  const h = await votingHouse(t);
  const whole = fc.record({ area: fc.integer({ min: 1, max: 1_200 }), voters: fc.integer({ min: 1, max: 60 }) });
  // Every second number lies on a border of halves, thirds or quarters, or one beside it.
  const near = (of: number) => fc.oneof(fc.integer({ min: 0, max: of }), fc.constantFrom(0, of, ...[[1, 2], [2, 3], [3, 4]].flatMap(([n, d]) => [-1, 0, 1].map((step) => Math.floor(of * n! / d!) + step))).filter((x) => x >= 0 && x <= of));
  const votes = whole.chain(({ area, voters }) => fc.record({ area: fc.constant(area), voters: fc.constant(voters), part_area: near(area), part_voters: near(voters) }))
    .chain((one) => fc.record({ ...Object.fromEntries(Object.entries(one).map(([name, value]) => [name, fc.constant(value)])) as { [K in keyof typeof one]: fc.Arbitrary<number> }, for_area: near(one.part_area), for_voters: near(one.part_voters), special: fc.boolean(), rule: fc.constantFrom('2007-10-01' as const, '2021-01-01' as const) }));
  const sample = fc.sample(votes, { numRuns: 4_000, seed: 278 }) as Vote[];
  const { rows } = await sql<{ outcome: string }>`select vote_outcome((v ->> 'rule')::date, (v ->> 'special')::boolean, (v ->> 'area')::numeric / 100, (v ->> 'voters')::numeric, (v ->> 'part_area')::numeric / 100, (v ->> 'part_voters')::numeric,
    (v ->> 'for_area')::numeric / 100, (v ->> 'for_voters')::numeric) as outcome from jsonb_array_elements(${JSON.stringify(sample)}::jsonb) with ordinality as x(v, i) order by i`.execute(h.house.db.app);
  const wrong = sample.filter((vote, index) => {
    const told = plainly(vote);
    const again = outcomeOf(vote.rule, vote.special, {
      all: { area: BigInt(vote.area), voters: BigInt(vote.voters) }, part: { area: BigInt(vote.part_area), voters: BigInt(vote.part_voters) }, agree: { area: BigInt(vote.for_area), voters: BigInt(vote.for_voters) },
    });
    return rows[index]!.outcome !== told || again !== told;
  });
  t.same(wrong.slice(0, 3), []);
  const seen = new Set(rows.map(({ outcome }) => outcome));
  t.equal(seen.size, 3, 'each outcome was met');
  const at = (vote: Partial<Vote>) => plainly({ area: 300, voters: 12, part_area: 200, part_voters: 8, for_area: 150, for_voters: 6, special: true, rule: '2021-01-01', ...vote });
  t.same([at({}), at({ part_area: 199, for_area: 199 }), at({ for_voters: 5 }), at({ special: false, for_area: 100 }), at({ special: false, for_area: 101, for_voters: 5 })],
    ['passed', 'quorum_missing', 'majority_missing', 'majority_missing', 'passed'], 'two thirds and three quarters are enough, a half is not');
});

t.test('whoever changes a ballot, the roll or the count in the log is found from the records', async (t) => {
  const h = await votingHouse(t);
  const { house, estate, actorOf } = h;
  const resolution = await announced(h);
  await castBallot(house, { estate, actor: actorOf('resident'), resolution, unit: '1-1-101', choice: 'for' });
  await castBallot(house, { estate, actor: await h.live('1-1-301', 'zhao'), resolution, unit: '1-1-301', choice: 'against' });
  await castBallot(house, { estate, actor: await h.live('1-1-201', 'zhang'), resolution, unit: '1-1-201', choice: 'for' });
  await castBallot(house, { estate, actor: await h.live('1-1-102', 'li'), resolution, unit: '1-1-102', choice: 'for' });
  h.at('2026-10-21T09:00:00+08:00');
  await countDue(house, estate);
  const records = await inEstate(house.db.app, estate.estate_id, (trx) => readRecords(trx, estate.estate_id, 1, 1_000));
  const findings = (change: (kind: string, body: Record<string, any>, index: number) => void, dropped = -1): string[] => {
    const books = new Books(estate.code);
    books.complete = true;
    const found: string[] = [];
    books.reportTo((code, facts) => found.push(`${code} ${String(facts?.['what_en'] ?? '')}`));
    let ballots = 0;
    for (const record of records) {
      const body = JSON.parse(record.body) as Record<string, any>;
      if (record.kind === 'ballot_cast' && ballots++ === dropped) continue;
      change(record.kind, body, ballots - 1);
      replay(books, { ...record, body: JSON.stringify(body) } as never, false);
    }
    return found.filter((one) => one.startsWith('vote_wrong') || one.startsWith('record_misshapen'));
  };
  t.same(findings(() => undefined), [], 'the honest log holds');
  t.match(findings((kind, body, index) => { if (kind === 'ballot_cast' && index === 1) body['choice'] = 'for'; }), [/not those of the ballots/], 'a vote against becomes one for');
  t.match(findings(() => undefined, 0), [/not those who cast ballots/, /not those of the ballots/], 'a ballot is taken away');
  t.match(findings((kind, body) => { if (kind === 'resolution_counted') body['outcome'] = 'majority_missing'; }), [/not what the law makes of it/], 'a result is turned round');
  t.match(findings((kind, body) => { if (kind === 'resolution_counted') body['choices']['for']['area'] = '999.00'; }), [/not those of the ballots/]);
  t.match(findings((kind, body) => { if (kind === 'resolution_announced') body['roll'][0][1] = '1.00'; }), [/does not add up/], 'somebody weighs less');
  t.match(findings((kind, body) => { if (kind === 'resolution_announced') body['matter'] = 'raise_fund'; }), [/the law or the majority/], 'a special matter passes for an ordinary one');
  t.match(findings((kind, body, index) => { if (kind === 'ballot_cast' && index === 2) body['voter'] = '0'.repeat(32); }), [/nobody on the roll/]);
  t.match(findings((kind, body, index) => { if (kind === 'ballot_cast' && index === 3) Object.assign(body, { paper: 1, way: 'paper' }); }), [/not read by two persons/], 'an online ballot passes for a paper nobody read');
});

t.test('a survey: one answer a dwelling, no names, words hidden until shown, few answers not told apart', async (t) => {
  const h = await votingHouse(t);
  const { house, estate, actorOf } = h;
  const { estate_id } = estate;
  const open = (more = {}) => openSurvey(house, { estate, actor: actorOf('committee1'), kind: 'satisfaction', title: '下半年满意度', wording: '请打分', questions: ['保洁', '维修'], starts_on: '2026-10-12', ends_on: '2026-10-20', ...more });
  await t.rejects(open({ questions: [] }), { code: 'survey_questions_invalid' });
  const { survey_id: survey } = await open();
  const { survey_id: few } = await open({ kind: 'opinion', title: '装充电桩' });
  const units = ['1-1-101', '1-1-102', '1-1-201', '1-1-202', '1-1-301'];
  for (const [index, unit] of units.entries()) {
    const actor = index === 0 ? actorOf('resident') : await h.live(unit, `p${index}`);
    await answerSurvey(house, { estate, actor, survey, unit, scores: [index + 1, index === 0 ? 0 : 4], words: index === 0 ? '电话 13800138000 的师傅很好' : '' });
    if (index === 0) {
      await answerSurvey(house, { estate, actor, survey: few, unit, scores: [1] });
      await t.rejects(answerSurvey(house, { estate, actor, survey, unit, scores: [5, 5] }), { code: 'survey_answered_already' });
      await t.rejects(answerSurvey(house, { estate, actor, survey, unit: '1-1-102', scores: [5, 5] }), { code: 'survey_not_yours' });
    }
  }
  const words = (who: 'resident' | 'committee1') => inEstate(house.db.app, estate_id, (trx) => wordsOf(trx, { estate_id, survey, actor: actorOf(who) }));
  t.same(await words('resident'), [], 'hidden by default');
  const [one] = await words('committee1');
  await moderateWords(house, { estate, actor: actorOf('committee1'), survey, answer: one!.answer, act: 'show' });
  t.equal((await words('resident')).length, 1);
  await moderateWords(house, { estate, actor: actorOf('supervisor'), survey, answer: one!.answer, act: 'erase', reason: '写了电话' });
  t.same(await words('committee1'), []);
  const standing = () => sql<Record<string, unknown>>`select * from survey_standing(${estate_id}, '2026-10-31')`.execute(house.db.app);
  h.at('2026-10-25T09:00:00+08:00');
  t.equal((await closeDue(house, estate)).length, 2);
  t.same(await closeDue(house, estate), []);
  const { rows } = await inEstate(house.db.app, estate_id, (trx) => sql<Record<string, unknown>>`select * from survey_standing(${estate_id}, '2026-10-31')`.execute(trx));
  t.match(rows, [{ title: '下半年满意度', units: 6, answered: 5, question: 1, wording: '保洁', mean: '3.00', content: 2, discontent: 2 }, { question: 2, mean: '4.00', content: 4, discontent: 0 }]);
  t.same((await standing()).rows, [], 'another estate sees none of it');
  t.match(await inEstate(house.db.app, estate_id, (trx) => readSurvey(trx, { estate_id, survey: few, homes: [] })), { answered: 1, results: [], state: 'closed' }, 'one answer is not told apart');
});
