// Pages of the change of companies: GET shows, POST proposes and leads to the proposal.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { namesFor } from '../approval/view.ts';
import { estateToday } from '../evidence/records.ts';
import { demand, may, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { Refusal } from '../kernel/refusal.ts';
import { asking, emptyForm, keptOf, resolutionIn, toldBack, type FormRead, type Intake, type Told } from '../office/membership-page-routes.ts';
import { frameOf } from '../web/frame.ts';
import { localeOf } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { drawCertificate } from './certificate.ts';
import { Path } from './file-routes.ts';
import { agreementsOf } from './files.ts';
import { lastClosed, proposeHandover, proposeTakeover, readyFor, refuseOutgoing, takeableCertificate } from './handover.ts';
import { certificatePage, listPage, newPage, takeoverPage } from './pages.tsx';
import { handovers } from './queries.ts';
import { readableHandover } from './reading.ts';

const Only = Type.Object({ estate: Type.String() });
const EMPTY: FormRead = { fields: {}, vouchers: [] };
const fieldNames: Record<string, string> = { 'resolution.title': 'resolution_title', 'resolution.date': 'resolution_date', 'resolution.voucher': 'vouchers', resolution: 'resolution_title' };

/** What is in the way, in words; the form is shown all the same. */
async function orRefused<V>(work: () => Promise<V>, request: FastifyRequest): Promise<{ found: V | null; refused: string | null }> {
  try {
    return { found: await work(), refused: null };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { found: null, refused: error.in(localeOf(request)) };
  }
}

async function formFacts(trx: Trx, request: FastifyRequest, { estate, actor, kind }: { estate: Estate; actor: Actor; kind: 'handover' | 'takeover' }, vouchers: readonly string[]) {
  const today = await estateToday(trx, estate.estate_id);
  const { found, refused } = await orRefused(() => readyFor(trx, estate, actor, kind, today), request);
  return { today, rule: found?.rule ?? null, refused, names: await namesFor(trx, estate.estate_id, []), kept: await keptOf(trx, estate, vouchers) };
}

export function handoverPageRoutes(instance: FastifyInstance, house: House, { intake }: { intake: Intake }): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/e/:estate/handover', { schema: { hide: true, params: Only } }, async (request, reply) => {
    const { estate_id, code } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_books');
    const rows = await inEstate(house.db.app, estate_id, (trx) => handovers(trx, estate_id, { officer: may(actor, estate_id, 'read_officers') }), { readOnly: true });
    return htmlReply(reply, listPage(frameOf(request), { code, rows, proposes: may(actor, estate_id, 'propose') }));
  });

  app.get('/e/:estate/handover/:handover(^\\d{1,12}$)', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const estate = request.estate!;
    const { estate_id, code } = estate;
    const actor = demand(request.actor, estate_id, 'read_books');
    const households = may(actor, estate_id, 'read_households');
    const shown = await inEstate(house.db.app, estate_id, async (trx) => {
      const handover = await readableHandover(trx, { estate, actor, handover: Number(request.params.handover) });
      return { handover, names: await namesFor(trx, estate_id, []), agreements: households ? await agreementsOf(trx, estate_id, handover.certificate) : null };
    }, { readOnly: true });
    return htmlReply(reply, certificatePage(frameOf(request), { code, ...shown, households, officer: may(actor, estate_id, 'read_officers'), proposes: may(actor, estate_id, 'propose') }));
  });

  newRoutes(app, house, intake);
  takeoverRoutes(app, house, intake);
}

function newRoutes(instance: FastifyInstance, house: House, intake: Intake): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const show = async (request: FastifyRequest, reply: FastifyReply, { form, vouchers, status }: Told) => {
    const { estate, actor } = asking(request);
    const { kept, certificate, ...shown } = await inEstate(house.db.app, estate.estate_id, async (trx) => {
      const facts = await formFacts(trx, request, { estate, actor, kind: 'handover' }, vouchers);
      const drawn = await orRefused(async () => drawCertificate(trx, estate.estate_id, { period: await lastClosed(trx, estate), contracts: [] }), request);
      return { ...facts, refused: facts.refused ?? drawn.refused, certificate: drawn.found };
    }, { readOnly: true, isolation: 'repeatable read' });
    return htmlReply(reply, newPage(frameOf(request, { here: `/e/${estate.code}/handover/new` }), { code: estate.code, certificate, ...shown, form: { ...form, kept } }), status);
  };
  app.get('/e/:estate/handover/new', { schema: { hide: true, params: Only } }, (request, reply) => show(request, reply, emptyForm()));
  app.post('/e/:estate/handover/new', { schema: { hide: true, params: Only } }, async (request, reply) => {
    const { estate, actor } = asking(request);
    let read = EMPTY;
    try {
      read = await intake(request, house);
      const { ends_on = '', contracts, others, form_key = null } = read.fields;
      const { proposal_id } = await proposeHandover(house, { estate, actor, ends_on, contracts, others, resolution: resolutionIn(read), key: form_key });
      return await reply.redirect(`/e/${estate.code}/proposals/${proposal_id}?done=submitted`, 303);
    } catch (error) {
      return show(request, reply, toldBack(error, request, read, fieldNames));
    }
  });
}

function takeoverRoutes(instance: FastifyInstance, house: House, intake: Intake): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const show = async (request: FastifyRequest, reply: FastifyReply, number: number, { form, vouchers, status }: Told) => {
    const { estate, actor } = asking(request);
    const { kept, ...shown } = await inEstate(house.db.app, estate.estate_id, async (trx) => ({
      handover: await readableHandover(trx, { estate, actor, handover: number }),
      ...await formFacts(trx, request, { estate, actor, kind: 'takeover' }, vouchers),
      taking: await orRefused(async () => {
        const { submitted_on } = await takeableCertificate(trx, estate.estate_id, number);
        const today = await estateToday(trx, estate.estate_id);
        const { side } = await readyFor(trx, estate, actor, 'takeover', today);
        await refuseOutgoing(trx, estate.estate_id, { side, submitted_on, today });
      }, request),
    }), { readOnly: true });
    const { taking, ...rest } = shown;
    return htmlReply(reply, takeoverPage(frameOf(request, { here: `/e/${estate.code}/handover/${number}/takeover` }), {
      code: estate.code, ...rest, refused: taking.refused ?? rest.refused, form: { ...form, kept },
    }), status);
  };
  app.get('/e/:estate/handover/:handover(^\\d{1,12}$)/takeover', { schema: { hide: true, params: Path } }, (request, reply) => show(request, reply, Number(request.params.handover), emptyForm()));
  app.post('/e/:estate/handover/:handover/takeover', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const { estate, actor } = asking(request);
    const number = Number(request.params.handover);
    let read = EMPTY;
    try {
      read = await intake(request, house);
      const { trustee = '', from = '', differences, form_key = null } = read.fields;
      const { proposal_id } = await proposeTakeover(house, { estate, actor, handover: number, trustee, from, differences, resolution: resolutionIn(read), key: form_key });
      return await reply.redirect(`/e/${estate.code}/proposals/${proposal_id}?done=submitted`, 303);
    } catch (error) {
      return show(request, reply, number, toldBack(error, request, read, fieldNames));
    }
  });
}
