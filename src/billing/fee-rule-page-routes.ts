// Pages of fees: GET shows them to every owner, POST proposes and leads to the proposal; shared costs are entered by whoever keeps the books.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { sql } from 'kysely';
import { namesFor } from '../approval/view.ts';
import { estateToday } from '../evidence/records.ts';
import { demand, may } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { addMonths, firstDay, periodOf } from '../kernel/dates.ts';
import { sha256Hex } from '../kernel/digest.ts';
import type { House } from '../kernel/house.ts';
import { Refusal } from '../kernel/refusal.ts';
import { asking, emptyForm, keptOf, resolutionIn, toldBack, type FormRead, type Intake, type Told } from '../office/membership-page-routes.ts';
import { signersFor } from '../office/signers.ts';
import { formErrors, newFormKey } from '../web/forms.tsx';
import { frameOf } from '../web/frame.ts';
import { localeOf } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { costsPage, feeEndPage, feeFormPage, feesPage, itemChoices, type ShownRule } from './fee-rule-pages.tsx';
import { signedRules, type SignedRule } from './fee-rule-queries.ts';
import { refusals } from './fee-rule-refusals.ts';
import { feeRuleOf, proposeFeeEnd, proposeFeeRule } from './fee-rule.ts';
import { feeItems } from './fee-words.ts';
import { PROPERTY_FEE } from './bill.ts';
import { enterSharedCost, paidCosts, sharedCosts } from './shared-cost.ts';

const Path = Type.Object({ estate: Type.String() });
export const RulePath = Type.Object({ estate: Type.String(), rule: Type.String({ pattern: '^[0-9]{1,12}$' }) });
const Short = Type.Optional(Type.String({ maxLength: 200 }));
export const resolutionNames: Record<string, string> = { 'resolution.title': 'resolution_title', 'resolution.date': 'resolution_date', 'resolution.voucher': 'vouchers' };
const EMPTY: FormRead = { fields: {}, vouchers: [] };

/** Proposals of a kind that are not carried out yet. */
export async function askedOf(trx: Trx, estate_id: number, kind: 'fee_rule' | 'waiver') {
  const { rows } = await sql<{ proposal_id: number; title: string; title_en: string | null }>`select o.proposal_id, o.title, o.document::jsonb ->> 'title_en' as title_en from proposal o
    where o.estate_id = ${estate_id} and o.kind = ${kind} and o.state in ('submitted', 'held', 'approved') order by o.proposal_id desc`.execute(trx);
  return rows;
}

/** What every form of a proposal here shows besides its fields. */
export async function formFacts(trx: Trx, request: FastifyRequest, kind: 'fee_rule' | 'waiver', vouchers: readonly string[], too_few: Parameters<typeof signersFor>[3]['too_few']) {
  const { estate, actor } = asking(request);
  const today = await estateToday(trx, estate.estate_id);
  const { rule, refusal } = await signersFor(trx, estate, actor, { kind, today, too_few });
  return { today, rule, refused: refusal?.in(localeOf(request)) ?? null, names: await namesFor(trx, estate.estate_id, []), kept: await keptOf(trx, estate, vouchers) };
}
const tooFew = (facts: { body: string; body_en: string; asked: number; present: number }): Refusal => refusals.fee_needs_signer(facts);

export function stateOf(rules: readonly SignedRule[], rule: SignedRule, today: string): ShownRule['state'] {
  if (rule.ends_on !== null && rule.ends_on < today) return 'over';
  if (rule.starts_on > today) return 'coming';
  const later = rules.some((one) => one.item === rule.item && one.rule_id !== rule.rule_id && one.starts_on <= today && Object.keys(one.applies_to).length === 0
    && (one.starts_on > rule.starts_on || (one.starts_on === rule.starts_on && one.rule_id > rule.rule_id)));
  return later ? 'replaced' : 'in_force';
}

export function feeRulePageRoutes(instance: FastifyInstance, house: House, parts: { intake: Intake }): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  app.get('/e/:estate/fees', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const { estate_id, code, fee_rate } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_books');
    const officer = may(actor, estate_id, 'read_officers');
    const shown = await inEstate(house.db.app, estate_id, async (trx) => {
      const [rules, today] = [await signedRules(trx, estate_id), await estateToday(trx, estate_id)];
      return { rules: rules.map((rule) => ({ ...rule, state: stateOf(rules, rule, today) })), asked: officer ? await askedOf(trx, estate_id, 'fee_rule') : [],
        own_rate: rules.some((rule) => rule.item === PROPERTY_FEE && rule.starts_on <= today) ? null : fee_rate };
    }, { readOnly: true });
    return htmlReply(reply, feesPage(frameOf(request), { code, ...shown, officer, proposes: may(actor, estate_id, 'propose') }));
  });
  newRoutes(instance, house, parts);
  endRoutes(instance, house, parts);
  costRoutes(instance, house);
}

async function placesOf(trx: Trx, estate_id: number) {
  const accounts = await trx.selectFrom('account').select(['account as value', 'name_zh', 'name_en']).where('estate_id', '=', estate_id).where('is_postable', '=', true)
    .where('closed_on', 'is', null).where((eb) => eb.or([eb('class', '=', 'income'), eb('account', '=', '2242')])).orderBy('account').execute();
  const funds = await trx.selectFrom('fund').select(['fund as value', 'name_zh', 'name_en']).where('estate_id', '=', estate_id).orderBy('place').orderBy('fund').execute();
  const phases = await trx.selectFrom('unit').select('phase').distinct().where('estate_id', '=', estate_id).where('phase', '<>', '').orderBy('phase').execute();
  const costs = await trx.selectFrom('account').select(['account as value', 'name_zh', 'name_en']).where('estate_id', '=', estate_id).where('is_postable', '=', true)
    .where('closed_on', 'is', null).where((eb) => eb.or([eb('class', '=', 'expense'), eb('account', '=', '2242')])).orderBy('account').execute();
  return { accounts, costs, funds, phases: phases.map((row) => row.phase) };
}

const listed = (typed: string): string[] => typed.normalize('NFKC').split(/[,，、;；\s]+/u).map((one) => one.trim()).filter((one) => one !== '');
const number = (typed: string, empty: number): number => (typed.trim() === '' ? empty : /^[0-9]{1,4}$/.test(typed.normalize('NFKC').trim()) ? Number(typed.normalize('NFKC').trim()) : -1);
/** "5" of ten thousand → "0.0005", text by text. */
function rateOf(typed: string): string {
  const text = typed.normalize('NFKC').trim();
  if (!/^[0-9]{1,4}(\.[0-9]{1,2})?$/.test(text)) return text === '' ? '' : 'x';
  const [whole = '', places = ''] = text.split('.');
  const digits = `${whole.padStart(4, '0')}${places}`;
  return `${digits.slice(0, -4 - places.length).replace(/^0+(?=\d)/, '') || '0'}.${digits.slice(digits.length - 4 - places.length)}`;
}

/** An item of one's own has a code made of its name: the same name is the same item. */
const customItem = (name: string): string =>
  `custom_${Array.from(sha256Hex(name.normalize('NFKC').trim()).slice(0, 12), (digit) => 'abcdefghijklmnop'[parseInt(digit, 16)]).join('')}`;

function newRoutes(instance: FastifyInstance, house: House, { intake }: { intake: Intake }): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const show = async (request: FastifyRequest, reply: FastifyReply, { form, vouchers, status }: Told) => {
    const { estate_id, code } = asking(request).estate;
    const { kept, rules, ...shown } = await inEstate(house.db.app, estate_id, async (trx) => ({
      ...await formFacts(trx, request, 'fee_rule', vouchers, tooFew), ...await placesOf(trx, estate_id), rules: await signedRules(trx, estate_id),
    }), { readOnly: true });
    const first = { basis: 'area', account: '4101', fund: 'service', due_day: '31', due_months: '0', late_grace_days: '0', starts_on: firstDay(addMonths(periodOf(shown.today), 1)) };
    return htmlReply(reply, feeFormPage(frameOf(request), { code, ...shown, items: itemChoices(rules), form: { ...form, values: { ...first, ...form.values }, kept } }), status);
  };
  app.get('/e/:estate/fees/new', { schema: { hide: true, params: Path } }, (request, reply) => show(request, reply, emptyForm()));
  app.post('/e/:estate/fees/new', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const { estate, actor } = asking(request);
    let read = EMPTY;
    try {
      read = await intake(request, house);
      const { fields } = read;
      const of = (name: string): string => fields[name] ?? '';
      const item = of('item') === 'new' ? customItem(of('name_zh')) : of('item');
      const known = feeItems[item];
      const { proposal_id } = await proposeFeeRule(house, {
        estate, actor, item, name_zh: of('name_zh').trim() === '' ? known?.zh ?? '' : of('name_zh'), name_en: of('name_en').trim() === '' ? known?.en ?? of('name_zh') : of('name_en'),
        basis: of('basis'), rate: of('rate'), meter_kind: of('meter_kind'), apportion_by: of('apportion_by'), cost_account: of('cost_account'), account: of('account'), fund: of('fund'),
        applies_to: { buildings: listed(of('buildings')), phases: of('phases') === '' ? [] : [of('phases')], kinds: listed(of('kinds')), occupancies: listed(of('occupancies')) },
        due_day: number(of('due_day'), -1), due_months: number(of('due_months'), 0), late_rate: rateOf(of('late_rate')), late_grace_days: number(of('late_grace_days'), 0),
        late_cap_percent: of('late_cap_percent').replace(/%$/, ''), starts_on: of('starts_on'), ends_on: of('ends_on'), resolution: resolutionIn(read), key: fields['form_key'] ?? null,
      });
      return await reply.redirect(`/e/${estate.code}/proposals/${proposal_id}?done=submitted`, 303);
    } catch (error) {
      return show(request, reply, toldBack(error, request, read, resolutionNames));
    }
  });
}

function endRoutes(instance: FastifyInstance, house: House, { intake }: { intake: Intake }): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const show = async (request: FastifyRequest<{ Params: { rule: string } }>, reply: FastifyReply, { form, vouchers, status }: Told) => {
    const { estate_id, code } = asking(request).estate;
    const { kept, ...shown } = await inEstate(house.db.app, estate_id, async (trx) => ({
      ...await formFacts(trx, request, 'fee_rule', vouchers, tooFew), fee: await feeRuleOf(trx, estate_id, Number(request.params.rule)),
    }), { readOnly: true });
    return htmlReply(reply, feeEndPage(frameOf(request), { code, ...shown, form: { ...form, kept } }), status);
  };
  app.get('/e/:estate/fees/:rule/end', { schema: { hide: true, params: RulePath } }, (request, reply) => show(request, reply, emptyForm()));
  app.post('/e/:estate/fees/:rule/end', { schema: { hide: true, params: RulePath } }, async (request, reply) => {
    const { estate, actor } = asking(request);
    let read = EMPTY;
    try {
      read = await intake(request, house);
      const { ends_on = '', form_key = null } = read.fields;
      const { proposal_id } = await proposeFeeEnd(house, { estate, actor, rule: Number(request.params.rule), ends_on, resolution: resolutionIn(read), key: form_key });
      return await reply.redirect(`/e/${estate.code}/proposals/${proposal_id}?done=submitted`, 303);
    } catch (error) {
      if (error instanceof Refusal && error.code === 'fee_rule_unknown') throw error;
      return show(request, reply, toldBack(error, request, read, { ...resolutionNames, starts_on: 'ends_on' }));
    }
  });
}

function costRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const show = async (request: FastifyRequest, reply: FastifyReply, told: { values: Record<string, string>; errors: Record<string, string> }, status = 200) => {
    const { estate_id, code } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_books');
    const enters = may(actor, estate_id, 'post_receipt');
    const { costs, paid, rules, today } = await inEstate(house.db.app, estate_id, async (trx) => ({
      costs: await sharedCosts(trx, estate_id), paid: enters ? await paidCosts(trx, estate_id) : [], rules: enters ? await signedRules(trx, estate_id) : [], today: await estateToday(trx, estate_id),
    }), { readOnly: true });
    const items = new Map(rules.filter((rule) => rule.basis === 'shared').map((rule) => [rule.item, { value: rule.item, name_zh: rule.name_zh, name_en: rule.name_en }]));
    const here = request.method === 'GET' ? {} : { here: `/e/${code}/fees/costs` };
    return htmlReply(reply, costsPage(frameOf(request, here), { code, costs, entering: enters ? {
      form_key: newFormKey(), errors: told.errors, values: { period: addMonths(periodOf(today), -1), ...told.values }, items: [...items.values()], paid,
    } : null }), status);
  };
  app.get('/e/:estate/fees/costs', { schema: { hide: true, params: Path } }, (request, reply) => show(request, reply, { values: {}, errors: {} }));
  app.post('/e/:estate/fees/costs', {
    schema: { hide: true, params: Path, body: Type.Object({ item: Short, period: Short, amount: Short, entry: Short, csrf: Short, form_key: Short }, { additionalProperties: false }) },
  }, async (request, reply) => {
    const estate = request.estate!;
    demand(request.actor, estate.estate_id, 'post_receipt');
    const { item = '', period = '', amount = '', entry = '', form_key } = request.body;
    try {
      await enterSharedCost(house, { estate, actor: request.actor, item, period, amount, entry: number12(entry), key: form_key });
      return await reply.redirect(`/e/${estate.code}/fees/costs?done=saved`, 303);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return show(request, reply, { values: { item, period, amount, entry }, errors: formErrors(error, localeOf(request)) }, error.status);
    }
  });
}
const number12 = (typed: string): number => (/^[0-9]{1,12}$/.test(typed) ? Number(typed) : 0);
