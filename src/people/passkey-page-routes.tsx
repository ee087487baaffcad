// Pages of one's own passkeys, recovery codes and one-time codes. Each form posts to an address of its own and
// comes back filled in when refused; recovery codes are the answer to the form, shown once.
import { readFileSync } from 'node:fs';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Actor } from '../kernel/actor.ts';
import { sha256Hex } from '../kernel/digest.ts';
import { isoInstant } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { frameOf, type Frame } from '../web/frame.ts';
import { pick } from '../web/locale.ts';
import { htmlReply, page } from '../web/shell.tsx';
import { fill } from '../kernel/locale.ts';
import { factorsOf } from './credential.ts';
import { tellingWait } from './limits.ts';
import { toldBack, type Told } from './login-page-routes.tsx';
import { usableKeys } from './passkey-confirm.ts';
import { enrolPasskey, renewRecoveryCodes } from './passkey-enrol.ts';
import { signingEstates } from './queries.ts';
import { PasskeysPage, RevokePage, type KeyForm } from './passkey-pages.tsx';
import { placeOf } from './passkey-place.ts';
import { ownKeys, revocationReasons, revokePasskey, type RevocationReason } from './passkey-revoke.ts';
import { keyTexts } from './passkey-texts.ts';
import { recoveryCodesOf } from './recovery-code.ts';
import { recoverySheet } from './recovery-sheet.tsx';
import { refusals } from './refusals.ts';
import { texts } from './texts.ts';
import { demandBrowser } from './token.ts';

const css = readFileSync(new URL('./recovery-sheet.css', import.meta.url), 'utf8');
const css_href = `/assets/recovery-sheet-${sha256Hex(css).slice(0, 16)}.css`;
const exact = { additionalProperties: false } as const;
const typed = Type.Optional(Type.String({ maxLength: 1000, default: '' }));
/** What a device answers, as JSON. */
const answered = Type.Optional(Type.String({ maxLength: 60_000, default: '' }));

/** What a redirect left behind, beyond the frame's own messages. */
const done: Record<string, keyof typeof keyTexts> = {
  enrolled: 'enrolled_done',
  revoked: 'revoked_done',
  code_on: 'code_done',
  code_off: 'code_off_done',
};

/** Frame of a page about one's own keys, with the way back and what has just been done. */
export function keyFrame(request: FastifyRequest, here: string): Frame {
  const frame = frameOf(request, { audience: 'resident', here });
  const said = (request.query as Record<string, unknown> | undefined)?.['done'];
  const text = typeof said === 'string' && Object.hasOwn(done, said) ? done[said] : undefined;
  const back = { href: '/me', label: pick(texts, frame.locale).me_title };
  return {
    ...frame,
    crumbs: [back],
    flash: text === undefined ? frame.flash : { tone: 'ok', text: keyTexts[text][frame.locale] },
  };
}

type Wrong = { form: KeyForm; told: Told } | undefined;
const shownWrong = (wrong: Wrong) =>
  wrong === undefined
    ? undefined
    : { form: wrong.form, values: wrong.told.values, errors: wrong.told.errors };

async function showKeys(
  house: House,
  request: FastifyRequest,
  reply: FastifyReply,
  wrong?: Wrong,
): Promise<FastifyReply> {
  const actor = demandBrowser(request.actor);
  const { person_id } = actor;
  const [keys, usable, estates, factors, codes] = await Promise.all([
    ownKeys(house, person_id),
    usableKeys(house, person_id, request.host),
    signingEstates(house, person_id),
    factorsOf(house, person_id),
    recoveryCodesOf(house, person_id),
  ]);
  const frame = keyFrame(request, '/me/passkeys');
  const t = pick(keyTexts, frame.locale);
  const issued_at = codes.issued_at === null ? null : isoInstant(codes.issued_at);
  const body = (
    <PasskeysPage
      keys={keys}
      usable={usable.length}
      place={placeOf(house.settings, request.host)}
      signs={estates.length > 0}
      factors={factors}
      recovery={{ unused: codes.unused, issued_at }}
      csrf={actor.csrf ?? undefined}
      wrong={shownWrong(wrong)}
    />
  );
  reply.header('cache-control', 'no-store');
  const html = page({ ...frame, title: t.passkeys, lede: t.passkeys_lede, body });
  return htmlReply(reply, html, wrong?.told.status);
}

function sheetReply(
  house: House,
  request: FastifyRequest,
  reply: FastifyReply,
  { codes, label }: { codes: readonly string[]; label?: string },
): FastifyReply {
  const { name } = demandBrowser(request.actor);
  const { locale } = frameOf(request);
  const issued_at = isoInstant(house.clock());
  const address = placeOf(house.settings, request.host).address ?? house.settings.public_url;
  reply.header('cache-control', 'no-store');
  return htmlReply(
    reply,
    recoverySheet({ name, codes, issued_at, label, css_href, locale, address }),
  );
}

function enrolmentForms(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const Enrol = Type.Object(
    { label: typed, response: answered, password: typed, code: typed, recovery_code: typed },
    exact,
  );
  app.post('/me/passkeys', { schema: { body: Enrol } }, async (request, reply) => {
    const actor = demandBrowser(request.actor);
    const { label = '', response = '' } = request.body;
    try {
      // Without scripts nobody asked the device.
      if (response === '') throw refusals.passkey_script_needed();
      const made = await enrolPasskey(house, actor, { host: request.host, label, response });
      if (made.recovery_codes === null) return reply.redirect('/me/passkeys?done=enrolled', 303);
      return sheetReply(house, request, reply, { codes: made.recovery_codes, label: made.label });
    } catch (error) {
      const told = toldBack(error, request, { label });
      return showKeys(house, request, reply, { form: 'enrol', told });
    }
  });
  const Renew = Type.Object({ password: typed, code: typed, assertion: answered }, exact);
  app.post('/me/recovery-codes', { schema: { body: Renew } }, async (request, reply) => {
    const actor = demandBrowser(request.actor);
    try {
      const proof = proofOf(request.body);
      const work = renewRecoveryCodes(house, actor, { host: request.host, proof });
      const codes = await tellingWait(reply, work);
      return sheetReply(house, request, reply, { codes });
    } catch (error) {
      const told = toldBack(error, request, {});
      return showKeys(house, request, reply, { form: 'recovery', told });
    }
  });
}

interface Proved {
  password?: string;
  code?: string;
  assertion?: string;
}
const proofOf = ({ password, code, assertion = '' }: Proved) =>
  assertion === ''
    ? ({ method: 'password', password, code } as const)
    : ({ method: 'passkey', assertion } as const);

async function showRevoke(
  house: House,
  request: FastifyRequest,
  reply: FastifyReply,
  credential_id: string,
  wrong?: Wrong,
): Promise<FastifyReply> {
  const actor: Actor = demandBrowser(request.actor);
  const { person_id } = actor;
  const keys = await ownKeys(house, person_id);
  const one = keys.find((key) => key.credential_id === credential_id && key.revoked_at === null);
  if (one === undefined) return reply.redirect('/me/passkeys', 303);
  const here = `/me/passkeys/revoke?key=${encodeURIComponent(credential_id)}`;
  const frame = keyFrame(request, here);
  const t = pick(keyTexts, frame.locale);
  const usable = await usableKeys(house, person_id, request.host);
  const body = (
    <RevokePage
      one={one}
      usable={usable.length}
      place={placeOf(house.settings, request.host)}
      factors={await factorsOf(house, person_id)}
      csrf={actor.csrf ?? undefined}
      wrong={shownWrong(wrong)}
    />
  );
  reply.header('cache-control', 'no-store');
  const html = page({
    ...frame,
    crumbs: [{ href: '/me/passkeys', label: t.passkeys }],
    title: fill(t.revoke_title, { label: one.label }),
    body,
  });
  return htmlReply(reply, html, wrong?.told.status);
}

const isReason = (text: string): text is RevocationReason =>
  (revocationReasons as readonly string[]).includes(text);

function revocationForms(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const Asked = Type.Object({ key: Type.Optional(Type.String({ maxLength: 1400 })) });
  app.get('/me/passkeys/revoke', { schema: { querystring: Asked } }, async (request, reply) =>
    request.actor === null
      ? reply.redirect('/login?next=%2Fme%2Fpasskeys', 303)
      : showRevoke(house, request, reply, request.query.key ?? ''),
  );
  const Revoke = Type.Object(
    {
      credential_id: Type.Optional(Type.String({ maxLength: 1400, default: '' })),
      reason: typed,
      password: typed,
      assertion: answered,
    },
    exact,
  );
  app.post('/me/passkeys/revoke', { schema: { body: Revoke } }, async (request, reply) => {
    const actor = demandBrowser(request.actor);
    const { credential_id = '', reason = '', ...proved } = request.body;
    try {
      const asked = {
        credential_id,
        reason: isReason(reason) ? reason : 'other',
        proof: proofOf(proved),
        host: request.host,
      } as const;
      await tellingWait(reply, revokePasskey(house, actor, asked));
    } catch (error) {
      const told = toldBack(error, request, { reason });
      return showRevoke(house, request, reply, credential_id, { form: 'revoke', told });
    }
    return reply.redirect('/me/passkeys?done=revoked', 303);
  });
}

export function passkeyPageRoutes(app: FastifyInstance, house: House): void {
  app.get(css_href, async (_request, reply) =>
    reply
      .type('text/css; charset=utf-8')
      .header('cache-control', 'public, max-age=31536000, immutable')
      .send(css),
  );
  app.get('/me/passkeys', async (request, reply) =>
    request.actor === null
      ? reply.redirect('/login?next=%2Fme%2Fpasskeys', 303)
      : showKeys(house, request, reply),
  );
  enrolmentForms(app, house);
  revocationForms(app, house);
}
