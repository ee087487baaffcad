// Forms of bodies: another form or name from a day on, signed as a change of the rules is; a Party branch joins; nothing changes for days past.
import t from 'tap';
import { inEstate } from '../../src/kernel/database.ts';
import { applyBodyForms } from '../../src/people/body-form.ts';
import { api, officeHouse } from '../office/office-house.ts';

t.test('forms of bodies', async (t) => {
  const h = await officeHouse(t);
  const { estate: { estate_id }, superuser } = h;
  const cashier = await h.as('cashier');
  const propose = (asked: Record<string, unknown>, who = 'cashier') => h.as(who).then((one) => one.post(`${api}/body-forms`, { name_zh: '示例小区临时居民联席会议', form: 'joint_conference', body: 'committee', from: '2026-11-02', ...asked }));
  const signed = async (asked: Record<string, unknown>): Promise<number> => {
    const { json } = await propose(asked);
    await h.sign(Number(json['proposal_id']), 'manager', 'committee1', 'committee2');
    return Number(json['proposal_id']);
  };
  const name = async (body: string) => (await superuser.query('select name_zh from body where estate_id = $1 and body = $2', [estate_id, body])).rows[0]?.name_zh as string | undefined;
  const on = async (body: string, day: string) => (await superuser.query('select body_name_on($1, $2, $3) as name', [estate_id, body, day])).rows[0].name as string;

  await t.test('what cannot be is refused, field by field', async (t) => {
    for (const [asked, code] of [
      [{ form: 'company' }, 'body_form_unknown'], [{ from: '2026-11-01' }, 'body_form_from_invalid'], [{ from: '2028-01-01' }, 'body_form_from_invalid'],
      [{ until: '2026-11-01' }, 'body_form_until_invalid'], [{ form: 'owners_committee', until: '2027-01-01' }, 'body_form_until_invalid'], [{ mode: 'trust' }, 'body_form_mode_unknown'],
      [{ form: 'owners_committee', name_zh: '业主委员会', name_en: "Owners' committee" }, 'body_form_same'], [{ name_zh: '王某 13800138000' }, 'text_personal'],
    ] as const) t.match((await propose(asked)).json, { code }, code);
    for (const who of ['supervisor', 'street', 'auditor', 'resident']) t.equal((await propose({}, who)).status, 403, who);
  });

  await t.test('a temporary conference takes the committee\'s place, from its day on and not before', async (t) => {
    const proposal = await signed({ from: '2026-11-10', until: '2026-12-31' });
    t.equal((await h.state(proposal)).state, 'executed');
    t.equal(await name('committee'), '业主委员会', 'the day has not come');
    t.match((await cashier.get('/e/test/people/forms?lang=zh')).text, /未开始/);
    t.match((await propose({ from: '2026-11-05', name_zh: '别的' })).json, { code: 'body_form_from_early' });
    h.at('2026-11-10');
    t.equal(await inEstate(h.house.db.app, estate_id, (trx) => applyBodyForms(trx, estate_id)), 1);
    t.equal(await inEstate(h.house.db.app, estate_id, (trx) => applyBodyForms(trx, estate_id)), 0, 'and once');
    t.equal(await name('committee'), '示例小区临时居民联席会议');
    t.same((await superuser.query('select committee from estate where estate_id = $1', [estate_id])).rows, [{ committee: '示例小区临时居民联席会议' }]);
    t.same([await on('committee', '2026-11-09'), await on('committee', '2026-11-10')], ['业主委员会', '示例小区临时居民联席会议'], 'papers of earlier days keep the earlier name');
    h.at('2027-01-05');
    t.match((await (await h.as('resident')).get('/e/test/people/forms?lang=zh')).text, /已经过期/);
  });

  await t.test('a Party branch joins an old estate; who manages changes, and the mode with it', async (t) => {
    t.equal(await name('party_branch'), undefined);
    await signed({ body: 'party_branch', form: 'usual', name_zh: '示例小区党支部', from: '2027-01-05' });
    t.equal(await name('party_branch'), '示例小区党支部');
    await signed({ body: 'property', form: 'community_custody', name_zh: '社区物业服务站', from: '2027-01-05', until: '2027-12-31', mode: 'commission' });
    t.same((await superuser.query('select mode, trustee from estate where estate_id = $1', [estate_id])).rows, [{ mode: 'commission', trustee: '安心物业有限公司' }], 'the trustee changes by a handover alone');
    const shown = await (await h.as('street')).get('/e/test/people/forms?lang=zh');
    t.match(shown.text, /社区托管/);
    t.notMatch(shown.text, /forms\/new|undefined|\{[a-z_]+\}/);
    t.match((await (await h.as('street')).get('/e/test/people/forms.csv?lang=zh')).text, /示例小区临时居民联席会议,业主委员会,临时居民联席会议,2026-11-10,2026-12-31/);
    t.match((await (await h.as('street')).get('/e/test/log?lang=zh')).text, /变更组织形式/);
    const seated = await h.appoint({ body: 'party_branch', office: 'official', new_person: { login: 'branch', name: '钱书记' }, starts_on: '2027-01-05' });
    t.equal(seated.status, 201);
  });

  await t.test('nobody writes a form past the door', async (t) => {
    await t.rejects(inEstate(h.house.db.app, estate_id, (trx) => trx.insertInto('body_form' as never).values({ estate_id } as never).execute()), /permission denied/);
    const { rows: [record] } = await superuser.query(`select seq from record where estate_id = $1 and kind = 'body_opened' limit 1`, [estate_id]);
    await t.rejects(superuser.query('set role app; select open_body_form($1, $2, null)'.replace('$1', String(estate_id)).replace('$2', String(record.seq))), /body_form_needs_proposal/);
    await superuser.query('reset role');
    await t.rejects(inEstate(h.house.db.app, estate_id, (trx) => trx.updateTable('body').set({ name_zh: 'x' } as never).where('estate_id', '=', estate_id).execute()), /permission denied/);
  });
});
