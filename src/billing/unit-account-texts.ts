// Texts of the statement of account of a dwelling, Chinese and English.
import type { Bilingual } from '../kernel/locale.ts';

export const accountRowTexts = {
  bill: { zh: '{name} {period}', en: '{name} {period}' },
  reduced: { zh: '{why}：{name} {period}', en: '{why}: {name} {period}' },
  receipt: { zh: '收款 收据 No. {number}{method}', en: 'Paid, receipt no. {number}{method}' },
  void: { zh: '收据 No. {number} 作废（红字冲销）', en: 'Receipt no. {number} void (reversed)' },
  refund: { zh: '退款：{description}', en: 'Refund: {description}' },
  transfer: { zh: '转账：{description}', en: 'Transfer: {description}' },
  reversed: { zh: '红字冲销：{description}', en: 'Reversal: {description}' },
  unbilled: { zh: '没有账单或账单不在本表的收费', en: 'Fees without a bill in this statement' },
} as const satisfies Record<string, Bilingual>;

export const reductionNames: Readonly<Record<string, Bilingual>> = {
  waiver: { zh: '减免', en: 'Waived' }, discount: { zh: '优惠', en: 'Discount' }, write_off: { zh: '核销', en: 'Written off' },
  correction: { zh: '更正', en: 'Corrected' }, import_undone: { zh: '导入撤回', en: 'Import taken back' },
};

export const methodNames: Readonly<Record<string, Bilingual>> = {
  bank: { zh: '转账', en: 'bank transfer' }, cash: { zh: '现金', en: 'cash' }, pos: { zh: '刷卡', en: 'card' }, wechat: { zh: '微信', en: 'WeChat' },
  alipay: { zh: '支付宝', en: 'Alipay' }, opening: { zh: '期初结转', en: 'brought forward' },
};

export const accountTexts = {
  title: { zh: '对账单', en: 'Statement of account' },
  lede: { zh: '应收是账单，已收是交来的钱和减免；余额为正是还欠的，为负是多交、存着以后用的。', en: 'Debits are bills, credits what was paid or taken off. A balance above zero is owed; below zero it is held for later bills.' },
  lede_own: { zh: '您家的对账单，只有您和办理收费的任职人员看得到。', en: 'The statement of your dwelling. Only you and the officers who keep the fees see it.' },
  date: { zh: '日期', en: 'Date' },
  text: { zh: '摘要', en: 'Text' },
  debit: { zh: '应收', en: 'Debit' },
  credit: { zh: '已收、减免', en: 'Credit' },
  balance: { zh: '余额', en: 'Balance' },
  opening: { zh: '期初余额', en: 'Opening balance' },
  total: { zh: '合计', en: 'Total' },
  closing: { zh: '期末余额', en: 'Closing balance' },
  owes: { zh: '还欠', en: 'Owed' },
  holds: { zh: '预存', en: 'Paid in advance' },
  settled: { zh: '两清', en: 'Settled' },
  deposits: { zh: '另存押金', en: 'Deposits held besides' },
  none: { zh: '这段时间没有账单，也没有收款。', en: 'No bills and no payments in this time.' },
  since: { zh: '本表从{month}（您名下开始的月份）起。', en: 'From {month} on, the month in which your time here began.' },
  yuan: { zh: '{amount} 元', en: '{amount} yuan' },
  since_held: { zh: '期初是那时存在本户名下的预交款。', en: 'It opens with what was held for the dwelling then.' },
  from: { zh: '从', en: 'From' },
  to: { zh: '到', en: 'To' },
  pdf: { zh: '打印（PDF）', en: 'Print (PDF)' },
  back: { zh: '账单', en: 'Bills' },
  unit: { zh: '房屋', en: 'Dwelling' },
  days: { zh: '起止', en: 'Days' },
  days_from: { zh: '{from} 至 {to}', en: '{from} to {to}' },
  days_all: { zh: '截至 {to}', en: 'Up to {to}' },
  made: { zh: '打印日期', en: 'Printed on' },
  foot: { zh: '{estate} · {unit} 对账单 · 只给本户。有出入请到物业服务中心核对。', en: '{estate} · {unit} · for this dwelling only. If anything differs, please ask the office.' },
} as const satisfies Record<string, Bilingual>;
