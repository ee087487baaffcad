// My account: each form posts to its own address and comes back filled in when refused.
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Actor } from '../kernel/actor.ts';
import type { House } from '../kernel/house.ts';
import { frameOf } from '../web/frame.ts';
import { pick } from '../web/locale.ts';
import { htmlReply, page } from '../web/shell.tsx';
import { AccountPage, type AccountFacts, type AccountForm } from './account-pages.tsx';
import { changePassword, changeSigningPassword, factorsOf } from './credential.ts';
import { announceFactor } from './passkey-notice.ts';
import { tellingWait } from './limits.ts';
import { toldBack } from './login-page-routes.tsx';
import { refuseFirstSigningPassword } from './passkey-confirm.ts';
import { signingEstates } from './queries.ts';
import { ownKeys } from './passkey-revoke.ts';
import { placesOf } from './places.ts';
import { recoveryCodesOf } from './recovery-code.ts';
import { closeAllSessions, closeSession, openSession } from './session.ts';
import { texts } from './texts.ts';
import { closeToken, demandBrowser, openToken, tokensOf } from './token.ts';

const typed = Type.Optional(Type.String({ maxLength: 1000, default: '' }));
const exact = { additionalProperties: false } as const;
const Passwords = Type.Object(
  { present_password: typed, new_password: typed, repeat_password: typed },
  exact,
);

/** What the person signs with; null: they sign nothing, now or later. */
async function keysFacts(house: House, { person_id }: Actor): Promise<AccountFacts['keys']> {
  const [factors, estates, keys, codes] = await Promise.all([
    factorsOf(house, person_id),
    signingEstates(house, person_id),
    ownKeys(house, person_id),
    recoveryCodesOf(house, person_id),
  ]);
  if (estates.length === 0 && !factors.signing_password && keys.length === 0) return null;
  const passkeys = keys.filter((key) => key.revoked_at === null).length;
  return { ...factors, passkeys, recovery_codes: codes.unused };
}

async function showAccount(
  house: House,
  request: FastifyRequest,
  reply: FastifyReply,
  extra: Pick<AccountFacts, 'wrong' | 'made'> = {},
  status = 200,
): Promise<FastifyReply> {
  const actor = demandBrowser(request.actor);
  const [places, tokens, keys] = await Promise.all([
    placesOf(house.db.app, actor),
    tokensOf(house, actor.person_id),
    keysFacts(house, actor),
  ]);
  const frame = frameOf(request, { audience: 'resident', here: '/me' });
  const body = (
    <AccountPage
      {...places}
      name={actor.name}
      login={actor.login}
      tokens={tokens}
      minimum={house.settings.password_minimum}
      csrf={actor.csrf ?? undefined}
      keys={keys}
      {...extra}
    />
  );
  reply.header('cache-control', 'no-store');
  return htmlReply(
    reply,
    page({ ...frame, title: pick(texts, frame.locale).me_title, body }),
    status,
  );
}

/** Does what a form asks; a refusal brings the page back with the reason at the field. */
async function answering(
  house: House,
  request: FastifyRequest,
  reply: FastifyReply,
  form: AccountForm,
  work: (actor: Actor) => Promise<void>,
): Promise<FastifyReply> {
  const actor = demandBrowser(request.actor);
  try {
    await tellingWait(reply, work(actor));
  } catch (error) {
    const { values, errors, status } = toldBack(
      error,
      request,
      request.body as Record<string, string>,
    );
    return showAccount(house, request, reply, { wrong: { form, values, errors } }, status);
  }
  return reply.redirect('/me?done=changed', 303);
}

function passwordRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const changeOf = (
    { person_id, name }: Actor,
    body: { present_password?: string; new_password?: string; repeat_password?: string },
  ) => ({
    person_id,
    name,
    present: body.present_password ?? '',
    wanted: body.new_password ?? '',
    repeated: body.repeat_password ?? '',
  });
  app.post('/me/password', { schema: { body: Passwords } }, (request, reply) =>
    answering(house, request, reply, 'password', async (actor) => {
      await changePassword(house, changeOf(actor, request.body));
      // Whoever had come in with the old password is out.
      await closeAllSessions(house, actor.person_id, { tokens: true });
      await openSession(house, request, reply, actor.person_id);
    }),
  );
  app.post('/me/signing-password', { schema: { body: Passwords } }, (request, reply) =>
    answering(house, request, reply, 'signing', async (actor) => {
      const { signing_password } = await factorsOf(house, actor.person_id);
      if (!signing_password) await refuseFirstSigningPassword(house, actor.person_id);
      await changeSigningPassword(house, changeOf(actor, request.body));
      await announceFactor(house, actor.person_id, 'signing_password');
    }),
  );
}

function tokenRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  app.post(
    '/me/tokens',
    { schema: { body: Type.Object({ label: typed, scope: typed }, exact) } },
    async (request, reply) => {
      const actor = demandBrowser(request.actor);
      const label = [...(request.body.label ?? '').trim()].slice(0, 60).join('');
      const locale = frameOf(request).locale;
      const made = await openToken(house, actor, {
        label: label === '' ? pick(texts, locale).tokens : label,
        scopes: request.body.scope === 'post' ? ['post'] : ['read'],
      });
      return showAccount(house, request, reply, { made });
    },
  );
  app.post(
    '/me/tokens/end',
    { schema: { body: Type.Object({ token_id: typed }, exact) } },
    (request, reply) =>
      answering(house, request, reply, 'end', (actor) =>
        closeToken(house, actor.person_id, request.body.token_id ?? ''),
      ),
  );
}

export function accountPageRoutes(app: FastifyInstance, house: House): void {
  app.get('/me', async (request, reply) =>
    request.actor === null
      ? reply.redirect('/login?next=%2Fme', 303)
      : showAccount(house, request, reply),
  );
  passwordRoutes(app, house);
  tokenRoutes(app, house);
  app.post('/me/logout-everywhere', async (request, reply) => {
    const actor = demandBrowser(request.actor);
    await closeAllSessions(house, actor.person_id, { tokens: true });
    await closeSession(house, request, reply);
    return reply.redirect('/', 303);
  });
}
