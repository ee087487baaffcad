// What the routes of the books ask of every request: who is reading, whose dwellings may be named, the
// shape of a body, the month a page is about.
import type { FastifyRequest } from 'fastify';
import { demand, may, type Actor, type Estate } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import { PERIOD_PATTERN, periodOf, periodsBetween, type Period } from '../kernel/dates.ts';
import { estateToday } from '../evidence/records.ts';
import type { ShownUnits } from './entry-queries.ts';
import { refusals } from './refusals.ts';
import type { TypedEntry } from './typed-entry.ts';

export interface Here {
  estate: Estate;
  actor: Actor;
}
export const reader = (request: FastifyRequest): Here => {
  const estate = request.estate!;
  return { estate, actor: demand(request.actor, estate.estate_id, 'read_books') };
};
/** Dwellings that may be named: all to whoever may know households, their own to anybody else. */
export const shownUnits = ({ estate: { estate_id }, actor }: Here): ShownUnits =>
  may(actor, estate_id, 'read_households')
    ? 'all'
    : actor.homes.filter((home) => home.estate_id === estate_id).map((home) => home.unit);
/** Whether files are named that owners may not open. */
export const namesFiles = ({ estate: { estate_id }, actor }: Here): boolean =>
  may(actor, estate_id, 'read_officers');

/** The slice reads a body itself, for a reason at the very line; what it lets pass still meets the schema. */
export function demandShape(request: FastifyRequest, read: (body: TypedEntry) => unknown): void {
  const { validationError, body } = request;
  if (validationError === undefined) return;
  if (validationError.validationContext === 'body' && typeof body === 'object' && body !== null)
    read(body);
  throw validationError;
}

/** One value of a query field; an empty one is none. */
export function asked(request: FastifyRequest, name: string): string | undefined {
  const value = [(request.query as Record<string, unknown>)[name]].flat().at(-1);
  return typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, 200) : undefined;
}

export interface Months {
  current: Period;
  list: Period[];
}

export async function monthsOf(trx: Trx, { estate }: Here): Promise<Months> {
  const current = periodOf(await estateToday(trx, estate.estate_id));
  return { current, list: periodsBetween(estate.first_period, current).reverse() };
}

/** The month asked for; the running one when none is. Refusal: period_unreadable. */
export function monthAsked(request: FastifyRequest, { current }: Months): Period {
  const typed = asked(request, 'period');
  if (typed === undefined) return current;
  if (!new RegExp(PERIOD_PATTERN).test(typed))
    throw refusals.period_unreadable({ typed: typed.slice(0, 20) }, 'period');
  return typed;
}
