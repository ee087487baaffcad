// The forms with which a project is carried on: GET shows one, POST does it and leads back; what is signed leads to its proposal.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { estateToday } from '../evidence/records.ts';
import { demand, may, type Capability } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { resolutionIn, toldBack, type FormRead } from '../office/membership-page-routes.ts';
import { newFormKey } from '../web/forms.tsx';
import { frameOf } from '../web/frame.ts';
import { htmlReply } from '../web/shell.tsx';
import { proposeContract, type PayeeIntake } from './contract.ts';
import { backPage, deskPage, type DeskStep } from './desk-pages.tsx';
import { nameGift, receiveGift } from './gift.ts';
import { sources } from './kinds.ts';
import { OnePath, projectOf } from './page-routes.ts';
import { backRows, contractsOf, freshQuotesOf, giftsOf, milestonesOf, readProject, siteRows } from './queries.ts';
import { enterQuote, noteOutside, reportSite } from './site.ts';
import { proposeAcceptance, proposeFinish, proposeOpening, type Asked } from './step.ts';

/** Reads a form with files for whoever has the capability; payment's readForm, on the same floor, is handed in. */
export type Intake = (request: FastifyRequest, house: House, needs?: Capability) => Promise<FormRead>;
interface Parts { intake: Intake; enterPayee: PayeeIntake }
type Fields = Record<string, string>;
type Act = (house: House, asked: Asked, read: FormRead, parts: Parts) => Promise<{ proposal_id: number } | unknown>;

const digits = (text: string | undefined): number | null => (/^[1-9][0-9]{0,14}$/.test(text ?? '') ? Number(text) : null);
const bySource = (fields: Fields, prefix: string) => Object.fromEntries(sources.map((source) => [source, fields[`${prefix}_${source}`]]));
const fieldNames: Record<string, string> = { 'resolution.title': 'resolution_title', 'resolution.date': 'resolution_date', 'resolution.voucher': 'vouchers', resolution: 'resolution_title' };

const payeeIn = ({ payee = '', kind = '', name = '', bank_name = '', account_number = '' }: Fields) =>
  (digits(payee) !== null ? { payee_id: digits(payee)! } : name.trim() === '' ? null : { kind: kind === '' ? 'company' : kind, name, bank_name, account_number });

const steps: { step: DeskStep; needs: Capability; first?: Fields; act: Act }[] = [
  { step: 'open', needs: 'propose', first: { share_rule: 'none' }, act: (house, asked, read) => {
    const { title_zh = '', title_en, purpose = '', deadline = '', share_rule = '', share } = read.fields;
    return proposeOpening(house, { ...asked, typed: { title_zh, title_en, purpose, deadline, share_rule, share, targets: bySource(read.fields, 'target'), resolution: resolutionIn(read) } });
  } },
  { step: 'gift', needs: 'post_receipt', first: { shown: 'anonymous' }, act: (house, asked, { fields }) => {
    const { source = '', amount = '', entry_date = '', unit, donor, shown, reference } = fields;
    return receiveGift(house, { ...asked, typed: { source, amount, entry_date, unit, donor, shown, reference, is_company: fields['is_company'] === 'yes' } });
  } },
  { step: 'quote', needs: 'draft_order', act: (house, asked, { fields: { bidder = '', amount = '' }, vouchers }) => enterQuote(house, { ...asked, bidder, amount, vouchers }) },
  { step: 'contract', needs: 'propose', first: { kind: 'company' }, act: (house, asked, { fields, vouchers }, { enterPayee }) => proposeContract(house, {
    ...asked, typed: {
      payee: payeeIn(fields), amount: fields['amount'] ?? '', split: bySource(fields, 'split'), few_quotes_reason: fields['few_quotes_reason'], vouchers,
      milestones: [1, 2, 3, 4, 5].map((place) => ({ name: fields[`milestone_${place}_name`] ?? '', percent: fields[`milestone_${place}_percent`] ?? '', due_when: fields[`milestone_${place}_due_when`] ?? '' })),
    },
  }, { enterPayee }) },
  { step: 'site', needs: 'report_site', first: { kind: 'progress' }, act: (house, asked, { fields: { kind = '', report = '', milestone, defect }, vouchers }) =>
    reportSite(house, { ...asked, typed: { kind, report, milestone: digits(milestone), defect: digits(defect), photos: vouchers } }) },
  { step: 'accept', needs: 'propose', act: (house, asked, { fields: { contract, reason }, vouchers }) => proposeAcceptance(house, { ...asked, contract: digits(contract) ?? 0, reason, vouchers }) },
  { step: 'finish', needs: 'propose', act: (house, asked, { fields: { report = '' }, vouchers }) => proposeFinish(house, { ...asked, report, vouchers }) },
  { step: 'outside', needs: 'post_receipt', act: (house, asked, { fields: { source = '', amount = '', note = '' }, vouchers }) => noteOutside(house, { ...asked, source, amount, note, vouchers }) },
];

export function projectDeskPageRoutes(instance: FastifyInstance, house: House, parts: Parts): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  const show = async (request: FastifyRequest, reply: FastifyReply, step: (typeof steps)[number], told: { values: Fields; errors: Fields; status: number }) => {
    const { estate_id, code } = request.estate!;
    demand(request.actor, estate_id, step.needs);
    const project = projectOf(request);
    const shown = await inEstate(house.db.app, estate_id, async (trx) => ({
      row: await readProject(trx, estate_id, project), today: await estateToday(trx, estate_id), quotes: (await freshQuotesOf(trx, estate_id, project)).length,
      milestones: await milestonesOf(trx, estate_id, project), contracts: await contractsOf(trx, estate_id, project), defects: (await siteRows(trx, estate_id, project)).filter((one) => one.open),
      gifts: step.step === 'gift' ? await giftsOf(trx, estate_id, project) : [],
      payees: (await trx.selectFrom('payee').select(['payee_id', 'public_name', 'account_last4']).where('estate_id', '=', estate_id).orderBy('public_name').limit(500).execute())
        .map((row) => ({ value: String(row.payee_id), label: `${row.public_name} ··${row.account_last4}` })),
    }), { readOnly: true });
    const first: Fields = { ...step.first, ...(step.step === 'open' ? { title_zh: shown.row.title_zh ?? '' } : step.step === 'gift' ? { entry_date: shown.today, source: shown.row.sources[0]?.source ?? '' } : {}) };
    const untouched = Object.keys(told.values).length === 0;
    return htmlReply(reply, deskPage(frameOf(request, { here: `/e/${code}/projects/${project}/${step.step}`, audience: 'desk' }), {
      code, step: step.step, ...shown, form: { form_key: newFormKey(), values: untouched ? first : told.values, errors: told.errors, kept: [] },
    }), told.status);
  };

  for (const step of steps) {
    const path = `/e/:estate/projects/:project/${step.step}`;
    app.get(path, { schema: { hide: true, params: OnePath } }, (request, reply) => show(request, reply, step, { values: {}, errors: {}, status: 200 }));
    app.post(path, { schema: { hide: true, params: OnePath } }, async (request, reply) => {
      const estate = request.estate!;
      demand(request.actor, estate.estate_id, step.needs);
      let read: FormRead = { fields: {}, vouchers: [] };
      try {
        read = await parts.intake(request, house, step.needs);
        const done = await step.act(house, { estate, actor: request.actor, project: projectOf(request), key: read.fields['form_key'] ?? null }, read, parts);
        const proposed = (done as { proposal_id?: number }).proposal_id;
        return await reply.redirect(proposed === undefined ? `/e/${estate.code}/projects/${projectOf(request)}?done=saved` : `/e/${estate.code}/proposals/${proposed}?done=submitted`, 303);
      } catch (error) {
        const { form, status } = toldBack(error, request, read, fieldNames);
        return show(request, reply, step, { values: form.values as Fields, errors: form.errors as Fields, status });
      }
    });
  }

  app.get('/e/:estate/projects/:project/back', { schema: { hide: true, params: OnePath } }, async (request, reply) => {
    const { estate_id, code } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_households');
    const project = projectOf(request);
    const shown = await inEstate(house.db.app, estate_id, async (trx) => ({ row: await readProject(trx, estate_id, project), rows: await backRows(trx, estate_id, project) }), { readOnly: true });
    return htmlReply(reply, backPage(frameOf(request), { code, ...shown, fund: `p${project}_households`, drafts: may(actor, estate_id, 'draft_order') }));
  });

  app.post('/e/:estate/projects/:project/gifts/:gift/naming', {
    schema: {
      hide: true, params: Type.Object({ estate: Type.String(), project: Type.String({ pattern: '^[0-9]{1,9}$' }), gift: Type.String({ pattern: '^[0-9]{1,9}$' }) }),
      body: Type.Object({ shown: Type.Optional(Type.String({ maxLength: 20 })), csrf: Type.Optional(Type.String({ maxLength: 200 })), form_key: Type.Optional(Type.String({ maxLength: 200 })) }, { additionalProperties: false }),
    },
  }, async (request, reply) => {
    const estate = request.estate!;
    await nameGift(house, { estate, actor: request.actor, project: projectOf(request), gift: Number(request.params.gift), shown: request.body.shown ?? '' });
    return reply.redirect(`/e/${estate.code}/projects/${projectOf(request)}/gift?done=changed`, 303);
  });
}
