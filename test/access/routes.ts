// Every route of the application, as it is registered: nothing is written down by hand that a new route could
// be missing from.
import diagnostics from 'node:diagnostics_channel';
import type { FastifyInstance, RouteOptions } from 'fastify';
import { buildApp } from '../../src/app.ts';
import type { House } from '../../src/kernel/house.ts';

export interface Route { name: string; method: string; url: string; body: unknown; query: unknown }

export async function appWithRoutes(house: House): Promise<{ app: FastifyInstance; routes: Route[] }> {
  const found = new Map<string, Route>();
  const note = ({ method, url, schema }: RouteOptions): void => {
    for (const one of [method].flat()) {
      if (one === 'HEAD' || one === 'OPTIONS') continue; // answered as GET is
      // A stylesheet's address changes with its content.
      const name = `${one} ${url.replace(/[0-9a-f]{10,}/, '{hash}')}`;
      found.set(name, { name, method: one, url, body: schema?.body, query: schema?.querystring });
    }
  };
  const begun = (message: unknown): void => {
    (message as { fastify: FastifyInstance }).fastify.addHook('onRoute', note);
  };
  diagnostics.subscribe('fastify.initialization', begun);
  const app = await buildApp(house);
  diagnostics.unsubscribe('fastify.initialization', begun);
  await app.ready();
  const order = ['GET', 'POST', 'PUT', 'DELETE'];
  const routes = [...found.values()].sort((a, b) => (a.url === b.url ? order.indexOf(a.method) - order.indexOf(b.method) : a.url < b.url ? -1 : 1));
  return { app, routes };
}
