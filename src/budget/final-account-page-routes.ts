// Pages of final accounts: GET shows the year beside its budget, POST proposes its closing; the paper and the CSV twin.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { namesFor } from '../approval/view.ts';
import { estateToday } from '../evidence/records.ts';
import { demand, may } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { Refusal } from '../kernel/refusal.ts';
import { asking, emptyForm, keptOf, resolutionIn, toldBack, type FormRead, type Intake, type Told } from '../office/membership-page-routes.ts';
import { signersFor } from '../office/signers.ts';
import { sendCsv, toCsv } from '../web/csv.ts';
import { frameOf } from '../web/frame.ts';
import { formatDate, localeOf, pick } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { printer } from '../../reports/printer.ts';
import { finalAccountOf, proposeFinalAccount } from './final-account.ts';
import { beyondOf, doneOf, finalPage } from './final-account-pages.tsx';
import { attachment, YearPath } from './page-routes.ts';
import { accountIn, fundIn } from './pages.tsx';
import { finalPaper } from './paper.ts';
import { signedBy } from './queries.ts';
import { refusals } from './refusals.ts';
import { texts } from './texts.ts';

const fieldNames: Record<string, string> = { 'resolution.title': 'resolution_title', 'resolution.date': 'resolution_date', 'resolution.voucher': 'vouchers' };
const yearOf = (request: FastifyRequest): number => Number((request.params as { year: string }).year);

export function finalAccountPageRoutes(instance: FastifyInstance, house: House, { intake }: { intake: Intake }): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  const show = async (request: FastifyRequest, reply: FastifyReply, { form, vouchers, status }: Told) => {
    const estate = request.estate!;
    const { estate_id, code } = estate;
    const actor = demand(request.actor, estate_id, 'read_books');
    const proposes = may(actor, estate_id, 'propose');
    const { kept, ...shown } = await inEstate(house.db.app, estate_id, async (trx) => {
      const today = await estateToday(trx, estate_id);
      const { rule } = proposes ? await signersFor(trx, estate, actor, { kind: 'final_account', today, too_few: refusals.budget_needs_signer }) : { rule: null };
      return { account: await finalAccountOf(trx, estate, yearOf(request)), today, over: Number(today.slice(0, 4)) > yearOf(request), rule, names: await namesFor(trx, estate_id, []), kept: await keptOf(trx, estate, vouchers) };
    }, { readOnly: true });
    return htmlReply(reply, finalPage(frameOf(request, status === 200 ? {} : { here: `/e/${code}/final-accounts/${yearOf(request)}` }), { code, ...shown, proposes, form: { ...form, kept } }), status);
  };

  app.get('/e/:estate/final-accounts/:year', { schema: { hide: true, params: YearPath } }, (request, reply) => show(request, reply, emptyForm()));

  app.post('/e/:estate/final-accounts/:year', { schema: { hide: true, params: YearPath } }, async (request, reply) => {
    const { estate, actor } = asking(request);
    let read: FormRead = { fields: {}, vouchers: [] };
    try {
      read = await intake(request, house);
      const { proposal_id } = await proposeFinalAccount(house, { estate, actor, year: yearOf(request), resolution: resolutionIn(read), key: read.fields['form_key'] });
      return await reply.redirect(`/e/${estate.code}/proposals/${proposal_id}?done=submitted`, 303);
    } catch (error) {
      if (error instanceof Refusal && error.status === 404) throw error;
      return show(request, reply, toldBack(error, request, read, fieldNames));
    }
  });

  const read = (request: FastifyRequest) => {
    const estate = request.estate!;
    demand(request.actor, estate.estate_id, 'read_books');
    return inEstate(house.db.app, estate.estate_id, async (trx) => {
      const account = await finalAccountOf(trx, estate, yearOf(request));
      return { estate, account, day: await estateToday(trx, estate.estate_id), signed: account.closings[0] === undefined ? [] : await signedBy(trx, estate.estate_id, account.closings[0].proposal_id) };
    }, { readOnly: true });
  };

  app.get('/e/:estate/final-accounts/:year/rows.csv', { schema: { hide: true, params: YearPath } }, async (request, reply) => {
    const { account: { rows, year } } = await read(request);
    const locale = localeOf(request);
    const t = pick(texts, locale);
    return sendCsv(reply, `${year}-${t.final_rows}-${request.estate!.code}.csv`, toCsv([
      { key: 'fund', title: t.fund }, { key: 'class', title: t.class }, { key: 'account', title: t.account }, { key: 'budget', title: t.budget, type: 'money' }, { key: 'actual', title: t.actual, type: 'money' },
      { key: 'beyond', title: t.beyond, type: 'money' }, { key: 'percent', title: `${t.percent} %`, type: 'number' },
    ], rows.map((row) => ({ ...row, fund: fundIn(row, locale), class: t[row.class], account: accountIn(row, locale), beyond: beyondOf(row), percent: doneOf(row).replace('%', '').replace('–', '') }))));
  });

  app.get('/e/:estate/final-accounts/:year/final-account.pdf', { schema: { hide: true, params: YearPath } }, async (request, reply) => {
    const { signed, ...shown } = await read(request);
    const locale = localeOf(request);
    const paper = finalPaper({ ...shown, signed: signed.map((one) => ({ label: one[`name_${locale}`], name: pick(texts, locale).signed_word, day: formatDate(one.day, locale) })) }, locale);
    const bytes = await printer().papers([paper]);
    return attachment(reply, `final-account-${shown.account.year}.pdf`, `${shown.account.year}年决算表.pdf`).type('application/pdf').header('content-length', bytes.length).send(bytes);
  });
}
