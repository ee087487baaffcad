// What several files say together: one month after another, both languages, corrections, gaps, forks; and files that
// are held against them: checkpoints, proofs, vouchers.
import t from 'tap';
import { canonical, type Json } from '../../src/kernel/canonical.ts';
import { hexOf, utf8 } from '../../src/proof/bytes.ts';
import { tlogProofText } from '../../src/proof/tlog-proof.ts';
import { openLog, pdfOf, sha256Hex, type Body, type MadeUpLog } from './made-up-log.ts';
import { broken, cautions, judge, nextMonth, quietMonth, twoMonths, unfilled } from './scenes.ts';

t.test('two months in a row', async (t) => {
  const { log, september, october } = await twoMonths();
  const both = await judge({ 'september.pdf': september, 'october.pdf': october }, { trusted_keys: [log.vkey] });
  t.equal(both.outcome, 'holds');
  t.same(unfilled(both), []);
  t.same(cautions(both), ['pages_sealed_later', 'witness_none'], 'only October\'s pages wait for a later file');
  t.same(both.findings.filter(({ code }) => code === 'pages_sealed_later').map(({ file }) => file), ['october.pdf']);
  t.ok(cautions(await judge({ 'october.pdf': october })).includes('openings_on_trust'), 'October alone believes what it opens with');
  t.same(broken(await judge({ 'october.pdf': october, 'september.pdf': september })), [], 'in whatever order they are given');
});

t.test('a file that is not the one that was published', async (t) => {
  const { september, october } = await twoMonths();
  const other = Uint8Array.from([...september, 10]);
  const verdict = await judge({ 'september.pdf': other, 'october.pdf': october });
  t.same(broken(verdict), ['file_not_the_published']);
});

t.test('September rewritten after it was published', async (t) => {
  const { september } = await twoMonths();
  const rewrite = async (change: (log: MadeUpLog) => void): Promise<string[]> => {
    // The same persons, keys and moments, and one thing else.
    const { log } = await twoMonths();
    change(log);
    log.rehash();
    log.at('2026-11-11 08:00');
    return broken(await judge({ 'september.pdf': september, 'october.pdf': await log.seal('2026-10', { version: 2 }).pdf() }));
  };
  const other = await rewrite(() => undefined);
  t.equal(other[0], 'history_differs', 'another log altogether');
  t.ok(other.includes('keys_differ'));

  const { log, september: kept } = await twoMonths();
  const at = log.records.findIndex(({ kind }) => kind === 'journal_entry');
  log.records[at]!.body = log.records[at]!.body.replaceAll('5200.00', '5300.00');
  log.rehash();
  log.at('2026-11-11 08:00');
  const found = await judge({ 'september.pdf': kept, 'october.pdf': await log.seal('2026-10', { version: 2 }).pdf() });
  t.equal(broken(found)[0], 'beginning_differs', 'before the later file begins');
  const late = await twoMonths();
  const october = late.log.records.find(({ body, kind }) => kind === 'journal_entry' && body.includes('5100.00'))!;
  october.body = october.body.replaceAll('5100.00', '5101.00');
  late.log.rehash();
  late.log.at('2026-11-11 08:00');
  const named = await judge({ 'september.pdf': late.september, 'october.pdf': await late.log.seal('2026-10', { version: 2 }).pdf() });
  t.equal(broken(named)[0], 'history_differs', 'in records that both files hold');
  t.match(named.findings[0]!.where, `#${october.seq} 2026-10 收-001`);
});

t.test('a month between them is missing', async (t) => {
  const { log, september } = await twoMonths();
  log.append('disclosure_published', { period: '2026-10', version: 1, figures_sha256: 'x', pdf_zh_sha256: 'x', pdf_en_sha256: 'x', checkpoint_size: 1 });
  log.at('2026-11-20 09:00');
  log.receive({ amount: '77.00' });
  log.at('2026-12-03 09:00');
  log.close('2026-11');
  log.at('2026-12-10 08:00');
  const november = await log.seal('2026-11').pdf();
  const verdict = await judge({ 'september.pdf': september, 'november.pdf': november });
  // November's own range begins where October was published, and reaches back to its first day.
  t.equal(verdict.outcome, 'holds');
  t.ok(cautions(verdict).includes('months_missing'));
  t.ok(cautions(verdict).includes('openings_on_trust'));
  t.same(unfilled(verdict), []);
});

t.test('an account that is called otherwise than the month before', async (t) => {
  const { log, september } = await twoMonths();
  log.names['5102'] = '保洁用品';
  const verdict = await judge({ 'september.pdf': september, 'october.pdf': await log.seal('2026-10').pdf() });
  const [found] = verdict.findings.filter(({ code }) => code === 'name_changed');
  t.match(found?.text.zh, /5102 在 september\.pdf 里叫“5102”，这里叫“保洁用品”/);
  t.equal(verdict.outcome, 'holds', 'it may be renamed; whoever reads is told');
});

t.test('balances that do not follow from the month before', async (t) => {
  const { log, september } = await twoMonths();
  const month = log.seal('2026-10', { version: 2 });
  const facts = JSON.parse(month.drawn.facts) as Body;
  const money = facts['balances'].find(({ account }: Body) => account === '1002');
  const against = facts['balances'].find(({ account, fund }: Body) => account === '4101' && fund === money.fund);
  money.opening = (Number(money.opening) + 500).toFixed(2);
  against.opening = (Number(against.opening) - 500).toFixed(2);
  month.drawn.facts = canonical(facts as Json);
  const last = log.records.at(-1)!;
  last.body = canonical({ ...(JSON.parse(last.body) as Body), facts_sha256: sha256Hex(month.drawn.facts) } as unknown as Json);
  log.rehash();
  t.ok(broken(await judge({ 'september.pdf': september, 'october.pdf': await month.pdf() })).includes('opening_differs'));
});

t.test('both languages, and a correction beside what it corrects', async (t) => {
  const log = nextMonth(quietMonth());
  log.at('2026-10-10 08:00');
  const first = log.seal('2026-09');
  const { zh, en } = await first.publish();
  t.equal((await judge({ 'zh.pdf': zh, 'en.pdf': en })).outcome, 'holds');
  log.at('2026-10-12 08:00');
  const second = log.seal('2026-09', { version: 2 });
  const corrected = await judge({ 'v1.pdf': zh, 'v2.pdf': await second.pdf('en') });
  t.equal(corrected.outcome, 'holds');
  const other = nextMonth(quietMonth());
  other.at('2026-10-10 08:00');
  t.ok(broken(await judge({ 'zh.pdf': zh, 'en.pdf': await other.seal('2026-09').pdf('en') })).length > 0, 'of another log');
});

t.test('two estates are judged each for itself', async (t) => {
  const { september, october } = await twoMonths();
  const other = quietMonth(openLog({ estate: 'other', origin: 'books.example/other' }));
  other.at('2026-10-10 08:00');
  const verdict = await judge({ 'a.pdf': september, 'b.pdf': october, 'c.pdf': await other.seal('2026-09').pdf() });
  t.equal(verdict.outcome, 'holds');
  const claimed = quietMonth(openLog({ origin: 'elsewhere.example/shili' }));
  claimed.at('2026-10-10 08:00');
  t.ok(broken(await judge({ 'a.pdf': september, 'b.pdf': await claimed.seal('2026-09').pdf() })).includes('origins_differ'));
});

t.test('a checkpoint from the notice board, or live', async (t) => {
  const { log, september, october } = await twoMonths();
  const files = { 'september.pdf': september, 'october.pdf': october };
  const size = log.records.length;
  t.equal((await judge({ ...files, live: log.checkpoint(size) })).outcome, 'holds');
  t.same(cautions(await judge({ 'october.pdf': october, live: log.checkpoint(size) })).includes('checkpoint_beyond'), false, 'of its own size');
  const middle = JSON.parse(log.records.find(({ kind }) => kind === 'disclosure_published')!.body) as Body;
  t.equal((await judge({ ...files, paper: log.checkpoint(middle['checkpoint_size']) })).outcome, 'holds', 'of a size within the records');
  t.equal((await judge({ ...files, paper: log.checkpoint(size - 3) })).outcome, 'holds', 'of any size within them');
  const older = log.checkpoint(size);
  log.at('2026-11-20 09:00');
  log.receive({ amount: '1.00' });
  log.receive({ amount: '2.00' });
  const larger = log.records.length;
  t.ok(cautions(await judge({ ...files, live: log.checkpoint(larger) })).includes('checkpoint_beyond'), 'larger, and no proof');
  const proof = canonical({ format: 'mingzhang/consistency/v1', from: size, size: larger, proof: (await log.consistency(size, larger)).map(hexOf), checkpoint: log.checkpoint(larger) });
  const bridged = await judge({ ...files, live: log.checkpoint(larger), proof });
  t.equal(bridged.outcome, 'holds');
  t.notOk(cautions(bridged).includes('checkpoint_beyond'));
  const turned = proof.replace(/"proof":\["(.)/, (all, digit: string) => all.slice(0, -1) + (digit === '0' ? '1' : '0'));
  t.same(broken(await judge({ ...files, proof: turned })), ['consistency_wrong']);
  t.same(broken(await judge({ ...files, live: older.replace(/\n(.)(?=.{42}=\n)/, (_all, letter: string) => `\n${letter === 'A' ? 'B' : 'A'}`) })), ['checkpoint_not_signed']);
  // The same key signs two histories.
  const fork = log.records.find(({ kind }) => kind === 'journal_entry')!;
  fork.body = fork.body.replace('物业费', '车位费');
  log.rehash();
  t.same(broken(await judge({ ...files, live: log.checkpoint(size) })), ['checkpoint_differs']);
  t.ok(cautions(await judge({ live: log.checkpoint(size) })).includes('log_not_at_hand'), 'with nothing to compare');
});

t.test('a proof that a record is in the log', async (t) => {
  const { log, september, october } = await twoMonths();
  const size = log.records.length;
  const seq = log.records.find(({ kind }) => kind === 'journal_entry')!.seq;
  const text = tlogProofText({ index: seq - 1, proof: await log.inclusion(seq, size), checkpoint: log.checkpoint(size) });
  t.equal((await judge({ 'september.pdf': september, 'october.pdf': october, 'x.tlog-proof': text })).outcome, 'holds');
  const wrong = tlogProofText({ index: seq, proof: await log.inclusion(seq, size), checkpoint: log.checkpoint(size) });
  t.same(broken(await judge({ 'september.pdf': september, 'october.pdf': october, 'x.tlog-proof': wrong })), ['inclusion_wrong']);
  t.ok(cautions(await judge({ 'october.pdf': october, 'x.tlog-proof': text })).includes('record_not_at_hand'));
});

t.test('an original voucher is known by its hash', async (t) => {
  const log = openLog();
  const bytes = utf8('发票 0001');
  const sha256 = sha256Hex(bytes);
  log.at('2026-09-05 09:00');
  log.receive({ amount: '500.00' });
  log.append('voucher_received', { sha256, media_type: 'application/pdf', size: bytes.length, by: 'x' });
  log.pay(log.approved('10.00', { vouchers: [sha256] }));
  log.at('2026-10-10 08:00');
  const pdf = await log.seal('2026-09').pdf();
  const known = await judge({ 'september.pdf': pdf, 'invoice.pdf': bytes });
  t.equal(known.outcome, 'holds');
  t.match(known.facts.at(-1)!.zh, '2026-09 付-001');
  t.same(broken(await judge({ 'september.pdf': pdf, 'invoice.pdf': utf8('发票 0002') })), ['voucher_unknown'], 'the whole log does not know it');
  const { october } = await twoMonths();
  t.equal((await judge({ 'october.pdf': october, 'invoice.pdf': utf8('发票 0002') })).outcome, 'unreadable', 'another month may');
  t.equal((await judge({ 'invoice.pdf': bytes })).outcome, 'unreadable');
  t.equal((await judge({ 'x.pdf': pdfOf(new Map([['other.txt', bytes]])), 'september.pdf': pdf })).outcome, 'broken', 'a PDF with attachments of its own is looked up as well');
});
