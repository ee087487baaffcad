// How long a bank account takes to be reconciled: npm run bench:reconcile. A bank's CSV file is read, proved and taken as it is
// handed in, its lines are matched and booked by the service: 40 % payments and receipts that stand in the books or have an
// approved order, 50 % receipts by rules and dwellings, 10 % nobody explains. Beside it, in the same run, a bare INSERT of the same
// lines; and the time of a line at 1,000, 10,000 and 100,000 lines, which ought to stay the same. Each size in a database of
// its own.
import { sql } from 'kysely';
import { billMonth } from '../../src/billing/bill.ts';
import { canonical } from '../../src/kernel/canonical.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { addDays, addMonths, lastDay } from '../../src/kernel/dates.ts';
import { money, moneyText, sum } from '../../src/kernel/money.ts';
import { entryBody } from '../../src/ledger/entry.ts';
import { postEntries } from '../../src/ledger/gate.ts';
import { learn } from '../../src/reconciliation/rule.ts';
import { reconcileAccount } from '../../src/reconciliation/reconcile.ts';
import { takeStatement } from '../../src/bank/statement.ts';
import { bankFile } from '../../src/demo/bank-files.ts';
import { statementFiles } from '../../src/payment/voucher.ts';
import type { Told } from '../reconciliation/bank.ts';
import { scene, type Scene } from '../reconciliation/scene.ts';
import { testUnits } from '../helpers/house.ts';
import type { Ending } from '../helpers/postgres.ts';

interface Run {
  lines: number; taken_s: number; matched_s: number; total_s: number; per_line_ms: number; bare_insert_s: number; ratio: number;
  linked: number; booked: number; suspended: number; waiting: number; open: number; difference: string;
}

const TARGET = { lines: 50_000, seconds: 20 };
const FIRST = '2031-01';
const MONTHS = 12;
const ORDERS = 100;
const PAYERS = 400;

const endings: (() => unknown)[] = [];
const ending = (): Ending => ({ teardown: (work: () => unknown) => { endings.push(work); } }) as never;

const dayOf = (at: number, of: number): string => addDays(`${FIRST}-07`, Math.floor((at / of) * 340));
const payerNumber = (n: number): string => `62170${String(100_000_000_000 + n)}`;

/** The same lines for every run of a size: a mix without chance. */
function linesOf(count: number, orders: { reference: string; amount: string }[], units: readonly string[]): { told: Told; entry: boolean }[] {
  const bills = new Map<string, number>();
  return Array.from({ length: count }, (_, at): { told: Told; entry: boolean } => {
    const on = dayOf(at, count);
    const serial = `S${String(at).padStart(8, '0')}`;
    const kind = at % 10;
    const order = kind === 0 ? orders[at / 10] : undefined;
    if (order !== undefined) {
      return { told: { on, amount: `-${order.amount}`, serial, name: '川亮照明工程有限公司', number: '6222021234567890', purpose: `货款 ${order.reference}` }, entry: false };
    }
    // In the books already: half by the bank's serial, half by amount and day alone.
    if (kind < 4) return { told: { on, amount: `${1_000 + (at % 9_000_000)}.${String(at % 100).padStart(2, '0')}`, serial: at % 2 === 0 ? serial : '', memo: '来账' }, entry: true };
    const unit = units[Math.floor(at / 10) % units.length]!;
    const paid = bills.get(unit) ?? 0;
    if (kind === 4 && paid < MONTHS) {
      bills.set(unit, paid + 1);
      return { told: { on, amount: '102.00', serial, name: '某业主', number: payerNumber(900_000 + at), purpose: `${unit} 物业费` }, entry: false };
    }
    if (kind < 9) return { told: { on, amount: `${1 + (at % 500)}.50`, serial, name: '停车用户', number: payerNumber(at % PAYERS), purpose: '停车费' }, entry: false };
    return { told: { on, amount: `${at % 20 === 9 ? '-' : ''}${7 + (at % 300)}.77`, serial, name: '不明', number: payerNumber(5_000_000 + at) }, entry: false };
  });
}

async function furnish(h: Scene, count: number): Promise<{ told: Told; entry: boolean }[]> {
  const { estate_id } = h.estate;
  for (let month = 0; month < MONTHS; month += 1) await h.work((trx) => billMonth(trx, h.estate, addMonths(FIRST, month)));
  await post(h, [entryBody({ kind: 'receipt', entry_date: `${FIRST}-06`, description: '期初', key: 'opening', made_by: h.persons.cashier, postings: [
    { account: '1002', fund: 'service', debit: money('9000000.00') }, { account: '3101', fund: 'service', credit: money('9000000.00') }] })]);
  const payee = { kind: 'company', name: '川亮照明工程有限公司', bank_name: '工商银行简阳支行', account_number: '6222021234567890' } as const;
  const orders: { reference: string; amount: string }[] = [];
  for (let n = 0; n < Math.min(ORDERS, count / 10); n += 1) {
    const amount = `${100 + n}.00`;
    orders.push({ reference: (await h.order({ payee: orders.length === 0 ? payee : { payee_id: 1 }, amount })).reference, amount });
  }
  for (let n = 0; n < PAYERS; n += 1) {
    for (let twice = 0; twice < 2; twice += 1) {
      await h.work((trx) => learn(trx, estate_id, { counterparty_name: '停车用户', counterparty_account: payerNumber(n) }, { account: '4102', fund: 'public_income', unit: null }, h.persons.cashier));
    }
  }
  const lines = linesOf(count, orders, testUnits(16).map((one) => one.unit));
  h.at(`${addMonths(FIRST, MONTHS)}-20 10:00`);
  const entries = lines.filter((one) => one.entry).map(({ told }, at) => entryBody({
    kind: 'receipt', entry_date: told.on, description: '来账', key: `there ${at}`, made_by: h.persons.cashier, ...(told.serial === '' ? {} : { reference: told.serial! }),
    postings: [{ account: '1002', fund: 'service', debit: money(told.amount) }, { account: '4109', fund: 'service', credit: money(told.amount) }],
  }));
  for (let at = 0; at < entries.length; at += 1_000) await post(h, entries.slice(at, at + 1_000));
  return lines;
}

async function post(h: Scene, bodies: string[]): Promise<void> {
  const results = await h.work((trx) => postEntries(trx, h.estate.estate_id, bodies));
  const wrong = results.find((one) => one.status !== 'posted');
  if (wrong !== undefined) throw new Error(`the books could not be made: ${wrong.status}`);
}

/** The same lines into a table that asks nothing. */
async function bareInsert(h: Scene, lines: readonly { told: Told }[]): Promise<number> {
  await h.superuser.query('create table bare_line (position bigint primary key, booked_on date, amount numeric(14, 2), serial text, name text, number text, memo text, purpose text)');
  const rows = canonical(lines.map(({ told }, at) => [at, told.on, told.amount, told.serial ?? '', told.name ?? '', told.number ?? '', told.memo ?? '', told.purpose ?? '']));
  const started = performance.now();
  await h.superuser.query(`insert into bare_line select (v ->> 0)::bigint, (v ->> 1)::date, (v ->> 2)::numeric, v ->> 3, v ->> 4, v ->> 5, v ->> 6, v ->> 7
    from jsonb_array_elements($1::jsonb) as n(v)`, [rows]);
  return (performance.now() - started) / 1000;
}

/** Files of at most so many lines, each of whole days: more the reader's memory does not take. */
const FILE_LINES = 50_000;

function filesOf(lines: readonly Told[]): { from: string; to: string; bytes: Buffer; file_name: string }[] {
  const files: Told[][] = [[]];
  for (const line of lines) {
    const file = files.at(-1)!;
    if (file.length >= FILE_LINES && file.at(-1)!.on !== line.on) files.push([line]);
    else file.push(line);
  }
  let opening = money('0.00');
  return files.map((file, at) => {
    const from = at === 0 ? `${FIRST}-01` : addDays(files[at - 1]!.at(-1)!.on, 1);
    const to = at === files.length - 1 ? lastDay(addMonths(FIRST, MONTHS - 1)) : file.at(-1)!.on;
    const { bytes, file_name } = bankFile('cmb', 'csv', {
      account_number: '510501450000008866', account_name: '示例小区业主委员会', from, to, opening: moneyText(opening),
      lines: file.map(({ on, amount, serial = '', name = '', number = '', memo = '', purpose = '' }) => ({
        booked_on: on, booked_time: '10:00:00', amount, serial, counterparty_name: name, counterparty_account: number, counterparty_bank: '', memo, purpose,
      })),
    });
    opening = sum([opening, ...file.map(({ amount }) => money(amount))]);
    return { from, to, bytes: Buffer.from(bytes), file_name };
  });
}

async function runOnce(count: number): Promise<Run> {
  const h = await scene(ending(), FIRST, { units: testUnits(16) });
  const { estate_id } = h.estate;
  const lines = await furnish(h, count);
  await h.superuser.query('checkpoint');
  const all_lines = [{ on: `${FIRST}-06`, amount: '9000000.00', memo: '往来款' }, ...lines.map((one) => one.told)];
  const files = filesOf(all_lines);
  const started = performance.now();
  for (const { from, to, bytes, file_name } of files) {
    await takeStatement(h.house, { estate: h.estate, actor: h.actorOf('cashier'), bytes, file_name, stated: { bank_account: '1002', from, to } }, { files: statementFiles });
  }
  const taken = (performance.now() - started) / 1000;
  const done = (await reconcileAccount(h.house, h.estate, '1002', { actor: null }))!;
  const all = (performance.now() - started) / 1000;
  const bare = await bareInsert(h, lines);
  const { rows: [left] } = await inEstate(h.db.app, estate_id, (trx) => sql<{ open: number; difference: string }>`
    select (select count(*)::integer from open_bank_lines(${estate_id}, '1002')) as open,
      (select (select l.balance from bank_line l where l.estate_id = ${estate_id} order by l.position desc limit 1)
        - sum(p.debit - p.credit) from posting p where p.estate_id = ${estate_id} and p.account = '1002')::text as difference`.execute(trx));
  return {
    lines: count, taken_s: rounded(taken), matched_s: rounded(all - taken), total_s: rounded(all), per_line_ms: rounded((all / count) * 1000), bare_insert_s: rounded(bare),
    ratio: rounded(all / bare), linked: done.linked, booked: done.booked, suspended: done.suspended, waiting: done.waiting, ...left!,
  };
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;

async function main(): Promise<void> {
  const sizes = process.argv.slice(2).map(Number);
  const rows: Run[] = [];
  for (const count of sizes.length > 0 ? sizes : [1_000, 10_000, TARGET.lines, 100_000]) {
    rows.push(await runOnce(count));
    console.log(JSON.stringify(rows.at(-1)));
    for (const end of endings.splice(0).reverse()) await end();
  }
  console.table(rows.map(({ lines, taken_s, matched_s, total_s, per_line_ms, bare_insert_s, ratio }) => ({ lines, taken_s, matched_s, total_s, per_line_ms, bare_insert_s, ratio })));
  const of = (count: number) => rows.find((row) => row.lines === count);
  const [small, large, target] = [of(10_000), of(100_000), of(TARGET.lines)];
  console.log(JSON.stringify({
    bench: 'reconcile', growth_10000_to_100000: small && large ? rounded(large.per_line_ms / small.per_line_ms) : null,
    seconds: target?.total_s ?? null, target_seconds: TARGET.seconds, met: target === undefined ? null : target.total_s <= TARGET.seconds,
  }));
}

await main();
