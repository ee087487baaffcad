// Pages of money in transit and of settlement files. Officers see what is in transit; rows of a file, which name payers and dwellings,
// are for those who book.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { estateToday } from '../evidence/records.ts';
import { demand, may } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { FormRead, Intake } from '../ledger/form-routes.ts';
import { sendCsv, toCsv } from '../web/csv.ts';
import { formErrors, newFormKey } from '../web/forms.tsx';
import { frameOf } from '../web/frame.ts';
import { localeOf, pick } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { bringSettlement, chooseColumns, draftsOf, dropSettlement, fixRows, judgeDraft, readDraft } from './channel-draft.ts';
import { draftPage } from './channel-draft-pages.tsx';
import { guessTable } from './channel-file.ts';
import { transitPage, type FormId } from './channel-pages.tsx';
import { settlementsOf, transitByChannel, transitMoves } from './channel-queries.ts';
import { takeSettlement } from './channel-take.ts';
import { texts } from './channel-texts.ts';
import { bookArrival, channelNames, nameChannel, proposeFee } from './channel-transit.ts';
import { receiveSettlement } from './channel-upload.ts';
import { bankOptions } from './deposit-page-routes.ts';

const Path = Type.Object({ estate: Type.String() });
const DraftPath = Type.Object({ estate: Type.String(), draft: Type.String({ pattern: '^[1-9][0-9]{0,14}$' }) });
const EntryPath = Type.Object({ estate: Type.String(), seq: Type.String({ pattern: '^[1-9][0-9]{0,14}$' }) });
const Short = Type.Optional(Type.String({ maxLength: 200 }));
/** Fields by row or fund, whose names are not known beforehand. */
const Many = Type.Record(Type.String({ maxLength: 80 }), Type.String({ maxLength: 200 }));
type DraftRequest = FastifyRequest<{ Params: { draft: string } }>;
type Typed = { id: FormId | null; values: Readonly<Record<string, string>>; errors: Readonly<Record<string, string>>; vouchers: readonly string[] };
const untyped: Typed = { id: null, values: {}, errors: {}, vouchers: [] };

export function channelPageRoutes(instance: FastifyInstance, house: House, { intake }: { intake: Intake }): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  const show = async (request: FastifyRequest, reply: FastifyReply, typed: Typed, status = 200) => {
    const { estate_id, code } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_officers');
    const locale = localeOf(request);
    const books = may(actor, estate_id, 'post_receipt');
    const shown = await inEstate(house.db.app, estate_id, async (trx) => {
      const today = await estateToday(trx, estate_id);
      const moves = await transitMoves(trx, estate_id);
      const funds = await trx.selectFrom('fund').select(['fund', 'name_zh', 'name_en']).where('estate_id', '=', estate_id).execute();
      return {
        ...transitByChannel(moves, today), today, unnamed: moves.filter((move) => move.channel === 'other'), settlements: await settlementsOf(trx, estate_id),
        funds: Object.fromEntries(funds.map((row) => [row.fund, { zh: row.name_zh, en: row.name_en }])), bank_accounts: await bankOptions(trx, estate_id, locale),
        drafts: books ? await draftsOf(trx, estate_id) : [],
      };
    }, { readOnly: true });
    const { vouchers: _vouchers, ...form } = typed;
    return htmlReply(reply, transitPage(frameOf(request, request.method === 'GET' ? {} : { here: `/e/${code}/transit` }), {
      ...shown, code, form: books ? { ...form, form_key: newFormKey(), kept: [] } : null, may_propose: may(actor, estate_id, 'draft_order'),
    }), status);
  };

  const showDraft = async (request: DraftRequest, reply: FastifyReply, errors: Readonly<Record<string, string>> = {}, status = 200) => {
    const estate = request.estate!;
    const { estate_id, code } = estate;
    demand(request.actor, estate_id, 'post_receipt');
    const { draft, rows } = await inEstate(house.db.app, estate_id, async (trx) => {
      const found = await readDraft(trx, estate_id, Number(request.params.draft));
      return { draft: found, rows: await judgeDraft(trx, estate, found) };
    }, { readOnly: true });
    const guess = draft.content.table === null ? guessTable(draft.content.rows) : null;
    return htmlReply(reply, draftPage(frameOf(request, { here: `/e/${code}/transit/files/${draft.draft_id}`, audience: 'desk' }), { code, draft, rows, guess, errors }), status);
  };

  app.get('/e/:estate/transit', { schema: { hide: true, params: Path } }, (request, reply) => show(request, reply, untyped));

  app.get('/e/:estate/transit.csv', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const { estate_id, name_zh } = request.estate!;
    demand(request.actor, estate_id, 'read_officers');
    const locale = localeOf(request);
    const t = pick(texts, locale);
    const { channels } = await inEstate(house.db.app, estate_id, async (trx) => transitByChannel(await transitMoves(trx, estate_id), await estateToday(trx, estate_id)), { readOnly: true });
    return sendCsv(reply, `${t.transit}-${name_zh}.csv`, toCsv([
      { key: 'day', title: t.day, type: 'date' }, { key: 'channel', title: t.channel }, { key: 'open', title: t.open, type: 'money' }, { key: 'age', title: t.age, type: 'number' },
    ], channels.flatMap((one) => one.days.map((day) => ({ ...day, channel: channelNames[one.channel][locale] })))));
  });

  app.get('/e/:estate/transit/files/:draft', { schema: { hide: true, params: DraftPath } }, (request, reply) => showDraft(request, reply));

  /** Does the work and goes on to an address; a refusal shows the page again with its reason. */
  const attempt = async (request: FastifyRequest, reply: FastifyReply, typed: Omit<Typed, 'errors'>, work: () => Promise<string>) => {
    try {
      return await reply.redirect(`/e/${request.estate!.code}/${await work()}`, 303);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return show(request, reply, { ...typed, errors: formErrors(error, localeOf(request)) }, error.status);
    }
  };

  app.post('/e/:estate/transit/files', { config: { rateLimit: { max: 60, timeWindow: '1 minute' } }, schema: { hide: true, params: Path } }, (request, reply) => {
    const estate = request.estate!;
    demand(request.actor, estate.estate_id, 'post_receipt');
    return attempt(request, reply, { id: 'file', values: {}, vouchers: [] }, async () => {
      const { bytes, file_name, fields } = await receiveSettlement(request);
      return `transit/files/${await bringSettlement(house, { estate, actor: request.actor, bytes, file_name, channel: fields['channel'] })}`;
    });
  });

  app.post('/e/:estate/transit/arrivals', { schema: { hide: true, params: Path, body: Many } }, (request, reply) => {
    const estate = request.estate!;
    demand(request.actor, estate.estate_id, 'post_receipt');
    const { channel = '', arrived_on, bank_account, form_key, csrf: _csrf, ...rest } = request.body;
    const amounts = Object.fromEntries(Object.entries(rest).filter(([name]) => name.startsWith('amount_')).map(([name, text]) => [name.slice('amount_'.length), text]));
    return attempt(request, reply, { id: 'arrive', values: { ...rest, channel, arrived_on: arrived_on ?? '' }, vouchers: [] }, async () => {
      await bookArrival(house, { estate, actor: request.actor, typed: { channel, arrived_on, bank_account, amounts }, key: form_key });
      return 'transit?done=posted';
    });
  });

  app.post('/e/:estate/transit/fees', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const estate = request.estate!;
    const actor = demand(request.actor, estate.estate_id, 'draft_order');
    let form: FormRead = { fields: {}, vouchers: [] };
    try {
      form = await intake(request, house);
      const { channel = '', amount, settlement = '', form_key } = form.fields;
      const { proposal_id } = await proposeFee(house, {
        estate, actor, key: form_key, typed: { channel, amount, vouchers: form.vouchers, settlement: /^[1-9][0-9]{0,14}$/.test(settlement) ? Number(settlement) : null },
      });
      return await reply.redirect(`/e/${estate.code}/proposals/${proposal_id}?done=submitted`, 303);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return show(request, reply, { id: form.fields['settlement'] === undefined ? 'fee' : 'settlement', values: form.fields, errors: formErrors(error, localeOf(request)), vouchers: form.vouchers }, error.status);
    }
  });

  app.post('/e/:estate/transit/:seq/channel', { schema: { hide: true, params: EntryPath, body: Type.Object({ channel: Short, csrf: Short, form_key: Short }, { additionalProperties: false }) } }, (request, reply) => {
    const estate = request.estate!;
    demand(request.actor, estate.estate_id, 'post_receipt');
    return attempt(request, reply, { id: 'name', values: { seq: request.params.seq, channel: request.body.channel ?? '' }, vouchers: [] }, async () => {
      await nameChannel(house, { estate, actor: request.actor, seq: Number(request.params.seq), channel: request.body.channel ?? '' });
      return 'transit?done=saved';
    });
  });

  draftStepRoutes(instance, house, showDraft);
}

function draftStepRoutes(
  instance: FastifyInstance, house: House, showDraft: (request: DraftRequest, reply: FastifyReply, errors: Readonly<Record<string, string>>, status: number) => Promise<FastifyReply>,
): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const attempt = async (request: DraftRequest, reply: FastifyReply, next: string, work: () => Promise<unknown>) => {
    try {
      await work();
      return await reply.redirect(`/e/${request.estate!.code}/${next}`, 303);
    } catch (error) {
      if (!(error instanceof Refusal) || error.code === 'settlement_draft_unknown') throw error;
      return showDraft(request, reply, formErrors(error, localeOf(request)), error.status);
    }
  };
  const asked = (request: DraftRequest) => ({ estate: request.estate!, actor: request.actor, draft_id: Number(request.params.draft) });
  const here = (request: DraftRequest): string => `transit/files/${request.params.draft}`;

  app.post('/e/:estate/transit/files/:draft/columns', { schema: { hide: true, params: DraftPath, body: Many } }, (request, reply) => {
    const { paid_on = '', amount = '', reference = '', fee = '', state = '', text = '' } = request.body;
    return attempt(request, reply, here(request), () => chooseColumns(house, { ...asked(request), columns: { paid_on, amount, reference, fee, state, texts: [text] } }));
  });

  app.post('/e/:estate/transit/files/:draft/rows', { schema: { hide: true, params: DraftPath, body: Many } }, (request, reply) => {
    const fixes: Record<string, Record<string, string>> = {};
    for (const name of Object.keys(request.body)) if (/^row_[1-9][0-9]{0,4}$/.test(name)) fixes[name.slice(4)] = {};
    for (const [name, value] of Object.entries(request.body)) {
      const found = /^(paid_on|amount|fee|reference|unit|skip|anew)_([1-9][0-9]{0,4})$/.exec(name);
      const row = found === null ? undefined : fixes[found[2]!];
      if (row !== undefined) row[found![1]!] = value;
    }
    return attempt(request, reply, here(request), () => fixRows(house, { ...asked(request), fixes }));
  });

  app.post('/e/:estate/transit/files/:draft/take', { schema: { hide: true, params: DraftPath } }, (request, reply) =>
    attempt(request, reply, 'transit?done=posted', () => takeSettlement(house, asked(request))));

  app.post('/e/:estate/transit/files/:draft/drop', { schema: { hide: true, params: DraftPath } }, (request, reply) =>
    attempt(request, reply, 'transit?done=deleted', () => dropSettlement(house, asked(request))));
}
