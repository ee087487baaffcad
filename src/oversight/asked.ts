// What a request for the log asks: read from the address, refused in plain words where it cannot be read.
// Refusals in this order: login_required, estate_unknown, log_for_officers, log_kind_unknown, log_day_unreadable,
// log_days_reversed, cursor_invalid, log_person_unknown.
import type { FastifyRequest } from 'fastify';
import { belongsTo, demand, may, type Actor, type Estate } from '../kernel/actor.ts';
import { readDate, type BusinessDate } from '../kernel/dates.ts';
import { refusals as ledgerRefusals } from '../ledger/refusals.ts';
import { asked } from '../ledger/asking.ts';
import { isKind } from './kinds.ts';
import { personsCalled, type Officers } from './officers.ts';
import { plainText, type LogAsked } from './queries.ts';
import { refusals } from './refusals.ts';

export interface Here { estate: Estate; actor: Actor }

/** Who may read the log with names: those who serve, and those who watch them. */
export function reader(request: FastifyRequest): Here {
  const estate = request.estate!;
  const { actor } = request;
  if (actor !== null && belongsTo(actor, estate.estate_id) && !may(actor, estate.estate_id, 'read_officers')) throw refusals.log_for_officers();
  return { estate, actor: demand(actor, estate.estate_id, 'read_officers') };
}

/** As it was typed, for the form to show again. */
export interface Typed { person?: string | undefined; kind?: string | undefined; from?: string | undefined; to?: string | undefined; q?: string | undefined }
export type Question = Omit<LogAsked, 'persons' | 'limit'> & { typed: Typed };

function dayOf(typed: string | undefined, field: 'from' | 'to'): BusinessDate | undefined {
  if (typed === undefined) return undefined;
  const day = readDate(typed);
  if (day === null) throw refusals.log_day_unreadable({ typed: typed.slice(0, 20) }, field);
  return day;
}

export function questionOf(request: FastifyRequest): Question {
  const typed: Typed = {
    person: asked(request, 'person'), kind: asked(request, 'kind'), from: asked(request, 'from'), to: asked(request, 'to'), q: asked(request, 'q'),
  };
  const { kind } = typed;
  if (kind !== undefined && !isKind(kind)) throw refusals.log_kind_unknown({ typed: kind.slice(0, 40) }, 'kind');
  const [from, to] = [dayOf(typed.from, 'from'), dayOf(typed.to, 'to')];
  if (from !== undefined && to !== undefined && from > to) throw refusals.log_days_reversed({ from, to }, 'from');
  const cursor = asked(request, 'cursor');
  if (cursor !== undefined && !/^[1-9][0-9]{0,14}$/.test(cursor)) throw ledgerRefusals.cursor_invalid({ cursor: cursor.slice(0, 40) }, 'cursor');
  const q = typed.q === undefined ? undefined : plainText(typed.q);
  return { typed, kind, from, to, q: q === '' ? undefined : q, before: cursor === undefined ? undefined : Number(cursor) };
}

/** The persons asked for; undefined: everybody. */
export function personsAsked({ typed: { person } }: Question, officers: Officers): string[] | undefined {
  if (person === undefined) return undefined;
  const found = personsCalled(officers, person);
  if (found.length === 0) throw refusals.log_person_unknown({ typed: person.slice(0, 40) }, 'person');
  return found;
}
