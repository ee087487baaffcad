// Steps of a payment, for the tests: money comes in, an order is drafted, submitted, signed, paid.
import { entryBody } from '../../src/ledger/entry.ts';
import { postEntries } from '../../src/ledger/gate.ts';
import { inEstate, type Trx } from '../../src/kernel/database.ts';
import { today } from '../../src/kernel/dates.ts';
import { money } from '../../src/kernel/money.ts';
import { signProposals, type SignResult } from '../../src/approval/sign.ts';
import { readProposal, type Proposal } from '../../src/approval/queries.ts';
import { draftOrder, submitOrder, type OrderTyped } from '../../src/payment/order.ts';
import { payOrder, type Paid } from '../../src/payment/pay.ts';
import { keepFile, registerVouchers } from '../../src/payment/voucher.ts';
import { SIGNING_PASSWORD, type PersonName, type TestHouse } from '../helpers/house.ts';
import type { Decision } from '../../src/approval/kinds.ts';

export const within = <T>(h: TestHouse, work: (trx: Trx) => Promise<T>): Promise<T> =>
  inEstate(h.house.db.app, h.estate.estate_id, work);

let counter = 0;
/** A number nobody has used in this run. */
export const next = (): number => (counter += 1);

/** Money comes in: 借 1002 贷 4109. */
export async function receive(h: TestHouse, amount: string, fund = 'service'): Promise<void> {
  const body = entryBody({
    kind: 'receipt', entry_date: today(h.house.clock), description: '收到款项', key: `test ${next()}`, made_by: h.persons.cashier,
    postings: [{ account: '1002', fund, debit: money(amount) }, { account: '4109', fund, credit: money(amount) }],
  });
  // In a transaction of its own, so that a demo's clock comes along.
  const [result] = await within(h, (trx) => postEntries(trx, h.estate.estate_id, [body]));
  if (result?.status !== 'posted') throw new Error(`receipt: ${result?.status}`);
}

/** The smallest files that are what they say. */
export const pdfFile = (text = String(next())): Buffer => Buffer.from(`%PDF-1.7\n%${text}\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n`);

export async function voucher(h: TestHouse, audience: 'owners' | 'officers' = 'owners', bytes = pdfFile()): Promise<string> {
  const file = await keepFile(h.house, bytes, '发票.pdf');
  const [kept] = await within(h, (trx) => registerVouchers(trx, { estate: h.estate, actor: h.actorOf('cashier'), files: [file], audience }));
  return kept!.sha256;
}

export const company = { kind: 'company', name: '川亮照明工程有限公司', bank_name: '工商银行简阳支行', account_number: '6222 0212 3456 7890' };

export async function typedOrder(h: TestHouse, given: Partial<OrderTyped> = {}): Promise<OrderTyped> {
  return {
    payee: company, amount: '7000.00', fund: 'service', account: '5102', purpose: '地下车库灯具更换',
    vouchers: given.vouchers ?? [await voucher(h)], ...given,
  };
}

export async function drafted(h: TestHouse, given: Partial<OrderTyped> = {}, maker: PersonName = 'cashier'): Promise<number> {
  const order = await typedOrder(h, given);
  return within(h, (trx) => draftOrder(trx, { estate: h.estate, actor: h.actorOf(maker), order }));
}

export async function submit(h: TestHouse, proposal_id: number, maker: PersonName = 'cashier'): Promise<string> {
  const { document_hash } = await within(h, (trx) => submitOrder(trx, { estate: h.estate, actor: h.actorOf(maker), proposal_id }));
  return document_hash;
}

export async function submitted(h: TestHouse, given: Partial<OrderTyped> = {}, maker: PersonName = 'cashier'): Promise<number> {
  const proposal_id = await drafted(h, given, maker);
  await submit(h, proposal_id, maker);
  return proposal_id;
}

export const proposal = async (h: TestHouse, proposal_id: number): Promise<Proposal> =>
  (await within(h, (trx) => readProposal(trx, h.estate.estate_id, proposal_id)))!;

export async function sign(
  h: TestHouse, proposal_id: number, who: PersonName,
  { decision = 'approve', reason, document_hash }: { decision?: Decision; reason?: string; document_hash?: string } = {},
): Promise<SignResult> {
  const hash = document_hash ?? (await proposal(h, proposal_id)).document_hash ?? '';
  const [result] = await signProposals(h.house, {
    estate: h.estate, actor: h.actorOf(who), items: [{ proposal_id, document_hash: hash }], decision, method: 'password',
    password: SIGNING_PASSWORD, reason,
  });
  return result!;
}

export async function approved(h: TestHouse, given: Partial<OrderTyped> = {}): Promise<number> {
  const proposal_id = await submitted(h, given);
  await sign(h, proposal_id, 'manager');
  await sign(h, proposal_id, 'committee1');
  return proposal_id;
}

export const pay = (h: TestHouse, proposal_id: number, given: Partial<{ paid_on: string; bank_reference: string }> = {}): Promise<Paid> =>
  payOrder(h.house, {
    estate: h.estate, actor: h.actorOf('cashier'), proposal_id, paid_on: today(h.house.clock), bank_reference: `YH${proposal_id}`, ...given,
  });

/** The code of the refusal that `work` ends in; anything else fails. */
export async function refusalOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.name === 'Refusal') return String(error.code);
    throw error;
  }
  return 'no refusal';
}

/** What the database says to a statement: the first word of its message, or the constraint's name. */
export async function databaseSays(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    const { constraint, message } = error as { constraint?: string; message: string };
    return constraint ?? message.split(/[:\s]/)[0] ?? '';
  }
  return 'accepted';
}
