// Witnesses of the demo estate: chair, street office and an owner, each with a device that exists as long as the demo
// is being made. They do what a phone does on the page 见证: check that the log only grew since they last looked, and
// cosign. Whoever tries the demo enrols a device of their own, and the one from here retires.
import assert from 'node:assert/strict';
import { latestCheckpoint } from '../evidence/checkpointer.ts';
import { presentKey } from '../evidence/log-key.ts';
import { proveConsistency } from '../evidence/stored-tree.ts';
import { cosign } from '../proof/cosignature.ts';
import { COSIGNATURE, keyIdText, keyOf, verifierKeyText } from '../proof/note.ts';
import { verifyConsistency } from '../proof/tree.ts';
import { enrolWitness, keepCosignature, keyNameStart, type Side } from '../witness/witness.ts';
import type { DemoLogin } from './persons.ts';
import { inStage, type Device, type Stage } from './stage.ts';
import { ed25519Key } from '#primitives';

const seats: readonly [DemoLogin, Side][] = [['committee1', 'committee'], ['street', 'street'], ['resident', 'resident']];

export async function enrolDevices(stage: Stage): Promise<Device[]> {
  const { origin } = (await inStage(stage, (trx) => presentKey(trx, stage.estate.estate_id)))!;
  const devices: Device[] = [];
  for (const [login, side] of seats) {
    const { secret, public_key } = ed25519Key();
    const name = keyNameStart(origin, side) + keyIdText(keyOf(origin, COSIGNATURE, public_key));
    const key = keyOf(name, COSIGNATURE, public_key);
    const { witness_id } = await enrolWitness(stage.house, { estate: stage.estate, actor: stage.persons[login], side, vkey: verifierKeyText(key) });
    devices.push({ witness_id, login, secret, key, last: null });
  }
  return devices;
}

/** The given persons cosign the latest checkpoint, each after looking back to the last one they saw. */
export async function witnessLatest(stage: Stage, devices: readonly Device[], logins: readonly DemoLogin[]): Promise<void> {
  const { estate } = stage;
  const checkpoint = (await inStage(stage, (trx) => latestCheckpoint(trx, estate.estate_id)))!;
  const { size, note } = checkpoint;
  const root = new Uint8Array(checkpoint.root);
  for (const device of devices.filter(({ login }) => logins.includes(login))) {
    const { last } = device;
    if (last !== null && last.size < size) {
      const proof = await inStage(stage, (trx) => proveConsistency(trx, estate.estate_id, last.size, size));
      assert(verifyConsistency({ from: last.size, from_root: last.root, size, root, proof }), 'the demo log only grows');
    }
    const line = cosign(note, device.secret, device.key, Math.floor(stage.now.getTime() / 1000));
    await keepCosignature(stage.house, { estate, actor: stage.persons[device.login], size, witness_id: device.witness_id, line });
    device.last = { size, root };
  }
}
