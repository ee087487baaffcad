// The first page, logging in and out, joining: GET shows, POST does and leads on.
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { House } from '../kernel/house.ts';
import { Refusal } from '../kernel/refusal.ts';
import { formErrors } from '../web/forms.tsx';
import { frameOf } from '../web/frame.ts';
import { pick } from '../web/locale.ts';
import { htmlReply, page } from '../web/shell.tsx';
import { recognise } from './credential.ts';
import { addHome, findInvitation, joinAsNew } from './invitation.ts';
import { tellingWait } from './limits.ts';
import { CodePage, EstatesPage, JoinPage, LandingPage, LoginPage } from './login-pages.tsx';
import { placesOf } from './places.ts';
import { refusals } from './refusals.ts';
import { closeSession, openSession } from './session.ts';
import { texts } from './texts.ts';

const typed = Type.Optional(Type.String({ maxLength: 1000, default: '' }));
const exact = { additionalProperties: false } as const;

/** Where to go after logging in: a page of this site, whatever the address said. Plain ASCII, as an
 *  address is sent; anything else could not stand in the answer's head. */
export const safeNext = (next: string | undefined): string =>
  next !== undefined && /^\/(?![/\\])[!-[\]-~]*$/.test(next) ? next : '/';

export interface Told {
  values: Record<string, string>;
  errors: Record<string, string>;
  status: number;
}

/** What goes back into a form that was refused; passwords are typed anew. Anything but a refusal
 *  is thrown on. */
export function toldBack(
  error: unknown,
  request: FastifyRequest,
  values: Record<string, string | undefined>,
): Told {
  if (!(error instanceof Refusal)) throw error;
  const { locale } = frameOf(request);
  const kept = Object.entries(values).filter(
    ([name, value]) => value !== undefined && !name.includes('password'),
  ) as [string, string][];
  return {
    values: Object.fromEntries(kept),
    errors: formErrors(error, locale),
    status: error.status,
  };
}

function showLogin(
  request: FastifyRequest,
  reply: FastifyReply,
  next: string,
  told?: Told,
): FastifyReply {
  const frame = frameOf(request, { here: `/login?next=${encodeURIComponent(next)}` });
  const t = pick(texts, frame.locale);
  const body = <LoginPage next={next} values={told?.values} errors={told?.errors} />;
  reply.header('cache-control', 'no-store');
  return htmlReply(
    reply,
    page({ ...frame, session: {}, title: t.login_title, body }),
    told?.status,
  );
}

function loginRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  app.get(
    '/login',
    {
      schema: {
        querystring: Type.Object({ next: Type.Optional(Type.String({ maxLength: 1000 })) }),
      },
    },
    async (request, reply) => {
      const next = safeNext(request.query.next);
      return request.actor === null ? showLogin(request, reply, next) : reply.redirect(next, 303);
    },
  );
  app.post(
    '/login',
    { schema: { body: Type.Object({ login: typed, password: typed, next: typed }, exact) } },
    async (request, reply) => {
      const { login = '', password = '' } = request.body;
      const next = safeNext(request.body.next);
      try {
        const person_id = await tellingWait(
          reply,
          recognise(house, { login, password, address: request.ip }),
        );
        await openSession(house, request, reply, person_id);
      } catch (error) {
        return showLogin(request, reply, next, toldBack(error, request, { login }));
      }
      return reply.redirect(next, 303);
    },
  );
  app.post('/logout', async (request, reply) => {
    await closeSession(house, request, reply);
    return reply.redirect('/', 303);
  });
  app.get('/', async (request, reply) => {
    const frame = frameOf(request, { audience: 'resident' });
    const t = pick(texts, frame.locale);
    if (request.actor === null) {
      return htmlReply(
        reply,
        page({ ...frame, title: t.landing_title, lede: t.landing_lede, body: <LandingPage /> }),
      );
    }
    const { offices, homes } = await placesOf(house.db.app, request.actor);
    const mine = new Map(
      [...offices, ...homes].map(
        ({ estate: code, estate_name_zh: name_zh, estate_name_en: name_en }) => [
          code,
          { code, name_zh, name_en },
        ],
      ),
    );
    const [only] = [...mine.keys()];
    if (mine.size === 1) return reply.redirect(`/e/${only}`, 303);
    return htmlReply(
      reply,
      page({ ...frame, title: t.my_estates, body: <EstatesPage estates={[...mine.values()]} /> }),
    );
  });
}

function showCode(request: FastifyRequest, reply: FastifyReply, told?: Told): FastifyReply {
  const frame = frameOf(request, { audience: 'resident', here: '/join' });
  const t = pick(texts, frame.locale);
  const body = (
    <CodePage values={told?.values} errors={told?.errors} csrf={request.actor?.csrf ?? undefined} />
  );
  reply.header('cache-control', 'no-store');
  return htmlReply(
    reply,
    page({ ...frame, title: t.join_title, lede: t.join_lede, body }),
    told?.status,
  );
}

/** The second step of joining; a code that does not work leads back to the first. */
async function showJoin(
  house: House,
  request: FastifyRequest,
  reply: FastifyReply,
  code: string,
  told?: Told,
): Promise<FastifyReply> {
  const { actor } = request;
  try {
    const found = await tellingWait(reply, findInvitation(house, code, request.ip));
    const frame = frameOf(request, { audience: 'resident', here: `/join?code=${found.code}` });
    const t = pick(texts, frame.locale);
    const body = (
      <JoinPage
        {...found}
        minimum={house.settings.password_minimum}
        actor_name={actor?.name}
        csrf={actor?.csrf ?? undefined}
        values={told?.values}
        errors={told?.errors}
      />
    );
    reply.header('cache-control', 'no-store');
    return htmlReply(reply, page({ ...frame, title: t.join_title, body }), told?.status);
  } catch (error) {
    return showCode(request, reply, toldBack(error, request, { code }));
  }
}

function joinRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  app.get(
    '/join',
    {
      schema: {
        querystring: Type.Object({ code: Type.Optional(Type.String({ maxLength: 100 })) }),
      },
    },
    async (request, reply) => {
      const { code } = request.query;
      return code === undefined ? showCode(request, reply) : showJoin(house, request, reply, code);
    },
  );
  app.post(
    '/join/code',
    { schema: { body: Type.Object({ code: typed }, exact) } },
    async (request, reply) => showJoin(house, request, reply, request.body.code ?? ''),
  );
  app.post(
    '/join',
    {
      schema: {
        body: Type.Object(
          { code: typed, login: typed, name: typed, password: typed, repeat_password: typed },
          exact,
        ),
      },
    },
    async (request, reply) => {
      const {
        code = '',
        login = '',
        name = '',
        password = '',
        repeat_password = '',
      } = request.body;
      const { actor } = request;
      try {
        if (actor !== null) {
          const { estate } = await tellingWait(reply, addHome(house, code, actor, request.ip));
          return await reply.redirect(`/e/${estate.code}?done=joined`, 303);
        }
        if (password !== repeat_password)
          throw refusals.password_repeat_differs({}, 'repeat_password');
        const joined = await tellingWait(
          reply,
          joinAsNew(house, code, { login, name, password }, request.ip),
        );
        await openSession(house, request, reply, joined.person_id);
        return await reply.redirect(`/e/${joined.estate.code}?done=joined`, 303);
      } catch (error) {
        const told = toldBack(error, request, { code, login, name });
        return told.errors['code'] === undefined
          ? showJoin(house, request, reply, code, told)
          : showCode(request, reply, told);
      }
    },
  );
}

export function loginPageRoutes(app: FastifyInstance, house: House): void {
  loginRoutes(app, house);
  joinRoutes(app, house);
}
