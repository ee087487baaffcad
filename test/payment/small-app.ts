// The routes of approval and payment in a small application, wired as buildApp() does.
import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import multipart from '@fastify/multipart';
import { Ajv } from 'ajv';
import Fastify, { type FastifyInstance } from 'fastify';
import { approvalRoutes } from '../../src/approval/routes.ts';
import { approvalPageRoutes } from '../../src/approval/page-routes.ts';
import { rulePageRoutes } from '../../src/rule/page-routes.ts';
import type { Executors } from '../../src/approval/proposal.ts';
import { attachEstate } from '../../src/estate/entrance.ts';
import type { House } from '../../src/kernel/house.ts';
import { invoiceCard } from '../../src/payment/invoice-card.tsx';
import { payFilePageRoutes } from '../../src/payment/pay-file-page-routes.ts';
import { orderChecks } from '../../src/payment/check.ts';
import { submitOrder } from '../../src/payment/order.ts';
import { paymentRoutes } from '../../src/payment/routes.ts';
import { paymentPageRoutes } from '../../src/payment/page-routes.ts';
import { attachActor } from '../../src/people/session.ts';
import { peopleRoutes } from '../../src/people/routes.ts';
import { serveAssets } from '../../src/web/assets.ts';
import { setErrorHandlers } from '../../src/web/errors.ts';
import { frameOf } from '../../src/web/frame.ts';

export async function smallApp(house: House, executors: Executors = {}): Promise<FastifyInstance> {
  const app = Fastify() as unknown as FastifyInstance;
  const options = { allErrors: true, removeAdditional: false, useDefaults: true, strict: false } as const;
  const exact = new Ajv({ ...options, coerceTypes: false });
  const fromText = new Ajv({ ...options, coerceTypes: true });
  app.setValidatorCompiler(({ schema, httpPart }) => (httpPart === 'body' ? exact : fromText).compile(schema));
  await app.register(cookie);
  await app.register(formbody);
  await app.register(multipart, { limits: { fileSize: 20 * 1024 * 1024, files: 10 } });
  setErrorHandlers(app, { production: false, pageOf: (request) => frameOf(request) });
  serveAssets(app);
  attachActor(app, house);
  attachEstate(app, house);
  peopleRoutes(app, house);
  const parts = { executors, submitters: { payment: submitOrder }, checkers: { payment: orderChecks }, besides: { payment: invoiceCard } };
  approvalRoutes(app, house, parts);
  approvalPageRoutes(app, house, parts);
  rulePageRoutes(app, house);
  paymentRoutes(app, house);
  paymentPageRoutes(app, house);
  payFilePageRoutes(app, house);
  await app.ready();
  return app;
}
