// Interface of the books: accounts, funds, balances, months, journal entries.
import type { FastifyInstance, FastifyRequest, FastifySchemaValidationError } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { demand } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { money, moneyCapital, moneyText } from '../kernel/money.ts';
import type { Refusal } from '../kernel/refusal.ts';
import { callersKey } from '../kernel/once.ts';
import { estateToday } from '../evidence/records.ts';
import { problemOf } from '../web/errors.ts';
import { invalidInput } from '../web/invalid-input.ts';
import { localeOf } from '../web/locale.ts';
import type { SignerRow } from '../approval/queries.ts';
import { demandShape, namesFiles, reader, shownUnits } from './asking.ts';
import { correctionRoutes, draftRoutes } from './correction-routes.ts';
import { postReceipt, postReceipts, type BatchResult } from './journal.ts';
import { readEntry, type Entry } from './entry-queries.ts';
import { journalList } from './journal-queries.ts';
import { periodsOf } from './period-queries.ts';
import { accountsOf, balancesAsOf, fundsOf } from './queries.ts';
import {
  AccountAnswer,
  BalanceAnswer,
  base,
  BatchAnswer,
  BatchBody,
  Day,
  EntryAnswer,
  EntryBody,
  EntryList,
  EntryPath,
  EstatePath,
  exact,
  FundAnswer,
  KeyHeader,
  Kind,
  Month,
  PeriodAnswer,
  PostedAnswer,
  security,
  tags,
} from './schemas.ts';
import { readDay, readEntryTyped } from './typed-entry.ts';

/** What the schema has to say about single entries of a batch; a complaint about the whole refuses the call. */
function complaintsByEntry(request: FastifyRequest): Map<number, Refusal> {
  const { validationError } = request;
  const complaints: readonly FastifySchemaValidationError[] = validationError?.validation ?? [];
  const places = complaints.map((one) => /^\/entries\/(\d+)(?=\/|$)/.exec(one.instancePath));
  if (validationError !== undefined && (complaints.length === 0 || places.includes(null)))
    throw validationError;
  const found = new Map<number, Refusal>();
  complaints.forEach((one, at) => {
    const [prefix, index] = [places[at]![0], Number(places[at]![1])];
    if (!found.has(index))
      found.set(
        index,
        invalidInput([{ ...one, instancePath: one.instancePath.slice(prefix.length) }]),
      );
  });
  return found;
}

export function ledgerRoutes(instance: FastifyInstance, house: House): void {
  balanceRoutes(instance, house);
  entryRoutes(instance, house);
  postRoutes(instance, house);
  correctionRoutes(instance, house);
  draftRoutes(instance, house);
}

function balanceRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get(
    `${base}/accounts`,
    {
      schema: {
        tags,
        summary: 'Chart of accounts',
        security,
        params: EstatePath,
        response: { 200: Type.Array(AccountAnswer) },
      },
    },
    (request) => {
      const {
        estate: { estate_id },
      } = reader(request);
      return inEstate(house.db.app, estate_id, (trx) => accountsOf(trx, estate_id), {
        readOnly: true,
      });
    },
  );

  app.get(
    `${base}/funds`,
    {
      schema: {
        tags,
        summary: 'Funds and what each may be spent for',
        security,
        params: EstatePath,
        response: { 200: Type.Array(FundAnswer) },
      },
    },
    (request) => {
      const {
        estate: { estate_id },
      } = reader(request);
      return inEstate(house.db.app, estate_id, (trx) => fundsOf(trx, estate_id), {
        readOnly: true,
      });
    },
  );

  app.get(
    `${base}/balances`,
    {
      schema: {
        tags,
        summary: 'Balances at the end of any day, by account and fund',
        security,
        params: EstatePath,
        querystring: Type.Object({ as_of: Type.Optional(Day) }, exact),
        response: { 200: Type.Array(BalanceAnswer) },
      },
    },
    (request) => {
      const {
        estate: { estate_id },
      } = reader(request);
      const { as_of } = request.query;
      return inEstate(
        house.db.app,
        estate_id,
        async (trx) => {
          const day = as_of === undefined ? await estateToday(trx, estate_id) : readDay(as_of, 'as_of');
          return (await balancesAsOf(trx, estate_id, day)).map((row) => ({
            ...row,
            balance: moneyText(row.balance),
          }));
        },
        { readOnly: true },
      );
    },
  );

  app.get(
    `${base}/periods`,
    {
      schema: {
        tags,
        summary: 'Months of the books, newest first',
        security,
        params: EstatePath,
        response: { 200: Type.Array(PeriodAnswer) },
      },
    },
    (request) => {
      const { estate } = reader(request);
      return inEstate(
        house.db.app,
        estate.estate_id,
        async (trx) =>
          (await periodsOf(trx, estate)).map((row) => ({
            ...row,
            closed_at: row.closed_at?.toISOString() ?? null,
          })),
        { readOnly: true },
      );
    },
  );
}

const signerJson = ({ body, office, name_zh, name_en, method, signed_at }: SignerRow) => ({
  body,
  office,
  name_zh,
  name_en,
  method,
  signed_at: signed_at.toISOString(),
});

const entryJson = (entry: Entry) => ({
  ...entry,
  amount_capital: moneyCapital(money(entry.amount)),
  recorded_at: entry.recorded_at.toISOString(),
  signers: entry.signers.map(signerJson),
  emergency:
    entry.emergency === null
      ? null
      : {
          ratify_by: entry.emergency.ratify_by,
          ratified_at: entry.emergency.ratified_at?.toISOString() ?? null,
        },
});

function entryRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get(
    `${base}/journal-entries`,
    {
      schema: {
        tags,
        summary: 'Journal entries by date, with the running balance of money',
        security,
        params: EstatePath,
        querystring: Type.Object(
          {
            period: Type.Optional(Month),
            from: Type.Optional(Day),
            to: Type.Optional(Day),
            account: Type.Optional(
              Type.String({ maxLength: 20, description: 'Also its second level' }),
            ),
            fund: Type.Optional(Type.String({ maxLength: 42 })),
            kind: Type.Optional(Kind),
            q: Type.Optional(
              Type.String({
                maxLength: 200,
                description: 'Memo, voucher number (付-018) or amount',
                examples: ['灯具'],
              }),
            ),
            cursor: Type.Optional(Type.String({ maxLength: 40 })),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
          },
          exact,
        ),
        response: { 200: EntryList },
      },
    },
    (request) => {
      const {
        estate: { estate_id },
      } = reader(request);
      const { limit = 50, from, to, ...rest } = request.query;
      const days = {
        from: from === undefined ? undefined : readDay(from, 'from'),
        to: to === undefined ? undefined : readDay(to, 'to'),
      };
      return inEstate(
        house.db.app,
        estate_id,
        async (trx) => {
          const { items, next_cursor } = await journalList(trx, estate_id, {
            ...rest,
            ...days,
            limit,
          });
          return {
            items: items.map((row) => ({ ...row, signers: row.signers.map(signerJson) })),
            next_cursor,
          };
        },
        { readOnly: true },
      );
    },
  );

  app.get(
    `${base}/journal-entries/:seq`,
    {
      schema: {
        tags,
        summary: 'One entry: postings, vouchers, signatures, place in the log',
        security,
        params: EntryPath,
        response: { 200: EntryAnswer },
      },
    },
    (request) => {
      const here = reader(request);
      const { estate_id } = here.estate;
      return inEstate(
        house.db.app,
        estate_id,
        async (trx) =>
          entryJson(await readEntry(trx, estate_id, Number(request.params.seq), shownUnits(here), namesFiles(here))),
        { readOnly: true },
      );
    },
  );
}

function postRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.post(
    `${base}/journal-entries`,
    {
      attachValidation: true,
      schema: {
        tags,
        summary: 'Post a receipt',
        security,
        params: EstatePath,
        headers: KeyHeader,
        body: EntryBody,
        description:
          'Money that came in is booked at once. Payments, transfers and reversals need an approved order. ' +
          '201 when booked now, 200 when the same key was booked before.',
        response: { 200: PostedAnswer, 201: PostedAnswer },
      },
    },
    async (request, reply) => {
      const estate = request.estate!;
      const actor = demand(request.actor, estate.estate_id, 'post_receipt');
      demandShape(request, readEntryTyped);
      const posted = await postReceipt(house, {
        estate,
        actor,
        entry: request.body,
        key: callersKey(request),
      });
      return reply
        .code(posted.status === 'posted' ? 201 : 200)
        .send({ ...posted, recorded_at: posted.recorded_at.toISOString() });
    },
  );

  app.post(
    `${base}/journal-entries/batch`,
    {
      attachValidation: true,
      bodyLimit: 8 * 1024 * 1024,
      schema: {
        tags,
        summary: 'Post up to 1,000 receipts; each gets its own answer',
        security,
        params: EstatePath,
        headers: KeyHeader,
        body: BatchBody,
        response: { 200: BatchAnswer },
      },
    },
    async (request) => {
      const estate = request.estate!;
      const actor = demand(request.actor, estate.estate_id, 'post_receipt');
      const misshapen = complaintsByEntry(request);
      const results = await postReceipts(house, {
        estate,
        actor,
        entries: request.body.entries,
        key: callersKey(request),
        misshapen,
      });
      const told = {
        locale: localeOf(request),
        request_id: request.id,
        production: house.settings.production,
      };
      const resultJson = ({ problem, ...rest }: BatchResult) =>
        problem === undefined ? rest : { ...rest, problem: problemOf(problem, told) };
      return { results: results.map(resultJson) };
    },
  );
}
