// Pages of delegations: the form that proposes one, and the button that ends one.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { demand, type BodyKind } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { estateToday } from '../evidence/records.ts';
import { bodiesOf, termsOf } from '../people/queries.ts';
import { frameOf } from '../web/frame.ts';
import { htmlReply } from '../web/shell.tsx';
import { delegatePage, type ServingTerm } from './delegation-pages.tsx';
import { endDelegation, proposeDelegation } from './delegation.ts';
import { asking, emptyForm, keptOf, resolutionIn, toldBack, type FormRead, type Intake, type Told } from './membership-page-routes.ts';
import { refusals } from './refusals.ts';
import { ruleFor } from '../approval/rules.ts';

const Path = Type.Object({ estate: Type.String() });
const NumberPath = Type.Object({ estate: Type.String(), delegation: Type.String({ pattern: '^[0-9]{1,9}$' }) });
const Query = Type.Object({ body: Type.Optional(Type.String({ maxLength: 20 })) });
const Text = Type.Optional(Type.String({ maxLength: 200 }));

/** Names of fields where the form's differ from the interface's. */
const fieldNames: Record<string, string> = {
  'resolution.title': 'resolution_title', 'resolution.date': 'resolution_date', 'resolution.voucher': 'vouchers', term: 'principal_term',
};

const numberIn = (typed: string | undefined, field: string): number => {
  if (!/^\d{1,9}$/.test(typed ?? '')) throw refusals.delegation_person_missing({}, field);
  return Number(typed);
};

export function delegationPageRoutes(instance: FastifyInstance, house: House, { intake }: { intake: Intake }): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  const show = async (request: FastifyRequest, reply: FastifyReply, { form, vouchers, status }: Told, wanted?: string) => {
    const { estate } = asking(request);
    const { estate_id, code } = estate;
    const { kept, ...shown } = await inEstate(house.db.app, estate_id, async (trx) => {
      const today = await estateToday(trx, estate_id);
      const bodies = await bodiesOf(trx, estate_id);
      const body = bodies.some((row) => row.body === wanted) ? wanted as BodyKind : null;
      const serving = (await termsOf(trx, estate_id))
        .filter((row) => row.ends_on >= today && (body === null || row.body === body)) as ServingTerm[];
      const rule = await ruleFor(trx, estate_id, { kind: 'delegation', amount: null, fund: null, on: today });
      const deputies = serving.filter((row) => row.office === 'deputy');
      return {
        today, bodies, body, deputies, needs_resolution: rule?.needs_resolution ?? false, kept: await keptOf(trx, estate, vouchers),
        principals: serving.filter((row) => !['cashier', 'auditor', 'deputy'].includes(row.office)),
      };
    }, { readOnly: true });
    const frame = frameOf(request, { here: `/e/${code}/delegations/new` });
    return htmlReply(reply, delegatePage(frame, { code, ...shown, form: { ...form, kept } }), status);
  };

  app.get('/e/:estate/delegations/new', { schema: { hide: true, params: Path, querystring: Query } },
    (request, reply) => show(request, reply, emptyForm({ after_days: '0' }), request.query.body));

  app.post('/e/:estate/delegations/new', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const { estate, actor } = asking(request);
    let read: FormRead = { fields: {}, vouchers: [] };
    try {
      read = await intake(request, house);
      const { fields } = read;
      const wait = (fields['after_days'] ?? '').normalize('NFKC').trim();
      const { proposal_id } = await proposeDelegation(house, {
        estate, actor, key: fields['form_key'] ?? null, principal_term: numberIn(fields['principal_term'], 'principal_term'),
        deputy_term: numberIn(fields['deputy_term'], 'deputy_term'), starts_on: fields['starts_on'] ?? '', ends_on: fields['ends_on'] ?? '',
        after_days: wait === '' ? 0 : readWait(wait), resolution: resolutionIn(read),
      });
      return await reply.redirect(`/e/${estate.code}/proposals/${proposal_id}?done=submitted`, 303);
    } catch (error) {
      return show(request, reply, toldBack(error, request, read, fieldNames));
    }
  });

  app.post('/e/:estate/delegations/:delegation/end', {
    schema: { hide: true, params: NumberPath, body: Type.Optional(Type.Object({ csrf: Text, form_key: Text }, { additionalProperties: false })) },
  }, async (request, reply) => {
    const estate = request.estate!;
    const actor = demand(request.actor, estate.estate_id, 'sign');
    await endDelegation(house, { estate, actor, delegation_id: Number(request.params.delegation) });
    return reply.redirect(`/e/${estate.code}/people?done=changed#delegations`, 303);
  });
}

function readWait(typed: string): number {
  if (!/^\d{1,3}$/.test(typed)) throw refusals.delegation_wait_invalid({ after_days: typed.slice(0, 20) }, 'after_days');
  return Number(typed);
}
