// The golden month: October 2026 of DOMAIN §3, posted by hand into an empty estate through the services,
// paid under both keys, closed, published; every text that comes out is compared with a kept one, and
// what each of them says adds up to the same fen.
import { readFile } from 'node:fs/promises';
import t from 'tap';
import { buildApp } from '../../src/app.ts';
import { money, moneyFigures, moneyText, sum } from '../../src/kernel/money.ts';
import type { DisclosureFigures } from '../../reports/monthly-disclosure/figures.ts';
import { matchLines } from '../disclosure/books.ts';
import { bankOf } from '../helpers/bank-lines.ts';
import { compareExpected, fixture } from '../helpers/expected.ts';
import { signIn } from '../helpers/house.ts';
import {
  printFunds,
  printJournal,
  printTrialBalance,
  readJournal,
  type TextEntry,
} from '../helpers/journal-text.ts';
import { pdfLines } from '../helpers/pdf-lines.ts';
import { readCsv, readPdf } from '../reports/reading.ts';
import { openStory, type Item, type Story } from './story.ts';

const PERIOD = '2026-10';
const folder = `golden/${PERIOD}`;
const entries = readJournal(await readFile(fixture(`${folder}/entries.txt`), 'utf8'));
const october = entries.filter((entry) => entry.entry_date >= '2026-10-01');
const wanted = {
  opening: '143131.00',
  received: '66809.20',
  paid: '64295.72',
  closing: '145644.48',
};
/** Payments are drafted and signed twice a month, each batch before its first payment. */
const drafting = ['2026-10-07', '2026-10-16'];

const behind = /^(.*)（([^（）]+)）$/;
/** "purpose（payee）", "红字冲销 number（reason）". */
function memoParts(entry: TextEntry): [string, string] {
  const found = behind.exec(entry.description);
  if (found === null) throw new Error(`nothing stands behind the memo: ${entry.description}`);
  return [found[1]!, found[2]!];
}

/** Drafts, submits and has signed the payments that fall before the next drafting day. */
async function prepare(story: Story, day: string, orders: Map<TextEntry, number>): Promise<void> {
  const next = drafting.find((one) => one > day) ?? '9999';
  const items: Item[] = [];
  for (const entry of october) {
    if (entry.kind !== 'payment' || entry.entry_date < day || entry.entry_date >= next) continue;
    const [purpose, payee] = memoParts(entry);
    const [line] = entry.lines;
    const order = await story.typed(payee, {
      amount: line!.amount,
      fund: line!.fund,
      account: line!.account,
      purpose,
    });
    const item = await story.submit(await story.draft(order));
    orders.set(entry, item.proposal_id);
    items.push(item);
  }
  const statuses = await story.signBoth(...items);
  if (statuses.some((status) => status !== 'approved')) throw new Error(statuses.join(', '));
}

async function postMonth(story: Story): Promise<void> {
  const orders = new Map<TextEntry, number>();
  const receipts: number[] = [];
  const days = [
    ...new Set([
      ...october.map((entry) => entry.entry_date),
      ...drafting,
      '2026-10-03',
      '2026-10-10',
    ]),
  ].sort();
  for (const day of days) {
    if (day === '2026-10-03') await story.close('2026-09');
    if (day === '2026-10-10') await story.publish('2026-09');
    story.at(`${day} 09:40`);
    if (drafting.includes(day)) await prepare(story, day, orders);
    story.at(`${day} 16:00`);
    for (const entry of october.filter((one) => one.entry_date === day)) {
      if (entry.kind === 'payment') await story.pay(orders.get(entry)!, day);
      else if (entry.kind === 'transfer') await story.signBoth(await story.transfer(entry));
      else if (entry.description.startsWith('红字冲销 ')) {
        const [what, reason] = memoParts(entry);
        await story.signBoth(await story.reverse(receipts[Number(what.slice(-3)) - 1]!, reason));
      } else {
        receipts.push(...(await story.receive([entry])));
      }
    }
  }
}

/** The bank's statement of the month: a line for every entry on the account, but for those that cancel each other. */
async function takeStatement({ h }: Story): Promise<void> {
  const { rows } = await h.superuser.query(
    `select e.seq, e.entry_date as day, sum(p.debit - p.credit) as amount from journal_entry e
      join posting p on p.estate_id = e.estate_id and p.seq = e.seq and p.account = '1002'
      where e.estate_id = $1 and e.period = $2 and e.reverses is null
        and not exists (select from journal_entry u where u.estate_id = e.estate_id and u.reverses = e.seq)
      group by e.seq, e.entry_date having sum(p.debit - p.credit) <> 0 order by e.entry_date, e.seq`,
    [h.estate.estate_id, PERIOD],
  );
  await bankOf(h).take(
    rows.map(({ day, amount }, index) => [day, amount, `S${index + 1}`] as const),
    { from: '2026-10-01', to: '2026-10-31', opening: wanted.opening },
  );
  await matchLines(h, rows.map(({ seq }, index) => ({ entries: [seq], lines: [index + 1] })));
}

/** What is the same in every run: no hashes, numbers of records or moments. */
function stable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(
        ([name]) =>
          ![
            'seq',
            'log',
            'leaf_hash',
            'signed_at',
            'closed_at',
            'published_at',
            'pdf_zh_sha256',
            'pdf_en_sha256',
          ].includes(name),
      )
      .map(([name, inner]) => [name, stable(inner)]),
  );
}

/** Figures of a table of text: sums a column of decimal strings. */
const total = (amounts: Iterable<string>): string =>
  moneyText(sum([...amounts].filter((one) => one !== '').map(money)));

t.test(
  'the golden month comes out as it was looked through, and every way of reading it agrees',
  async (t) => {
    const story = await openStory(t, '2026-09');
    const { house, estate, superuser } = story.h;
    story.at('2026-09-30 16:00');
    await story.receive(entries.slice(0, 1));
    await postMonth(story);
    story.at('2026-11-01 10:00');
    await takeStatement(story);
    await story.close(PERIOD);
    const figures = await story.publish(PERIOD);

    await t.test('the printed ledger, trial balance and funds', async (t) => {
      const { estate_id } = estate;
      const ledger = await story.within((trx) =>
        printJournal(trx, estate_id, { period: PERIOD, signers: true }),
      );
      const typed = (list: readonly TextEntry[]) =>
        list
          .map(({ number: _number, signers: _signers, ...entry }) => JSON.stringify(entry))
          .sort();
      t.same(
        typed(readJournal(ledger)),
        typed(october),
        'what is printed reads back as what was posted',
      );
      await compareExpected(t, `${folder}/expected/ledger.txt`, ledger);
      await compareExpected(
        t,
        `${folder}/expected/trial-balance.txt`,
        await story.within((trx) => printTrialBalance(trx, estate_id, PERIOD)),
      );
      await compareExpected(
        t,
        `${folder}/expected/funds.txt`,
        await story.within((trx) => printFunds(trx, estate_id, PERIOD)),
      );
    });

    await t.test('the figures of the disclosure', async (t) => {
      t.match(figures, {
        ...wanted,
        income_total: { month: wanted.received },
        expense_total: { month: wanted.paid },
      });
      t.equal(figures.entries.length, 45);
      t.match(figures.bank, [
        { bank_balance: wanted.closing, book_balance: wanted.closing, difference: '0.00' },
      ]);
      await compareExpected(
        t,
        `${folder}/expected/figures.json`,
        `${JSON.stringify(stable(figures), null, 1)}\n`,
      );
    });

    const app = await buildApp(house);
    t.teardown(() => app.close());
    const as = await signIn(app, 'resident');
    const get = async (url: string) => {
      const answer = await app.inject({
        method: 'GET',
        url,
        headers: { ...as, accept: 'text/html' },
      });
      if (answer.statusCode !== 200)
        throw new Error(`${url}: ${answer.statusCode} ${answer.body.slice(0, 300)}`);
      return answer;
    };
    const pdf = (await get(`/e/test/disclosures/${PERIOD}.pdf?lang=zh`)).rawPayload;
    const pages = await pdfLines(pdf);
    const lines = pages.flat();

    await t.test('the text of the PDF', async (t) => {
      const text = pages.map((page, at) => [`── ${at + 1} ──`, ...page, ''].join('\n')).join('\n');
      // Hashes and keys are others in every run: persons and dwellings have random names in the log.
      const hidden = text
        .replaceAll(/(localhost:8080\/test|test)\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}/g, '$1+〈key〉')
        .replaceAll(/\b[0-9a-f]{64}\b/g, '〈hash〉')
        .replaceAll(/\b[0-9a-f]{4}(?:\s[0-9a-f]{4}){3,15}\b/g, '〈root〉');
      await compareExpected(t, `${folder}/expected/disclosure.txt`, hidden);
    });

    await t.test('every entry is in the PDF exactly once', async (t) => {
      const first = lines.findIndex((line) => /^日期 *凭证号/.test(line));
      t.ok(first > 0, 'the table of entries is there');
      for (const { number, date } of figures.entries) {
        const row = new RegExp(`^${date.slice(5)} +${number} `);
        t.equal(lines.filter((line) => row.test(line)).length, 1, `${date} ${number}`);
      }
      const rows = lines.filter((line) => /^\d\d-\d\d +[收付转]-\d{3} /.test(line));
      t.equal(rows.length, figures.entries.length, 'and nothing else');
    });

    await t.test('PDF, its attachments, page, interface and SQL agree to the fen', async (t) => {
      const { attachments, text } = await readPdf(pdf);
      t.equal(attachments.size, 6);
      const csv = readCsv(
        attachments.get('entries.csv')!.toString('utf8'),
      );
      const attached = JSON.parse(
        attachments.get('figures.json')!.toString('utf8'),
      ) as DisclosureFigures;
      const column = (title: string) => csv.slice(1).map((row) => row[csv[0]!.indexOf(title)]!);
      t.same(attached, figures, 'the attached figures are the published ones');
      t.same(
        [total(column('收到')), total(column('付出'))],
        [wanted.received, wanted.paid],
        'attached CSV',
      );
      t.equal(new Set(column('记录号')).size, figures.entries.length);

      const answer = (
        await get(`/api/v1/estates/test/disclosures/${PERIOD}.json`)
      ).json<DisclosureFigures>();
      t.same(answer, figures, 'the interface gives the same figures');
      const journal = (
        await get(`/api/v1/estates/test/journal-entries?period=${PERIOD}&limit=200`)
      ).json<{
        items: { received: string; paid: string; balance: string }[];
      }>();
      t.equal(journal.items.length, figures.entries.length);
      t.same(
        [
          total(journal.items.map((row) => row.received)),
          total(journal.items.map((row) => row.paid)),
          journal.items.at(-1)!.balance,
        ],
        [wanted.received, wanted.paid, wanted.closing],
        'the journal of the interface',
      );
      const balances = (await get('/api/v1/estates/test/balances?as_of=2026-10-31')).json<
        { balance: string; is_money: boolean }[]
      >();
      t.equal(
        total(balances.filter((row) => row.is_money).map((row) => row.balance)),
        wanted.closing,
        'balances of the last day',
      );

      const twin = (await get(`/e/test/disclosures/${PERIOD}`)).body;
      const plain = twin.replace(/<[^>]+>/g, ' ');
      for (const [name, amount] of Object.entries(wanted)) {
        const figure = moneyFigures(money(amount));
        t.ok(text.includes(figure), `PDF: ${name} ${figure}`);
        t.ok(plain.includes(figure), `page: ${name} ${figure}`);
      }
      for (const { number } of figures.entries) t.ok(plain.includes(number), `page: ${number}`);

      const { rows } = await superuser.query<{
        opening: string;
        moved: string;
        income: string;
        expense: string;
        entries: number;
      }>(
        `
      select sum(p.debit - p.credit) filter (where a.is_money and p.period < $2) as opening,
        sum(p.debit - p.credit) filter (where a.is_money and p.period = $2) as moved,
        sum(p.credit - p.debit) filter (where a.class = 'income' and p.period = $2) as income,
        sum(p.debit - p.credit) filter (where a.class = 'expense' and p.period = $2) as expense,
        (select count(*)::integer from journal_entry where estate_id = $1 and period = $2) as entries
      from posting p join account a on a.estate_id = p.estate_id and a.account = p.account where p.estate_id = $1`,
        [estate.estate_id, PERIOD],
      );
      t.same(
        rows[0],
        {
          opening: wanted.opening,
          moved: '2513.48',
          income: wanted.received,
          expense: wanted.paid,
          entries: 45,
        },
        'plain SQL',
      );
    });
  },
);
