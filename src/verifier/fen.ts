// Amounts as whole fen, exact: a line of an entry is a number far below 2^53, sums are bigint. The verifier has its
// own arithmetic, without the one the books were made with, so that a fault there does not hide itself here.
import { Misshapen } from './fields.ts';

const LINE = /^(-?)(0|[1-9][0-9]{0,9})(?:\.([0-9]{1,2}))?$/;
const WIDE = /^(-?)(0|[1-9][0-9]{0,17})(?:\.([0-9]{1,2}))?$/;

/** "7000.00" → 700000; at most ten digits before the point, as post_entries() takes them. */
export function fen(text: unknown): number {
  const found = typeof text === 'string' ? LINE.exec(text) : null;
  if (found === null) throw new Misshapen('amount');
  const size = Number(found[2]) * 100 + Number((found[3] ?? '').padEnd(2, '0'));
  return found[1] === '-' && size !== 0 ? -size : size;
}

/** The same for sums, whose amounts may be larger. */
export function fenOf(text: unknown): bigint {
  const found = typeof text === 'string' ? WIDE.exec(text) : null;
  if (found === null) throw new Misshapen('amount');
  const size = BigInt(`${found[2]}${(found[3] ?? '').padEnd(2, '0')}`);
  return found[1] === '-' ? -size : size;
}

/** 700000 → "7000.00", as figures and documents spell it. */
export function yuan(amount: number | bigint): string {
  const size = (amount < 0 ? -BigInt(amount) : BigInt(amount)).toString().padStart(3, '0');
  return `${amount < 0 ? '-' : ''}${size.slice(0, -2)}.${size.slice(-2)}`;
}

/** Share of a part in per cent with one place, halves away from zero; null of nothing. */
export function share(part: bigint, whole: bigint): string | null {
  if (whole === 0n) return null;
  const [a, b] = [part < 0n ? -part : part, whole < 0n ? -whole : whole];
  const tenths = ((a * 2000n) / b + 1n) / 2n;
  const sign = part !== 0n && (part < 0n) !== (whole < 0n) ? '-' : '';
  return `${sign}${tenths / 10n}.${tenths % 10n}`;
}

/** Sums by key; a key that was never added to is nothing. */
export class Sums<K> {
  readonly #sums = new Map<K, bigint>();

  add(key: K, amount: number | bigint): void {
    this.#sums.set(key, (this.#sums.get(key) ?? 0n) + BigInt(amount));
  }

  of(key: K): bigint {
    return this.#sums.get(key) ?? 0n;
  }

  keys(): K[] {
    return [...this.#sums.keys()];
  }
}
