// Granting an auditor access (授权查账): the appointment of an auditor with a scope, proposed by the committee, the company or the street
// office and signed by both keys like any appointment. Who is let see what stands in the document that is signed.
//   借贷: none; nothing is booked. The access begins with the term and ends with it; a longer one is another grant.
import type { Actor, Estate } from '../kernel/actor.ts';
import { addDays, daysBetween, readDate, type BusinessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { auditKinds, auditKindTexts, isAuditKind, type AuditScope } from '../approval/audit-scope.ts';
import type { ResolutionTyped } from '../approval/resolution.ts';
import { proposeAppointment, type Appointed, type Appointee } from '../office/membership.ts';
import { refusals } from './access-refusals.ts';

/** Longest access that is granted at once. */
export const MOST_DAYS = 366;

export interface GrantAsked {
  estate: Estate;
  actor: Actor;
  key?: string | null | undefined;
  who: Appointee;
  starts_on: string;
  ends_on: string;
  /** Days of what may be read, as typed; empty: no limit. */
  from: string;
  to: string;
  kinds: readonly string[];
  resolution?: ResolutionTyped | undefined;
}

function dayIn(typed: string, field: 'from' | 'to'): BusinessDate | null {
  if (typed.trim() === '') return null;
  const day = readDate(typed);
  if (day === null) throw refusals.scope_day_unreadable({ typed: typed.slice(0, 20) }, field);
  return day;
}

function readScope({ from: typed_from, to: typed_to, kinds }: GrantAsked): AuditScope {
  const names = { kinds: auditKinds.map((kind) => auditKindTexts[kind].zh).join('、'), kinds_en: auditKinds.join(', ') };
  const odd = kinds.find((kind) => !isAuditKind(kind));
  if (odd !== undefined) throw refusals.scope_kind_unknown({ typed: odd.slice(0, 30), ...names }, 'kinds');
  if (kinds.length === 0) throw refusals.scope_kinds_missing({}, 'kinds');
  const [from, to] = [dayIn(typed_from, 'from'), dayIn(typed_to, 'to')];
  if (from !== null && to !== null && from > to) throw refusals.scope_days_reversed({ from, to }, 'from');
  return { from, to, kinds: auditKinds.filter((kind) => kinds.includes(kind)) };
}

/** Proposes an auditor's access for signing. Refusals in this order: scope_kind_unknown, scope_kinds_missing, scope_day_unreadable,
 *  scope_days_reversed, access_too_long, those of proposeAppointment(). */
export async function proposeGrant(house: House, asked: GrantAsked): Promise<Appointed> {
  const { estate, actor, key, who, starts_on, ends_on, resolution } = asked;
  const scope = readScope(asked);
  const [first, last] = [readDate(starts_on), readDate(ends_on)];
  if (first !== null && last !== null && last > addDays(first, MOST_DAYS - 1)) {
    throw refusals.access_too_long({ days: daysBetween(first, last) + 1, most: MOST_DAYS }, 'ends_on');
  }
  return proposeAppointment(house, { estate, actor, key, who, body: 'auditor', office: 'auditor', starts_on, ends_on, resolution, scope });
}
