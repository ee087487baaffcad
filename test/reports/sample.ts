// Figures for the report tests: the fixture month of DOMAIN §3 (448 households, October 2026),
// entry by entry, and months of any length made from it without any chance, so that every run
// prints the same.
import { createHash } from 'node:crypto';
import { minus, money, moneyText, sum, zero } from '../../src/kernel/money.ts';
import type { Money } from '../../src/kernel/money.ts';
import type { Seal } from '../../reports/kit/seal.ts';
import type {
  DisclosureFigures,
  EntryRow,
  HeadingRow,
  Signer,
} from '../../reports/monthly-disclosure/figures.ts';

type Row = [
  day: number,
  kind: 'receipt' | 'payment',
  account: string,
  fund: string,
  memo: string,
  amount: string,
];

const accounts: Record<string, [string, string]> = {
  4101: ['物业费', 'Property fees'],
  4109: ['历史欠费收回', 'Arrears recovered'],
  4102: ['停车', 'Parking'],
  4103: ['广告位', 'Advertising'],
  4104: ['快递柜、充电桩、场地', 'Lockers, chargers, venue'],
  5101: ['人员', 'Staff'],
  5102: ['共用部位设施运行维护', 'Upkeep of common parts'],
  5103: ['清洁卫生', 'Cleaning'],
  5104: ['绿化', 'Greenery'],
  5106: ['公共能耗', 'Public energy'],
  5107: ['办公', 'Office'],
  5108: ['保险', 'Insurance'],
  5109: ['税费', 'Taxes'],
  5110: ['酬金', 'Remuneration'],
  5111: ['业委会经费', 'Committee expenses'],
  2241: ['押金', 'Deposits'],
};
const funds: Record<string, [string, string]> = {
  service: ['物业服务资金', 'Service fund'],
  common: ['公共收益', 'Common income'],
  deposit: ['装修押金（应退）', 'Renovation deposits (to be returned)'],
};

const month: Row[] = [
  [1, 'receipt', '4101', 'service', '物业服务费 3 栋（28 户）', '20570.40'],
  [2, 'payment', '5106', 'service', '公共电费 9 月', '2300.00'],
  [2, 'payment', '5106', 'service', '公共水费 9 月', '640.00'],
  [3, 'receipt', '4102', 'common', '月租停车 110×120', '13200.00'],
  [4, 'payment', '5102', 'service', '单元门维修 4 栋 2 单元', '850.00'],
  [5, 'receipt', '4101', 'service', '物业服务费 1、2、5 栋', '22840.80'],
  [6, 'payment', '5102', 'common', '晾衣绳更换（7 栋楼顶）', '513.60'],
  [8, 'receipt', '4109', 'service', '历史欠费收回（2024 年度）', '1530.00'],
  [9, 'payment', '5101', 'service', '秩序员工资 6×3,200', '19200.00'],
  [9, 'payment', '5103', 'service', '保洁工资 3×2,700', '8100.00'],
  [9, 'payment', '5101', 'service', '项目经理、客服工资', '9300.00'],
  [9, 'payment', '5101', 'service', '维修工工资', '4200.00'],
  [10, 'payment', '5101', 'service', '社会保险费', '6240.00'],
  [12, 'receipt', '4102', 'common', '临时停车收入', '3618.00'],
  [14, 'receipt', '4103', 'common', '电梯广告位（第四季度之一）', '1500.00'],
  [15, 'payment', '5103', 'service', '垃圾清运 448×6', '2688.00'],
  [16, 'payment', '5104', 'service', '绿化养护', '1800.00'],
  [18, 'receipt', '4104', 'common', '快递柜场地费', '500.00'],
  [19, 'receipt', '4104', 'common', '充电桩分成', '1050.00'],
  [20, 'receipt', '4104', 'common', '场地租赁（中秋集市）', '2000.00'],
  [21, 'payment', '5102', 'service', '消防监控维保', '1200.00'],
  [22, 'payment', '5108', 'service', '公众责任保险', '500.00'],
  [23, 'payment', '5107', 'service', '办公用品', '620.00'],
  [24, 'payment', '5109', 'service', '税费', '1050.00'],
  [25, 'payment', '5111', 'common', '业委会经费', '600.00'],
  [31, 'payment', '5110', 'service', '酬金 10% × 44,941.20', '4494.12'],
];

export const manager: Signer = {
  body: '物业公司',
  office: '项目经理',
  name_zh: '物业公司 · 项目经理',
  name_en: 'Property company · manager',
  method: 'passkey',
  signed_at: '2026-11-08T09:20:00Z',
  weak: false,
};
export const committee: Signer = {
  body: '业主委员会',
  office: '主任',
  name_zh: '业委会 · 主任',
  name_en: 'Owners’ committee · chair',
  method: 'password',
  signed_at: '2026-11-09T12:41:00Z',
  weak: true,
};

const OPENING = '143131.00';

function entryOf(
  [day, kind, account, fund, memo, amount]: Row,
  seq: number,
  number: string,
): EntryRow {
  const receipt = kind === 'receipt';
  return {
    seq,
    kind,
    number,
    date: `2026-10-${String(day).padStart(2, '0')}`,
    description: memo,
    lines: [
      {
        account,
        name_zh: accounts[account]![0],
        name_en: accounts[account]![1],
        fund,
        fund_zh: funds[fund]![0],
        fund_en: funds[fund]![1],
        debit: receipt ? '0.00' : amount,
        credit: receipt ? amount : '0.00',
      },
    ],
    received: receipt ? amount : '0.00',
    paid: receipt ? '0.00' : amount,
    balance: '0.00',
    signers: receipt ? [] : [manager, committee],
    vouchers: receipt ? 1 : 2,
    reverses: null,
    reversed_by: null,
    inquiries: { asked: 0, open: 0 },
  };
}

function numbered(rows: readonly Row[]): EntryRow[] {
  const next = { receipt: 0, payment: 0 };
  return rows.map((row, index) => {
    const at = (next[row[1]] += 1);
    const digits = String(at).padStart(3, '0');
    return entryOf(row, 18_000 + index, `${row[1] === 'receipt' ? '收' : '付'}-${digits}`);
  });
}

function headings(entries: readonly EntryRow[], kind: '4' | '5'): HeadingRow[] {
  const sums = new Map<string, Money>();
  for (const entry of entries) {
    for (const line of entry.lines) {
      if (!line.account.startsWith(kind)) continue;
      const amount =
        kind === '4'
          ? minus(money(line.credit), money(line.debit))
          : minus(money(line.debit), money(line.credit));
      sums.set(line.account, sum([sums.get(line.account) ?? zero, amount]));
    }
  }
  const total = sum(sums.values());
  return [...sums]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([account, amount]) => ({
      account,
      name_zh: accounts[account]![0],
      name_en: accounts[account]![1],
      month: moneyText(amount),
      year: moneyText(sum([amount, amount, amount])),
      share: total.isZero() ? null : amount.times(100).dividedBy(total).toFixed(1),
    }));
}

/** Sets balances and all totals of a list of entries. */
export function figuresOf(
  entries: EntryRow[],
  rest: Partial<DisclosureFigures> = {},
): DisclosureFigures {
  let balance = money(OPENING);
  for (const entry of entries) {
    balance = minus(sum([balance, money(entry.received)]), money(entry.paid));
    entry.balance = moneyText(balance);
  }
  const received = sum(entries.map((entry) => money(entry.received)));
  const paid = sum(entries.map((entry) => money(entry.paid)));
  const [income, expense] = [headings(entries, '4'), headings(entries, '5')];
  const total = (rows: HeadingRow[]): { month: string; year: string } => ({
    month: moneyText(sum(rows.map((row) => money(row.month)))),
    year: moneyText(sum(rows.map((row) => money(row.year)))),
  });
  const otherReceived = minus(received, money(total(income).month));
  const otherPaid = minus(paid, money(total(expense).month));
  const moved = !otherReceived.isZero() || !otherPaid.isZero();
  return {
    ...frame(),
    opening: OPENING,
    received: moneyText(received),
    paid: moneyText(paid),
    closing: moneyText(balance),
    income,
    expense,
    income_total: total(income),
    expense_total: total(expense),
    other: moved
      ? [
          {
            account: '2241',
            name_zh: '押金',
            name_en: 'Deposits',
            received: moneyText(otherReceived),
            paid: moneyText(otherPaid),
          },
        ]
      : [],
    funds: fundRows(entries),
    bank: [
      {
        account_last4: '6688',
        name_zh: '共有基金户',
        name_en: 'Common account',
        bank_balance: moneyText(balance),
        as_of: '2026-10-31',
        book_balance: moneyText(balance),
        difference: '0.00',
      },
    ],
    entries,
    ...rest,
  };
}

function fundRows(entries: readonly EntryRow[]): DisclosureFigures['funds'] {
  const openings: Record<string, string> = {
    service: '38204.10',
    common: '84926.90',
    deposit: '20000.00',
  };
  const purposes: Record<string, [string, string]> = {
    service: ['日常服务', 'daily services'],
    common: ['业主大会决定', 'as the owners’ assembly decides'],
    deposit: ['退还业主', 'return to owners'],
  };
  return Object.keys(funds).map((fund) => {
    const own = entries.filter((entry) => entry.lines[0]?.fund === fund);
    const received = sum(own.map((entry) => money(entry.received)));
    const paid = sum(own.map((entry) => money(entry.paid)));
    return {
      fund,
      name_zh: funds[fund]![0],
      name_en: funds[fund]![1],
      opening: openings[fund]!,
      received: moneyText(received),
      paid: moneyText(paid),
      closing: moneyText(minus(sum([money(openings[fund]!), received]), paid)),
      purpose_zh: purposes[fund]![0],
      purpose_en: purposes[fund]![1],
    };
  });
}

type Frame = Omit<
  DisclosureFigures,
  | 'opening'
  | 'received'
  | 'paid'
  | 'closing'
  | 'income'
  | 'expense'
  | 'income_total'
  | 'expense_total'
  | 'other'
  | 'funds'
  | 'bank'
  | 'entries'
>;

const frame = (): Frame => ({
  format: 'mingzhang/monthly-disclosure/v1',
  estate: {
    code: 'shili',
    name_zh: '示例小区',
    name_en: 'Example Estate',
    households: 448,
    area_m2: '38080.00',
    fee_rate: '1.20',
    mode_zh: '信托制公共账户',
    mode_en: 'common account under the trust model',
    trustee: '示例物业服务有限公司',
    committee: '示例小区业主委员会',
  },
  period: '2026-10',
  version: 1,
  correction: null,
  published_at: '2026-11-10T00:00:00Z',
  due_on: '2026-11-10',
  closed_at: '2026-11-09T12:41:00Z',
  log: {
    size: 18_244,
    leaf_hash: '9f2c1d0b7a6e5f4c3b2a19080706f5e4d3c2b1a0998877665544332211ffeedd',
  },
  previous: {
    period: '2026-09',
    version: 1,
    pdf_zh_sha256: '2b'.repeat(32),
    pdf_en_sha256: '7e'.repeat(32),
  },
  notices: [],
  signatures: [manager, committee],
  arrears: { bills: 23, amount: '2284.80' },
  months: [
    ['2025-11', '62310.40', '65120.18'],
    ['2025-12', '71004.00', '69872.55'],
    ['2026-01', '58120.60', '63004.77'],
    ['2026-02', '49875.20', '61288.10'],
    ['2026-03', '66120.00', '64018.42'],
    ['2026-04', '67240.80', '66305.00'],
    ['2026-05', '65918.40', '70406.00'],
    ['2026-06', '68002.10', '63992.31'],
    ['2026-07', '66450.90', '178640.00'],
    ['2026-08', '64120.20', '64808.26'],
    ['2026-09', '67315.00', '65017.90'],
    ['2026-10', '66809.20', '64295.72'],
  ].map(([period, received, paid]) => ({ period: period!, received: received!, paid: paid! })),
});

/** The month of DOMAIN §3: 143,131.00 + 66,809.20 − 64,295.72 = 145,644.48. */
export const fixtureMonth = (rest: Partial<DisclosureFigures> = {}): DisclosureFigures =>
  figuresOf(numbered(month), rest);

/** A month of any number of entries: the fixture's rows over and over, amounts never alike. */
export function longMonth(count: number, rest: Partial<DisclosureFigures> = {}): DisclosureFigures {
  const rows = Array.from({ length: count }, (_, index): Row => {
    const [, kind, account, fund, memo, amount] = month[index % month.length]!;
    const day = 1 + Math.floor((index * 31) / count);
    const own = moneyText(
      sum([money(amount), money(`${index % 97}.${String((index % 89) + 10)}`)]),
    );
    return [day, kind, account, fund, `${memo}，第 ${index + 1} 笔`, own];
  });
  return figuresOf(numbered(rows), rest);
}

const LONG_SENTENCE =
  '更换地下车库照明灯具，含拆除旧灯、布线、安装调试与清运，质保两年，验收人按合同逐盏点验。';

/** Everything at once that may go wrong in a month: draft, notices, red letters, rare characters,
 *  long memos, several lines, a transfer, a missing statement, a difference. */
export function hardMonth(rest: Partial<DisclosureFigures> = {}): DisclosureFigures {
  const entries = numbered(month);
  const base = entries[2]!;
  const make = (given: Partial<EntryRow>): EntryRow => ({ ...base, balance: '0.00', ...given });
  const red = make({
    seq: 18_100,
    number: '付-018',
    date: '2026-10-31',
    description: '注销 10 月 6 日 付-004 凭证：重复付款',
    paid: '-513.60',
    received: '0.00',
    reverses: '付-004',
    lines: [{ ...entries[6]!.lines[0]!, debit: '-513.60' }],
  });
  entries[6]!.reversed_by = '付-018';
  entries[4]!.inquiries = { asked: 2, open: 1 };
  entries[9]!.inquiries = { asked: 1, open: 0 };
  entries.push(
    red,
    make({
      seq: 18_101,
      number: '付-019',
      date: '2026-10-31',
      description: '退装修押金给㙟先生与𠮷女士 😀（3 栋）',
      paid: '2000.00',
      lines: [
        {
          ...base.lines[0]!,
          account: '2241',
          name_zh: '押金',
          name_en: 'Deposits',
          fund: 'deposit',
          fund_zh: '装修押金（应退）',
          fund_en: 'Renovation deposits',
          debit: '2000.00',
        },
      ],
    }),
    make({
      seq: 18_102,
      number: '付-020',
      date: '2026-10-31',
      description: LONG_SENTENCE.repeat(2),
      paid: '1700.00',
      lines: [
        { ...base.lines[0]!, account: '5102', name_zh: '共用部位设施运行维护', debit: '1200.00' },
        { ...base.lines[0]!, debit: '500.00' },
      ],
    }),
    make({
      seq: 18_103,
      number: '付-021',
      date: '2026-10-31',
      description: `开头${'长'.repeat(9_996)}结尾`,
      paid: '1.00',
      lines: [{ ...base.lines[0]!, debit: '1.00' }],
    }),
    make({
      seq: 18_104,
      kind: 'transfer',
      number: '转-001',
      date: '2026-10-31',
      description: '计提酬金',
      paid: '0.00',
      lines: [
        { ...base.lines[0]!, account: '5110', name_zh: '酬金', debit: '4494.12' },
        {
          ...base.lines[0]!,
          account: '2251',
          name_zh: '应付酬金',
          debit: '0.00',
          credit: '4494.12',
        },
      ],
    }),
  );
  const figures = figuresOf(entries, {
    published_at: null,
    version: 2,
    correction: {
      name_zh: '补记 10 月 31 日一笔红字冲销。',
      name_en: 'One reversal of 31 October added.',
    },
    notices: [
      {
        kind: 'unsigned',
        text_zh: '结账只有一方签署：业主委员会尚未签署。',
        text_en: 'Only one party has signed the close.',
      },
      {
        kind: 'unreconciled',
        text_zh: '1 笔银行扣款没有签批单（860.00）。',
        text_en: 'One bank debit of 860.00 has no approved order.',
      },
      {
        kind: 'unanswered',
        text_zh:
          '2 个质询逾期未答：付-003、付-005，请物业在 7 日内书面答复并在本页更新；' +
          '逾期将连续列入以后各期公示，直到答复为止。',
        text_en: 'Two questions are overdue.',
      },
    ],
    signatures: [manager],
    ...rest,
  });
  figures.bank[0]!.bank_balance = moneyText(minus(money(figures.closing), money('860.00')));
  figures.bank[0]!.difference = '860.00';
  figures.bank.push({
    account_last4: '1207',
    name_zh: '改造专户',
    name_en: 'Works account',
    bank_balance: null,
    as_of: null,
    book_balance: '0.00',
    difference: null,
  });
  return figures;
}

/** A seal as a disclosure carries it; its files are only as long as asked, they prove nothing. */
export function sampleSeal(given: Partial<Seal> = {}): Seal {
  const origin = 'books.example.cn/shili';
  const note =
    `${origin}\n18347\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— ${origin} ` +
    `${'Xm4kqYw2'.repeat(11)}Xg==\n`;
  return {
    address: `https://books.example.cn/verify#${Buffer.from(note).toString('base64url')}`,
    note,
    size: 18_347,
    root: '0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62',
    vkey: `${origin}+5e6e24a9+AWQWJ1NXPVpgMtVLfHFJDTmz7oHGBSLTnxPXJCHJlYlT`,
    witnessed: { size: 18_120, on: '2026-11-08', committee: 1, street: 1, resident: 3 },
    files: {
      'seal.json': Buffer.from('{}'),
      'facts.json': Buffer.from('{}'),
      'records.tsv': Buffer.from('mingzhang/log/v1\tshili\t18000\t18347\n'),
      'earlier.tsv': Buffer.from('mingzhang/earlier/v1\tshili\t18347\n'),
    },
    ...given,
  };
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
const person = (at: number): string => `${hash(`person ${at}`).slice(0, 8)}-1c2d-4e3f-8a4b-5c6d7e8f9a0b`;

/** A seal whose records are as long as those of such a month would be: an entry each, and for what was signed its
 *  submission and two signatures by password. */
export function longSeal({ entries }: DisclosureFigures): Seal {
  const lines = [`mingzhang/log/v1\tshili\t0\t${entries.length}\n`];
  const add = (kind: string, number: string, body: object): void => {
    const at = '2026-10-05T01:02:03.123456Z';
    lines.push(`${lines.length}\t${kind}\t${at}\t${number}\t${JSON.stringify(body)}\n`);
  };
  for (const [proposal, entry] of entries.entries()) {
    const { kind, number, date, description, signers } = entry;
    const { account, fund, debit, credit } = entry.lines[0]!;
    const postings = [
      { account, fund, debit },
      { account: '1002', fund, credit: debit === '0.00' ? credit : debit },
    ];
    const document_hash = hash(`document ${proposal}`);
    if (signers.length > 0) {
      const document = {
        kind,
        estate: 'shili',
        proposal,
        version: 1,
        amount: debit,
        fund,
        title: description,
        payee: 17,
        made_by: person(0),
        postings,
        submitted_on: date,
        vouchers: [hash(`voucher ${proposal}`)],
      };
      const submitted = { by: person(0), document, document_hash, expires_on: date, proposal };
      add('proposal_submitted', '-', { ...submitted, rule: 1, version: 1 });
      for (const [at, { body }] of signers.entries()) {
        const signed = { body, document_hash, person: person(at + 1), proposal, reason: '' };
        add('signature', '-', { ...signed, decision: 'approve', method: 'password' });
      }
    }
    const key = hash(`key ${proposal}`).slice(0, 32);
    const made = { description, entry_date: date, key, kind, made_by: person(0), postings };
    add('journal_entry', `2026-10 ${number}`, made);
  }
  const records = Buffer.from(lines.join(''));
  return sampleSeal({ files: { ...sampleSeal().files, 'records.tsv': records } });
}
