// The application as a function: every slice is listed here by hand, in the order of the floors.
import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import helmet from '@fastify/helmet';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { Ajv } from 'ajv';
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { approvalRoutes } from './approval/routes.ts';
import { ballotPageRoutes } from './assembly/ballot-page-routes.ts';
import { resolutionPageRoutes } from './assembly/page-routes.ts';
import { resolutionRoutes } from './assembly/routes.ts';
import { surveyPageRoutes } from './assembly/survey-page-routes.ts';
import { surveyRoutes } from './assembly/survey-routes.ts';
import { peopleWarnings } from './approval/health-notice.tsx';
import { delegationPageRoutes } from './office/delegation-page-routes.ts';
import { delegationRoutes } from './office/delegation-routes.ts';
import { logKeyChecks } from './office/log-key-change-checks.ts';
import { logKeyPageRoutes } from './office/log-key-change-page-routes.ts';
import { logKeyRoutes } from './office/log-key-change-routes.ts';
import { membershipPageRoutes } from './office/membership-page-routes.ts';
import { membershipRoutes } from './office/membership-routes.ts';
import { delegationChecks, membershipChecks } from './office/checks.ts';
import { approvalPageRoutes } from './approval/page-routes.ts';
import { objectionPageRoutes } from './approval/objection-page-routes.ts';
import { objectionRoutes } from './approval/objection-routes.ts';
import { ruleFormRoutes } from './rule/form-routes.ts';
import { rulePageRoutes } from './rule/page-routes.ts';
import { ruleRoutes } from './rule/routes.ts';
import { bankRoutes } from './bank/routes.ts';
import { bankPageRoutes } from './bank/page-routes.ts';
import { intakePageRoutes } from './bank/intake-page-routes.ts';
import { bankStatementPageRoutes } from './bank/statement-page-routes.ts';
import { bankStatementRoutes } from './bank/statement-routes.ts';
import { accountPageRoutes } from './bank/account-page-routes.ts';
import { accountRoutes } from './bank/account-routes.ts';
import { onboardingPageRoutes } from './bank/onboarding-page-routes.ts';
import { depositPageRoutes } from './billing/deposit-page-routes.ts';
import { depositRoutes } from './billing/deposit-routes.ts';
import { channelPageRoutes } from './billing/channel-page-routes.ts';
import { channelRoutes } from './billing/channel-routes.ts';
import { payRoutes } from './billing/pay-routes.ts';
import { billingPageRoutes } from './billing/page-routes.ts';
import { billingRoutes } from './billing/routes.ts';
import { counterPageRoutes } from './billing/counter-page-routes.ts';
import { counterRoutes } from './billing/counter-routes.ts';
import { receiptPageRoutes } from './billing/receipt-page-routes.ts';
import { receiptRoutes } from './billing/receipt-routes.ts';
import { billDetailRoutes } from './billing/bill-detail-page-routes.ts';
import { feeRulePageRoutes } from './billing/fee-rule-page-routes.ts';
import { feeRuleRoutes } from './billing/fee-rule-routes.ts';
import { waiverPageRoutes } from './billing/waiver-page-routes.ts';
import { arrearsPageRoutes, arrearsRoutes } from './billing/arrears-page-routes.ts';
import { reminderPageRoutes } from './billing/reminder-page-routes.ts';
import { reminderRoutes } from './billing/reminder-routes.ts';
import { unitAccountPageRoutes } from './billing/unit-account-page-routes.ts';
import { unitAccountRoutes } from './billing/unit-account-routes.ts';
import { deliveryPageRoutes } from './delivery/page-routes.ts';
import { deliveryRoutes } from './delivery/routes.ts';
import { disclosureRoutes } from './disclosure/routes.ts';
import { disclosurePageRoutes } from './disclosure/page-routes.ts';
import { attachEstate } from './estate/entrance.ts';
import { dwellingPageRoutes } from './estate/dwelling-page-routes.ts';
import { placeRoutes } from './estate/place-routes.ts';
import { importPageRoutes } from './estate/import-page-routes.ts';
import { importRoutes } from './estate/import-routes.ts';
import { registerPageRoutes } from './estate/register-page-routes.ts';
import { registerRoutes } from './estate/register-routes.ts';
import { estateRoutes } from './estate/routes.ts';
import { logRoutes } from './evidence/log-routes.ts';
import { evidenceRoutes } from './evidence/routes.ts';
import { executors } from './executors.ts';
import { exchangePageRoutes } from './exchange/page-routes.ts';
import { exchangeRoutes } from './exchange/routes.ts';
import { handoverFileRoutes } from './handover/file-routes.ts';
import { handoverPageRoutes } from './handover/page-routes.ts';
import { handoverRoutes } from './handover/routes.ts';
import { bodyFormPageRoutes } from './founding/body-form-page-routes.ts';
import { foundPageRoutes } from './founding/found-page-routes.ts';
import { openingPageRoutes } from './founding/opening-page-routes.ts';
import { foundingRoutes } from './founding/routes.ts';
import { homePageRoutes } from './home/page-routes.ts';
import { homeRoutes } from './home/routes.ts';
import { inquiryRoutes } from './inquiry/routes.ts';
import { inquiryPageRoutes } from './inquiry/page-routes.ts';
import { clockPageRoutes } from './inquiry/clock-page-routes.tsx';
import { listPageRoutes } from './inquiry/list-page-routes.ts';
import { listRoutes } from './inquiry/list-routes.ts';
import type { Trx } from './kernel/database.ts';
import type { House } from './kernel/house.ts';
import { allowPrintable } from './kernel/text.ts';
import { ledgerRoutes } from './ledger/routes.ts';
import { ledgerPageRoutes } from './ledger/page-routes.ts';
import { orderChecks } from './payment/check.ts';
import { dwellingCard, orderCards } from './payment/dwelling-card.tsx';
import { submitOrder } from './payment/order.ts';
import { attachAccess } from './oversight/access.ts';
import { accessPageRoutes } from './oversight/access-page-routes.ts';
import { boardPageRoutes } from './oversight/board-page-routes.ts';
import { accessRoutes, boardRoutes } from './oversight/board-routes.ts';
import { oversightPageRoutes } from './oversight/page-routes.ts';
import { oversightRoutes } from './oversight/routes.ts';
import { paymentRoutes } from './payment/routes.ts';
import { payFilePageRoutes } from './payment/pay-file-page-routes.ts';
import { paymentPageRoutes } from './payment/page-routes.ts';
import { payeeAsked } from './payment/payee.ts';
import { readForm } from './payment/voucher.ts';
import { projectDeskPageRoutes } from './project/desk-page-routes.ts';
import { projectPageRoutes } from './project/page-routes.ts';
import { projectRoutes } from './project/routes.ts';
import { attachNotices } from './people/notice-page-routes.tsx';
import { peopleRoutes } from './people/routes.ts';
import { peoplePageRoutes } from './people/page-routes.ts';
import { attachActor } from './people/session.ts';
import { reconciliationPageRoutes } from './reconciliation/page-routes.ts';
import { reconciliationRoutes } from './reconciliation/routes.ts';
import { statementPageRoutes, statementRoutes } from './reconciliation/statement-routes.ts';
import { statementOptions } from './statement-options.ts';
import { budgetDraftPageRoutes } from './budget/draft-page-routes.ts';
import { finalAccountPageRoutes } from './budget/final-account-page-routes.ts';
import { budgetPageRoutes } from './budget/page-routes.ts';
import { budgetRoutes } from './budget/routes.ts';
import { subsidyBatchPageRoutes } from './subsidy/batch-page-routes.ts';
import { subsidyPageRoutes } from './subsidy/page-routes.ts';
import { subsidyRoutes } from './subsidy/routes.ts';
import { verifierPage } from './verifier-page.ts';
import { serveAssets } from './web/assets.ts';
import { compressReplies } from './web/compress.ts';
import { contentSecurityPolicy } from './web/csp.ts';
import { refuseAddress, setErrorHandlers } from './web/errors.ts';
import { frameOf } from './web/frame.ts';
import { rememberLocale } from './web/locale.ts';
import { witnessPageRoutes } from './witness/page-routes.ts';
import { witnessRoutes } from './witness/routes.ts';
import { printableCharacters } from '../reports/kit/fonts.ts';

export interface AppOptions {
  /** Why the service cannot take requests now, in plain words; empty when it can. */
  reasonsNotReady?: (() => Promise<string[]>) | undefined;
  /** What goes wrong although requests are taken: tasks that fail, above all checkpoints that cannot be signed. */
  warnings?: (() => string[]) | undefined;
  logger?: FastifyServerOptions['loggerInstance'] | undefined;
  trustProxy?: FastifyServerOptions['trustProxy'] | undefined;
}

function validators(app: FastifyInstance): void {
  // A body must say what it means: no coercion, nothing dropped. Addresses carry text only, so
  // numbers in a query string are read from text.
  const options = { removeAdditional: false, useDefaults: true, strict: false } as const;
  const first = new Ajv({ ...options, allErrors: false, coerceTypes: false });
  const all = new Ajv({ ...options, allErrors: true, coerceTypes: false });
  const fromText = new Ajv({ ...options, allErrors: true, coerceTypes: true });
  app.setValidatorCompiler(({ schema, httpPart }) => {
    if (httpPart !== 'body') return fromText.compile(schema);
    const [stopping, thorough] = [first.compile(schema), all.compile(schema)];
    // Every mistake is told, but not of a body that was built to have a million of them.
    const validate = (body: unknown): boolean => {
      if (stopping(body)) return true;
      const thoroughly = holdsFewer(body, MOST_JUDGED) && !thorough(body);
      Object.assign(validate, { errors: (thoroughly ? thorough : stopping).errors });
      return false;
    };
    return validate as typeof stopping;
  });
}

/** Behind a proxy that is not named everybody has the proxy's address: twenty wrong guesses of one visitor
 *  would keep all the others from logging in. */
function warnOfProxy(app: FastifyInstance): void {
  let told = false;
  app.addHook('onRequest', async (request) => {
    if (told || request.headers['x-forwarded-for'] === undefined) return;
    told = true;
    request.log.warn('requests come through a proxy, and TRUST_PROXY is not set: all visitors share one limit on wrong passwords');
  });
}

/** Values in a body up to which all of its mistakes are looked for: a batch of a thousand entries has fewer. */
const MOST_JUDGED = 50_000;

function holdsFewer(body: unknown, limit: number): boolean {
  const left: unknown[] = [body];
  let seen = 0;
  while (left.length > 0) {
    const value = left.pop();
    if ((seen += 1) > limit) return false;
    if (typeof value !== 'object' || value === null) continue;
    for (const part of Object.values(value)) {
      if (left.length > limit) return false;
      left.push(part);
    }
  }
  return true;
}

async function describeApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Mingzhang 明账',
        version: '1',
        description: 'Open books of a housing estate: one ledger, two keys, one monthly disclosure. '
          + 'Amounts are decimal strings in yuan ("7000.00"), dates are business dates in Asia/Shanghai. '
          + 'Errors are RFC 9457 problems whose `code` is a sentence.',
      },
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: 'session', description: 'Set by POST /api/v1/session.' },
          token: { type: 'http', scheme: 'bearer', description: 'Made by POST /api/v1/tokens.' },
        },
      },
      security: [{ session: [] }, { token: [] }],
    },
    transform: ({ schema, url }) => ({ schema: url.startsWith('/api/') ? schema : { ...schema, hide: true }, url }),
  });
  await app.register(swaggerUi, {
    routePrefix: '/api/docs',
    // The reader of the interface styles itself inline; no page of ours may.
    staticCSP: "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; "
      + "base-uri 'none'; frame-ancestors 'self'; form-action 'self'",
    uiConfig: { docExpansion: 'none', deepLinking: true },
  });
  app.get('/api/openapi.json', { schema: { hide: true } }, () => app.swagger());
}

function healthRoutes(app: FastifyInstance, reasonsNotReady: () => Promise<string[]>, warnings: () => string[]): void {
  app.get('/healthz', { schema: { hide: true } }, () => ({ status: 'ok' }));
  app.get('/readyz', { schema: { hide: true } }, async (_request, reply) => {
    const reasons = await reasonsNotReady();
    return reply.status(reasons.length === 0 ? 200 : 503).header('cache-control', 'no-store')
      .send({ status: reasons.length === 0 ? 'ready' : 'not_ready', reasons, ...(warnings().length === 0 ? {} : { warnings: warnings() }) });
  });
}

export async function buildApp(house: House, options: AppOptions = {}): Promise<FastifyInstance> {
  const app = Fastify({
    ...(options.logger === undefined ? {} : { loggerInstance: options.logger }),
    // "on" believes the proxy before us and nobody before it: else a browser could write itself a new
    // address for every guess of a password.
    trustProxy: options.trustProxy === true ? (_address, hop) => hop === 0 : options.trustProxy ?? false,
    frameworkErrors: refuseAddress({ production: house.settings.production }) as never,
    bodyLimit: 1024 * 1024,
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: true },
    requestTimeout: 120_000,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
  }) as unknown as FastifyInstance;
  validators(app);
  if (!options.trustProxy) warnOfProxy(app);
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: contentSecurityPolicy },
    strictTransportSecurity: house.settings.public_url.startsWith('https:'),
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'same-origin' },
  });
  await app.register(cookie);
  await app.register(formbody);
  await app.register(multipart, { limits: { fileSize: 20 * 1024 * 1024, files: 10, fields: 100, fieldSize: 64 * 1024 } });
  // A whole building behind one address still reads comfortably; a script does not get to hammer. Whoever
  // stands on this machine (a proxy without TRUST_PROXY, the tests) is not counted.
  await app.register(rateLimit, { max: 1_200, timeWindow: '1 minute', allowList: ['127.0.0.1', '::1', '::ffff:127.0.0.1'] });
  setErrorHandlers(app, { production: house.settings.production, pageOf: (request) => frameOf(request) });
  compressReplies(app);
  rememberLocale(app);
  serveAssets(app);
  attachActor(app, house);
  attachAccess(app, house);
  attachEstate(app, house);
  attachNotices(app, house);
  await describeApi(app);
  healthRoutes(app, options.reasonsNotReady ?? (() => Promise.resolve([])), options.warnings ?? (() => []));

  // What cannot be printed is refused where it is typed.
  allowPrintable(printableCharacters());
  const submitters = { payment: submitOrder, refund: submitOrder };
  evidenceRoutes(app, house);
  logRoutes(app, house);
  peopleRoutes(app, house);
  peoplePageRoutes(app, house, { warnings: peopleWarnings });
  estateRoutes(app, house);
  registerRoutes(app, house);
  placeRoutes(app, house);
  registerPageRoutes(app, house);
  importRoutes(app, house);
  importPageRoutes(app, house);
  dwellingPageRoutes(app, house);
  approvalRoutes(app, house, { executors, submitters });
  const checkers = { payment: orderChecks, refund: orderChecks, membership: membershipChecks, delegation: delegationChecks,
    log_key: (trx: Trx, estate_id: number, proposal_id: number) => logKeyChecks(house.log_keys ?? null, trx, estate_id, proposal_id) };
  const besides = { payment: orderCards, refund: orderCards, transfer: dwellingCard, reversal: dwellingCard };
  approvalPageRoutes(app, house, { executors, submitters, checkers, besides });
  membershipRoutes(app, house);
  membershipPageRoutes(app, house, { intake: readForm });
  delegationRoutes(app, house);
  logKeyRoutes(app, house);
  logKeyPageRoutes(app, house, { intake: readForm });
  delegationPageRoutes(app, house, { intake: readForm });
  ruleRoutes(app, house);
  rulePageRoutes(app, house);
  ruleFormRoutes(app, house, { intake: readForm });
  objectionRoutes(app, house);
  objectionPageRoutes(app, house);
  ledgerRoutes(app, house);
  ledgerPageRoutes(app, house, { intake: readForm });
  paymentRoutes(app, house);
  paymentPageRoutes(app, house);
  payFilePageRoutes(app, house);
  bankRoutes(app, house);
  bankPageRoutes(app, house, { intake: readForm });
  bankStatementRoutes(app, house, statementOptions);
  bankStatementPageRoutes(app, house);
  intakePageRoutes(app, house, statementOptions);
  accountRoutes(app, house);
  accountPageRoutes(app, house, { intake: readForm });
  onboardingPageRoutes(app, house, { intake: readForm });
  billingRoutes(app, house);
  billingPageRoutes(app, house);
  counterRoutes(app, house);
  counterPageRoutes(app, house);
  receiptRoutes(app, house);
  receiptPageRoutes(app, house);
  billDetailRoutes(app, house);
  feeRuleRoutes(app, house);
  feeRulePageRoutes(app, house, { intake: readForm });
  waiverPageRoutes(app, house, { intake: readForm });
  unitAccountRoutes(app, house);
  unitAccountPageRoutes(app, house);
  arrearsRoutes(app, house);
  arrearsPageRoutes(app, house);
  reminderRoutes(app, house);
  reminderPageRoutes(app, house);
  depositRoutes(app, house);
  depositPageRoutes(app, house, { intake: readForm });
  budgetRoutes(app, house);
  budgetPageRoutes(app, house);
  budgetDraftPageRoutes(app, house, { intake: readForm });
  finalAccountPageRoutes(app, house, { intake: readForm });
  projectRoutes(app, house, { enterPayee: payeeAsked });
  projectPageRoutes(app, house, { intake: readForm });
  projectDeskPageRoutes(app, house, { intake: readForm, enterPayee: payeeAsked });
  subsidyRoutes(app, house);
  subsidyPageRoutes(app, house, { intake: readForm });
  subsidyBatchPageRoutes(app, house);
  payRoutes(app, house);
  channelRoutes(app, house);
  channelPageRoutes(app, house, { intake: readForm });
  inquiryRoutes(app, house);
  inquiryPageRoutes(app, house, { intake: readForm });
  clockPageRoutes(app, house);
  listRoutes(app, house);
  listPageRoutes(app, house);
  resolutionRoutes(app, house);
  resolutionPageRoutes(app, house, { intake: readForm });
  ballotPageRoutes(app, house, { intake: readForm });
  surveyRoutes(app, house);
  surveyPageRoutes(app, house);
  witnessRoutes(app, house);
  witnessPageRoutes(app, house, { verifierPage });
  reconciliationRoutes(app, house);
  reconciliationPageRoutes(app, house);
  statementRoutes(app, house);
  statementPageRoutes(app, house);
  disclosureRoutes(app, house, { verifierPage });
  disclosurePageRoutes(app, house, { verifierPage });
  homeRoutes(app, house);
  handoverRoutes(app, house);
  handoverPageRoutes(app, house, { intake: readForm });
  handoverFileRoutes(app, house);
  homePageRoutes(app, house);
  oversightRoutes(app, house);
  oversightPageRoutes(app, house);
  boardRoutes(app, house);
  boardPageRoutes(app, house);
  accessRoutes(app, house);
  accessPageRoutes(app, house);
  exchangeRoutes(app, house);
  exchangePageRoutes(app, house);
  deliveryRoutes(app, house);
  deliveryPageRoutes(app, house);
  foundingRoutes(app, house);
  foundPageRoutes(app, house);
  openingPageRoutes(app, house, { intake: readForm });
  bodyFormPageRoutes(app, house, { intake: readForm });
  return app;
}
