// The queue as pages: three tabs by address, their CSV twin, and signing several with one password.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { h } from 'preact';
import { Type } from 'typebox';
import { demand, may, type Actor } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { Refusal } from '../kernel/refusal.ts';
import { estateToday } from '../evidence/records.ts';
import { factorsOf } from '../people/credential.ts';
import { sendCsv, toCsv } from '../web/csv.ts';
import { formErrors } from '../web/forms.tsx';
import { frameOf } from '../web/frame.ts';
import { withQuery } from '../web/links.ts';
import { localeOf, pick } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { HealthNotice } from './health-notice.tsx';
import { quorumHealth } from './health.ts';
import { type Executors } from './proposal.ts';
import { queueCsv, queuePage, type QueueShown } from './queue-pages.tsx';
import { queueCounts, queueRows, tabs, type QueueAsked } from './queue.ts';
import { signProposals } from './sign.ts';
import { texts } from './texts.ts';
import { namesFor } from './view.ts';
import { proposalKinds } from './kinds.ts';

const Path = Type.Object({ estate: Type.String() });
const Text = Type.Optional(Type.String({ maxLength: 20_000 }));
const PAGE = 50;
/** What waits for one person is shown whole, the most urgent first. */
const MINE = 100;
const CSV = 5_000;

type Query = Record<string, string | undefined>;
const noForm = { values: {}, errors: {} };
interface Attempt { form: QueueShown['form']; results: QueueShown['results']; status?: number }

/** Whoever signs nothing begins with what others do. */
const tabAsked = ({ tab }: Query, actor: Actor, estate_id: number) =>
  tabs.find((one) => one === tab) ?? (may(actor, estate_id, 'sign') ? 'mine' : 'others');

function filterAsked({ kind, fund, q }: Query): { kind: string; fund: string; q: string } {
  return { kind: proposalKinds.find((one) => one === kind) ?? '', fund: fund ?? '', q: (q ?? '').slice(0, 100) };
}

const given = (text: string): string | undefined => (text === '' ? undefined : text);

export function queueRoutes(instance: FastifyInstance, house: House, { executors }: { executors: Executors }): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  const showQueue = async (request: FastifyRequest, reply: FastifyReply, attempt: Attempt = { form: noForm, results: [] }) => {
    const { estate_id, code } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_officers');
    const query = request.query as Query;
    const tab = tabAsked(query, actor, estate_id);
    const filter = filterAsked(query);
    const offset = /^\d{1,6}$/.test(query['cursor'] ?? '') ? Number(query['cursor']) : 0;
    const here = withQuery(request.url, { lang: null, done: null });
    const { one_time_code } = await factorsOf(house, actor.person_id);
    const shown = await inEstate(house.db.app, estate_id, async (trx) => {
      const today = await estateToday(trx, estate_id);
      const asked: QueueAsked = {
        estate_id, person_id: actor.person_id, today, kind: given(filter.kind), fund: given(filter.fund), q: given(filter.q),
      };
      return {
        counts: await queueCounts(trx, asked), names: await namesFor(trx, estate_id, []),
        ...await queueRows(trx, { ...asked, tab, offset, limit: tab === 'mine' ? MINE : PAGE }),
        health: await quorumHealth(trx, estate_id, today),
      };
    }, { readOnly: true });
    const { health, ...list } = shown;
    return htmlReply(reply, queuePage(frameOf(request, { here }), {
      code, tab, filter, ...list, ...attempt, code_asked: one_time_code, warnings: h(HealthNotice, { health, code, brief: true }),
      batch: query['batch'] === '1' || attempt.results.length > 0 || Object.keys(attempt.form.errors).length > 0,
    }), attempt.status ?? 200);
  };

  app.get('/e/:estate/queue', { schema: { hide: true, params: Path } }, (request, reply) => showQueue(request, reply));

  app.get('/e/:estate/queue.csv', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const { estate_id, code } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_officers');
    const locale = localeOf(request);
    const query = request.query as Query;
    const filter = filterAsked(query);
    const { columns, rows } = await inEstate(house.db.app, estate_id, async (trx) => {
      const { items } = await queueRows(trx, {
        estate_id, person_id: actor.person_id, today: await estateToday(trx, estate_id), tab: tabAsked(query, actor, estate_id),
        kind: given(filter.kind), fund: given(filter.fund), q: given(filter.q), limit: CSV,
      });
      return queueCsv(items, await namesFor(trx, estate_id, []), locale);
    }, { readOnly: true });
    return sendCsv(reply, `${code}-${pick(texts, locale).queue}.csv`, toCsv(columns, rows));
  });

  app.post('/e/:estate/queue', {
    schema: {
      hide: true, params: Path,
      body: Type.Object({
        items: Type.Optional(Type.Union([Type.String({ maxLength: 100 }), Type.Array(Type.String({ maxLength: 100 }), { maxItems: 200 })])),
        password: Text, code: Text, csrf: Text, form_key: Text,
      }, { additionalProperties: false }),
    },
  }, async (request, reply) => {
    const estate = request.estate!;
    const actor = demand(request.actor, estate.estate_id, 'read_books');
    const locale = localeOf(request);
    const items = [request.body.items ?? []].flat().map((item) => item.split(':'))
      .filter(([id]) => /^[0-9]{1,12}$/.test(id ?? '')).map(([id, document_hash = '']) => ({ proposal_id: Number(id), document_hash }));
    try {
      const results = await signProposals(house, {
        estate, actor, items, decision: 'approve', method: 'password', password: request.body.password, code: request.body.code,
      }, executors);
      if (results.every((result) => result.refusal === undefined && result.not_executed === undefined)) {
        return await reply.redirect(`/e/${estate.code}/queue?done=signed`, 303);
      }
      return await showQueue(request, reply, { form: noForm, results: results.map((result) => ({
        proposal_id: result.proposal_id, ok: result.refusal === undefined,
        text: (result.refusal ?? result.not_executed)?.in(locale)
          ?? pick(texts, locale)[result.status === 'approved' ? 'batch_approved' : 'batch_signed'],
      })) });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return showQueue(request, reply, { form: { values: {}, errors: formErrors(error, locale) }, results: [], status: error.status });
    }
  });
}
