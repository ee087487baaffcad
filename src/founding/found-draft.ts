// What was filled in so far of an estate that is not founded yet (建账草稿), and the reading of each step. Pure where it can be: the steps
// are judged when they are saved, so that the last one finds nothing wrong that an earlier one could have told.
import { checkEstate, type NewEstateRow } from '../estate/estate.ts';
import { judge, type JudgedRow } from '../estate/import-judge.ts';
import { expectedText, whyText } from '../estate/import-template.ts';
import { readRegister } from '../estate/import-rows.ts';
import type { NewUnit } from '../estate/units.ts';
import { presets as rulePresets, type Preset } from '../approval/presets.ts';
import type { BodyKind } from '../kernel/actor.ts';
import { addDays, addMonths, firstDay, isBusinessDate, PERIOD_PATTERN, periodOf, readDate, type BusinessDate } from '../kernel/dates.ts';
import { money, moneyText, sum } from '../kernel/money.ts';
import { bookText, refusePersonal } from '../kernel/text.ts';
import { formsOf, formTexts, temporaryForms, usualNames, type BodyForm } from '../people/body-form.ts';
import { refusals } from './found-refusals.ts';
import { rowsOfText } from './opening-rows.ts';
import { bodiesIn, estateKinds, estatePresets, partySets, seatsOf, usualBodyName, type EstateKind, type Mode, type PartySet, type Seat } from './presets.ts';

export const steps = ['kind', 'basics', 'parties', 'officers', 'units', 'opening', 'check'] as const;
export type Step = (typeof steps)[number];
export type Fields = Readonly<Record<string, string>>;

/** Each step's fields as typed; a step that is not there was not saved yet. Type alias, so that it is JSON. */
export type FoundingDraft = Partial<Record<Exclude<Step, 'check'>, Record<string, string>>>;

const field = (fields: Fields | undefined, name: string): string => (fields?.[name] ?? '').normalize('NFC').trim();

function needed(fields: Fields, name: string, zh: string, en: string): string {
  const typed = field(fields, name);
  if (typed === '') throw refusals.found_field_missing({ label: zh, label_en: en }, name);
  return typed;
}

function oneOf<T extends string>(typed: string, choices: readonly T[], name: string): T {
  const found = choices.find((one) => one === typed);
  if (found === undefined) throw refusals.found_choice_invalid({ typed: typed.slice(0, 40) }, name);
  return found;
}

export const kindOf = ({ kind }: FoundingDraft): EstateKind => {
  const typed = field(kind, 'kind');
  if (typed === '') throw refusals.found_kind_missing({}, 'kind');
  return oneOf(typed, estateKinds, 'kind');
};

// ── Basics ───────────────────────────────────────────────────────────────────────────────────────

export function basicsPreset(draft: FoundingDraft, today: BusinessDate): Record<string, string> {
  const preset = estatePresets[kindOf(draft)];
  return {
    name_zh: '', name_en: '', code: '', first_period: periodOf(today), households: '', area_m2: '', fee_rate: preset.fee_rate, mode: preset.mode, rules: preset.rules,
    disclosure_day: String(preset.disclosure_day), answer_days: String(preset.answer_days), bank_name: '', account_last4: '',
  };
}

export interface Basics { row: Omit<NewEstateRow, 'trustee' | 'committee' | 'is_demo'>; rules: Preset; bank_name: string; account_last4: string; households_typed: boolean; area_typed: boolean }

const whole = (typed: string): number => (/^\d{1,6}$/.test(typed) ? Number(typed) : Number.NaN);

/** Refusals: found_field_missing, found_choice_invalid, found_period_invalid, found_last4_invalid, estate_code_invalid, estate_invalid, text_*. */
export function readBasics(fields: Fields, today: BusinessDate): Basics {
  // They stand on every disclosure for ever: one line, and nothing that cannot be printed.
  const name_zh = bookText(needed(fields, 'name_zh', '小区名称', 'name of the estate'), { field: 'name_zh', label: '小区名称 name', limit: 60 });
  const name_en = field(fields, 'name_en') === '' ? name_zh : bookText(field(fields, 'name_en'), { field: 'name_en', label: '英文名称 name in English', limit: 80 });
  const first_period = field(fields, 'first_period').normalize('NFKC');
  // Offices and rules begin with the books: with next month's nobody could do anything yet.
  const [from, to] = [addMonths(periodOf(today), -1), periodOf(today)];
  if (!new RegExp(PERIOD_PATTERN).test(first_period) || first_period < from || first_period > to) throw refusals.found_period_invalid({ typed: first_period.slice(0, 20), from, to }, 'first_period');
  const [households, area] = [field(fields, 'households'), field(fields, 'area_m2').replace(/,/g, '')];
  const row = {
    code: field(fields, 'code').toLowerCase(), name_zh, name_en,
    mode: oneOf<Mode>(field(fields, 'mode'), ['trust', 'commission', 'self_managed'], 'mode'), first_period,
    households: households === '' ? 0 : whole(households), area_m2: area === '' ? '0' : area, fee_rate: field(fields, 'fee_rate') === '' ? null : field(fields, 'fee_rate'),
    disclosure_day: whole(field(fields, 'disclosure_day')), answer_days: whole(field(fields, 'answer_days')),
  };
  const rules = oneOf(field(fields, 'rules'), rulePresets, 'rules');
  checkEstate({ ...row, trustee: '–', committee: '–', is_demo: false });
  const bank_name = bookText(needed(fields, 'bank_name', '开户行', 'bank'), { field: 'bank_name', label: '开户行 bank', limit: 100 });
  const account_last4 = field(fields, 'account_last4').normalize('NFKC');
  if (!/^\d{4}$/.test(account_last4)) throw refusals.found_last4_invalid({ typed: account_last4.slice(0, 10) }, 'account_last4');
  return { row, rules, bank_name, account_last4, households_typed: households !== '', area_typed: area !== '' };
}

// ── Parties ──────────────────────────────────────────────────────────────────────────────────────

const nameOfForm = (form: BodyForm): string => (usualNames[form] ?? formTexts[form]).zh;

export function partiesPreset(draft: FoundingDraft, today: BusinessDate): Record<string, string> {
  const kind = kindOf(draft);
  const preset = estatePresets[kind];
  const names = Object.fromEntries((Object.keys({ property: 0, committee: 0, supervisor: 0, party_branch: 0, community: 0, street: 0, auditor: 0 }) as BodyKind[])
    .map((body) => [`name_${body}`, usualBodyName(kind, body).zh]));
  const temporary = [preset.committee, preset.property].some((form) => temporaryForms.includes(form));
  const estate = field(draft.basics, 'name_zh');
  return {
    parties: preset.parties, committee_form: preset.committee, property_form: preset.property, ...names, name_property: nameOfForm(preset.property),
    name_committee: `${estate}${nameOfForm(preset.committee)}`, trustee: preset.property === 'company' ? '' : `${estate}${nameOfForm(preset.property)}`,
    until: temporary ? addDays(firstDay(addMonths(periodOf(today), 12)), -1) : '',
  };
}

export interface Party { body: BodyKind; name_zh: string; name_en: string; form: BodyForm; until: BusinessDate | null }
export interface Parties { set: PartySet; list: Party[]; trustee: string }

/** Refusals: found_choice_invalid, found_field_missing, found_until_invalid, text_*. */
export function readParties(draft: FoundingDraft, fields: Fields, today: BusinessDate): Parties {
  const kind = kindOf(draft);
  const { rules } = readBasics(draft.basics ?? {}, today);
  const set = oneOf(field(fields, 'parties'), partySets, 'parties');
  const typed_until = field(fields, 'until');
  const until = typed_until === '' ? null : readDate(typed_until);
  if (typed_until !== '' && (until === null || !isBusinessDate(until) || until < today || periodOf(until) > addMonths(periodOf(today), 60))) {
    throw refusals.found_until_invalid({ typed: typed_until.slice(0, 20) }, 'until');
  }
  const list = bodiesIn(set, rules).map((body): Party => {
    const form = body === 'committee' ? oneOf(field(fields, 'committee_form'), formsOf('committee'), 'committee_form')
      : body === 'property' ? oneOf(field(fields, 'property_form'), formsOf('property'), 'property_form') : 'usual';
    const usual = usualBodyName(kind, body);
    const label = { zh: `${usual.zh}的名称`, en: `name of the ${usual.en.toLowerCase()}` };
    const name_zh = bookText(needed(fields, `name_${body}`, label.zh, label.en), { field: `name_${body}`, label: label.zh, limit: 60 });
    const name_en = name_zh === usual.zh ? usual.en : form !== 'usual' ? formTexts[form].en : name_zh;
    return { body, name_zh, name_en, form, until: temporaryForms.includes(form) ? until : null };
  });
  const trustee = bookText(needed(fields, 'trustee', '服务方全称', 'full name of whoever manages'), { field: 'trustee', label: '服务方全称 trustee', limit: 100 });
  return { set, list, trustee };
}

// ── Officers ─────────────────────────────────────────────────────────────────────────────────────

/** Bodies whose people may hold a login already, because they look after other estates as well. */
export const elsewhere: readonly BodyKind[] = ['party_branch', 'community', 'street', 'auditor'];
export interface FirstOfficer extends Seat { name: string; login: string; known: boolean }

export const seatsFor = (draft: FoundingDraft, today: BusinessDate): Seat[] => {
  const { rules } = readBasics(draft.basics ?? {}, today);
  return seatsOf(readParties(draft, draft.parties ?? {}, today).list.map(({ body }) => body), rules);
};

/** Refusals: found_officer_missing, text_*. */
export function readOfficers(draft: FoundingDraft, fields: Fields, today: BusinessDate): FirstOfficer[] {
  const code = readBasics(draft.basics ?? {}, today).row.code;
  return seatsFor(draft, today).flatMap((seat): FirstOfficer[] => {
    const name = field(fields, `name_${seat.seat}`).replace(/[\s\p{Cc}]+/gu, ' ').slice(0, 60);
    const known = elsewhere.includes(seat.body) ? field(fields, `login_${seat.seat}`).normalize('NFKC').toLowerCase() : '';
    if (known !== '') return [{ ...seat, name, login: known, known: true }];
    if (name === '' && seat.needed) throw refusals.found_officer_missing({ seat: seat.what.zh, seat_en: seat.what.en.toLowerCase() }, `name_${seat.seat}`);
    return name === '' ? [] : [{ ...seat, name, login: `${code}-${seat.seat}`, known: false }];
  });
}

// ── Dwellings ────────────────────────────────────────────────────────────────────────────────────

export interface UnitFault { row: number; text: string; why: { zh: string; en: string }; fix: { zh: string; en: string } }
export interface UnitsRead { units: NewUnit[]; faults: UnitFault[]; area: string; /** Rows that also name owners: they come with the import of the register. */ owners: number }

const nothing = (today: BusinessDate) => {
  const none = new Map<string, never>();
  return { today, units: none, owners: none, tenants: none, parties: none, spaces: none, holdings: none, meters: none, readings: none, bills: none, items: none, item_names: [], starts: none };
};

/** Dwellings of a table as people have it, by the reader of the register's import; two bare columns are number and area.
 *  Refusal: found_units_unknown. */
export function readUnits(text: string, today: BusinessDate): UnitsRead {
  if (text.trim() === '') return { units: [], faults: [], area: '0.00', owners: 0 };
  const typed = rowsOfText(text).map((row) => (row.length === 1 ? row[0]!.trim().split(/\s+/) : row));
  const bare = typed.every((row) => row.every((cell) => !/房|号室|面积|area|unit|dwelling/i.test(cell) || /\d/.test(cell)));
  const rows = bare ? [['房号', '建筑面积'], ...typed] : typed;
  const read = readRegister([{ name: '', rows, merged: [] }], 'units');
  const [shape] = read.shapes;
  if (shape === undefined || read.rows.length === 0) throw refusals.found_units_unknown({}, 'units');
  const judged: JudgedRow[] = read.rows.map((row) => ({ ...row, kind: 'units' }));
  const { plan, faults } = judge(nothing(today) as never, judged, today);
  const first = bare ? 1 : 0;
  return {
    units: plan.units.map(({ unit, building, stairwell, phase, area_m2, kind, occupancy }) => ({ unit, building, stairwell, phase, area_m2, kind, occupancy })),
    faults: faults.map((fault) => ({ row: fault.row - first, text: fault.text, why: { zh: whyText(fault, 'zh'), en: whyText(fault, 'en') }, fix: { zh: expectedText(fault, 'zh'), en: expectedText(fault, 'en') } })),
    area: moneyText(sum(plan.units.map(({ area_m2 }) => money(area_m2)))), owners: plan.tenures.length,
  };
}

/** Refusals: those of readUnits(), found_units_wrong. */
export function goodUnits(text: string, today: BusinessDate): UnitsRead {
  const read = readUnits(text, today);
  const [first] = read.faults;
  if (first !== undefined) throw refusals.found_units_wrong({ faults: read.faults.length, row: first.row, why: first.why.zh, why_en: first.why.en, fix: first.fix.zh, fix_en: first.fix.en }, 'units');
  for (const { unit } of read.units) refusePersonal(unit, { field: 'units', label: '房号 dwelling' });
  return read;
}

/** First step that is not there yet. */
export const nextStep = (draft: FoundingDraft): Step => steps.find((step) => step === 'check' || draft[step as Exclude<Step, 'check'>] === undefined)!;
