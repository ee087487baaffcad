// Files larger than memory: kept as they come under their hash, read in parts, let go of; what breaks off leaves nothing.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { diskStorage } from '../../src/kernel/storage.ts';
import { bytesOf, folderFor } from './sample.ts';

async function* pieces(count: number, breaks = false): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < count; i += 1) yield Buffer.alloc(1_000, i % 251);
  if (breaks) throw new Error('the line was cut');
}

t.test('kept under its hash, read whole and in parts', async (t) => {
  const storage = diskStorage(folderFor(t));
  const whole = await bytesOf(pieces(300));
  const kept = await storage.keepStream(pieces(300));
  t.same(kept, { sha256: createHash('sha256').update(whole).digest('hex'), size: 300_000 });
  const file = (await storage.open(kept.sha256))!;
  t.equal(file.size, 300_000);
  t.ok((await bytesOf(file.bytes())).equals(whole));
  t.ok((await bytesOf(file.bytes({ start: 999, end: 200_000 }))).equals(whole.subarray(999, 200_001)));
  t.ok((await storage.read(kept.sha256))!.equals(whole), 'the same file as any other');
  t.same(await storage.keepStream(pieces(300)), kept, 'kept again, it is the same');
  await storage.drop(kept.sha256);
  t.equal(await storage.open(kept.sha256), null);
  await storage.drop(kept.sha256);
});

t.test('what breaks off leaves nothing behind', async (t) => {
  const folder = folderFor(t);
  const storage = diskStorage(folder);
  await t.rejects(storage.keepStream(pieces(5, true)), /the line was cut/);
  t.same(readdirSync(join(folder, 'incoming')), []);
  t.same(readdirSync(folder), ['incoming']);
});

t.test('half files of a process that was ended are swept away, those in the making are not', async (t) => {
  const folder = folderFor(t);
  mkdirSync(join(folder, 'incoming'));
  for (const name of ['stream-1-old-1', 'stream-2-new-1']) writeFileSync(join(folder, 'incoming', name), 'half');
  utimesSync(join(folder, 'incoming', 'stream-1-old-1'), 1_700_000_000, 1_700_000_000);
  await diskStorage(folder).keepStream(pieces(1));
  t.same(readdirSync(join(folder, 'incoming')), ['stream-2-new-1']);
});

t.test('a hash that is none is our mistake, not a path', async (t) => {
  await t.rejects(diskStorage(folderFor(t)).open('../../etc/passwd'), /not a SHA-256/);
});
