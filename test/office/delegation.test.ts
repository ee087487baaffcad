// 乙代甲: a deputy signs in somebody's place, for some days, in public; never for the maker, never across bodies.
import t from 'tap';
import { api, officeHouse, type OfficeHouse } from './office-house.ts';
import type { Answer } from '../api/caller.ts';

t.setTimeout(200_000);

/** A committee with a deputy, Sun, who lives here. */
async function withDeputy(t: Parameters<typeof officeHouse>[0]): Promise<OfficeHouse> {
  const h = await officeHouse(t);
  await h.owner('sun', '孙候补');
  await h.seat({ login: 'sun' }, 'manager', 'committee1');
  return h;
}

async function propose(h: OfficeHouse, asked: Record<string, unknown> = {}, by = 'cashier'): Promise<Answer> {
  return (await h.as(by)).post(`${api}/delegations`, {
    principal_term: await h.term('committee1'), deputy_term: await h.term('sun'), starts_on: '2026-11-02', ends_on: '2026-11-15', ...asked,
  });
}
async function delegate(h: OfficeHouse, asked: Record<string, unknown> = {}): Promise<number> {
  const { json, text } = await propose(h, asked);
  if (json['proposal_id'] === undefined) throw new Error(text);
  const [, last] = await h.sign(json['proposal_id'] as number, 'manager', 'committee1');
  if (last!.json['state'] !== 'executed') throw new Error(last!.text);
  return json['proposal_id'] as number;
}

t.test('a deputy is appointed, is delegated to, and signs in the place of the chair', async (t) => {
  const h = await withDeputy(t);
  const early = await h.order();
  t.equal(await h.signed(early, 'sun'), 'delegation_missing', 'a deputy without a delegation signs nothing');

  const proposal = await propose(h);
  t.equal(proposal.status, 201, proposal.text);
  t.equal(await h.signed(proposal.json['proposal_id'] as number, 'sun'), 'signer_is_concerned', 'the deputy does not sign for it');
  t.equal(await h.signed(proposal.json['proposal_id'] as number, 'manager'), 'signed');
  t.equal(await h.signed(proposal.json['proposal_id'] as number, 'committee1'), 'approved', 'whoever is away may sign for it');
  t.equal((await h.state(proposal.json['proposal_id'] as number)).state, 'executed');

  const order = await h.order();
  t.equal(await h.signed(order, 'sun'), 'signed');
  t.equal(await h.signed(order, 'committee1'), 'already_signed', 'it was their vote');
  t.equal(await h.signed(order, 'sun'), 'already_signed');
  t.equal(await h.signed(order, 'manager'), 'approved');
  const paid = await h.pay(order);
  t.equal(paid.json['status'] ?? paid.json['code'], 'posted', paid.text);

  const { json: shown } = await (await h.as('resident')).get(`${api}/proposals/${order}`);
  t.strictSame(shown['signatures'].map((row: Record<string, unknown>) => [row['body'], row['office'], row['on_behalf_of']]),
    [['committee', 'deputy', h.persons.committee1], ['property', 'manager', null]]);
  const { json: list } = await (await h.as('resident')).get(`${api}/delegations`);
  t.match(list['items'], [{ principal_name: '陈主任', principal_office: 'chair', delegate_name: '孙候补', in_force: true, after_days: 0 }]);
  const page = await (await h.as('resident')).get('/e/test/people');
  t.match(page.text, '孙候补 代 陈主任');
  t.match(page.text, '11月2日至11月15日');
  t.notMatch(page.text, 'delegations/1/end', 'an owner ends nothing');
  t.match((await (await h.as('resident')).get('/e/test/people?lang=en')).text, '孙候补 (deputy) for 陈主任 (chair)');
  t.match((await (await h.as('resident')).get('/e/test/people.csv')).text, '孙候补 代 陈主任');

  const { rows } = await h.superuser.query<{ body: string }>(`select body from record where kind like 'delegation_%' or kind = 'signature'
    or (kind = 'proposal_submitted' and body like '%delegat%')`);
  for (const { body } of rows) t.notMatch(body, /孙候补|陈主任/, 'the log names nobody');
});

t.test('one deputy has one vote, for however many it stands', async (t) => {
  const h = await withDeputy(t);
  await delegate(h);
  const { json } = await propose(h, { principal_term: await h.term('committee2') });
  await h.sign(json['proposal_id'] as number, 'manager', 'committee2');
  const large = await h.order('cashier', { amount: '200000.00', fund: 'service' });
  t.equal(await h.signed(large, 'sun'), 'signed');
  t.equal(await h.signed(large, 'sun'), 'already_signed', 'not for the second as well');
  const { rows } = await h.superuser.query<{ on_behalf_of: string }>('select on_behalf_of from signature where proposal_id = $1', [large]);
  t.equal(rows.length, 1);
  const other = rows[0]!.on_behalf_of === h.persons.committee1 ? 'committee2' : 'committee1';
  t.equal(await h.signed(large, other), 'signed', 'the other principal signs alone');
});

t.test('a delegation holds between its days, and while both are in office', async (t) => {
  const h = await withDeputy(t);
  await delegate(h, { starts_on: '2026-11-04', ends_on: '2026-11-10' });
  const order = await h.order();
  t.equal(await h.signed(order, 'sun'), 'delegation_missing', 'not before its first day');
  h.at('2026-11-03');
  t.equal(await h.signed(order, 'sun'), 'delegation_missing');
  h.at('2026-11-04');
  t.equal(await h.signed(order, 'sun'), 'signed', 'on its first day');
  h.at('2026-11-10');
  t.equal(await h.signed(await h.order(), 'sun'), 'signed', 'on its last');
  const late = await h.order();
  h.at('2026-11-11');
  t.equal(await h.signed(late, 'sun'), 'delegation_missing', 'not after it');

  await delegate(h, { starts_on: '2026-11-11', ends_on: '2026-12-31' });
  t.equal(await h.signed(late, 'sun'), 'signed');
  const { json } = await (await h.as('cashier')).post(`${api}/terms/${await h.term('committee1')}/end`,
    { ends_on: '2026-11-20', resolution: await h.resolution() });
  await h.sign(json['proposal_id'] as number, 'manager', 'committee2');
  h.at('2026-11-20');
  const last = await h.order();
  const after = await h.order();
  t.equal(await h.signed(last, 'sun'), 'signed', 'on the principal\'s last day');
  h.at('2026-11-21');
  t.equal(await h.signed(after, 'sun'), 'delegation_missing', 'not after the principal\'s term');
  t.match((await (await h.as('resident')).get('/e/test/people')).text, '任期已到，不再有效');
});

t.test('nobody signs in the place of the maker or the payee, nor does a maker', async (t) => {
  const h = await withDeputy(t);
  await delegate(h);
  const own = await h.order('committee1');
  t.equal(await h.signed(own, 'sun'), 'delegation_missing', 'the principal made it: there is nobody to stand in for');
  const { rows } = await h.superuser.query(`select status from (select record_signature($1, jsonb_build_object('proposal', $2::bigint,
    'document_hash', (select encode(document_hash, 'hex') from proposal where proposal_id = $2), 'person', $3::text, 'body', 'committee',
    'decision', 'approve', 'method', 'password', 'on_behalf_of', $4::text)::text) as status) s`,
  [h.estate.estate_id, own, (await h.superuser.query(`select person_id from credential where login = 'sun'`)).rows[0].person_id, h.persons.committee1]);
  t.equal(rows[0].status, 'signer_is_maker', 'nor does the database let it through');

  const paid = await h.order('cashier', { payee: { kind: 'individual', name: '陈主任', bank_name: '农业银行', account_number: '6228480000000001' } });
  t.equal(await h.signed(paid, 'sun'), 'delegation_missing', 'the principal is paid');
  const self = await h.order('cashier', { payee: { kind: 'individual', name: '孙候补', bank_name: '农业银行', account_number: '6228480000000002' } });
  t.equal(await h.signed(self, 'sun'), 'signer_is_payee');

  // A deputy who is also a member may make an order, and then signs it in nobody's place.
  await h.seat({ login: 'sun', office: 'member' }, 'manager', 'committee1');
  const made = await h.order('sun');
  t.equal(await h.signed(made, 'sun'), 'signer_is_maker');
});

t.test('a substitute signs what has waited', async (t) => {
  const h = await withDeputy(t);
  await delegate(h, { after_days: 7, ends_on: '2026-11-30' });
  const order = await h.order();
  h.at('2026-11-08');
  t.equal(await h.signed(order, 'sun'), 'delegation_missing', 'on day 6');
  h.at('2026-11-09');
  t.equal(await h.signed(order, 'sun'), 'signed', 'on day 7');
  t.match((await (await h.as('resident')).get('/e/test/people')).text, '提交满 7 天还没签的');
});

t.test('what cannot be delegated is refused before anybody is asked', async (t) => {
  const h = await withDeputy(t);
  await h.owner('qian', '钱候补');
  await h.seat({ login: 'qian', body: 'property', office: 'deputy' }, 'manager', 'committee1');
  const refused = async (asked: Record<string, unknown>): Promise<string> => {
    const { json } = await propose(h, asked);
    t.match(json['detail'], /\S/);
    return `${json['code']} ${json['field'] ?? ''}`.trim();
  };
  const [chair, cashier, sun] = [await h.term('committee1'), await h.term('cashier'), await h.term('sun')];
  t.equal(await refused({ deputy_term: await h.term('qian') }), 'delegation_across_bodies deputy_term');
  t.equal(await refused({ deputy_term: await h.term('committee2') }), 'delegate_not_deputy deputy_term');
  t.equal(await refused({ principal_term: sun, deputy_term: sun }), 'delegation_to_self deputy_term');
  t.equal(await refused({ principal_term: cashier, deputy_term: await h.term('qian') }), 'principal_signs_nothing principal_term');
  t.equal(await refused({ principal_term: 999 }), 'term_unknown term');
  t.equal(await refused({ starts_on: '2026-11-16' }), 'delegation_days_invalid ends_on');
  t.equal(await refused({ starts_on: '2026-11-31' }), 'delegation_days_invalid ends_on');
  t.equal(await refused({ starts_on: '2026-10-01', ends_on: '2026-10-31' }), 'delegation_days_invalid ends_on');
  t.equal(await refused({ ends_on: '2029-11-02' }), 'delegation_outside_term ends_on');
  t.equal(await refused({ after_days: 31 }), 'delegation_wait_invalid after_days');
  t.equal(await refused({ after_days: -1 }), 'delegation_wait_invalid after_days');
  const open = (await propose(h)).json['proposal_id'] as number;
  t.equal(await refused({ starts_on: '2026-11-10', ends_on: '2026-11-20' }), 'delegation_proposed', 'it waits for signatures');
  await h.sign(open, 'manager', 'committee2');
  t.equal(await refused({ starts_on: '2026-11-10', ends_on: '2026-11-20' }), 'delegation_exists starts_on');
  t.equal((await propose(h, {}, 'supervisor')).json['code'], 'not_allowed');
  t.equal((await propose(h, {}, 'resident')).json['code'], 'not_allowed');
  t.equal((await propose(h, { principal_term: chair, starts_on: '2026-11-16', ends_on: '2026-11-20' })).status, 201, 'other days are another matter');
});

t.test('either of the two ends it, alone, and nobody else', async (t) => {
  const h = await withDeputy(t);
  await delegate(h);
  const end = async (login: string, number = 1) => (await h.as(login)).post(`${api}/delegations/${number}/end`);
  t.equal((await end('committee2')).json['code'], 'delegation_not_yours');
  t.equal((await end('cashier')).json['code'], 'not_allowed');
  t.equal((await end('sun', 9)).json['code'], 'delegation_unknown');
  const order = await h.order();
  const [signature] = await h.sign(order, 'sun');
  t.equal(signature!.json['status'], 'signed');
  t.equal((await end('committee1')).status, 204);
  t.equal((await end('sun')).json['code'], 'delegation_over');
  t.equal(await h.signed(await h.order(), 'sun'), 'delegation_missing');
  t.equal(await h.signed(order, 'manager'), 'approved', 'what was signed stays signed');
  const { rows } = await h.superuser.query(`select body::jsonb - 'by' as body from record where kind = 'delegation_ended'`);
  t.strictSame(rows, [{ body: { delegation: 1, ends_on: '2026-11-01' } }]);
});

t.test('a delegation that can no longer begin is superseded, with the reason', async (t) => {
  const h = await withDeputy(t);
  const { json } = await propose(h, { ends_on: '2026-11-05' });
  const number = json['proposal_id'] as number;
  await h.sign(number, 'manager');
  h.at('2026-11-06');
  const [late] = await h.sign(number, 'committee2');
  t.equal(late!.json['status'], 'approved');
  t.match(late!.json['detail'], '委托期间已过');
  t.match(await h.state(number), { state: 'superseded', reason: /委托期间已过/ });
});
