// The figures of a disclosure beside its records: whatever is printed otherwise than it was recorded is found, also
// when whoever prints it seals it in good order.
import t from 'tap';
import type { DisclosureFigures } from '../../reports/monthly-disclosure/figures.ts';
import { entriesCsv } from '../../reports/monthly-disclosure/csv.ts';
import { canonical, type Json } from '../../src/kernel/canonical.ts';
import { utf8 } from '../../src/proof/bytes.ts';
import { pdfOf, sha256Hex, type Body, type MadeUpLog } from './made-up-log.ts';
import { broken, judge, nextMonth, quietMonth, unfilled } from './scenes.ts';

const sealed = async (log: MadeUpLog, change: (figures: DisclosureFigures) => void, period = '2026-09'): Promise<string[]> => {
  log.at(period === '2026-09' ? '2026-10-10 08:00' : '2026-11-10 08:00');
  const month = log.seal(period, { change: (figures) => {
    const copy = structuredClone(figures);
    change(copy);
    return copy;
  } });
  const verdict = await judge({ 'month.pdf': await month.pdf() });
  t.same(unfilled(verdict), []);
  return broken(verdict);
};

const cases: Record<string, [change: (figures: DisclosureFigures) => void, code: string]> = {
  'an entry left out': [({ entries }) => void entries.splice(1, 1), 'entry_not_printed'],
  'an entry that is not in the log': [({ entries }) => void entries.push({ ...entries[0]!, seq: 3 }), 'entry_not_in_log'],
  'an entry printed twice': [({ entries }) => void entries.push(entries[0]!), 'entry_not_in_log'],
  'entries in another order': [({ entries }) => void entries.reverse(), 'figures_differ'],
  'another day': [({ entries }) => { entries[0]!.date = '2026-09-04'; }, 'entry_row_differs'],
  'another memo': [({ entries }) => { entries[0]!.description = '停车费'; }, 'entry_row_differs'],
  'another number': [({ entries }) => { entries[0]!.number = '收-009'; }, 'entry_row_differs'],
  'another kind': [({ entries }) => { entries[0]!.kind = 'transfer'; }, 'entry_row_differs'],
  'another account': [({ entries }) => { entries[0]!.lines[0]!.account = '4109'; }, 'entry_row_differs'],
  'another fund': [({ entries }) => { entries[0]!.lines[0]!.fund = 'common'; }, 'entry_row_differs'],
  'another sum': [({ entries }) => { entries[0]!.received = '5201.00'; }, 'entry_row_differs'],
  'another running balance': [({ entries }) => { entries[0]!.balance = '5201.00'; }, 'figures_differ'],
  'fewer vouchers': [({ entries }) => { entries[0]!.vouchers = 3; }, 'entry_row_differs'],
  'a signer more': [({ entries }) => { entries[2]!.signers.push(entries[2]!.signers[0]!); }, 'entry_row_differs'],
  'another office of a signer': [({ entries }) => { entries[2]!.signers[0]!.office = 'chair'; }, 'entry_row_differs'],
  'a strong signature that is weak': [({ entries }) => { entries[2]!.signers[0]!.weak = true; }, 'entry_row_differs'],
  'a reversal that is not said': [({ entries }) => { entries[3]!.reverses = null; }, 'entry_row_differs'],
  'a question that nobody asked': [({ entries }) => { entries[0]!.inquiries.asked = 1; }, 'entry_row_differs'],
  'an emergency that was none': [({ entries }) => { entries[2]!.emergency = { ratify_by: '2026-10-01', ratified: true }; }, 'entry_row_differs'],
  'the opening balance': [(figures) => { figures.opening = '1.00'; }, 'figures_differ'],
  'the closing balance': [(figures) => { figures.closing = '1.00'; }, 'figures_differ'],
  'money received': [(figures) => { figures.received = '1.00'; }, 'figures_differ'],
  'income of a heading': [({ income }) => { income[0]!.month = '1.00'; }, 'figures_differ'],
  'income of the year': [({ income }) => { income[0]!.year = '1.00'; }, 'figures_differ'],
  'a share': [({ income }) => { income[0]!.share = '99.0'; }, 'figures_differ'],
  'a heading left out': [({ expense }) => void expense.pop(), 'figures_differ'],
  'total expense': [(figures) => { figures.expense_total.month = '1.00'; }, 'figures_differ'],
  'a fund': [({ funds }) => { funds[0]!.closing = '1.00'; }, 'figures_differ'],
  'a movement that did not happen': [({ other }) => void other.push({ account: '2241', name_zh: '押金', name_en: '', received: '1.00', paid: '0.00' }), 'figures_differ'],
  'the months': [({ months }) => { months[0]!.paid = '1.00'; }, 'figures_differ'],
  'a closing that did not happen': [(figures) => { figures.closed_at = '2026-10-01T00:00:00.000Z'; }, 'figures_differ'],
  'hashes of a month that was never published': [(figures) => { figures.previous = { period: '2026-08', version: 1, pdf_zh_sha256: 'a', pdf_en_sha256: 'b' }; }, 'figures_differ'],
  'another leaf of the log': [({ log }) => { log.leaf_hash = sha256Hex('x'); }, 'figures_differ'],
  'another month': [(figures) => { figures.period = '2026-08'; }, 'seal_differs'],
  'another version': [(figures) => { figures.version = 2; }, 'seal_differs'],
  'another format': [(figures) => { (figures as Body)['format'] = 'x'; }, 'attachment_misshapen'],
  'no entries at all': [(figures) => { delete (figures as Body)['entries']; }, 'attachment_misshapen'],
  'entries that are none': [(figures) => { (figures as Body)['entries'] = [1, 2]; }, 'entry_not_in_log'],
  'amounts that are none': [({ entries }) => { entries[0]!.balance = '1e3'; }, 'figures_differ'],
};

t.test('printed otherwise than it was recorded', async (t) => {
  for (const [name, [change, code]] of Object.entries(cases)) {
    const found = await sealed(quietMonth(), change);
    t.equal(found[0], code, `${name}: ${found.join(' ')}`);
  }
});

t.test('the spreadsheet', async (t) => {
  const log = quietMonth();
  log.at('2026-10-10 08:00');
  const month = log.seal('2026-09');
  const parts = await month.parts();
  for (const [name, text] of [
    ['one line less', entriesCsv({ ...month.drawn.figures, entries: month.drawn.figures.entries.slice(1) }, 'zh')],
    ['one line more', `${entriesCsv(month.drawn.figures, 'zh')}x\r\n`],
    ['another sum', entriesCsv(month.drawn.figures, 'zh').replace('5200.00', '5300.00')],
    ['the words of the other language', entriesCsv(month.drawn.figures, 'zh').replace('记录号', '纪录号')],
    ['nothing', ''],
  ] as const) {
    t.same(broken(await judge({ 'm.pdf': pdfOf(new Map(parts).set('entries.csv', utf8(text))) })), ['entries_csv_differs'], name);
  }
});

t.test('balances and standing in the seal', async (t) => {
  const change = async (edit: (facts: Body) => void): Promise<string[]> => {
    // Put on record in good order, by whoever writes the log.
    const again = quietMonth();
    again.at('2026-10-10 08:00');
    const month = again.seal('2026-09');
    const facts = JSON.parse(month.drawn.facts) as Body;
    edit(facts);
    month.drawn.facts = canonical(facts as unknown as Json);
    const last = again.records.at(-1)!;
    last.body = canonical({ ...(JSON.parse(last.body) as Body), facts_sha256: sha256Hex(month.drawn.facts) } as unknown as Json);
    again.rehash();
    return broken(await judge({ 'm.pdf': await month.pdf() }));
  };
  t.same(await change(() => undefined), []);
  t.equal((await change(({ balances }) => { balances[0].debit = '1.00'; }))[0], 'balances_differ');
  t.equal((await change(({ balances }) => { balances[0].opening = '1.00'; }))[0], 'balances_differ');
  t.equal((await change(({ balances }) => { balances.push({ ...balances[0] }); }))[0], 'balances_differ');
  t.equal((await change(({ balances }) => { balances.pop(); }))[0], 'balances_differ');
  t.equal((await change(({ standing }) => { standing.terms[1].ends_on = '2099-12-31'; }))[0], 'standing_differs');
  t.equal((await change(({ standing }) => { standing.terms.pop(); }))[0], 'standing_differs');
  t.equal((await change(({ standing }) => { standing.rules[1].bodies[0].signers = 1; standing.rules[1].bodies[1].signers = 1; }))[0], 'standing_differs');
  t.equal((await change(({ standing }) => { standing.passkeys[0].person = 'x'; }))[0], 'standing_differs');
  t.equal((await change(({ standing }) => { standing.delegations.push({ delegation: 1, body: 'committee', principal: 'x', delegate: 'y', starts_on: '2026-09-01', ends_on: '2026-09-30', after_days: 0 }); }))[0], 'standing_differs');
  t.equal((await change((facts) => { facts['size'] = 3; }))[0], 'seal_differs');
  t.equal((await change((facts) => { facts['version'] = 2; }))[0], 'seal_differs');
  t.equal((await change((facts) => { delete facts['policy']; }))[0], 'attachment_misshapen');
});

t.test('a later month, from its own file alone', async (t) => {
  const log = nextMonth(quietMonth());
  t.same(await sealed(log, () => undefined, '2026-10'), []);
  t.equal((await sealed(nextMonth(quietMonth()), ({ entries }) => { entries[0]!.description = '别的'; }, '2026-10'))[0], 'entry_row_differs');
});
