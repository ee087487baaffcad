// The page of the log's keys: GET shows them to everybody of the estate, POST proposes another and leads to the proposal.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { logKeys } from '../evidence/log-key.ts';
import { estateToday } from '../evidence/records.ts';
import { demand, may } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { namesFor } from '../approval/view.ts';
import { frameOf } from '../web/frame.ts';
import { localeOf } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { proposeLogKeyChange, ruleForKey } from './log-key-change.ts';
import { logKeyPage } from './log-key-change-pages.tsx';
import { asking, emptyForm, keptOf, resolutionIn, toldBack, type FormRead, type Intake, type Told } from './membership-page-routes.ts';

const Path = Type.Object({ estate: Type.String() });

/** Names of fields where the form's differ from the interface's. */
const fieldNames: Record<string, string> = {
  'resolution.title': 'resolution_title', 'resolution.date': 'resolution_date', 'resolution.voucher': 'vouchers',
};

export function logKeyPageRoutes(instance: FastifyInstance, house: House, { intake }: { intake: Intake }): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  const show = async (request: FastifyRequest, reply: FastifyReply, { form, vouchers, status }: Told) => {
    const estate = request.estate!;
    const { estate_id, code } = estate;
    const actor = demand(request.actor, estate_id, 'read_books');
    const proposes = may(actor, estate_id, 'propose');
    const shown = await inEstate(house.db.app, estate_id, async (trx) => {
      const today = await estateToday(trx, estate_id);
      const open = await trx.selectFrom('proposal').select('proposal_id').where('estate_id', '=', estate_id).where('kind', '=', 'log_key')
        .where('state', 'in', ['submitted', 'held', 'approved']).limit(1).executeTakeFirst();
      const { rule, refusal } = await ruleForKey(trx, estate, actor, today);
      return {
        today, keys: await logKeys(trx, estate_id), proposal_id: open?.proposal_id ?? null, rule,
        refused: refusal?.in(localeOf(request)) ?? null, names: await namesFor(trx, estate_id, []), kept: await keptOf(trx, estate, vouchers),
      };
    }, { readOnly: true });
    const present = shown.keys.find((key) => key.ended_seq === null);
    const held = present === undefined || (house.log_keys ?? null) === null ? null : await house.log_keys!.holds(present.vkey);
    const { kept, ...rest } = shown;
    return htmlReply(reply, logKeyPage(frameOf(request, { here: `/e/${code}/log/key` }), {
      code, ...rest, held, officer: may(actor, estate_id, 'read_officers'), form: proposes ? { ...form, kept } : null,
    }), status);
  };

  app.get('/e/:estate/log/key', { schema: { hide: true, params: Path } }, (request, reply) => show(request, reply, emptyForm()));

  app.post('/e/:estate/log/key', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const { estate, actor } = asking(request);
    let read: FormRead = { fields: {}, vouchers: [] };
    try {
      read = await intake(request, house);
      const { proposal_id } = await proposeLogKeyChange(house, {
        estate, actor, key: read.fields['form_key'] ?? null, reason: read.fields['reason'] ?? '', resolution: resolutionIn(read),
      });
      return await reply.redirect(`/e/${estate.code}/proposals/${proposal_id}?done=submitted`, 303);
    } catch (error) {
      return show(request, reply, toldBack(error, request, read, fieldNames));
    }
  });
}
