// The page of one dwelling and its forms. One address takes them all; the field `step` says which.
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { estateNow, estateToday } from '../evidence/records.ts';
import { demand, may } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { frameOf } from '../web/frame.ts';
import { htmlReply } from '../web/shell.tsx';
import { OWNER_ROWS } from './dwelling-forms.tsx';
import { dwellingPage } from './dwelling-pages.tsx';
import { changePayer, correctParty, eraseParty, handOver, linkParty, moveTenantIn, moveTenantOut } from './household.ts';
import { enterMeter, replaceMeter } from './meter.ts';
import { loginsOf } from './overview-queries.ts';
import { holdingsOf, metersOf, spacesOn } from './place-queries.ts';
import { changeFacts, chosen, endDwelling, takeBackFact, type Asked } from './register.ts';
import { dayShown, emptyForm, refusedForm, Typed } from './register-page-routes.ts';
import type { FormShown } from './register-pages.tsx';
import { factsOf, payersAmong, tenuresOf, unitOn } from './register-queries.ts';
import { refusals } from './register-refusals.ts';
import { giveSpace, returnSpace } from './space.ts';

const Path = Type.Object({ estate: Type.String(), unit: Type.String({ maxLength: 40 }) });
const Short = Type.Optional(Type.String({ maxLength: 60 }));
type Fields = Record<string, string>;
type StepDone = (asked: Asked & { unit: string }, typed: Fields) => Promise<unknown>;

/** Numbers of rows come from the page; anything else is the number of no row. */
const rowIn = (typed = ''): number => (/^[1-9]\d{0,14}$/.test(typed) ? Number(typed) : 0);
const uuidIn = (typed: string | undefined, unit: string): string => {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(typed ?? '')) throw refusals.tenure_unknown({ unit }, 'party_id');
  return typed!;
};
const ticked = (typed: string | undefined): boolean => typed === 'yes';

function ownersIn(typed: Fields) {
  return Array.from({ length: OWNER_ROWS }, (_, index) => `owner_${index + 1}_`)
    .map((row) => ({ name: typed[`${row}name`] ?? '', phone: typed[`${row}phone`] ?? '', share: typed[`${row}share`] ?? '', kind: ticked(typed[`${row}organisation`]) ? 'organisation' : 'person' }))
    .filter(({ name, phone, share }) => `${name}${phone}${share}`.trim() !== '');
}

const stepsOf = (house: House): Record<string, StepDone> => ({
  facts: (asked, { from_date = '', area_m2 = '', kind = '', occupancy = '' }) => changeFacts(house, { ...asked, from_date, area_m2, kind, occupancy }),
  fact_back: (asked, { fact_id }) => takeBackFact(house, { ...asked, fact_id: rowIn(fact_id) }),
  owners: (asked, typed) => handOver(house, {
    ...asked, from_date: typed['from_date'] ?? '', owners: ownersIn(typed), keep_logins: Object.keys(typed).filter((name) => name.startsWith('keep_')).map((name) => typed[name]!),
  }),
  tenant_in: (asked, { name = '', phone, from_date = '', to_date, pays, organisation, note }) => moveTenantIn(house, {
    ...asked, name, phone, from_date, to_date, note, pays: ticked(pays), kind: ticked(organisation) ? 'organisation' : 'person',
  }),
  tenant_out: (asked, { tenure_id, last_day = '', occupancy = '' }) => moveTenantOut(house, { ...asked, tenure_id: rowIn(tenure_id), last_day, occupancy }),
  payer: (asked, { tenure_id, pays, from_date = '' }) => changePayer(house, { ...asked, tenure_id: rowIn(tenure_id), pays: ticked(pays), from_date }),
  contact: (asked, { party_id, name = '', phone, note }) => correctParty(house, { ...asked, party_id: uuidIn(party_id, asked.unit), name, phone, note }),
  link: (asked, { party_id, person_id = '' }) => linkParty(house, { ...asked, party_id: uuidIn(party_id, asked.unit), person_id: person_id === '' ? null : uuidIn(person_id, asked.unit) }),
  space: (asked, { space = '', from_date = '', to_date }) => giveSpace(house, { ...asked, space, from_date, to_date }),
  space_back: (asked, { holding_id, last_day = '' }) => returnSpace(house, { ...asked, holding_id: rowIn(holding_id), last_day }),
  meter: (asked, { meter = '', kind = '', value = '', from_date = '', digits, multiplier }) => enterMeter(house, { ...asked, meter, kind, value, from_date, digits, multiplier }),
  meter_new: (asked, { meter = '', day = '', last_value = '', new_meter = '', value = '' }) => replaceMeter(house, { ...asked, meter, day, last_value, new_meter, value }),
  end: (asked, { last_day = '' }) => endDwelling(house, { ...asked, last_day }),
});

export function dwellingPageRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const steps = stepsOf(house);

  const show = async (request: FastifyRequest, reply: FastifyReply, unit: string, typed: string | undefined, given: FormShown, status = 200) => {
    const { estate_id, code } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_households');
    const keeps = may(actor, estate_id, 'keep_register');
    const may_erase = may(actor, estate_id, 'erase_text');
    const shown = await inEstate(house.db.app, estate_id, async (trx) => {
      const row = await trx.selectFrom('unit').select('ended_on').where('estate_id', '=', estate_id).where('unit', '=', unit).executeTakeFirst();
      if (row === undefined) throw refusals.register_unit_unknown({ unit });
      const today = await estateToday(trx, estate_id);
      const day = dayShown(typed, today);
      const tenures = await tenuresOf(trx, estate_id, { units: [unit], named: true });
      return {
        unit, day, today, ended_on: row.ended_on, now: await unitOn(trx, estate_id, unit, day) ?? null, facts: await factsOf(trx, estate_id, unit), tenures, payers: payersAmong(tenures, day),
        logins: await loginsOf(trx, estate_id, unit, await estateNow(trx, estate_id)), spaces: await holdingsOf(trx, estate_id, unit), meters: await metersOf(trx, estate_id, { units: [unit] }),
        free_spaces: keeps ? (await spacesOn(trx, estate_id, today)).filter((space) => space.unit === null).slice(0, 200).map(({ space }) => space) : [],
      };
    }, { readOnly: true });
    const here = request.method === 'GET' ? {} : { here: `/e/${code}/register/units/${encodeURIComponent(unit)}` };
    return htmlReply(reply, dwellingPage(frameOf(request, here), { code, ...shown, form: keeps ? given : null, may_erase }), status);
  };

  app.get('/e/:estate/register/units/:unit', { schema: { hide: true, params: Path, querystring: Type.Object({ day: Short, done: Short, lang: Short }) } },
    (request, reply) => show(request, reply, request.params.unit, request.query.day, emptyForm()));

  app.post('/e/:estate/register/units/:unit', { schema: { hide: true, params: Path, body: Typed } }, async (request, reply) => {
    const estate = request.estate!;
    demand(request.actor, estate.estate_id, 'keep_register');
    const { unit } = request.params;
    const { csrf: _csrf, form_key, step = '', ...typed } = request.body;
    try {
      const done = steps[chosen(step, Object.keys(steps), 'step')]!;
      await done({ estate, actor: request.actor, key: form_key, unit }, typed);
      return await reply.redirect(`/e/${estate.code}/register/units/${encodeURIComponent(unit)}?done=saved`, 303);
    } catch (error) {
      const { form, status } = refusedForm(error, request, step, typed);
      return show(request, reply, unit, undefined, form, status);
    }
  });

  app.post('/e/:estate/register/units/:unit/erasure', { schema: { hide: true, params: Path, body: Typed } }, async (request, reply) => {
    const estate = request.estate!;
    demand(request.actor, estate.estate_id, 'erase_text');
    const { unit } = request.params;
    const { form_key, party_id = '' } = request.body;
    try {
      await eraseParty(house, { estate, actor: request.actor, key: form_key, unit, party_id: uuidIn(party_id, unit) });
      return await reply.redirect(`/e/${estate.code}/register/units/${encodeURIComponent(unit)}?done=erased`, 303);
    } catch (error) {
      const { form, status } = refusedForm(error, request, 'erasure', { party_id });
      return show(request, reply, unit, undefined, form, status);
    }
  });
}
