// The bank's word in a made-up log: statements, entries from their lines, suspense and what settles it, matches; and what
// the figures of a month say of all that, by a reckoning of its own.
//   const bank = bankIn(log); bank.take([['2026-09-02', '500.00']]); bank.book(1);  bank.seal('2026-09')
import type { DisclosureFigures } from '../../reports/monthly-disclosure/figures.ts';
import type { LogRecord } from '../../src/proof/record.ts';
import { lastDay } from '../../src/kernel/dates.ts';
import { persons, sha256Hex, yuan, type Body, type MadeUpLog, type Order, type SealedMonth } from './made-up-log.ts';

const fen = (amount: string): number => Math.round(Number(amount) * 100);
const bodyOf = (record: LogRecord): Body => JSON.parse(record.body) as Body;

export type Line = readonly [day: string, amount: string, balance?: string];
const debit = (account: string, amount: string, fund = 'service'): Body => ({ account, fund, debit: amount });
const credit = (account: string, amount: string, fund = 'service'): Body => ({ account, fund, credit: amount });

export class MadeUpBank {
  readonly log: MadeUpLog;
  readonly lines: [day: string, amount: number][] = [];
  balance = 0;
  constructor(log: MadeUpLog) {
    this.log = log;
  }

  /** A statement that continues; `more` says something else of it. */
  take(lines: readonly Line[], more: Body = {}): LogRecord {
    const voucher = sha256Hex(`statement ${this.log.records.length}`);
    this.log.append('voucher_received', { sha256: voucher, by: persons.cashier });
    const opening = yuan(this.balance);
    const rows = lines.map(([day, amount, balance]) => {
      this.balance += fen(amount);
      this.lines.push([day, fen(amount)]);
      return [day, amount, balance ?? yuan(this.balance), `S${this.lines.length}`];
    });
    return this.log.append('bank_statement_imported', {
      account: '1002', closing: yuan(this.balance), format: 'camt.053', from: '2026-09-01', imported_by: persons.cashier, lines: rows, opening,
      period_stated: true, repeated: 0, to: this.log.day, voucher, ...more,
    });
  }

  /** An entry made from a line: to suspense, where it is not said otherwise. */
  book(position: number, more: Body = {}): LogRecord {
    const [day, amount] = this.lines[position - 1]!;
    const { fund = 'service', account = amount < 0 ? '1291' : '2291', date = day, ...rest } = more;
    const size = yuan(Math.abs(amount));
    const postings = amount < 0 ? [debit(account, size, fund), credit('1002', size, fund)] : [debit('1002', size, fund), credit(account, size, fund)];
    return this.log.post({
      kind: amount < 0 ? 'payment' : 'receipt', entry_date: date, description: '银行流水', postings, bank_line: { account: '1002', position }, ...rest,
    });
  }

  /** An order for money that is gone, signed afterwards. */
  after(entry: LogRecord, amount: string, more: Body = {}): Order {
    return this.log.approved(amount, { after_the_fact: { entry: entry.seq }, ...more });
  }

  /** Clears a suspense entry under an order: the lines as they were signed, 1291 for the bank. */
  settle(entry: LogRecord, order: Order, change: (body: Body) => Body = (body) => body): LogRecord {
    const postings = (order.document['postings'] as Body[]).map((line) => (line['account'] === '1002' ? { ...line, account: '1291' } : line));
    return this.log.post(change({ kind: 'transfer', entry_date: this.log.day, description: '清理待核实', postings, settles: entry.seq, proposal: order.proposal }));
  }

  /** Clears an unexplained credit as the income it was. */
  explain(entry: LogRecord, amount: string, change: (body: Body) => Body = (body) => body): LogRecord {
    return this.log.post(change({ kind: 'transfer', entry_date: this.log.day, description: '清理待核实', settles: entry.seq, postings: [debit('2291', amount), credit('4101', amount)] }));
  }

  match(entries: readonly number[], lines: readonly number[], kind = 'bank_lines_matched'): LogRecord {
    return this.log.append(kind, { account: '1002', by: persons.cashier, ...(kind === 'bank_match_ended' ? { entries, lines } : { matches: [{ entries, lines }] }) });
  }

  /** What stood of the account when the log had `size` records. */
  heads(size: number): Body[] {
    const taken = this.log.records.slice(0, size).filter(({ kind }) => kind === 'bank_statement_imported').map(bodyOf);
    if (taken.length === 0) return [];
    return [{ account: '1002', balance: taken.at(-1)!['closing'], lines: taken.reduce((sum, one) => sum + (one['lines'] as unknown[]).length, 0), to: taken.at(-1)!['to'] }];
  }

  seal(period: string, more: Parameters<MadeUpLog['seal']>[1] = {}): SealedMonth {
    return this.log.seal(period, { bank: this.heads(this.log.startOf(period)), ...more, change: (figures) => (more.change ?? ((same) => same))(this.#figures(figures)) });
  }

  #figures(figures: DisclosureFigures): DisclosureFigures {
    const { log } = this;
    const last = lastDay(figures.period);
    const entries = log.records.filter(({ kind }) => kind === 'journal_entry').map((record) => ({ record, body: bodyOf(record) }));
    const moved = ({ body }: { body: Body }, ...accounts: string[]): number => (body['postings'] as Body[]).filter((line) => accounts.includes(line['account'] as string))
      .reduce((sum, line) => sum + fen(line['debit'] ?? '0') - fen(line['credit'] ?? '0'), 0);
    const stands = ({ record }: { record: LogRecord }): boolean => !entries.some(({ body }) => body['reverses'] === record.seq);
    const held = entries.filter((one) => one.body['bank_line'] !== undefined && moved(one, '1291', '2291') !== 0);
    const settling = (seq: number) => entries.filter((one) => one.body['settles'] === seq && stands(one));
    const left = (one: typeof held[number], day = '9999'): number => Math.abs(moved(one, '1291', '2291'))
      - settling(one.record.seq).filter(({ body }) => body['entry_date'] <= day).reduce((sum, other) => sum + Math.abs(moved(other, '1291', '2291')), 0);
    const side = (one: { body: Body }): 'debit' | 'credit' => (one.body['kind'] === 'payment' ? 'debit' : 'credit');
    const taken = log.records.filter(({ kind }) => kind === 'bank_statement_imported').map(bodyOf);
    if (taken.length === 0) return figures;
    const covered_to = [taken.at(-1)!['to'] as string, last].sort()[0]!;
    const matched = log.records.filter(({ kind }) => kind === 'bank_lines_matched').flatMap((record) => bodyOf(record)['matches'] as Body[]);
    const own = (day: string) => entries.filter(({ body }) => body['entry_date'] <= day);
    const answered = (day: string) => new Set([...own(day).filter(stands).map(({ body }) => body['bank_line']?.position), ...matched.flatMap((one) => one['lines'])]);
    const without = (day: string) => this.lines.filter(([on], i) => on <= covered_to && !answered(day).has(i + 1)).map(([, amount]) => amount);
    const bank_items = without(covered_to);
    const book_items = own(covered_to).filter((one) => stands(one) && one.body['reverses'] === undefined && one.body['bank_line'] === undefined
      && moved(one, '1002') !== 0 && !matched.some(({ entries: some }) => some.includes(one.record.seq))).map((one) => moved(one, '1002'));
    const sum = (amounts: number[], sign: number): string => yuan(amounts.reduce((all, one) => (one * sign > 0 ? all + one * sign : all), 0));
    const bank_balance = this.lines.filter(([day]) => day <= covered_to).reduce((all, [, amount]) => all + amount, 0);
    const book_balance = own(covered_to).reduce((all, one) => all + moved(one, '1002'), 0);
    const [bank] = figures.bank;
    const row = {
      ...bank!, bank_balance: yuan(bank_balance), as_of: covered_to, book_balance: yuan(book_balance), difference: yuan(bank_balance - book_balance),
      statement: {
        from: '2026-09-01', covered_to, bank_items: bank_items.length, bank_received: sum(bank_items, 1), bank_paid: sum(bank_items, -1), book_items: book_items.length,
        book_received: sum(book_items, 1), book_paid: sum(book_items, -1), open_lines: without('9999').length,
        remaining: yuan(bank_balance + book_items.reduce((a, b) => a + b, 0) - book_balance - bank_items.reduce((a, b) => a + b, 0)),
      },
    };
    const numbered = (record: LogRecord): string => record.number.slice(8);
    return { ...figures, bank: [row], other: this.#other(figures.period, entries.map(({ body }) => body)),
      entries: figures.entries.map((entry) => {
        const one = entries.find(({ record }) => record.seq === entry.seq)!;
        const target = entries.find(({ record }) => record.seq === one.body['settles']);
        return { ...entry, ...(held.includes(one) && stands(one) ? { unexplained: { side: side(one), left: yuan(left(one)) } } : {}),
          ...(target === undefined ? {} : { settles: { number: target.record.number, after_the_fact: one.body['proposal'] !== undefined } }),
          ...(one.body['mandate'] === undefined ? {} : { mandate: one.body['mandate'] as number }) };
      }),
      unexplained: held.filter((one) => stands(one) && one.body['entry_date'] <= last && (one.body['entry_date'].startsWith(figures.period) || left(one, last) !== 0)).map((one) => ({
        seq: one.record.seq, side: side(one), account: '1002', account_last4: '7711', booked_on: this.lines[one.body['bank_line'].position - 1]?.[0] ?? '', date: one.body['entry_date'],
        period: one.record.number.slice(0, 7), number: numbered(one.record), fund: one.body['postings'][0].fund, amount: yuan(Math.abs(moved(one, '1291', '2291'))),
        left_then: yuan(left(one, last)), left: yuan(left(one)),
        settled: settling(one.record.seq).map((other) => ({
          seq: other.record.seq, period: other.record.number.slice(0, 7), number: numbered(other.record), date: other.body['entry_date'],
          amount: yuan(Math.abs(moved(other, '1291', '2291'))), order: other.body['proposal'] ?? null,
        })),
      })),
    } as DisclosureFigures;
  }

  /** Neither money, income nor expense. */
  #other(period: string, entries: readonly Body[]): DisclosureFigures['other'] {
    const found = new Map<string, [number, number]>();
    for (const { entry_date, postings } of entries) {
      if (!entry_date.startsWith(period)) continue;
      for (const line of postings as Body[]) {
        if (/^(100|4|5)/.test(line['account'])) continue;
        const [received, paid] = found.get(line['account']) ?? [0, 0];
        found.set(line['account'], [received + fen(line['credit'] ?? '0'), paid + fen(line['debit'] ?? '0')]);
      }
    }
    return [...found].sort().map(([account, [received, paid]]) => ({ account, name_zh: account, name_en: '', received: yuan(received), paid: yuan(paid) }))
      .filter((row) => row.received !== '0.00' || row.paid !== '0.00');
  }
}

export const bankIn = (log: MadeUpLog): MadeUpBank => new MadeUpBank(log);
