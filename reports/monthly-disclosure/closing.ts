// After the entries: who signed the close, and how anyone checks this file.
import { fill } from '../../src/kernel/locale.ts';
import { CONTENT_WIDTH, PAGE, ink } from '../kit/document.ts';
import { breakLines } from '../kit/lines.ts';
import { figures as amountWords } from '../kit/table.ts';
import { grouped } from '../kit/seal.ts';
import { checkSteps, marksNote } from './check-texts.ts';
import type { CheckStep } from './check-texts.ts';
import { methodWords, moment, officeWords, periodWords, plainNumber, witnessLine } from './words.ts';
import type { Printing } from './words.ts';

const HEIGHT = 34;

export function printSignatures(printing: Printing): void {
  const { document, figures, say, name, locale } = printing;
  document.ensure(HEIGHT + 50);
  document.bookmark(say('signatures'));
  document.heading(say('signatures'));
  document.y += 4;
  if (figures.signatures.length === 0) {
    document.leaf('P', () =>
      document.text(say('not_signed'), PAGE.left + 8, document.y + 15, {
        size: 8.8,
        color: ink.red,
        face: document.bold,
      }),
    );
    document.artifact(() => document.box(PAGE.left, document.y, CONTENT_WIDTH, 23, 1.1, ink.red));
    document.y += 30;
    return;
  }
  const width = (CONTENT_WIDTH - 10) / 2;
  figures.signatures.forEach((signer, index) => {
    const column = index % 2;
    if (column === 0) document.ensure(HEIGHT + 6);
    const x = PAGE.left + column * (width + 10);
    const y = document.y;
    document.artifact(() => document.box(x, y, width, HEIGHT, 0.6, ink.rule));
    document.leaf('P', () => {
      const [line = ''] = breakLines(
        document.clean(officeWords(name(signer))),
        document.bold,
        9,
        width - 16,
      );
      document.glyphs(line, x + 8, y + 14, document.bold, 9, ink.black);
      const how = `${moment(signer.signed_at)}   ${methodWords(signer, locale)}`;
      document.text(how, x + 8, y + 27, { size: 8, color: ink.soft });
    });
    if (column === 1 || index === figures.signatures.length - 1) document.y = y + HEIGHT + 6;
  });
}

/** What the steps of the last page speak of. */
function checkFacts({ figures, seal, locale }: Printing): Record<string, string | number> {
  const { previous } = figures;
  const amounts = (['opening', 'closing', 'received', 'paid'] as const).map(
    (name) => [name, amountWords(figures[name])] as const,
  );
  return {
    ...Object.fromEntries(amounts),
    ...(seal === null
      ? {}
      : {
          verify_page: seal.address.split('#', 1)[0]!,
          size: plainNumber(seal.size),
          root: grouped(seal.root),
          vkey: seal.vkey,
          witnessed: witnessLine(seal.witnessed, locale),
        }),
    ...(previous === null
      ? {}
      : {
          previous_period: periodWords(previous.period, locale),
          previous_version: previous.version,
          previous_zh: previous.pdf_zh_sha256,
          previous_en: previous.pdf_en_sha256,
        }),
  };
}

function stepsOf({ figures, seal, locale }: Printing): CheckStep[] {
  const draft = figures.published_at === null;
  const said: Record<NonNullable<CheckStep['only']>, boolean> = {
    sealed: seal !== null,
    unsealed: seal === null && !draft,
    draft: seal === null && draft,
    'after another': figures.previous !== null,
  };
  return checkSteps[locale].filter(({ only }) => only === undefined || said[only]);
}

export function printCheck(printing: Printing): void {
  const { document, say, locale } = printing;
  const facts = checkFacts(printing);
  // The whole of it on a page of its own, unless there is nearly a page left.
  document.ensure(PAGE.bottom - PAGE.top - 120);
  document.bookmark(say('check'));
  document.heading(say('check'));
  document.y += 6;
  stepsOf(printing).forEach(({ head, text }, index) => {
    document.ensure(50);
    document.paragraph(`${index + 1}. ${head}`, { size: 9.5, face: document.bold, type: 'H3' });
    document.paragraph(fill(text, facts), { size: 8.8, x: PAGE.left + 14, lead: 14 });
    document.y += 4;
  });
  document.y += 4;
  document.paragraph(marksNote[locale], { size: 8, color: ink.soft });
  if (document.missing.size === 0) return;
  const list = [...document.missing]
    .sort()
    .map(
      (character) => `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`,
    );
  document.paragraph(say('rare', { list: list.join(locale === 'zh' ? '、' : ', ') }), {
    size: 8,
    color: ink.soft,
  });
}
