// Pages of appointments and of early ends: GET shows the form, POST proposes and leads to the proposal.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { demand, type Actor, type BodyKind, type Estate, type Office } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { Refusal } from '../kernel/refusal.ts';
import { estateToday } from '../evidence/records.ts';
import { bodiesOf, termsOf, type TermRow } from '../people/queries.ts';
import { officesOf } from '../people/term.ts';
import { formErrors, newFormKey } from '../web/forms.tsx';
import { frameOf } from '../web/frame.ts';
import { localeOf } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { appointPage, endPage, passwordPaper, type HeldOffice, type OfficeForm } from './membership-pages.tsx';
import { proposeAppointment, proposeEnd, termOf, vacanciesOf, type Appointee } from './membership.ts';
import { refusals } from './refusals.ts';
import { ruleFor } from '../approval/rules.ts';
import { namesFor } from '../approval/view.ts';

/** Reads a form with files; payment's readForm, handed in because it lives on the floor above. */
export type Intake = (request: FastifyRequest, house: House) => Promise<FormRead>;
export interface FormRead { fields: Record<string, string>; vouchers: string[] }

const Path = Type.Object({ estate: Type.String() });
export const TermPath = Type.Object({ estate: Type.String(), term: Type.String({ pattern: '^[0-9]{1,9}$' }) });
const Word = Type.Optional(Type.String({ maxLength: 20 }));
const unfilled = { audience: 'owners' };

export const asking = (request: FastifyRequest): { estate: Estate; actor: Actor } => {
  const estate = request.estate!;
  return { estate, actor: demand(request.actor, estate.estate_id, 'propose') };
};

export const emptyForm = (values: Record<string, string> = {}): Told =>
  ({ form: { form_key: newFormKey(), values: { ...unfilled, ...values }, errors: {} }, vouchers: [], status: 200 });

export interface Told { form: Omit<OfficeForm, 'kept'>; vouchers: string[]; status: number }

/** Names of fields where the form's differ from the interface's. */
const fieldNames: Record<string, string> = {
  office: 'seat', body: 'seat', person_id: 'person', term: 'person', login: 'owner_login', name: 'new_name', 'new_person.login': 'new_login',
  'resolution.title': 'resolution_title', 'resolution.date': 'resolution_date', 'resolution.voucher': 'vouchers', resolution: 'resolution_title',
};

/** What goes back into a form that was refused, with the files it brought. */
export function toldBack(error: unknown, request: FastifyRequest, read: FormRead, names: Record<string, string> = fieldNames): Told {
  if (!(error instanceof Refusal)) throw error;
  const { fields, vouchers } = 'form' in error ? error.form as FormRead : read;
  const errors = Object.fromEntries(Object.entries(formErrors(error, localeOf(request)))
    .map(([name, reason]) => [names[name] ?? name, reason]));
  return { form: { form_key: fields['form_key'] ?? newFormKey(), values: fields, errors }, vouchers, status: error.status };
}

export async function keptOf(trx: Trx, { estate_id, code }: Estate, hashes: readonly string[]): Promise<OfficeForm['kept']> {
  if (hashes.length === 0) return [];
  return (await namesFor(trx, estate_id, hashes)).vouchers.map((row) => ({ ...row, href: `/e/${code}/vouchers/${row.sha256}` }));
}

/** The three fields of a resolution in a form, as the interface takes them, or the number of one that was counted here. */
export const resolutionIn = ({ fields, vouchers }: FormRead) =>
  (/^[1-9][0-9]{0,11}$/.test(fields['resolution_id'] ?? '') ? { resolution_id: Number(fields['resolution_id']) }
    : { title: fields['resolution_title'] ?? '', date: fields['resolution_date'] ?? '', voucher: vouchers[0] ?? '' });

export function membershipPageRoutes(app: FastifyInstance, house: House, parts: { intake: Intake }): void {
  appointRoutes(app, house, parts);
  endRoutes(app, house, parts);
}

/** Everybody who holds or held an office, by their latest term. */
function personsOf(terms: readonly TermRow[]): HeldOffice[] {
  const latest = new Map<string, TermRow>();
  for (const term of terms) if (term.name !== null) latest.set(term.person_id, term);
  return [...latest.values()].map(({ term_id, body, office, name }) => ({ term_id, body, office, name: name! }));
}

const EMPTY: FormRead = { fields: {}, vouchers: [] };

function appointRoutes(instance: FastifyInstance, house: House, { intake }: { intake: Intake }): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  const show = async (request: FastifyRequest, reply: FastifyReply, { form, vouchers, status }: Told) => {
    const { estate } = asking(request);
    const { estate_id, code } = estate;
    const shown = await inEstate(house.db.app, estate_id, async (trx) => {
      const today = await estateToday(trx, estate_id);
      return {
        today, bodies: await bodiesOf(trx, estate_id), persons: personsOf(await termsOf(trx, estate_id)),
        vacancies: await vacanciesOf(trx, estate_id, today), kept: await keptOf(trx, estate, vouchers),
        vacancy_rule: await ruleFor(trx, estate_id, { kind: 'membership', class: 'vacancy', amount: null, fund: null, on: today }),
      };
    }, { readOnly: true });
    const { kept, ...rest } = shown;
    return htmlReply(reply, appointPage(frameOf(request, { here: `/e/${code}/terms/appoint` }), { code, ...rest, form: { ...form, kept } }), status);
  };

  app.get('/e/:estate/terms/appoint', {
    schema: { hide: true, params: Path, querystring: Type.Object({ body: Word, office: Word }) },
  }, (request, reply) => {
    const { body = '', office } = request.query;
    const first = office ?? (officesOf[body as BodyKind] ?? [])[0];
    return show(request, reply, emptyForm(first === undefined ? {} : { seat: `${body}:${first}` }));
  });

  app.post('/e/:estate/terms/appoint', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const { estate, actor } = asking(request);
    let read = EMPTY;
    try {
      read = await intake(request, house);
      const { fields } = read;
      const [body = '', office = ''] = (fields['seat'] ?? '').split(':');
      if (!Object.hasOwn(officesOf, body)) throw refusals.seat_missing({}, 'office');
      const { proposed, new_login } = await proposeAppointment(house, {
        estate, actor, key: fields['form_key'] ?? null, who: whoIn(fields), body: body as BodyKind, office: office as Office,
        starts_on: fields['starts_on'] ?? '', ends_on: fields['ends_on'] ?? '', resolution: resolutionIn(read),
      });
      if (fields['person'] !== 'new') return await reply.redirect(`/e/${estate.code}/proposals/${proposed.proposal_id}?done=submitted`, 303);
      const frame = frameOf(request, { here: `/e/${estate.code}/terms/appoint` });
      return await htmlReply(reply.header('cache-control', 'no-store'), passwordPaper(frame, {
        code: estate.code, estate_name: frame.locale === 'zh' ? estate.name_zh : estate.name_en, public_url: house.settings.public_url,
        proposal_id: proposed.proposal_id, login: new_login,
      }));
    } catch (error) {
      // A login is asked for twice on this form: of an owner, and of somebody new.
      const names = read.fields['person'] === 'new' ? { ...fieldNames, login: 'new_login' } : fieldNames;
      return show(request, reply, toldBack(error, request, read, names));
    }
  });
}

function whoIn(fields: Record<string, string>): Appointee {
  const { person = '', owner_login = '', new_name = '', new_login = '' } = fields;
  const term = /^term:(\d{1,9})$/.exec(person)?.[1];
  if (term !== undefined) return { term: Number(term) };
  if (person === 'owner') return { login: owner_login };
  return person === 'new' ? { new_person: { name: new_name, login: new_login } } : {};
}

function endRoutes(instance: FastifyInstance, house: House, { intake }: { intake: Intake }): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  const show = async (request: FastifyRequest<{ Params: { term: string } }>, reply: FastifyReply, { form, vouchers, status }: Told) => {
    const { estate } = asking(request);
    const { estate_id, code } = estate;
    const number = Number(request.params.term);
    const shown = await inEstate(house.db.app, estate_id, async (trx) => {
      const term = await termOf(trx, estate_id, number);
      const body = (await bodiesOf(trx, estate_id)).find((row) => row.body === term.body)!;
      const name = (await termsOf(trx, estate_id)).find((row) => row.term_id === number)?.name ?? null;
      return { today: await estateToday(trx, estate_id), kept: await keptOf(trx, estate, vouchers),
        term: { ...term, name, name_zh: body.name_zh, name_en: body.name_en } };
    }, { readOnly: true });
    const { kept, ...rest } = shown;
    return htmlReply(reply, endPage(frameOf(request), { code, ...rest, form: { ...form, kept } }), status);
  };

  app.get('/e/:estate/terms/:term/end', { schema: { hide: true, params: TermPath } }, (request, reply) => show(request, reply, emptyForm()));

  app.post('/e/:estate/terms/:term/end', { schema: { hide: true, params: TermPath } }, async (request, reply) => {
    const { estate, actor } = asking(request);
    let read = EMPTY;
    try {
      read = await intake(request, house);
      const { proposal_id } = await proposeEnd(house, {
        estate, actor, key: read.fields['form_key'] ?? null, term: Number(request.params.term), ends_on: read.fields['ends_on'],
        resolution: resolutionIn(read),
      });
      return await reply.redirect(`/e/${estate.code}/proposals/${proposal_id}?done=submitted`, 303);
    } catch (error) {
      return show(request, reply, toldBack(error, request, read));
    }
  });
}
