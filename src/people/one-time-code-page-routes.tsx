// The page of one-time codes. The secret it shows is of no use until the form brings it back with a code the
// phone made of it; a form that was refused keeps it, so that nobody has to scan twice.
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { House } from '../kernel/house.ts';
import { pick } from '../web/locale.ts';
import { htmlReply, page } from '../web/shell.tsx';
import { factorsOf, setUpCodes, turnCodesOff } from './credential.ts';
import { announceFactor } from './passkey-notice.ts';
import { tellingWait } from './limits.ts';
import { toldBack, type Told } from './login-page-routes.tsx';
import { OneTimeCodePage } from './one-time-code-pages.tsx';
import { isSecret, newSecret, secretUri } from './one-time-code.ts';
import { keyFrame } from './passkey-page-routes.tsx';
import { keyTexts } from './passkey-texts.ts';
import { takeRecoveryCode } from './recovery-code.ts';
import { demandBrowser } from './token.ts';

const typed = Type.Optional(Type.String({ maxLength: 1000, default: '' }));
const exact = { additionalProperties: false } as const;

async function showCodes(
  house: House,
  request: FastifyRequest,
  reply: FastifyReply,
  told?: Told,
): Promise<FastifyReply> {
  const { person_id, login, csrf } = demandBrowser(request.actor);
  const frame = keyFrame(request, '/me/one-time-code');
  const t = pick(keyTexts, frame.locale);
  const kept = told?.values['secret'] ?? '';
  const secret = isSecret(kept) ? kept : newSecret();
  const body = (
    <OneTimeCodePage
      {...await factorsOf(house, person_id)}
      secret={secret}
      uri={secretUri(secret, login)}
      csrf={csrf ?? undefined}
      values={told?.values}
      errors={told?.errors}
    />
  );
  reply.header('cache-control', 'no-store');
  const html = page({ ...frame, title: t.code_title, lede: t.code_lede, body });
  return htmlReply(reply, html, told?.status);
}

export function oneTimeCodePageRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  app.get('/me/one-time-code', async (request, reply) =>
    request.actor === null
      ? reply.redirect('/login?next=%2Fme%2Fone-time-code', 303)
      : showCodes(house, request, reply),
  );
  const SetUp = Type.Object({ secret: typed, code: typed, password: typed }, exact);
  app.post('/me/one-time-code', { schema: { body: SetUp } }, async (request, reply) => {
    const { person_id } = demandBrowser(request.actor);
    const { secret = '', code = '', password = '' } = request.body;
    try {
      await tellingWait(reply, setUpCodes(house, { person_id, secret, code, password }));
    } catch (error) {
      return showCodes(house, request, reply, toldBack(error, request, { secret }));
    }
    await announceFactor(house, person_id, 'codes_on');
    return reply.redirect('/me/one-time-code?done=code_on', 303);
  });
  const TurnOff = Type.Object({ code: typed, password: typed }, exact);
  app.post('/me/one-time-code/off', { schema: { body: TurnOff } }, async (request, reply) => {
    const { person_id } = demandBrowser(request.actor);
    const { code = '', password = '' } = request.body;
    try {
      // With the phone gone there is no code: a printed one stands for it.
      const instead = (text: string) => takeRecoveryCode(house, person_id, text);
      await tellingWait(reply, turnCodesOff(house, person_id, { password, code }, instead));
    } catch (error) {
      return showCodes(house, request, reply, toldBack(error, request, {}));
    }
    await announceFactor(house, person_id, 'codes_off');
    return reply.redirect('/me/one-time-code?done=code_off', 303);
  });
}
