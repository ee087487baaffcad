// The life of a proposal against a small model of it: random people take random steps on random days, and every answer,
// every state and every signature that counts is as the model says. A model that forgets that a return voids the
// signatures is caught: the test can fail.
//   MODEL_RUNS=5000 SEED=7 npx tap test/approval/life-model.test.ts
import t from 'tap';
import fc from 'fast-check';
import { sql } from 'kysely';
import { answerObjection, object } from '../../src/approval/objection.ts';
import { expireDue, hold, release, returnForCorrection, withdraw, type StepAsked } from '../../src/approval/proposal.ts';
import { readProposal, signersOf } from '../../src/approval/queries.ts';
import { canonical } from '../../src/kernel/canonical.ts';
import { inEstate, type Trx } from '../../src/kernel/database.ts';
import { addDays, instant, type Clock } from '../../src/kernel/dates.ts';
import { changeOrder, draftOrder } from '../../src/payment/order.ts';
import { testHouse, type PersonName, type TestHouse } from '../helpers/house.ts';
import { addRule } from '../payment/rules.ts';
import { pay, proposal, receive, refusalOf, submit, voucher, within } from '../payment/story.ts';

const RUNS = Number(process.env['MODEL_RUNS'] ?? 200);
const SEED = Number(process.env['SEED'] ?? 11);
const NOTICE = 5;
const EXPIRES = 6;

const people = ['cashier', 'manager', 'committee1', 'committee2', 'supervisor', 'resident'] as const;
type Person = (typeof people)[number];
const bodies: Record<Person, string | null> =
  { cashier: 'property', manager: 'property', committee1: 'committee', committee2: 'committee', supervisor: 'supervisor', resident: null };
/** Whoever signs here: the cashier made it, the supervisors are not asked. */
const signs = (who: Person): boolean => ['manager', 'committee1', 'committee2'].includes(who);
const steps = { return: returnForCorrection, withdraw, hold, release } as const;
type StepName = keyof typeof steps;

type Command =
  | { do: 'submit' | 'edit' | 'pay' | 'expire'; who: Person }
  | { do: 'sign' | 'reject'; who: Person; stale: boolean }
  | { do: 'step'; step: StepName; who: Person; reason: boolean }
  | { do: 'object'; who: Person }
  | { do: 'answer'; who: Person; nth: number }
  | { do: 'wait'; days: number };

// ── The model ────────────────────────────────────────────────────────────────────────────────────

interface Objection { by: Person; answered: boolean }
interface Model {
  state: string;
  version: number;
  /** Signatures over the present version: they count. */
  signed: Map<Person, 'approve' | 'reject'>;
  day: number;
  submitted_on: number;
  payable_from: number;
  expires_on: number;
  announced: boolean;
  objections: Objection[];
}
const born = (announced: boolean): Model => ({
  state: 'draft', version: 0, signed: new Map(), day: 0, submitted_on: 0, payable_from: 0, expires_on: 0, announced, objections: [],
});
interface Mistakes { return_keeps_signatures?: boolean }

/** What the answer must be; changes the model as that answer says. */
function judge(m: Model, command: Command, mistakes: Mistakes): string {
  const waiting = (): boolean => m.objections.some((one) => !one.answered);
  switch (command.do) {
    case 'wait': m.day += command.days; return 'ok';
    case 'submit':
      if (command.who !== 'cashier') return maySubmit(command.who) ? (isDraft(m) ? 'submit_not_maker' : 'proposal_not_draft') : 'not_allowed';
      if (!isDraft(m)) return 'proposal_not_draft';
      if (!(mistakes.return_keeps_signatures === true && m.state === 'returned')) m.signed = new Map();
      Object.assign(m, { state: 'submitted', version: m.version + 1, submitted_on: m.day, payable_from: m.day + (m.announced ? NOTICE : 0), expires_on: m.day + EXPIRES });
      return 'ok';
    case 'edit':
      if (!maySubmit(command.who)) return 'not_allowed';
      if (!isDraft(m)) return 'order_not_draft';
      return command.who === 'cashier' ? 'ok' : 'order_not_yours';
    case 'sign': case 'reject': {
      const { who } = command;
      if (m.state !== 'submitted') return 'proposal_not_open';
      if (m.expires_on < m.day) return 'proposal_expired';
      if (command.stale) return 'document_changed';
      if (who === 'cashier') return 'signer_is_maker';
      if (who === 'resident') return 'signer_not_in_office';
      if (!signs(who)) return 'body_not_asked';
      if (m.signed.has(who)) return 'already_signed';
      m.signed.set(who, command.do === 'sign' ? 'approve' : 'reject');
      if (command.do === 'reject') { m.state = 'rejected'; return 'rejected'; }
      const of = (body: string): boolean => [...m.signed].some(([one, decision]) => bodies[one] === body && decision === 'approve');
      if (!(of('property') && of('committee'))) return 'signed';
      m.state = 'approved';
      return 'approved';
    }
    case 'step': return judgeStep(m, command);
    case 'expire':
      if (!(['submitted', 'held'].includes(m.state) && m.expires_on < m.day)) return 'none';
      m.state = 'expired';
      return 'expired';
    case 'pay':
      if (!['cashier', 'manager'].includes(command.who)) return 'not_allowed';
      if (m.state === 'executed') return 'already_posted';
      if (m.state !== 'approved') return 'order_not_approved';
      if (m.payable_from > m.day) return 'order_in_notice';
      if (waiting()) return 'order_objected';
      m.state = 'executed';
      return 'posted';
    case 'object': {
      const { who } = command;
      if (!['supervisor', 'resident'].includes(who)) return 'not_allowed';
      const open = ['submitted', 'held', 'approved'].includes(m.state);
      if (who === 'resident') {
        if (!(m.announced && m.version > 0) && !['approved', 'executed'].includes(m.state)) return 'proposal_not_public';
        if (open && !(m.announced && m.day < m.payable_from)) return 'objection_not_announced';
      }
      if (!open) return 'objection_too_late';
      const mine = m.objections.filter((one) => one.by === who);
      if (mine.some((one) => !one.answered)) return 'objection_waits';
      if (mine.length >= 3) return 'too_many_objections';
      m.objections.push({ by: who, answered: false });
      return 'ok';
    }
    case 'answer': {
      if (command.who === 'resident') return 'not_allowed';
      const target = m.objections[command.nth];
      if (target === undefined) return 'objection_unknown';
      if (target.by === command.who) return 'objection_own_answer';
      if (command.who === 'supervisor') return 'objection_answer_not_yours';
      if (target.answered) return 'objection_answered_already';
      target.answered = true;
      return 'ok';
    }
  }
}
const isDraft = ({ state }: Model): boolean => state === 'draft' || state === 'returned';
const maySubmit = (who: Person): boolean => ['cashier', 'manager', 'committee1', 'committee2'].includes(who);

function judgeStep(m: Model, { step, who, reason }: Command & { do: 'step' }): string {
  const { state } = m;
  const maker = who === 'cashier';
  const from: Record<StepName, string[]> = {
    return: ['submitted', 'held'], hold: ['submitted'], release: ['held'], withdraw: ['draft', 'returned', 'submitted', 'held', 'approved'],
  };
  if (!from[step].includes(state)) return { return: 'proposal_not_open', hold: 'proposal_not_open', release: 'proposal_not_held', withdraw: 'proposal_finished' }[step];
  if (step === 'withdraw' && state !== 'approved' && !maker) return 'withdraw_not_yours';
  if (step === 'release' && m.expires_on < m.day) return 'proposal_expired';
  if (!maker && !signs(who)) return 'return_not_yours';
  if (step !== 'release' && !reason && m.version > 0) return 'reason_missing';
  m.state = { return: 'returned', hold: 'held', release: 'submitted', withdraw: 'withdrawn' }[step];
  return 'ok';
}

// ── The real one ─────────────────────────────────────────────────────────────────────────────────

interface World { h: TestHouse; turn: (days: number) => void; file: string }

async function world(t: Parameters<typeof testHouse>[0]): Promise<World> {
  let now = instant('2026-12-01T02:00:00Z');
  const clock: Clock = () => now;
  const h = await testHouse(t, { demo_clock: clock, first_period: '2026-10' });
  await addRule(h, { kind: 'payment', fund: 'service', expires_days: EXPIRES });
  await addRule(h, { kind: 'payment', fund: 'public_income', notice_days: NOTICE, expires_days: EXPIRES });
  for (const fund of ['service', 'public_income']) await receive(h, '900000.00', fund);
  const turn = (days: number): void => { now = instant(`${addDays(now.toISOString().slice(0, 10), days)}T02:00:00Z`); };
  return { h, turn, file: await voucher(h) };
}

const payee = { kind: 'company', name: '川亮照明工程有限公司', bank_name: '工商银行', account_number: '6222021234567890' };
const typed = (fund: string, file: string, amount = '1.00') =>
  ({ payee, amount, fund, account: '5102', purpose: '灯具', vouchers: [file] });

/** A signature without its argon2, which is slow on purpose. */
async function signNow(h: TestHouse, order: number, who: Person, decision: string, stale: boolean): Promise<string> {
  const hash = stale ? '0'.repeat(64) : (await proposal(h, order)).document_hash ?? '0'.repeat(64);
  const text = canonical({ proposal: order, document_hash: hash, person: h.persons[who], body: bodies[who] ?? 'committee', decision, method: 'password', reason: '不同意', evidence: {} });
  const { rows } = await inEstate(h.house.db.signer, h.estate.estate_id, (trx) =>
    sql<{ status: string }>`select record_signature(${h.estate.estate_id}, ${text}) as status`.execute(trx));
  return rows[0]!.status;
}

interface Real { order: number; fund: string; objections: number[]; edits: number }

async function act({ h, turn, file }: World, real: Real, command: Command): Promise<string> {
  const { estate } = h;
  const { order, fund } = real;
  const actor = (who: PersonName) => h.actorOf(who);
  const said = async (work: Promise<unknown>): Promise<string> => {
    const code = await refusalOf(work);
    return code === 'no refusal' ? 'ok' : code;
  };
  switch (command.do) {
    case 'wait': turn(command.days); return 'ok';
    case 'submit': return said(submit(h, order, command.who));
    case 'edit': {
      const amount = `${(real.edits += 1)}.00`;
      return said(within(h, (trx) => changeOrder(trx, { estate, actor: actor(command.who), proposal_id: order, order: typed(fund, file, amount) })));
    }
    case 'sign': return signNow(h, order, command.who, 'approve', command.stale);
    case 'reject': return signNow(h, order, command.who, 'reject', command.stale);
    case 'step': {
      const step = steps[command.step] as (trx: Trx, asked: StepAsked) => Promise<void>;
      const reason = command.reason ? '理由' : undefined;
      return said(within(h, (trx) => step(trx, { estate, actor: actor(command.who), proposal_id: order, reason })));
    }
    case 'expire': return (await within(h, (trx) => expireDue(trx, estate))).includes(order) ? 'expired' : 'none';
    case 'pay': {
      const work = pay({ ...h, actorOf: () => actor(command.who) } as TestHouse, order);
      const code = await refusalOf(work);
      // Paid by another hand, or on another day: told that it is paid.
      return code === 'order_already_paid' ? 'already_posted' : code === 'no refusal' ? (await work).status : code;
    }
    case 'object': return said(within(h, (trx) => object(trx, { estate, actor: actor(command.who), proposal_id: order, text: '请说明' }))
      .then(({ objection_id }) => real.objections.push(objection_id)));
    case 'answer': {
      const objection_id = real.objections[command.nth] ?? 999_999;
      return said(within(h, (trx) => answerObjection(trx, { estate, actor: actor(command.who), objection_id, text: '已说明' })));
    }
  }
}

/** State, version and who has signed what of the present version, in one line. */
async function shown({ h }: World, order: number): Promise<string> {
  const { estate: { estate_id } } = h;
  const { row, signers } = await within(h, async (trx) => ({
    row: (await readProposal(trx, estate_id, order))!, signers: (await signersOf(trx, estate_id, [order])).get(order) ?? [],
  }));
  const nameOf = (person_id: string): string => people.find((who) => h.persons[who] === person_id) ?? '?';
  return `${row.state} v${row.version} ${signers.map((one) => `${nameOf(one.person_id)}:${one.decision}`).sort().join(',')}`;
}
const told = (m: Model): string => `${m.state} v${m.version} ${[...m.signed].map(([who, decision]) => `${who}:${decision}`).sort().join(',')}`;

const person = fc.constantFrom(...people);
/** Mostly people whose step it is, so that lives get somewhere. */
const signer = fc.oneof({ weight: 4, arbitrary: fc.constantFrom<Person>('manager', 'committee1', 'committee2') }, { weight: 1, arbitrary: person });
const maker = fc.oneof({ weight: 5, arbitrary: fc.constant<Person>('cashier') }, { weight: 1, arbitrary: person });
const seldom = fc.integer({ min: 0, max: 11 }).map((n) => n === 0);
const mostly = fc.integer({ min: 0, max: 7 }).map((n) => n > 0);
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('submit' as const), who: maker }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('edit' as const), who: maker }) },
  { weight: 12, arbitrary: fc.record({ do: fc.constant('sign' as const), who: signer, stale: seldom }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reject' as const), who: signer, stale: seldom }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('step' as const), step: fc.constantFrom<StepName>('return', 'return', 'hold', 'release', 'release'), who: signer, reason: mostly }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('step' as const), step: fc.constant<StepName>('withdraw'), who: person, reason: mostly }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('pay' as const), who: maker }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('expire' as const), who: fc.constant<Person>('cashier') }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('object' as const), who: fc.constantFrom<Person>('supervisor', 'supervisor', 'resident', 'resident', 'manager') }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('answer' as const), who: fc.constantFrom<Person>(...people, 'supervisor', 'supervisor'), nth: fc.constantFrom(0, 0, 1, 2) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 4 }) }) },
);
const life = fc.record({ announced: fc.boolean(), commands: fc.array(command, { minLength: 8, maxLength: 40, size: 'max' }) });

interface Seen { answers: Map<string, number>; states: Map<string, number>; commands: number }

async function live(place: World, { announced, commands }: { announced: boolean; commands: Command[] }, mistakes: Mistakes, seen: Seen): Promise<void> {
  const { h, file } = place;
  const fund = announced ? 'public_income' : 'service';
  const order = await within(h, (trx) => draftOrder(trx, { estate: h.estate, actor: h.actorOf('cashier'), order: typed(fund, file) }));
  const real: Real = { order, fund, objections: [], edits: 1 };
  const model = born(announced);
  const lived: string[] = [];
  let over = 0;
  for (const one of commands) {
    // What is over stays over: a few more tries show it.
    if (['executed', 'withdrawn', 'rejected', 'expired'].includes(model.state) && (over += 1) > 5) break;
    const expected = judge(model, one, mistakes);
    const answer = await act(place, real, one);
    const now = await shown(place, order);
    lived.push(`${JSON.stringify(one)} → ${answer}; ${now}`);
    seen.commands += 1;
    seen.answers.set(`${one.do} ${answer}`, (seen.answers.get(`${one.do} ${answer}`) ?? 0) + 1);
    if (answer !== expected || now !== told(model)) throw new Error(`${answer}; ${now}\ninstead of\n${expected}; ${told(model)}\nafter\n${lived.join('\n')}`);
  }
  seen.states.set(model.state, (seen.states.get(model.state) ?? 0) + 1);
}

const play = async (place: World, runs: number, mistakes: Mistakes): Promise<{ seen: Seen; error: string | null }> => {
  const seen: Seen = { answers: new Map(), states: new Map(), commands: 0 };
  const outcome = await fc.check(fc.asyncProperty(life, (one) => live(place, one, mistakes, seen)), { numRuns: runs, seed: SEED, endOnFailure: true });
  return { seen, error: outcome.failed ? String((outcome.errorInstance as Error | null)?.message ?? 'interrupted') : null };
};

t.test(`${RUNS} lives are as the model says`, async (t) => {
  const { seen, error } = await play(await world(t), RUNS, {});
  t.equal(error, null);
  t.comment(`${seen.commands} steps; ended as ${[...seen.states].sort((a, b) => b[1] - a[1]).map(([state, n]) => `${state} ${n}`).join(', ')}`);
  for (const state of ['draft', 'submitted', 'approved', 'executed', 'returned', 'withdrawn', 'rejected', 'held', 'expired']) t.ok(seen.states.has(state), `some ended as ${state}`);
  for (const answer of [
    'submit ok', 'submit submit_not_maker', 'edit ok', 'edit order_not_draft', 'sign signed', 'sign approved', 'sign already_signed', 'sign document_changed',
    'sign signer_is_maker', 'sign body_not_asked', 'sign proposal_expired', 'reject rejected', 'step ok', 'step withdraw_not_yours', 'step return_not_yours',
    'step reason_missing', 'pay posted', 'pay already_posted', 'pay order_in_notice', 'pay order_objected', 'pay order_not_approved', 'expire expired', 'object ok',
    'object objection_waits', 'object objection_not_announced', 'object proposal_not_public', 'answer ok', 'answer objection_own_answer', 'answer objection_answer_not_yours',
  ]) t.ok(seen.answers.has(answer), answer);
});

t.test('a model in which a return keeps the signatures is caught', async (t) => {
  const { error, seen } = await play(await world(t), RUNS, { return_keeps_signatures: true });
  t.match(error, /instead of/);
  t.comment(`after ${seen.commands} steps`);
});
