// Pages of the signing rules.
import type { FastifyInstance } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { demand } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import { businessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { estateNow } from '../evidence/records.ts';
import { frameOf } from '../web/frame.ts';
import { htmlReply } from '../web/shell.tsx';
import { rulesPage } from './rule-pages.tsx';
import { readRules } from './rules.ts';
import { namesFor } from './view.ts';

const Path = Type.Object({ estate: Type.String() });

export function rulePageRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  app.get('/e/:estate/rules', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const { estate_id, code } = request.estate!;
    demand(request.actor, estate_id, 'read_books');
    const shown = await inEstate(house.db.app, estate_id, async (trx) => ({
      rules: await readRules(trx, estate_id, { on: businessDate(await estateNow(trx, estate_id)) }),
      funds: (await namesFor(trx, estate_id, [])).funds,
    }), { readOnly: true });
    return htmlReply(reply, rulesPage(frameOf(request), { code, ...shown }));
  });
}
