// What came out, in words first: it holds, it does not, or nothing could be read. Then each finding with what it
// means, what was checked, and the files with their SHA-256.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { fill } from '../../kernel/locale.ts';
import type { Finding } from '../../verifier/findings.ts';
import { verdictText } from '../../verifier/report.ts';
import { type Verdict } from '../../verifier/verify.ts';
import { useLocale } from '../context.ts';
import { formatHash, pick } from '../locale.ts';
import { copyText, saveText } from './copy.ts';
import { texts } from './verifier-texts.ts';

const useText = () => pick(texts, useLocale());
const marks = { holds: '✓', broken: '×', unreadable: '?' } as const;
const tones = { holds: 'ok', broken: 'alarm', unreadable: 'amber' } as const;
const chips = { broken: 'red', unreadable: 'amber', caution: 'amber' } as const;

/** What it means is told once, however many findings share it. */
function FindingItem({ finding, with_meaning }: { finding: Finding; with_meaning: boolean }): JSX.Element {
  const t = useText();
  const locale = useLocale();
  const place = [finding.file, finding.where].filter((part) => part !== '').join(' · ');
  return (
    <li data-code={finding.code}>
      <p>
        <span class={`chip ${chips[finding.severity]}`}>{t[`severity_${finding.severity}`]}</span>{' '}
        <strong>{finding.text[locale]}</strong>
      </p>
      {with_meaning && <p>{t.meaning}{locale === 'zh' ? '：' : ': '}{finding.meaning[locale]}</p>}
      {place !== '' && <p class="hint">{t.where} <span class="hash">{place}</span></p>}
    </li>
  );
}

/** The large words. */
function summary({ outcome, findings }: Verdict, t: ReturnType<typeof useText>): string {
  const wrong = findings.filter((one) => one.severity === 'broken').length;
  const cautions = findings.filter((one) => one.severity === 'caution').length;
  if (outcome === 'unreadable') return t.unreadable_text;
  if (outcome === 'broken') return fill(t.broken_text, { n: wrong });
  return cautions === 0 ? t.holds_text : fill(t.holds_caution, { n: cautions });
}

export function Result({ verdict, restart }: { verdict: Verdict; restart: () => void }): JSX.Element {
  const t = useText();
  const locale = useLocale();
  const [copied, setCopied] = useState(false);
  const { outcome, findings, files, facts } = verdict;
  const firstToMean = ({ meaning }: Finding): Finding | undefined => findings.find((one) => one.meaning.zh === meaning.zh);
  const report = (): string => verdictText(verdict, locale);
  return (
    <>
      <section class={`card ${tones[outcome]} verdict`} data-outcome={outcome} tabIndex={-1} id="result" role="status">
        <h2 class="big"><span aria-hidden="true">{marks[outcome]} </span>{t[outcome]}</h2>
        <p class="plain-words">{summary(verdict, t)}</p>
        <div class="buttons screen-only">
          <button type="button" class="btn alt" onClick={() => print()}>{t.print}</button>
          <button type="button" class="btn alt" onClick={() => void copyText(report()).then(setCopied)}>
            {copied ? t.copied : t.copy}
          </button>
          <button type="button" class="btn alt" onClick={() => saveText(report(), `mingzhang-verify-${locale}.txt`)}>
            {t.save}
          </button>
        </div>
      </section>
      {findings.length > 0 && (
        <section class="card">
          <h2>{t.findings}</h2>
          <ol class="talk findings">
            {findings.map((finding) => <FindingItem finding={finding} with_meaning={firstToMean(finding) === finding} />)}
          </ol>
        </section>
      )}
      {facts.length > 0 && (
        <section class="card">
          <h2>{t.facts}</h2>
          <ul class="checks">
            {facts.map((fact) => <li><span class="tick" aria-hidden="true">·</span><span>{fact[locale]}</span></li>)}
          </ul>
        </section>
      )}
      <section class="card">
        <h2>{t.files}</h2>
        <ul class="talk">
          {files.map((file) => (
            <li>
              <p><strong>{file.title[locale]}</strong></p>
              <p class="hint">{file.name}</p>
              {file.sha256 !== '' && <p class="hint">{t.sha256}<br /><span class="hash groups">{formatHash(file.sha256)}</span></p>}
            </li>
          ))}
        </ul>
      </section>
      <p class="screen-only"><button type="button" class="btn" onClick={restart}>{t.again}</button></p>
    </>
  );
}
