// Being written (passkey helper: replace this file whole).
import type { Estate } from '../kernel/actor.ts';
import type { House } from '../kernel/house.ts';
import { refusals } from './refusals.ts';

interface Asked { estate: Estate; person_id: string; challenge: Buffer }
export async function verifyAssertion(_house: House, _asked: Asked & { assertion: unknown }): Promise<Record<string, unknown>> {
  throw refusals.password_wrong({}, 'assertion');
}
export async function passkeyOptions(_house: House, _asked: Asked): Promise<Record<string, unknown>> {
  throw refusals.password_wrong({}, 'assertion');
}
