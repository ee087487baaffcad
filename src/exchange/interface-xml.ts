// The accounting-data interface (会计核算软件数据接口) of GB/T 24589.1-2010, as far as its field list is public: for each
// year 公共档案.xml (book, months, kinds of voucher, currency, suppliers, funds) and 总账.xml (chart, auxiliary items,
// balances, vouchers). Element names and their order are those of the standard; what it has and these books have
// not is left out, and the README beside the files says so (interface-readme.ts).
//   fund → 辅助项1 (a self-defined archive, 自定义档案)       payee → 辅助项2 (供应商档案)
import type { House } from '../kernel/house.ts';
import { firstDay, lastDay, periodsBetween, type Period } from '../kernel/dates.ts';
import { moneyText, negated, type Money } from '../kernel/money.ts';
import { sideOf } from '../ledger/queries.ts';
import { entryPages, monthEnds, usedPairs, type BookEntry, type BookLine, type Books, type MonthBalance } from './books.ts';
import { interfaceReadme } from './interface-readme.ts';
import { classNames, kinds } from './words.ts';
import { xmlText } from '../web/xlsx-parts.ts';
import type { ZipFile } from '../web/zip.ts';

const FUNDS = 'ZJ';
const DECLARED = '<?xml version="1.0" encoding="UTF-8"?>\n';
type Fields = readonly (readonly [name: string, value: string | number | null | undefined])[];

/** One record: its fields in the order of the standard; an empty one stays as an empty element. */
const element = (name: string, fields: Fields): string => `  <${name}>`
  + fields.map(([field, value]) => `<${field}>${xmlText(String(value ?? ''))}</${field}>`).join('') + `</${name}>\n`;

const compact = (date: string): string => date.replaceAll('-', '');
const yearOf = (period: Period): string => period.slice(0, 4);
const monthOf = (period: Period): number => Number(period.slice(5));
const kindNumber: Record<BookEntry['kind'], number> = { receipt: 1, payment: 2, transfer: 3 };

// ── 公共档案 ─────────────────────────────────────────────────────────────────────────────────────

function* archives(books: Books, year: string, periods: readonly Period[]): Generator<string> {
  const { estate } = books;
  yield `${DECLARED}<公共档案>\n${element('电子账簿', [
    ['电子账簿编号', estate.code], ['电子账簿名称', `${estate.name_zh}共有资金账簿`], ['会计核算单位', estate.name_zh],
    // No estate's code of organisations is kept here, nor its trade.
    ['组织机构代码', ''], ['单位性质', '业主共同共有'], ['行业', ''], ['开发单位', 'Mingzhang 明账'], ['版本号', '1'],
    ['本位币', 'CNY'], ['会计年度', year], ['标准版本号', 'GB/T 24589.1-2010'],
  ])}`;
  for (const period of periods) {
    yield element('会计期间', [['会计年度', year], ['会计期间号', monthOf(period)],
      ['会计期间起始日期', compact(firstDay(period))], ['会计期间结束日期', compact(lastDay(period))]]);
  }
  for (const [kind, { zh, name_zh }] of Object.entries(kinds)) {
    yield element('记账凭证类型', [['记账凭证类型编号', kindNumber[kind as BookEntry['kind']]], ['记账凭证类型名称', name_zh], ['记账凭证类型简称', zh]]);
  }
  yield element('币种', [['币种编码', 'CNY'], ['币种名称', '人民币']]);
  for (const payee of books.payees.values()) {
    yield element('供应商档案', [['供应商编码', payee.payee_id], ['供应商名称', payee.public_name], ['供应商简称', payee.public_name]]);
  }
  yield element('自定义档案项', [['档案编码', FUNDS], ['档案名称', '资金'], ['档案描述', '每条分录所属的资金；专款专用的资金只能用于规定的科目'],
    ['是否有层级特征', '0'], ['档案编码规则', '']]);
  for (const { fund, name_zh, purpose_zh } of books.funds) {
    yield element('自定义档案项值', [['档案编码', FUNDS], ['档案值编码', fund], ['档案值名称', name_zh], ['档案值描述', purpose_zh],
      ['档案值父节点', ''], ['档案值级次', '1']]);
  }
  yield '</公共档案>\n';
}

// ── 总账 ─────────────────────────────────────────────────────────────────────────────────────────

/** 借, 贷 or 平, and the size of the balance without a sign. */
function sideAndSize(balance: Money): [side: string, size: string] {
  if (balance.isZero()) return ['平', '0.00'];
  return balance.isNegative() ? ['贷', moneyText(negated(balance))] : ['借', moneyText(balance)];
}

function balanceElement(period: Period, row: MonthBalance): string {
  const [opening_side, opening] = sideAndSize(row.opening);
  const [closing_side, closing] = sideAndSize(row.closing);
  const [debit, credit] = [moneyText(row.debit), moneyText(row.credit)];
  return element('科目余额及发生额', [
    ['科目编号', row.account], ['辅助项1编号', row.fund], ['期初余额方向', opening_side], ['期末余额方向', closing_side],
    ['币种编码', 'CNY'], ['计量单位', ''], ['会计年度', yearOf(period)], ['会计期间号', monthOf(period)],
    ['期初原币余额', opening], ['期初本币余额', opening], ['借方原币金额', debit], ['借方本币金额', debit],
    ['贷方原币金额', credit], ['贷方本币金额', credit], ['期末原币余额', closing], ['期末本币余额', closing],
  ]);
}

function voucherElement(entry: BookEntry, line: BookLine): string {
  const approvals = entry.signatures.filter((one) => one.decision === 'approve');
  return element('记账凭证', [
    ['记账凭证日期', compact(entry.entry_date)], ['会计年度', yearOf(entry.period)], ['会计期间号', monthOf(entry.period)],
    ['记账凭证类型编号', kindNumber[entry.kind]], ['记账凭证编号', entry.number.split('-').at(-1)], ['记账凭证行号', line.line],
    ['记账凭证摘要', entry.description], ['科目编号', line.account], ['辅助项1编号', line.fund], ['辅助项2编号', line.payee],
    ['币种编码', 'CNY'], ['计量单位', ''], ['借方原币金额', line.debit], ['借方本币金额', line.debit],
    ['贷方原币金额', line.credit], ['贷方本币金额', line.credit], ['汇率类型编号', ''], ['汇率', '1'],
    ['票据号', entry.reference], ['附件数', entry.vouchers.length], ['制单人', entry.made_by],
    // Bodies and offices: who it was stands under an opaque id in signatures.csv.
    ['审核人', approvals.map((one) => `${one.body}/${one.office}`).join(' ')], ['记账人', entry.made_by],
    ['记账标志', '1'], ['作废标志', '0'], ['凭证来源系统', `Mingzhang ${entry.seq}`],
  ]);
}

function* chart(books: Books): Generator<string> {
  yield `${DECLARED}<总账>\n${element('总账基础信息', [['结构分隔符', '-'], ['会计科目编号规则', '4-2'], ['现金流量项目编码规则', ''],
    ['凭证头可扩展字段结构', ''], ['凭证头可扩展结构对应档案', ''], ['分录行可扩展字段结构', ''], ['分录行可扩展字段对应档案', '']])}`;
  for (const account of books.accounts) {
    yield element('会计科目', [['科目编号', account.account], ['科目名称', account.name_zh], ['科目级次', account.parent === null ? 1 : 2],
      ['科目类型', classNames[account.class]], ['余额方向', sideOf(account.class) === 'debit' ? '借' : '贷']]);
  }
  for (const { account, funds } of usedPairs(books)) {
    if (funds.length === 0) continue;
    yield element('科目辅助核算', [['科目编号', account.account], ['辅助项编号', '1'], ['辅助项名称', '资金'], ['对应档案', FUNDS], ['辅助项描述', '']]);
    yield element('科目辅助核算', [['科目编号', account.account], ['辅助项编号', '2'], ['辅助项名称', '收款方'], ['对应档案', '供应商档案'], ['辅助项描述', '']]);
  }
}

type PagesOf = (books: Books) => AsyncIterable<BookEntry[]>;

async function* ledger(books: Books, year: string, periods: readonly Period[], pagesOf: PagesOf): AsyncGenerator<string> {
  yield* chart(books);
  for (const { period, rows } of monthEnds(books)) {
    if (yearOf(period) === year) yield rows.map((row) => balanceElement(period, row)).join('');
  }
  const months = { ...books, from: periods[0]!, to: periods.at(-1)! };
  for await (const page of pagesOf(months)) {
    yield page.flatMap((entry) => entry.lines.map((line) => voucherElement(entry, line))).join('');
  }
  yield '</总账>\n';
}

/** The files of the interface, a folder a year. */
export function interfaceFiles(house: House, books: Books, pagesOf: PagesOf = (own) => entryPages(house, own)): ZipFile[] {
  const years = Map.groupBy(periodsBetween(books.from, books.to), yearOf);
  return [
    { path: 'README.txt', content: interfaceReadme },
    ...[...years].flatMap(([year, periods]): ZipFile[] => [
      { path: `${year}/公共档案.xml`, content: [...archives(books, year, periods)].join('') },
      { path: `${year}/总账.xml`, content: ledger(books, year, periods, pagesOf) },
    ]),
  ];
}
