// The estate's proof page: the latest checkpoint, who witnessed it, the keys, and how anybody checks for themselves.
// Open to all, as the checkpoint is: it tells nothing of what is recorded and names nobody.
import type { JSX } from 'preact';
import { fill } from '../kernel/locale.ts';
import type { Frame } from '../web/frame.ts';
import { formatCount, formatHash, formatInstant, formatKey, formatSize, pick } from '../web/locale.ts';
import { ActionLink, Card, Chip, DescriptionList, Notice } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { LedgerTable } from '../web/tables.tsx';
import type { LogKey } from '../evidence/log-key.ts';
import { missingText, sidesText } from './line.tsx';
import type { CheckpointRow, ProofState } from './queries.ts';
import { texts } from './texts.ts';
import { SIDES, type Side } from './witness.ts';

type T = ReturnType<typeof pick<typeof texts>>;

export interface ProofShown {
  code: string;
  state: ProofState;
  /** Latest checkpoint with its cosignatures; '' while there is none. */
  note: string;
  keys: readonly LogKey[];
  history: readonly CheckpointRow[];
  /** Days since the last complete witnessing; null where there was none. */
  days: number | null;
  verifier: { sha256: string; size: number };
  may_witness: boolean;
}
interface Part { shown: ProofShown; frame: Frame; t: T }

/** After so many days the page asks for new witnesses: a month and some days' grace. */
const STALE = 35;

export const Groups = ({ text }: { text: string }): JSX.Element => <span class="hash groups">{text}</span>;

function Latest({ shown, frame, t }: Part): JSX.Element {
  const { latest } = shown.state;
  if (latest === null) return <Card title={t.latest}><p>{t.no_checkpoint}</p></Card>;
  const name = `${shown.code}-${latest.size}.checkpoint`;
  return (
    <Card title={t.latest}>
      <p class="big">{fill(t.records_n, { size: formatCount(latest.size) })}</p>
      <DescriptionList items={[
        { term: t.made_at, value: formatInstant(latest.issued_at, frame.locale) },
        { term: t.root, value: <Groups text={formatHash(latest.root.toString('hex'))} /> },
      ]} />
      <p class="hint">{t.root_hint}</p>
      <details>
        <summary class="tap">{t.note_title}</summary>
        <p class="hint">{t.note_hint}</p>
        <pre class="note" tabIndex={0} id="note">{shown.note}</pre>
      </details>
      <div class="buttons">
        <button type="button" class="btn alt" data-copy="note" data-copied={t.copied} hidden>{t.copy_note}</button>
        <a class="btn alt" href={`/api/v1/estates/${shown.code}/log/checkpoint?size=${latest.size}`} download={name}>
          {t.download_note}
        </a>
      </div>
    </Card>
  );
}

function Standing({ shown: { state, days }, frame, t }: Part): JSX.Element {
  const { locale } = frame;
  const { fulfilled, latest, missing } = state;
  const inOrder = (sides: readonly Side[]): Side[] => SIDES.filter((side) => sides.includes(side));
  if (latest === null) return <></>;
  const lacking = missing.length === 0 ? null
    : <p>{fill(t.missing_latest, { size: formatCount(latest.size), who: missingText(missing, locale) })}</p>;
  if (fulfilled === null) return <Notice tone="amber" title={t.not_fulfilled}>{lacking}</Notice>;
  const who = sidesText(inOrder(fulfilled.sides), locale);
  const title = fulfilled.size === latest.size ? fill(t.fulfilled_latest, { who })
    : fill(t.fulfilled, { size: formatCount(fulfilled.size), who, when: formatInstant(fulfilled.issued_at, locale) });
  const stale = days !== null && days > STALE;
  return <Notice tone={stale ? 'amber' : 'ok'} title={title}>{stale ? <p>{fill(t.stale, { days })}</p> : lacking}</Notice>;
}

/** "业委会 1 人、业主 3 人": numbers, never names. */
const countsText = ({ witnesses }: CheckpointRow, locale: 'zh' | 'en', t: T): string =>
  SIDES.filter((side) => witnesses[side] > 0).map((side) => fill(t[`by_${side}`], { n: witnesses[side] }))
    .join(locale === 'zh' ? '、' : ', ');

function Summary(part: Part): JSX.Element {
  const { shown, t } = part;
  return (
    <Card title={t.witnessed_title}>
      <p>{t.policy_text}</p>
      <Standing {...part} />
      {shown.may_witness && <div class="buttons"><ActionLink href={`/e/${shown.code}/witness`}>{t.become_witness}</ActionLink></div>}
    </Card>
  );
}

function History({ shown, frame: { locale }, t }: Part): JSX.Element {
  const rows = SIDES.map((side) => ({ side, ...shown.state.sides[side] }));
  const upTo = (size: number): string => fill(t.up_to_n, { size: formatCount(size) });
  return (
    <Card title={t.history_title}>
      <LedgerTable caption={t.witnessed_title} caption_hidden rows={rows} columns={[
        { key: 'side', title: t.side, lead: true, cell: (row) => t[`side_${row.side}`] },
        { key: 'devices', title: t.devices, type: 'number', cell: (row) => fill(t.devices_n, { n: row.devices }) },
        { key: 'size', title: t.up_to, type: 'number', cell: ({ size }) => (size === null ? t.never : upTo(size)) },
        { key: 'signed_at', title: t.when, type: 'date', cell: ({ signed_at: at }) => (at === null ? '' : formatInstant(at, locale)) },
      ]} />
      {shown.history.length > 0 && (
        <LedgerTable caption={t.history_title} caption_hidden rows={shown.history} columns={[
          { key: 'size', title: t.checkpoint, lead: true, cell: (row) => upTo(row.size) },
          { key: 'issued_at', title: t.made_at, type: 'date', cell: (row) => formatInstant(row.issued_at, locale) },
          { key: 'by', title: t.by, cell: (row) => countsText(row, locale, t) },
          {
            key: 'fulfilled', title: t.policy,
            cell: (row) => <Chip tone={row.fulfilled ? 'ok' : 'plain'}>{row.fulfilled ? t.complete : t.incomplete}</Chip>,
          },
        ]} />
      )}
    </Card>
  );
}

function Keys({ shown, t }: Part): JSX.Element | null {
  if (shown.keys.length === 0) return null;
  return (
    <Card title={t.keys_title}>
      <p class="hint">{t.keys_hint}</p>
      {shown.keys.toReversed().map((key) => (
        <p>
          <Groups text={formatKey(key.vkey)} />
          <br />
          <Chip tone={key.ended_seq === null ? 'ok' : 'plain'}>{key.ended_seq === null ? t.present : t.former}</Chip>{' '}
          <span class="hint">
            {key.ended_seq === null ? fill(t.key_since, { seq: formatCount(key.opened_seq) })
              : fill(t.key_until, { from: formatCount(key.opened_seq), seq: formatCount(key.ended_seq) })}
          </span>
        </p>
      ))}
    </Card>
  );
}

/** How to check for oneself; also on the page Verify. */
function Check({ shown: { code, verifier }, t }: Part): JSX.Element {
  return (
    <Card title={t.check_title}>
      <ol class="plain-list">
        <li>{t.check_1}</li>
        <li>{t.check_2}</li>
        <li>{t.check_3}</li>
      </ol>
      <div class="buttons">
        <ActionLink href="/verify">{t.open_verify}</ActionLink>
        <a class="btn alt" href="/verify.html" download="verify.html">
          {fill(t.download_verifier, { size: formatSize(verifier.size) })}
        </a>
      </div>
      <p class="hint">{t.sha256_of}</p>
      <p><Groups text={formatHash(verifier.sha256)} /></p>
      <p><a class="tap" href={`/api/v1/estates/${code}/log/policy`} download={`${code}.policy`}>{t.download_policy}</a></p>
    </Card>
  );
}

export function proofPage(frame: Frame, shown: ProofShown): string {
  const t = pick(texts, frame.locale);
  const part: Part = { shown, frame, t };
  const body = (
    <>
      <div class="columns">
        <Latest {...part} />
        <Summary {...part} />
      </div>
      <History {...part} />
      <div class="columns">
        <Check {...part} />
        <Keys {...part} />
      </div>
    </>
  );
  return page({ ...frame, audience: 'resident', title: t.proof, lede: t.proof_lede, body });
}
