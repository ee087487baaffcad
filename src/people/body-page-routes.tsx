// Pages of an estate's bodies and terms, and of invitations.
import { readFileSync } from 'node:fs';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { JSX } from 'preact';
import { Type } from 'typebox';
import { estateToday } from '../evidence/records.ts';
import { demand, may, officesThatMay, type Actor, type BodyKind, type Estate } from '../kernel/actor.ts';
import { sha256Hex } from '../kernel/digest.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { daysBetween } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { fill } from '../kernel/locale.ts';
import { sendCsv, toCsv } from '../web/csv.ts';
import { frameOf } from '../web/frame.ts';
import { csvTwin } from '../web/links.ts';
import { pick } from '../web/locale.ts';
import { htmlReply, page } from '../web/shell.tsx';
import {
  InvitePage,
  PeoplePage,
  type ShownCount,
  type ShownDelegation,
  type ShownTerm,
} from './body-pages.tsx';
import { issueInvitations, readUnits } from './invitation.ts';
import { toldBack, type Told } from './login-page-routes.tsx';
import {
  bodiesOf,
  delegationsOf,
  joinedByBuilding,
  termsOf,
  unjoinedUnits,
  type DelegationRow,
} from './queries.ts';
import { refusals } from './refusals.ts';
import { invitationSheets } from './sheet.tsx';
import { inPlaceOf, termTexts } from './term-texts.ts';
import { bodyTexts, officeTexts, texts } from './texts.ts';

/** A count below this would point at a family. */
const LEAST_COUNTED = 5;
/** Days before the end of a term from which the page says so. */
const ENDS_SOON = 30;

/** Bodies that some rule asks to sign on that day. */
async function bodiesAsked(trx: Trx, estate_id: number, on: string): Promise<Set<BodyKind>> {
  const rows = await trx
    .selectFrom('rule as r')
    .innerJoin('rule_body as b', (join) =>
      join.onRef('b.estate_id', '=', 'r.estate_id').onRef('b.rule_id', '=', 'r.rule_id'),
    )
    .select('b.body')
    .distinct()
    .where('r.estate_id', '=', estate_id)
    .where('r.valid_from', '<=', on)
    .where((on_day) =>
      on_day.or([on_day('r.valid_to', 'is', null), on_day('r.valid_to', '>=', on)]),
    )
    .execute();
  return new Set(rows.map((row) => row.body as BodyKind));
}

async function shownTerms(trx: Trx, estate_id: number, on: string): Promise<ShownTerm[]> {
  const asked = await bodiesAsked(trx, estate_id, on);
  return (await termsOf(trx, estate_id)).map((term) => {
    const in_office = term.starts_on <= on && on <= term.ends_on;
    const left = daysBetween(on, term.ends_on);
    return {
      ...term,
      in_office,
      ends_in: in_office && left <= ENDS_SOON ? left : null,
      may_sign: asked.has(term.body) ? officesThatMay('sign').includes(term.office) : null,
    };
  });
}

const states: readonly ShownDelegation['state'][] = ['now', 'later', 'lapsed', 'over'];

function stateOf({ starts_on, ends_on, in_force }: DelegationRow, on: string): ShownDelegation['state'] {
  if (in_force) return 'now';
  if (on > ends_on) return 'over';
  return on < starts_on ? 'later' : 'lapsed';
}

const shownDelegations = async (
  trx: Trx,
  estate_id: number,
  on: string,
  actor: Actor,
): Promise<ShownDelegation[]> =>
  (await delegationsOf(trx, estate_id, on))
    .map((row) => ({
      ...row,
      state: stateOf(row, on),
      mine: [row.principal, row.delegate].includes(actor.person_id),
    }))
    .sort((a, b) => states.indexOf(a.state) - states.indexOf(b.state));

const shownCounts = async (trx: Trx, estate_id: number): Promise<ShownCount[]> =>
  (await joinedByBuilding(trx, estate_id)).map((count) => ({
    ...count,
    joined: count.joined < LEAST_COUNTED ? null : count.joined,
  }));

export interface PeoplePageParts {
  /** What is wrong with the bodies (too few who may sign), shown above them; given by approval/. */
  warnings?: ((trx: Trx, estate: Estate) => Promise<JSX.Element>) | undefined;
}

async function showPeople(
  house: House,
  request: FastifyRequest,
  reply: FastifyReply,
  { warnings }: PeoplePageParts,
) {
  const estate = request.estate!;
  const { estate_id, code } = estate;
  const actor = demand(request.actor, estate_id, 'read_books');
  const { above, ...facts } = await inEstate(
    house.db.app,
    estate_id,
    async (trx) => {
      const on = await estateToday(trx, estate_id);
      return {
        bodies: await bodiesOf(trx, estate_id),
        terms: await shownTerms(trx, estate_id, on),
        delegations: await shownDelegations(trx, estate_id, on, actor),
        counts: await shownCounts(trx, estate_id),
        above: await warnings?.(trx, estate),
      };
    },
    { readOnly: true },
  );
  const frame = frameOf(request);
  const t = pick(texts, frame.locale);
  const body = (
    <>
      {above}
      <PeoplePage
        {...facts}
        code={code}
        may_propose={may(actor, estate_id, 'propose')}
        csrf={actor.csrf ?? undefined}
        least={LEAST_COUNTED}
        csv={csvTwin(frame.here)}
      />
    </>
  );
  return htmlReply(reply, page({ ...frame, title: t.people_title, lede: t.people_lede, body }));
}

async function sendPeople(house: House, request: FastifyRequest, reply: FastifyReply) {
  const estate = request.estate!;
  const { estate_id } = estate;
  demand(request.actor, estate_id, 'read_books');
  const { terms, delegations } = await inEstate(
    house.db.app,
    estate_id,
    async (trx) => {
      const on = await estateToday(trx, estate_id);
      return {
        terms: await shownTerms(trx, estate_id, on),
        delegations: await delegationsOf(trx, estate_id, on),
      };
    },
    { readOnly: true },
  );
  const { locale } = frameOf(request);
  const t = pick(texts, locale);
  const more = pick(termTexts, locale);
  const basis = (proposal: number | null): string =>
    proposal === null ? more.at_opening : fill(more.by_proposal, { proposal });
  const rows = [
    ...terms.map((term) => ({
      ...term,
      name: term.name ?? '',
      body: bodyTexts[term.body][locale],
      office: officeTexts[term.office][locale],
      in_office: term.in_office ? t.yes : t.no,
      basis: basis(term.proposal_id),
    })),
    // A delegation is a line of its own: who signed for whom, in the same columns.
    ...delegations.map((row) => ({
      name: inPlaceOf(locale, {
        delegate: row.delegate_name,
        principal: row.principal_name,
        principal_office: row.principal_office,
      }),
      body: bodyTexts[row.body][locale],
      office: more.delegations,
      starts_on: row.starts_on,
      ends_on: row.ends_on,
      in_office: row.in_force ? t.yes : t.no,
      basis: basis(row.proposal_id),
    })),
  ];
  const columns = [
    ...(['name', 'body', 'office', 'starts_on', 'ends_on', 'in_office'] as const).map((key) => ({
      key,
      title: t[key],
    })),
    { key: 'basis' as const, title: more.basis },
  ];
  return sendCsv(
    reply,
    `${locale === 'en' ? estate.name_en : estate.name_zh}-${t.people_title}.csv`,
    toCsv(columns, rows),
  );
}

function peopleRoutes(app: FastifyInstance, house: House, parts: PeoplePageParts): void {
  app.get('/e/:estate/people', (request, reply) => showPeople(house, request, reply, parts));
  app.get('/e/:estate/people.csv', (request, reply) => sendPeople(house, request, reply));
}

const css = readFileSync(new URL('./sheet.css', import.meta.url));
const css_href = `/assets/sheet/${sha256Hex(css).slice(0, 10)}.css`;

async function showInvite(
  house: House,
  request: FastifyRequest,
  reply: FastifyReply,
  told?: Told,
): Promise<FastifyReply> {
  const { estate_id, code } = request.estate!;
  const actor = demand(request.actor, estate_id, 'invite');
  const [counts, open] = await inEstate(
    house.db.app,
    estate_id,
    async (trx) =>
      [await joinedByBuilding(trx, estate_id), await unjoinedUnits(trx, estate_id)] as const,
    { readOnly: true },
  );
  const frame = frameOf(request, { here: `/e/${code}/invitations` });
  const t = pick(texts, frame.locale);
  const body = (
    <InvitePage
      estate_code={code}
      buildings={counts.map(({ building }) => building)}
      open_units={open.length}
      csrf={actor.csrf ?? undefined}
      values={told?.values}
      errors={told?.errors}
    />
  );
  return htmlReply(
    reply,
    page({ ...frame, title: t.invite_title, lede: t.invite_lede, body }),
    told?.status,
  );
}

interface Choice {
  choice?: string;
  building?: string;
  units?: string;
}

/** The dwellings a form asks for; undefined: all that nobody has joined. */
async function chosen(
  trx: Trx,
  { estate_id }: Estate,
  form: Choice,
): Promise<string[] | undefined> {
  if (form.choice === 'open') return undefined;
  if (form.choice === 'named') return readUnits(form.units ?? '');
  const units = await unjoinedUnits(trx, estate_id, form.building ?? '');
  if (units.length === 0) throw refusals.invitations_none({}, 'building');
  return units;
}

function invitationRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  app.get(css_href, async (_request, reply) =>
    reply
      .type('text/css; charset=utf-8')
      .header('cache-control', 'public, max-age=31536000, immutable')
      .send(css),
  );
  app.get('/e/:estate/invitations', (request, reply) => showInvite(house, request, reply));
  const typed = Type.Optional(Type.String({ maxLength: 20_000, default: '' }));
  app.post(
    '/e/:estate/invitations',
    {
      schema: {
        body: Type.Object(
          { choice: typed, building: typed, units: typed },
          { additionalProperties: false },
        ),
      },
    },
    async (request, reply) => {
      const estate = request.estate!;
      const actor = demand(request.actor, estate.estate_id, 'invite');
      try {
        const invitations = await inEstate(house.db.app, estate.estate_id, async (trx) =>
          issueInvitations(trx, { estate, actor, units: await chosen(trx, estate, request.body) }),
        );
        const { locale } = frameOf(request);
        reply.header('cache-control', 'no-store');
        return htmlReply(
          reply,
          invitationSheets({
            estate,
            invitations,
            css_href,
            locale,
            public_url: house.settings.public_url,
          }),
        );
      } catch (error) {
        return showInvite(house, request, reply, toldBack(error, request, request.body));
      }
    },
  );
}

export function bodyPageRoutes(app: FastifyInstance, house: House, parts: PeoplePageParts): void {
  peopleRoutes(app, house, parts);
  invitationRoutes(app, house);
}
