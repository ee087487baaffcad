// What is attached to a disclosure cannot be changed by a single bit, nor its records put otherwise; and nothing that
// anybody writes into a file ends the verifier.
import fc from 'fast-check';
import t from 'tap';
import { canonical, type Json } from '../../src/kernel/canonical.ts';
import { textOf, utf8 } from '../../src/proof/bytes.ts';
import { ed25519Key } from '#primitives';
import { MadeUpLog, openLog, pdfOf, type Body, type Parts } from './made-up-log.ts';
import { broken, cautions, judge, nextMonth, quietMonth } from './scenes.ts';

const holds = async (parts: Parts): Promise<boolean> => (await judged(pdfOf(parts))) !== 'broken';

/** Outcome; a fault of the verifier's own fails the test. */
async function judged(pdf: Uint8Array): Promise<string> {
  const { outcome, findings } = await judge({ 'm.pdf': pdf });
  const fault = findings.find(({ code }) => code === 'verifier_failed');
  if (fault !== undefined) throw new Error(fault.text.en);
  return outcome;
}

function turned(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = bytes.slice();
  copy[bit >> 3]! ^= 1 << (bit & 7);
  return copy;
}

/** Names of attachments whose turned bits were let pass. */
async function passed(parts: Parts, every: Record<string, number>): Promise<string[]> {
  const found: string[] = [];
  for (const [name, bytes] of parts) {
    for (let bit = 0; bit < bytes.length * 8; bit += every[name] ?? Math.ceil((bytes.length * 8) / 60)) {
      if (await holds(new Map(parts).set(name, turned(bytes, bit)))) found.push(`${name} ${bit}`);
    }
  }
  return found;
}

/** The smallest log there is: an estate, a key, one receipt. */
function smallLog(): MadeUpLog {
  const log = new MadeUpLog();
  log.append('estate_opened', { code: 'shili', is_demo: false });
  log.append('log_key_opened', { origin: log.origin, vkey: log.vkey });
  log.append('rules_opened', { rules: [] });
  log.at('2026-09-03 09:00');
  log.receive({ amount: '1.00' });
  log.at('2026-10-10 08:00');
  return log;
}

t.test('every bit of the seal, and bits of everything else', async (t) => {
  const parts = await smallLog().seal('2026-09').parts();
  t.ok(await holds(parts));
  t.same(await passed(parts, { 'seal.json': 1 }), []);
});

t.test('bits of a richer month, and of one that rests on earlier records', async (t) => {
  const log = nextMonth(quietMonth());
  log.at('2026-10-09 08:00');
  for (const period of ['2026-09', '2026-10']) {
    const parts = await log.seal(period).parts();
    t.ok(await holds(parts), period);
    t.same(await passed(parts, {}), [], period);
  }
});

t.test('records in another order, left out, twice, from elsewhere', async () => {
  const log = quietMonth();
  log.at('2026-10-10 08:00');
  const parts = await log.seal('2026-09').parts();
  const [head, ...lines] = textOf(parts.get('records.tsv')!).split('\n').slice(0, -1);
  const place = fc.nat(lines.length - 1);
  const mend = fc.boolean();
  await fc.assert(fc.asyncProperty(fc.constantFrom('swap', 'drop', 'double', 'take'), place, place, mend, async (way, a, b, renumber) => {
    const changed = [...lines];
    if (way === 'swap') [changed[a], changed[b]] = [changed[b]!, changed[a]!];
    else if (way === 'drop') changed.splice(a, 1);
    else if (way === 'double') changed.splice(a, 0, changed[b]!);
    else changed[a] = changed[b]!;
    // Whoever does it may give the numbers anew.
    const numbered = renumber ? changed.map((line, i) => line.replace(/^\d+/, String(i + 1))) : changed;
    if (numbered.join('\n') === lines.join('\n')) return;
    const verdict = await judge({ 'm.pdf': pdfOf(new Map(parts).set('records.tsv', utf8(`${head}\n${numbered.join('\n')}\n`))) });
    if (verdict.outcome !== 'broken') throw new Error(`${way} ${a} ${b}`);
  }), { numRuns: 150 });
});

t.test('the same, by somebody who seals it anew: it is found by the numbers, the order or the signatures', async (t) => {
  for (const [name, change] of Object.entries<(log: MadeUpLog) => void>({
    'the first receipt dropped': (log) => void log.records.splice(log.records.findIndex(({ kind }) => kind === 'journal_entry'), 1),
    'a signature dropped': (log) => void log.records.splice(log.records.findIndex(({ kind }) => kind === 'signature'), 1),
    'the payment before its signatures': (log) => {
      const at = log.records.findIndex(({ number }) => number.includes('付'));
      log.records.splice(at - 2, 0, ...log.records.splice(at, 1));
    },
  })) {
    const log = quietMonth();
    change(log);
    log.records.forEach((record, i) => { record.seq = i + 1; });
    log.rehash();
    log.at('2026-10-10 08:00');
    t.not((await judge({ 'm.pdf': await log.seal('2026-09').pdf() })).outcome, 'holds', name);
  }
});

t.test('parts that are missing, or of another disclosure', async (t) => {
  const log = quietMonth();
  log.at('2026-10-10 08:00');
  const parts = await log.seal('2026-09').parts();
  for (const name of ['facts.json', 'records.tsv', 'earlier.tsv', 'figures.json', 'entries.csv']) {
    const fewer = new Map(parts);
    fewer.delete(name);
    t.same(broken(await judge({ 'm.pdf': pdfOf(fewer) })), ['attachment_missing'], name);
  }
  const unsealed = new Map([...parts].filter(([name]) => name === 'figures.json' || name === 'entries.csv'));
  const verdict = await judge({ 'm.pdf': pdfOf(unsealed) });
  t.equal(verdict.outcome, 'unreadable');
  t.same(verdict.findings.map(({ code }) => code), ['disclosure_unsealed']);
  const other = quietMonth();
  other.at('2026-10-10 08:00');
  const foreign = await other.seal('2026-09').parts();
  for (const name of ['seal.json', 'facts.json', 'records.tsv']) {
    t.equal((await judge({ 'm.pdf': pdfOf(new Map(parts).set(name, foreign.get(name)!)) })).outcome, 'broken', `${name} of another log`);
  }
});

t.test('keys: on first sight, given, another one, one that the log does not know', async (t) => {
  const log = quietMonth();
  log.at('2026-10-10 08:00');
  const month = log.seal('2026-09');
  const pdf = await month.pdf();
  t.ok(cautions(await judge({ 'm.pdf': pdf })).includes('key_on_first_sight'));
  const trusted = await judge({ 'm.pdf': pdf }, { trusted_keys: [log.vkey] });
  t.notOk(cautions(trusted).includes('key_on_first_sight'));
  t.equal(trusted.outcome, 'holds');
  t.same(broken(await judge({ 'm.pdf': pdf }, { trusted_keys: [openLog().vkey] })), ['key_not_trusted']);
  // A forger makes another log of the same name, with a key of their own, and puts the right key into the facts.
  const forger = quietMonth(openLog({ secret: ed25519Key() }));
  forger.at('2026-10-10 08:00');
  const forged = await forger.seal('2026-09').parts();
  const facts = JSON.parse(textOf(forged.get('facts.json')!)) as Body;
  facts['keys'][0].vkey = log.vkey;
  forged.set('facts.json', utf8(canonical(facts as unknown as Json)));
  t.equal(broken(await judge({ 'm.pdf': pdfOf(forged) }, { trusted_keys: [log.vkey] }))[0], 'key_not_in_log');
});

t.test('whatever stands in the records, nothing ends the verifier', async () => {
  const kinds = ['journal_entry', 'signature', 'proposal_submitted', 'proposal_withdrawn', 'rules_opened', 'rules_changed', 'rules_completed', 'term_opened', 'term_ended',
    'delegation_opened', 'delegation_ended', 'passkey_enrolled', 'passkey_revoked', 'period_closed', 'log_key_opened', 'log_key_changed', 'witness_enrolled', 'witness_retired',
    'inquiry_asked', 'inquiry_answered', 'objection_raised', 'objection_answered', 'bank_balance_stated', 'bank_account_opened', 'voucher_received', 'disclosure_prepared',
    'disclosure_published', 'estate_opened', 'body_opened', 'erased', 'bank_statement_imported', 'bank_lines_matched', 'bank_match_ended', 'bank_account_changed',
    'bank_account_closed', 'mandate_opened', 'mandate_ended', 'pay_file_made', 'pay_file_voided', 'something_new'];
  const names = ['proposal', 'kind', 'entry_date', 'postings', 'person', 'body', 'decision', 'method', 'evidence', 'document', 'document_hash', 'rule', 'rules', 'version', 'term',
    'starts_on', 'ends_on', 'period', 'entries', 'debit', 'about', 'seq', 'by', 'account', 'lines', 'from', 'to', 'opening', 'closing', 'repeated', 'period_stated', 'imported_by', 'format', 'voucher', 'matches', 'settles', 'bank_line',
    'position', 'mandate', 'orders', 'count', 'total', 'vkey', 'new_vkey', 'reverses', 'vouchers', 'description', 'amount', 'bodies', 'valid_from', 'ends'];
  const value = fc.oneof({ weight: 3, arbitrary: fc.constantFrom<Json>(1, 2, 0, -1, 1e300, '2026-09-05', '10.00', 'approve', 'passkey', 'payment', 'receipt', '1002', '9999-12-31', '', null, true, [], {}, ['2026-09-05', '10.00', '10.00', ''], [['2026-09-05', '10.00', '10.00', '']]) }, { weight: 1, arbitrary: fc.jsonValue() as fc.Arbitrary<Json> });
  const body = fc.oneof(fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 12, noNullPrototype: true }), fc.dictionary(fc.constantFrom(...names), fc.dictionary(fc.constantFrom(...names), value, { noNullPrototype: true }), { maxKeys: 6, noNullPrototype: true }));
  const day = fc.constantFrom('2026-09-05T01:00:00.000000Z', '9999-99-99T99:99:99.000000Z', '2026-09-04T01:00:00.000000Z');
  await fc.assert(fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom(...kinds), body, day, fc.constantFrom('-', '2026-09 收-003', 'x')), { maxLength: 12 }), async (added) => {
    const log = smallLog();
    log.order('10.00');
    for (const [kind, one, recorded_at, number] of added) Object.assign(log.append(kind, one as Body, number), { recorded_at });
    log.rehash();
    const month = log.seal('2026-09');
    await judged(await month.pdf());
  }), { numRuns: 250 });
});

t.test('whatever stands in the parts, nothing ends the verifier', async () => {
  const log = quietMonth();
  log.at('2026-10-10 08:00');
  const parts = await log.seal('2026-09').parts();
  const names = [...parts.keys()];
  /** One value somewhere in a JSON file becomes another. */
  const bend = (value: any, path: readonly number[], by: unknown): unknown => {
    if (typeof value !== 'object' || value === null || path.length === 0) return by;
    const keys = Object.keys(value);
    if (keys.length === 0) return by;
    const key = keys[path[0]! % keys.length]!;
    return Array.isArray(value) ? value.map((one, i) => (String(i) === key ? bend(one, path.slice(1), by) : one)) : { ...value, [key]: bend(value[key], path.slice(1), by) };
  };
  await fc.assert(fc.asyncProperty(fc.constantFrom('seal.json', 'facts.json', 'figures.json'), fc.array(fc.nat(30), { minLength: 1, maxLength: 5 }), fc.jsonValue(), async (name, path, by) => {
    const text = canonical(bend(JSON.parse(textOf(parts.get(name)!)), path, by) as Json);
    if (text === textOf(parts.get(name)!)) return;
    const outcome = await judged(pdfOf(new Map(parts).set(name, utf8(text))));
    if (outcome !== 'broken') throw new Error(`${name} ${outcome}`);
  }), { numRuns: 300 });
  await fc.assert(fc.asyncProperty(fc.constantFrom(...names), fc.uint8Array({ maxLength: 400 }), async (name, bytes) => {
    const outcome = await judged(pdfOf(new Map(parts).set(name, bytes)));
    if (outcome !== 'broken') throw new Error(`${name} ${outcome}`);
  }), { numRuns: 150 });
});

t.test('garbage is unreadable, whatever it begins with', async (t) => {
  const heads = ['', '%PDF-1.7\n', 'PK\u0003\u0004', '{"format":"mingzhang/evidence/v1"', 'c2sp.org/tlog-proof@v1\n', 'mingzhang/log/v1\t', '\ufeff', '[', '— '];
  await fc.assert(fc.asyncProperty(fc.constantFrom(...heads), fc.uint8Array({ maxLength: 3_000 }), async (head, rest) => {
    const { outcome } = await judge({ 'x': Uint8Array.from([...utf8(head), ...rest]) });
    if (outcome !== 'unreadable') throw new Error(outcome);
  }), { numRuns: 400 });
  t.equal((await judge({})).outcome, 'unreadable', 'no file at all');
  t.equal((await judge({ 'empty.pdf': '' })).outcome, 'unreadable');
});
