// Pages of bank accounts and mandates: GET shows, POST proposes and leads to the proposal, or ends a mandate.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { namesFor } from '../approval/view.ts';
import { estateToday } from '../evidence/records.ts';
import { demand, may } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { addDays, addMonths, lastDay, periodOf } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { asking, emptyForm, keptOf, resolutionIn, toldBack, type FormRead, type Intake, type Told } from '../office/membership-page-routes.ts';
import { frameOf } from '../web/frame.ts';
import { localeOf } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { proposeAccountChange, type AccountChange } from './account-change.ts';
import { accountsPage, changePage, mandatePage } from './account-pages.tsx';
import { accountsShown, askedAccounts, mandateChoices } from './account-queries.ts';
import { endMandate, mandates, proposeMandate } from './mandate.ts';
import { onboardingOf, type Onboarding } from './onboarding.ts';
import { refusals as bankRefusals } from './refusals.ts';
import { signersFor } from './signers.ts';

const Path = Type.Object({ estate: Type.String() });
export const AccountPath = Type.Object({ estate: Type.String(), account: Type.String({ pattern: '^[0-9]{4,6}$' }) });
/** Names of fields where the form's differ from the interface's. */
const fieldNames: Record<string, string> = { 'resolution.title': 'resolution_title', 'resolution.date': 'resolution_date', 'resolution.voucher': 'vouchers' };
const EMPTY: FormRead = { fields: {}, vouchers: [] };

/** What every form of a proposal here shows besides its fields. */
async function formFacts(trx: Trx, request: FastifyRequest, kind: 'bank_account' | 'mandate', vouchers: readonly string[]) {
  const { estate, actor } = asking(request);
  const today = await estateToday(trx, estate.estate_id);
  const { rule, refusal } = await signersFor(trx, estate, actor, kind, today);
  return { today, rule, refused: refusal?.in(localeOf(request)) ?? null, names: await namesFor(trx, estate.estate_id, []), kept: await keptOf(trx, estate, vouchers) };
}

export function accountPageRoutes(app: FastifyInstance, house: House, parts: { intake: Intake }): void {
  listRoutes(app, house);
  changeRoutes(app, house, parts);
  mandateRoutes(app, house, parts);
}

function listRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  app.get('/e/:estate/bank/accounts', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const { estate_id, code } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_books');
    const officer = may(actor, estate_id, 'read_officers');
    const shown = await inEstate(house.db.app, estate_id, async (trx) => {
      const accounts = await accountsShown(trx, estate_id, { in_full: officer });
      const onboarding: Record<string, Onboarding> = {};
      for (const row of accounts) if (officer && row.closed_on === null) onboarding[row.account] = await onboardingOf(trx, estate_id, row.account);
      return {
        accounts, onboarding, asked: await askedAccounts(trx, estate_id, { in_full: officer }),
        mandates: await mandates(trx, estate_id, await estateToday(trx, estate_id)), names: await namesFor(trx, estate_id, []),
      };
    }, { readOnly: true });
    return htmlReply(reply, accountsPage(frameOf(request), {
      code, ...shown, officer, proposes: may(actor, estate_id, 'propose'), signs: may(actor, estate_id, 'sign'),
    }));
  });
}

function changeRoutes(instance: FastifyInstance, house: House, { intake }: { intake: Intake }): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  const show = async (request: FastifyRequest, reply: FastifyReply, change: AccountChange, { form, vouchers, status }: Told) => {
    const { estate_id, code } = asking(request).estate;
    const number = (request.params as { account?: string }).account;
    const { kept, account, ...shown } = await inEstate(house.db.app, estate_id, async (trx) => ({
      ...await formFacts(trx, request, 'bank_account', vouchers),
      account: (await accountsShown(trx, estate_id, { in_full: false })).find((row) => row.account === number) ?? null,
    }), { readOnly: true });
    if (change !== 'open' && account === null) throw bankRefusals.bank_account_unknown({ account: number ?? '' });
    const first = change === 'change' && account !== null ? { name_zh: account.name_zh, name_en: account.name_en, bank_name: account.bank_name }
      : change === 'open' ? { opened_on: shown.today } : { closed_on: shown.today };
    return htmlReply(reply, changePage(frameOf(request), {
      code, change, account: change === 'open' ? null : account, ...shown, form: { ...form, values: { ...first, ...form.values }, kept },
    }), status);
  };
  const take = async (request: FastifyRequest, reply: FastifyReply, change: AccountChange) => {
    const { estate, actor } = asking(request);
    let read = EMPTY;
    try {
      read = await intake(request, house);
      const { name_zh, name_en, bank_name, account_number, opened_on, closed_on, reason = '', form_key = null } = read.fields;
      const { proposal_id } = await proposeAccountChange(house, {
        estate, actor, change, account: (request.params as { account?: string }).account, name_zh, name_en, bank_name, account_number,
        opened_on, closed_on, reason, resolution: resolutionIn(read), key: form_key,
      });
      return await reply.redirect(`/e/${estate.code}/proposals/${proposal_id}?done=submitted`, 303);
    } catch (error) {
      return show(request, reply, change, toldBack(error, request, read, fieldNames));
    }
  };
  app.get('/e/:estate/bank/accounts/new', { schema: { hide: true, params: Path } }, (request, reply) => show(request, reply, 'open', emptyForm()));
  app.post('/e/:estate/bank/accounts/new', { schema: { hide: true, params: Path } }, (request, reply) => take(request, reply, 'open'));
  for (const change of ['change', 'close'] as const) {
    app.get(`/e/:estate/bank/accounts/:account/${change}`, { schema: { hide: true, params: AccountPath } }, (request, reply) => show(request, reply, change, emptyForm()));
    app.post(`/e/:estate/bank/accounts/:account/${change}`, { schema: { hide: true, params: AccountPath } }, (request, reply) => take(request, reply, change));
  }
}

function mandateRoutes(instance: FastifyInstance, house: House, { intake }: { intake: Intake }): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  const show = async (request: FastifyRequest, reply: FastifyReply, { form, vouchers, status }: Told) => {
    const { estate_id, code } = asking(request).estate;
    const { kept, ...shown } = await inEstate(house.db.app, estate_id, async (trx) => ({
      ...await formFacts(trx, request, 'mandate', vouchers), choices: await mandateChoices(trx, estate_id),
    }), { readOnly: true });
    // A year, to the end of its last month.
    const first = { account: '5119', fund: 'service', valid_from: shown.today, valid_to: lastDay(addMonths(periodOf(addDays(shown.today, -1)), 12)) };
    return htmlReply(reply, mandatePage(frameOf(request), { code, ...shown, form: { ...form, values: { ...first, ...form.values }, kept } }), status);
  };
  app.get('/e/:estate/bank/mandates/new', { schema: { hide: true, params: Path } }, (request, reply) => show(request, reply, emptyForm()));
  app.post('/e/:estate/bank/mandates/new', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const { estate, actor } = asking(request);
    let read = EMPTY;
    try {
      read = await intake(request, house);
      const { bank_account = '', account = '', fund = '', purpose = '', cap_each = '', cap_month = '', valid_from = '', valid_to = '', form_key = null } = read.fields;
      const { proposal_id } = await proposeMandate(house, {
        estate, actor, bank_account, account, fund, purpose, cap_each, cap_month, valid_from, valid_to, resolution: resolutionIn(read), key: form_key,
      });
      return await reply.redirect(`/e/${estate.code}/proposals/${proposal_id}?done=submitted`, 303);
    } catch (error) {
      return show(request, reply, toldBack(error, request, read, fieldNames));
    }
  });

  app.post('/e/:estate/bank/mandates/:mandate/end', {
    schema: {
      hide: true, params: Type.Object({ estate: Type.String(), mandate: Type.String({ pattern: '^[0-9]{1,12}$' }) }),
      body: Type.Optional(Type.Object({ csrf: Type.Optional(Type.String({ maxLength: 200 })), form_key: Type.Optional(Type.String({ maxLength: 200 })) }, { additionalProperties: false })),
    },
  }, async (request, reply) => {
    const estate = request.estate!;
    await endMandate(house, { estate, actor: request.actor, mandate: Number(request.params.mandate) });
    return reply.redirect(`/e/${estate.code}/bank/accounts?done=changed#mandates`, 303);
  });
}
