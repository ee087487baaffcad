// The page of one proposal: what is asked, and the decision. The queue is in queue-page-routes.ts, the rules in
// rule-page-routes.ts, who signed what in signature-page-routes.ts.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { demand, may, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import type { Locale } from '../kernel/locale.ts';
import { Refusal } from '../kernel/refusal.ts';
import { factorsOf } from '../people/credential.ts';
import { liveKeys, ownPasskeys } from '../people/passkey.ts';
import { placeOf, rpIdOf } from '../people/passkey-place.ts';
import { formErrors, newFormKey } from '../web/forms.tsx';
import { frameOf } from '../web/frame.ts';
import { localeOf } from '../web/locale.ts';
import type { Check, Children } from '../web/parts.tsx';
import { htmlReply } from '../web/shell.tsx';
import type { Deciding } from './decision.tsx';
import { personName } from './facts.tsx';
import { readTalk } from './objection-queries.ts';
import { proposalPage } from './pages.tsx';
import { hold, release, returnForCorrection, withdraw } from './proposal.ts';
import type { Document } from './queries.ts';
import { nextToSign } from './queue.ts';
import { queueRoutes } from './queue-page-routes.ts';
import { stepsFor, whyNotSign } from './reason.ts';
import { refusals } from './refusals.ts';
import { mayStep, type ApprovalParts } from './routes.ts';
import { readRules, type Rule } from './rules.ts';
import { signProposals } from './sign.ts';
import { signaturePageRoutes } from './signature-page-routes.ts';
import { signRefusals } from './sign-refusals.ts';
import { talkCards } from './talk.tsx';
import { mentionedIn, namesFor, viewProposal, type Names, type ProposalView } from './view.ts';
import type { Decision, Kind } from './kinds.ts';

/** What was looked at before asking; given by the slice that owns the kind. */
export type Checkers = Partial<Record<Kind, (trx: Trx, estate_id: number, proposal_id: number) =>
  Promise<{ state: Check['state']; text_zh: string; text_en: string }[]>>>;
/** What officers see beside the facts, of the vouchers for example; given by the slice that owns the kind. */
export type Besides = Partial<Record<Kind, (trx: Trx, estate_id: number, proposal_id: number, locale: Locale, actor: Actor) => Promise<Children>>>;
export interface ApprovalPageParts extends ApprovalParts { checkers?: Checkers | undefined; besides?: Besides | undefined }

const OnePath = Type.Object({ estate: Type.String(), id: Type.String({ pattern: '^[0-9]{1,12}$' }) });
const Text = Type.Optional(Type.String({ maxLength: 20_000 }));

type OneRequest = FastifyRequest<{ Params: { id: string } }>;
type FormState = { values: Record<string, string>; errors: Record<string, string> };
const noForm: FormState = { values: {}, errors: {} };
const DONE = ['signed', 'approved', 'ratified', 'rejected', 'returned', 'held', 'withdrawn'];

const asking = (request: FastifyRequest): { estate: Estate; actor: Actor } =>
  ({ estate: request.estate!, actor: demand(request.actor, request.estate!.estate_id, 'read_books') });

export function approvalPageRoutes(instance: FastifyInstance, house: House, parts: ApprovalPageParts): void {
  queueRoutes(instance, house, parts);
  proposalRoutes(instance, house, parts);
  signaturePageRoutes(instance, house);
}

const steps = { return: returnForCorrection, withdraw, hold, release } as const;
const doneOf = { return: 'returned', withdraw: 'withdrawn', hold: 'held', release: 'released' } as const;

/** How this person can prove who they are: their passkeys at this address, their password and its code. */
async function proofsOf(house: House, { estate, actor }: { estate: Estate; actor: Actor }, host: string): Promise<Pick<Deciding, 'passkey' | 'password'>> {
  const { signing_password, one_time_code } = await factorsOf(house, actor.person_id);
  const all = await ownPasskeys(house, actor.person_id);
  const live = liveKeys(all, rpIdOf(house.settings, host));
  const place = placeOf(house.settings, host);
  const any = all.some((key) => key.revoked_at === null);
  return {
    password: { set: signing_password, code: one_time_code ? 'asked' : estate.is_demo ? 'not_needed' : 'unset' },
    passkey: live.length > 0 && place.works ? { kind: 'usable' }
      : any && !place.works ? { kind: 'elsewhere', address: place.address } : { kind: 'none' },
  };
}

/** For whom this person would sign, and what: null when it is not their turn. */
function seatOf(view: ProposalView, actor: Actor, names: Names, locale: Locale): Deciding['seat'] {
  const seat = view.seats.find((one) => one.person_id === actor.person_id);
  if (seat === undefined) return null;
  return { decision: seat.decision, on_behalf_of: seat.on_behalf_of === null ? null : personName(names, seat.on_behalf_of, locale) };
}

async function endedRules(trx: Trx, estate_id: number, document: Document | null): Promise<Rule[]> {
  const ends = document?.['ends'];
  if (!Array.isArray(ends)) return [];
  return (await readRules(trx, estate_id)).filter((rule) => (ends as unknown[]).map(Number).includes(rule.rule_id));
}

function proposalRoutes(instance: FastifyInstance, house: House, { executors, checkers = {}, besides = {} }: ApprovalPageParts): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  const checksFor = async (trx: Trx, estate_id: number, kind: Kind, proposal_id: number, locale: Locale): Promise<Check[]> => {
    const checks = await checkers[kind]?.(trx, estate_id, proposal_id) ?? [];
    return checks.map((check) => ({ state: check.state, text: locale === 'zh' ? check.text_zh : check.text_en }));
  };

  /** Objections and comments. */
  const talkFor = async (trx: Trx, { estate, actor, view }: { estate: Estate; actor: Actor; view: ProposalView }, locale: Locale): Promise<Children> =>
    talkCards({ code: estate.code, talk: await readTalk(trx, { estate, actor, proposal: view }), csrf: actor.csrf ?? undefined,
      form_key: newFormKey(), locale });

  const showProposal = async (request: OneRequest, reply: FastifyReply, form: FormState, status = 200) => {
    const { estate, actor } = asking(request);
    const { estate_id, code } = estate;
    const locale = localeOf(request);
    const proposal_id = Number(request.params.id);
    const officer = may(actor, estate_id, 'read_officers');
    const shown = await inEstate(house.db.app, estate_id, async (trx) => {
      const view = await viewProposal(trx, { estate, actor, proposal_id });
      const { hashes, person_ids } = mentionedIn([view.document, view.before]);
      const names = await namesFor(trx, estate_id, hashes, person_ids);
      const current = new Set(mentionedIn([view.document]).hashes);
      // The name of a file for officers may itself be personal.
      const readable = names.vouchers.filter((voucher) => officer || voucher.audience === 'owners');
      const open = view.state === 'submitted' || view.state === 'held';
      return {
        view, names: { ...names, vouchers: readable }, vouchers: readable.filter((voucher) => current.has(voucher.sha256)),
        officer, ended_rules: await endedRules(trx, estate_id, view.document),
        checks: open ? await checksFor(trx, estate_id, view.kind, proposal_id, locale) : [],
        next: officer ? await nextToSign(trx, { estate_id, person_id: actor.person_id, today: view.today }, proposal_id) : null,
        beside: officer && view.document !== null ? await besides[view.kind]?.(trx, estate_id, proposal_id, locale, actor) ?? null : null,
        talk: await talkFor(trx, { estate, actor, view }, locale),
      };
    }, { readOnly: true });
    const { view, names } = shown;
    const done = (request.query as Record<string, unknown>)['done'];
    const html = proposalPage(frameOf(request, { here: `/e/${code}/proposals/${proposal_id}` }), {
      code, ...shown, ...await proofsOf(house, { estate, actor }, request.host), person_id: actor.person_id,
      may_erase: may(actor, estate.estate_id, 'erase_text'),
      why_not: whyNotSign(view, actor, estate_id)?.in(locale) ?? null, steps: stepsFor(view, actor, estate_id),
      seat: seatOf(view, actor, names, locale), done: typeof done === 'string' && DONE.includes(done),
      form: { form_key: newFormKey(), ...form },
    });
    return htmlReply(reply, html, status);
  };

  app.get('/e/:estate/proposals/:id', { schema: { hide: true, params: OnePath } },
    (request, reply) => showProposal(request, reply, noForm));

  /** Takes the step of the pressed button; gives the word for the message afterwards. */
  const takeStep = async (request: FastifyRequest, proposal_id: number, body: Record<string, string | undefined>): Promise<string> => {
    const { estate, actor } = asking(request);
    const { step = '', password, code, reason, document_hash = '' } = body;
    if (step.startsWith('passkey_')) throw signRefusals.passkey_needs_script();
    if (step === 'approve' || step === 'reject' || step === 'ratify') {
      const [result] = await signProposals(house, {
        estate, actor, items: [{ proposal_id, document_hash }], decision: step satisfies Decision, method: 'password', password, code, reason,
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
      body: Type.Object({ step: Text, password: Text, code: Text, reason: Text, document_hash: Text, csrf: Text, form_key: Text },
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
