// The way into an estate: every address with :estate in it names one. Whoever has not logged in, or
// does not belong to it, learns nothing of it, not even whether there is such an estate.
import type { FastifyInstance } from 'fastify';
import { belongsTo, refusals as actorRefusals } from '../kernel/actor.ts';
import type { House } from '../kernel/house.ts';
import { estateByCode } from './queries.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The address shows something of an estate to anybody (its log's checkpoint, say). */
    open_to_all?: boolean;
  }
}

/** Sets request.estate. Call it after attachActor. A page asked for without a login leads to the
 *  login and back.  Refusals: login_required, estate_unknown. What an office may do is told by
 *  demand() in each route. */
export function attachEstate(app: FastifyInstance, house: Pick<House, 'db'>): void {
  app.decorateRequest('estate', null);
  app.addHook('onRequest', async (request, reply) => {
    const code = (request.params as { estate?: unknown } | undefined)?.estate;
    if (typeof code !== 'string') return;
    const { actor } = request;
    const open = request.routeOptions.config.open_to_all === true;
    if (actor === null && !open) {
      if (!request.url.startsWith('/e/') || !['GET', 'HEAD'].includes(request.method))
        throw actorRefusals.login_required();
      return reply.redirect(`/login?next=${encodeURIComponent(request.url)}`, 303);
    }
    const estate = await estateByCode(house.db.app, code);
    if (estate === undefined) throw actorRefusals.estate_unknown();
    if (!open && !belongsTo(actor!, estate.estate_id)) throw actorRefusals.estate_unknown();
    request.estate = estate;
  });
}
