// The cast of the stories: an estate that lives in the autumn of 2026, whatever the day is when the test
// runs, and what its officers do there, all of it through the services and with real signing passwords.
import { inEstate, type Trx } from '../../src/kernel/database.ts';
import { addMonths, firstDay, lastDay, shanghaiInstant } from '../../src/kernel/dates.ts';
import { Refusal } from '../../src/kernel/refusal.ts';
import { returnForCorrection } from '../../src/approval/proposal.ts';
import { signProposals } from '../../src/approval/sign.ts';
import { stateBankBalance } from '../../src/bank/balance.ts';
import { publishDue } from '../../src/disclosure/publish.ts';
import { executors } from '../../src/executors.ts';
import { proposeClose } from '../../src/ledger/close.ts';
import { proposeReversal, proposeTransfer } from '../../src/ledger/correction.ts';
import { postReceipts } from '../../src/ledger/journal.ts';
import { changeOrder, draftOrder, submitOrder, type OrderTyped } from '../../src/payment/order.ts';
import { payOrder } from '../../src/payment/pay.ts';
import { keepFile, registerVouchers } from '../../src/payment/voucher.ts';
import type { DisclosureFigures } from '../../reports/monthly-disclosure/figures.ts';
import { SIGNING_PASSWORD, testHouse, type PersonName, type TestHouse, type TestHouseOptions } from '../helpers/house.ts';
import {
  printFunds,
  printJournal,
  printTrialBalance,
  readJournal,
  typedEntry,
  type TextEntry,
} from '../helpers/journal-text.ts';
import type { Ending } from '../helpers/postgres.ts';

/** A proposal and the hash of what is to be signed. */
export interface Item {
  proposal_id: number;
  document_hash: string;
}

const supplier = {
  kind: 'company',
  bank_name: '示例农商银行',
  account_number: '8008 1000 2026 1001',
};

/** The maker of every story is the cashier, unless said otherwise. */
export class Story {
  readonly h: TestHouse;
  readonly #clock: { now: Date };
  #papers = 0;

  constructor(h: TestHouse, clock: { now: Date }) {
    this.h = h;
    this.#clock = clock;
  }

  /** It is now this minute in Shanghai: '2026-10-12 09:30'. Time only goes on, as a log's does. */
  at(moment: string): void {
    const next = shanghaiInstant(moment.slice(0, 10), moment.slice(11) || '09:00');
    if (next < this.#clock.now) throw new Error(`a story does not go back to ${moment}`);
    this.#clock.now = next;
  }

  within<T>(work: (trx: Trx) => Promise<T>): Promise<T> {
    return inEstate(this.h.house.db.app, this.h.estate.estate_id, work);
  }

  /** Posts receipts written as text; gives the seq of each. */
  async receive(written: string | readonly TextEntry[]): Promise<number[]> {
    const entries = (typeof written === 'string' ? readJournal(written) : written).map(typedEntry);
    const results = await postReceipts(this.h.house, {
      estate: this.h.estate,
      actor: this.h.actorOf('cashier'),
      entries,
    });
    return results.map(({ seq, problem }) => {
      if (seq === undefined) throw problem ?? new Error('not posted');
      return seq;
    });
  }

  /** Hands in an original voucher; each is another file. */
  async paper(title = '发票', audience: 'owners' | 'officers' = 'owners'): Promise<string> {
    this.#papers += 1;
    const bytes = Buffer.from(
      `%PDF-1.7\n%${title} ${this.#papers}\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n`,
    );
    const file = await keepFile(this.h.house, bytes, `${title}${this.#papers}.pdf`);
    const [kept] = await this.within((trx) =>
      registerVouchers(trx, {
        estate: this.h.estate,
        actor: this.h.actorOf('cashier'),
        files: [file],
        audience,
      }),
    );
    return kept!.sha256;
  }

  /** An order as typed, with a voucher of its own. */
  async typed(
    payee: string | OrderTyped['payee'],
    order: Omit<OrderTyped, 'payee' | 'vouchers'> & { vouchers?: string[] },
  ): Promise<OrderTyped> {
    return {
      payee: typeof payee === 'string' ? { ...supplier, name: payee } : payee,
      ...order,
      vouchers: order.vouchers ?? [await this.paper()],
    };
  }

  draft(order: OrderTyped, maker: PersonName = 'cashier'): Promise<number> {
    return this.within((trx) =>
      draftOrder(trx, { estate: this.h.estate, actor: this.h.actorOf(maker), order }),
    );
  }

  change(proposal_id: number, order: OrderTyped): Promise<void> {
    return this.within((trx) =>
      changeOrder(trx, {
        estate: this.h.estate,
        actor: this.h.actorOf('cashier'),
        proposal_id,
        order,
      }),
    );
  }

  async submit(proposal_id: number, maker: PersonName = 'cashier'): Promise<Item> {
    const { document_hash } = await this.within((trx) =>
      submitOrder(trx, { estate: this.h.estate, actor: this.h.actorOf(maker), proposal_id }),
    );
    return { proposal_id, document_hash };
  }

  giveBack(proposal_id: number, who: PersonName, reason: string): Promise<void> {
    return this.within((trx) =>
      returnForCorrection(trx, {
        estate: this.h.estate,
        actor: this.h.actorOf(who),
        proposal_id,
        reason,
      }),
    );
  }

  /** Signs under the signing password; gives the status of each item. */
  async sign(who: PersonName, ...items: Item[]): Promise<string[]> {
    const results = await signProposals(
      this.h.house,
      {
        estate: this.h.estate,
        actor: this.h.actorOf(who),
        items,
        decision: 'approve',
        method: 'password',
        password: SIGNING_PASSWORD,
      },
      executors,
    );
    return results.map(({ status, not_executed }) =>
      not_executed === undefined ? status : `${status}, ${not_executed.code}`,
    );
  }

  /** Both keys. */
  async signBoth(...items: Item[]): Promise<string[]> {
    await this.sign('manager', ...items);
    return this.sign('committee1', ...items);
  }

  pay(
    proposal_id: number,
    paid_on: string,
    bank_reference = `YH${paid_on.replaceAll('-', '')}${proposal_id}`,
  ) {
    return payOrder(this.h.house, {
      estate: this.h.estate,
      actor: this.h.actorOf('cashier'),
      proposal_id,
      paid_on,
      bank_reference,
    });
  }

  reverse(seq: number, reason: string): Promise<Item> {
    return proposeReversal(this.h.house, {
      estate: this.h.estate,
      actor: this.h.actorOf('cashier'),
      seq,
      reason,
    });
  }

  /** Proposes a transfer written as text. */
  transfer(written: string | TextEntry): Promise<Item> {
    const { entry_date, description, postings } = typedEntry(
      typeof written === 'string' ? readJournal(written)[0]! : written,
    );
    return proposeTransfer(this.h.house, {
      estate: this.h.estate,
      actor: this.h.actorOf('cashier'),
      entry_date,
      description,
      postings,
    });
  }

  /** The bank's own word on the last day of a month. */
  async stateBank(period: string, balance: string): Promise<void> {
    const sha256 = await this.paper('对账单');
    await stateBankBalance(this.h.house, {
      estate: this.h.estate,
      actor: this.h.actorOf('cashier'),
      account: '1002',
      as_of: lastDay(period),
      balance,
      sha256,
    });
  }

  /** Closes a month under both keys on the third of the next. */
  async close(period: string): Promise<void> {
    this.at(`${addMonths(period, 1)}-03 09:30`);
    const item = await proposeClose(this.h.house, {
      estate: this.h.estate,
      actor: this.h.actorOf('cashier'),
      period,
    });
    const [status] = await this.signBoth(item);
    if (status !== 'approved') throw new Error(`${period} is not closed: ${status}`);
  }

  /** The timetable's run at 08:00 on the disclosure day of a month; gives the figures it published. */
  async publish(period: string): Promise<DisclosureFigures> {
    this.at(`${addMonths(period, 1)}-10 08:00`);
    await publishDue(this.h.house, { only: this.h.estate.estate_id });
    return this.published(period);
  }

  published(period: string, version = 1): Promise<DisclosureFigures> {
    return this.within(async (trx) => {
      const row = await trx
        .selectFrom('disclosure')
        .select('figures')
        .where('estate_id', '=', this.h.estate.estate_id)
        .where('period', '=', period)
        .where('version', '=', version)
        .executeTakeFirstOrThrow();
      return JSON.parse(row.figures) as DisclosureFigures;
    });
  }

  /** The ledger with its signers, the trial balance and the funds: how every story ends. */
  ledger(period: string): Promise<string> {
    return this.within(async (trx) =>
      [
        await printJournal(trx, this.h.estate.estate_id, { signers: true }),
        await printTrialBalance(trx, this.h.estate.estate_id, period),
        await printFunds(trx, this.h.estate.estate_id, period),
      ].join('\n'),
    );
  }
}

/** An empty estate on the first morning of its books. */
export async function openStory(t: Ending, first_period = '2026-10', options: TestHouseOptions = {}): Promise<Story> {
  const clock = { now: shanghaiInstant(firstDay(first_period), '08:00') };
  const h = await testHouse(t, { first_period, demo_clock: () => clock.now, ...options });
  return new Story(h, clock);
}

/** What page one says, as text. */
export const noticesText = ({ period, notices }: DisclosureFigures): string =>
  [
    `须知 ${period}`,
    ...notices.map((one) => `    ${one.kind} ${one.text_zh}`),
    ...(notices.length === 0 ? ['    无'] : []),
    '',
  ].join('\n');

/** The refusal that `work` ends in: "code: text"; anything else fails. */
export async function refused(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Refusal) return `${error.code}: ${error.in('zh')}`;
    throw error;
  }
  throw new Error('nothing was refused');
}
