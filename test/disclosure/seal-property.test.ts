// Whatever happens in an estate, month after month: each disclosure proves itself, what it rests on is with it, and
// each leads on to the next.
import fc from 'fast-check';
import t from 'tap';
import { sql } from 'kysely';
import { hold, release, returnForCorrection } from '../../src/approval/proposal.ts';
import { publishDisclosure } from '../../src/disclosure/publish.ts';
import { closePrinter } from '../../src/disclosure/print.ts';
import { issueCheckpoint } from '../../src/evidence/checkpointer.ts';
import { canonical } from '../../src/kernel/canonical.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { addDays, addMonths, firstDay } from '../../src/kernel/dates.ts';
import { money } from '../../src/kernel/money.ts';
import { hexOf } from '../../src/proof/bytes.ts';
import type { EntryKind } from '../../src/ledger/entry.ts';
import { verifyFiles, type GivenFile } from '../../src/verifier/verify.ts';
import { due, payOut, propose, receive, reverse, testBooks, type Books } from './books.ts';
import { judgeSealed, readSealed, treeOf, type SealedFiles } from './sealed.ts';

t.teardown(closePrinter);

const whats = ['receive', 'pay', 'propose', 'sign', 'reverse', 'hold', 'return', 'checkpoint'] as const;
const step = fc.record({ what: fc.constantFrom(...whats), day: fc.integer({ min: 0, max: 26 }), fen: fc.integer({ min: 1, max: 99_999 }), pick: fc.nat(9) });
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

class Life {
  readonly #h: Books;
  readonly #posted: { seq: number; kind: EntryKind; red: boolean }[] = [];
  #open: number[] = [];

  constructor(h: Books) {
    this.#h = h;
  }

  async live({ what, day, fen, pick }: Step, period: string): Promise<void> {
    const h = this.#h;
    const date = addDays(firstDay(period), day);
    const amount = `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;
    const id = this.#open[pick % Math.max(1, this.#open.length)];
    const asked = { estate: h.estate, proposal_id: id ?? 0, actor: h.actorOf('manager'), reason: '再看一遍' };
    switch (what) {
      case 'receive': this.#posted.push({ seq: await receive(h, { date, amount }), kind: 'receipt', red: false }); return;
      case 'pay': this.#posted.push({ seq: await payOut(h, { date, amount }), kind: 'payment', red: false }); return;
      case 'propose': this.#open.push(await propose(h, { kind: 'payment', amount: money(amount), fund: 'service', content: { postings: [] }, signers: pick % 2 === 0 ? [] : ['manager'] })); return;
      case 'sign': if (id !== undefined) await this.#sign(id); return;
      case 'hold': if (id !== undefined) {
        await inEstate(h.db.app, h.estate.estate_id, (trx) => hold(trx, asked));
        await inEstate(h.db.app, h.estate.estate_id, (trx) => release(trx, asked)).catch((error: { code?: string }) => {
          // Held for so long that its time is over.
          if (error.code !== 'proposal_expired') throw error;
          this.#open = this.#open.filter((one) => one !== id);
        });
      } return;
      case 'return': if (id !== undefined) {
        await inEstate(h.db.app, h.estate.estate_id, (trx) => returnForCorrection(trx, asked));
        this.#open = this.#open.filter((one) => one !== id);
      } return;
      case 'reverse': {
        const target = this.#posted.filter((entry) => !entry.red)[pick];
        if (target === undefined) return;
        target.red = true;
        await reverse(h, { date, seq: target.seq, kind: target.kind });
        return;
      }
      case 'checkpoint': await issueCheckpoint(h.house, h.estate);
    }
  }

  async #sign(proposal: number): Promise<void> {
    const { db, estate: { estate_id }, persons } = this.#h;
    const { rows } = await this.#h.superuser.query(`select encode(document_hash, 'hex') as hash from proposal where proposal_id = $1`, [proposal]);
    await inEstate(db.signer, estate_id, (trx) => sql`select record_signature(${estate_id}, ${canonical({
      proposal, document_hash: rows[0].hash, person: persons.committee2, body: 'committee', decision: 'approve', method: 'password' })})`.execute(trx));
    this.#open = this.#open.filter((one) => one !== proposal);
  }
}

async function pdfOf(h: Books, period: string): Promise<GivenFile> {
  const { rows: [row] } = await h.superuser.query('select pdf_zh_sha256 from disclosure where period = $1', [period]);
  return { name: `${period}.pdf`, blob: new Blob([new Uint8Array((await h.house.storage.read(row.pdf_zh_sha256))!)]) };
}

/** What the verifier finds broken, as text; '' where everything holds. */
async function brokenIn(files: GivenFile[]): Promise<string> {
  const { outcome, findings } = await verifyFiles(files, {});
  const broken = findings.filter(({ severity }) => severity === 'broken').map(({ code, file, where, text }) => `${code} ${file} ${where} ${text.en}`);
  return outcome === 'holds' && broken.length === 0 ? '' : [outcome, ...broken].join('\n');
}

t.test('random months', async (t) => {
  const h = await testBooks(t, '2031-01', '2031-01-27 20:00', { opened_then: true });
  const life = new Life(h);
  await receive(h, { date: '2031-01-02', amount: '9000000.00', account: '3101' });
  let period = '2031-01';
  let before: SealedFiles | null = null;
  const files_of: GivenFile[] = [];
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (list) => {
    h.at(`${period}-27 20:00`);
    for (const one of list) await life.live(one, period);
    h.at(due(h, period));
    await publishDisclosure(h.house, { estate: h.estate, period });
    const files = await readSealed(h, period);
    judgeSealed(files!);
    if (before !== null) {
      const size = files!.n0;
      t.ok(before.n0 <= size && size <= before.n1, 'no gap between months');
      t.equal(hexOf(treeOf(before, size).root()), hexOf(treeOf(files!, size).root()), 'one history');
    }
    before = files;
    const alone = await pdfOf(h, period);
    files_of.push(alone);
    t.equal(await brokenIn([alone]), '', `${period} alone`);
    period = addMonths(period, 1);
  }), { numRuns: 14, seed: 2031, endOnFailure: true });
  t.equal(await brokenIn(files_of), '', 'all of them together');
});
