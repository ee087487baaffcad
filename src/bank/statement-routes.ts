// Statement files and bank lines over the API.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { demand, may } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import { PERIOD_PATTERN } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { callersKey } from '../kernel/once.ts';
import { filterOf } from './statement-page-routes.ts';
import { coveredAccounts, linesOf, statementsOf, type StatementRow } from './statement-queries.ts';
import { refusals } from './statement-refusals.ts';
import { previewStatement, takeStatement, type StatementOptions, type StatementPreview } from './statement.ts';
import { receiveFiles, type ReceivedFile } from './statement-upload.ts';
import { warningTexts } from './statement-warnings.ts';

const tags = ['bank'];
const Path = Type.Object({ estate: Type.String({ examples: ['demo'] }) });
const Key = Type.Object({ 'idempotency-key': Type.Optional(Type.String({ minLength: 1, maxLength: 100 })) });
const Account = Type.Optional(Type.String({ pattern: '^[0-9]{4,6}$', examples: ['1002'] }));
const Cursor = Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$' }));
const Limit = Type.Optional(Type.String({ pattern: '^[0-9]{1,3}$', examples: ['50'] }));
const Sum = (example: string) => Type.String({ examples: [example] });
const Day = (example: string) => Type.String({ examples: [example] });
const Statement = Type.Object({
  seq: Type.Integer({ examples: [412] }), account: Type.String({ examples: ['1002'] }), format: Type.String({ examples: ['camt.053'] }),
  from: Day('2026-10-01'), to: Day('2026-10-31'),
  period_stated: Type.Boolean({ description: 'False where whoever handed the file in stated its days.' }),
  opening: Sum('143131.00'), closing: Sum('145644.48'),
  last_day_whole: Type.Boolean({ description: 'False where lines of its last day came with a later file.' }),
  lines: Type.Integer({ examples: [37], description: 'New lines.' }), repeated: Type.Integer({ examples: [0], description: 'Lines that were there already, the very same.' }),
  first_position: Type.Integer({ examples: [1] }),
  body: Type.Union([Type.String(), Type.Null()], { examples: ['property'] }),
  confirmed_by: Type.Array(Type.String(), { examples: [['committee']], description: 'Other bodies whose own files cover its days.' }),
  sha256: Type.String(), file_name: Type.String({ description: 'Empty for owners.' }), imported_at: Type.String(),
});
const Taken = Type.Object({
  seq: Type.Integer({ examples: [412] }), account: Type.String({ examples: ['1002'] }), from: Day('2026-10-01'), to: Day('2026-10-31'), opening: Sum('143131.00'),
  closing: Sum('145644.48'), lines: Type.Integer({ examples: [37] }), repeated: Type.Integer({ examples: [0] }),
  already: Type.Boolean({ description: 'True where the same file was taken before for the same body; this is the first result.' }),
});
const DryRun = Type.Object({
  account: Type.String(), account_named: Type.Boolean(), format: Type.String(), sha256: Type.String(), from: Type.String(), to: Type.String(),
  period_stated: Type.Boolean(), opening: Sum('143131.00'), closing: Sum('145644.48'), lines: Type.Integer({ description: 'New lines.' }), repeated: Type.Integer(),
  in_total: Sum('66809.20'), in_count: Type.Integer(), out_total: Sum('64295.72'), out_count: Type.Integer(),
  already: Type.Union([Type.Integer(), Type.Null()], { description: 'The statement it was taken as before.' }),
  matching: Type.Union([Type.Object({ matched: Type.Integer(), proposed: Type.Integer() }), Type.Null()]),
  opening_differs: Type.Boolean({ description: 'The first statement opens with another balance than the books: it is taken with accept_opening only.' }),
  warnings: Type.Array(Type.Object({ code: Type.String(), zh: Type.String(), en: Type.String() })),
});
const Line = Type.Object({
  position: Type.Integer(), booked_on: Day('2026-10-05'), amount: Type.String({ examples: ['-1800.00'], description: 'Above zero in, below zero out.' }),
  balance: Sum('141331.00'), statement: Type.Integer(), state: Type.Enum(['open', 'matched']),
  entries: Type.Array(Type.Object({ seq: Type.Integer(), number: Type.String(), period: Type.String(), description: Type.String() })),
  detail: Type.Union([Type.Object({
    serial: Type.String(), booked_time: Type.String(), counterparty_name: Type.String(), counterparty_account: Type.String(), counterparty_bank: Type.String(),
    memo: Type.String(), purpose: Type.String(),
  }), Type.Null()], { description: 'Who and what for; null for owners.' }),
});

const limitOf = (text: string | undefined): number => Math.min(Math.max(Number(text ?? '50'), 1), 200);
const shownStatement = ({ body_zh: _zh, body_en: _en, confirmed_by, ...row }: StatementRow) => ({ ...row, confirmed_by: confirmed_by.map((one) => one.body) });

const shownPreview = ({ account, lines: _lines, new_lines, already, warnings, kind: _kind, ...rest }: StatementPreview) => ({
  ...rest, account: account.account, lines: new_lines, already: already?.seq ?? null,
  warnings: warnings.map(({ code, facts }) => ({
    code, ...Object.fromEntries((['zh', 'en'] as const).map((locale) => [locale, warningTexts[code][locale].replace(/\{(\w+)\}/g, (all, name: string) => String(facts[name] ?? all))])),
  })) as { code: string; zh: string; en: string }[],
});

const reading = (request: FastifyRequest) => {
  const estate = request.estate!;
  return { estate, in_full: may(demand(request.actor, estate.estate_id, 'read_books'), estate.estate_id, 'read_officers') };
};

export function bankStatementRoutes(instance: FastifyInstance, house: House, options: StatementOptions): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.post('/api/v1/estates/:estate/bank-statements', {
    config: { rateLimit: { max: 60, timeWindow: '1 minute' } },
    schema: {
      tags, summary: 'Hand in a statement file of the bank',
      description: 'multipart/form-data: `file` (as the bank gave it); optional `bank_account` (ledger account, where the file names none), `format` (checked '
        + 'against what is recognised), `from` and `to`, `opening` and `closing` (where the file does not state them), `dry_run` (`yes`: nothing is written, answers 200), '
        + '`accept_opening` (`yes`: the first statement of an account opens with another balance than the books, and that is right). '
        + 'Taken whole or not at all. The same file of the same body again answers with the first result.',
      consumes: ['multipart/form-data'], params: Path, headers: Key, response: { 200: DryRun, 201: Taken },
    },
  }, async (request, reply) => {
    const estate = request.estate!;
    const actor = demand(request.actor, estate.estate_id, 'import_statement');
    const files: ReceivedFile[] = [];
    const fields = await receiveFiles(request, async (file) => {
      if (files.length > 0) throw refusals.statement_files_too_many({ limit: 1 }, 'file');
      files.push(file);
    });
    const { bank_account, from, to, opening, closing, accept_opening, format = '', dry_run = '' } = fields;
    const handed = { estate, actor, ...files[0]!, stated: { bank_account, from, to, opening, closing, accept_opening } };
    const key = callersKey(request);
    const seen = format !== '' || yes(dry_run) ? await previewStatement(house, handed, options) : null;
    if (seen?.kind === 'unmapped') throw refusals.statement_unmapped({ header: seen.preview.header.join(' | ').slice(0, 200) }, 'file');
    if (seen !== null && format !== '' && format !== seen.format) throw refusals.statement_format_differs({ typed: format.slice(0, 40), format: seen.format }, 'format');
    if (seen !== null && yes(dry_run)) return reply.code(200).send(shownPreview(seen));
    return reply.code(201).send(await takeStatement(house, { ...handed, key: key === null ? null : `${actor.person_id}:${key}` }, options));
  });

  app.get('/api/v1/estates/:estate/bank-statements', {
    schema: {
      tags, summary: 'Statement files taken, the last one first', params: Path,
      querystring: Type.Object({ account: Account, limit: Limit, cursor: Cursor }, { additionalProperties: false }),
      response: { 200: Type.Object({ items: Type.Array(Statement), next_cursor: Type.Union([Type.String(), Type.Null()]) }) },
    },
  }, async (request) => {
    const { estate: { estate_id }, in_full } = reading(request);
    const { account, limit, cursor } = request.query;
    const { items, next_cursor } = await inEstate(house.db.app, estate_id, (trx) => statementsOf(trx, estate_id, {
      in_full, account, limit: limitOf(limit), cursor: cursor === undefined ? undefined : Number(cursor),
    }), { readOnly: true });
    return { items: items.map(shownStatement), next_cursor };
  });

  app.get('/api/v1/estates/:estate/bank-statements/:seq', {
    schema: {
      tags, summary: 'One statement', params: Type.Object({ estate: Type.String({ examples: ['demo'] }), seq: Type.String({ pattern: '^[1-9][0-9]{0,14}$', examples: ['412'] }) }),
      response: { 200: Statement },
    },
  }, async (request) => {
    const { estate: { estate_id }, in_full } = reading(request);
    const seq = Number(request.params.seq);
    const { items: [row] } = await inEstate(house.db.app, estate_id, (trx) => statementsOf(trx, estate_id, { in_full, seq, limit: 1 }), { readOnly: true });
    if (row === undefined) throw refusals.statement_unknown({ seq });
    return shownStatement(row);
  });

  app.get('/api/v1/estates/:estate/bank-lines', {
    schema: {
      tags, summary: 'Lines of the bank, the last one first: what each was booked as; for officers also who and what for', params: Path,
      querystring: Type.Object({
        account: Account, period: Type.Optional(Type.String({ pattern: PERIOD_PATTERN, examples: ['2026-10'] })), direction: Type.Optional(Type.Enum(['in', 'out'])),
        state: Type.Optional(Type.Enum(['open', 'matched'])), q: Type.Optional(Type.String({ maxLength: 100 })),
        statement: Type.Optional(Type.String({ pattern: '^[1-9][0-9]{0,14}$' })), limit: Limit, cursor: Cursor,
      }, { additionalProperties: false }),
      response: { 200: Type.Object({ items: Type.Array(Line), next_cursor: Type.Union([Type.String(), Type.Null()]) }) },
    },
  }, async (request) => {
    const { estate: { estate_id }, in_full } = reading(request);
    const { limit, cursor, ...query } = request.query;
    return inEstate(house.db.app, estate_id, async (trx) => {
      const filter = filterOf(query, await coveredAccounts(trx, estate_id));
      return linesOf(trx, estate_id, filter, { in_full, limit: limitOf(limit), cursor: cursor === undefined ? undefined : Number(cursor) });
    }, { readOnly: true });
  });
}

const yes = (text: string): boolean => ['yes', 'true', '1'].includes(text);
