// Page one, upper half: whose money, which month, the four balances, and what must be said first.
import { PAGE, CONTENT_WIDTH, ink } from '../kit/document.ts';
import type { Ink } from '../kit/document.ts';
import { drawQr } from '../kit/qr.ts';
import { figures as amountWords } from '../kit/table.ts';
import { widthOf } from '../kit/fonts.ts';
import { breakLines } from '../kit/lines.ts';
import { grouped } from '../kit/seal.ts';
import type { Seal } from '../kit/seal.ts';
import { moment, periodWords, plainNumber, witnessLine } from './words.ts';
import type { Printing } from './words.ts';

/** Large enough that a phone reads it from a copy of a copy: 69 modules of half a millimetre. */
const QR = 108;

export function printHead(printing: Printing): void {
  const { document, figures, locale, say } = printing;
  const top = document.y;
  const { seal } = printing;
  const width = CONTENT_WIDTH - (seal === null ? 0 : QR + 6);
  document.bookmark(say('title'));
  const gap = locale === 'zh' ? '　' : ', ';
  const title = `${say('title')}${gap}${periodWords(figures.period, locale)}`;
  const size = Math.min(18, (18 * width) / widthOf(title, document.bold, 18));
  document.leaf('H1', () =>
    document.text(title, PAGE.left, top + 19, { size, face: document.bold }),
  );
  document.y = top + 28;
  for (const line of headLines(printing)) {
    document.paragraph(line, { width, size: 8, lead: 12.2, color: ink.soft });
  }
  if (seal !== null) printSeal(printing, seal, top, width);
  document.artifact(() => {
    document.rule(PAGE.left, PAGE.right, document.y, 0.8, ink.black);
    document.rule(PAGE.left, PAGE.right, document.y + 2.2, 0.8, ink.black);
  });
  document.y += 10;
  if (figures.published_at === null) printFrame(printing, [[say('draft_box'), true]], ink.red);
  else if (seal === null) {
    const lines: [string, boolean][] = [[say('unsealed'), true], [say('unsealed_text'), false]];
    printFrame(printing, lines, ink.red);
  }
  if (figures.correction !== null) {
    const text = printing.name(figures.correction);
    printFrame(
      printing,
      [
        [say('correction'), true],
        [`${text}${say('correction_rest')}`, false],
      ],
      ink.rule,
    );
  }
}

/** The code beside the heading, and under the heading the same in words. */
function printSeal(
  { document, say, locale }: Printing,
  seal: Seal,
  top: number,
  width: number,
): void {
  document.y += 2;
  const root = grouped(seal.root.slice(0, 16));
  for (const line of [
    say('checkpoint', { size: plainNumber(seal.size), root }),
    witnessLine(seal.witnessed, locale),
    say('log_key', { vkey: seal.vkey }),
  ])
    document.paragraph(line, { width, size: 7, lead: 10.4, color: ink.soft });
  const { address } = seal;
  drawQr(document, address, PAGE.right - QR + 6, top - 8, QR, say('qr', { address }), 'L');
  document.leaf('Caption', () =>
    document.text(say('qr_caption'), PAGE.right, top + QR, {
      size: 6.5,
      color: ink.soft,
      align: 'right',
    }),
  );
  document.y = Math.max(document.y + 2, top + QR + 4);
}

function headLines({ figures, say, locale }: Printing): string[] {
  const { estate, version } = figures;
  const issue =
    figures.published_at === null
      ? say('draft_issue', { version, due: figures.due_on })
      : say('issue', { version, published: moment(figures.published_at) });
  const fee = estate.fee_rate === null ? '' : say('fee', { rate: estate.fee_rate });
  const gap = locale === 'zh' ? '　' : '   ';
  return [
    say('facts', {
      estate: locale === 'en' && estate.name_en !== '' ? estate.name_en : estate.name_zh,
      households: say('households', { n: plainNumber(estate.households) }),
      area: plainNumber(estate.area_m2),
      mode: locale === 'en' && estate.mode_en !== '' ? estate.mode_en : estate.mode_zh,
    }),
    issue,
    say('parties', { trustee: estate.trustee, committee: estate.committee }),
    [fee, say('currency')].filter((text) => text !== '').join(gap),
  ];
}

export function printBalances({ document, figures, say }: Printing): void {
  const top = document.y;
  const width = CONTENT_WIDTH / 4;
  const boxes = (['opening', 'received', 'paid', 'closing'] as const).map(
    (name) => [say(name), amountWords(figures[name])] as const,
  );
  document.artifact(() => {
    boxes.forEach((_, at) => {
      document.box(PAGE.left + at * width, top, width, 42, 0.6, ink.rule);
    });
  });
  const widest = Math.max(...boxes.map(([, amount]) => widthOf(amount, document.bold, 13.5)));
  const size = Math.min(13.5, (13.5 * (width - 14)) / widest);
  boxes.forEach(([label, amount], index) => {
    const x = PAGE.left + index * width + 8;
    const color = amount.startsWith('−') ? ink.red : ink.black;
    document.leaf('P', () => {
      document.text(`${label} `, x, top + 14, { size: 8, color: ink.soft });
      document.text(amount, x, top + 33, { size, face: document.bold, color });
    });
  });
  document.y = top + 42 + 9;
}

export function printNotices(printing: Printing): void {
  const { document, figures, say, locale } = printing;
  document.bookmark(say('please_note'));
  if (figures.notices.length === 0) {
    document.paragraph(calmLine(printing), { size: 8.5, color: ink.soft });
    return;
  }
  const lines = figures.notices.map(({ text_zh, text_en }, index): [string, boolean] => {
    const text = locale === 'en' && text_en !== '' ? text_en : text_zh;
    return [figures.notices.length === 1 ? text : `${index + 1}. ${text}`, false];
  });
  printFrame(printing, [[say('please_note'), true], ...lines], ink.red);
}

/** Books against bank in one line per account: it belongs on page one, the table may not fit. */
export function printBankLines({ document, figures, say, name }: Printing): void {
  for (const row of figures.bank) {
    const { account_last4: last4, book_balance, bank_balance, as_of, difference } = row;
    const missing = bank_balance === null || difference === null;
    const text = say(missing ? 'bank_line_missing' : 'bank_line', {
      name: name(row),
      last4,
      books: amountWords(book_balance),
      as_of: as_of ?? '–',
      bank: amountWords(bank_balance ?? ''),
      difference: amountWords(difference ?? ''),
    });
    const { statement } = row;
    const items = (statement?.bank_items ?? 0) + (statement?.book_items ?? 0) > 0;
    // What the lines explain is no alarm; what remains after them, or was never compared, is.
    const explained = !missing && statement?.covered_to === as_of && Number(statement.remaining) === 0;
    const wrong = missing || (Number(difference) !== 0 && !explained);
    const more = statement && items
      ? say('bank_line_items', { ...statement, remaining: amountWords(statement.remaining) })
      : '';
    document.paragraph(`${text}${more === '' ? '' : ` ${more}`}`, { size: 8.5, color: wrong ? ink.red : ink.soft });
  }
}

/** What is in order, said only as far as the figures themselves show it. */
function calmLine({ figures, say, locale }: Printing): string {
  const agrees = ({ difference }: { difference: string | null }): boolean =>
    Number(difference ?? NaN) === 0;
  const facts = [
    ...(figures.closed_at === null ? [] : [say('is_closed')]),
    ...(figures.signatures.length < 2 ? [] : [say('is_signed')]),
    ...(figures.bank.length > 0 && figures.bank.every(agrees) ? [say('is_reconciled')] : []),
  ];
  const [comma, stop] = locale === 'zh' ? ['，', '。'] : [', ', '.'];
  const rest = facts.length === 0 ? '' : `${say('in_order')}${facts.join(comma)}${stop}`;
  return say('nothing_to_note') + rest;
}

/** A framed box of lines, the strong ones in the colour of the frame; goes on over pages. */
function printFrame({ document }: Printing, parts: [string, boolean][], color: Ink): void {
  const lead = 13.2;
  const lines = parts.flatMap(([text, strong]) => {
    const face = strong ? document.bold : document.regular;
    return breakLines(document.clean(text), face, 8.8, CONTENT_WIDTH - 18).map((line, index) => ({
      line,
      face,
      strong,
      first: index === 0,
    }));
  });
  if (lines.length < 40) document.ensure(lines.length * lead + 10);
  const list = document.open('Div');
  let element = list;
  for (let from = 0; from < lines.length;) {
    if (PAGE.bottom - document.y < lead * 2 + 10) document.newPage();
    const top = document.y;
    const room = Math.floor((PAGE.bottom - top - 10) / lead);
    const shown = lines.slice(from, from + room);
    shown.forEach(({ line, face, strong, first }, index) => {
      if (first || element === list) element = document.open('P', '', list);
      const y = top + 5 + index * lead + 9.4;
      document.draw(element, () =>
        document.glyphs(
          line,
          PAGE.left + 9,
          y,
          face,
          8.8,
          strong && color === ink.red ? ink.red : ink.black,
        ),
      );
    });
    const height = shown.length * lead + 9;
    document.artifact(() => document.box(PAGE.left, top, CONTENT_WIDTH, height, 1.1, color));
    document.y = top + height + 6;
    from += shown.length;
  }
}
