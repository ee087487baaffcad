// The board (监督看板): the figures of every estate where somebody watches as street official, supervisor or auditor, on one page.
//   counted (refresh_board) → shown with the moment it was counted       again whenever the log has grown or a day has begun
// Counting over hundreds of estates at every look would be slow, and the wall between estates forbids one query over their
// books; so each estate's figures are counted within its own wall and kept in board_figure, whose policy shows them to whoever
// serves there today, and to nobody else. Figures are no evidence: each leads to the page of its estate that lists, anew, what
// it consists of. Nothing can be changed from here.
import { sql } from 'kysely';
import { demand, officesThatMay, refusals as actorRefusals, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate, type Db } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import type { Locale } from '../kernel/locale.ts';

/** In the order of the columns. */
export const boardFigures = ['late_disclosures', 'late_answers', 'unreconciled_days', 'exceptions', 'emergencies', 'weak_signatures', 'expiring_terms',
  'collection', 'failing'] as const;
export type BoardFigure = (typeof boardFigures)[number];
export const isFigure = (name: string): name is BoardFigure => (boardFigures as readonly string[]).includes(name);

export interface Counted {
  day: string; size: number; counted_at: Date;
  late_disclosures: number; late_answers: number; unreconciled_days: number;
  exceptions: number; exceptions_amount: string; emergencies: number; emergencies_amount: string; unratified: number;
  signatures: number; weak_signatures: number; expiring_terms: number; billed: string; collected: string;
  /** Null before the first inspection. */
  failing: number | null;
  /** Of a thousand: weak signatures of all, collected of billed; null where there is nothing to divide by. */
  weak_permille: number | null; collection_permille: number | null;
}
export interface BoardRow {
  estate_id: number; code: string; name_zh: string; name_en: string;
  /** Null: not counted yet. */
  counted: Counted | null;
}

const watching = officesThatMay('read_board');
/** Estates a person watches. */
export const watchedBy = (actor: Actor): number[] =>
  [...new Set(actor.terms.filter(({ office }) => watching.includes(office)).map(({ estate_id }) => estate_id))];

/** The watched estates with their figures, by name. Refusals: login_required, not_allowed where one watches none. */
export async function readBoard(house: House, actor: Actor | null): Promise<BoardRow[]> {
  if (actor === null) throw actorRefusals.login_required();
  const mine = watchedBy(actor);
  // The refusal that says for whom it is: any estate of theirs will do, or none at all.
  if (mine.length === 0) demand({ ...actor, terms: [], homes: [{ estate_id: 0, unit: '' }] }, 0, 'read_board');
  return inEstate(house.db.app, 0, (trx) => boardRows(trx, mine), { person_id: actor.person_id, readOnly: true });
}

interface Found extends Omit<Counted, 'day'> { estate_id: number; code: string; name_zh: string; name_en: string; day: string | null }

async function boardRows(db: Db, estates: readonly number[]): Promise<BoardRow[]> {
  const { rows } = await sql<Found>`
    select e.estate_id, e.code, e.name_zh, e.name_en, f.day, f.size, f.counted_at, f.late_disclosures, f.late_answers, f.unreconciled_days, f.exceptions,
      f.exceptions_amount, f.emergencies, f.emergencies_amount, f.unratified, f.signatures, f.weak_signatures, f.expiring_terms, f.billed, f.collected, f.failing,
      (f.weak_signatures * 1000 / nullif(f.signatures, 0))::integer as weak_permille,
      trunc(f.collected * 1000 / nullif(f.billed, 0))::integer as collection_permille
    from estate e left join board_figure f using (estate_id)
    where e.estate_id = any(${[...estates]}::integer[]) order by e.code`.execute(db);
  return rows.map(({ estate_id, code, name_zh, name_en, day, ...counted }) =>
    ({ estate_id, code, name_zh, name_en, counted: day === null ? null : { day, ...counted } }));
}

// ── Order and choice ─────────────────────────────────────────────────────────────────────────────

export const sortings = ['attention', 'name', ...boardFigures] as const;
export type Sorting = (typeof sortings)[number];
export interface BoardAsked { sort: Sorting; order: 'asc' | 'desc'; q: string; only: '' | 'attention' }

/** What a figure is sorted by; null (nothing to count) comes last either way. */
export function measure(counted: Counted, figure: BoardFigure): number | null {
  switch (figure) {
    case 'weak_signatures': return counted.weak_permille;
    case 'collection': return counted.collection_permille;
    case 'failing': return counted.failing;
    default: return counted[figure];
  }
}

/** Days without the bank after which an estate is looked into, and the share of bills that ought to be paid, of a thousand. */
export const BANK_DAYS = 10;
export const COLLECTED_ENOUGH = 700;

/** Whether a figure asks for somebody's attention. */
export function isAlarming(counted: Counted, figure: BoardFigure): boolean {
  switch (figure) {
    case 'unreconciled_days': return counted.unreconciled_days > BANK_DAYS;
    case 'emergencies': return counted.unratified > 0;
    case 'weak_signatures': return (counted.weak_permille ?? 0) >= 500;
    case 'collection': return (counted.collection_permille ?? 1000) < COLLECTED_ENOUGH;
    case 'failing': return (counted.failing ?? 0) > 0;
    default: return counted[figure] > 0;
  }
}
export const alarmsOf = ({ counted }: BoardRow): number => (counted === null ? 0 : boardFigures.filter((figure) => isAlarming(counted, figure)).length);

// What is wrong with the books themselves weighs before what is late.
const weighs: readonly BoardFigure[] = ['failing', 'exceptions', 'late_disclosures', 'emergencies'];
const attention = (row: BoardRow): number => (row.counted === null ? -1
  : alarmsOf(row) + weighs.reduce((all, figure, place) => all + (isAlarming(row.counted!, figure) ? 1000 - place * 100 : 0), 0));

export function arranged(rows: readonly BoardRow[], { sort, order, q, only }: BoardAsked, locale: Locale): BoardRow[] {
  const wanted = q.trim().toLowerCase();
  const name = (row: BoardRow): string => (locale === 'zh' ? row.name_zh : row.name_en);
  const chosen = rows.filter((row) => (wanted === '' || `${row.code} ${row.name_zh} ${row.name_en}`.toLowerCase().includes(wanted))
    && (only === '' || alarmsOf(row) > 0));
  const byName = new Intl.Collator(locale, { numeric: true });
  const value = (row: BoardRow): number | null => (sort === 'attention' ? attention(row) : sort === 'name' || row.counted === null ? null : measure(row.counted, sort));
  const sign = order === 'asc' ? 1 : -1;
  return [...chosen].sort((a, b) => {
    const tie = byName.compare(name(a), name(b)) || a.estate_id - b.estate_id;
    if (sort === 'name') return sign * tie;
    const [x, y] = [value(a), value(b)];
    if (x === null || y === null) return x === y ? tie : x === null ? 1 : -1;
    return sign * (x - y) || tie;
  });
}

// ── Counting anew ────────────────────────────────────────────────────────────────────────────────

/** Whether an estate's figures are of another day or of a shorter log than there is. */
export const isBoardDue = (house: House, { estate_id }: Estate): Promise<boolean> => inEstate(house.db.app, estate_id, async (trx) => {
  const { rows } = await sql<{ due: boolean }>`select f.estate_id is null or f.size <> h.size or f.day <> estate_today(h.estate_id) as due
    from log_head h left join board_figure f using (estate_id) where h.estate_id = ${estate_id}`.execute(trx);
  return rows[0]?.due ?? false;
}, { readOnly: true });

/** Counts an estate's figures anew. */
export const refreshBoard = (house: House, { estate_id }: Estate): Promise<void> =>
  inEstate(house.db.app, estate_id, async (trx) => { await sql`select refresh_board(${estate_id})`.execute(trx); });
