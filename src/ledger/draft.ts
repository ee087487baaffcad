// Drafts of receipts (凭证草稿): what a cashier has begun and not posted. Not part of the books and not
// in the log; a month with drafts in it cannot be closed (close gate, close_period()).
// A draft keeps the key of its form, so that posting it twice books it once.
import { sql } from 'kysely';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import type { BusinessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { refusals } from './refusals.ts';
import { readDay } from './typed-entry.ts';

export interface DraftLine {
  account: string;
  fund: string;
  amount: string;
  unit: string;
}
/** The form as it was left: texts as typed, nothing checked. */
export interface DraftContent {
  description: string;
  bank_account: string;
  reference: string;
  lines: DraftLine[];
  vouchers: string[];
  form_key: string;
}
export interface Draft {
  draft_id: number;
  entry_date: BusinessDate;
  content: DraftContent;
  made_by: string;
  saved_at: Date;
}

interface Asked {
  estate: Estate;
  actor: Actor;
}

export async function draftsOf(trx: Trx, estate_id: number): Promise<Draft[]> {
  const rows = await trx
    .selectFrom('journal_draft')
    .select(['draft_id', 'entry_date', 'content', 'made_by', 'saved_at'])
    .where('estate_id', '=', estate_id)
    .orderBy('entry_date')
    .orderBy('draft_id')
    .limit(200)
    .execute();
  return rows as Draft[];
}

/** Refusal: draft_unknown. */
export async function readDraft(trx: Trx, estate_id: number, draft_id: number): Promise<Draft> {
  const row = await trx
    .selectFrom('journal_draft')
    .select(['draft_id', 'entry_date', 'content', 'made_by', 'saved_at'])
    .where('estate_id', '=', estate_id)
    .where('draft_id', '=', draft_id)
    .executeTakeFirst();
  if (row === undefined) throw refusals.draft_unknown({ draft: draft_id });
  return row as Draft;
}

const stored = (content: DraftContent): string =>
  JSON.stringify(content).toWellFormed().replaceAll('\\u0000', '');

async function draftOfKey(
  trx: Trx,
  estate_id: number,
  form_key: string,
): Promise<number | undefined> {
  if (form_key === '') return undefined;
  const row = await trx
    .selectFrom('journal_draft')
    .select('draft_id')
    .where('estate_id', '=', estate_id)
    .where(sql<boolean>`content ->> 'form_key' = ${form_key}`)
    .executeTakeFirst();
  return row?.draft_id;
}

/** Saves a new draft, or an old one again. Refusals: not_allowed, date_unreadable, draft_unknown. */
export async function saveDraft(
  house: House,
  {
    estate,
    actor,
    draft_id,
    entry_date,
    content,
  }: Asked & { draft_id?: number | undefined; entry_date: string; content: DraftContent },
): Promise<Draft> {
  const { estate_id } = estate;
  demand(actor, estate_id, 'post_receipt');
  const row = {
    entry_date: readDay(entry_date, 'entry_date'),
    content: stored(content),
    saved_at: house.clock(),
  };
  return inEstate(house.db.app, estate_id, async (trx) => {
    // Pressing the button again saves the same draft again.
    const same = draft_id ?? (await draftOfKey(trx, estate_id, content.form_key));
    const kept =
      same === undefined
        ? await trx
            .insertInto('journal_draft')
            .values({ estate_id, made_by: actor.person_id, ...row })
            .returning('draft_id')
            .executeTakeFirst()
        : await trx
            .updateTable('journal_draft')
            .set(row)
            .where('estate_id', '=', estate_id)
            .where('draft_id', '=', same)
            .returning('draft_id')
            .executeTakeFirst();
    if (kept === undefined) throw refusals.draft_unknown({ draft: draft_id ?? 0 });
    return readDraft(trx, estate_id, kept.draft_id);
  });
}

/** Deletes a draft; one that is gone already is no error. Refusal: not_allowed. */
export async function deleteDraft(
  house: House,
  { estate, actor, draft_id }: Asked & { draft_id: number },
): Promise<void> {
  demand(actor, estate.estate_id, 'post_receipt');
  await inEstate(house.db.app, estate.estate_id, (trx) =>
    trx
      .deleteFrom('journal_draft')
      .where('estate_id', '=', estate.estate_id)
      .where('draft_id', '=', draft_id)
      .execute(),
  );
}
