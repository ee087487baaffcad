// What a figure of the board consists of, listed anew from the books of one estate: month, question, entry, order, term, and the
// page where each is told in full. Open to every member: none of it names an owner or a dwelling.
import { sql } from 'kysely';
import type { Estate } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import type { Bilingual } from '../kernel/locale.ts';
import { officeTexts } from '../people/texts.ts';
import { formatPeriod } from '../web/locale.ts';
import { noteTexts } from './board-texts.ts';
import type { BoardFigure } from './board.ts';
import { lastInspection } from './inspection-queries.ts';
import { isPublicProposal } from './objection-queries.ts';
import type { Office } from '../kernel/actor.ts';

export interface Item {
  what: Bilingual;
  note: Bilingual;
  day: string | null;
  amount: string | null;
  href: string;
  /** Of the collection rate: paid of the amount. */
  paid: string | null;
}

interface Row { figure: string; ref: string; day: string; amount: string | null; note: string; title: string | null; title_en: string | null }

const both = (text: string): Bilingual => ({ zh: text, en: text });

/** Items of a figure, the latest first; `officer` false: without the titles of proposals that not every member may read. */
export async function evidenceOf(trx: Trx, { estate_id, code }: Estate, figure: BoardFigure, { officer }: { officer: boolean }): Promise<Item[]> {
  if (figure === 'failing') {
    const last = await lastInspection(trx, estate_id);
    return (last?.findings ?? []).map(({ invariant, zh, en, found, sample }) => ({
      what: { zh, en }, note: { zh: `${found} 处：${sample}`, en: `${found}: ${sample}` }, day: last!.day, amount: null, href: `/e/${code}/invariants#${invariant}`, paid: null,
    }));
  }
  const { rows } = await sql<Row>`
    select i.figure, i.ref, i.day, i.amount, i.note, case i.figure
        when 'emergencies' then o.title when 'weak_signatures' then case when ${officer}::boolean or ${isPublicProposal} then o.title end when 'unreconciled_days' then k.name_zh
        when 'exceptions' then e.description when 'expiring_terms' then b.name_zh end as title,
      case i.figure when 'unreconciled_days' then k.name_en when 'expiring_terms' then b.name_en end as title_en
    from board_items(${estate_id}, estate_today(${estate_id})) as i
    left join proposal o on i.figure in ('emergencies', 'weak_signatures') and o.estate_id = ${estate_id} and o.proposal_id::text = i.ref
    left join bank_account k on i.figure = 'unreconciled_days' and k.estate_id = ${estate_id} and k.account = i.ref
    left join journal_entry e on i.figure = 'exceptions' and e.estate_id = ${estate_id} and e.seq::text = i.ref
    left join body b on i.figure = 'expiring_terms' and b.estate_id = ${estate_id} and b.body = split_part(i.note, ':', 1)
    where i.figure = ${figure} order by i.day desc, i.ref desc`.execute(trx);
  return rows.map((row) => itemOf(row, `/e/${code}`));
}

function itemOf({ figure, ref, day, amount, note, title, title_en }: Row, at: string): Item {
  const item = (what: Bilingual, href: string, said: Bilingual = noteTexts[note] ?? both(note)): Item =>
    ({ what, note: said, day, amount, href: `${at}${href}`, paid: null });
  const named: Bilingual = { zh: title ?? '', en: title_en ?? title ?? '' };
  switch (figure) {
    case 'late_disclosures': return item({ zh: formatPeriod(ref, 'zh'), en: formatPeriod(ref, 'en') }, note === 'missing' ? '/disclosures' : `/disclosures/${ref}`);
    case 'late_answers': return item({ zh: `第 ${ref} 号质询`, en: `Question no. ${ref}` }, `/inquiries/${ref}`);
    case 'unreconciled_days': return item(named, note === 'open_lines' ? '/bank/lines' : '/bank');
    case 'exceptions': return item({ zh: `${note} ${named.zh}`, en: `${note} ${named.en}` }, `/journal/${ref}`, both(''));
    case 'emergencies': return item({ zh: `第 ${ref} 号 ${named.zh}`, en: `No. ${ref} ${named.en}` }, `/proposals/${ref}`);
    case 'weak_signatures': return item({ zh: `第 ${ref} 号 ${named.zh}`, en: `No. ${ref} ${named.en}` }, `/proposals/${ref}`, officeOf(note));
    case 'expiring_terms': return item(named, '/people', officeOf(note));
    case 'collection': return { ...item({ zh: formatPeriod(ref, 'zh'), en: formatPeriod(ref, 'en') }, '/arrears', both('')), paid: note };
    default: return item(named, '/oversight');
  }
}

const officeOf = (note: string): Bilingual => officeTexts[note.split(':')[1] as Office] ?? both(note);

export interface LiveCounts {
  late_disclosures: number; late_answers: number; unreconciled_days: number; exceptions: number; exceptions_amount: string; emergencies: number;
  emergencies_amount: string; unratified: number; signatures: number; weak_signatures: number; expiring_terms: number; billed: string; collected: string;
  failing: number | null; weak_permille: number | null; collection_permille: number | null;
}

/** The figures of one estate, counted now. */
export async function countNow(trx: Trx, estate_id: number): Promise<LiveCounts> {
  const { rows } = await sql<LiveCounts>`
    with i as materialized (select * from board_items(${estate_id}, estate_today(${estate_id}))),
    n as (select count(*) filter (where figure = 'late_disclosures')::integer as late_disclosures, count(*) filter (where figure = 'late_answers')::integer as late_answers,
      coalesce(max(estate_today(${estate_id}) - day) filter (where figure = 'unreconciled_days'), 0) as unreconciled_days,
      count(*) filter (where figure = 'exceptions')::integer as exceptions, coalesce(sum(amount) filter (where figure = 'exceptions'), 0)::numeric(16, 2) as exceptions_amount,
      count(*) filter (where figure = 'emergencies')::integer as emergencies, coalesce(sum(amount) filter (where figure = 'emergencies'), 0)::numeric(16, 2) as emergencies_amount,
      count(*) filter (where figure = 'emergencies' and note = 'overdue')::integer as unratified, count(*) filter (where figure = 'weak_signatures')::integer as weak_signatures,
      (select count(*)::integer from signature g where g.estate_id = ${estate_id}
        and g.signed_at >= ((estate_today(${estate_id}) - 90)::timestamp at time zone 'Asia/Shanghai')) as signatures,
      count(*) filter (where figure = 'expiring_terms')::integer as expiring_terms, coalesce(sum(amount) filter (where figure = 'collection'), 0)::numeric(16, 2) as billed,
      coalesce(sum(note::numeric) filter (where figure = 'collection'), 0)::numeric(16, 2) as collected,
      (select failing::integer from inspection where estate_id = ${estate_id} order by inspection_id desc limit 1) as failing from i)
    select n.*, (weak_signatures * 1000 / nullif(signatures, 0))::integer as weak_permille, trunc(collected * 1000 / nullif(billed, 0))::integer as collection_permille from n`.execute(trx);
  return rows[0]!;
}
