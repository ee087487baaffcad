// The verdict as a text to read: the first broken thing first, what it means, what was checked, what is not proven.
import type { Bilingual, Locale } from '../kernel/locale.ts';
import type { Finding, Severity } from './findings.ts';
import type { Outcome, Verdict } from './verify.ts';

const outcomes: Record<Outcome, Bilingual> = {
  holds: { zh: '核验通过：这些文件里的账目没有被改动，也没有隐瞒。', en: 'It holds: nothing in these books was changed or hidden.' },
  broken: { zh: '核验不通过：有人改动了内容，或者隐瞒了内容。', en: 'It does not hold: something was changed or hidden.' },
  unreadable: { zh: '没有核验：文件读不出来，或者没有可以核验的内容。', en: 'Nothing was verified: the files cannot be read, or hold nothing to verify.' },
};

const heads: Record<Severity, Bilingual> = {
  broken: { zh: '不对的地方', en: 'What is wrong' },
  unreadable: { zh: '没有核验的文件', en: 'Files that were not verified' },
  caution: { zh: '请留意（单凭这些文件还不能证明）', en: 'Please note (not proven by these files alone)' },
};
const words = {
  files: { zh: '文件', en: 'Files' },
  checked: { zh: '核对了什么', en: 'What was checked' },
  first: { zh: '最先发现', en: 'First of all' },
} as const satisfies Record<string, Bilingual>;

function lines(finding: Finding, locale: Locale, { with_meaning }: { with_meaning: boolean }): string[] {
  const place = [finding.file, finding.where].filter((part) => part !== '').join(' › ');
  return [`  - ${finding.text[locale]}`, `      ${place}  [${finding.code}]`, ...(with_meaning ? [`      ${finding.meaning[locale]}`] : [])];
}

/** Told once a meaning: many findings share one. */
function section(severity: Severity, findings: readonly Finding[], locale: Locale): string[] {
  const own = findings.filter((one) => one.severity === severity);
  if (own.length === 0) return [];
  const meant = new Set<string>();
  const text = own.flatMap((one) => {
    const with_meaning = !meant.has(one.meaning[locale]);
    meant.add(one.meaning[locale]);
    return lines(one, locale, { with_meaning });
  });
  return ['', `${heads[severity][locale]}${locale === 'zh' ? '：' : ':'}`, ...text];
}

/** The whole verdict as text, with a newline at its end. */
export function verdictText({ outcome, findings, files, facts }: Verdict, locale: Locale): string {
  const colon = locale === 'zh' ? '：' : ':';
  const [first] = findings;
  const head = [outcomes[outcome][locale]];
  if (first !== undefined && outcome !== 'holds') head.push(`${words.first[locale]}${colon}${locale === 'zh' ? '' : ' '}${first.text[locale]}（${[first.file, first.where].filter((part) => part !== '').join(' › ')}）`
    .replace(/（(.*)）$/, locale === 'zh' ? '（$1）' : ' ($1)'));
  return [
    ...head,
    ...section('broken', findings, locale), ...section('unreadable', findings, locale),
    '', `${words.files[locale]}${colon}`, ...files.map(({ name, title, sha256 }) => `  - ${name}${colon} ${title[locale]}${sha256 === '' ? '' : `\n      SHA-256 ${sha256}`}`),
    ...(facts.length === 0 ? [] : ['', `${words.checked[locale]}${colon}`, ...facts.map((fact) => `  - ${fact[locale]}`)]),
    ...section('caution', findings, locale), '',
  ].join('\n');
}
