// The verdict as a text to read: the first broken thing first, what it means, what was checked, what is not proven.
import type { Bilingual, Locale } from '../kernel/locale.ts';
import type { Finding } from './findings.ts';
import type { Severity } from './told.ts';
import type { Outcome, Verdict } from './verify.ts';

const outcomes: Record<Outcome, Bilingual> = {
  holds: { zh: '核验通过：这些文件里的账目与存证记录一致，没有发现改动或隐瞒。', en: 'It holds: these books are what was put on record; nothing was found changed or hidden.' },
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

const placeOf = ({ file, where }: Finding): string => [file, where].filter((part) => part !== '').join(' › ');

/** Places told of one finding; what more there are is a number. */
const PLACES = 5;

/** What is said of several files is said once, with its places; a meaning that several findings share, too. */
function section(severity: Severity, findings: readonly Finding[], locale: Locale): string[] {
  const own = Map.groupBy(findings.filter((one) => one.severity === severity), (one) => `${one.code} ${one.text[locale]}`);
  if (own.size === 0) return [];
  const meant = new Set<string>();
  const text = [...own.values()].flatMap((same) => {
    const [{ code, text: said, meaning }] = same as [Finding, ...Finding[]];
    const with_meaning = !meant.has(meaning[locale]);
    meant.add(meaning[locale]);
    const more = same.length - PLACES;
    return [
      `  - ${said[locale]}  [${code}]`, ...same.slice(0, PLACES).map((one) => `      ${placeOf(one)}`),
      ...(more <= 0 ? [] : [locale === 'zh' ? `      另有 ${more} 处` : `      and ${more} more`]), ...(with_meaning ? [`      → ${meaning[locale]}`] : []),
    ];
  });
  return ['', `${heads[severity][locale]}${locale === 'zh' ? '：' : ':'}`, ...text];
}

/** The whole verdict as text, with a newline at its end. */
export function verdictText({ outcome, findings, files, facts }: Verdict, locale: Locale): string {
  const colon = locale === 'zh' ? '：' : ':';
  const [first] = findings;
  const head = [outcomes[outcome][locale]];
  if (first !== undefined && outcome !== 'holds') {
    const where = locale === 'zh' ? `（${placeOf(first)}）` : ` (${placeOf(first)})`;
    head.push(`${words.first[locale]}${colon}${locale === 'zh' ? '' : ' '}${first.text[locale]}${where}`);
  }
  return [
    ...head,
    ...section('broken', findings, locale), ...section('unreadable', findings, locale),
    '', `${words.files[locale]}${colon}`, ...files.map(({ name, title, sha256 }) => `  - ${name}${colon}${locale === 'zh' ? '' : ' '}${title[locale]}${sha256 === '' ? '' : `\n      SHA-256 ${sha256}`}`),
    ...(facts.length === 0 ? [] : ['', `${words.checked[locale]}${colon}`, ...facts.map((fact) => `  - ${fact[locale]}`)]),
    ...section('caution', findings, locale), '',
  ].join('\n');
}
