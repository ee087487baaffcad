// Prints a disclosure anew from what is attached to it and compares the bytes: so that the pages, too, are shown to be
// made from the figures that were verified. Only this version of the program prints the same bytes as this version did;
// another version, or another address of the service, says nothing against a file.
import { readEmbedded } from './verifier/embedded.ts';
import type { GivenFile } from './verifier/verify.ts';
import { businessDate, instant, laterBy } from './kernel/dates.ts';
import type { Locale } from './kernel/locale.ts';
import { base64urlOf, hexOf, same, textOf, utf8 } from './proof/bytes.ts';
import { judgeNote, readPolicy } from './proof/policy.ts';
import { readFacts, readSeal, type FactsRead, type SealRead } from './verifier/sources.ts';
import type { DisclosureFigures } from '../reports/monthly-disclosure/figures.ts';
import { renderMonthlyDisclosure } from '../reports/monthly-disclosure/layout.ts';
import { sealFiles, type Seal, type Witnessed } from '../reports/kit/seal.ts';

const texts = {
  same: { zh: '重印一致：页面确实是由附件里的数字印出来的', en: 'printed anew, byte for byte: the pages are made from the figures attached' },
  other: {
    zh: '重印不一致：可能是用别的版本的程序印的，也可能页面被改过。请用下个月的文件核对这个 PDF 的校验值',
    en: 'printed anew it differs: another version of the program printed it, or its pages were changed; next month\'s file holds the hash of this PDF',
  },
  none: { zh: '不是封存的收支公示，没有重印', en: 'no sealed disclosure, not printed anew' },
} as const;

/** Who witnessed, as it is printed. */
function witnessedOf({ witnessed }: SealRead, { policy: text }: FactsRead): Witnessed | null {
  if (witnessed === null || text === null) return null;
  const policy = readPolicy(text);
  const { checkpoint, witnesses } = judgeNote(policy, witnessed.note);
  const count = (side: string): number => {
    const members = policy.groups.find(({ name }) => name === side)?.members ?? [];
    return witnesses.filter(({ name }) => members.includes(name)).length;
  };
  const last = Math.max(...witnesses.map(({ time }) => time));
  return {
    size: checkpoint.size, on: businessDate(laterBy(instant('1970-01-01T00:00:00Z'), last * 1000)),
    committee: count('committee'), street: count('street'), resident: count('resident'),
  };
}

/** The address behind the QR code is not attached; its host is that of the log. */
const addressesOf = ({ origin, note }: SealRead): string[] => {
  const host = origin.slice(0, origin.lastIndexOf('/'));
  return ['https', 'http'].map((scheme) => `${scheme}://${host}/verify#${base64urlOf(utf8(note))}`);
};

async function printsTheSame(bytes: Uint8Array): Promise<boolean | null> {
  const attached = await readEmbedded(bytes);
  if (attached === null || !sealFiles.every((name) => attached.has(name))) return null;
  const seal = readSeal(attached.get('seal.json')!);
  const facts = readFacts(attached.get('facts.json')!);
  const figures = JSON.parse(textOf(attached.get('figures.json')!)) as DisclosureFigures;
  const locale: Locale = attached.get('entries.csv')![3] === 115 ? 'en' : 'zh';
  const files = Object.fromEntries(sealFiles.map((name) => [name, attached.get(name)!])) as Seal['files'];
  const printed = { note: seal.note, size: seal.size, root: hexOf(seal.checkpoint.root), vkey: facts.keys.at(-1)?.vkey ?? '', witnessed: witnessedOf(seal, facts), files };
  for (const address of addressesOf(seal)) {
    if (same(await renderMonthlyDisclosure(figures, locale, { ...printed, address }), bytes)) return true;
  }
  return false;
}

/** Prints every disclosure among the files anew; false where one of them differs. */
export async function reprint(given: readonly GivenFile[], locale: Locale, out: (text: string) => void): Promise<boolean> {
  let all = true;
  for (const { name, blob } of given) {
    const found = await printsTheSame(new Uint8Array(await blob.arrayBuffer())).catch(() => null);
    const text = found === null ? texts.none : found ? texts.same : texts.other;
    if (found === false) all = false;
    out(`  - ${name}${locale === 'zh' ? '：' : ': '}${text[locale]}\n`);
  }
  return all;
}

