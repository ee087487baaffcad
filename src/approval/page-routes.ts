// Pages of approval: the queue, one proposal.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { demand, may, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { businessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import type { Locale } from '../kernel/locale.ts';
import { Refusal } from '../kernel/refusal.ts';
import { estateNow } from '../evidence/records.ts';
import { formErrors, newFormKey } from '../web/forms.tsx';
import { frameOf } from '../web/frame.ts';
import { localeOf, pick } from '../web/locale.ts';
import type { Check } from '../web/parts.tsx';
import { htmlReply } from '../web/shell.tsx';
import { proposalPage } from './pages.tsx';
import { hold, release, returnForCorrection, withdraw, type Kind } from './proposal.ts';
import { neededOf, proposalList, type ListAsked, type ProposalRow } from './queries.ts';
import { queuePage } from './queue-pages.tsx';
import { stepsFor, whyNotSign } from './reason.ts';
import { refusals } from './refusals.ts';
import { mayStep, type ApprovalParts } from './routes.ts';
import { signProposals, type Decision } from './sign.ts';
import { texts } from './texts.ts';
import { namesFor, viewProposal } from './view.ts';

/** What was looked at before asking; given by the slice that owns the kind. */
export type Checkers = Partial<Record<Kind, (trx: Trx, estate_id: number, proposal_id: number) =>
  Promise<{ state: Check['state']; text_zh: string; text_en: string }[]>>>;
export interface ApprovalPageParts extends ApprovalParts { checkers?: Checkers | undefined }

const Path = Type.Object({ estate: Type.String() });
const OnePath = Type.Object({ estate: Type.String(), id: Type.String({ pattern: '^[0-9]{1,12}$' }) });
const Text = Type.Optional(Type.String({ maxLength: 20_000 }));
const FINISHED = 20;
const WAITING = 100;

const noForm = { values: {}, errors: {} };
type FormState = { values: Record<string, string>; errors: Record<string, string> };

function asking(request: FastifyRequest): { estate: Estate; actor: Actor } {
  const estate = request.estate!;
  return { estate, actor: demand(request.actor, estate.estate_id, 'read_books') };
}

export function approvalPageRoutes(instance: FastifyInstance, house: House, parts: ApprovalPageParts): void {
  queueRoutes(instance, house, parts);
  proposalRoutes(instance, house, parts);
}

function queueRoutes(instance: FastifyInstance, house: House, { executors }: ApprovalPageParts): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  const showQueue = async (
    request: FastifyRequest, reply: FastifyReply, form: FormState,
    results: { proposal_id: number; ok: boolean; text: string }[] = [], status = 200,
  ) => {
    const { estate: { estate_id, code }, actor } = asking(request);
    demand(actor, estate_id, 'read_officers');
    const shown = await inEstate(house.db.app, estate_id, async (trx) => {
      const today = businessDate(await estateNow(trx, estate_id));
      const list = async (asked: Omit<ListAsked, 'limit'>, limit: number): Promise<ProposalRow[]> =>
        (await proposalList(trx, estate_id, { ...asked, limit })).items;
      const mine = await list({ mine: { actor, today } }, WAITING);
      const others = await list({ state: ['submitted', 'held', 'returned', 'approved'], not_mine: { actor, today } }, WAITING);
      const finished = await list({ state: ['executed', 'rejected', 'withdrawn', 'expired', 'superseded'] }, FINISHED);
      const needed = await neededOf(trx, estate_id, [...mine, ...others, ...finished].map((row) => row.proposal_id));
      return { mine, others, finished, needed, funds: (await namesFor(trx, estate_id, [])).funds };
    }, { readOnly: true });
    return htmlReply(reply, queuePage(frameOf(request, { here: `/e/${code}/queue` }), { code, ...shown, results, form }), status);
  };

  app.get('/e/:estate/queue', { schema: { hide: true, params: Path } }, (request, reply) => showQueue(request, reply, noForm));

  app.post('/e/:estate/queue', {
    schema: {
      hide: true, params: Path,
      body: Type.Object({
        items: Type.Optional(Type.Union([Type.String({ maxLength: 100 }), Type.Array(Type.String({ maxLength: 100 }), { maxItems: 200 })])),
        password: Text, csrf: Text, form_key: Text,
      }, { additionalProperties: false }),
    },
  }, async (request, reply) => {
    const { estate, actor } = asking(request);
    const locale = localeOf(request);
    const items = [request.body.items ?? []].flat().map((item) => item.split(':'))
      .filter(([id]) => /^[0-9]{1,12}$/.test(id ?? '')).map(([id, document_hash = '']) => ({ proposal_id: Number(id), document_hash }));
    try {
      const results = await signProposals(house, {
        estate, actor, items, decision: 'approve', method: 'password', password: request.body.password,
      }, executors);
      if (results.every((result) => result.refusal === undefined && result.not_executed === undefined)) {
        return await reply.redirect(`/e/${estate.code}/queue?done=signed`, 303);
      }
      return await showQueue(request, reply, noForm, results.map((result) => ({
        proposal_id: result.proposal_id, ok: result.refusal === undefined,
        text: (result.refusal ?? result.not_executed)?.in(locale)
          ?? pick(texts, locale)[result.status === 'approved' ? 'batch_approved' : 'batch_signed'],
      })));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return showQueue(request, reply, { values: {}, errors: formErrors(error, locale) }, [], error.status);
    }
  });
}

const steps = { return: returnForCorrection, withdraw, hold, release } as const;
const doneOf = { return: 'returned', withdraw: 'withdrawn', hold: 'held', release: 'released' } as const;

function proposalRoutes(instance: FastifyInstance, house: House, { executors, checkers = {} }: ApprovalPageParts): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  const checksFor = async (trx: Trx, estate_id: number, kind: Kind, proposal_id: number, locale: Locale): Promise<Check[]> => {
    const checks = await checkers[kind]?.(trx, estate_id, proposal_id) ?? [];
    return checks.map((check) => ({ state: check.state, text: locale === 'zh' ? check.text_zh : check.text_en }));
  };

  const showProposal = async (
    request: FastifyRequest<{ Params: { id: string } }>, reply: FastifyReply, form: FormState, status = 200,
  ) => {
    const { estate, actor } = asking(request);
    const { estate_id, code } = estate;
    const locale = localeOf(request);
    const proposal_id = Number(request.params.id);
    const officer = may(actor, estate_id, 'read_officers');
    const shown = await inEstate(house.db.app, estate_id, async (trx) => {
      const view = await viewProposal(trx, { estate, actor, proposal_id });
      const hashes = Array.isArray(view.document?.['vouchers']) ? view.document['vouchers'] as string[] : [];
      const open = view.state === 'submitted' || view.state === 'held';
      const names = await namesFor(trx, estate_id, hashes);
      // The name of a file for officers may itself be personal.
      const vouchers = officer ? names.vouchers : names.vouchers.filter((voucher) => voucher.audience === 'owners');
      return {
        view, names: { ...names, vouchers },
        checks: open ? await checksFor(trx, estate_id, view.kind, proposal_id, locale) : [],
      };
    }, { readOnly: true });
    const { view } = shown;
    const html = proposalPage(frameOf(request, { here: `/e/${code}/proposals/${proposal_id}` }), {
      code, ...shown, why_not: whyNotSign(view, actor, estate_id)?.in(locale) ?? null, steps: stepsFor(view, actor, estate_id),
      person_id: actor.person_id, officer, form: { form_key: newFormKey(), ...form },
    });
    return htmlReply(reply, html, status);
  };

  app.get('/e/:estate/proposals/:id', { schema: { hide: true, params: OnePath } },
    (request, reply) => showProposal(request, reply, noForm));

  /** Takes the step of the pressed button; gives the word for the message afterwards. */
  const takeStep = async (request: FastifyRequest, proposal_id: number, body: Record<string, string | undefined>): Promise<string> => {
    const { estate, actor } = asking(request);
    const { step = '', password, reason, document_hash = '' } = body;
    if (step === 'approve' || step === 'reject') {
      const [result] = await signProposals(house, {
        estate, actor, items: [{ proposal_id, document_hash }], decision: step satisfies Decision, method: 'password', password, reason,
      }, executors);
      if (result!.refusal !== undefined) throw result!.refusal;
      return result!.status;
    }
    if (!Object.hasOwn(steps, step)) throw refusals.nothing_chosen();
    const name = step as keyof typeof steps;
    mayStep(actor, estate);
    await inEstate(house.db.app, estate.estate_id, (trx) => steps[name](trx, { estate, actor, proposal_id, reason }));
    return doneOf[name];
  };

  app.post('/e/:estate/proposals/:id', {
    schema: {
      hide: true, params: OnePath,
      body: Type.Object({ step: Text, password: Text, reason: Text, document_hash: Text, csrf: Text, form_key: Text },
        { additionalProperties: false }),
    },
  }, async (request, reply) => {
    const proposal_id = Number(request.params.id);
    try {
      const done = await takeStep(request, proposal_id, request.body);
      return await reply.redirect(`/e/${request.estate!.code}/proposals/${proposal_id}?done=${done}`, 303);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const form = { values: { reason: request.body.reason ?? '' }, errors: formErrors(error, localeOf(request)) };
      return showProposal(request, reply, form, error.status);
    }
  });
}
