// One race: a payment order in some state, three to seven people who act on it at the same moment, and whoever
// comes a moment later to pay. Half of the races start behind a gate: the log's head is held until all of
// them have read what they act on, so that each has an old picture in mind when its turn comes.
import type pg from 'pg';
import type { House } from '../../src/kernel/house.ts';
import { proposeTransfer } from '../../src/ledger/correction.ts';
import { draftOrder, submitOrder, type OrderTyped } from '../../src/payment/order.ts';
import {
  answering, carryingOut, commenting, correcting, endingDelegation, expiring, holdingAndReleasing, objecting, paying, payingByDoor, readHash, revoking,
  signing, signingByKey, signingByPassword, stepping, superseding, wordFor, type Action, type Forgery,
} from './race-actions.ts';
import {
  appointment, bodyOf, changeOfRules, delegating, endOfTerm, enrol, later, movable, receive, signByDoor, type Asked, type Name,
  type RaceEstate,
} from './race-estate.ts';
import type { Chance } from './random.ts';

export interface Ran { order: number; start: string; actions: string[]; answers: string[] }

const signers: readonly Name[] = ['manager', 'manager2', 'chair', 'member1', 'member2', 'supervisor'];
const TIGHT = 'public_income';
const MIDNIGHT = 0.05;

interface Setting { e: RaceEstate; chance: Chance; maker: Name; typed: OrderTyped; item: Asked; start: string; absent: Name[] }

interface Seat { name: Name; term_id: number; ends_on: string }

/** Who is in office today, by the tables. */
async function seated(e: RaceEstate): Promise<Seat[]> {
  const { rows } = await e.ground.auditor.query<{ person_id: string; term_id: number; ends_on: string }>(
    `select person_id, term_id, ends_on::text from term where estate_id = $1 and $2 between starts_on and ends_on and office <> 'deputy'`,
    [e.estate.estate_id, e.today()]);
  return rows.flatMap(({ person_id, ...row }) => movable.filter((name) => e.persons[name] === person_id).map((name) => ({ name, ...row })));
}

function typedOrder(e: RaceEstate, chance: Chance, fund: string, amount: string): OrderTyped {
  const payee_id = chance.weighted([[6, e.payees.company], [2, e.payees.individual], [2, e.payees.officer]]);
  return { payee: { payee_id }, amount, fund, account: '5102', purpose: '灯具更换', vouchers: [e.vouchers[0]!] };
}

async function submittedOrder(e: RaceEstate, maker: Name, typed: OrderTyped): Promise<Asked> {
  const actor = e.actorOf(maker);
  return e.within(async (trx) => {
    const proposal_id = await draftOrder(trx, { estate: e.estate, actor, order: typed });
    const { document_hash } = await submitOrder(trx, { estate: e.estate, actor, proposal_id });
    return { proposal_id, document_hash };
  });
}

/** Signatures until `missing` would be left; tells whether the order is approved. */
async function signUntil(e: RaceEstate, item: Asked, chance: Chance, missing: number): Promise<boolean> {
  const { rows: [asked] } = await e.ground.auditor.query<{ signers: number }>(
    `select sum(b.signers)::int as signers from proposal p join rule_body b using (estate_id, rule_id) where p.proposal_id = $1`, [item.proposal_id]);
  for (let left = asked!.signers, turn = 0; turn < 2 && left > missing; turn += 1) {
    for (const name of chance.shuffled(signers)) {
      if (left <= missing) break;
      let status = await signByDoor(e, e.houses[0], name, item);
      if (status === 'method_too_weak' && e.keys.has(name)) status = await wordFor(signingByKey(e, name, item).run(e.houses[0]));
      if (status === 'signed') left -= 1;
      if (status === 'approved') return true;
    }
  }
  return false;
}

type Start = 'submitted' | 'one missing' | 'held' | 'returned' | 'approved' | 'objected' | 'notice over' | 'due' | 'paid' | 'rival' | 'emergency';
const starts: readonly (readonly [number, Start])[] = [
  [20, 'submitted'], [34, 'one missing'], [4, 'held'], [5, 'returned'], [14, 'approved'], [6, 'objected'], [4, 'notice over'], [5, 'due'],
  [2, 'paid'], [9, 'rival'], [7, 'emergency'],
];

async function prepare(e: RaceEstate, chance: Chance, start: Start): Promise<Setting> {
  const maker = chance.weighted<Name>([[8, 'cashier'], [1, 'manager'], [1, 'member1']]);
  const fund = start === 'rival' ? TIGHT : 'service';
  const amount = start === 'rival' ? '600.00' : `${chance.whole(1, 9)}${chance.pick(['00.00', '99.99', '000.00'])}`;
  const typed = typedOrder(e, chance, fund, amount);
  if (start === 'rival') await fill(e, '1000.00');
  const item = start === 'emergency' ? await emergency(e, chance, maker, typed) : await submittedOrder(e, maker, typed);
  const house = e.houses[0];
  const act = (action: Action) => wordFor(action.run(house));
  if (start === 'one missing' || start === 'due' || start === 'rival') await signUntil(e, item, chance, 1);
  if (start === 'held') await act(stepping(e, 'hold', 'manager', item.proposal_id));
  if (start === 'returned') await act(stepping(e, 'return', 'chair', item.proposal_id));
  if (['approved', 'objected', 'notice over', 'paid'].includes(start)) await signUntil(e, item, chance, 0);
  if (start === 'objected') await act(objecting(e, 'supervisor', item.proposal_id));
  if (start === 'notice over') later(e, { days: 4 });
  if (start === 'due') later(e, { days: 31 });
  if (start === 'paid') await act(paying(e, item.proposal_id, 'YH0'));
  return { e, chance, maker, typed, item, start, absent: [] };
}

/** As an emergency where the estate still has some to spend this month; else as any other. */
async function emergency(e: RaceEstate, chance: Chance, maker: Name, typed: OrderTyped): Promise<Asked> {
  await ratifyOthers(e);
  const urgent: OrderTyped = {
    ...typed, amount: chance.pick(['9000.00', '60000.00', '110000.00']), payee: { payee_id: e.payees.company }, class: 'emergency',
    emergency_reason: '水管爆裂',
  };
  const item = await submittedOrder(e, maker, urgent).catch(() => submittedOrder(e, maker, typed));
  await signUntil(e, item, chance, chance.whole(0, 1));
  return item;
}

/** Earlier ones, which would stand in the way of another. */
async function ratifyOthers(e: RaceEstate): Promise<void> {
  const { rows } = await e.ground.auditor.query<{ proposal_id: string; document_hash: string }>(`
    select proposal_id, encode(document_hash, 'hex') as document_hash from proposal where estate_id = $1 and class = 'emergency'
      and state in ('approved', 'executed') and ratified_at is null`, [e.estate.estate_id]);
  for (const { proposal_id, document_hash } of rows) {
    for (const name of signers) await signByDoor(e, e.houses[0], name, { proposal_id: Number(proposal_id), document_hash }, { decision: 'ratify' });
  }
}

/** So much and no more is free in the tight fund. */
async function fill(e: RaceEstate, wanted: string): Promise<void> {
  const { rows } = await e.ground.auditor.query<{ proposal_id: string }>(
    "select proposal_id from proposal where estate_id = $1 and kind = 'transfer' and state = 'approved'", [e.estate.estate_id]);
  for (const { proposal_id } of rows) await wordFor(carryingOut(e, 'transfer', Number(proposal_id), '').run(e.houses[0]));
  const { rows: [free] } = await e.ground.auditor.query<{ missing: string }>(`
    select ($2 - coalesce((select sum(p.debit - p.credit) from posting p where p.estate_id = $1 and p.fund = $3 and p.account = '1002'), 0)
      + coalesce((select sum(o.amount) from proposal o where o.estate_id = $1 and o.fund = $3 and o.state = 'approved'), 0))::numeric(14, 2)::text
      as missing`, [e.estate.estate_id, wanted, TIGHT]);
  if (!free!.missing.startsWith('-') && free!.missing !== '0.00') await receive(e, TIGHT, free!.missing);
}

type Drawn = readonly [number, () => Action | Promise<Action>];

/** What may be done to the order itself; the weights let a good part of the races end in a payment. */
function onTheOrder(s: Setting): Drawn[] {
  const { e, chance, item, maker, typed } = s;
  const { proposal_id } = item;
  const somebody = () => chance.pick(signers);
  const other: OrderTyped = { ...typed, amount: chance.pick(['1.00', '900.00', '7000.00']) };
  const correction = s.start === 'returned' ? chance.pick(['edit', 'submit'] as const) : chance.pick(['return', 'return', 'edit'] as const);
  const forgery = () => chance.pick<Forgery>(['another key', 'another key', 'twice in one call', 'another amount', 'yesterday', 'another fund']);
  return [
    [30, () => signing(e, somebody(), item)],
    [10, () => signingByKey(e, somebody(), item)],
    [0.5, () => signingByPassword(e, somebody(), item)],
    [3, () => signing(e, maker, item)],
    [2, () => signing(e, 'cashier', item)],
    [2, () => signing(e, e.payees.officer_is, item)],
    [2, () => signing(e, somebody(), item, { decision: 'reject', reason: '价格不对' })],
    [1, () => signingByKey(e, somebody(), item, 'reject')],
    [5, () => deputySigning(s)],
    [3, async () => signing(e, somebody(), await readHash(e, proposal_id))],
    [3, () => stepping(e, 'withdraw', chance.pick([maker, 'chair', 'manager']), proposal_id)],
    [2, () => stepping(e, 'return', somebody(), proposal_id)],
    [5, () => correcting(e, somebody(), maker, proposal_id, other, correction)],
    [2, () => stepping(e, 'hold', somebody(), proposal_id)],
    [3, () => stepping(e, 'release', somebody(), proposal_id)],
    [3, () => holdingAndReleasing(e, somebody(), proposal_id)],
    [16, () => paying(e, proposal_id, chance.pick(['YH1', 'YH1', 'YH2']))],
    [10, () => payingByDoor(e, proposal_id, forgery(), chance)],
    [4, () => objecting(e, chance.pick(['supervisor', 'street'] as const), proposal_id)],
    [1, () => commenting(e, somebody(), proposal_id)],
    [s.start === 'emergency' ? 60 : 0, () => signing(e, somebody(), item, { decision: 'ratify' })],
    [s.start === 'objected' ? 14 : 2, () => answering(e, chance.pick(['manager', 'supervisor'] as const), proposal_id)],
    [s.start === 'due' ? 20 : 2, () => expiring(e)],
    [1, () => superseding(e, proposal_id)],
  ];
}

const deputyOf = (principal: Name): Name => (bodyOf(principal) === 'property' ? 'company_deputy' : 'owners_deputy');

function deputySigning({ e, chance, item }: Setting): Action {
  const principal = chance.pick(signers);
  const by = deputyOf(principal);
  return chance.happens(0.2) ? signing(e, by, item) : signing(e, by, item, { on_behalf_of: e.persons[principal] });
}

/** Other proposals that take effect in the middle: rules, terms, delegations; each was approved before. */
async function around({ e, chance, item }: Setting): Promise<Action[]> {
  const actions: Action[] = [];
  const present = await seated(e);
  const absent = movable.filter((name) => !present.some((seat) => seat.name === name));
  const take = (kind: Parameters<typeof carryingOut>[1], proposal: number | null, what: string): void => {
    if (proposal === null) return;
    actions.push(carryingOut(e, kind, proposal, what));
    if (chance.happens(0.2)) actions.push(carryingOut(e, kind, proposal, `${what}, by the other instance`));
    if (chance.happens(0.1)) actions.push(stepping(e, 'withdraw', 'cashier', proposal));
  };
  if (chance.happens(0.1)) take('rule', await changeOfRules(e, chance), 'other rules');
  for (const name of absent) {
    if (!chance.happens(0.7)) continue;
    const proposal = await appointment(e, name, e.today());
    if (chance.happens(0.5)) take('membership', proposal, `${name} appointed`);
    else if (proposal !== null) await wordFor(carryingOut(e, 'membership', proposal, '').run(e.houses[0]));
  }
  if (absent.length < 2 && chance.happens(0.16)) {
    const seat = chance.pick(present);
    take('membership', await endOfTerm(e, seat.term_id), `term of ${seat.name} ended`);
    actions.push(signing(e, seat.name, item));
  }
  await delegations({ e, chance, item }, actions, take);
  if (chance.happens(0.06)) {
    const name = chance.pick(signers);
    actions.push(revoking(e, name), signingByKey(e, name, item));
  }
  return actions;
}

async function delegations(
  { e, chance, item }: Pick<Setting, 'e' | 'chance' | 'item'>, actions: Action[],
  take: (kind: 'delegation', proposal: number | null, what: string) => void,
): Promise<void> {
  const { rows } = await e.ground.auditor.query<{ delegation_id: number; principal: string }>(
    'select delegation_id, principal from delegation where estate_id = $1 and $2 between starts_on and ends_on', [e.estate.estate_id, e.today()]);
  const inPlaceOf = (principal: Name): Action => signing(e, deputyOf(principal), item, { on_behalf_of: e.persons[principal] });
  const given = rows.map(({ delegation_id, principal }) => ({ delegation_id, principal: signers.find((name) => e.persons[name] === principal)! }));
  if (given.length > 0 && chance.happens(0.5)) {
    const { delegation_id, principal } = chance.pick(given);
    actions.push(inPlaceOf(principal));
    if (chance.happens(0.5)) actions.push(endingDelegation(e, delegation_id, chance.pick([principal, deputyOf(principal)])));
  } else if (given.length < 3 && chance.happens(0.2)) {
    const principal = chance.pick(signers.filter((name) => bodyOf(name) !== 'supervisor'));
    take('delegation', await delegating(e, principal, deputyOf(principal), chance.pick([0, 0, 2])), `${deputyOf(principal)} for ${principal}`);
    actions.push(inPlaceOf(principal));
  }
}

/** All at once, behind the gate or not; their words in the order of the actions. */
async function letGo(e: RaceEstate, chance: Chance, gate: pg.Client, actions: readonly Action[]): Promise<string[]> {
  const houseOf = (): House => chance.pick(e.houses);
  const run = () => {
    // Midnight in the middle of it.
    const delay = chance.whole(0, 5);
    if (chance.happens(MIDNIGHT)) setTimeout(() => later(e, { days: 1 }), delay);
    return Promise.all(actions.map((action) => wordFor(action.run(houseOf()))));
  };
  if (chance.happens(0.5)) return run();
  await gate.query('begin');
  await gate.query('select from log_head where estate_id = $1 for update', [e.estate.estate_id]);
  const works = run();
  await new Promise((done) => setTimeout(done, chance.whole(3, 20)));
  await gate.query('commit');
  return works;
}

/** Prepares, races, and lets the last come to pay; gives what everybody was told. */
export async function runRace(e: RaceEstate, chance: Chance, gate: pg.Client): Promise<Ran> {
  later(e, { minutes: chance.whole(1, 20), days: chance.happens(0.04) ? chance.whole(1, 3) : 0 });
  // Who is out of office is given no key.
  for (const name of signers) if (!e.keys.has(name)) await enrol(e, name).catch(() => undefined);
  const setting = await prepare(e, chance, chance.weighted(starts));
  const { item, start } = setting;
  const actions = await around(setting);
  const drawn = onTheOrder(setting);
  const wanted = chance.whole(3, 7);
  if (chance.happens(0.6)) actions.push(...await completing(setting));
  while (actions.length < wanted) actions.push(await chance.weighted(drawn)());
  if (start === 'rival') actions.push(...await rivals(setting));
  const turned = chance.shuffled(actions);
  const answers = await letGo(e, chance, gate, turned);
  turned.forEach((action, index) => {
    // A key that was revoked is gone for good: its owner enrols another before the next race.
    if (answers[index] === 'revoked') e.keys.delete(signers.find((name) => action.name === `passkey of ${name} revoked`)!);
  });
  const forged = chance.pick<Forgery>(['another key', 'another key', 'another amount', 'another fund', 'yesterday']);
  const last = chance.shuffled([
    paying(e, item.proposal_id, 'YH3'), payingByDoor(e, item.proposal_id, forged, chance),
    // Somebody who still has the first version before them.
    ...(chance.happens(0.4) ? [signing(e, chance.pick(signers), item)] : []),
  ]);
  const late = await letGo(e, chance, gate, last);
  return { order: item.proposal_id, start, actions: [...turned, ...last].map((action) => action.name), answers: [...answers, ...late] };
}

/** The signatures that are still missing, by somebody of each body that is. */
async function completing({ e, chance, item }: Setting): Promise<Action[]> {
  const { rows } = await e.ground.auditor.query<{ body: string; missing: number; signed: string[] }>(`
    select b.body, b.signers - count(s.person_id)::int as missing, coalesce(array_agg(s.person_id) filter (where s.person_id is not null), '{}') as signed
    from proposal p join rule_body b using (estate_id, rule_id) left join signature s on s.estate_id = p.estate_id
      and s.proposal_id = p.proposal_id and s.document_hash = p.document_hash and s.body = b.body and s.decision = 'approve'
    where p.estate_id = $1 and p.proposal_id = $2 group by b.body, b.signers`, [e.estate.estate_id, item.proposal_id]);
  return rows.flatMap(({ body, missing, signed }) => chance.shuffled(signers.filter((name) => bodyOf(name) === body
    && !signed.includes(e.persons[name]))).slice(0, Math.max(missing, 0))
    .map((name) => (chance.happens(0.25) ? signingByKey(e, name, item) : signing(e, name, item))));
}

/** Somebody else who wants the same money, one signature short of it: another order, or a transfer to another fund. */
async function rivals(setting: Setting): Promise<Action[]> {
  const { e, chance, item } = setting;
  const transfer = chance.happens(0.4);
  const rival = await (transfer ? submittedTransfer(e) : submittedOrder(e, 'cashier', typedOrder(e, chance, TIGHT, '700.00'))).catch(() => null);
  if (rival === null) return [];
  await signUntil(e, rival, chance, 1);
  const both = (name: Name): Action[] => [signing(e, name, item), signing(e, name, rival)];
  const last = transfer ? carryingOut(e, 'transfer', rival.proposal_id, 'transfer carried out') : paying(e, rival.proposal_id, 'YH9');
  return [...both(chance.pick(['manager', 'manager2'])), ...both(chance.pick(['chair', 'member1', 'member2'])), last];
}

async function submittedTransfer(e: RaceEstate): Promise<Asked> {
  const { proposal_id, document_hash } = await proposeTransfer(e.houses[0], {
    estate: e.estate, actor: e.actorOf('cashier'), description: '资金调拨', postings: [
      { account: '1002', fund: TIGHT, credit: '700.00' }, { account: '3101', fund: TIGHT, debit: '700.00' },
      { account: '1002', fund: 'service', debit: '700.00' }, { account: '3101', fund: 'service', credit: '700.00' }],
  });
  return { proposal_id, document_hash };
}
