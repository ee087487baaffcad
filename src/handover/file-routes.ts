// Files of a certificate: PDF, one table, everything in a ZIP.
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { namesFor } from '../approval/view.ts';
import { demand, may } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { sendCsv } from '../web/csv.ts';
import { localeOf } from '../web/locale.ts';
import { zipped, type ZipFile } from '../web/zip.ts';
import { printer } from '../../reports/printer.ts';
import { certificatePaper, listCsv } from './files.ts';
import { householdLists, lists, officerLists, publicLists, type ListName } from './lists.ts';
import { readableHandover } from './reading.ts';

const NUMBER = '(^\\d{1,12}$)';
export const Path = Type.Object({ estate: Type.String(), handover: Type.String({ pattern: '^[0-9]{1,12}$', examples: ['41'] }) });
const ListPath = Type.Object({ estate: Type.String(), handover: Type.String({ pattern: '^[0-9]{1,12}$' }), list: Type.Union(lists.map((list) => Type.Literal(list))) });
const Lang = Type.Object({ lang: Type.Optional(Type.Union([Type.Literal('zh'), Type.Literal('en')])) });

const needs = (list: ListName) => ((householdLists as readonly string[]).includes(list) ? 'read_households' as const
  : (officerLists as readonly string[]).includes(list) ? 'read_officers' as const : 'read_books' as const);

function disposition(kind: 'inline' | 'attachment', { code, name_zh }: { code: string; name_zh: string }, handover: number, extension: string): string {
  const encoded = encodeURIComponent(`移交清单-${name_zh}-${handover}.${extension}`).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `${kind}; filename="handover-${code}-${handover}.${extension}"; filename*=UTF-8''${encoded}`;
}

export function handoverFileRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  const read = async (request: FastifyRequest, number: string) => inEstate(house.db.app, request.estate!.estate_id, async (trx) => ({
    handover: await readableHandover(trx, { estate: request.estate!, actor: request.actor, handover: Number(number) }),
    names: await namesFor(trx, request.estate!.estate_id, []),
  }), { readOnly: true });

  app.get(`/e/:estate/handover/:handover${NUMBER}.pdf`, { schema: { hide: true, params: Path, querystring: Lang } }, async (request, reply) => {
    const estate = request.estate!;
    const { handover, names } = await read(request, request.params.handover);
    const bytes = await printer().papers([certificatePaper({ estate, handover, names, locale: request.query.lang ?? localeOf(request) })]);
    return reply.type('application/pdf').header('cache-control', 'private, no-cache').header('content-length', bytes.length)
      .header('content-disposition', disposition('inline', estate, handover.handover, 'pdf')).send(bytes);
  });

  app.get('/e/:estate/handover/:handover/:list(^[a-z]+$).csv', { schema: { hide: true, params: ListPath } }, async (request, reply) => {
    const estate = request.estate!;
    const { list } = request.params;
    demand(request.actor, estate.estate_id, needs(list));
    const locale = localeOf(request);
    const csv = await inEstate(house.db.app, estate.estate_id, async (trx) => {
      const { certificate } = await readableHandover(trx, { estate, actor: request.actor, handover: Number(request.params.handover) });
      return listCsv(trx, list, { estate_id: estate.estate_id, certificate, names: await namesFor(trx, estate.estate_id, []), locale });
    }, { readOnly: true, isolation: 'repeatable read' });
    return sendCsv(reply, `handover-${request.params.handover}-${list}.csv`, csv);
  });

  app.get(`/e/:estate/handover/:handover${NUMBER}.zip`, { schema: { hide: true, params: Path } }, async (request, reply) => {
    const estate = request.estate!;
    const { estate_id } = estate;
    const locale = localeOf(request);
    const { handover, names } = await read(request, request.params.handover);
    const actor = request.actor;
    const own: ListName[] = [...publicLists, ...(may(actor, estate_id, 'read_officers') ? officerLists : []), ...(may(actor, estate_id, 'read_households') ? householdLists : [])];
    const { certificate } = handover;
    const files: ZipFile[] = [{ path: 'certificate.pdf', content: await printer().papers([certificatePaper({ estate, handover, names, locale })]), stored: true }];
    for (const list of own) {
      const content = await inEstate(house.db.app, estate_id, (trx) => listCsv(trx, list, { estate_id, certificate, names, locale }), { readOnly: true });
      files.push({ path: `${list}.csv`, content });
    }
    return reply.type('application/zip').header('cache-control', 'private, no-cache')
      .header('content-disposition', disposition('attachment', estate, handover.handover, 'zip')).send(Readable.from(zipped(files, { date: certificate.drawn_at }), { objectMode: false }));
  });
}
