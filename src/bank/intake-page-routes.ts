// Pages of files on their way in: upload, dry run, columns, taking, progress.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { demand, type Actor } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { Refusal } from '../kernel/refusal.ts';
import { refusals as bankfileRefusals } from '../bankfile/refusals.ts';
import { formErrors } from '../web/forms.tsx';
import { frameOf } from '../web/frame.ts';
import { localeOf } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import {
  askToTake, contentOf, handIn, LONG, readIntake, stateFacts, statedOf, throwAway, waitingIntakes, type IntakeRow,
} from './intake.ts';
import { dryRunPage, filesPage, progressPage, takenPage, type Unsaid } from './intake-pages.tsx';
import { keepMapping, keptMapping, readMapping, tablePreview, tryMapping, type Tried } from './mapping.ts';
import { mappingPage, rolesOf } from './mapping-page.tsx';
import { readFile } from './statement-file.ts';
import { receiveFiles } from './statement-upload.ts';
import { mayTake, previewStatement, type StatementOptions, type StatementPreview } from './statement.ts';
import { coveredAccounts, statementsOf } from './statement-queries.ts';
import { takeIntake, takingsOf } from './taking.ts';

const BASE = '/e/:estate/bank/files';
const Path = Type.Object({ estate: Type.String() });
const OnePath = Type.Object({ estate: Type.String(), id: Type.String({ pattern: '^[1-9][0-9]{0,8}$' }) });
const REFRESH = '3';
const config = { rateLimit: { max: 60, timeWindow: '1 minute' } };

type One = FastifyRequest<{ Params: { id: string } }>;
interface Here { actor: Actor; estate: NonNullable<FastifyRequest['estate']>; id: number }

const handing = (request: FastifyRequest): Omit<Here, 'id'> => {
  const estate = request.estate!;
  return { actor: demand(request.actor, estate.estate_id, 'import_statement'), estate };
};
const hereOf = (request: One): Here => ({ ...handing(request), id: Number(request.params.id) });

export function intakePageRoutes(instance: FastifyInstance, house: House, options: StatementOptions): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const addressOf = (request: FastifyRequest, row?: IntakeRow): string =>
    `/e/${request.estate!.code}/bank/files${row === undefined ? '' : `/${row.intake_id}`}`;

  async function showFiles(request: FastifyRequest, reply: FastifyReply, refusal?: Refusal) {
    const { actor, estate } = handing(request);
    const waiting = await inEstate(house.db.app, estate.estate_id, (trx) => waitingIntakes(trx, { estate, actor }), { readOnly: true });
    return htmlReply(reply, filesPage(frameOf(request, { here: addressOf(request) }), {
      code: estate.code, csrf: actor.csrf ?? undefined, waiting,
      errors: refusal === undefined ? {} : { files: Object.values(formErrors(refusal, localeOf(request)))[0]! },
    }), refusal?.status ?? 200);
  }

  app.get(BASE, { schema: { hide: true, params: Path } }, (request, reply) => showFiles(request, reply));

  app.post(BASE, { config, schema: { hide: true, params: Path } }, async (request, reply) => {
    const { actor, estate } = handing(request);
    try {
      const rows: IntakeRow[] = [];
      await receiveFiles(request, async ({ bytes, file_name }) => { rows.push(await handIn(house, { estate, actor, bytes, file_name })); });
      const first = rows.toSorted((a, b) => (a.first_day ?? '9999').localeCompare(b.first_day ?? '9999') || a.intake_id - b.intake_id)[0]!;
      return await reply.redirect(addressOf(request, first), 303);
    } catch (error) {
      if (!(error instanceof Refusal) || error.status === 503) throw error;
      return showFiles(request, reply, error);
    }
  });

  /** The page of a file as it stands; `failed`: why the last press did nothing. */
  async function showOne(request: One, reply: FastifyReply, { failed, values = {} }: { failed?: Refusal; values?: Record<string, string> } = {}) {
    const { actor, estate, id } = hereOf(request);
    const { estate_id, code } = estate;
    const { row, others, accounts } = await inEstate(house.db.app, estate_id, async (trx) => {
      const row = await readIntake(trx, { estate, actor, id });
      const others = (await waitingIntakes(trx, { estate, actor })).filter((one) => one.intake_id !== row.intake_id);
      return { row, others, accounts: await coveredAccounts(trx, estate_id) };
    }, { readOnly: true });
    const frame = frameOf(request, { here: addressOf(request, row) });
    if (row.state === 'waiting' || row.state === 'running') {
      // Without script: the browser asks again by itself, as long as there is something to wait for.
      void reply.header('refresh', REFRESH);
      return htmlReply(reply, progressPage(frame, { code, row }));
    }
    if (row.state === 'done') {
      const { items: [taken] } = await inEstate(house.db.app, estate_id, (trx) => statementsOf(trx, estate_id, { in_full: true, seq: row.seq!, limit: 1 }), { readOnly: true });
      return htmlReply(reply, takenPage(frame, { code, row, taken: taken!, others }));
    }
    const bytes = await inEstate(house.db.app, estate_id, (trx) => contentOf(trx, row), { readOnly: true });
    let preview: StatementPreview | null = null;
    let refusal = failed ?? null;
    try {
      const seen = await previewStatement(house, { estate, actor, bytes, file_name: row.file_name, stated: statedOf(row) }, options);
      if (seen.kind === 'unmapped') return await showMapping(request, reply, { row, bytes, chosen: rolesOf(seen.preview.guess) });
      preview = seen;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (bankfileRefusals.statement_mapping_wrong().code === error.code) return showMapping(request, reply, { row, bytes });
      refusal ??= error;
    }
    const unsaid = preview !== null ? unsaidBy(preview, row) : await unsaidOf(row, bytes);
    const stated = statedOf(row);
    const kept = Object.fromEntries(Object.entries(stated).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));
    return htmlReply(reply, dryRunPage(frame, {
      code, csrf: actor.csrf ?? undefined, row, accounts, others, preview, unsaid,
      refusal: refusal === null ? null : { text: { zh: refusal.in('zh'), en: refusal.in('en') }, field: refusal.field }, values: { ...kept, ...values },
    }), failed?.status ?? 200);
  }

  /** What a file that could not be taken leaves to the person's word. */
  async function unsaidOf(row: IntakeRow, bytes: Buffer): Promise<Unsaid> {
    try {
      const read = await readFile(house, row.estate_id, bytes, { opening: row.opening ?? undefined, closing: row.closing ?? undefined });
      if (read.kind === 'unmapped') return { account: false, days: false, balance: false, columns: true };
      const { account_number, from, to, format } = read.statement;
      return { account: account_number === null, days: from === null || to === null, balance: row.opening !== null, columns: format.startsWith('mapping') };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const is_table = await tablePreview(bytes).catch(() => null);
      return { account: false, days: false, balance: error.code === 'statement_opening_missing' || row.opening !== null, columns: is_table !== null };
    }
  }

  /** The choice of columns: as pressed, else as kept, else as guessed. */
  async function showMapping(
    request: One, reply: FastifyReply, { row, bytes, fields, chosen }: { row: IntakeRow; bytes: Buffer; fields?: Record<string, string>; chosen?: Record<number, string> },
  ) {
    const { actor, estate } = hereOf(request);
    const { estate_id, code } = estate;
    const preview = await tablePreview(bytes);
    if (preview === null) return reply.redirect(addressOf(request, row), 303);
    const kept = await keptMapping(house, estate_id, preview.signature);
    const roles = fields !== undefined ? Object.fromEntries(preview.header.map((_cell, column) => [column, fields[`c${column}`] ?? '']))
      : kept === null ? chosen ?? rolesOf(preview.guess) : rolesOf(kept);
    const tried = await tryRoles(estate_id, row, bytes, preview, roles);
    return htmlReply(reply, mappingPage(frameOf(request, { here: addressOf(request, row) }), { code, csrf: actor.csrf ?? undefined, row, preview, chosen: roles, tried }),
      fields !== undefined && tried?.refusal !== null && tried?.refusal !== undefined ? tried.refusal.status : 200);
  }

  async function tryRoles(estate_id: number, row: IntakeRow, bytes: Buffer, preview: NonNullable<Awaited<ReturnType<typeof tablePreview>>>, roles: Record<number, string>): Promise<Tried | null> {
    if (Object.values(roles).every((role) => role === '')) return null;
    try {
      const mapping = readMapping(preview, Object.fromEntries(Object.entries(roles).map(([column, role]) => [`c${column}`, role])));
      return await tryMapping(house, estate_id, { bytes, mapping, opening: row.opening ?? undefined, closing: row.closing ?? undefined });
    } catch (error) {
      if (error instanceof Refusal) return { lines: [], refusal: error };
      throw error;
    }
  }

  app.get(`${BASE}/:id`, { schema: { hide: true, params: OnePath, querystring: Type.Object({ columns: Type.Optional(Type.Literal('1')) }) } }, async (request, reply) => {
    if (request.query.columns === undefined) return showOne(request, reply);
    const { estate, actor, id } = hereOf(request);
    const row = await inEstate(house.db.app, estate.estate_id, (trx) => readIntake(trx, { estate, actor, id }), { readOnly: true });
    if (row.state !== 'draft' && row.state !== 'refused') return showOne(request, reply);
    return showMapping(request, reply, { row, bytes: await inEstate(house.db.app, estate.estate_id, (trx) => contentOf(trx, row), { readOnly: true }) });
  });

  app.post(`${BASE}/:id`, { config, schema: { hide: true, params: OnePath } }, async (request, reply) => {
    const { actor, estate, id } = hereOf(request);
    const asked = { estate, actor, id };
    const fields = fieldsOf(request.body);
    const row = await inEstate(house.db.app, estate.estate_id, (trx) => readIntake(trx, asked), { readOnly: true });
    try {
      const act = fields['act'];
      if (act === 'drop') {
        await inEstate(house.db.app, estate.estate_id, (trx) => throwAway(trx, asked));
        return await reply.redirect(addressOf(request), 303);
      }
      if (row.state === 'done') return await reply.redirect(addressOf(request, row), 303);
      if (act === 'try' || act === 'map') return await columns(request, reply, { row, fields });
      await inEstate(house.db.app, estate.estate_id, (trx) => stateFacts(trx, asked, { ...statedOf(row), accept_opening: null, ...fields }));
      if (act === 'take') await take(asked);
      return await reply.redirect(addressOf(request, row), 303);
    } catch (error) {
      if (!(error instanceof Refusal) || error.status === 404 || error.status === 503) throw error;
      return showOne(request, reply, { failed: error, values: fields });
    }
  });

  async function take({ estate, actor, id }: Here): Promise<void> {
    const row = await inEstate(house.db.app, estate.estate_id, (trx) => readIntake(trx, { estate, actor, id }), { readOnly: true });
    if ((row.lines ?? 0) < LONG) {
      await takeIntake(house, { estate, actor, row }, options);
      return;
    }
    // What only a tick is missing for is told before the long way is gone.
    const bytes = await inEstate(house.db.app, estate.estate_id, (trx) => contentOf(trx, row), { readOnly: true });
    await mayTake(house, { estate, actor, bytes, file_name: row.file_name, stated: statedOf(row) }, options);
    await inEstate(house.db.app, estate.estate_id, (trx) => askToTake(trx, { estate, actor, id }));
    takingsOf(house, options).look(estate);
  }

  async function columns(request: One, reply: FastifyReply, { row, fields }: { row: IntakeRow; fields: Record<string, string> }) {
    const { actor, estate } = hereOf(request);
    const bytes = await inEstate(house.db.app, estate.estate_id, (trx) => contentOf(trx, row), { readOnly: true });
    if (fields['act'] === 'try') return showMapping(request, reply, { row, bytes, fields });
    const preview = await tablePreview(bytes);
    if (preview === null) return reply.redirect(addressOf(request, row), 303);
    const tried = await tryRoles(estate.estate_id, row, bytes, preview, Object.fromEntries(preview.header.map((_cell, column) => [column, fields[`c${column}`] ?? ''])));
    if (tried?.refusal !== null && tried?.refusal?.code !== 'statement_opening_missing') return showMapping(request, reply, { row, bytes, fields });
    await keepMapping(house, { estate, actor, preview, mapping: readMapping(preview, fields) });
    return reply.redirect(addressOf(request, row), 303);
  }
}

const unsaidBy = (preview: StatementPreview, row: IntakeRow): Unsaid => ({
  account: !preview.account_named, days: !preview.period_stated, balance: row.opening !== null, columns: preview.format.startsWith('mapping'),
});

function fieldsOf(body: unknown): Record<string, string> {
  const entries = Object.entries((body ?? {}) as Record<string, unknown>).slice(0, 100);
  return Object.fromEntries(entries.flatMap(([name, value]) => (typeof value === 'string' && name !== '__proto__' ? [[name, value.slice(0, 200)]] : [])));
}
