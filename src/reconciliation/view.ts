// Lines and candidates as a page and the interface tell them: finished words and figures.
import type { Trx } from '../kernel/database.ts';
import { fill, type Locale } from '../kernel/locale.ts';
import { minus, money, moneyFigures, sum, zero } from '../kernel/money.ts';
import { formatDay, pick } from '../web/locale.ts';
import { amountOf } from './book.ts';
import type { Candidate, OpenLine } from './candidate.ts';
import type { Plan, Sources } from './matching.ts';
import { texts } from './texts.ts';

export interface Named { zh: string; en: string }
export interface Names { accounts: Map<string, Named>; funds: Map<string, Named> }

export async function namesOf(trx: Trx, estate_id: number): Promise<Names> {
  const accounts = await trx.selectFrom('account').select(['account as code', 'name_zh', 'name_en']).where('estate_id', '=', estate_id).execute();
  const funds = await trx.selectFrom('fund').select(['fund as code', 'name_zh', 'name_en']).where('estate_id', '=', estate_id).execute();
  const named = (rows: { code: string; name_zh: string; name_en: string }[]) => new Map(rows.map((row) => [row.code, { zh: row.name_zh, en: row.name_en }]));
  return { accounts: named(accounts), funds: named(funds) };
}

/** Looks up what candidates name. */
export class Teller {
  readonly #items: Map<number, Sources['items'][number]>;
  readonly #orders: Map<number, Sources['orders'][number]>;
  readonly #names: Names;
  readonly #locale: Locale;
  constructor(sources: Sources, names: Names, locale: Locale) {
    this.#items = new Map(sources.items.map((item) => [item.seq, item]));
    this.#orders = new Map(sources.orders.map((order) => [order.proposal_id, order]));
    this.#names = names;
    this.#locale = locale;
  }

  /** 凭证 2026-11 付-003（11月3日）… */
  text(candidate: Candidate, line: OpenLine): string {
    const others = candidate.lines.filter((one) => one !== line.position);
    const t = pick(texts, this.#locale);
    const together = others.length === 0 || this.#isOffset(candidate) ? '' : fill(t.with_lines, { others: others.join('、') });
    return `${this.#what(candidate, line, others)}${together}`;
  }

  why({ why }: Candidate): string {
    return pick(texts, this.#locale)[`why_${why}`];
  }

  #isOffset = ({ entries, orders, mandate, receipt }: Candidate): boolean =>
    entries.length + orders.length === 0 && mandate === undefined && receipt === undefined;

  #what(candidate: Candidate, line: OpenLine, others: readonly number[]): string {
    const t = pick(texts, this.#locale);
    const { entries, orders, mandate, receipt } = candidate;
    const stop = this.#locale === 'zh' ? '、' : ', ';
    if (this.#isOffset(candidate)) return fill(t.is_offset, { others: others.join(stop) });
    if (mandate !== undefined) return fill(t.is_fee, { mandate: mandate.proposal_id });
    if (entries.length === 1) {
      const item = this.#items.get(entries[0]!);
      return fill(t.is_entry, { number: item?.number ?? '', day: item === undefined ? '' : formatDay(item.entry_date, this.#locale), text: item?.description ?? '' });
    }
    if (entries.length > 1) return fill(t.is_entries, { count: entries.length, numbers: this.#few(entries.map((seq) => this.#items.get(seq)?.number ?? '')) });
    if (orders.length === 1) {
      const order = this.#orders.get(orders[0]!);
      return fill(t.is_order, { reference: order?.reference ?? '', payee: order?.payee_name ?? '', purpose: order?.purpose ?? '' });
    }
    if (orders.length > 1) return fill(t.is_orders, { count: orders.length, references: this.#few(orders.map((id) => this.#orders.get(id)?.reference ?? '')) });
    if (receipt!.units.length === 0) {
      return fill(t.is_receipt, { account: this.#named(this.#names.accounts, receipt!.account!), fund: this.#named(this.#names.funds, receipt!.fund) });
    }
    return fill(t.is_bills, { units: receipt!.units.map((one) => one.unit).join(stop), bills: this.#bills(candidate, line) });
  }

  #few = (names: readonly string[]): string => `${names.slice(0, 4).join(this.#locale === 'zh' ? '、' : ', ')}${names.length > 4 ? ' …' : ''}`;
  #named = (names: Map<string, Named>, code: string): string => names.get(code)?.[this.#locale] ?? code;

  /** Which bills the amount would pay, and what is left. */
  #bills({ receipt }: Candidate, line: OpenLine): string {
    const t = pick(texts, this.#locale);
    let left = amountOf(line);
    const paid: string[] = [];
    let partly = false;
    for (const bill of receipt!.bills) {
      if (left.isZero()) break;
      const open = money(bill.open);
      partly = open.greaterThan(left);
      left = partly ? zero : minus(left, open);
      paid.push(bill.period);
    }
    if (paid.length === 0) return t.bill_none;
    const rest = left.isZero() ? '' : fill(t.bill_rest, { amount: moneyFigures(left) });
    return `${fill(t.bill_months, { months: this.#few(paid) })}${partly ? t.bill_part : ''}${rest}`;
  }
}

export interface CandidateShown { id: string; certain: boolean; text: string; why: string; code: Candidate['why']; lines: number[]; entries: number[]; orders: number[] }
export interface LineShown extends OpenLine { candidates: CandidateShown[] }

/** Every open line with its candidates, best first. */
export function shownLines(sources: Sources, { certain, proposed }: Plan, names: Names, locale: Locale): LineShown[] {
  const teller = new Teller(sources, names, locale);
  const by_line = new Map<number, Candidate[]>();
  for (const candidate of certain) for (const position of candidate.lines) by_line.set(position, [candidate]);
  for (const [position, some] of proposed) by_line.set(position, [...by_line.get(position) ?? [], ...some]);
  return sources.lines.map((line) => ({
    ...line, candidates: (by_line.get(line.position) ?? []).map((one) => ({
      id: one.id, certain: one.certain, code: one.why, text: teller.text(one, line), why: teller.why(one), lines: one.lines, entries: one.entries, orders: one.orders,
    })),
  }));
}

/** Lines whose amount, text or other side has the words. */
export function filtered(lines: readonly LineShown[], q: string): LineShown[] {
  const wanted = q.normalize('NFKC').trim().toLowerCase();
  if (wanted === '') return [...lines];
  const plain = wanted.replaceAll(',', '');
  return lines.filter((line) => line.amount.replace('-', '') === plain || line.amount.includes(plain)
    || [line.counterparty_name, line.counterparty_account, line.memo, line.purpose, line.serial, line.booked_on].some((text) => text.toLowerCase().includes(wanted)));
}

export const totalOf = (lines: readonly { amount: string }[], out: boolean): string =>
  moneyFigures(sum(lines.filter((line) => line.amount.startsWith('-') === out).map((line) => amountOf(line))));
