// Reversals and transfers under two keys, and the close of a month.
import t from 'tap';
import { executors } from '../../src/executors.ts';
import { signProposals } from '../../src/approval/sign.ts';
import { readProposal } from '../../src/approval/queries.ts';
import { addDays, addMonths, firstDay, lastDay, periodOf, today } from '../../src/kernel/dates.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { closeGate, executeClose, proposeClose } from '../../src/ledger/close.ts';
import {
  executeReversal,
  proposeReversal,
  proposeTransfer,
  type Proposed,
} from '../../src/ledger/correction.ts';
import { deleteDraft, saveDraft } from '../../src/ledger/draft.ts';
import { postReceipt } from '../../src/ledger/journal.ts';
import { readEntry } from '../../src/ledger/entry-queries.ts';
import { periodsOf } from '../../src/ledger/period-queries.ts';
import { accountLedger, accountsOf, balancesAsOf, trialBalance } from '../../src/ledger/queries.ts';
import { printBalances, printJournal } from '../helpers/journal-text.ts';
import { SIGNING_PASSWORD, testHouse, type PersonName } from '../helpers/house.ts';
import type { Ending } from '../helpers/postgres.ts';
import { signAs } from '../helpers/approved.ts';

async function makeBooks(t: Ending) {
  const made = await testHouse(t);
  const { house, estate, actorOf, persons } = made;
  const { estate_id } = estate;
  const cashier = actorOf('cashier');
  const now = today(house.clock);
  const receipt = async (amount: string, description: string, entry_date = now) =>
    postReceipt(house, {
      estate,
      actor: cashier,
      key: null,
      entry: {
        kind: 'receipt',
        entry_date,
        description,
        postings: [
          { account: '1002', fund: 'public_income', debit: amount },
          { account: '4102', fund: 'public_income', credit: amount },
        ],
      },
    });
  const sign = async (name: PersonName, item: Proposed) =>
    (
      await signProposals(
        house,
        {
          estate,
          actor: actorOf(name),
          items: [item],
          decision: 'approve',
          method: 'password',
          password: SIGNING_PASSWORD,
        },
        executors,
      )
    )[0]!;
  const stateOf = (id: number) =>
    inEstate(
      house.db.app,
      estate_id,
      async (trx) => (await readProposal(trx, estate_id, id))!.state,
    );
  /** Signed by both keys without the slow passwords; carried out by the test. */
  const approve = async (item: Proposed) => {
    await signAs(house, estate, persons.manager, 'property', item);
    return signAs(house, estate, persons.committee1, 'committee', item);
  };
  return { ...made, estate_id, cashier, now, receipt, sign, stateOf, approve };
}

t.test('a wrong entry is reversed in red under two keys', async (t) => {
  const { house, estate, estate_id, cashier, now, receipt, sign, stateOf, actorOf } =
    await makeBooks(t);
  const wrong = await receipt('120.00', '停车费 京A 十月');
  await t.rejects(
    proposeReversal(house, { estate, actor: actorOf('resident'), seq: wrong.seq, reason: '不对' }),
    { code: 'not_allowed' },
  );
  await t.rejects(
    proposeReversal(house, { estate, actor: cashier, seq: 999_999, reason: '不对' }),
    { code: 'entry_unknown' },
  );
  await t.rejects(proposeReversal(house, { estate, actor: cashier, seq: wrong.seq, reason: ' ' }), {
    code: 'text_empty',
    field: 'reason',
  });
  await t.rejects(
    proposeReversal(house, { estate, actor: cashier, seq: wrong.seq, reason: '长'.repeat(121) }),
    { code: 'text_too_long' },
  );
  const asked = { estate, actor: cashier, seq: wrong.seq, reason: '重复录入', key: 'form-1' };
  const item = await proposeReversal(house, asked);
  t.strictSame(await proposeReversal(house, asked), item, 'the same form is one proposal');
  await t.rejects(proposeReversal(house, { ...asked, key: null }), { code: 'reversal_proposed' });
  t.equal((await sign('manager', item)).status, 'signed');
  t.equal((await sign('committee1', item)).status, 'approved');
  t.equal(await stateOf(item.proposal_id), 'executed', 'carried out by itself');
  await executeReversal(house, estate, item.proposal_id);
  await t.rejects(proposeReversal(house, { ...asked, key: null }), { code: 'already_reversed' });

  const printed = await inEstate(house.db.app, estate_id, (trx) => printJournal(trx, estate_id));
  t.equal(
    printed,
    [
      `${now} 收-001 停车费 京A 十月`,
      '    借 1002 银行存款        public_income          120.00',
      '    贷 4102 停车费（月租）  public_income          120.00',
      `${now} 收-002 红字冲销 ${periodOf(now)} 收-001（重复录入）`,
      '    借 1002 银行存款        public_income         −120.00',
      '    贷 4102 停车费（月租）  public_income         −120.00',
      '',
    ].join('\n'),
  );
  await inEstate(house.db.app, estate_id, async (trx) => {
    const entry = await readEntry(trx, estate_id, wrong.seq, 'all');
    t.match(entry.reversed_by, { number: '收-002' });
    const red = await readEntry(trx, estate_id, entry.reversed_by!.seq, 'all');
    t.match(red, {
      reverses: { seq: wrong.seq },
      signers: [{ office: 'manager' }, { office: 'chair' }],
    });
    t.equal(await printBalances(trx, estate_id), '', 'nothing is left');
  });
  const red = await inEstate(house.db.app, estate_id, (trx) =>
    readEntry(trx, estate_id, wrong.seq, 'all'),
  );
  await t.rejects(
    proposeReversal(house, { estate, actor: cashier, seq: red.reversed_by!.seq, reason: '再冲' }),
    { code: 'reversal_target_unknown' },
  );
});

t.test('a transfer is proposed only if it could be booked, and booked once', async (t) => {
  const { house, estate, estate_id, cashier, now, receipt, approve } = await makeBooks(t);
  await receipt('1000.00', '停车费');
  const support = {
    estate,
    actor: cashier,
    entry_date: now,
    description: '公共收益补充物业服务资金',
    postings: [
      { account: '1002', fund: 'service', debit: '300.00' },
      { account: '3101', fund: 'service', credit: '300.00' },
      { account: '3101', fund: 'public_income', debit: '300.00' },
      { account: '1002', fund: 'public_income', credit: '300.00' },
    ],
  };
  const postings = (first: object) => [first, ...support.postings.slice(1)];
  await t.rejects(
    proposeTransfer(house, {
      ...support,
      postings: postings({ account: '1002', fund: 'public_income', debit: '300.00' }),
    }),
    { code: 'fund_unbalanced' },
  );
  await t.rejects(
    proposeTransfer(house, {
      ...support,
      postings: postings({ account: '1002', fund: 'service', debit: '301.00' }),
    }),
    { code: 'entry_unbalanced' },
  );
  await t.rejects(proposeTransfer(house, { ...support, entry_date: addDays(now, 1) }), {
    code: 'period_not_open',
    field: 'entry_date',
  });
  await t.rejects(proposeTransfer(house, { ...support, vouchers: ['f'.repeat(64)] }), {
    code: 'voucher_unknown',
  });
  await t.rejects(proposeTransfer(house, { ...support, description: '' }), { code: 'text_empty' });
  await t.rejects(
    proposeTransfer(house, {
      ...support,
      postings: [
        { account: '5119', fund: 'public_income', debit: '300.00' },
        { account: '1002', fund: 'public_income', credit: '300.00' },
      ],
    }),
    { code: 'transfer_moves_money' },
    'a payment in the clothes of a transfer',
  );
  await t.rejects(
    proposeTransfer(house, {
      ...support,
      postings: support.postings.map(({ account, fund, ...side }) => ({
        account,
        fund,
        ...('debit' in side ? { debit: '1000.01' } : { credit: '1000.01' }),
      })),
    }),
    { code: 'transfer_exceeds_fund' },
  );
  const item = await proposeTransfer(house, support);
  t.equal(await approve(item), 'approved');
  await Promise.all([1, 2, 3].map(() => executors.transfer!(house, estate, item.proposal_id)));
  await inEstate(house.db.app, estate_id, async (trx) => {
    t.equal(
      await printBalances(trx, estate_id),
      [
        '1002 银行存款            public_income          借         700.00',
        '1002 银行存款            service                借         300.00',
        '3101 共有基金（非限定）  public_income          借         300.00',
        '3101 共有基金（非限定）  service                贷         300.00',
        '4102 停车费（月租）      public_income          贷       1,000.00',
        '',
      ].join('\n'),
    );
    const trial = await trialBalance(trx, estate_id, { period: periodOf(now) });
    t.ok(trial.balances);
    const account = (await accountsOf(trx, estate_id)).find((row) => row.account === '1002')!;
    const ledger = await accountLedger(trx, estate_id, {
      account,
      from: firstDay(periodOf(now)),
      to: now,
    });
    t.strictSame(
      ledger.lines.map((line) => line.balance),
      ['1000.00', '1300.00', '1000.00'],
    );
    t.match(ledger, { opening: '0.00', debit: '1300.00', credit: '300.00', closing: '1000.00' });
  });
});

t.test('a month is closed in order, under two keys, for good', async (t) => {
  const { house, estate, estate_id, cashier, now, receipt, sign, stateOf, approve, actorOf } =
    await makeBooks(t);
  const month = addMonths(periodOf(now), -1);
  const inside = firstDay(month);
  await receipt('500.00', '广告位', inside);
  const propose = (period = month) => proposeClose(house, { estate, actor: cashier, period });

  await t.rejects(proposeClose(house, { estate, actor: actorOf('committee1'), period: month }), {
    code: 'not_allowed',
  });
  await t.rejects(propose(periodOf(now)), { code: 'close_gate_shut', message: /not over/ });
  await t.rejects(propose(addMonths(month, -1)), { code: 'period_not_in_books' });
  const draft = await saveDraft(house, {
    estate,
    actor: cashier,
    entry_date: lastDay(month),
    content: {
      description: '',
      bank_account: '',
      reference: '',
      lines: [],
      vouchers: [],
      form_key: 'd',
    },
  });
  await t.rejects(propose(), { code: 'close_gate_shut', message: /1 drafts/ });
  await deleteDraft(house, { estate, actor: cashier, draft_id: draft.draft_id });
  const transfer = await proposeTransfer(house, {
    estate,
    actor: cashier,
    entry_date: inside,
    description: '调整',
    postings: [
      { account: '4109', fund: 'public_income', credit: '1.00' },
      { account: '5119', fund: 'public_income', debit: '1.00' },
    ],
  });
  await t.rejects(propose(), { code: 'close_gate_shut', message: /undecided/ });
  await approve(transfer);
  await t.rejects(propose(), { code: 'close_gate_shut' }, 'approved is not yet booked');
  await executors.transfer!(house, estate, transfer.proposal_id);

  const checks = await inEstate(house.db.app, estate_id, (trx) => closeGate(trx, estate, month));
  t.strictSame(
    checks.map((one) => one.state),
    ['ok', 'ok', 'ok', 'ok', 'ok', 'note', 'note'],
    'neither balance nor statement of the bank yet: two notes, no bar',
  );
  const first = await propose();
  await t.rejects(propose(), { code: 'close_proposed' });
  await approve(first);
  await receipt('7.00', '晚到的广告费', inside);
  await t.rejects(executeClose(house, estate, first.proposal_id), { code: 'figures_changed' });
  t.equal(await stateOf(first.proposal_id), 'superseded');

  const item = await propose();
  t.equal((await sign('manager', item)).status, 'signed');
  t.strictSame(await sign('committee1', item), {
    proposal_id: item.proposal_id,
    status: 'approved',
  });
  t.equal(await stateOf(item.proposal_id), 'executed');
  await executeClose(house, estate, item.proposal_id);
  await t.rejects(receipt('1.00', '迟到', inside), { code: 'period_closed', field: 'entry_date' });
  await t.rejects(propose(), { code: 'period_already_closed' });
  await inEstate(house.db.app, estate_id, async (trx) => {
    const [running, closed] = await periodsOf(trx, estate);
    t.match(running, { period: periodOf(now), state: 'open', entries: 0, closing: '507.00' });
    t.match(closed, {
      period: month,
      state: 'closed',
      entries: 3,
      received: '507.00',
      proposal_id: item.proposal_id,
    });
    const balances = await balancesAsOf(trx, estate_id, lastDay(month));
    t.equal(balances.find((row) => row.account === '1002')!.balance.toFixed(2), '507.00');
  });

  await t.test('what was proposed before is booked on the day it is signed', async (t) => {
    const wrong = await receipt('9.00', '广告位 押金', now);
    const item2 = await proposeReversal(house, {
      estate,
      actor: cashier,
      seq: wrong.seq,
      reason: '退回',
    });
    await approve(item2);
    await executeReversal(house, estate, item2.proposal_id);
    const entry = await inEstate(house.db.app, estate_id, (trx) =>
      readEntry(trx, estate_id, wrong.seq, 'all'),
    );
    t.equal(entry.reversed_by!.period, periodOf(now));
  });
});
