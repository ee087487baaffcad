// The device of a witness: what it does when its button is pressed, without the page.
//   memory → checkpoint → keys → proof → judgement → memory moves forward → cosignature → server
// The memory moves before the signature leaves the device: whatever breaks off in between, no second history is signed.
import { ed25519Key } from '#primitives';
import { systemClock } from '../../kernel/dates.ts';
import { base64Of, bytesOfBase64, hexOf } from '../../proof/bytes.ts';
import { cosign } from '../../proof/cosignature.ts';
import { COSIGNATURE, keyOf, readVerifierKey, verifierKeyText } from '../../proof/note.ts';
import type { WitnessGroup } from '../../proof/policy.ts';
import { judge, type Judgement } from './witness-check.ts';
import { NoAnswer, type LogServer } from './witness-log.ts';
import { keep, recall, sameMoment, type Alarm, type DeviceKey, type Remembered } from './witness-memory.ts';

export interface Device { estate: string; origin: string; side: WitnessGroup; server: LogServer }

export type Outcome =
  | { kind: 'first' | 'same' | 'grown'; from: number; size: number; note: string }
  | { kind: 'new_key'; vkey: string; note: string }
  | { kind: 'alarm'; alarm: Alarm }
  | { kind: 'unreadable' };

export const seconds = (): number => Math.floor(systemClock().getTime() / 1000);

/** Looks at a checkpoint the way it will be signed, and changes nothing. */
export async function look(
  device: Pick<Device, 'estate' | 'origin' | 'server'>, note: string,
): Promise<{ judgement: Judgement; proof: string[] }> {
  const { log_keys, last } = recall(device.estate);
  const given = { last, known: log_keys, offered: await device.server.keys(), origin: device.origin, note };
  const judgement = judge({ ...given, proof: null });
  if (judgement.kind !== 'proof_wanted') return { judgement, proof: [] };
  const proof = await device.server.consistency(judgement.from, sizeOf(note));
  return { judgement: judge({ ...given, proof }), proof };
}

/** What the note claims; only asked of notes that judge() could read. */
export const sizeOf = (note: string): number => Number(note.split('\n')[1]);

export function raise(estate: string, given: Omit<Alarm, 'at'>): { kind: 'alarm'; alarm: Alarm } {
  const alarm: Alarm = { ...given, at: seconds() };
  keep(estate, (memory) => {
    const known = memory.alarms.some((one) => one.shown === alarm.shown && one.remembered === alarm.remembered);
    if (!known) memory.alarms = [...memory.alarms, alarm].slice(-MOST_ALARMS);
  });
  return { kind: 'alarm', alarm };
}

const MOST_ALARMS = 5;

// ── Keys of the device ───────────────────────────────────────────────────────────────────────────

/** A family may share a device; keys that were retired go first. */
const MOST_KEYS = 20;

/** The device's own key for this side: one the server knows and has not retired, else a new one that it enrols. */
async function ownKey({ estate, origin, side, server }: Device): Promise<DeviceKey & { witness: number }> {
  const enrolled = (await server.ownWitnesses()).filter((one) => one.side === side && one.retired_at === null);
  for (const key of recall(estate).keys) {
    const found = enrolled.find((one) => one.vkey === key.vkey);
    if (found !== undefined) return { ...key, witness: found.witness_id };
  }
  const { secret, public_key } = ed25519Key();
  const name = `${origin}/${side}-${hexOf(crypto.getRandomValues(new Uint8Array(4)))}`;
  const vkey = verifierKeyText(keyOf(name, COSIGNATURE, public_key));
  // Kept before it is enrolled: a key on record whose secret is lost would be of no use.
  const key = { side, vkey, secret: base64Of(secret) };
  keep(estate, (memory) => {
    memory.keys = [...memory.keys, key].slice(-MOST_KEYS);
  });
  return { ...key, witness: await server.enrol(side, vkey) };
}

async function handIn(device: Device, note: string, size: number, again = true): Promise<void> {
  const key = await ownKey(device);
  const line = cosign(note, bytesOfBase64(key.secret), readVerifierKey(key.vkey), seconds());
  try {
    await device.server.handIn(size, key.witness, line);
  } catch (error) {
    // Retired meanwhile, on another device: this one is enrolled anew, once.
    if (!again || !(error instanceof NoAnswer) || error.code !== 'witness_retired') throw error;
    await handIn(device, note, size, false);
  }
}

// ── Witnessing ───────────────────────────────────────────────────────────────────────────────────

/** Judges one checkpoint, moves the memory to it and signs it. */
async function witnessOne(device: Device, note: string): Promise<Outcome> {
  const before = recall(device.estate).last;
  const { judgement, proof } = await look(device, note);
  if (judgement.kind === 'unreadable' || judgement.kind === 'proof_wanted') return { kind: 'unreadable' };
  if (judgement.kind === 'alarm') {
    return raise(device.estate, { why: judgement.why, remembered: before?.note ?? '', shown: note, proof });
  }
  if (judgement.kind === 'new_key') return { kind: 'new_key', vkey: judgement.vkey, note };
  const { checkpoint: { size, root }, kind, vkey } = judgement;
  // Another tab may have gone on meanwhile; then all is judged again.
  if (!sameMoment(recall(device.estate).last, before)) return witnessOne(device, note);
  const next: Remembered = { size, root: hexOf(root), note, at: seconds(), source: 'cosigned' };
  keep(device.estate, (memory) => {
    memory.last = next;
    if (!memory.log_keys.includes(vkey)) memory.log_keys.push(vkey);
  });
  await handIn(device, note, size);
  return { kind, from: before?.size ?? 0, size, note };
}

/** What one press does: first the checkpoint that others have cosigned, so that their signatures and this one stand
 *  under the same text, then the latest. */
async function press(device: Device): Promise<Outcome> {
  const { last, alarms } = recall(device.estate);
  if (alarms.length > 0) return { kind: 'alarm', alarm: alarms.at(-1)! };
  const others = await device.server.lastWitnessed();
  const by_others = Object.entries(others?.witnesses ?? {}).some(([side, count]) => side !== device.side && count > 0);
  const from = last?.size ?? 0;
  let earlier: Outcome | null = null;
  if (others !== null && by_others && others.size > from) {
    earlier = await witnessOne(device, await device.server.checkpoint(others.size));
    if (!('size' in earlier)) return earlier;
  }
  const latest = await witnessOne(device, await device.server.checkpoint());
  if (!('size' in latest) || earlier === null) return latest;
  return { ...latest, kind: earlier.kind === 'first' ? 'first' : 'grown', from };
}

/** Witnesses; one tab at a time where the browser can see to that. */
export const witness = (device: Device): Promise<Outcome> =>
  ('locks' in navigator ? navigator.locks.request(`witness ${device.estate}`, () => press(device)) : press(device));
