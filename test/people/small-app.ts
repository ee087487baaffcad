// The slices people and estate alone behind HTTP, set up as src/app.ts does it.
import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import { Ajv } from 'ajv';
import Fastify, { type FastifyInstance } from 'fastify';
import { attachEstate } from '../../src/estate/entrance.ts';
import { estateRoutes } from '../../src/estate/routes.ts';
import type { House } from '../../src/kernel/house.ts';
import { peoplePageRoutes } from '../../src/people/page-routes.ts';
import { peopleRoutes } from '../../src/people/routes.ts';
import { attachActor } from '../../src/people/session.ts';
import { serveAssets } from '../../src/web/assets.ts';
import { setErrorHandlers } from '../../src/web/errors.ts';
import { frameOf } from '../../src/web/frame.ts';

export async function smallApp(house: House, { assets = false } = {}): Promise<FastifyInstance> {
  const app = Fastify({ routerOptions: { ignoreTrailingSlash: true } });
  const options = {
    allErrors: true,
    removeAdditional: false,
    useDefaults: true,
    strict: false,
  } as const;
  const exact = new Ajv({ ...options, coerceTypes: false });
  const fromText = new Ajv({ ...options, coerceTypes: true });
  app.setValidatorCompiler(({ schema, httpPart }) =>
    (httpPart === 'body' ? exact : fromText).compile(schema),
  );
  await app.register(cookie);
  await app.register(formbody);
  setErrorHandlers(app, { production: false, pageOf: (request) => frameOf(request) });
  if (assets) serveAssets(app);
  attachActor(app, house);
  attachEstate(app, house);
  peopleRoutes(app, house);
  peoplePageRoutes(app, house);
  estateRoutes(app, house);
  app.get('/e/:estate', async (request) => ({ estate: request.estate!.code }));
  await app.ready();
  return app;
}

/** A body as a browser's form sends it. */
export const form = (fields: Record<string, string>) => ({
  payload: new URLSearchParams(fields).toString(),
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
});
