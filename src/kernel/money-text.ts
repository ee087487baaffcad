// How an amount is written and read (金额的写法), on plain decimal text: no library, no Node, so
// that the browser shows the same separators and capital numerals while a person types.
// Money itself lives in money.ts, which writes and reads through this file.

/** What a JSON body or a form may say: digits, at most two places. */
export const MONEY_PATTERN = '^-?(0|[1-9][0-9]{0,11})(\\.[0-9]{1,2})?$';
const shape = new RegExp(MONEY_PATTERN);

/** "７，０００.5 元" → "7000.5": full-width digits, separators and a yuan sign are understood;
 *  anything that is not exactly an amount with at most two places gives null. */
export function plainAmount(typed: string): string | null {
  const plain = typed
    .normalize('NFKC')
    .trim()
    .replace(/^[¥￥]\s*/, '')
    .replace(/\s*元$/, '');
  const grouped = /^-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?$/;
  const text = grouped.test(plain) ? plain.replaceAll(',', '') : plain;
  return shape.test(text) ? text : null;
}

interface Parts {
  negative: boolean;
  whole: string;
  cents: string;
}

function partsOf(text: string): Parts {
  const [whole = '0', cents = ''] = text.replace(/^-/, '').split('.');
  const parts = { whole, cents: cents.padEnd(2, '0') };
  const zero = parts.whole === '0' && parts.cents === '00';
  return { negative: text.startsWith('-') && !zero, ...parts };
}

/** "-7000.5" → "−7,000.50": people. Negative amounts keep the true minus sign U+2212. */
export function groupedAmount(text: string): string {
  const { negative, whole, cents } = partsOf(text);
  return `${negative ? '\u2212' : ''}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${cents}`;
}

const digits = '零壹贰叁肆伍陆柒捌玖';
const places = ['', '拾', '佰', '仟'];
const groups = ['', '万', '亿', '兆'];

function capitalYuan(whole: string): string {
  let text = '';
  let pendingZero = false;
  for (let group = Math.ceil(whole.length / 4) - 1; group >= 0; group -= 1) {
    const part = whole.slice(Math.max(0, whole.length - (group + 1) * 4), whole.length - group * 4);
    let written = '';
    for (let i = 0; i < part.length; i += 1) {
      const digit = Number(part[i]);
      if (digit === 0) pendingZero = text !== '' || written !== '';
      else {
        written += (pendingZero ? '零' : '') + digits[digit] + places[part.length - 1 - i];
        pendingZero = false;
      }
    }
    if (written !== '') text += written + groups[group];
  }
  return text;
}

/** "7000" → 柒仟元整: the amount in capital Chinese numerals as on a Chinese bank slip
 *  (支付结算办法 附一: 到元为止写“整”, 角后可不写“整”, 连续的零写一个). */
export function capitalAmount(amount: string): string {
  const { negative, whole, cents } = partsOf(amount);
  const text = capitalYuan(whole);
  const jiao = Number(cents[0]);
  const fen = Number(cents[1]);
  let tail = '';
  if (jiao > 0) tail += (text !== '' && whole.endsWith('0') ? '零' : '') + digits[jiao] + '角';
  if (fen > 0) tail += (jiao === 0 && text !== '' ? '零' : '') + digits[fen] + '分';
  const yuan = text === '' ? (tail === '' ? '零元' : '') : `${text}元`;
  return (negative ? '负' : '') + yuan + (tail === '' ? '整' : tail);
}
