// Which dwellings a proposal is about, beside it on the page where it is signed: the document holds random names only, so that
// whoever signs for a deposit or a refund has to be told whose it is. For whoever may know households; log and document stay as they are.
import { sql } from 'kysely';
import { may, type Actor } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import { fill, type Bilingual, type Locale } from '../kernel/locale.ts';
import { pick } from '../web/locale.ts';
import { Card, type Children } from '../web/parts.tsx';
import { LedgerTable } from '../web/tables.tsx';
import { invoiceCard } from './invoice-card.tsx';

const texts = {
  title: { zh: '涉及的房屋', en: 'Dwellings concerned' },
  unit: { zh: '房屋', en: 'Dwelling' },
  account: { zh: '科目', en: 'Account' },
  debit: { zh: '借', en: 'Debit' },
  credit: { zh: '贷', en: 'Credit' },
  held: { zh: '这户现存', en: 'Held for it now' },
  hint: { zh: '只有经办各方看得到：签批单和账上没有房号。', en: 'For officers only: neither the document nor the books name a dwelling.' },
  more: { zh: '另有 {count} 户。', en: 'And {count} more.' },
} as const satisfies Record<string, Bilingual>;

const MOST = 50;
interface Row { unit: string; account: string; name_zh: string; name_en: string; debit: string; credit: string; held: string | null; in_all: number }

/** A card with the dwellings among the lines of a proposal; null where there are none, or the reader may not know. */
export async function dwellingCard(trx: Trx, estate_id: number, proposal_id: number, locale: Locale, actor: Actor | null): Promise<Children> {
  if (!may(actor, estate_id, 'read_households')) return null;
  const { rows } = await sql<Row>`
    select u.unit, l.account, a.name_zh, a.name_en, l.debit, l.credit, count(*) over ()::integer as in_all,
      case when l.account in ('2203', '2241') then unit_held(${estate_id}, u.ref, l.account, l.fund) end as held
    from (select x.value ->> 'unit' as ref, x.value ->> 'account' as account, x.value ->> 'fund' as fund,
        coalesce(sum((x.value ->> 'debit')::numeric), 0)::numeric(16, 2) as debit, coalesce(sum((x.value ->> 'credit')::numeric), 0)::numeric(16, 2) as credit
      from proposal o, jsonb_array_elements(case when jsonb_typeof(o.document::jsonb -> 'postings') = 'array' then o.document::jsonb -> 'postings' else '[]' end) as x(value)
      where o.estate_id = ${estate_id} and o.proposal_id = ${proposal_id} and x.value ? 'unit' group by 1, 2, 3) l
    join unit u on u.estate_id = ${estate_id} and u.ref = l.ref join account a on a.estate_id = ${estate_id} and a.account = l.account
    order by u.unit, l.account limit ${MOST}`.execute(trx);
  if (rows.length === 0) return null;
  const t = pick(texts, locale);
  const more = rows[0]!.in_all - rows.length;
  const unlessNone = (amount: string): string | undefined => (amount === '0.00' ? undefined : amount);
  return (
    <Card title={t.title}>
      <LedgerTable caption={t.title} caption_hidden rows={rows.map((row) => ({ ...row, debit: unlessNone(row.debit), credit: unlessNone(row.credit) }))} columns={[
        { key: 'unit', title: t.unit, lead: true }, { key: 'account', title: t.account, cell: (row) => `${row.account} ${row[`name_${locale}`]}` },
        ...(rows.some((row) => row.debit !== '0.00') ? [{ key: 'debit', title: t.debit, type: 'money' as const }] : []),
        ...(rows.some((row) => row.credit !== '0.00') ? [{ key: 'credit', title: t.credit, type: 'money' as const }] : []),
        ...(rows.some((row) => row.held !== null) ? [{ key: 'held', title: t.held, type: 'money' as const }] : []),
      ]} />
      <p class="hint">{more > 0 ? `${fill(t.more, { count: more })} ` : ''}{t.hint}</p>
    </Card>
  );
}

/** Of an order: whose money goes back, and what the invoice file says. */
export async function orderCards(trx: Trx, estate_id: number, proposal_id: number, locale: Locale, actor: Actor | null): Promise<Children> {
  const [dwelling, invoice] = [await dwellingCard(trx, estate_id, proposal_id, locale, actor), await invoiceCard(trx, estate_id, proposal_id, locale)];
  return dwelling === null ? invoice : <>{dwelling}{invoice}</>;
}
