// Invitation codes: digits alone, so that old people type them on the number pad, in groups of
// four:
//   0017 3051 8462 9937 1048  =  number of the estate (three digits or more), 16 random digits, a
//      check digit
// 16 digits are 53 bits. The check digit (Damm) finds every single wrong digit and every swap of
// neighbours, so that a slip of the finger is told as one and counts as no guess.
import { randomInt } from 'node:crypto';

const RANDOM = 16;
export const CODE_DIGITS = 3 + RANDOM + 1;
const MOST_DIGITS = CODE_DIGITS + 7;

// Damm's totally anti-symmetric quasigroup of order ten.
const table = [
  '0317598642',
  '7092154863',
  '4206871359',
  '1750983426',
  '6123045978',
  '3674209581',
  '5869720134',
  '8945362017',
  '9438617205',
  '2581436790',
];

const checkOf = (digits: string): string => {
  let interim = 0;
  for (const digit of digits) interim = Number(table[interim]![Number(digit)]);
  return String(interim);
};

const digits = (count: number): string => String(randomInt(10 ** count)).padStart(count, '0');

export function newCode(estate_id: number): string {
  const body = String(estate_id).padStart(3, '0') + digits(RANDOM / 2) + digits(RANDOM / 2);
  return body + checkOf(body);
}

/** A code as typed or scanned, with the estate it names; null when digits are missing or wrong. */
export function readCode(typed: string): { code: string; estate_id: number } | null {
  const code = typed.normalize('NFKC').replace(/[\s\p{P}]+/gu, '');
  if (!/^\d+$/.test(code) || code.length < CODE_DIGITS || code.length > MOST_DIGITS) return null;
  // Over the check digit as well, a right code comes to 0.
  if (checkOf(code) !== '0') return null;
  const estate_id = Number(code.slice(0, -(RANDOM + 1)));
  return estate_id < 2 ** 31 ? { code, estate_id } : null;
}

/** In groups of four, as printed. */
export const spacedCode = (code: string): string => code.replace(/(\d{4})(?=\d)/g, '$1 ');
