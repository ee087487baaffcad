// What a sheet would bring into the register, and what is known there already (导入计划): the shapes between judging rows
// (import-judge.ts, import-judge-places.ts), reading the register (import-queries.ts) and writing it (import-write.ts).
import type { BusinessDate, Period } from '../kernel/dates.ts';
import { readDwelling, type MeterKind, type Occupancy, type SpaceKind, type UnitKind } from './import-cells.ts';
import { isFormulaError, numberKey } from './import-cells.ts';
import type { FaultCode, NoteCode } from './import-faults.ts';
import type { Field } from './import-headings.ts';
import type { Cells, SheetRow } from './import-rows.ts';

export type Facts = Readonly<Record<string, string | number>>;
/** `about`: what else the row says of itself, so that a person finds it. */
export interface Fault { sheet: number; row: number; field: Field; text: string; code: FaultCode; facts: Facts; about: string }
export interface Note { sheet: number; row: number; code: NoteCode }

export interface NewUnit { unit: string; building: string; stairwell: string; phase: string; area_m2: string; kind: UnitKind; occupancy: Occupancy; is_back: boolean }
export interface NewTenure {
  unit: string; kind: 'owner' | 'tenant'; name: string; phone: string; note: string; share: string; since: BusinessDate; pays: boolean;
  /** Party of the register that is the same person; else those of one file with the same `who` are one. */
  party_id: string | null; who: string;
}
export interface NewSpace { space: string; kind: SpaceKind; area_m2: string | null; is_back: boolean }
export interface NewHolding { space: string; unit: string; since: BusinessDate; until: BusinessDate | null }
export interface NewMeter { meter: string; kind: MeterKind; unit: string | null; multiplier: string; digits: number; is_back: boolean }
export interface NewReading { meter: string; read_on: BusinessDate; value: string; way: 'start' | 'read' }
export interface NewBill { unit: string; item: string; period: Period; amount: string; due_on: BusinessDate }

export interface Plan {
  units: NewUnit[]; tenures: NewTenure[]; spaces: NewSpace[]; holdings: NewHolding[]; meters: NewMeter[]; readings: NewReading[]; bills: NewBill[];
}

export interface Known {
  today: BusinessDate;
  /** By numberKey(). Ended: merged, gone; void: brought by an import that was taken back, so that it may come again. */
  units: ReadonlyMap<string, { unit: string; area_m2: string; phase: string; is_ended: boolean; is_void: boolean }>;
  /** Names of those who hold a dwelling today or later. */
  owners: ReadonlyMap<string, readonly string[]>;
  tenants: ReadonlyMap<string, readonly string[]>;
  /** By name and telephone, where that is one party only. */
  parties: ReadonlyMap<string, string>;
  spaces: ReadonlyMap<string, { kind: string; area_m2: string | null; is_ended: boolean }>;
  holdings: ReadonlyMap<string, readonly { unit: string; from: BusinessDate; to: BusinessDate | null }[]>;
  meters: ReadonlyMap<string, { kind: string; unit: string | null; multiplier: string; digits: number; is_ended: boolean; is_void: boolean }>;
  readings: ReadonlyMap<string, readonly { read_on: BusinessDate; value: string }[]>;
  /** Amounts by "unit item period", those taken back left out. */
  bills: ReadonlyMap<string, string>;
  /** Items by their code and their names. */
  items: ReadonlyMap<string, string>;
  item_names: readonly string[];
  /** First month whose bills are made here, by item. */
  starts: ReadonlyMap<string, Period>;
}

export const whoKey = (name: string, phone: string): string => `${name}\n${phone.replace(/[^0-9]/g, '')}`;
export const billKey = (unit: string, item: string, period: Period): string => `${unit} ${item} ${period}`;

const telling = ['phase', 'building', 'stairwell', 'unit', 'space', 'meter', 'owner', 'tenant'] as const;
const aboutRow = (cells: Cells): string => telling.flatMap((field) => cells[field]?.slice(0, 20) ?? []).join(' ');

/** One pass over the rows: what was found wrong, what was noted, what is planned. */
export class Judging {
  readonly faults: Fault[] = [];
  readonly notes: Note[] = [];
  readonly plan: Plan = { units: [], tenures: [], spaces: [], holdings: [], meters: [], readings: [], bills: [] };
  /** New dwellings by numberKey(), with the row that brought them. */
  readonly fresh = new Map<string, NewUnit & { row: SheetRow }>();
  needs_since = false;
  readonly known: Known;
  readonly since: BusinessDate | null;
  /** Rows and cells with a fault, so that thousands of them are looked up at once. */
  private readonly bad = new Set<string>();

  constructor(known: Known, since: BusinessDate | null) {
    this.known = known;
    this.since = since;
  }

  wrong({ sheet, row, cells }: SheetRow, field: Field, code: FaultCode, facts: Facts = {}): void {
    if (this.bad.has(`${sheet} ${row} ${field}`)) return;
    this.bad.add(`${sheet} ${row}`).add(`${sheet} ${row} ${field}`);
    this.faults.push({ sheet, row, field, text: cells[field] ?? '', code, facts, about: aboutRow(cells) });
  }

  note({ sheet, row }: SheetRow, code: NoteCode): void {
    this.notes.push({ sheet, row, code });
  }

  isWrong({ sheet, row }: SheetRow): boolean {
    return this.bad.has(`${sheet} ${row}`);
  }

  /** The value of a cell, null where it is empty; what cannot be read is a fault. */
  read<T>(row: SheetRow, field: Field, reader: (text: string) => { value: T } | { fault: FaultCode }): T | null {
    const text = row.cells[field];
    if (text === undefined || text === '') return null;
    const found = isFormulaError(text) ? { fault: 'formula' as const } : reader(text);
    if ('value' in found) return found.value;
    this.wrong(row, field, found.fault);
    return null;
  }

  /** A day, or the one said for all rows without. */
  dayOr(day: BusinessDate | null): BusinessDate {
    if (day === null && this.since === null) this.needs_since = true;
    return day ?? this.since ?? this.known.today;
  }

  /** A dwelling that is in the register or comes with this file. */
  unitOf(row: SheetRow): string | null {
    const read = readDwelling(row.cells);
    if ('fault' in read) {
      this.wrong(row, read.field, isFormulaError(row.cells[read.field] ?? '') ? 'formula' : read.fault);
      return null;
    }
    const key = numberKey(read.value.unit);
    const fresh = this.fresh.get(key);
    if (fresh !== undefined) return fresh.unit;
    const known = this.known.units.get(key);
    if (known !== undefined && !known.is_ended) return known.unit;
    this.wrong(row, 'unit', known === undefined ? 'unit_unknown' : 'unit_ended', { unit: read.value.unit });
    return null;
  }
}
