// Pages of relays, of choices about notices, and the feed: GET shows, POST does and leads back. A secret is shown on the answer to
// the POST that made it, which no browser keeps.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { demand, may, type Actor } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import { sha256Hex } from '../kernel/digest.ts';
import { shanghaiTime } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { fill } from '../kernel/locale.ts';
import { letterChoiceOf, topicNames } from '../kernel/notice-choice.ts';
import { Refusal } from '../kernel/refusal.ts';
import { emailOf } from '../people/email.ts';
import { demandBrowser } from '../people/token.ts';
import { sendCsv, toCsv } from '../web/csv.ts';
import { formErrors, newFormKey } from '../web/forms.tsx';
import { frameOf } from '../web/frame.ts';
import { localeOf, pick } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { keepChoices } from './choice.ts';
import { choicesPage, type ChoicesShown } from './choice-pages.tsx';
import { atomOf, endFeedKey, feedKeyOf, lettersOf, makeFeedKey, readFeed } from './feed.ts';
import { emptyForm, formOf, relayPage, relaysPage, type FormState, type RelayShown } from './pages.tsx';
import { changeRelay, endRelay, openRelay, renewSecret, resendRelay, testRelay } from './relay.ts';
import { deliveriesOf, relaysOf, relayTold } from './relay-queries.ts';
import { problemText, texts } from './texts.ts';

const Path = Type.Object({ estate: Type.String() });
const RelayPath = Type.Object({ estate: Type.String(), relay: Type.String({ pattern: '^[0-9]{1,9}$' }) });
const Fields = Type.Optional(Type.Record(Type.String({ maxLength: 60 }), Type.String({ maxLength: 1_000 })));
const LIMIT = 30;
const CSV_ROWS = 20_000;

type Typed = Readonly<Record<string, string>>;
const eventsIn = (typed: Typed): string[] => Object.keys(typed).filter((name) => name.startsWith('event_') && typed[name] === 'yes').map((name) => name.slice('event_'.length));
/** What a form may be shown again with; anything else is for the error page. */
const isFormRefusal = (error: unknown): error is Refusal => error instanceof Refusal && [409, 422, 429].includes(error.status);

export function deliveryPageRoutes(app: FastifyInstance, house: House): void {
  listRoutes(app, house);
  relayRoutes(app, house);
  choiceRoutes(app, house);
  feedRoutes(app, house);
}

async function showList(house: House, request: FastifyRequest, reply: FastifyReply, form: FormState, status = 200) {
  const { estate_id, code } = request.estate!;
  const actor = demand(request.actor, estate_id, 'read_officers');
  const rows = await inEstate(house.db.app, estate_id, (trx) => relaysOf(trx, estate_id), { readOnly: true });
  const frame = frameOf(request, request.method === 'GET' ? {} : { here: `/e/${code}/relays` });
  return htmlReply(reply, relaysPage(frame, { code, rows, form, sets_up: may(actor, estate_id, 'publish') }), status);
}

interface Extra { before?: number | undefined; form?: FormState; secret?: RelayShown['secret']; told?: string; refused?: Refusal }

async function showRelay(house: House, request: FastifyRequest, reply: FastifyReply, relay: number, extra: Extra = {}) {
  const { estate_id, code } = request.estate!;
  const actor = demand(request.actor, estate_id, 'read_officers');
  const { row, items, next_cursor } = await inEstate(house.db.app, estate_id, async (trx) => (
    { row: await relayTold(trx, estate_id, relay), ...await deliveriesOf(trx, estate_id, relay, { limit: LIMIT, before: extra.before }) }), { readOnly: true });
  const frame = frameOf(request, request.method === 'GET' ? {} : { here: `/e/${code}/relays/${relay}` });
  reply.header('cache-control', 'no-store');
  return htmlReply(reply, relayPage(frame, {
    code, row, deliveries: items, next_cursor, form: extra.form ?? formOf(row, newFormKey()), sets_up: may(actor, estate_id, 'publish'),
    secret: extra.secret ?? null, told: extra.told ?? null, refused: extra.refused?.in(localeOf(request)) ?? null,
  }), extra.refused?.status ?? (Object.keys(extra.form?.errors ?? {}).length > 0 ? 422 : 200));
}

function listRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  app.get('/e/:estate/relays', { schema: { hide: true, params: Path } }, (request, reply) => showList(house, request, reply, emptyForm(newFormKey())));

  app.post('/e/:estate/relays', { schema: { hide: true, params: Path, body: Fields } }, async (request, reply) => {
    const typed: Typed = request.body ?? {};
    const { kind = '', label = '', address = '', secret = '', locale = 'zh', form_key = null } = typed;
    try {
      const made = await openRelay(house, { estate: request.estate!, actor: request.actor, key: form_key, kind, label, address, secret, locale, events: eventsIn(typed) });
      if (made.secret === null) return await reply.redirect(`/e/${request.estate!.code}/relays/${made.relay}?done=saved`, 303);
      return await showRelay(house, request, reply, made.relay, { secret: { text: made.secret, renewed: false } });
    } catch (error) {
      if (!isFormRefusal(error)) throw error;
      const { secret: _secret, csrf: _csrf, ...values } = typed;
      return showList(house, request, reply, { values, errors: formErrors(error, localeOf(request)), form_key: newFormKey() }, error.status);
    }
  });
}

function relayRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const BASE = '/e/:estate/relays/:relay';
  const relayOf = (request: FastifyRequest): number => Number((request.params as { relay: string }).relay);
  const asked = (request: FastifyRequest) => ({ estate: request.estate!, actor: request.actor, relay: relayOf(request) });

  app.get(BASE, { schema: { hide: true, params: RelayPath, querystring: Type.Object({ before: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })) }) } },
    (request, reply) => showRelay(house, request, reply, relayOf(request), { before: request.query.before }));

  app.get(`${BASE}/deliveries.csv`, { schema: { hide: true, params: RelayPath } }, async (request, reply) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_officers');
    const { row, items } = await inEstate(house.db.app, estate_id, async (trx) => (
      { row: await relayTold(trx, estate_id, relayOf(request)), ...await deliveriesOf(trx, estate_id, relayOf(request), { limit: CSV_ROWS }) }), { readOnly: true });
    const locale = localeOf(request);
    const t = pick(texts, locale);
    return sendCsv(reply, `${row.label}-${t.deliveries}.csv`, toCsv([
      { key: 'made', title: t.happened }, { key: 'text', title: t.what }, { key: 'state', title: t.state }, { key: 'attempts', title: t.tries, type: 'number' },
      { key: 'problem', title: t.problem }, { key: 'delivery_id', title: 'webhook-id' },
    ], items.map((one) => ({
      ...one, made: shanghaiTime(one.made_at), text: locale === 'zh' ? one.text_zh : one.text_en, state: t[`state_${one.state}`], problem: one.problem === null ? '' : problemText(one.problem, locale),
    }))));
  });

  app.post(BASE, { schema: { hide: true, params: RelayPath, body: Fields } }, async (request, reply) => {
    const typed: Typed = request.body ?? {};
    const { label = '', locale = 'zh' } = typed;
    try {
      await changeRelay(house, { ...asked(request), label, locale, events: eventsIn(typed) });
    } catch (error) {
      if (!isFormRefusal(error)) throw error;
      return showRelay(house, request, reply, relayOf(request), { form: { values: typed, errors: formErrors(error, localeOf(request)), form_key: newFormKey() } });
    }
    return reply.redirect(`/e/${request.estate!.code}/relays/${relayOf(request)}?done=changed`, 303);
  });

  const step = (name: string, work: (request: FastifyRequest) => Promise<Extra>): void => {
    app.post(`${BASE}/${name}`, { schema: { hide: true, params: RelayPath, body: Fields } }, async (request, reply) => {
      let extra: Extra;
      try {
        extra = await work(request);
      } catch (error) {
        if (!isFormRefusal(error)) throw error;
        extra = { refused: error };
      }
      return showRelay(house, request, reply, relayOf(request), extra);
    });
  };
  step('test', async (request) => {
    await testRelay(house, asked(request));
    return { told: pick(texts, localeOf(request)).tested };
  });
  step('again', async (request) => ({ told: fill(pick(texts, localeOf(request)).resent, { count: await resendRelay(house, asked(request)) }) }));
  step('secret', async (request) => ({ secret: { text: await renewSecret(house, asked(request)), renewed: true } }));
  step('end', async (request) => {
    await endRelay(house, asked(request));
    return { told: pick(texts, localeOf(request)).ended };
  });
}

// ── Choices ──────────────────────────────────────────────────────────────────────────────────────

function choiceRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const own = (request: FastifyRequest): Actor => demand(request.actor, request.estate!.estate_id, 'read_books');

  const show = async (request: FastifyRequest, reply: FastifyReply, { url = null, values = null, error }: { url?: string | null; values?: ChoicesShown['values']; error?: Refusal } = {}) => {
    const { estate_id, code } = request.estate!;
    const actor = own(request);
    const { choice, letters, made_at } = await inEstate(house.db.app, estate_id, async (trx) => ({
      choice: await letterChoiceOf(trx, estate_id, actor.person_id), letters: await lettersOf(trx, estate_id, actor.person_id), made_at: await feedKeyOf(trx, estate_id, actor.person_id),
    }), { readOnly: true });
    const frame = frameOf(request, request.method === 'GET' ? {} : { here: `/e/${code}/notices/choices` });
    reply.header('cache-control', 'no-store');
    return htmlReply(reply, choicesPage(frame, {
      code, choice, values, errors: error === undefined ? {} : formErrors(error, frame.locale), letters, feed: { made_at, url },
      mail: { server: (house.mail ?? null) !== null, address: await emailOf(house.db.app, actor.person_id) !== null },
      signs: may(actor, estate_id, 'read_officers'), lives_here: may(actor, estate_id, 'own_home'),
    }), error?.status);
  };

  app.get('/e/:estate/notices/choices', { schema: { hide: true, params: Path } }, (request, reply) => show(request, reply));

  app.post('/e/:estate/notices/choices', { schema: { hide: true, params: Path, body: Fields } }, async (request, reply) => {
    const { estate_id, code } = request.estate!;
    const actor = demandBrowser(own(request));
    const typed: Typed = request.body ?? {};
    // A box that is not shown is not unticked.
    const [signs, lives_here] = [may(actor, estate_id, 'read_officers'), may(actor, estate_id, 'own_home')];
    try {
      await keepChoices(house, estate_id, actor.person_id, {
        mail: typed['mail'] === 'yes', bills: lives_here ? typed['bills'] === 'yes' : undefined, queue: signs ? typed['queue'] === 'yes' : undefined,
        ways: Object.fromEntries(topicNames.filter((topic) => typed[topic] !== undefined).map((topic) => [topic, typed[topic]])),
      });
    } catch (error) {
      if (!isFormRefusal(error)) throw error;
      return show(request, reply, { values: typed, error });
    }
    return reply.redirect(`/e/${code}/notices/choices?done=saved`, 303);
  });

  app.post('/e/:estate/notices/feed', { schema: { hide: true, params: Path, body: Fields } }, async (request, reply) => {
    const { estate_id, code } = request.estate!;
    const { person_id } = demandBrowser(own(request));
    if (request.body?.['step'] === 'end') {
      await inEstate(house.db.app, estate_id, (trx) => endFeedKey(trx, estate_id, person_id));
      return reply.redirect(`/e/${code}/notices/choices?done=saved#feed`, 303);
    }
    const key = await inEstate(house.db.app, estate_id, (trx) => makeFeedKey(trx, estate_id, person_id));
    return show(request, reply, { url: `${house.settings.public_url}/e/${code}/feed.atom?key=${key}` });
  });
}

// ── The feed ─────────────────────────────────────────────────────────────────────────────────────

function feedRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  app.get('/e/:estate/feed.atom', {
    config: { open_to_all: true },
    schema: { hide: true, params: Path, querystring: Type.Object({ key: Type.Optional(Type.String({ maxLength: 100 })), lang: Type.Optional(Type.String({ maxLength: 5 })) }) },
  }, async (request, reply) => {
    const estate = request.estate!;
    const rows = await readFeed(house, estate, request.query.key ?? '');
    const text = atomOf(estate, rows, { locale: localeOf(request), public_url: house.settings.public_url });
    const etag = `"${sha256Hex(text).slice(0, 32)}"`;
    reply.header('etag', etag).header('cache-control', 'private, max-age=300');
    if (request.headers['if-none-match'] === etag) return reply.code(304).send();
    return reply.type('application/atom+xml; charset=utf-8').send(text);
  });
}
