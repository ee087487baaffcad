// Pages of witnessing and proof: the witness page, the estate's proof page, and the verifier for everybody, as the
// page /verify and as the single file verify.html.
import type { FastifyInstance } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { belongsTo, demand, type Actor } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import { businessDate, daysBetween } from '../kernel/dates.ts';
import { sha256 } from '../kernel/digest.ts';
import type { House } from '../kernel/house.ts';
import { latestCheckpoint } from '../evidence/checkpointer.ts';
import { logKeys } from '../evidence/log-key.ts';
import { cosigned } from '../evidence/log-routes.ts';
import { estateToday } from '../evidence/records.ts';
import { frameOf } from '../web/frame.ts';
import { htmlReply } from '../web/shell.tsx';
import { witnessPage } from './pages.tsx';
import { proofPage } from './proof-pages.tsx';
import { checkpointList, proofState, witnessList } from './queries.ts';
import { verifyPage } from './verify-page.tsx';
import { retireWitness, sidesOf } from './witness.ts';

const Path = Type.Object({ estate: Type.String() });
const OnePath = Type.Object({ estate: Type.String(), id: Type.String({ pattern: '^[1-9][0-9]{0,8}$' }) });
const HISTORY = 12;

export interface WitnessPages {
  /** The single-file verifier, made once per process. */
  verifierPage: () => Promise<Buffer>;
}

/** Whoever is no member here may look, but holds no office on the page. */
const memberOf = (actor: Actor | null, estate_id: number): Actor | null =>
  (actor !== null && belongsTo(actor, estate_id) ? actor : null);

function estatePages(instance: FastifyInstance, house: House, verifier: () => Promise<{ sha256: string; size: number }>): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  const open = { config: { open_to_all: true }, schema: { hide: true, params: Path } };
  app.get('/e/:estate/proof', open, async (request, reply) => {
    const { estate_id, code } = request.estate!;
    const actor = memberOf(request.actor, estate_id);
    const shown = await inEstate(house.db.app, estate_id, async (trx) => {
      const state = await proofState(trx, estate_id);
      const today = await estateToday(trx, estate_id);
      return {
        state,
        note: state.latest === null ? '' : await cosigned(trx, estate_id, state.latest),
        keys: await logKeys(trx, estate_id),
        history: (await checkpointList(trx, estate_id, { limit: HISTORY, witnessed: true })).items,
        days: state.fulfilled === null ? null : daysBetween(businessDate(state.fulfilled.issued_at), today),
      };
    }, { readOnly: true, isolation: 'repeatable read' });
    const frame = frameOf(request);
    return htmlReply(reply, proofPage({ ...frame, actor: actor === null ? undefined : frame.actor }, {
      ...shown, code, verifier: await verifier(), may_witness: actor !== null && sidesOf(actor, estate_id).length > 0,
    }));
  });

  app.get('/e/:estate/witness', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const { estate_id, code } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_books');
    const shown = await inEstate(house.db.app, estate_id, async (trx) => ({
      origin: (await logKeys(trx, estate_id)).at(-1)?.origin ?? null,
      has_checkpoint: (await latestCheckpoint(trx, estate_id)) !== null,
      devices: (await witnessList(trx, estate_id, { person_id: actor.person_id, mine: true, limit: 20 })).items,
    }), { readOnly: true });
    const sides = sidesOf(actor, estate_id);
    return htmlReply(reply.header('cache-control', 'no-store'), witnessPage(frameOf(request), { ...shown, code, sides }));
  });

  app.post('/e/:estate/witness/:id/retire', {
    schema: {
      hide: true, params: OnePath,
      body: Type.Object({ csrf: Type.Optional(Type.String({ maxLength: 200 })) }, { additionalProperties: false }),
    },
  }, async (request, reply) => {
    const estate = request.estate!;
    const actor = demand(request.actor, estate.estate_id, 'witness');
    await retireWitness(house, { estate, actor, witness_id: Number(request.params.id) });
    return reply.redirect(`/e/${estate.code}/witness?done=changed`, 303);
  });
}

export function witnessPageRoutes(instance: FastifyInstance, house: House, { verifierPage }: WitnessPages): void {
  const verifier = async (): Promise<{ sha256: string; size: number }> => {
    const bytes = await verifierPage();
    return { sha256: sha256(bytes).toString('hex'), size: bytes.length };
  };
  estatePages(instance, house, verifier);

  instance.get('/verify', { schema: { hide: true } }, async (request, reply) =>
    htmlReply(reply, verifyPage(frameOf(request, { audience: 'resident' }), { verifier: await verifier() })));

  instance.get('/verify.html', { schema: { hide: true } }, async (_request, reply) => {
    const bytes = await verifierPage();
    return reply.type('text/html; charset=utf-8').header('content-disposition', 'attachment; filename="verify.html"')
      .header('cache-control', 'no-cache').header('etag', `"${sha256(bytes).toString('hex').slice(0, 32)}"`).send(bytes);
  });
}
