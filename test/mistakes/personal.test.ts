// What the scan of free texts finds and what it lets pass: every way in which people write an ID card, a telephone
// or a bank card by mistake, and what an accountant writes every day.
import fc from 'fast-check';
import t from 'tap';
import { personalIn, withoutPersonal } from '../../src/kernel/personal.ts';

const table: [what: string | null, text: string][] = [
  ['身份证号', '收 510123199001011408 停车费'],
  ['身份证号', '身份证51012319900101123x'],
  ['身份证号或证件号', '510123199001011234'],
  ['身份证号', '收 ５１０１２３１９９００１０１１４０８'],
  ['身份证号', '510123 19900101 1408'],
  ['身份证号或证件号', '510123-19900101-1234'],
  ['身份证号', '五一零一二三一九九零零一零一一四零八'],
  ['身份证号', '旧证 510123900101123'],
  ['身份证号', '5 1 0 1 2 3 1 9 9 0 0 1 0 1 1 4 0 8'],
  ['手机号', '业主13800138000交停车费'],
  ['手机号', '138 0013 8000 交'],
  ['手机号', '138.0013.8000'],
  ['手机号', '138·0013·8000'],
  ['手机号', '138—0013—8000'],
  ['手机号', '138 - 0013 - 8000'],
  ['手机号', '1380 0138 000'],
  ['手机号', '138 00138000'],
  ['手机号', '+86 138 0013 8000'],
  ['手机号', '+8613800138000'],
  ['手机号', '008613800138000'],
  ['手机号', '一三八零零一三八零零零'],
  ['手机号', '幺三八 〇〇幺三 八〇〇〇'],
  ['手机号', '1三8 0零1三 8〇00'],
  ['手机号', '①③⑧00138000'],
  ['手机号', '1-3-8-0-0-1-3-8-0-0-0'],
  ['手机号', '2026-10-05 13800138000 3栋'],
  ['手机号', '第13800138000一'],
  ['银行卡号', '卡号 6222021234567890128'],
  ['银行卡号', '6222 0212 3456 7890 12 转入'],
  ['银行卡号或账号', '6222-0212-3456-7890-123'],
  ['银行卡号', '6222.0202.1234.5679'],
  ['银行卡号或账号', '1234567890123456'],
  ['电话号码', '座机 028-85123456'],
  ['电话号码', '（028）85123456'],
  ['电话号码', '0571 8888 8888'],
  ['电话号码', '电话：85123456'],
  ['护照或通行证号', '护照 E12345678'],
  ['邮箱地址', '请发 li.si@example.cn'],
  // What passes.
  [null, '10月电梯维保费 7000.00 元，第 2026-10-05 号'],
  [null, '电子发票 24512000000012345678'],
  [null, '发票 2451 2000 0000 1234 5678'],
  [null, '发票代码 013001900111 号码 12345678、23456789'],
  [null, '发票 12345678 23456789'],
  [null, '物业费 2026-10-01 2026-12-31'],
  [null, '2026.10.01-2026.12.31 快递柜租金'],
  [null, '20261001-20261231'],
  [null, '13-2-1004 2026.10 物业费'],
  [null, '付款单 FK000123，合同 HT-2026-0138'],
  [null, '收 150 20261005 停车'],
  [null, '4101 4102 4103 4104 四户水费'],
  [null, '2023 2024 2025 2026 四年'],
  [null, '金额 13800138.00 元，合计 1,380,013,800.00 元'],
  [null, '138001380.00'],
  [null, '客服 95588，热线 400-820-8820，报修 12345'],
  [null, '凭证 010-20261005 附件 3 张'],
  [null, '二〇二六年十月至十二月，一三五栋'],
  [null, '统一社会信用代码 91510100MA6CXX123K'],
  [null, '流水 202610051234567890123456'],
  [null, '138****8000'],
  [null, 'mmexport1696500000000.jpg'],
  [null, '请求 550e8400-e138-4013-8000-446655440000'],
  [null, '存证 3f2a13800138000b9c41d5e6f7089a1b2c3d4e5f60718293a4b5c6d7e8f90123'],
  [null, '85㎡，单价 1.20'],
];

t.test('numbers of persons are found however they are written, and everyday figures pass', (t) => {
  for (const [what, text] of table) t.equal(personalIn(text)?.what ?? null, what, text);
  t.equal(personalIn('业主 138 0013 8000 交')?.excerpt, '138…00', 'only its ends are told');
  t.end();
});

t.test('a file name keeps everything but such numbers', (t) => {
  t.equal(withoutPersonal('身份证_510123199001011408_正面.jpg'), '身份证_***_正面.jpg');
  t.equal(withoutPersonal('张三 １３８００１３８０００.pdf'), '张三 ***.pdf');
  t.equal(withoutPersonal('微信图片_20261005123456.jpg'), '微信图片_20261005123456.jpg');
  t.end();
});

// ── Properties ───────────────────────────────────────────────────────────────────────────────────

const digits = (count: number) => fc.array(fc.nat({ max: 9 }), { minLength: count, maxLength: count }).map((all) => all.join(''));
const two = (value: number): string => String(value).padStart(2, '0');
const day = fc.record({ year: fc.integer({ min: 1990, max: 2035 }), month: fc.integer({ min: 1, max: 12 }), date: fc.integer({ min: 1, max: 28 }) });
const dayText = fc.tuple(day, fc.constantFrom('-', '.', '/', '年')).map(([{ year, month, date }, sign]) =>
  (sign === '年' ? `${year}年${month}月${date}日` : `${year}${sign}${two(month)}${sign}${two(date)}`));
const amount = fc.tuple(fc.integer({ min: 0, max: 9_999_999 }), fc.nat({ max: 99 })).map(([yuan, fen]) => `${yuan}.${two(fen)} 元`);
const dwelling = fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 33 }), fc.integer({ min: 1, max: 4 }))
  .map(([building, stairwell, floor, room]) => `${building}-${stairwell}-${floor}0${room}`);
const everyday = fc.oneof(dayText, amount, dwelling,
  fc.tuple(dayText, dayText).map((pair) => pair.join('至')),
  digits(20).map((number) => `发票${number}`), digits(8).map((number) => `发票号码 ${number}`), digits(6).map((number) => `付款单FK${number}`),
  fc.tuple(day, fc.integer({ min: 1, max: 999 })).map(([{ year, month }, number]) => `${year}-${two(month)} 收-${String(number).padStart(3, '0')}`),
  fc.constantFrom('电梯维保', '快递柜租金', '第四季度', '3 号楼', '停车费', '一期', '两台水泵', '公共电费 12345 度'));
const memo = fc.array(everyday, { minLength: 1, maxLength: 5 }).chain((parts) =>
  fc.constantFrom('，', '、', ' ', '；', ' / ').map((between) => parts.join(between)));

t.test('days, amounts, dwellings, invoices and references of orders pass in any company', (t) => {
  fc.assert(fc.property(memo, (text) => {
    const found = personalIn(text);
    if (found !== null) throw new Error(`${text}: ${found.what} ${found.excerpt}`);
  }), { numRuns: 20_000 });
  t.end();
});

const chinese = [...'零一二三四五六七八九'];
const styles = fc.constantFrom<(text: string) => string>(
  (text) => text,
  (text) => text.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
  (text) => text.replace(/\d/g, (digit) => chinese[Number(digit)]!),
  (text) => text.replace(/[02468]/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
);
const split = (number: string, shape: readonly number[], sign: string): string => {
  let from = 0;
  return shape.map((length) => number.slice(from, from += length)).concat(number.slice(from)).filter((part) => part !== '').join(sign);
};
const signs = fc.constantFrom(' ', '-', '—', ' - ');
const phone = fc.tuple(fc.integer({ min: 3, max: 9 }), digits(9)).map(([second, rest]) => `1${second}${rest}`);
const card = fc.tuple(fc.constantFrom('622202', '621700', '955880', '436742'), digits(13)).map((parts) => parts.join(''));
const id = fc.tuple(fc.constantFrom('510123', '110105', '440300', '310101'), day, digits(3), fc.constantFrom(...'0123456789X'))
  .map(([area, { year, month, date }, order, check]) => `${area}${year}${two(month)}${two(date)}${order}${check}`);
const typed = fc.oneof(
  fc.tuple(phone, fc.constantFrom([], [3, 4], [4, 4]), signs), fc.tuple(card, fc.constantFrom([], [4, 4, 4, 4], [4, 4, 4]), signs),
  fc.tuple(id, fc.constantFrom([], [6, 8]), signs),
).map(([number, shape, sign]) => ({ number, text: split(number, shape, sign) }));
const words = fc.constantFrom('', '业主', '停车费 ', '2026-10-05 ', '3栋', '收到：', '金额 100.00 元，');

t.test('a telephone, a bank card or an ID card is found in whatever company and style', (t) => {
  fc.assert(fc.property(typed, styles, words, words, ({ number, text }, style, before, after) => {
    // A telephone whose groups read as a day is one of the figures that pass.
    if (number.length === 11 && /^\d{3}(?:19|20)\d{2}/.test(number) && text !== number) return;
    if (number.length === 11 && /^\d{4}(?:19|20)\d{2}|^1\d{3}(?:0[1-9]|1[0-2])/.test(number) && text !== number) return;
    const whole = `${before}${/\d$/.test(before) ? ' ' : ''}${style(text)}${/^\d/.test(after) ? ' ' : ''}${after}`;
    if (personalIn(whole) === null) throw new Error(whole);
  }), { numRuns: 20_000 });
  t.end();
});
