// `mingzhang verify FILE…`: checks disclosures, audit packages and what belongs to them, offline: no database, no
// network, no data folder. Exit code 0: it holds; 1: something was changed or hidden; 2: nothing could be read, or the
// command was called wrongly.
//   --lang zh|en     language of the report (by default that of the shell)
//   --key VKEY       key of the log as the notice board has it; may be given several times
//   --reprint        prints each disclosure anew from its own attachments and compares the bytes
import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import type { Locale } from './kernel/locale.ts';
import { readVerifierKey } from './proof/note.ts';
import { verdictText } from './verifier/report.ts';
import { verifyFiles, type GivenFile, type Outcome } from './verifier/verify.ts';

const USAGE = 'mingzhang verify [--lang zh|en] [--key VKEY]… [--reprint] FILE…';

const codes: Record<Outcome, number> = { holds: 0, broken: 1, unreadable: 2 };

class CalledWrongly extends Error {}

export interface Output { out(text: string): void; error(text: string): void; progress?: ((text: string) => void) | undefined }

function shellLocale(): Locale {
  const named = process.env['LC_ALL'] ?? process.env['LC_MESSAGES'] ?? process.env['LANG'] ?? '';
  return named.toLowerCase().startsWith('en') ? 'en' : 'zh';
}

interface Asked { files: string[]; keys: string[]; locale: Locale; reprint: boolean }

function readArgs(args: readonly string[]): Asked {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args], allowPositionals: true,
      options: { lang: { type: 'string' }, key: { type: 'string', multiple: true, default: [] }, reprint: { type: 'boolean', default: false } },
    });
  } catch (error) {
    throw new CalledWrongly((error as Error).message);
  }
  const { values, positionals } = parsed;
  const locale = values.lang ?? shellLocale();
  if (locale !== 'zh' && locale !== 'en') throw new CalledWrongly(`--lang is zh or en, not ${locale}`);
  if (positionals.length === 0) throw new CalledWrongly('没有给出文件 / no file is named');
  for (const key of values.key) {
    try {
      readVerifierKey(key);
    } catch {
      throw new CalledWrongly(`不是密钥 / not a verifier key (name+id+base64): ${key}`);
    }
  }
  return { files: positionals, keys: values.key, locale, reprint: values.reprint };
}

/** Names as they were typed tell files of one name apart. */
async function openGiven(paths: readonly string[]): Promise<GivenFile[]> {
  const names = paths.map((path) => basename(path));
  return Promise.all(paths.map(async (path, i) => {
    const alone = names.filter((name) => name === names[i]).length === 1;
    try {
      return { name: alone ? names[i]! : path, blob: await openAsBlob(path) };
    } catch (error) {
      throw new CalledWrongly(`打不开文件 / cannot open ${path}: ${(error as Error).message}`);
    }
  }));
}

/** Runs the command and gives its exit code. */
export async function verifyCommand(args: readonly string[], output: Output): Promise<number> {
  try {
    const asked = readArgs(args);
    const given = await openGiven(asked.files);
    const { progress } = output;
    const verdict = await verifyFiles(given, { trusted_keys: asked.keys, progress: progress && ((text) => progress(text[asked.locale])) });
    progress?.('');
    output.out(verdictText(verdict, asked.locale));
    if (!asked.reprint) return codes[verdict.outcome];
    // Fonts and the printing are read only by whoever asks for them.
    const { reprint } = await import('./reprint.ts');
    const same = await reprint(given, asked.locale, output.out);
    return verdict.outcome === 'holds' && !same ? 1 : codes[verdict.outcome];
  } catch (error) {
    if (!(error instanceof CalledWrongly)) throw error;
    output.error(`${error.message}\n${USAGE}\n`);
    return 2;
  }
}

/** The command of the shell. */
export async function runVerify(args: readonly string[]): Promise<void> {
  const line = process.stderr.isTTY ? (text: string): void => void process.stderr.write(`\r\u001b[K${text}`) : undefined;
  // Whoever reads only the head of the report closes the pipe.
  process.stdout.on('error', () => undefined);
  process.exitCode = await verifyCommand(args, {
    out: (text) => void process.stdout.write(text), error: (text) => void process.stderr.write(text), progress: line,
  });
}
