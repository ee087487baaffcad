// Findings: what is wrong, where, and what it means for whoever holds the file. Kept in the order in which they were
// found, so that the first broken thing is named first; a code that comes again and again is told a few times only.
import { fill, type Bilingual } from '../kernel/locale.ts';
import { findingTexts, type FindingCode } from './texts.ts';
import type { Severity } from './told.ts';

export interface Finding {
  code: FindingCode;
  severity: Severity;
  file: string;
  /** Record, attachment or place in it: "records.tsv #17 2026-10 付-003"; empty for the whole file. */
  where: string;
  text: Bilingual;
  /** What it means and what to do. */
  meaning: Bilingual;
}

/** {x} in both texts; {x_en} in the English one where it differs. */
export type Facts = Readonly<Record<string, string | number>>;

/** Reports for one file. */
export type Report = (code: FindingCode, where: string, facts?: Facts) => void;

/** A log may break the same rule a hundred thousand times. */
const EACH = 10;

export class Findings {
  readonly #list: Finding[] = [];
  readonly #counts = new Map<string, number>();

  report(code: FindingCode, { file, where = '', facts = {} }: { file: string; where?: string | undefined; facts?: Facts | undefined }): void {
    const { severity, text, meaning } = findingTexts[code];
    const key = `${code}\n${file}`;
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    if (count > EACH) return;
    const english = Object.fromEntries(Object.entries(facts).filter(([name]) => name.endsWith('_en')).map(([name, fact]) => [name.slice(0, -3), fact]));
    const told = ({ zh, en }: Bilingual): Bilingual => ({ zh: fill(zh, facts), en: fill(en, { ...facts, ...english }) });
    this.#list.push({ code, severity, file, where, text: told(text), meaning: told(meaning) });
  }

  has(severity: Severity, file?: string): boolean {
    return this.#list.some((one) => one.severity === severity && (file === undefined || one.file === file));
  }

  /** Broken things first, then what could not be read, then cautions; each in the order found. */
  inOrder(): Finding[] {
    const ranks: readonly Severity[] = ['broken', 'unreadable', 'caution'];
    return ranks.flatMap((rank) => this.#list.filter((one) => one.severity === rank)).map((one) => this.#withRest(one));
  }

  /** The last one told of many says how many more there are. */
  #withRest(finding: Finding): Finding {
    const { code, file, text } = finding;
    const more = (this.#counts.get(`${code}\n${file}`) ?? 0) - EACH;
    if (more <= 0 || this.#list.findLast((one) => one.code === code && one.file === file) !== finding) return finding;
    return { ...finding, text: { zh: `${text.zh}（同样的还有 ${more} 处）`, en: `${text.en} (and ${more} more of the same)` } };
  }
}
