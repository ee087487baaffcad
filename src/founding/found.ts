// Founding an estate by the guided page (引导建账): kind → basics → parties → first officers → dwellings → opening balances → opened.
// Each step is judged when it is saved and kept under the start key; the estate comes into being in one transaction at the end, with its
// log, sides, chart of accounts, rules, bank account, dwellings and first officers, and uses the key up. Opening balances wait as a draft for
// the cashier: they are proposed and signed like everybody else's, by people who have logged in.
import { sql } from 'kysely';
import { issueCheckpoint } from '../evidence/checkpointer.ts';
import type { Estate } from '../kernel/actor.ts';
import { databaseRefusal, type Trx } from '../kernel/database.ts';
import { addMonths, firstDay, lastDay, today as todayOf } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { notify } from '../kernel/notice.ts';
import { numberKey } from '../estate/import-cells.ts';
import { refusals as estateRefusals } from '../estate/refusals.ts';
import { readFixtures } from '../ledger/accounts.ts';
import { madeUpPassword } from '../people/made-up-password.ts';
import { appoint } from '../people/term.ts';
import { openEstate, type NewEstate, type NewPerson } from '../setup.ts';
import { goodUnits, kindOf, readBasics, readOfficers, readParties, readUnits, type FirstOfficer, type FoundingDraft, type Step } from './found-draft.ts';
import { foundingBy, keepDraft, lockSheets, type FirstLogin } from './found-key.ts';
import { refusals } from './found-refusals.ts';
import { keepOpeningDraft, refuseOpening, shortText } from './opening.ts';
import { readOpening, rowsOfText, type OpeningGround, type OpeningRead } from './opening-rows.ts';

const TERM_MONTHS = 60;
const BASIS = '建账时登记';

// ── Steps ────────────────────────────────────────────────────────────────────────────────────────

type Kept = Exclude<Step, 'check'>;
const later: Readonly<Record<Kept, readonly Kept[]>> = { kind: ['basics', 'parties', 'officers'], basics: ['parties', 'officers'], parties: ['officers'], officers: [], units: [], opening: [] };

/** Judges one step and keeps it. Steps that rest on it are asked again where what they said no longer fits. Refusals: found_key_*, those of the step. */
export async function saveStep(house: House, { key, step, fields }: { key: string; step: Kept; fields: Record<string, string> }): Promise<void> {
  const { founding_id, draft, opened_estate } = await foundingBy(house, key);
  if (opened_estate !== null) throw refusals.found_key_used();
  const today = todayOf(house.clock);
  const after: FoundingDraft = { ...draft, [step]: fields };
  await judgeStep(house, after, step, today);
  for (const next of later[step]) {
    if (after[next] === undefined) continue;
    try {
      // Another kind has other presets: they are offered anew.
      if (step === 'kind' && draft.kind?.['kind'] !== fields['kind']) throw refusals.found_kind_missing();
      await judgeStep(house, after, next, today);
    } catch {
      delete after[next];
    }
  }
  await keepDraft(house, founding_id, after);
}

async function judgeStep(house: House, draft: FoundingDraft, step: Kept, today: string): Promise<void> {
  const fields = draft[step] ?? {};
  switch (step) {
    case 'kind': return void kindOf(draft);
    case 'basics': {
      const { row } = readBasics(fields, today);
      const taken = await house.db.app.selectFrom('estate').select('estate_id').where('code', '=', row.code).executeTakeFirst();
      if (taken !== undefined) throw estateRefusals.estate_code_taken({ code: row.code }, 'code');
      return;
    }
    case 'parties': return void readParties(draft, fields, today);
    case 'officers': return void await knownPersons(house, readOfficers(draft, fields, today));
    case 'units': return void goodUnits(fields['units'] ?? '', today);
    case 'opening': {
      const table = shortText(fields['table'] ?? '');
      if (table.trim() === '') return;
      const ground = await groundOf(draft, today);
      refuseOpening(readOpening(rowsOfText(table), ground), ground);
    }
  }
}

/** Persons who hold a login already, by it. Refusal: found_login_unknown. */
async function knownPersons(house: House, officers: readonly FirstOfficer[]): Promise<Map<string, string>> {
  const logins = officers.filter(({ known }) => known).map(({ login }) => login);
  if (logins.length === 0) return new Map();
  const rows = await house.db.app.selectFrom('credential').select(['login', 'person_id']).where('login', 'in', logins).execute();
  const missing = officers.find(({ known, login }) => known && !rows.some((row) => row.login === login));
  if (missing !== undefined) throw refusals.found_login_unknown({ login: missing.login.slice(0, 60) }, `login_${missing.seat}`);
  return new Map(rows.map((row) => [row.login, row.person_id]));
}

// ── Opening balances before there are books ──────────────────────────────────────────────────────

function csvLines(text: string): Record<string, string>[] {
  const [head = [], ...rest] = text.replace(/^\uFEFF/, '').trim().split(/\r?\n/).map((line) => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map((found) => found[1] ?? found[2] ?? ''));
  return rest.map((cells) => Object.fromEntries(head.map((name, at) => [name, cells[at] ?? ''])));
}

/** Accounts and funds every estate begins with, and the dwellings of the draft. */
export async function groundOf(draft: FoundingDraft, today: string): Promise<OpeningGround> {
  const { accounts, funds } = await readFixtures();
  const units = draft.units === undefined ? [] : readUnits(draft.units['units'] ?? '', today).units;
  return {
    accounts: csvLines(accounts).map((row) => ({ account: row['account']!, name_zh: row['name_zh']!, name_en: row['name_en']!, class: row['class']!, is_postable: row['is_postable'] === 'yes' })),
    funds: csvLines(funds).map((row) => ({
      fund: row['fund']!, name_zh: row['name_zh']!, name_en: row['name_en']!, is_restricted: row['is_restricted'] === 'yes', uses: (row['accounts'] ?? '').split(' ').filter((use) => use !== ''),
    })),
    units: new Map(units.map(({ unit }) => [numberKey(unit), { unit, ref: null }])),
  };
}

export async function lookAtDraft(draft: FoundingDraft, table: string, today: string): Promise<{ read: OpeningRead; ground: OpeningGround }> {
  const ground = await groundOf(draft, today);
  return { read: readOpening(rowsOfText(table), ground), ground };
}

// ── Opening the estate ───────────────────────────────────────────────────────────────────────────

export const stepTexts: Record<Step, { zh: string; en: string }> = {
  kind: { zh: '哪一种小区', en: 'Kind' }, basics: { zh: '基本情况', en: 'Basics' }, parties: { zh: '各方', en: 'Parties' }, officers: { zh: '第一批人员', en: 'First officers' },
  units: { zh: '房屋', en: 'Dwellings' }, opening: { zh: '期初余额', en: 'Opening balances' }, check: { zh: '核对并建账', en: 'Check and open' },
};

function complete(draft: FoundingDraft): Required<FoundingDraft> {
  for (const step of ['kind', 'basics', 'parties', 'officers', 'units', 'opening'] as const) {
    if (draft[step] === undefined) throw refusals.found_incomplete({ step: stepTexts[step].zh, step_en: stepTexts[step].en });
  }
  return draft as Required<FoundingDraft>;
}

export interface Planned { spec: NewEstate; officers: FirstOfficer[]; owners: number }

/** What would be opened. Refusals: found_incomplete, those of the steps. */
export function planEstate(filled: FoundingDraft, today: string): Planned {
  const draft = complete(filled);
  const { row, rules, bank_name, account_last4, households_typed, area_typed } = readBasics(draft.basics, today);
  const parties = readParties(draft, draft.parties, today);
  const { units, area, owners } = goodUnits(draft.units['units'] ?? '', today);
  const committee = parties.list.find(({ body }) => body === 'committee')!.name_zh;
  return {
    officers: readOfficers(draft, draft.officers, today), owners,
    spec: {
      ...row, households: households_typed ? row.households : units.filter((unit) => (unit.kind ?? 'dwelling') === 'dwelling').length, area_m2: area_typed ? row.area_m2 : area,
      trustee: parties.trustee, committee, is_demo: false, preset: rules, bodies: parties.list, units,
      bank: { name_zh: '共管账户', name_en: 'Joint account', bank_name, account_last4 },
    },
  };
}

export interface Founded { estate: Estate; logins: FirstLogin[] }

/** Opens the estate of a start key, whole or not at all. Refusals: found_key_*, found_incomplete, those of the steps and of openEstate(). */
export async function foundEstate(house: House, key: string): Promise<Founded> {
  const { founding_id, draft, opened_estate } = await foundingBy(house, key);
  if (opened_estate !== null) throw refusals.found_key_used();
  const today = todayOf(house.clock);
  const { spec, officers } = planEstate(draft, today);
  const known = await knownPersons(house, officers);
  const days = { starts_on: firstDay(spec.first_period), ends_on: lastDay(addMonths(spec.first_period, TERM_MONTHS - 1)), resolution: BASIS };
  const logins: FirstLogin[] = officers.map((one) => ({
    body: one.body, office: one.office, name: one.name, login: one.login,
    password: one.known ? null : madeUpPassword(), signing_password: one.signs && !one.known ? madeUpPassword() : null,
  }));
  const persons = officers.flatMap(({ known: is_known, name, login, body, office }, index): NewPerson[] => (is_known ? [] : [{
    name, login, password: logins[index]!.password!, signing_password: logins[index]!.signing_password, terms: [{ body, office, ...days }],
  }]));
  const table = (draft.opening?.['table'] ?? '').trim();
  const also = async (trx: Trx, { estate, person_ids }: { estate: Estate; person_ids: string[] }): Promise<void> => {
    const { estate_id, code } = estate;
    for (const { login, body, office } of officers.filter((one) => one.known)) await appoint(trx, { estate_id, person_id: known.get(login)!, body, office, ...days });
    const sheets = lockSheets(key, logins);
    const { rows } = await sql`update founding set opened_estate = ${estate_id}, opened_at = ${house.clock()}, content = '{}', sheets = ${sheets}
      where founding_id = ${founding_id} and opened_estate is null returning founding_id`.execute(trx);
    if (rows.length === 0) throw refusals.found_key_used();
    if (table === '') return;
    const desk = persons.flatMap(({ terms: [term] }, index) => (['cashier', 'manager'].includes(term!.office) ? [person_ids[index]!] : []));
    await keepOpeningDraft(trx, { estate_id, content: table, saved_by: desk[0]! });
    await notify(trx, { estate_id, person_ids: desk, key: 'opening_draft', href: `/e/${code}/opening`, text: {
      zh: '建账时填的期初余额已存成草稿，请核对后由出纳提交签批。', en: 'The opening balances filled in at the founding wait as a draft: check them and have the cashier propose them.',
    } });
  };
  try {
    const { estate } = await openEstate(house, { ...spec, also }, persons);
    await issueCheckpoint(house, estate);
    return { estate, logins };
  } catch (error) {
    throw databaseRefusal(error);
  }
}
