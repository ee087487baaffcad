// The board over many estates, an estate's own oversight page, and the evidence behind a figure.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { shanghaiTime } from '../kernel/dates.ts';
import { money, moneyFigures, moneyText, sum } from '../kernel/money.ts';
import { Amount } from '../web/amount.tsx';
import type { Frame } from '../web/frame.ts';
import { csvTwin, withQuery } from '../web/links.ts';
import { formatCount, formatDate, formatInstant, pick } from '../web/locale.ts';
import { Card, Chip, EmptyState, Figures, Notice, RowList } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { Filters, LedgerTable, type Column } from '../web/tables.tsx';
import {
  alarmsOf, BANK_DAYS, boardFigures, COLLECTED_ENOUGH, isAlarming, sortings, type BoardAsked, type BoardFigure, type BoardRow, type Counted,
} from './board.ts';
import { figureTexts, texts } from './board-texts.ts';
import type { Item, LiveCounts } from './evidence.ts';

type T = ReturnType<typeof pick<typeof texts>>;

/** 987 → 98.7% */
export const percent = (permille: number): string => `${Math.floor(permille / 10)}.${permille % 10}%`;

/** A figure in words, and a smaller line beside it. */
export function figureWords(counted: Omit<Counted, 'day' | 'size' | 'counted_at'>, figure: BoardFigure, t: T): { text: string; hint: string } {
  const amount = (yuan: string): string => (money(yuan).isZero() ? '' : fill(t.of_amount, { amount: moneyFigures(money(yuan)) }));
  switch (figure) {
    case 'unreconciled_days': return { text: fill(t.days, { count: counted.unreconciled_days }), hint: '' };
    case 'exceptions': return { text: formatCount(counted.exceptions), hint: amount(counted.exceptions_amount) };
    case 'emergencies': return { text: formatCount(counted.emergencies),
      hint: [amount(counted.emergencies_amount), counted.unratified === 0 ? '' : fill(t.unratified, { count: counted.unratified })].filter((one) => one !== '').join(' · ') };
    case 'weak_signatures': return { text: counted.weak_permille === null ? t.nothing : percent(counted.weak_permille),
      hint: counted.signatures === 0 ? '' : fill(t.of, { part: counted.weak_signatures, all: counted.signatures }) };
    case 'collection': return { text: counted.collection_permille === null ? t.nothing : percent(counted.collection_permille), hint: '' };
    case 'failing': return { text: counted.failing === null ? t.nothing : formatCount(counted.failing), hint: '' };
    default: return { text: formatCount(counted[figure]), hint: '' };
  }
}

function FigureCell({ row, figure, t }: { row: BoardRow; figure: BoardFigure; t: T }): JSX.Element | null {
  const { counted, code } = row;
  if (counted === null) return <span class="hint">{t.nothing}</span>;
  const { text, hint } = figureWords(counted, figure, t);
  return (
    <>
      <a href={`/e/${code}/oversight/${figure}`}>{isAlarming(counted, figure) ? <Chip tone="red">{text}</Chip> : text}</a>
      {hint !== '' && hint.split(' · ').map((one) => <><br /><small class="hint">{one}</small></>)}
    </>
  );
}

export interface BoardShown { rows: readonly BoardRow[]; all: readonly BoardRow[]; asked: BoardAsked; stale: boolean }

export function boardPage(frame: Frame, { rows, all, asked, stale }: BoardShown): string {
  const { locale, here } = frame;
  const t = pick(texts, locale);
  const sorted = (sort: string): string => withQuery(here, { sort, order: asked.sort === sort && asked.order === 'desc' ? 'asc' : 'desc', done: null });
  const mark = (sort: string): string => (asked.sort === sort ? (asked.order === 'desc' ? ' ↓' : ' ↑') : '');
  const columns: Column<BoardRow>[] = [
    { key: 'name', title: `${t.estate}${mark('name')}`, sort_href: sorted('name'), lead: true,
      cell: (row) => <a href={`/e/${row.code}/oversight`}>{locale === 'zh' ? row.name_zh : row.name_en}</a> },
    ...boardFigures.map((figure): Column<BoardRow> => ({
      key: figure, title: `${figureTexts[figure].short[locale]}${mark(figure)}`, sort_href: sorted(figure), type: 'number',
      cell: (row) => <FigureCell row={row} figure={figure} t={t} />,
    })),
    { key: 'counted_at', title: t.counted, cell: (row) => <small class="hint">{row.counted === null ? t.not_counted : shanghaiTime(row.counted.counted_at).slice(5, 16).replace('T', ' ')}</small> },
  ];
  const counted = all.flatMap((row) => (row.counted === null ? [] : [row.counted]));
  return page({
    ...frame, title: t.title, lede: fill(t.lede, { count: all.length }),
    body: (
      <>
        {stale && <Notice tone="amber">{t.stale}</Notice>}
        <Card title={t.summary}><Figures items={[
          { label: t.estates, text: formatCount(all.length) },
          { label: t.with_alarms, text: formatCount(all.filter((row) => alarmsOf(row) > 0).length) },
          { label: figureTexts.late_disclosures.title[locale], text: formatCount(counted.reduce((n, one) => n + one.late_disclosures, 0)) },
          { label: figureTexts.late_answers.title[locale], text: formatCount(counted.reduce((n, one) => n + one.late_answers, 0)) },
          { label: figureTexts.exceptions.title[locale], amount: moneyText(sum(counted.map((one) => money(one.exceptions_amount)))) },
          { label: figureTexts.failing.title[locale], text: formatCount(counted.reduce((n, one) => n + (one.failing ?? 0), 0)) },
        ]} /></Card>
        <Filters action="/board" csv={csvTwin(here)} reset_href={here === '/board' ? undefined : '/board'} fields={[
          { name: 'q', label: t.search, type: 'search', value: asked.q },
          { name: 'only', label: t.only, type: 'select', value: asked.only, options: [{ value: '', label: t.all }, { value: 'attention', label: t.only_attention }] },
          { name: 'sort', label: t.sort, type: 'select', value: asked.sort, options: sortings.map((value) => ({ value,
            label: value === 'attention' ? t.by_attention : value === 'name' ? t.by_name : figureTexts[value].title[locale] })) },
          { name: 'order', label: t.order, type: 'select', value: asked.order, options: [{ value: 'desc', label: t.desc }, { value: 'asc', label: t.asc }] },
        ]} />
        <LedgerTable caption={t.title} caption_hidden rows={rows} columns={columns} rowId={(row) => row.code} empty={<EmptyState title={t.none} />} />
        <Card title={t.how}>
          <p>{fill(t.how_text, { days: BANK_DAYS, enough: COLLECTED_ENOUGH / 10 })}</p>
          <dl>{boardFigures.map((figure) => <><dt>{figureTexts[figure].short[locale] === figureTexts[figure].title[locale] ? figureTexts[figure].title[locale] : `${figureTexts[figure].short[locale]}: ${figureTexts[figure].title[locale]}`}</dt><dd class="hint">{figureTexts[figure].what[locale]}</dd></>)}</dl>
        </Card>
      </>
    ),
  });
}

// ── One estate ───────────────────────────────────────────────────────────────────────────────────

export interface HubShown {
  code: string;
  counts: LiveCounts;
  inspected: { at: Date; all: number; failing: number } | null;
  open_objections: number;
  auditors: number;
  watches: boolean;
}

export function oversightPage(frame: Frame, { code, counts, inspected, open_objections, auditors, watches }: HubShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const at = `/e/${code}`;
  return page({
    ...frame, title: t.hub, lede: t.hub_lede, ...(watches ? { crumbs: [{ href: '/board', label: t.to_board }] } : {}),
    body: (
      <>
        <Card title={t.figures}>
          <RowList rows={boardFigures.map((figure) => {
            const { text, hint } = figureWords(counts, figure, t);
            const alarming = isAlarming(counts as Counted, figure);
            return {
              label: figureTexts[figure].title[locale], href: `${at}/oversight/${figure}`,
              value: alarming ? <Chip tone="red">{text}</Chip> : text, note: hint === '' ? figureTexts[figure].what[locale] : `${hint} · ${figureTexts[figure].what[locale]}`,
            };
          })} />
        </Card>
        <Card>
          <RowList rows={[
            { label: t.inspections, href: `${at}/invariants`, value: inspected === null ? t.nothing : inspected.failing === 0 ? <Chip tone="ok">{t.all_hold}</Chip> : <Chip tone="red">{fill(t.some_fail, { count: inspected.failing })}</Chip>,
              note: inspected === null ? t.never_inspected : `${fill(t.inspected, { time: formatInstant(inspected.at, locale), all: inspected.all })}${inspected.failing === 0 ? t.all_hold : fill(t.some_fail, { count: inspected.failing })}` },
            { label: t.objections, href: `${at}/objections`, value: open_objections === 0 ? t.no_objections : <Chip tone="amber">{fill(t.open_objections, { count: open_objections })}</Chip> },
            { label: t.access, href: `${at}/access`, value: auditors === 0 ? t.access_none : fill(t.access_now, { count: auditors }) },
          ]} />
        </Card>
      </>
    ),
  });
}

// ── Evidence ─────────────────────────────────────────────────────────────────────────────────────

export interface EvidenceShown { code: string; figure: BoardFigure; items: readonly Item[]; all: number; at: Date; counts: LiveCounts }

export const evidenceColumns = (figure: BoardFigure, locale: Locale): { key: string; title: string; type: 'text' | 'date' | 'money' }[] => {
  const t = pick(texts, locale);
  return [
    { key: 'what', title: figure === 'collection' ? t.month : t.item, type: 'text' },
    { key: 'day', title: t.day, type: 'date' },
    ...(figure === 'collection' ? [{ key: 'amount', title: t.asked, type: 'money' as const }, { key: 'paid', title: t.paid, type: 'money' as const }]
      : ['exceptions', 'emergencies', 'unreconciled_days'].includes(figure) ? [{ key: 'amount', title: t.amount, type: 'money' as const }] : []),
    ...(figure === 'collection' || figure === 'exceptions' ? [] : [{ key: 'note', title: t.state, type: 'text' as const }]),
  ];
};

export function evidencePage(frame: Frame, { code, figure, items, all, at, counts }: EvidenceShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const { title, what } = figureTexts[figure];
  const { text, hint } = figureWords(counts, figure, t);
  const cells = evidenceColumns(figure, locale).map(({ key, title: heading, type }): Column<Item> => {
    switch (key) {
      case 'what': return { key, title: heading, lead: true, cell: (item) => <a href={item.href}>{item.what[locale]}</a> };
      case 'day': return { key, title: heading, type, cell: (item) => (item.day === null ? '' : formatDate(item.day, locale)) };
      case 'note': return { key, title: heading, cell: (item) => item.note[locale] };
      default: return { key, title: heading, type, cell: (item) => { const value = key === 'paid' ? item.paid : item.amount; return value === null ? '' : <Amount value={money(value)} />; } };
    }
  });
  const totals = figure !== 'collection' || items.length === 0 ? undefined : [{ label: t.sum, cells: { amount: counts.billed, paid: counts.collected } }];
  return page({
    ...frame, title: title[locale], lede: what[locale], crumbs: [{ href: `/e/${code}/oversight`, label: t.hub }],
    body: (
      <>
        <Card><Figures items={[{ label: title[locale], text: isAlarming(counts as Counted, figure) ? <Chip tone="red">{text}</Chip> : text }]} />
          {hint !== '' && <p class="hint">{hint}</p>}
          {figure === 'weak_signatures' && counts.signatures > 0 && <p class="hint">{fill(t.signed_of, { all: counts.signatures, weak: counts.weak_signatures })}</p>}
          <p class="hint">{fill(t.listed, { count: all, time: formatInstant(at, locale) })}</p>
        </Card>
        {items.length < all && <p class="hint">{fill(t.first_of, { shown: items.length, count: all })}</p>}
        <LedgerTable caption={title[locale]} caption_hidden csv={csvTwin(frame.here)} rows={items} columns={cells} empty={<EmptyState title={t.evidence_none} />} totals={totals} />
      </>
    ),
  });
}
