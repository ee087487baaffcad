// The monthly disclosure (收支公示) as a sealed PDF: page one tells the month, then comes every
// single entry, then who signed and how to check. It is published whatever is missing, so nothing
// here refuses: what does not add up is printed in red where it is found.
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { instant } from '../../src/kernel/dates.ts';
import type { Locale } from '../../src/kernel/locale.ts';
import { SealedDocument } from '../kit/document.ts';
import type { Attachment } from '../kit/document.ts';
import { sealFiles } from '../kit/seal.ts';
import type { Seal, SealFile } from '../kit/seal.ts';
import { printBudget, printChecks, printProjects, printSurveys, printVoice } from './beside.ts';
import { printCheck, printSignatures } from './closing.ts';
import { entriesCsv } from './csv.ts';
import { printFees } from './fees.ts';
import { printEntries } from './entries.ts';
import type { DisclosureFigures } from './figures.ts';
import { printBalances, printHead, printBankLines, printNotices } from './head.ts';
import {
  printArrears,
  printBank,
  printFunds,
  printHeadings,
  printMonths,
  printOther,
  printUnexplained,
} from './overview.ts';
import { nameIn, periodWords, plainNumber, sayIn } from './words.ts';
import type { TextName } from './texts.ts';
import type { Printing } from './words.ts';

const sealAttachments = {
  'seal.json': ['application/json', 'attachment_seal'],
  'facts.json': ['application/json', 'attachment_facts'],
  'records.tsv': ['text/tab-separated-values', 'attachment_records'],
  'earlier.tsv': ['text/tab-separated-values', 'attachment_earlier'],
} as const satisfies Record<SealFile, readonly [type: string, description: TextName]>;

/** The PDF. Same figures, same language, same seal: the same bytes, on any day. */
export async function renderMonthlyDisclosure(
  figures: DisclosureFigures,
  locale: Locale,
  seal: Seal | null = null,
  attachments: readonly Attachment[] = [],
): Promise<Buffer> {
  const json = Buffer.from(canonicalize(figures) ?? '', 'utf8');
  const document = openDocument({ figures, locale, json, seal });
  const say = sayIn(locale);
  const printing: Printing = { document, figures, locale, seal, say, name: nameIn(locale) };
  for (const print of [
    printHead,
    printBalances,
    printNotices,
    printBankLines,
    printVoice,
    printChecks,
    printHeadings,
    printOther,
    printArrears,
    printFees,
    printFunds,
    printBudget,
    printProjects,
    printBank,
    printUnexplained,
    printMonths,
    printSurveys,
    printEntries,
    printSignatures,
    printCheck,
  ])
    print(printing);
  document.attach({
    name: 'figures.json',
    type: 'application/json',
    description: say('attachment_json'),
    bytes: json,
  });
  document.attach({
    name: 'entries.csv',
    type: 'text/csv',
    description: say('attachment_csv'),
    bytes: Buffer.from(entriesCsv(figures, locale), 'utf8'),
  });
  if (seal !== null) {
    for (const name of sealFiles) {
      const [type, description] = sealAttachments[name];
      document.attach({ name, type, description: say(description), bytes: seal.files[name] });
    }
  }
  for (const attachment of attachments) document.attach(attachment);
  const footer = say('footer', {
    estate: printing.name(figures.estate),
    period: periodWords(figures.period, locale),
    version: figures.version,
    size: plainNumber(seal?.size ?? figures.log.size),
  });
  return document.seal((page, pages) => [footer, say('page', { page, pages })]);
}

interface Opening {
  figures: DisclosureFigures;
  locale: Locale;
  json: Buffer;
  seal: Seal | null;
}

function openDocument({ figures, locale, json, seal }: Opening): SealedDocument {
  const say = sayIn(locale);
  const estate = nameIn(locale)(figures.estate);
  const title = say('file_title', {
    estate,
    period: periodWords(figures.period, locale),
    version: figures.version,
  });
  const created = figures.published_at ?? figures.closed_at ?? `${figures.due_on}T00:00:00Z`;
  const identity = createHash('sha256')
    .update(`${locale}\n${seal?.note ?? ''}\n`)
    .update(json)
    .digest()
    .subarray(0, 16);
  return new SealedDocument(
    {
      title,
      author: figures.estate.trustee,
      subject: say('title'),
      lang: locale === 'zh' ? 'zh-CN' : 'en',
      created: instant(created),
      fileId: identity,
    },
    figures.published_at === null ? (document) => document.watermark(say('draft')) : undefined,
  );
}
