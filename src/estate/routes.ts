// Interface of estates: mine, and one of them.
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { demand, type Estate } from '../kernel/actor.ts';
import { refusals as actorRefusals } from '../kernel/actor.ts';
import type { House } from '../kernel/house.ts';
import { estatesOf } from './queries.ts';

const EstateAnswer = Type.Object(
  {
    code: Type.String({ examples: ['demo'] }),
    name_zh: Type.String({ examples: ['示例小区'] }),
    name_en: Type.String({ examples: ['Example Estate'] }),
    mode: Type.Union([
      Type.Literal('trust'),
      Type.Literal('commission'),
      Type.Literal('self_managed'),
    ]),
    households: Type.Integer({ examples: [448] }),
    area_m2: Type.String({ examples: ['38080.00'] }),
    fee_rate: Type.Union([Type.String({ examples: ['1.20'] }), Type.Null()]),
    trustee: Type.String(),
    committee: Type.String(),
    first_period: Type.String({ examples: ['2026-10'] }),
    disclosure_day: Type.Integer({ examples: [10] }),
    answer_days: Type.Integer({ examples: [7] }),
    is_demo: Type.Boolean(),
  },
  { additionalProperties: false },
);

const shown = ({ estate_id: _number, created_at: _moment, mode, ...rest }: Estate) => ({
  ...rest,
  mode: mode as 'trust' | 'commission' | 'self_managed',
});

export function estateRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  app.get(
    '/api/v1/estates',
    {
      schema: {
        summary: 'The estates I serve or live in',
        tags: ['estates'],
        response: {
          200: Type.Object({ items: Type.Array(EstateAnswer) }, { additionalProperties: false }),
        },
      },
    },
    async ({ actor }) => {
      if (actor === null) throw actorRefusals.login_required();
      return { items: (await estatesOf(house.db.app, actor)).map(shown) };
    },
  );
  app.get(
    '/api/v1/estates/:estate',
    {
      schema: {
        summary: 'One estate',
        tags: ['estates'],
        params: Type.Object({ estate: Type.String({ examples: ['demo'] }) }),
        response: { 200: EstateAnswer },
      },
    },
    async ({ actor, estate }) => {
      demand(actor, estate!.estate_id, 'read_books');
      return shown(estate!);
    },
  );
}
