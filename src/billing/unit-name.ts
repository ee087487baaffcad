// Dwellings in free text (房号): "3-2-1002", "3栋2单元1002室", "3幢2单元10楼1002", "三栋二单元1002". Whoever pays writes what they
// like; a dwelling is found only where the text says all of it, never as a part of another's number: 13-2-1002 and
// 3-2-10021 are not 3-2-1002. Pure: no database.

export interface Dwelling { unit: string; ref: string }

/** Dwellings by their number as it is compared; made once for many texts. */
export interface DwellingIndex { readonly by_number: ReadonlyMap<string, readonly Dwelling[]> }

/** 03-2-1002 is 3-2-1002, and a-101 is A-101. */
const numberKey = (number: string): string => number.toUpperCase().split('-').map((part) => part.replace(/^0+(?=[0-9])/, '')).join('-');

export function indexDwellings(dwellings: readonly Dwelling[]): DwellingIndex {
  const by_number = new Map<string, Dwelling[]>();
  for (const dwelling of dwellings) {
    const key = numberKey(dwelling.unit);
    by_number.set(key, [...(by_number.get(key) ?? []), dwelling]);
  }
  return { by_number };
}

const digits: Readonly<Record<string, number>> = { 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9 };

/** 十二 → 12; as people number buildings and floors, so up to 99. */
function chineseNumber(text: string): string {
  const [tens, ones] = text.includes('十') ? text.split('十') as [string, string] : ['0', text];
  const value = (tens === '' ? 1 : digits[tens] ?? 0) * 10 + (ones === '' ? 0 : digits[ones] ?? 0);
  return value === 0 ? text : String(value);
}

const PART = '[0-9A-Z]{1,6}';
const BUILDING = '(?:栋|幢|棟|号楼|號樓|座|#楼|#)';
const STAIRWELL = '(?:单元|單元|门|梯)';
const wholeNumber = new RegExp(`(?<![0-9A-Z]|[0-9A-Z]-)(${PART}(?:-${PART}){1,3})(?![0-9A-Z]|-[0-9A-Z])`, 'g');
const withFloor = new RegExp(`(?<![0-9A-Z]|[0-9A-Z]-)(${PART}(?:-${PART}){0,1})-([0-9]{1,2})(?:楼|层|樓|F)-?([0-9]{1,5})(?![0-9A-Z]|-[0-9A-Z])`, 'g');

/** Words of building and stairwell become hyphens: "3栋2单元10楼1002室" → "3-2-10楼1002室". */
function hyphened(text: string): string {
  return text.normalize('NFKC').toUpperCase()
    .replace(/[\u2010-\u2015\u2212\uFE58\uFF0D~_/]/gu, '-')
    .replace(/([一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])(?=\s*(?:栋|幢|棟|号楼|座|单元|單元|门|梯|楼|层))/gu, (found) => chineseNumber(found))
    .replace(new RegExp(`(${PART})\\s*${BUILDING}\\s*-?\\s*(?=[0-9A-Z])`, 'gu'), '$1-')
    // "3楼2单元": there the word for a floor stands for the building.
    .replace(new RegExp(`(${PART})\\s*楼\\s*-?\\s*(?=${PART}\\s*${STAIRWELL})`, 'gu'), '$1-')
    .replace(new RegExp(`(${PART})\\s*${STAIRWELL}\\s*-?\\s*(?=[0-9A-Z])`, 'gu'), '$1-')
    .replace(/\s*-\s*/g, (found) => (found.includes('-') ? '-' : found)).replace(/-{2,}/g, '-')
    .replace(/([0-9])\s*(楼|层)\s*/gu, '$1$2');
}

/** Rooms that a floor and a number may mean: 10楼1002 → 1002; 10楼02 and 10楼2 → 1002. */
function roomsOf(floor: string, room: string): string[] {
  const story = String(Number(floor));
  const whole = room.replace(/^0+(?=[0-9])/, '');
  if (whole.length >= 3) return whole.startsWith(story) && whole.length === story.length + 2 ? [whole] : [];
  return [`${story}${room.padStart(2, '0')}`];
}

/** The dwellings a text names, each once, in the order of the text. */
export function dwellingsIn({ by_number }: DwellingIndex, text: string): Dwelling[] {
  const plain = hyphened(text);
  const found = new Map<string, Dwelling>();
  const take = (number: string): void => {
    const same = by_number.get(numberKey(number)) ?? [];
    const exact = same.filter(({ unit }) => unit.toUpperCase() === number);
    for (const dwelling of exact.length > 0 ? exact : same) found.set(dwelling.unit, dwelling);
  };
  const rest = plain.replace(withFloor, (whole, before: string, floor: string, room: string) => {
    for (const number of roomsOf(floor, room)) take(`${before}-${number}`);
    return ' '.repeat(whole.length);
  });
  for (const [, number] of rest.matchAll(wholeNumber)) take(number!);
  return [...found.values()];
}
