// What looks like personal data in a text: numbers of ID cards, telephones, bank cards, passports, and mail
// addresses (PIPL §28; free text is the main leak). A number counts however it is written: full width, Chinese
// numerals, blanks, dashes or dots between its groups. What an accountant writes every day must pass: invoice
// numbers of 8 and 20 digits, amounts, days, references of orders, dwellings. Names cannot be told from words.

export type PersonalKind = 'id_card' | 'like_id_card' | 'mobile' | 'landline' | 'passport' | 'mail' | 'bank_card' | 'like_bank_card';
export interface Personal {
  kind: PersonalKind;
  what: string;
  what_en: string;
  /** As it is shown to whoever typed it: "138…00". */
  excerpt: string;
  /** Place in the text, in code points; the end is not included. */
  start: number;
  end: number;
}

// ── Reading digits ───────────────────────────────────────────────────────────────────────────────

const numerals = new Map([...'〇零○一壹幺二贰貳三叁參四肆五伍六陆陸七柒八捌九玖'].map((character) =>
  [character, String(['〇零○', '一壹幺', '二贰貳', '三叁參', '四肆', '五伍', '六陆陸', '七柒', '八捌', '九玖']
    .findIndex((same) => same.includes(character)))]));
const dashes = /[‐‑‒–—―−]/u;
const dots = /[·・•]/u;

/** One character for each, so that places stay what they are. A Chinese numeral is read as a digit where it stands
 *  beside another: "一期" and "四户" are words. */
function folded(characters: readonly string[], { chinese }: { chinese: boolean }): string[] {
  const plain = characters.map((character) => {
    const normal = character.normalize('NFKC');
    const one = [...normal].length === 1 ? normal : character;
    if (dashes.test(one)) return '-';
    return dots.test(one) ? '.' : one;
  });
  if (!chinese) return plain;
  const counts = (character: string | undefined): boolean => character !== undefined && (/\d/.test(character) || numerals.has(character));
  return plain.map((character, at) => (counts(plain[at - 1]) || counts(plain[at + 1]) ? numerals.get(character) ?? character : character));
}

/** Names made by machines are no numbers. */
const opaque = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?=\d*[a-f])[0-9a-f]{32,}/gi;

interface Group { digits: string; start: number; end: number; /** What stands between it and the group before. */ sign: string | null }

/** Groups of digits, with the sign before each where nothing else stands between: " ", "-", ".", "/", "_". */
function groupsOf(characters: readonly string[]): Group[] {
  const groups: Group[] = [];
  let between = '';
  for (let at = 0; at < characters.length; at += 1) {
    if (!/\d/.test(characters[at]!)) {
      between += characters[at]!;
      continue;
    }
    const start = at;
    while (at + 1 < characters.length && /\d/.test(characters[at + 1]!)) at += 1;
    const sign = /^(?: | ?[-._] ?)$/.test(between) ? between.trim() || ' ' : null;
    groups.push({ digits: characters.slice(start, at + 1).join(''), start, end: at + 1, sign: groups.length === 0 ? null : sign });
    between = '';
  }
  return groups;
}

// ── What a number is ─────────────────────────────────────────────────────────────────────────────

const isDay = (digits: string): boolean => /^(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/.test(digits);
const isMonth = (digits: string): boolean => /^(?:19|20)\d{2}(?:0[1-9]|1[0-2])$/.test(digits);
const isYear = (digits: string): boolean => /^(?:19|20)\d{2}$/.test(digits);

function saysDay(groups: readonly Group[]): boolean {
  return groups.some(({ digits }, index) => isDay(digits) || isMonth(digits)
    || (isYear(digits) && /^(?:0?[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])?$/.test(groups[index + 1]?.digits ?? '')));
}

const provinces = /^(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91)/;

/** 18 characters with a province and a birthday that exists. */
const isIdCard = (number: string): boolean =>
  /^\d{17}[\dX]$/.test(number) && provinces.test(number) && isDay(number.slice(6, 14));

/** The last character of an ID card follows from the others (GB 11643). */
function hasCheckDigit(number: string): boolean {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((all, weight, index) => all + weight * Number(number[index]), 0);
  return '10X98765432'[sum % 11] === number[17];
}

/** The last digit of a bank card follows from the others (Luhn). */
function hasLuhnDigit(number: string): boolean {
  const sum = [...number].reverse().reduce((all, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    return all + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

const isMobile = (number: string): boolean => /^1[3-9]\d{9}$/.test(number);
/** As issued until 1999: province, day of birth with two digits of the year, three more. */
const isOldIdCard = (number: string): boolean =>
  /^\d{15}$/.test(number) && provinces.test(number) && isDay(`19${number.slice(6, 12)}`);

type Named = Pick<Personal, 'kind' | 'what' | 'what_en'>;
const mobile: Named = { kind: 'mobile', what: '手机号', what_en: 'a mobile telephone number' };
const landline: Named = { kind: 'landline', what: '电话号码', what_en: 'a telephone number' };
const passport: Named = { kind: 'passport', what: '护照或通行证号', what_en: 'a passport number' };
const mail: Named = { kind: 'mail', what: '邮箱地址', what_en: 'an e-mail address' };
const idCard = (number: string): Named => (number.length === 15 || hasCheckDigit(number)
  ? { kind: 'id_card', what: '身份证号', what_en: 'an ID-card number' }
  : { kind: 'like_id_card', what: '身份证号或证件号', what_en: 'an ID-card or document number' });
const bankCard = (number: string): Named => (hasLuhnDigit(number)
  ? { kind: 'bank_card', what: '银行卡号', what_en: 'a bank-card number' }
  : { kind: 'like_bank_card', what: '银行卡号或账号', what_en: 'a bank-card or account number' });

/** A number written in one piece. */
function inOnePiece({ digits }: Group, next: string): Named | null {
  const number = digits.length === 17 && /[Xx]/.test(next) ? `${digits}X` : digits;
  if (isIdCard(number)) return idCard(number);
  if (isOldIdCard(digits)) return idCard(digits);
  if (isMobile(digits) || /^(?:00)?861[3-9]\d{9}$/.test(digits)) return mobile;
  return digits.length >= 16 && digits.length <= 19 ? bankCard(digits) : null;
}

const mobileShapes = new Set(['3-4-4', '3-8', '7-4', '4-4-3', Array(11).fill(1).join('-')]);
const idShapes = new Set(['6-8-4', '6-12', '14-4', '6-6-3']);
const MOST_GROUPS = 19;

/** A number written in groups, all with the same sign between them; `before` and `after` are the characters around it. */
function inGroups(groups: readonly Group[], before: string, after: string): Named | null {
  const sign = groups[1]!.sign;
  const next = after[0] ?? '';
  // "150 2000 3000.00" ends in an amount.
  if (/^\.\d/.test(after) && sign !== '.') return null;
  const joined = groups.map(({ digits }) => digits).join('');
  const shape = groups.map(({ digits }) => digits.length).join('-');
  const number = joined.length === 17 && /[Xx]/.test(next) ? `${joined}X` : joined;
  const last_one_less = groups.map(({ digits }, index) => digits.length + (index === groups.length - 1 && number.length > joined.length ? 1 : 0)).join('-');
  if (isIdCard(number) && (idShapes.has(last_one_less) || hasCheckDigit(number))) return idCard(number);
  if (isOldIdCard(joined) && idShapes.has(shape)) return idCard(joined);
  // "1380013.8000" may be a price; "138.0013.8000" is none.
  if (isMobile(joined) && mobileShapes.has(shape) && (sign !== '.' || groups.length > 2) && !saysDay(groups)) return mobile;
  // The numbers of entries read "收-028".
  if (before !== '-' && isLandline(groups) && !saysDay(groups)) return landline;
  return isCardInGroups(groups, joined) ? bankCard(joined) : null;
}

function isLandline([area, ...rest]: readonly Group[]): boolean {
  const local = rest.map(({ digits }) => digits).join('');
  return area!.sign === null && /^0(?:10|2\d|[3-9]\d{2})$/.test(area!.digits) && /^[2-8]\d{6,7}$/.test(local)
    && (rest.length === 1 ? rest[0]!.sign === '-' : rest.length === 2 && rest[1]!.digits.length === 4);
}

/** "6222 0212 3456 7890 123", "622202 1234567890123"; four numbers of four digits are a card only with its check digit. */
function isCardInGroups(groups: readonly Group[], joined: string): boolean {
  if (joined.length < 16 || joined.length > 19 || !/^[3-69]/.test(joined) || groups.every(({ digits }) => isYear(digits))) return false;
  const lengths = groups.map(({ digits }) => digits.length);
  if (lengths.every((length) => length === 1)) return true;
  const fours = lengths.length >= 4 && lengths.slice(0, -1).every((length) => length === 4);
  if (fours) return joined.length > 16 || hasLuhnDigit(joined);
  return lengths.length === 2 && [4, 6].includes(lengths[0]!) && hasLuhnDigit(joined);
}

// ── Looking through a text ───────────────────────────────────────────────────────────────────────

type Found = Named & { start: number; end: number };

function numbersIn(characters: readonly string[]): Found[] {
  const groups = groupsOf(characters);
  const found: Found[] = [];
  for (let from = 0; from < groups.length; from += 1) {
    const first = groups[from]!;
    for (let to = from; to < groups.length && to - from < MOST_GROUPS; to += 1) {
      const last = groups[to]!;
      if (to > from && (last.sign === null || last.sign !== groups[from + 1]!.sign)) break;
      const after = characters.slice(last.end, last.end + 2).join('');
      const part = groups.slice(from, to + 1);
      // Of the sign before the first group only a landline asks: its area code stands at the beginning.
      const begun = from > 0 && groups[from - 1]!.digits === '86' ? [{ ...first, sign: null }, ...part.slice(1)] : part;
      const named = to === from ? inOnePiece(first, after[0] ?? '') : inGroups(begun, characters[first.start - 1] ?? '', after);
      if (named !== null) found.push({ ...named, start: first.start, end: last.end });
    }
  }
  return found;
}

const written: [pattern: RegExp, named: Named][] = [
  [/[\w.+-]{1,64}@[a-z0-9-]{1,60}(?:\.[a-z0-9-]{1,60}){0,4}\.[a-z]{2,20}/gi, mail],
  [/(?<=(?:护照|通行证|passport)[^\d]{0,8})[A-Z]{1,2}\d{7,9}(?!\d)/gi, passport],
  [/(?<=(?:电话|座机|固话|\btel\.?|\bphone)[:：号码是为 ]{0,4})[2-8]\d{6,7}(?!\d)/gi, landline],
  [/\(0(?:10|2\d|[3-9]\d{2})\) ?[2-8]\d{6,7}(?!\d)/g, landline],
];

function wordsIn(characters: readonly string[]): Found[] {
  const text = characters.map((character) => (character.length === 1 ? character : ' ')).join('');
  return written.flatMap(([pattern, named]) => [...text.matchAll(pattern)].map((match) =>
    ({ ...named, start: match.index, end: match.index + match[0].length })));
}

/** Everything in a text that looks like personal data, in the order in which it stands there. */
export function personalParts(text: string): Personal[] {
  const plain = [...text.replace(opaque, (name) => ' '.repeat(name.length))];
  const found = [folded(plain, { chinese: false }), folded(plain, { chinese: true })].flatMap((characters) =>
    [...numbersIn(characters), ...wordsIn(characters)].map((one) => {
      const shown = characters.slice(one.start, one.end);
      return { ...one, excerpt: `${shown.slice(0, 3).join('')}…${shown.slice(-2).join('')}` };
    }));
  return found.sort((a, b) => a.start - b.start || b.end - a.end);
}

/** The first part of a text that looks like personal data; null where nothing does. */
export const personalIn = (text: string): Personal | null => personalParts(text)[0] ?? null;

/** A text with such parts crossed out, for names that come along with a file: "身份证_***.jpg". */
export function withoutPersonal(text: string): string {
  const characters = [...text];
  for (const { start, end } of personalParts(text)) characters.fill('*', start, end);
  return characters.join('').replace(/\*{3,}/g, '***');
}
