// The slices bank, inquiry and disclosure behind HTTP with what they stand on, set up as src/app.ts does it.
import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import multipart from '@fastify/multipart';
import { Ajv } from 'ajv';
import Fastify, { type FastifyInstance } from 'fastify';
import { bankPageRoutes } from '../../src/bank/page-routes.ts';
import { bankRoutes } from '../../src/bank/routes.ts';
import { disclosurePageRoutes } from '../../src/disclosure/page-routes.ts';
import { disclosureRoutes } from '../../src/disclosure/routes.ts';
import { attachEstate } from '../../src/estate/entrance.ts';
import { inquiryPageRoutes } from '../../src/inquiry/page-routes.ts';
import { inquiryRoutes } from '../../src/inquiry/routes.ts';
import type { House } from '../../src/kernel/house.ts';
import { readForm } from '../../src/payment/voucher.ts';
import { peoplePageRoutes } from '../../src/people/page-routes.ts';
import { peopleRoutes } from '../../src/people/routes.ts';
import { attachActor } from '../../src/people/session.ts';
import { statementPageRoutes, statementRoutes } from '../../src/reconciliation/statement-routes.ts';
import { compressReplies } from '../../src/web/compress.ts';
import { setErrorHandlers } from '../../src/web/errors.ts';
import { frameOf } from '../../src/web/frame.ts';

export async function smallApp(house: House): Promise<FastifyInstance> {
  const app = Fastify({ routerOptions: { ignoreTrailingSlash: true } });
  const options = { allErrors: true, removeAdditional: false, useDefaults: true, strict: false } as const;
  const exact = new Ajv({ ...options, coerceTypes: false });
  const fromText = new Ajv({ ...options, coerceTypes: true });
  app.setValidatorCompiler(({ schema, httpPart }) => (httpPart === 'body' ? exact : fromText).compile(schema));
  await app.register(cookie);
  await app.register(formbody);
  await app.register(multipart);
  setErrorHandlers(app, { production: false, pageOf: (request) => frameOf(request) });
  compressReplies(app);
  attachActor(app, house);
  attachEstate(app, house);
  peopleRoutes(app, house);
  peoplePageRoutes(app, house);
  bankRoutes(app, house);
  bankPageRoutes(app, house, { intake: readForm });
  inquiryRoutes(app, house);
  inquiryPageRoutes(app, house, { intake: readForm });
  statementRoutes(app, house);
  statementPageRoutes(app, house);
  disclosureRoutes(app, house);
  disclosurePageRoutes(app, house);
  await app.ready();
  return app;
}

/** A body as a browser's form sends it. */
export const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString();
export const formType = { 'content-type': 'application/x-www-form-urlencoded' };

/** A multipart body with one file. */
export function fileForm(fields: Record<string, string>, file: { name: string; bytes: Buffer; type: string } | null): { payload: Buffer; headers: Record<string, string> } {
  const border = '----test-border';
  const parts: Uint8Array[] = Object.entries(fields).map(([name, value]) =>
    Buffer.from(`--${border}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`));
  if (file !== null) {
    parts.push(Buffer.from(`--${border}\r\ncontent-disposition: form-data; name="vouchers"; filename="${file.name}"\r\n`
      + `content-type: ${file.type}\r\n\r\n`), file.bytes, Buffer.from('\r\n'));
  }
  parts.push(Buffer.from(`--${border}--\r\n`));
  return { payload: Buffer.concat(parts), headers: { 'content-type': `multipart/form-data; boundary=${border}` } };
}
