// The log as a table file: all that a search finds, however much it is, a piece at a time. Between two pieces no
// transaction is open, so that a slow reader holds nothing up; what is appended meanwhile comes after the first row.
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import type { Locale } from '../kernel/locale.ts';
import { csvHead, csvLine, sendCsv } from '../web/csv.ts';
import type { Question } from './asked.ts';
import { csvColumns, csvRow, readLog, type LogPage } from './reading.ts';

const PIECE = 2_000;

export async function sendLog(
  house: House, reply: FastifyReply, { estate, question, locale, file_name }: { estate: { estate_id: number }; question: Question; locale: Locale; file_name: string },
): Promise<FastifyReply> {
  const read = (before: number | undefined): Promise<LogPage> => inEstate(house.db.app, estate.estate_id,
    (trx) => readLog(trx, estate.estate_id, { ...question, before }, { limit: PIECE }), { readOnly: true });
  // The first piece is read before the answer begins, so that a refusal is still one.
  const first = await read(question.before);
  const columns = csvColumns(locale);
  async function* lines(): AsyncGenerator<string> {
    yield csvHead(columns);
    for (let piece = first; ;) {
      yield piece.items.map((row) => csvLine(columns, csvRow(row, piece.officers, locale))).join('');
      if (piece.next_cursor === null) return;
      piece = await read(piece.next_cursor);
    }
  }
  return sendCsv(reply, file_name, Readable.from(lines()));
}
