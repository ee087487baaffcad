// The notice-board sheet (公告栏张贴页): one A4 page in large type. From top to bottom: estate and month, the four
// amounts, what must be noted, the checkpoint as a code and in figures, the key of the log, how to check. Everything
// below the warnings has its fixed height; the warnings get what is left, and say so when it is not enough.
import { createHash } from 'node:crypto';
import { instant } from '../../src/kernel/dates.ts';
import { fill } from '../../src/kernel/locale.ts';
import type { Locale } from '../../src/kernel/locale.ts';
import { CONTENT_WIDTH, PAGE, SealedDocument, ink } from '../kit/document.ts';
import { widthOf } from '../kit/fonts.ts';
import type { Face } from '../kit/fonts.ts';
import { breakLines } from '../kit/lines.ts';
import { drawQr } from '../kit/qr.ts';
import { grouped } from '../kit/seal.ts';
import type { PrintedSeal } from '../kit/seal.ts';
import { figures as amountWords } from '../kit/table.ts';
import { moment, periodWords, plainNumber, witnessLine } from '../monthly-disclosure/words.ts';
import type { NoticeSheet } from './sheet.ts';
import { sheetTexts } from './texts.ts';
import type { SheetText } from './texts.ts';

interface Sheet {
  readonly document: SealedDocument;
  readonly sheet: NoticeSheet;
  readonly locale: Locale;
  readonly say: (name: SheetText, facts?: Record<string, string | number>) => string;
}

/** The large code takes what room is left over. */
const QR = { least: 168, most: 236 };
const KEY_QR = 92;
const TEXT = 12;
const LEAD = 17;
const UNSEALED = 84;

/** The PDF. Same sheet, same language: the same bytes, on any day. */
export async function renderNoticeSheet(given: NoticeSheet, locale: Locale): Promise<Buffer> {
  const say: Sheet['say'] = (name, facts) => fill(sheetTexts[locale][name], facts);
  const period = periodWords(given.period, locale);
  const estate = nameOf(given, locale);
  const identity = createHash('sha256').update(`notice ${locale}\n${JSON.stringify(given)}`).digest();
  const document = new SealedDocument({
    title: say('file_title', { estate, period }),
    author: given.estate.trustee,
    subject: say('title'),
    lang: locale === 'zh' ? 'zh-CN' : 'en',
    created: instant(given.published_at),
    fileId: identity.subarray(0, 16),
  });
  const printing: Sheet = { document, sheet: given, locale, say };
  printTitle(printing);
  printAmounts(printing);
  const { seal } = given;
  const steps = seal === null ? [say('read')] : [say('scan'), say('file')];
  const below = stepsHeight(document, steps) + (seal === null ? UNSEALED : KEY_QR + 22);
  printWarnings(printing, PAGE.bottom - below - (seal === null ? 0 : QR.least));
  if (seal === null) printUnsealed(printing);
  else {
    const room = PAGE.bottom - below - document.y;
    printCheckpoint(printing, seal, Math.max(QR.least, Math.min(QR.most, room)));
    printKey(printing, seal);
  }
  printSteps(printing, steps);
  return document.seal((page, pages) => [
    say('footer', { estate, period }),
    pages > 1 ? `${page} / ${pages}` : '',
  ]);
}

const nameOf = ({ estate }: NoticeSheet, locale: Locale): string =>
  locale === 'en' && estate.name_en !== '' ? estate.name_en : estate.name_zh;

/** One line as large as it may be in the width there is. */
function line(
  { document }: Sheet,
  text: string,
  { x = PAGE.left, size, width = PAGE.right - x, face = document.regular }:
    { x?: number; size: number; width?: number; face?: Face },
): void {
  const fitting = Math.min(size, (size * width) / widthOf(document.clean(text), face, size));
  document.text(text, x, document.y + size * 0.86, { size: fitting, face });
  document.y += size * 1.34;
}

function printTitle(printing: Sheet): void {
  const { document, sheet, locale, say } = printing;
  const { bold } = document;
  const gap = locale === 'zh' ? '　' : ', ';
  document.leaf('H1', () =>
    line(printing, `${say('title')}${gap}${periodWords(sheet.period, locale)}`, { size: 31, face: bold }));
  document.leaf('P', () => line(printing, nameOf(sheet, locale), { size: 20, face: bold }));
  const { trustee, committee } = sheet.estate;
  for (const text of [
    `${say('issue', { version: sheet.version, published: moment(sheet.published_at) })}　${say('unit')}`,
    say('by', { trustee, committee }),
  ])
    document.leaf('P', () => line(printing, text, { size: TEXT }));
  document.y += 2;
  document.artifact(() => {
    document.rule(PAGE.left, PAGE.right, document.y, 1.2, ink.black);
    document.rule(PAGE.left, PAGE.right, document.y + 3, 1.2, ink.black);
  });
  document.y += 12;
}

const BOX = 52;

function printAmounts(printing: Sheet): void {
  const { document, sheet, say } = printing;
  const top = document.y;
  const width = CONTENT_WIDTH / 2;
  (['opening', 'received', 'paid', 'closing'] as const).forEach((name, index) => {
    const [x, y] = [PAGE.left + (index % 2) * width, top + Math.floor(index / 2) * BOX];
    document.artifact(() => document.box(x, y, width, BOX, 0.9, ink.rule));
    const amount = amountWords(sheet[name]);
    const size = Math.min(23, (23 * (width - 24)) / widthOf(amount, document.bold, 23));
    const color = amount.startsWith('−') ? ink.red : ink.black;
    document.leaf('P', () => {
      document.text(`${say(name)} `, x + 10, y + 17, { size: 12, color: ink.soft });
      document.text(amount, x + width - 12, y + 43, { size, face: document.bold, color, align: 'right' });
    });
  });
  document.y = top + BOX * 2 + 10;
}

/** The warnings in a red frame, as many lines as fit above `bottom`. */
function printWarnings(printing: Sheet, bottom: number): void {
  const { document, sheet, locale, say } = printing;
  if (sheet.notices.length === 0) {
    document.paragraph(say('nothing_to_note'), { size: TEXT + 1, lead: LEAD });
    document.y += 6;
    return;
  }
  const width = CONTENT_WIDTH - 24;
  const room = Math.max(2, Math.floor((bottom - document.y - 36) / LEAD));
  const texts = sheet.notices.map(({ text_zh, text_en }, index) =>
    `${index + 1}. ${locale === 'en' && text_en !== '' ? text_en : text_zh}`);
  const broken = texts.map((text) => breakLines(document.clean(text), document.regular, TEXT, width));
  let lines = broken.flat();
  if (lines.length > room) lines = [...lines.slice(0, room - 1), say('more_notices', { n: texts.length })];
  const top = document.y;
  const height = lines.length * LEAD + 30;
  document.artifact(() => document.box(PAGE.left, top, CONTENT_WIDTH, height, 1.6, ink.red));
  document.leaf('H2', () =>
    document.text(say('please_note'), PAGE.left + 12, top + 19, { size: 14, face: document.bold, color: ink.red }));
  document.leaf('P', () => lines.forEach((text, index) =>
    document.text(text, PAGE.left + 12, top + 24 + (index + 0.75) * LEAD, { size: TEXT })));
  document.y = top + height + 10;
}

function printUnsealed({ document, say }: Sheet): void {
  const top = document.y;
  document.artifact(() => document.box(PAGE.left, top, CONTENT_WIDTH, UNSEALED - 12, 1.6, ink.red));
  document.leaf('H2', () =>
    document.text(say('unsealed'), PAGE.left + 12, top + 20, { size: 14, face: document.bold, color: ink.red }));
  document.y = top + 28;
  document.paragraph(say('unsealed_text'), { size: TEXT, lead: LEAD, x: PAGE.left + 12, width: CONTENT_WIDTH - 24 });
  document.y = top + UNSEALED;
}

/** The large code, and beside it the same in figures. */
function printCheckpoint(printing: Sheet, seal: PrintedSeal, qr: number): void {
  const { document, locale, say } = printing;
  const { bold } = document;
  const { address } = seal;
  const top = document.y;
  drawQr(document, address, PAGE.left - 9, top, qr, say('qr', { address }), 'L');
  const x = PAGE.left + qr + 4;
  document.y = top + Math.max(4, (qr - 190) / 2 + 4);
  document.leaf('H2', () => line(printing, say('checkpoint'), { x, size: 17, face: bold }));
  document.leaf('P', () =>
    line(printing, say('size', { size: plainNumber(seal.size) }), { x, size: 13 }),
  );
  document.y += 3;
  document.leaf('P', () => {
    for (let from = 0; from < 64; from += 16) {
      line(printing, `${grouped(seal.root.slice(from, from + 16))} `, { x, size: 18, face: bold });
    }
  });
  document.y += 3;
  document.paragraph(witnessLine(seal.witnessed, locale), { x, size: TEXT, lead: LEAD - 1 });
  document.y = top + qr + 4;
}

/** The key in letters and as a code of its own, between two rules. */
function printKey(printing: Sheet, { vkey }: PrintedSeal): void {
  const { document, say } = printing;
  const { bold } = document;
  const top = document.y;
  document.artifact(() => document.rule(PAGE.left, PAGE.right, top, 0.6, ink.rule));
  drawQr(document, vkey, PAGE.right - KEY_QR + 6, top + 2, KEY_QR, say('key_qr', { vkey }));
  const width = CONTENT_WIDTH - KEY_QR - 6;
  document.y = top + 7;
  document.leaf('H2', () => line(printing, say('key'), { size: 14, face: bold, width }));
  document.paragraph(say('key_text'), { size: 10.5, lead: 14.5, width });
  document.y += 2;
  // In two lines, broken behind a plus, so that nobody copies half a word.
  const [name = '', id = '', ...key] = vkey.split('+');
  document.leaf('P', () => {
    line(printing, `${name}+${id}+`, { size: 12.5, face: bold, width });
    line(printing, key.join('+'), { size: 12.5, face: bold, width });
  });
  document.y = top + KEY_QR + 6;
  document.artifact(() => document.rule(PAGE.left, PAGE.right, document.y, 0.6, ink.rule));
  document.y += 8;
}

const stepWidth = CONTENT_WIDTH - 16;
const stepsHeight = (document: SealedDocument, steps: readonly string[]): number =>
  47 + steps.reduce((lines, text) =>
    lines + breakLines(document.clean(text), document.regular, TEXT, stepWidth).length, 0) * (LEAD - 1);

function printSteps(printing: Sheet, steps: readonly string[]): void {
  const { document, sheet, locale, say } = printing;
  document.leaf('H2', () => line(printing, say('how'), { size: 14, face: document.bold }));
  steps.forEach((text, index) => {
    const y = document.y;
    document.leaf('P', () => document.text(`${index + 1}. `, PAGE.left, y + TEXT, { size: TEXT, face: document.bold }));
    document.y = y;
    document.paragraph(text, { size: TEXT, lead: LEAD - 1, x: PAGE.left + 16, width: stepWidth });
  });
  document.y += 3;
  const sha = locale === 'zh' ? sheet.pdf_zh_sha256 : sheet.pdf_en_sha256;
  document.leaf('P', () => line(printing, say('sha', { sha }), { size: 8 }));
  const { verifier_sha256 } = sheet;
  if (verifier_sha256 !== undefined) document.leaf('P', () => line(printing, say('verifier_sha', { sha: verifier_sha256 }), { size: 8 }));
}
