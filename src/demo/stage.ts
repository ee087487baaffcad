// The stage of the demo: who is there, what moment it is, and the things that are done again and again: drawing up
// orders, signing. Each goes through the same service as any other estate's.
import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { signProposals } from '../approval/sign.ts';
import type { Submitted } from '../approval/proposal.ts';
import { executors } from '../executors.ts';
import type { Actor, Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { shanghaiInstant, type BusinessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { moneyText } from '../kernel/money.ts';
import { draftOrder, submitOrder } from '../payment/order.ts';
import { keepFile, registerVouchers, type KeptFile } from '../payment/voucher.ts';
import { invoicePdf, invoiceXml } from './papers.ts';
import type { DemoLogin, DemoPersons } from './persons.ts';
import { demoPayees, estateFixture, type PlannedOrder } from './plan.ts';
import type { VerifierKey } from '../proof/note.ts';
import type { Decision } from '../approval/kinds.ts';

export interface Event { at: Date; run: () => Promise<void> }

/** A witness's phone, as far as the demo has one. */
export interface Device {
  witness_id: number;
  login: DemoLogin;
  secret: Uint8Array;
  key: VerifierKey;
  last: { size: number; root: Uint8Array } | null;
}

export interface Stage {
  house: House;
  estate: Estate;
  persons: DemoPersons;
  signing_password: string;
  payees: Map<string, { payee_id: number; name: string }>;
  invoices: number;
  /** Of the witnesses, once they have enrolled. */
  devices?: Device[];
  /** Set while an event runs: the moment it happens at. */
  now: Date;
  /** The real present: nothing happens after it. */
  present: Date;
}

export const inStage = <T>(stage: Stage, work: (trx: Trx) => Promise<T>): Promise<T> =>
  inEstate(stage.house.db.app, stage.estate.estate_id, work);

export const submit = (stage: Stage, trx: Trx, proposal_id: number): Promise<Submitted> =>
  submitOrder(trx, { estate: stage.estate, actor: stage.persons.cashier, proposal_id });

export const at = (date: BusinessDate, time: string): Date => shanghaiInstant(date, time);

export async function sign(
  stage: Stage, actor: Actor, items: readonly Item[], { decision = 'approve', reason = '' }: { decision?: Decision; reason?: string } = {},
): Promise<void> {
  if (items.length === 0) return;
  const results = await signProposals(stage.house, {
    estate: stage.estate, actor, items, decision, method: 'password', password: stage.signing_password, reason,
  }, executors);
  for (const { status, not_executed } of results) {
    assert(not_executed === undefined, not_executed?.message ?? '');
    assert(['signed', 'approved', 'rejected', 'ratified'].includes(status), `demo signature: ${status}`);
  }
}

export interface Invoiced { order: PlannedOrder; file: KeptFile; number: string }

export async function invoiceFor(stage: Stage, order: PlannedOrder, readable: boolean): Promise<Invoiced> {
  stage.invoices += 1;
  const number = `26${order.date.replaceAll('-', '')}${String(stage.invoices).padStart(10, '0')}`;
  const invoice = {
    number, seller: stage.payees.get(order.payee)!.name, buyer: estateFixture.trustee, amount: order.amount,
    issued_on: order.date, item: order.purpose,
  };
  const paper = readable ? await invoicePdf(invoice) : invoiceXml(invoice);
  return { order, number, file: await keepFile(stage.house, paper.bytes, paper.file_name) };
}

/** The entry that holds what the bank paid without an order. */
async function suspenseOf(trx: Trx, estate_id: number, { debited_on, amount }: PlannedOrder): Promise<number> {
  const { rows: [row] } = await sql<{ seq: number }>`select seq from open_suspense(${estate_id})
    where side = 'debit' and booked_on = ${debited_on!} and left_amount = ${moneyText(amount)}`.execute(trx);
  assert(row !== undefined, `demo: nothing unexplained on ${debited_on}`);
  return row.seq;
}

/** Hands the invoice in and drafts its order; an owner's own paper is for those in office only. */
export async function draft(stage: Stage, trx: Trx, { order, file, number }: Invoiced): Promise<number> {
  const { estate, persons: { cashier: actor } } = stage;
  const audience = demoPayees.find((p) => p.key === order.payee)!.kind === 'company' ? 'owners' : 'officers';
  await registerVouchers(trx, { estate, actor, files: [file], audience });
  return draftOrder(trx, {
    estate,
    actor,
    order: {
      payee: { payee_id: stage.payees.get(order.payee)!.payee_id }, amount: moneyText(order.amount), fund: order.fund,
      account: order.account, purpose: order.purpose, vouchers: [file.sha256], invoice: { number, total: moneyText(order.amount) },
      ...(order.kind === undefined ? {} : { kind: order.kind }),
      ...(order.over_budget === undefined ? {} : { over_budget_reason: order.over_budget }),
      ...(order.debited_on === undefined ? {} : { settles: await suspenseOf(trx, estate.estate_id, order) }),
      ...(order.emergency === undefined ? {} : { class: 'emergency' as const, emergency_reason: order.emergency }),
    },
  });
}

/** Drafts and submits orders in one go; gives them in their order. */
export async function submitAll(stage: Stage, orders: readonly PlannedOrder[], readable: boolean): Promise<(Item & { order: PlannedOrder })[]> {
  const invoiced = await Promise.all(orders.map((order) => invoiceFor(stage, order, readable)));
  return inStage(stage, async (trx) => {
    const items: (Item & { order: PlannedOrder })[] = [];
    for (const one of invoiced) {
      const proposal_id = await draft(stage, trx, one);
      items.push({ proposal_id, document_hash: (await submit(stage, trx, proposal_id)).document_hash, order: one.order });
    }
    return items;
  });
}

/** Files as vouchers that every owner may open; those for the officers only say so. */
export async function keepPapers(stage: Stage, papers: readonly { file_name: string; bytes: Buffer }[], audience: 'owners' | 'officers' = 'owners'): Promise<string[]> {
  const files = await Promise.all(papers.map(({ file_name, bytes }) => keepFile(stage.house, bytes, file_name)));
  const { estate, persons: { cashier: actor } } = stage;
  await inStage(stage, (trx) => registerVouchers(trx, { estate, actor, files, audience }));
  return files.map(({ sha256 }) => sha256);
}

export interface Item { proposal_id: number; document_hash: string }

/** What a signature needs to know of an item. */
export const pick = ({ proposal_id, document_hash }: Item): Item => ({ proposal_id, document_hash });
