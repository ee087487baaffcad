// Interface of passkeys: one's own only, from a browser in which one has logged in; a token may only look.
//   first key:    POST …/options {method: password}   → startRegistration() → POST …/passkeys
//   further key:  POST …/confirmation {act: enrol} → startAuthentication() → POST …/options {method: passkey} → …
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { refusals as actorRefusals } from '../kernel/actor.ts';
import { isoInstant } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { factorsOf } from './credential.ts';
import { tellingWait } from './limits.ts';
import { confirmationOptions, type Act } from './passkey-confirm.ts';
import { enrolmentOptions, enrolPasskey, renewRecoveryCodes } from './passkey-enrol.ts';
import { ownKeys, revocationReasons, revokePasskey } from './passkey-revoke.ts';
import { recoveryCodesOf } from './recovery-code.ts';
import { refusals } from './refusals.ts';
import { demandBrowser } from './token.ts';

const exact = { additionalProperties: false } as const;
const tags = ['passkeys'];
const CredentialId = Type.String({
  pattern: '^[A-Za-z0-9_-]{16,1400}$',
  description: 'Credential id, base64url.',
});
const Bytes = Type.String({ pattern: '^[A-Za-z0-9_-]+$', maxLength: 30_000 });
// What the browser's own functions give: with more in it than is looked at.
const Assertion = Type.Object(
  {
    id: Bytes,
    response: Type.Object({ authenticatorData: Bytes, clientDataJSON: Bytes, signature: Bytes }),
  },
  { description: 'AuthenticationResponseJSON of startAuthentication().' },
);
const Registration = Type.Object(
  { id: Bytes, response: Type.Object({ attestationObject: Bytes, clientDataJSON: Bytes }) },
  { description: 'RegistrationResponseJSON of startRegistration().' },
);
const Method = Type.Union(
  [Type.Literal('password'), Type.Literal('passkey'), Type.Literal('recovery_code')],
  { examples: ['password'] },
);
const proof = {
  method: Method,
  password: Type.Optional(
    Type.String({
      maxLength: 1000,
      description: 'Signing password; the login password where there is none.',
    }),
  ),
  code: Type.Optional(
    Type.String({ maxLength: 40, description: 'One-time code, where they are set up.' }),
  ),
  recovery_code: Type.Optional(Type.String({ maxLength: 100, examples: ['7K2M-9QXD-4RTB'] })),
  assertion: Type.Optional(Assertion),
};
const Time = Type.Union([Type.String(), Type.Null()]);
const Key = Type.Object(
  {
    credential_id: Type.String(),
    label: Type.String({ examples: ['手机'] }),
    rp_id: Type.String({ description: 'Host name it is bound to.', examples: ['books.example.cn'] }),
    enrolled_at: Type.String(),
    confirmed_by: Method,
    backup_eligible: Type.Boolean({ description: "May be copied to a provider's cloud." }),
    backed_up: Type.Boolean({ description: 'Was copied when it was enrolled.' }),
    last_used_at: Time,
    revoked_at: Time,
    estates: Type.Array(Type.String({ examples: ['demo'] })),
  },
  exact,
);
const Codes = Type.Array(Type.String({ examples: ['7K2M-9QXD-4RTB'] }));
const Options = Type.Record(Type.String(), Type.Unknown());

function readRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  app.get(
    '/api/v1/passkeys',
    {
      schema: {
        summary: 'My passkeys, how many recovery codes are left, whether one-time codes are set up',
        tags,
        response: {
          200: Type.Object(
            {
              items: Type.Array(Key),
              recovery_codes: Type.Object({ unused: Type.Integer(), issued_at: Time }, exact),
              one_time_code: Type.Boolean(),
            },
            exact,
          ),
        },
      },
    },
    async ({ actor }) => {
      if (actor === null) throw actorRefusals.login_required();
      const [items, codes, { one_time_code }] = await Promise.all([
        ownKeys(house, actor.person_id),
        recoveryCodesOf(house, actor.person_id),
        factorsOf(house, actor.person_id),
      ]);
      const issued_at = codes.issued_at === null ? null : isoInstant(codes.issued_at);
      return { items, recovery_codes: { unused: codes.unused, issued_at }, one_time_code };
    },
  );
}

function confirmationRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  app.post(
    '/api/v1/passkeys/confirmation',
    {
      schema: {
        summary: 'What one of my passkeys signs to confirm an act, for startAuthentication()',
        tags,
        body: Type.Object(
          {
            act: Type.Union([
              Type.Literal('enrol'),
              Type.Literal('revoke'),
              Type.Literal('recovery_codes'),
            ]),
            credential_id: Type.Optional(CredentialId),
          },
          exact,
        ),
        response: { 200: Type.Object({ options: Options }, exact) },
      },
    },
    async (request, reply) => {
      const actor = demandBrowser(request.actor);
      const { act, credential_id } = request.body;
      if (act === 'revoke' && credential_id === undefined)
        throw refusals.passkey_unknown({}, 'credential_id');
      const asked = (act === 'revoke' ? { act, credential_id } : { act }) as Act;
      const options = await confirmationOptions(house, actor, asked, request.host);
      return reply.header('cache-control', 'no-store').send({ options: { ...options } });
    },
  );
}

function enrolmentRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  app.post(
    '/api/v1/passkeys/options',
    {
      schema: {
        summary: 'Confirm that it is me, and get what startRegistration() makes a passkey with',
        description:
          'The first key is confirmed by password or recovery code, a further one by a passkey or recovery code.',
        tags,
        body: Type.Object(proof, exact),
        response: { 200: Type.Object({ options: Options }, exact) },
      },
    },
    async (request, reply) => {
      const actor = demandBrowser(request.actor);
      const work = enrolmentOptions(house, actor, { host: request.host, proof: request.body });
      const options = await tellingWait(reply, work);
      return reply.header('cache-control', 'no-store').send({ options: { ...options } });
    },
  );
  app.post(
    '/api/v1/passkeys',
    {
      schema: {
        summary: 'Enrol the passkey that was made; with the first come the recovery codes, shown here only',
        tags,
        body: Type.Object(
          { label: Type.String({ maxLength: 200, examples: ['手机'] }), response: Registration },
          exact,
        ),
        response: {
          201: Type.Object(
            {
              credential_id: Type.String(),
              label: Type.String(),
              confirmed_by: Method,
              backup_eligible: Type.Boolean(),
              backed_up: Type.Boolean(),
              recovery_codes: Type.Union([Codes, Type.Null()]),
            },
            exact,
          ),
        },
      },
    },
    async (request, reply) => {
      const actor = demandBrowser(request.actor);
      const enrolled = await enrolPasskey(house, actor, { host: request.host, ...request.body });
      return reply.code(201).header('cache-control', 'no-store').send(enrolled);
    },
  );
}

function revocationRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  app.post(
    '/api/v1/passkeys/revoke',
    {
      schema: {
        summary: 'Revoke one of my passkeys, everywhere and for good',
        tags,
        body: Type.Object(
          {
            credential_id: CredentialId,
            reason: Type.Union(revocationReasons.map((reason) => Type.Literal(reason))),
            ...proof,
          },
          exact,
        ),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const actor = demandBrowser(request.actor);
      const { credential_id, reason, ...rest } = request.body;
      const asked = { credential_id, reason, proof: rest, host: request.host };
      await tellingWait(reply, revokePasskey(house, actor, asked));
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/api/v1/recovery-codes',
    {
      schema: {
        summary: 'New recovery codes, shown here and never again; the old ones stop working',
        tags,
        body: Type.Object(proof, exact),
        response: { 201: Type.Object({ codes: Codes }, exact) },
      },
    },
    async (request, reply) => {
      const actor = demandBrowser(request.actor);
      const work = renewRecoveryCodes(house, actor, { host: request.host, proof: request.body });
      const codes = await tellingWait(reply, work);
      return reply.code(201).header('cache-control', 'no-store').send({ codes });
    },
  );
}

export function passkeyRoutes(app: FastifyInstance, house: House): void {
  readRoutes(app, house);
  confirmationRoutes(app, house);
  enrolmentRoutes(app, house);
  revocationRoutes(app, house);
}
