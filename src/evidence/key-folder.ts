// The key folder (存证密钥): the secret keys that sign checkpoints, one folder per log, outside the database. Beside
// them lies what was signed last: the signer puts its name only under a log that goes on from there (TRUST §2), so that
// a database that was rewritten or set back gets no signature, whoever holds it.
//   <folder>/<origin>/<key id>.key    "PRIVATE+KEY+<name>+<id>+<base64>", as other tools for signed notes keep theirs
//   <folder>/<origin>/last.json       {size, root} of the last checkpoint signed for this origin, by whichever key
//   <folder>/<origin>/after-….json    there for a moment: some instance goes on from that size and root, nobody else may
import { existsSync } from 'node:fs';
import { chmod, mkdir, open, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '../kernel/dates.ts';
import type { LogKeys } from '../kernel/house.ts';
import { base64Of, bytesOfBase64, bytesOfHex, hexOf, joined, same } from '../proof/bytes.ts';
import { signCheckpoint } from '../proof/checkpoint.ts';
import { ED25519, keyOf, readVerifierKey, verifierKeyText } from '../proof/note.ts';
import { verifyConsistency } from '../proof/tree.ts';
import { ed25519Key, ed25519Public } from '#primitives';

/** The signer's no: what it was asked to sign does not continue what it signed last. */
export class SignerRefusal extends Error {}

interface Last { size: number; root: string }

/** Whether it is a verifier key at all: what a person typed may be anything. */
function isKey(vkey: string): boolean {
  try {
    return readVerifierKey(vkey).algorithm === ED25519;
  } catch {
    return false;
  }
}

export function keyFolder(folder: string): LogKeys {
  const place = (origin: string): string => join(folder, encodeURIComponent(origin));
  const idOf = (vkey: string): string => vkey.split('+').at(1) ?? '';
  const file = (vkey: string): string => join(place(readVerifierKey(vkey).name), `${idOf(vkey)}.key`);
  // One signature at a time for an origin: each is weighed against the one before.
  const turns = new Map<string, Promise<unknown>>();
  const inTurn = async <T>(origin: string, work: () => Promise<T>): Promise<T> => {
    const before = turns.get(origin) ?? Promise.resolve();
    const mine = before.then(work, work);
    turns.set(origin, mine.catch(() => undefined));
    return mine;
  };

  const readSecret = async (vkey: string): Promise<Uint8Array> => {
    const parts = (await readFile(file(vkey), 'utf8')).trim().split('+');
    const secret = bytesOfBase64(parts.slice(4).join('+')).subarray(1);
    if (!same(ed25519Public(secret), readVerifierKey(vkey).public_key)) throw new Error(`the file of ${vkey} holds another key`);
    return secret;
  };

  const refuseFork = async ({ origin, size, root }: { origin: string; size: number; root: Uint8Array }, last: Last | null,
    prove: (from: number) => Promise<Uint8Array[]>): Promise<void> => {
    if (last === null) return;
    const told = `size ${last.size}, root ${last.root.slice(0, 16)}…`;
    if (size < last.size) throw new SignerRefusal(`${origin}: the log has ${size} records, but ${told} was signed before: it was set back`);
    const from_root = bytesOfHex(last.root);
    const goes_on = size === last.size ? same(root, from_root)
      : verifyConsistency({ from: last.size, from_root, size, root, proof: await prove(last.size) });
    if (!goes_on) throw new SignerRefusal(`${origin}: the log of ${size} records does not continue ${told}: it was rewritten`);
  };

  return {
    async create(origin, { first = false } = {}) {
      const { secret, public_key } = ed25519Key();
      const vkey = verifierKeyText(keyOf(origin, ED25519, public_key));
      await mkdir(place(origin), { recursive: true, mode: 0o700 });
      // A log that has no key yet has signed nothing: what lies here is of one that was given up.
      const memory = join(place(origin), 'last.json');
      if (first && existsSync(memory)) await rename(memory, join(place(origin), `given-up-before-${idOf(vkey)}.json`));
      await writeWhole(file(vkey), `PRIVATE+KEY+${origin}+${idOf(vkey)}+${base64Of(joined(Uint8Array.of(ED25519), secret))}\n`);
      return vkey;
    },
    holds: async (vkey) => isKey(vkey) && existsSync(file(vkey)),
    sign: async (vkey, checkpoint, prove) => inTurn(checkpoint.origin, async () => {
      const secret = await readSecret(vkey);
      const folder = place(checkpoint.origin);
      const next: Last = { size: checkpoint.size, root: hexOf(checkpoint.root) };
      // Other instances weigh theirs against the same memory: whoever goes on from it first leaves the others to weigh anew.
      for (let tries = 1; ; tries += 1) {
        const last = await readLast(folder);
        await refuseFork(checkpoint, last, prove);
        const note = signCheckpoint({ ...checkpoint, root: new Uint8Array(checkpoint.root) }, secret, readVerifierKey(vkey));
        // Remembered before it is given away: a crash in between costs a signature, never the memory of one.
        if (await goOn(folder, last, next)) return note;
        if (tries >= MOST_TRIES) throw new Error(`${checkpoint.origin}: another instance keeps signing`);
        await pause(20 + 40 * Math.random());
      }
    }),
  };
}

async function readLast(folder: string): Promise<Last | null> {
  const path = join(folder, 'last.json');
  if (!existsSync(path)) return null;
  const { size, root } = JSON.parse(await readFile(path, 'utf8')) as Last;
  if (!Number.isSafeInteger(size) || !/^[0-9a-f]{64}$/.test(root)) throw new Error(`${path} is damaged: restore it from the backup`);
  return { size, root };
}

const MOST_TRIES = 1_000;
/** Milliseconds after which whoever began to go on has crashed: it takes two small files. */
const CRASHED = 20_000;

const sameLast = (a: Last | null, b: Last | null): boolean => a?.size === b?.size && a?.root === b?.root;

/** Moves the memory from one state to the next, if it is still there and nobody else is about to; false otherwise. */
async function goOn(folder: string, last: Last | null, next: Last): Promise<boolean> {
  const claim = join(folder, `after-${last === null ? 'nothing' : `${last.size}-${last.root.slice(0, 16)}`}.json`);
  try {
    await writeFile(claim, '', { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const claimed_at = await stat(claim).then(({ mtimeMs }) => mtimeMs, () => null);
    if (claimed_at !== null && claimed_at < systemClock().getTime() - CRASHED) await unlink(claim).catch(() => undefined);
    return false;
  }
  try {
    if (!sameLast(await readLast(folder), last)) return false;
    await writeWhole(join(folder, 'last.json'), `${JSON.stringify(next)}\n`);
    return true;
  } finally {
    await unlink(claim).catch(() => undefined);
  }
}

/** Written beside, flushed and moved: a crash leaves the old file or the new one. */
async function writeWhole(path: string, text: string): Promise<void> {
  const beside = `${path}.${process.pid}.new`;
  await writeFile(beside, text, { mode: 0o600 });
  await chmod(beside, 0o600);
  const written = await open(beside, 'r');
  await written.sync().finally(() => written.close());
  await rename(beside, path);
}
