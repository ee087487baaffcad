// One record with the names of all it mentions, and the pages it leads to.
import { sql } from 'kysely';
import type { Trx } from '../kernel/database.ts';
import type { Locale } from '../kernel/locale.ts';
import { namesFor } from '../approval/view.ts';
import { latestCheckpoint } from '../evidence/checkpointer.ts';
import { officersOf } from './officers.ts';
import { logSize, recordAt } from './queries.ts';
import { keptTexts, titlesFor } from './reading.ts';
import type { RecordShown } from './record-page.tsx';
import { refusals } from './refusals.ts';
import { mentioned, shownBody } from './shown.ts';
import { bodyOf, summaryOf, type Body } from './summaries.ts';

/** `households`: dwellings by their number, not by their random name. Refusal: record_unknown. */
export async function readRecord(trx: Trx, { estate_id, code }: { estate_id: number; code: string }, seq: number, locale: Locale, households: boolean): Promise<RecordShown> {
  const size = await logSize(trx, estate_id);
  const row = await recordAt(trx, estate_id, seq);
  if (row === null) throw refusals.record_unknown({ seq, size });
  const officers = await officersOf(trx, estate_id);
  const kept = (await keptTexts(trx, estate_id, [row])).get(seq) ?? {};
  const body = bodyOf(row);
  const { hashes, payees } = mentioned(body);
  const lines = shownBody(body, {
    code, kind: row.kind, recorded_at: row.recorded_at, locale, officers, kept,
    names: await namesFor(trx, estate_id, [...hashes]),
    payees: await payeesBy(trx, estate_id, [...payees]), units: households ? await unitsBy(trx, estate_id, [...hashes]) : {},
  });
  const checkpoint = await latestCheckpoint(trx, estate_id);
  return {
    code, row: { ...row, kept, summary: summaryOf(row, officers, { kept, titles: await titlesFor(trx, estate_id, [row]) }) }, officers, lines, links: await linksOf(trx, { estate_id, code }, row.kind, seq, body),
    concerns: row.concerns, size, covered: checkpoint?.size ?? 0,
  };
}

/** Payees as every owner may see them. */
async function payeesBy(trx: Trx, estate_id: number, numbers: readonly string[]): Promise<Record<string, string>> {
  if (numbers.length === 0) return {};
  const rows = await trx.selectFrom('payee').select(['payee_id', 'public_name']).where('estate_id', '=', estate_id)
    .where('payee_id', 'in', numbers.map(Number)).execute();
  return Object.fromEntries(rows.map((row) => [String(row.payee_id), row.public_name]));
}

/** Dwellings by the random name they have in the journal. */
async function unitsBy(trx: Trx, estate_id: number, refs: readonly string[]): Promise<Record<string, string>> {
  if (refs.length === 0) return {};
  const rows = await trx.selectFrom('unit').select(['ref', 'unit']).where('estate_id', '=', estate_id).where('ref', 'in', refs).execute();
  return Object.fromEntries(rows.map((row) => [row.ref, row.unit]));
}

const peopleKinds = ['term_opened', 'term_ended', 'delegation_opened', 'delegation_ended', 'body_opened', 'passkey_enrolled', 'passkey_revoked'];

async function linksOf(
  trx: Trx, { estate_id, code }: { estate_id: number; code: string }, kind: string, seq: number, body: Body,
): Promise<RecordShown['links']> {
  const here = `/e/${code}`;
  const number = (name: string): number | null => (typeof body[name] === 'number' ? body[name] : null);
  const links: { href: string; label: RecordShown['links'][number]['label']; seq?: number }[] = [];
  if (kind === 'journal_entry') links.push({ href: `${here}/journal/${seq}`, label: 'open_entry' });
  const proposal = number('proposal');
  if (proposal !== null) links.push({ href: `${here}/proposals/${proposal}`, label: 'open_proposal' });
  if (kind === 'voucher_received') links.push({ href: `${here}/vouchers/${String(body['sha256'])}`, label: 'open_voucher' });
  const inquiry = number('inquiry') ?? (kind === 'inquiry_asked' ? await inquiryOf(trx, estate_id, seq) : null);
  if (inquiry !== null) links.push({ href: `${here}/inquiries/${inquiry}`, label: 'open_inquiry' });
  const about = number('about') ?? number('reverses');
  if (about !== null) links.push({ href: `${here}/journal/${about}`, label: 'open_entry' });
  if (kind === 'disclosure_published') links.push({ href: `${here}/disclosures/${String(body['period'])}`, label: 'open_disclosure' });
  if (kind.startsWith('rules_')) links.push({ href: `${here}/rules`, label: 'open_rules' });
  if (kind === 'period_closed') links.push({ href: `${here}/periods`, label: 'open_periods' });
  if (kind.startsWith('bank_')) links.push({ href: `${here}/bank`, label: 'open_bank' });
  if (kind === 'erased') links.push({ href: `${here}/erasures`, label: 'open_erasures' });
  if (kind.startsWith('log_key_')) links.push({ href: `${here}/log/key`, label: 'open_keys' });
  if (peopleKinds.includes(kind)) links.push({ href: `${here}/people`, label: 'open_people' });
  for (const other of [number('inquiry_record'), number('objection_record'), kind === 'erased' ? number('seq') : null]) {
    if (other !== null) links.push({ href: `${here}/log/${other}`, label: 'open_record', seq: other });
  }
  return links;
}

async function inquiryOf(trx: Trx, estate_id: number, seq: number): Promise<number | null> {
  const { rows } = await sql<{ inquiry_id: number }>`select inquiry_id from inquiry where estate_id = ${estate_id} and seq = ${seq}`.execute(trx);
  return rows[0]?.inquiry_id ?? null;
}
