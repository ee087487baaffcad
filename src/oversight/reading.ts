// The log as pages, files and the interface show it: rows found, with who did it and what it says in a line.
import { sql } from 'kysely';
import type { Trx } from '../kernel/database.ts';
import type { Bilingual, Locale } from '../kernel/locale.ts';
import { textsOf } from '../evidence/personal-value.ts';
import { titleIn } from '../approval/texts.ts';
import { formatInstant, pick } from '../web/locale.ts';
import { personsAsked, type Question } from './asked.ts';
import { recordKindName } from './kinds.ts';
import { nameOfPerson, officersOf, officesText, type Officers } from './officers.ts';
import { committed, searchLog, type LogFound, type LogRow } from './queries.ts';
import { bodyOf, proposalIn, summaryOf, type Kept, type Titles } from './summaries.ts';
import { texts } from './texts.ts';

export interface Told extends LogRow { kept: Kept; summary: Bilingual }
export interface LogPage extends Omit<LogFound, 'items'> { items: Told[]; officers: Officers }

/** Texts that are kept apart from their records, by record and field. */
export async function keptTexts(trx: Trx, estate_id: number, rows: readonly LogRow[]): Promise<Map<number, Kept>> {
  const kept = new Map<number, Kept>();
  for (const field of new Set(Object.values(committed))) {
    const seqs = rows.filter((row) => committed[row.kind] === field && row.body.includes(`"${field}_commitment":`)).map((row) => row.seq);
    for (const [seq, said] of await textsOf(trx, estate_id, seqs, field)) kept.set(seq, { [field]: said });
  }
  return kept;
}

/** Titles of the proposals that records speak of by number only. */
export async function titlesFor(trx: Trx, estate_id: number, rows: readonly LogRow[]): Promise<Titles> {
  const wanted = [...new Set(rows.map(proposalIn))].filter((one) => one !== null);
  if (wanted.length === 0) return new Map();
  const { rows: found } = await sql<{ proposal_id: number; kind: string; title: string; title_en: string | null }>`
    select proposal_id, kind, title, document::jsonb ->> 'title_en' as title_en from proposal
    where estate_id = ${estate_id} and proposal_id = any(${wanted}::bigint[])`.execute(trx);
  return new Map(found.map((row) => [row.proposal_id, { zh: titleIn(row, 'zh'), en: titleIn(row, 'en') }]));
}

export async function readLog(
  trx: Trx, estate_id: number, question: Question, { limit, patience }: { limit: number; patience?: number | null },
): Promise<LogPage> {
  const officers = await officersOf(trx, estate_id);
  const found = await searchLog(trx, estate_id, { ...question, persons: personsAsked(question, officers), limit }, patience);
  const kept = await keptTexts(trx, estate_id, found.items);
  const titles = await titlesFor(trx, estate_id, found.items);
  const items = found.items.map((row): Told => {
    const of_row = kept.get(row.seq) ?? {};
    return { ...row, kept: of_row, summary: summaryOf(row, officers, { kept: of_row, titles }) };
  });
  return { ...found, items, officers };
}

/** Who did it, where no person in office did. */
const ownerKinds = new Set(['inquiry_asked', 'inquiry_rated', 'hiding_appealed', 'list_item_opened', 'objection_raised', 'budget_commented', 'witness_enrolled', 'witness_retired', 'export_made']);
const erasedOnRequest = (row: LogRow): boolean => row.kind === 'erased' && bodyOf(row)['ground'] !== 'law';
const openingKinds = new Set(['estate_opened', 'body_opened', 'rules_opened', 'rules_completed', 'bank_account_opened', 'log_key_opened', 'term_opened']);

/** Who did it, by name; else what it came from. `offices` is empty where it was no person in office. */
export function doerOf(row: LogRow, officers: Officers, locale: Locale): { name: string; offices: string } {
  const t = pick(texts, locale);
  if (row.actor !== null) return { name: nameOfPerson(officers, row.actor, locale), offices: officesText(officers, row.actor, row.recorded_at, locale) };
  const word = Object.hasOwn(bodyOf(row), 'proposal') && !row.kind.startsWith('proposal_') && row.kind !== 'objection_raised' ? t.by_signatures
    : erasedOnRequest(row) ? t.by_concerned : ownerKinds.has(row.kind) ? t.by_owner : openingKinds.has(row.kind) ? t.at_opening : t.by_program;
  return { name: word, offices: '' };
}

/** A line of the file. */
export function csvColumns(locale: Locale): { key: string; title: string; type?: 'number' }[] {
  const t = pick(texts, locale);
  return [
    { key: 'seq', title: t.seq, type: 'number' }, { key: 'time', title: t.time }, { key: 'who', title: t.person }, { key: 'office', title: t.office },
    { key: 'kind', title: t.kind_of }, { key: 'summary', title: t.content }, { key: 'number', title: t.number },
    { key: 'body', title: t.raw }, { key: 'leaf_hash', title: t.leaf_hash },
  ];
}

export function csvRow(row: Told, officers: Officers, locale: Locale): Record<string, string | number> {
  const { name, offices } = doerOf(row, officers, locale);
  return {
    seq: row.seq, time: `${formatInstant(row.recorded_at, locale)}`, who: name, office: offices, kind: recordKindName(row.kind)[locale],
    summary: row.summary[locale], number: row.number === '-' ? '' : row.number, body: row.body, leaf_hash: row.leaf_hash,
  };
}
