// Pages of waivers: GET shows, POST proposes and leads to the proposal. Dwelling by dwelling only for those who may read households.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { demand, may } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { periodOf } from '../kernel/dates.ts';
import { asking, emptyForm, resolutionIn, toldBack, type FormRead, type Intake, type Told } from '../office/membership-page-routes.ts';
import { frameOf } from '../web/frame.ts';
import { localeOf } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { itemChoices } from './fee-rule-pages.tsx';
import { askedOf, formFacts, resolutionNames } from './fee-rule-page-routes.ts';
import { signedRules } from './fee-rule-queries.ts';
import { refusals } from './waiver-refusals.ts';
import { proposeWaiver, waiverOf, waivers } from './waiver.ts';
import { waiverFormPage, waiverPage, waiversPage } from './waiver-pages.tsx';
import { feeItems } from './fee-words.ts';

const Path = Type.Object({ estate: Type.String() });
const EMPTY: FormRead = { fields: {}, vouchers: [] };

export function waiverPageRoutes(instance: FastifyInstance, house: House, { intake }: { intake: Intake }): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/e/:estate/waivers', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const { estate_id, code } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_officers');
    const shown = await inEstate(house.db.app, estate_id, async (trx) => ({ rows: await waivers(trx, estate_id), asked: await askedOf(trx, estate_id, 'waiver') }), { readOnly: true });
    return htmlReply(reply, waiversPage(frameOf(request), { code, ...shown, proposes: may(actor, estate_id, 'propose'), households: may(actor, estate_id, 'read_households') }));
  });

  const show = async (request: FastifyRequest, reply: FastifyReply, { form, vouchers, status }: Told) => {
    const { estate_id, code } = asking(request).estate;
    const { kept, rules, ...shown } = await inEstate(house.db.app, estate_id, async (trx) => ({
      ...await formFacts(trx, request, 'waiver', vouchers, (facts) => refusals.waiver_needs_signer(facts)), rules: await signedRules(trx, estate_id),
    }), { readOnly: true });
    const present = periodOf(shown.today);
    const items = [...itemChoices(rules), { value: 'late_fee', name_zh: feeItems['late_fee']!.zh, name_en: feeItems['late_fee']!.en }];
    return htmlReply(reply, waiverFormPage(frameOf(request), { code, ...shown, items, form: { ...form, values: { from_period: present, to_period: present, ...form.values }, kept } }), status);
  };
  app.get('/e/:estate/waivers/new', { schema: { hide: true, params: Path, querystring: Type.Object({ units: Type.Optional(Type.String({ maxLength: 200 })) }) } }, (request, reply) =>
    show(request, reply, emptyForm(request.query.units === undefined ? {} : { units: request.query.units })));

  app.post('/e/:estate/waivers/new', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const { estate, actor } = asking(request);
    let read = EMPTY;
    try {
      read = await intake(request, house);
      const of = (name: string): string => read.fields[name] ?? '';
      const { proposal_id } = await proposeWaiver(house, {
        estate, actor, why: of('why'), units: of('units').split(/[\n,，、;；\s]+/u), item: of('item'), from_period: of('from_period'), to_period: of('to_period'),
        percent: of('percent'), amount_each: of('amount_each'), reason: of('reason'), resolution: resolutionIn(read), key: read.fields['form_key'] ?? null,
      });
      return await reply.redirect(`/e/${estate.code}/proposals/${proposal_id}?done=submitted`, 303);
    } catch (error) {
      return show(request, reply, toldBack(error, request, read, resolutionNames));
    }
  });

  app.get('/e/:estate/waivers/:waiver', { schema: { hide: true, params: Type.Object({ estate: Type.String(), waiver: Type.String({ pattern: '^[0-9]{1,12}$' }) }) } }, async (request, reply) => {
    const { estate_id, code } = request.estate!;
    demand(request.actor, estate_id, 'read_households');
    const proposal_id = Number(request.params.waiver);
    const locale = localeOf(request);
    const { rules, ...shown } = await inEstate(house.db.app, estate_id, async (trx) => ({ ...await waiverOf(trx, estate_id, proposal_id), rules: await signedRules(trx, estate_id) }), { readOnly: true });
    const names = new Map(rules.map((rule) => [rule.item, locale === 'zh' ? rule.name_zh : rule.name_en]));
    return htmlReply(reply, waiverPage(frameOf(request), { code, proposal_id, ...shown, itemName: (item) => names.get(item) ?? feeItems[item]?.[locale] ?? item }));
  });
}
