// The page of one bank account with its list for the bank: GET shows it (officers), POST notes an item or enters the number;
// the sheet to print.
import { readFileSync } from 'node:fs';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { namesFor } from '../approval/view.ts';
import { demand, may } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import { isoInstant } from '../kernel/dates.ts';
import { sha256Hex } from '../kernel/digest.ts';
import type { House } from '../kernel/house.ts';
import { estateNow } from '../evidence/records.ts';
import { emptyForm, keptOf, toldBack, type FormRead, type Intake, type Told } from '../office/membership-page-routes.ts';
import { frameOf } from '../web/frame.ts';
import { localeOf } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { AccountPath } from './account-page-routes.ts';
import { accountsShown } from './account-queries.ts';
import { enterNumber } from './account.ts';
import { onboardingPage } from './onboarding-pages.tsx';
import { onboardingSheet } from './onboarding-sheet.tsx';
import { holders, noteItem, onboardingOf } from './onboarding.ts';
import { refusals as bankRefusals } from './refusals.ts';

const css = readFileSync(new URL('./onboarding-sheet.css', import.meta.url), 'utf8');
const css_href = `/assets/bank-list-${sha256Hex(css).slice(0, 16)}.css`;
type OneRequest = FastifyRequest<{ Params: { account: string } }>;
const fieldNames: Record<string, string> = { voucher: 'vouchers', item: 'state' };

async function readAccount(house: House, request: OneRequest, vouchers: readonly string[]) {
  const estate = request.estate!;
  const { estate_id } = estate;
  const { account: number } = request.params;
  return inEstate(house.db.app, estate_id, async (trx) => {
    const account = (await accountsShown(trx, estate_id, { in_full: true })).find((row) => row.account === number);
    if (account === undefined) throw bankRefusals.bank_account_unknown({ account: number });
    return {
      account, onboarding: await onboardingOf(trx, estate_id, number), bodies: (await namesFor(trx, estate_id, [])).bodies,
      holders: await holders(trx, estate_id), kept: await keptOf(trx, estate, vouchers), now: isoInstant(await estateNow(trx, estate_id)),
    };
  }, { readOnly: true });
}

export function onboardingPageRoutes(instance: FastifyInstance, house: House, { intake }: { intake: Intake }): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  const show = async (request: OneRequest, reply: FastifyReply, item: string | undefined, { form, vouchers, status }: Told) => {
    const { estate_id, code } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_officers');
    const { kept, now: _now, ...shown } = await readAccount(house, request, vouchers);
    const here = `/e/${code}/bank/accounts/${request.params.account}`;
    return htmlReply(reply, onboardingPage(frameOf(request, request.method === 'GET' ? {} : { here }), {
      code, ...shown, item: shown.onboarding.items.find((row) => row.item === item) ?? null, form: may(actor, estate_id, 'propose') ? { ...form, kept } : null,
    }), status);
  };

  app.get('/e/:estate/bank/accounts/:account', {
    schema: { hide: true, params: AccountPath, querystring: Type.Object({ item: Type.Optional(Type.String({ maxLength: 40 })) }) },
  }, (request, reply) => show(request, reply, request.query.item, emptyForm({ audience: 'officers' })));

  app.post('/e/:estate/bank/accounts/:account', { schema: { hide: true, params: AccountPath } }, async (request, reply) => {
    const estate = request.estate!;
    const actor = demand(request.actor, estate.estate_id, 'propose');
    const { account } = request.params;
    let read: FormRead = { fields: {}, vouchers: [] };
    try {
      read = await intake(request, house);
      const { item = '', state = '', note, holder_term = '', serial_last4, form_key = null } = read.fields;
      await noteItem(house, {
        estate, actor, account, item, state, note, serial_last4, holder_term: /^\d{1,9}$/.test(holder_term) ? Number(holder_term) : undefined,
        voucher: read.vouchers[0], key: form_key,
      });
      return await reply.redirect(`/e/${estate.code}/bank/accounts/${account}?done=saved#${encodeURIComponent(item)}`, 303);
    } catch (error) {
      const told = toldBack(error, request, read, fieldNames);
      return show(request, reply, told.form.values['item'], told);
    }
  });

  app.post('/e/:estate/bank/accounts/:account/number', {
    schema: {
      hide: true, params: AccountPath,
      body: Type.Object({ account_number: Type.Optional(Type.String({ maxLength: 100 })), csrf: Type.Optional(Type.String({ maxLength: 200 })),
        form_key: Type.Optional(Type.String({ maxLength: 200 })) }, { additionalProperties: false }),
    },
  }, async (request, reply) => {
    const { estate_id, code } = request.estate!;
    demand(request.actor, estate_id, 'propose');
    const { account } = request.params;
    const { account_number = '' } = request.body;
    try {
      await inEstate(house.db.app, estate_id, async (trx) => {
        await onboardingOf(trx, estate_id, account);
        await enterNumber(trx, { estate_id, account, typed: account_number });
      });
      return await reply.redirect(`/e/${code}/bank/accounts/${account}?done=saved`, 303);
    } catch (error) {
      return show(request, reply, undefined, toldBack(error, request, { fields: { account_number }, vouchers: [] }));
    }
  });

  app.get('/e/:estate/bank/accounts/:account/sheet', { schema: { hide: true, params: AccountPath } }, async (request, reply) => {
    const estate = request.estate!;
    demand(request.actor, estate.estate_id, 'read_officers');
    const { account, onboarding, bodies, now } = await readAccount(house, request, []);
    return htmlReply(reply.header('cache-control', 'no-store'), onboardingSheet({ estate, account, onboarding, bodies, printed_at: now, css_href, locale: localeOf(request) }));
  });

  app.get(css_href, { schema: { hide: true } }, (_request, reply) =>
    reply.header('cache-control', 'public, max-age=31536000, immutable').type('text/css; charset=utf-8').send(css));
}
