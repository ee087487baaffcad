// Pages of matching: the lists, one line, unexplained money, rules; and the exceptions that every owner may read.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { demand, may, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { fill, type Locale } from '../kernel/locale.ts';
import { money } from '../kernel/money.ts';
import { Refusal } from '../kernel/refusal.ts';
import { estateNow } from '../evidence/records.ts';
import { sendCsv, toCsv } from '../web/csv.ts';
import { formErrors, newFormKey } from '../web/forms.tsx';
import { frameOf } from '../web/frame.ts';
import { withQuery } from '../web/links.ts';
import { localeOf, pick } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { confirmCandidates, endMatch, matchByHand } from './by-hand.ts';
import { countDone, matchesDone } from './done.ts';
import { exceptionsPage, settledText } from './exception-pages.tsx';
import { linePage, settlePage, type Choices, type FormShown } from './line-pages.tsx';
import { matchLines } from './match.ts';
import { tabs, workPage, type Tab, type WorkShown } from './pages.tsx';
import type { PartTyped } from './parts.ts';
import { bankAccountsOf, openOrders } from './queries.ts';
import { reconcileAccount } from './reconcile.ts';
import { refusals } from './refusals.ts';
import { changeRule, listRules } from './rule.ts';
import { rulesPage, type RulesShown } from './rule-pages.tsx';
import { settleCredit, settleDebit } from './settle.ts';
import { readSources } from './sources.ts';
import { CREDITS, DEBITS, exceptionHistory, listExceptions, openSuspense } from './suspense.ts';
import { publicTexts } from './texts.ts';
import { filtered, namesOf, shownLines, type LineShown } from './view.ts';

const Path = Type.Object({ estate: Type.String() });
const Account = Type.String({ pattern: '^[0-9]{4,6}$' });
const Number9 = Type.String({ pattern: '^[0-9]{1,12}$' });
const Text = Type.Optional(Type.String({ maxLength: 400 }));
const Many = Type.Optional(Type.Union([Type.String({ maxLength: 4_000 }), Type.Array(Type.String({ maxLength: 4_000 }), { maxItems: 500 })]));
const Query = Type.Object({
  account: Type.Optional(Type.String({ maxLength: 10 })), tab: Type.Optional(Type.String({ maxLength: 20 })), q: Type.Optional(Type.String({ maxLength: 100 })),
  cursor: Type.Optional(Type.String({ pattern: '^[0-9]{1,12}$' })), all: Type.Optional(Type.String({ maxLength: 3 })),
});
const PAGE = 100;
const NEAR = 60;

const list = (value: string | string[] | undefined): string[] => [value ?? []].flat().filter((one) => one !== '');
const numbers = (value: string | string[] | undefined): number[] => list(value).filter((one) => /^[0-9]{1,12}$/.test(one)).map(Number);

/** Refusal: reconcile_account_unknown. */
async function accountAsked(trx: Trx, { estate_id }: Estate, asked: string | undefined) {
  const accounts = await bankAccountsOf(trx, estate_id);
  const account = asked === undefined || asked === '' ? accounts[0]?.account : asked;
  if (account === undefined || !accounts.some((row) => row.account === account)) throw refusals.reconcile_account_unknown({ account: account?.slice(0, 10) ?? '–' }, 'account');
  return { account, accounts };
}

async function linesOf(trx: Trx, estate_id: number, account: string, locale: Locale): Promise<LineShown[]> {
  const sources = await readSources(trx, estate_id, account);
  return shownLines(sources, matchLines(sources), await namesOf(trx, estate_id), locale);
}

async function readWork(house: House, request: FastifyRequest): Promise<Omit<WorkShown, 'results'>> {
  const estate = request.estate!;
  const actor = demand(request.actor, estate.estate_id, 'read_officers');
  const query = request.query as Record<string, string | undefined>;
  const tab: Tab = tabs.find((one) => one === query['tab']) ?? 'open';
  const q = (query['q'] ?? '').slice(0, 100);
  const offset = Number(query['cursor'] ?? 0);
  const { estate_id, code } = estate;
  return inEstate(house.db.app, estate_id, async (trx) => {
    const { account, accounts } = await accountAsked(trx, estate, query['account']);
    const lines = await linesOf(trx, estate_id, account, localeOf(request));
    const suspense = await openSuspense(trx, estate_id, account);
    const found = filtered(lines, q);
    const done = tab === 'done' ? await matchesDone(trx, estate_id, account, { limit: PAGE, cursor: offset === 0 ? undefined : offset }) : null;
    return {
      code, account, accounts, tab, q, now: await estateNow(trx, estate_id), lines: found.slice(offset, offset + PAGE), found: found.length, suspense,
      counts: { open: lines.length, suspense: suspense.length, done: await countDone(trx, estate_id, account) }, done: done?.items ?? [],
      next_cursor: tab === 'done' ? done?.next_cursor ?? null : found.length > offset + PAGE ? String(offset + PAGE) : null,
      acts: may(actor, estate_id, 'reconcile'), all: query['all'] === '1',
    };
  }, { readOnly: true });
}

async function showWork(house: House, request: FastifyRequest, reply: FastifyReply, results: WorkShown['results'] = []) {
  const shown = await readWork(house, request);
  const here = withQuery(request.url, { lang: null, done: null });
  return htmlReply(reply, workPage(frameOf(request, { here }), { ...shown, results }), results.length > 0 ? 409 : 200);
}

/** Accounts and funds that a receipt may be booked to. */
async function choicesOf(trx: Trx, estate_id: number, locale: Locale): Promise<Choices> {
  const named = (row: { name_zh: string; name_en: string }): string => (locale === 'zh' ? row.name_zh : row.name_en);
  const accounts = await trx.selectFrom('account').select(['account', 'name_zh', 'name_en']).where('estate_id', '=', estate_id)
    .where('is_postable', '=', true).where('is_money', '=', false).where('class', 'in', ['income', 'liability', 'expense', 'asset'])
    .where('account', 'not in', [DEBITS, CREDITS]).where('closed_on', 'is', null).orderBy('class', 'desc').orderBy('account').execute();
  const funds = await trx.selectFrom('fund').select(['fund', 'name_zh', 'name_en']).where('estate_id', '=', estate_id).orderBy('place').orderBy('fund').execute();
  // Income first: that is what money that comes in usually is.
  const first = [...accounts.filter((row) => row.account.startsWith('4')), ...accounts.filter((row) => !row.account.startsWith('4'))];
  return { accounts: first.map((row) => ({ value: row.account, label: `${row.account} ${named(row)}` })), funds: funds.map((row) => ({ value: row.fund, label: named(row) })) };
}

const blank = (): FormShown => ({ form_key: newFormKey(), values: {}, errors: {} });
const NAMES = ['unit', 'account', 'fund', 'amount'] as const;

/** account, fund, unit, amount; account_2 … account_4. */
function partsOf(body: Record<string, unknown>): PartTyped[] {
  return [1, 2, 3, 4].map((n) => Object.fromEntries(NAMES.map((name) => [name, String(body[n === 1 ? name : `${name}_${n}`] ?? '')])));
}

/** Names of the parts' fields as the form has them: parts.1.amount → amount_2. */
function shownForm(error: Refusal, locale: Locale, body: Record<string, unknown>): FormShown {
  const values = Object.fromEntries(Object.entries(body).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  const errors = Object.fromEntries(Object.entries(formErrors(error, locale)).map(([field, text]) => {
    const found = /^parts\.(\d+)\.(\w+)$/.exec(field);
    if (found !== null) return [found[1] === '0' ? found[2]! : `${found[2]}_${Number(found[1]) + 1}`, text];
    return [[...NAMES, 'description'].includes(field as never) ? field : '', text];
  }));
  return { form_key: newFormKey(), values, errors };
}

const PartBody = Object.fromEntries([...NAMES, ...[2, 3, 4].flatMap((n) => NAMES.map((name) => `${name}_${n}`)), 'description'].map((name) => [name, Text]));

async function showLine(house: House, request: FastifyRequest, reply: FastifyReply, form: FormShown, status = 200) {
  const estate = request.estate!;
  const actor = demand(request.actor, estate.estate_id, 'read_officers');
  const { account, position } = request.params as { account: string; position: string };
  const locale = localeOf(request);
  const { estate_id, code } = estate;
  const shown = await inEstate(house.db.app, estate_id, async (trx) => {
    await accountAsked(trx, estate, account);
    const sources = await readSources(trx, estate_id, account);
    const lines = shownLines(sources, matchLines(sources), await namesOf(trx, estate_id), locale);
    const line = lines.find((one) => one.position === Number(position));
    if (line === undefined) {
      const there = await trx.selectFrom('bank_line').select('position').where('estate_id', '=', estate_id).where('account', '=', account)
        .where('position', '=', Number(position)).executeTakeFirst();
      throw there === undefined ? refusals.bank_line_missing({ account, position }) : refusals.bank_line_answered({ position });
    }
    const out = line.amount.startsWith('-');
    const distance = (day: string): number => Math.abs(dayNumber(day) - dayNumber(line.booked_on));
    return {
      line, choices: await choicesOf(trx, estate_id, locale),
      items: sources.items.filter((item) => item.amount.startsWith('-') === out).sort((a, b) => distance(a.entry_date) - distance(b.entry_date)).slice(0, NEAR),
      orders: out ? sources.orders.slice(0, NEAR) : [],
      others: lines.filter((one) => one !== line).sort((a, b) => distance(a.booked_on) - distance(b.booked_on)).slice(0, 20),
    };
  }, { readOnly: true });
  const frame = frameOf(request, { here: `/e/${code}/bank/reconcile/${account}/${position}` });
  return htmlReply(reply, linePage(frame, { ...shown, code, account, acts: may(actor, estate_id, 'reconcile'), form }), status);
}

/** A day as a number that grows by itself: enough to say which of two is nearer. */
const dayNumber = (day: string): number => Number(day.slice(0, 4)) * 372 + Number(day.slice(5, 7)) * 31 + Number(day.slice(8));

async function showSettle(house: House, request: FastifyRequest, reply: FastifyReply, form: FormShown, status = 200) {
  const estate = request.estate!;
  demand(request.actor, estate.estate_id, 'reconcile');
  const { seq } = request.params as { seq: string };
  const { estate_id, code } = estate;
  const shown = await inEstate(house.db.app, estate_id, async (trx) => {
    const open = (await openSuspense(trx, estate_id)).find((row) => row.seq === Number(seq));
    if (open === undefined) throw refusals.suspense_not_open({ entry: seq });
    const orders = open.side === 'debit' ? (await openOrders(trx, estate_id, open.account)).filter((order) => !money(order.amount).greaterThan(money(open.left_amount))) : [];
    return { open, orders, choices: await choicesOf(trx, estate_id, localeOf(request)) };
  }, { readOnly: true });
  return htmlReply(reply, settlePage(frameOf(request, { here: `/e/${code}/bank/suspense/${seq}` }), { ...shown, code, form }), status);
}

async function showRules(house: House, request: FastifyRequest, reply: FastifyReply, refused: RulesShown['refused'] = null) {
  const { estate_id, code } = request.estate!;
  const actor = demand(request.actor, estate_id, 'read_officers');
  const { q = '', cursor } = request.query as Record<string, string | undefined>;
  const { items, next_cursor } = await inEstate(house.db.app, estate_id, (trx) => listRules(trx, estate_id, { q, limit: 50, offset: Number(cursor ?? 0) }), { readOnly: true });
  const frame = frameOf(request, request.method === 'GET' ? {} : { here: `/e/${code}/bank/rules` });
  return htmlReply(reply, rulesPage(frame, { code, rules: items, q, next_cursor, acts: may(actor, estate_id, 'reconcile'), refused }), refused === null ? 200 : 422);
}

const modes: Record<string, { is_on: boolean; by_itself?: boolean | null }> = {
  auto: { is_on: true, by_itself: null }, yes: { is_on: true, by_itself: true }, no: { is_on: true, by_itself: false }, off: { is_on: false },
};

/** Whoever acts on these pages. */
function acting(request: FastifyRequest): { estate: Estate; actor: Actor } {
  const estate = request.estate!;
  return { estate, actor: demand(request.actor, estate.estate_id, 'reconcile') };
}

export function reconciliationPageRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/e/:estate/bank/reconcile', { schema: { hide: true, params: Path, querystring: Query } }, (request, reply) => showWork(house, request, reply));

  app.post('/e/:estate/bank/reconcile', {
    schema: { hide: true, params: Path, querystring: Query, body: Type.Object({ items: Many, action: Text, csrf: Text, form_key: Text }, { additionalProperties: false }) },
  }, async (request, reply) => {
    const { estate, actor } = acting(request);
    const { account } = await inEstate(house.db.app, estate.estate_id, (trx) => accountAsked(trx, estate, request.query.account), { readOnly: true });
    const back = `/e/${estate.code}/bank/reconcile?account=${account}`;
    if (request.body.action === 'run') {
      await reconcileAccount(house, estate, account, { actor });
      return reply.redirect(`${back}&done=matched`, 303);
    }
    const items = list(request.body.items).map((item) => /^([0-9]{1,12})\|(.+)$/.exec(item)).filter((found) => found !== null)
      .map((found) => ({ position: Number(found[1]), candidate: found[2]! }));
    const results = await confirmCandidates(house, { estate, actor, account, items });
    const refused = results.filter((one) => one.problem !== null);
    if (refused.length === 0) return reply.redirect(`${back}&done=matched`, 303);
    return showWork(house, request, reply, refused.map((one) => ({ position: one.position, text: one.problem!.in(localeOf(request)) })));
  });

  const LinePath = Type.Object({ estate: Type.String(), account: Account, position: Number9 });
  app.get('/e/:estate/bank/reconcile/:account/:position', { schema: { hide: true, params: LinePath } }, (request, reply) => showLine(house, request, reply, blank()));

  app.post('/e/:estate/bank/reconcile/:account/:position', {
    schema: {
      hide: true, params: LinePath, body: Type.Object({
        action: Text, candidate: Type.Optional(Type.String({ maxLength: 4_000 })), entries: Many, orders: Many, lines: Many, csrf: Text, form_key: Text, ...PartBody,
      }, { additionalProperties: false }),
    },
  }, async (request, reply) => {
    const { estate, actor } = acting(request);
    const { account, position } = request.params;
    const { body } = request;
    try {
      if (body.action === 'confirm') {
        const [one] = await confirmCandidates(house, { estate, actor, account, items: [{ position: Number(position), candidate: body.candidate ?? '' }] });
        if (one!.problem !== null) throw one!.problem;
      } else {
        await matchByHand(house, {
          estate, actor, account, positions: [Number(position), ...numbers(body.lines)], entries: body.action === 'link' ? numbers(body.entries) : [],
          orders: body.action === 'pay' ? numbers(body.orders) : [], parts: body.action === 'book' ? partsOf(body) : [],
          description: String((body as Record<string, unknown>)['description'] ?? ''), suspense: body.action === 'suspend',
        });
      }
      return await reply.redirect(`/e/${estate.code}/bank/reconcile?account=${account}&done=${body.action === 'suspend' ? 'suspended' : 'matched'}`, 303);
    } catch (error) {
      if (!(error instanceof Refusal) || error.code === 'bank_line_missing' || error.code === 'bank_line_answered') throw error;
      return showLine(house, request, reply, shownForm(error, localeOf(request), body), error.status);
    }
  });

  app.post('/e/:estate/bank/matches/:match/end', {
    schema: { hide: true, params: Type.Object({ estate: Type.String(), match: Number9 }), body: Type.Object({ account: Type.Optional(Account), csrf: Text }, { additionalProperties: false }) },
  }, async (request, reply) => {
    const { estate, actor } = acting(request);
    await endMatch(house, { estate, actor, match_id: Number(request.params.match) });
    return reply.redirect(withQuery(`/e/${estate.code}/bank/reconcile`, { account: request.body.account ?? null, done: 'unmatched' }), 303);
  });

  const SuspensePath = Type.Object({ estate: Type.String(), seq: Number9 });
  app.get('/e/:estate/bank/suspense/:seq', { schema: { hide: true, params: SuspensePath } }, (request, reply) => showSettle(house, request, reply, blank()));

  app.post('/e/:estate/bank/suspense/:seq', {
    schema: { hide: true, params: SuspensePath, body: Type.Object({ action: Text, order: Type.Optional(Number9), csrf: Text, form_key: Text, ...PartBody }, { additionalProperties: false }) },
  }, async (request, reply) => {
    const { estate, actor } = acting(request);
    const entry = Number(request.params.seq);
    const { body } = request;
    try {
      if (body.action === 'order') await settleDebit(house, { estate, actor, entry, order: Number(body.order ?? 0) });
      else {
        await settleCredit(house, { estate, actor, entry, parts: partsOf(body), description: String((body as Record<string, unknown>)['description'] ?? ''), key: body.form_key ?? newFormKey() });
      }
      return await reply.redirect(`/e/${estate.code}/bank/reconcile?tab=suspense&done=settled`, 303);
    } catch (error) {
      if (!(error instanceof Refusal) || error.code === 'suspense_not_open') throw error;
      return showSettle(house, request, reply, shownForm(error, localeOf(request), body), error.status);
    }
  });

  app.get('/e/:estate/bank/rules', { schema: { hide: true, params: Path, querystring: Query } }, (request, reply) => showRules(house, request, reply));

  app.post('/e/:estate/bank/rules/:rule', {
    schema: {
      hide: true, params: Type.Object({ estate: Type.String(), rule: Number9 }),
      body: Type.Object({ mode: Text, words: Text, forget: Text, csrf: Text, form_key: Text }, { additionalProperties: false }),
    },
  }, async (request, reply) => {
    const { estate, actor } = acting(request);
    const rule_id = Number(request.params.rule);
    const { mode = '', words, forget } = request.body;
    try {
      await changeRule(house, { estate, actor, rule_id, ...modes[mode], words: words?.split(/[,，、;；\n]/), forget_payer: forget === 'yes' });
      return await reply.redirect(`/e/${estate.code}/bank/rules?done=saved`, 303);
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'match_rule_words') throw error;
      return showRules(house, request, reply, { rule_id, text: error.in(localeOf(request)) });
    }
  });

  app.get('/e/:estate/exceptions', { schema: { hide: true, params: Path, querystring: Query } }, async (request, reply) => {
    const { estate_id, code } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_books');
    const { cursor } = request.query;
    const shown = await inEstate(house.db.app, estate_id, async (trx) => ({
      open: await listExceptions(trx, estate_id), ...await exceptionHistory(trx, estate_id, { limit: 50, cursor: cursor === undefined ? undefined : Number(cursor) }),
    }), { readOnly: true });
    return htmlReply(reply, exceptionsPage(frameOf(request), { code, open: shown.open, history: shown.items, next_cursor: shown.next_cursor, acts: may(actor, estate_id, 'reconcile') }));
  });

  app.get('/e/:estate/exceptions.csv', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const { estate_id, code } = request.estate!;
    demand(request.actor, estate_id, 'read_books');
    const locale = localeOf(request);
    const t = pick(publicTexts, locale);
    const { items } = await inEstate(house.db.app, estate_id, (trx) => exceptionHistory(trx, estate_id, { limit: 5_000 }), { readOnly: true });
    return sendCsv(reply, `${code}-${t.title}.csv`, toCsv([
      { key: 'booked_on', title: t.paid_on, type: 'date' }, { key: 'amount', title: t.amount, type: 'money' }, { key: 'left_amount', title: t.open, type: 'money' },
      { key: 'account_last4', title: t.account }, { key: 'number', title: t.entry }, { key: 'state', title: t.state },
    ], items.map((row) => ({
      ...row, number: row.number ?? fill(t.line_n, { position: row.position }),
      state: row.seq === null ? t.unbooked : row.reversed ? t.reversed : row.settlements.map((one) => `${one.after_the_fact ? t.after : t.before}: ${settledText(one, t, locale)}`).join('; ') || t.open,
    }))));
  });
}
