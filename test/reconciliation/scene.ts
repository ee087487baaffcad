// An estate whose clock may be set, with a bank that hands out lines, approved orders, bills and a mandate for fees.
import { inEstate, setDemoClock, type Trx } from '../../src/kernel/database.ts';
import { shanghaiInstant } from '../../src/kernel/dates.ts';
import { billMonth } from '../../src/billing/bill.ts';
import { executors } from '../../src/executors.ts';
import { reconcileAccount, type Reconciled } from '../../src/reconciliation/reconcile.ts';
import { proposeMandate } from '../../src/bank/mandate.ts';
import { matchLines } from '../../src/reconciliation/match.ts';
import { readSources } from '../../src/reconciliation/sources.ts';
import type { Candidate } from '../../src/reconciliation/candidate.ts';
import type { OrderTyped } from '../../src/payment/order.ts';
import { signAs } from '../helpers/approved.ts';
import { testHouse, type TestHouseOptions } from '../helpers/house.ts';
import type { Books } from '../disclosure/books.ts';
import { drafted, proposal, submit } from '../payment/story.ts';
import { bankOf } from './bank.ts';

export interface Scene extends Books {
  bank: ReturnType<typeof bankOf>;
  work<T>(does: (trx: Trx) => Promise<T>): Promise<T>;
  /** Drafted, submitted and signed by both keys; gives number and reference. */
  order(typed: Partial<OrderTyped>): Promise<{ id: number; reference: string }>;
  signed(id: number): Promise<void>;
  mandate(caps: { each: string; month: string }): Promise<number>;
  bills(period: string): Promise<void>;
  run(): Promise<Reconciled | null>;
  /** "order:12 certain order_reference" of each candidate of a line. */
  candidates(position: number): Promise<string[]>;
  /** Where each line went: "order_payee …". */
  answers(): Promise<string[]>;
  query<T>(text: string, values?: unknown[]): Promise<T[]>;
}

const momentOf = (moment: string | Date): Date => (typeof moment === 'string' ? shanghaiInstant(moment.slice(0, 10), moment.slice(11, 16)) : moment);

const told = ({ id, certain, why }: Candidate): string => `${id} ${certain ? 'certain' : 'proposed'} ${why}`;

export async function scene(t: { teardown(work: () => unknown): void }, first_period = '2031-10', options: Pick<TestHouseOptions, 'units'> = {}): Promise<Scene> {
  let now = momentOf(`${first_period}-06 09:00`);
  const house = await testHouse(t as never, { ...options, first_period, is_demo: true, clock: () => now });
  for (const db of [house.db.app, house.db.signer]) setDemoClock(db, () => now);
  const h: Books = { ...house, at: (moment) => { now = momentOf(moment); }, now: () => now };
  const { estate_id } = h.estate;
  const work = <T>(does: (trx: Trx) => Promise<T>): Promise<T> => inEstate(h.db.app, estate_id, does);
  const query = async <T>(text: string, values: unknown[] = []): Promise<T[]> => (await h.superuser.query(text, values)).rows as T[];
  const sign = async (id: number): Promise<void> => {
    const { document_hash } = await proposal(h, id);
    const item = { proposal_id: id, document_hash: document_hash! };
    await signAs(h.house, h.estate, h.persons.manager, 'property', item);
    if (await signAs(h.house, h.estate, h.persons.committee1, 'committee', item) === 'signed') await signAs(h.house, h.estate, h.persons.committee2, 'committee', item);
  };
  return {
    ...h, bank: bankOf(h), work, query, signed: sign,
    async order(typed) {
      const id = await drafted(h, typed);
      await submit(h, id);
      await sign(id);
      const [row] = await query<{ reference: string }>('select reference from payment_order where proposal_id = $1', [id]);
      return { id, reference: row!.reference };
    },
    async mandate({ each, month }) {
      const { proposal_id } = await proposeMandate(h.house, {
        estate: h.estate, actor: h.actorOf('cashier'), bank_account: '1002', account: '5119', fund: 'service', purpose: '对公账户管理费、转账手续费',
        cap_each: each, cap_month: month, valid_from: `${first_period}-06`, valid_to: `${Number(first_period.slice(0, 4)) + 1}${first_period.slice(4)}-01`,
      });
      await sign(proposal_id);
      await executors.mandate!(h.house, h.estate, proposal_id);
      return proposal_id;
    },
    async bills(period) {
      await work((trx) => billMonth(trx, h.estate, period));
    },
    run: () => reconcileAccount(h.house, h.estate, '1002', { actor: null }),
    candidates: (position) => work(async (trx) => {
      const plan = matchLines(await readSources(trx, estate_id, '1002'));
      return [...plan.certain.filter((one) => one.lines.includes(position)), ...plan.proposed.get(position) ?? []].map(told);
    }),
    answers: async () => (await query<{ told: string }>(`
      select l.position || ' ' || coalesce(string_agg(m.way || ' ' || entry_number(e.kind, e.number), ' ' order by e.seq), 'open') as told
      from bank_line l left join bank_match m on m.estate_id = l.estate_id and m.account = l.account and m.position = l.position and m.ended_seq is null
      left join journal_entry e on e.estate_id = m.estate_id and e.seq = m.entry_seq
      where l.estate_id = $1 group by l.position order by l.position`, [estate_id])).map((row) => row.told),
  };
}
