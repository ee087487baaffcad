// Pages of the operation log.
import type { FastifyInstance } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { may } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { frameOf } from '../web/frame.ts';
import { localeOf, pick } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { questionOf, reader } from './asked.ts';
import { sendLog } from './file.ts';
import { logPage } from './pages.tsx';
import { logSize } from './queries.ts';
import { readLog } from './reading.ts';
import { readRecord } from './record.ts';
import { recordPage } from './record-page.tsx';
import { texts } from './texts.ts';

const Path = Type.Object({ estate: Type.String() });
const RecordPath = Type.Object({ estate: Type.String(), seq: Type.String({ pattern: '^[1-9][0-9]{0,14}$' }) });
const PAGE = 50;

export function oversightPageRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/e/:estate/log', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const { estate: { estate_id, code } } = reader(request);
    const question = questionOf(request);
    const shown = await inEstate(house.db.app, estate_id, async (trx) => ({
      ...await readLog(trx, estate_id, question, { limit: PAGE }), size: await logSize(trx, estate_id),
    }), { readOnly: true });
    return htmlReply(reply, logPage(frameOf(request), { ...shown, code, typed: question.typed }));
  });

  app.get('/e/:estate/log.csv', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const { estate } = reader(request);
    const locale = localeOf(request);
    return sendLog(house, reply, { estate, question: questionOf(request), locale, file_name: `${estate.code}-${pick(texts, locale).log}.csv` });
  });

  app.get('/e/:estate/log/:seq', { schema: { hide: true, params: RecordPath } }, async (request, reply) => {
    const { estate, actor } = reader(request);
    const seq = Number(request.params.seq);
    const shown = await inEstate(house.db.app, estate.estate_id, (trx) => readRecord(trx, estate, seq, localeOf(request), may(actor, estate.estate_id, 'read_households')),
      { readOnly: true, isolation: 'repeatable read' });
    return htmlReply(reply, recordPage(frameOf(request), shown));
  });
}
