// Reading one journal entry with all that belongs to it: lines, vouchers, signatures, links to and from
// its reversal, its place in the log.
import { sql } from 'kysely';
import type { Emergency } from '../approval/emergency.tsx';
import { signersOf, type SignerRow } from '../approval/queries.ts';
import type { Trx } from '../kernel/database.ts';
import type { BusinessDate, Period } from '../kernel/dates.ts';
import { estateToday } from '../evidence/records.ts';
import type { EntryKind } from './entry.ts';
import { refusals } from './refusals.ts';

export interface PostingRow {
  line: number;
  account: string;
  account_zh: string;
  account_en: string;
  fund: string;
  fund_zh: string;
  fund_en: string;
  debit: string;
  credit: string;
  /** "3-2-1002" for those who may see it, else null. */
  unit: string | null;
  payee: string | null;
  is_money: boolean;
}

export interface VoucherRow {
  sha256: string;
  file_name: string;
  media_type: string;
  size: number;
  audience: string;
}
export interface EntryLink {
  seq: number;
  number: string;
  period: Period;
}

export interface Entry {
  seq: number;
  period: Period;
  kind: EntryKind;
  number: string;
  entry_date: BusinessDate;
  description: string;
  amount: string;
  reference: string | null;
  proposal_id: number | null;
  recorded_at: Date;
  /** Hexadecimal. */
  leaf_hash: string;
  postings: PostingRow[];
  vouchers: VoucherRow[];
  signers: SignerRow[];
  reverses: EntryLink | null;
  reversed_by: EntryLink | null;
  /** Proposal of a reversal that waits for signatures. */
  reversal_proposal: number | null;
  /** Of an entry under an emergency order: by when the others ratify, and when they did. */
  emergency: (Emergency & { today: BusinessDate }) | null;
}

async function linkTo(
  trx: Trx,
  estate_id: number,
  by: 'seq' | 'reverses',
  seq: number | null,
): Promise<EntryLink | null> {
  if (seq === null) return null;
  const row = await trx
    .selectFrom('journal_entry')
    .select((eb) => [
      'seq',
      'period',
      eb.fn<string>('entry_number', ['kind', 'number']).as('number'),
    ])
    .where('estate_id', '=', estate_id)
    .where(by, '=', seq)
    .executeTakeFirst();
  return row ?? null;
}

/** Units that may be named to this reader: all for who may know households, their own for anybody else. */
export type ShownUnits = 'all' | readonly string[];

/** One entry with all that belongs to it. Refusal: entry_unknown. */
export async function readEntry(
  trx: Trx,
  estate_id: number,
  seq: number,
  shown_units: ShownUnits,
  names_files = shown_units === 'all',
): Promise<Entry> {
  const entry = await trx
    .selectFrom('journal_entry as e')
    .innerJoin('record as r', (join) =>
      join.onRef('r.estate_id', '=', 'e.estate_id').onRef('r.seq', '=', 'e.seq'),
    )
    .leftJoin('proposal as o', (join) =>
      join.onRef('o.estate_id', '=', 'e.estate_id').onRef('o.proposal_id', '=', 'e.proposal_id'),
    )
    .select((eb) => [
      'o.class',
      'o.ratify_by',
      'o.ratified_at',
      'e.seq',
      'e.period',
      'e.kind',
      eb.fn<string>('entry_number', ['e.kind', 'e.number']).as('number'),
      'e.entry_date',
      'e.description',
      'e.amount',
      'e.reference',
      'e.proposal_id',
      'e.reverses',
      'r.recorded_at',
      'r.leaf_hash',
    ])
    .where('e.estate_id', '=', estate_id)
    .where('e.seq', '=', seq)
    .executeTakeFirst();
  if (entry === undefined) throw refusals.entry_unknown({ seq });
  const { rows: postings } = await sql<PostingRow>`
    select p.line, p.account, a.name_zh as account_zh, a.name_en as account_en, p.fund, f.name_zh as fund_zh, f.name_en as fund_en,
      p.debit, p.credit, u.unit, p.payee, a.is_money
    from posting p
    join account a on a.estate_id = p.estate_id and a.account = p.account
    join fund f on f.estate_id = p.estate_id and f.fund = p.fund
    left join unit u on u.estate_id = p.estate_id and u.ref = p.unit
    where p.estate_id = ${estate_id} and p.seq = ${seq} order by p.line`.execute(trx);
  const vouchers = await trx
    .selectFrom('entry_voucher as x')
    .innerJoin('voucher as v', (join) =>
      join.onRef('v.estate_id', '=', 'x.estate_id').onRef('v.sha256', '=', 'x.sha256'),
    )
    .select(['v.sha256', 'v.file_name', 'v.media_type', 'v.size', 'v.audience'])
    .where('x.estate_id', '=', estate_id)
    .where('x.seq', '=', seq)
    .orderBy('v.seq')
    .execute();
  const { leaf_hash, reverses, class: of, ratify_by, ratified_at, ...row } = entry;
  const signers =
    row.proposal_id === null
      ? []
      : (await signersOf(trx, estate_id, [row.proposal_id])).get(row.proposal_id);
  return {
    ...row,
    kind: row.kind as EntryKind,
    leaf_hash: leaf_hash.toString('hex'),
    postings: postings.map((posting) => ({
      ...posting,
      unit:
        posting.unit !== null && (shown_units === 'all' || shown_units.includes(posting.unit))
          ? posting.unit
          : null,
    })),
    // The name of a file that owners may not open may itself be personal.
    vouchers: vouchers.map((one) =>
      names_files || one.audience === 'owners' ? one : { ...one, file_name: '' },
    ),
    signers: signers ?? [],
    reverses: await linkTo(trx, estate_id, 'seq', reverses),
    reversed_by: await linkTo(trx, estate_id, 'reverses', seq),
    reversal_proposal: await openReversal(trx, estate_id, seq),
    emergency:
      of === 'emergency'
        ? { class: of, ratify_by, ratified_at, today: await estateToday(trx, estate_id) }
        : null,
  };
}

/** A reversal of this entry that waits for signatures or for being carried out. */
export async function openReversal(
  trx: Trx,
  estate_id: number,
  seq: number,
): Promise<number | null> {
  const { rows } = await sql<{ proposal_id: number }>`
    select proposal_id from proposal where estate_id = ${estate_id} and kind = 'reversal'
      and state in ('submitted', 'held', 'approved') and (document::jsonb ->> 'reverses')::bigint = ${seq} limit 1`.execute(
    trx,
  );
  return rows[0]?.proposal_id ?? null;
}
