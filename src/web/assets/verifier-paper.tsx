// A checkpoint that came by a QR code (#<note>): what it says, to be compared with the sheet in one's hand; on the page
// /verify also whether the server's log of now, and what this device saw before, go on from it.
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { instant, laterBy } from '../../kernel/dates.ts';
import { fill } from '../../kernel/locale.ts';
import { bytesOfBase64url, hexOf, textOf } from '../../proof/bytes.ts';
import type { Checkpoint } from '../../proof/checkpoint.ts';
import { useLocale } from '../context.ts';
import { formatCount, formatHash, formatInstant, formatKey, pick } from '../locale.ts';
import { texts } from './verifier-texts.ts';
import { sizeOf, seconds } from './witness-device.ts';
import { LogServer, NoAnswer } from './witness-log.ts';
import { recall, type Remembered } from './witness-memory.ts';
import { compare, isSigned, keepPaper, readNote, sameCheckpoint, usePaper, type Log } from './witness-paper.ts';

export interface Paper { note: string; checkpoint: Checkpoint }

/** What stands behind the #; null: nothing. 'bad': something that is no checkpoint. */
export function paperOf(hash: string): Paper | 'bad' | null {
  if (hash.length < 2) return null;
  try {
    const note = textOf(bytesOfBase64url(hash.slice(1)));
    const checkpoint = readNote(note);
    return checkpoint === null || checkpoint.size === 0 ? 'bad' : { note, checkpoint };
  } catch {
    return 'bad';
  }
}

type Line = { tone: 'ok' | 'alarm' | 'amber'; text: string; key?: string };
const useText = () => pick(texts, useLocale());

const estateOf = (origin: string): string => origin.slice(origin.lastIndexOf('/') + 1);

/** How a comparison speaks: its words, its dates, and where its lines go. */
interface Voice { t: ReturnType<typeof useText>; when(at: number): string; tell(line: Line): void }

/** Compares the paper with the live log, then with all that this device saw of it before. */
async function compareAll(paper: Paper, voice: Voice): Promise<void> {
  const { t, tell } = voice;
  const { note, checkpoint: { origin, size, root } } = paper;
  const log: Log = { estate: estateOf(origin), origin, server: new LogServer(estateOf(origin)) };
  const mine: Remembered = { size, root: hexOf(root), note, at: seconds(), source: 'paper' };
  const live = await log.server.checkpoint().catch((error: unknown) => {
    if (error instanceof NoAnswer && error.status === 404) return null;
    throw error;
  });
  if (live === null || readNote(live)?.origin !== origin) {
    return tell({ tone: 'amber', text: fill(t.live_none, { host: origin.replace(/\/[^/]*$/, '') }) });
  }
  const [vkey = ''] = await log.server.keys();
  if (!(await isSigned(log, note))) return tell({ tone: 'alarm', text: `${t.live_alarm} ${t.live_unsigned}`, key: vkey });
  const now = { note: live, size: sizeOf(live), root: hexOf(readNote(live)!.root) };
  const figures = { size: formatCount(size), live: formatCount(now.size) };
  const fewer = now.size < size;
  const differs = fewer || (await compare(log, mine, now)).kind === 'alarm';
  const text = differs ? `${t.live_alarm} ${fill(fewer ? t.live_smaller : t.live_other, figures)} ${t.live_keep}`
    : fill(now.size === size ? t.live_same : t.live_grown, figures);
  tell({ tone: differs ? 'alarm' : 'ok', text, key: vkey });
  await compareMemory(log, mine, voice);
}

async function compareMemory(log: Log, mine: Remembered, { t, when, tell }: Voice): Promise<void> {
  const { last, papers } = recall(log.estate);
  const seen = [...papers, ...(last === null ? [] : [last])].filter((one) => !sameCheckpoint(one, mine));
  for (const one of seen.filter((each) => seen.find((other) => sameCheckpoint(each, other)) === each)) {
    const judged = await compare(log, one, mine).catch(() => null);
    if (judged === null) continue;
    const facts = { when: when(one.at), size: formatCount(one.size) };
    tell(judged.kind === 'alarm' ? { tone: 'alarm', text: `${fill(t.memory_alarm, facts)} ${t.live_keep}` }
      : { tone: 'ok', text: fill(t.memory_agrees, facts) });
  }
  if (papers.length === 0 && last === null) tell({ tone: 'ok', text: t.memory_first });
  keepPaper(log.estate, mine);
}

function Lines({ lines }: { lines: readonly Line[] }): JSX.Element {
  const t = useText();
  return (
    <div role="status" data-lines>
      {lines.map((line) => (
        <div class={`card notice ${line.tone}`}>
          <strong class="notice-title">
            <span aria-hidden="true">{{ ok: '✓', amber: '?', alarm: '×' }[line.tone]}</span> {line.text}
          </strong>
          {line.key !== undefined && line.key !== '' && (
            <p>{t.live_key}<br /><span class="hash groups">{formatKey(line.key)}</span></p>
          )}
        </div>
      ))}
    </div>
  );
}

function UsePaper({ paper }: { paper: Paper }): JSX.Element {
  const t = useText();
  const [said, say] = useState('');
  const { origin } = paper.checkpoint;
  const estate = estateOf(origin);
  const use = async (): Promise<void> => {
    try {
      const { kind } = await usePaper({ estate, origin, server: new LogServer(estate) }, paper.note);
      const told: Record<typeof kind, string> = {
        kept: fill(t.paper_kept, { size: formatCount(paper.checkpoint.size) }), agrees: t.paper_agrees, alarm: t.live_alarm,
        unsigned: t.live_unsigned, unreadable: t.paper_bad, other_log: t.paper_bad,
      };
      say(told[kind]);
    } catch {
      say(t.live_offline);
    }
  };
  return (
    <div class="screen-only">
      <button type="button" class="btn alt" onClick={use}>{t.use_paper}</button>
      <p class="hint">{t.use_paper_hint}</p>
      <p role="status">{said} {said !== '' && <a class="tap" href={`/e/${estate}/witness`}>{t.go_witness}</a>}</p>
      <p><a class="tap" href={`/e/${estate}/proof`}>{t.go_proof}</a></p>
    </div>
  );
}

export function PaperCard({ paper, online }: { paper: Paper | 'bad'; online: boolean }): JSX.Element {
  const t = useText();
  const locale = useLocale();
  const [lines, setLines] = useState<Line[]>([]);
  const [busy, setBusy] = useState(online);
  useEffect(() => {
    if (paper === 'bad' || !online) return;
    const tell = (line: Line): void => setLines((before) => [...before, line]);
    setLines([]);
    setBusy(true);
    const when = (at: number): string => formatInstant(laterBy(instant('1970-01-01T00:00:00Z'), at * 1000), locale);
    compareAll(paper, { t, when, tell }).catch(() => tell({ tone: 'amber', text: t.live_offline })).finally(() => setBusy(false));
  }, [paper, online, locale]);
  if (paper === 'bad') return <section class="card alarm"><h2>{t.paper_title}</h2><p>{t.paper_bad}</p></section>;
  const { origin, size, root } = paper.checkpoint;
  return (
    <section class="card" data-paper>
      <h2>{t.paper_title}</h2>
      <dl class="facts">
        <div><dt>{t.paper_log}</dt><dd class="hash">{origin}</dd></div>
        <div><dt>{t.paper_size}</dt><dd><strong>{fill(t.paper_n, { size: formatCount(size) })}</strong></dd></div>
        <div><dt>{t.paper_root}</dt><dd><span class="hash groups">{formatHash(hexOf(root))}</span></dd></div>
      </dl>
      <p>{t.paper_compare}</p>
      {busy && <p class="hint" role="status">{t.paper_checking}</p>}
      <Lines lines={lines} />
      <p class="hint">{online ? t.paper_with_files : t.paper_offline}</p>
      {online && <UsePaper paper={paper} />}
    </section>
  );
}
