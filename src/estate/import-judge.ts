// Judging the rows of a sheet before anything is written (试导入): every bad cell is named with why and what is expected, equal rows
// count once, different ones are told apart by name. Dwellings first, since the other sheets name them. Pure: no database.
import type { BusinessDate } from '../kernel/dates.ts';
import {
  areWhole, cellText, isFormulaError, numberKey, readArea, readDay, readDwelling, readKind, readName, readOccupancy, readPhone, readShare, splitNames,
} from './import-cells.ts';
import type { SheetKind } from './import-headings.ts';
import { Judging, whoKey, type Fault, type Known, type NewTenure, type Note, type Plan } from './import-plan.ts';
import { judgeBills, judgeMeters, judgeReadings, judgeSpaces } from './import-judge-places.ts';
import type { SheetRow } from './import-rows.ts';

const ORGANISATION = /公司|有限|中心|合作社|银行|街道|委员会|学校|医院|幼儿园|工厂|集团|事务所|店$|厂$|局$/u;
export const partyKind = (name: string): 'person' | 'organisation' => (ORGANISATION.test(name) ? 'organisation' : 'person');

interface Seen { unit: string; area: { text: string; row: number } | null; owners: Map<string, { tenure: NewTenure; row: SheetRow }>; tenants: Map<string, NewTenure>; before: boolean }
type Dwellings = Map<string, Seen>;

/** The dwelling of a row: known, new, or seen in an earlier row. */
function dwellingOf(j: Judging, seen: Dwellings, row: SheetRow): Seen | null {
  const read = readDwelling(row.cells);
  if ('fault' in read) {
    j.wrong(row, read.field, isFormulaError(row.cells[read.field] ?? '') ? 'formula' : read.fault);
    return null;
  }
  const { value: named } = read;
  const key = numberKey(named.unit);
  const area = j.read(row, 'area', readArea);
  const kind = j.read(row, 'kind', readKind);
  const occupancy = j.read(row, 'occupancy', readOccupancy);
  const known = j.known.units.get(key);
  const there = known !== undefined && !known.is_ended ? known : null;
  const first = seen.get(key);
  if (first !== undefined) {
    const fresh = j.fresh.get(key);
    const phase = fresh?.phase ?? '';
    if (named.phase !== '' && phase !== '' && named.phase !== phase) j.wrong(row, 'unit', 'phase_twice', { unit: first.unit, first: fresh!.row.row });
    if (area !== null && first.area !== null && area !== first.area.text) j.wrong(row, 'area', 'area_differs', { first: first.area.row, other: first.area.text });
    return first;
  }
  const made: Seen = { unit: there?.unit ?? named.unit, area: area === null ? null : { text: area, row: row.row }, owners: new Map(), tenants: new Map(), before: there !== null };
  seen.set(key, made);
  if (there !== null) {
    if (named.phase !== '' && there.phase !== '' && named.phase !== there.phase) j.wrong(row, 'unit', 'phase_twice', { unit: there.unit, first: '–' });
    if (area !== null && area !== there.area_m2) j.wrong(row, 'area', 'area_registered', { unit: there.unit, other: there.area_m2 });
    return made;
  }
  if (known !== undefined && !known.is_void) {
    j.wrong(row, 'unit', 'unit_ended', { unit: known.unit });
    return made;
  }
  if (area === null && !j.isWrong(row)) j.wrong(row, 'area', 'area_missing');
  const unit = {
    ...named, unit: known?.unit ?? named.unit, area_m2: area ?? '1.00', kind: kind ?? 'dwelling' as const,
    occupancy: occupancy ?? (cellText(row.cells.tenant) === '' ? 'owner' as const : 'let' as const), is_back: known !== undefined,
  };
  made.unit = unit.unit;
  j.fresh.set(key, { ...unit, row });
  j.plan.units.push(unit);
  return made;
}

/** Texts of a cell that go with several names: as many as there are names, or one for the first. */
function beside(j: Judging, row: SheetRow, field: 'phone' | 'share', names: number): (string | null)[] | null {
  const text = row.cells[field];
  if (text === undefined) return Array.from({ length: names }, () => '');
  if (isFormulaError(text)) {
    j.wrong(row, field, 'formula');
    return null;
  }
  const parts = names === 1 ? [text] : field === 'share' ? text.split(/[、,，;；\n]|(?<=%)\/?(?=\d)/u) : text.split(/[、,，;；/|\n]/u);
  const given = parts.map((part) => part.trim()).filter((part) => part !== '');
  if (given.length !== names && !(field === 'phone' && given.length === 1)) {
    j.wrong(row, field, field === 'phone' ? 'phones_count' : 'shares_count', { names, phones: given.length, shares: given.length });
    return null;
  }
  const reader = field === 'phone' ? readPhone : readShare;
  const read = given.map((part) => reader(part));
  const bad = read.find((one) => 'fault' in one);
  if (bad !== undefined && 'fault' in bad) {
    j.wrong(row, field, bad.fault);
    return null;
  }
  return Array.from({ length: names }, (_, at) => (read[at] !== undefined && 'value' in read[at] ? read[at].value : ''));
}

function ownersOf(j: Judging, row: SheetRow, dwelling: Seen): void {
  const { cells } = row;
  const text = [cells.owner, cells.co_owner].filter((one) => one !== undefined).join('、');
  const since = j.read(row, 'since', readDay);
  if (text === '') {
    const lone = (['phone', 'share', 'since'] as const).find((field) => cells[field] !== undefined && cells.tenant === undefined);
    // A day of delivery is known of empty dwellings too.
    if (lone !== undefined && lone !== 'since') j.wrong(row, 'owner', 'owner_missing');
    else if (cells.note !== undefined) j.note(row, 'note_lost');
    return;
  }
  if (isFormulaError(text)) { j.wrong(row, 'owner', 'formula'); return; }
  const read = splitNames(text).map(readName);
  const bad = read.find((one) => 'fault' in one);
  if (bad !== undefined && 'fault' in bad) { j.wrong(row, 'owner', bad.fault); return; }
  const names = read.flatMap((one) => ('value' in one ? [one.value] : []));
  const [phones, shares] = [beside(j, row, 'phone', names.length), beside(j, row, 'share', names.length)];
  const note = (cells.note ?? '').replace(/\s+/g, ' ');
  if ([...note].length > 200) j.wrong(row, 'note', 'text_long');
  if (phones === null || shares === null || j.isWrong(row)) return;
  const registered = dwelling.before ? j.known.owners.get(dwelling.unit) ?? [] : [];
  if (registered.length > 0) {
    // Those who are there stay as they are; anybody else comes by a change of owner with its day.
    if (names.every((name) => registered.includes(name))) j.note(row, 'present');
    else j.wrong(row, 'owner', 'owner_present', { unit: dwelling.unit });
    return;
  }
  for (const [at, name] of names.entries()) addOwner(j, row, dwelling, { name, phone: phones[at]!, share: shares[at]!, note: at === 0 ? note : '', since });
}

interface Person { name: string; phone: string; share: string; note: string; since: BusinessDate | null }

function addOwner(j: Judging, row: SheetRow, dwelling: Seen, { since, ...person }: Person): void {
  const before = dwelling.owners.get(person.name);
  if (before !== undefined) {
    const { tenure } = before;
    const same = whoKey('', tenure.phone) === whoKey('', person.phone) && tenure.share === person.share && tenure.since === j.dayOr(since);
    if (same) j.note(row, 'same');
    else j.wrong(row, 'owner', 'owner_twice', { first: before.row.row });
    return;
  }
  if (dwelling.owners.size > 0 && ![...dwelling.owners.values()].some((one) => one.row === row)) j.note(row, 'co_owner');
  const tenure = { ...tenureOf(j, dwelling.unit, 'owner', person), since: j.dayOr(since) };
  dwelling.owners.set(person.name, { tenure, row });
  j.plan.tenures.push(tenure);
}

function tenureOf(j: Judging, unit: string, kind: 'owner' | 'tenant', { name, phone, share, note }: Omit<Person, 'since'>): Omit<NewTenure, 'since'> {
  const key = whoKey(name, phone);
  // Names alone are no persons: two dwellings of 王芳 without a telephone may be two people.
  const who = key.endsWith('\n') ? `${key}${unit}` : key;
  return { unit, kind, name, phone, share, note, pays: kind === 'owner', party_id: key.endsWith('\n') ? null : j.known.parties.get(key) ?? null, who };
}

function tenantsOf(j: Judging, row: SheetRow, dwelling: Seen): void {
  const { cells } = row;
  const payer = (cells.payer ?? '').normalize('NFKC').trim();
  const name = j.read(row, 'tenant', readName);
  const phone = j.read(row, 'tenant_phone', readPhone) ?? '';
  const since = j.read(row, 'tenant_since', readDay);
  const owners = splitNames(cells.owner ?? '');
  const tenant_pays = /租|使用人|^tenant$/iu.test(payer) || (name !== null && payer === name);
  if (payer !== '' && !tenant_pays && !/业主|产权|房东|户主|^owner$/iu.test(payer) && !owners.includes(payer)) j.wrong(row, 'payer', 'payer_unknown');
  if (name === null) {
    if (tenant_pays && cells.tenant === undefined) j.wrong(row, 'tenant', 'tenant_missing');
    return;
  }
  if (j.isWrong(row)) return;
  const registered = dwelling.before ? j.known.tenants.get(dwelling.unit) ?? [] : [];
  if (registered.length > 0) {
    if (registered.includes(name)) j.note(row, 'present');
    else j.wrong(row, 'tenant', 'tenant_present', { unit: dwelling.unit });
    return;
  }
  if (dwelling.tenants.has(name)) return;
  const tenure = { ...tenureOf(j, dwelling.unit, 'tenant', { name, phone, share: '', note: '' }), pays: tenant_pays, since: j.dayOr(since) };
  dwelling.tenants.set(name, tenure);
  j.plan.tenures.push(tenure);
}

function judgeUnits(j: Judging, rows: readonly SheetRow[]): void {
  const seen: Dwellings = new Map();
  const told = new Map<string, number>();
  for (const row of rows) {
    const dwelling = dwellingOf(j, seen, row);
    if (dwelling === null) {
      // Its other cells are judged all the same, so that nobody puts a row right twice.
      ownersOf(j, row, { unit: '', area: null, owners: new Map(), tenants: new Map(), before: false });
      continue;
    }
    const before = told.get(dwelling.unit);
    told.set(dwelling.unit, row.row);
    const count = j.plan.tenures.length;
    const notes = j.notes.length;
    ownersOf(j, row, dwelling);
    tenantsOf(j, row, dwelling);
    const is_idle = j.plan.tenures.length === count && j.notes.length === notes && !j.isWrong(row);
    if (is_idle && (before !== undefined || dwelling.before)) j.note(row, before === undefined ? 'present' : 'same');
  }
  for (const { unit, owners } of seen.values()) {
    const list = [...owners.values()];
    const shares = list.map(({ tenure }) => tenure.share).filter((share) => share !== '');
    if (shares.length > 0 && (shares.length < list.length || !areWhole(shares))) j.wrong(list.at(-1)!.row, 'share', 'shares_sum', { unit });
  }
}

export interface Judgement { plan: Plan; faults: Fault[]; notes: Note[]; needs_since: boolean }
export interface JudgedRow extends SheetRow {
  kind: SheetKind;
  /** Heading of the meters' column and name of the sheet: 水表号 says what kind of meter. */
  implied?: readonly string[];
}

/** Judges all rows of a file against the register. Dwellings of a faulty row are planned for the other sheets to name. */
export function judge(known: Known, rows: readonly JudgedRow[], since: BusinessDate | null): Judgement {
  const j = new Judging(known, since);
  const of = (kind: SheetKind): JudgedRow[] => rows.filter((row) => row.kind === kind);
  judgeUnits(j, of('units'));
  judgeSpaces(j, of('spaces'));
  judgeMeters(j, of('meters'));
  judgeReadings(j, of('readings'));
  judgeBills(j, of('bills'));
  j.faults.sort((a, b) => a.sheet - b.sheet || a.row - b.row);
  return { plan: j.plan, faults: j.faults, notes: j.notes, needs_since: j.needs_since };
}
