// A file that carries a part of a log and claims something of it: the PDF of a sealed disclosure, or the audit
// package of a whole log. Small parts are read at once, large ones when their turn comes.
import type { Locale } from '../kernel/locale.ts';
import { bytesOfHex, textOf } from '../proof/bytes.ts';
import { claimedCheckpoint, type Checkpoint } from '../proof/checkpoint.ts';
import type { Hash } from '../proof/tree.ts';
import type { BankHead } from './bank-chain.ts';
import { readHeads } from './bank-statements.ts';
import { fenOf } from './fen.ts';
import { bodiesIn, bodyIn, demandNames, isBody, listIn, Misshapen, readBody, readJson, textIn, textsIn, wholeIn, type Body } from './fields.ts';

export interface Source {
  /** Name as it was given; of a file within an archive both names. */
  file: string;
  kind: 'disclosure' | 'archive';
  sha256: string;
  estate: string;
  origin: string;
  /** Records before this one are not in the file: it holds those from start + 1 to the size of its checkpoint. */
  start: number;
  peaks: Hash[];
  /** Signed note; null of a package for which nothing could be signed. */
  note: string | null;
  /** What the note says, unchecked; of a package without one only its size. */
  checkpoint: Checkpoint | null;
  /** Last record in it. */
  size: number;
  keys: { vkey: string; seq: number }[];
  policy: string | null;
  /** The latest checkpoint that witnesses signed, and the proof that this one goes on from it. */
  witnessed: { note: string; consistency: Hash[] } | null;
  /** Of a whole log: all checkpoints that witnesses signed, latest first. */
  cosigned: string[];
  /** Unpacked, piece by piece. */
  records(): AsyncIterable<Uint8Array>;
  /** Earlier records with their proofs; null where the log is complete. */
  earlier: (() => AsyncIterable<Uint8Array>) | null;
  disclosure: Disclosure | null;
}

/** Opening balance and turnover of a month, fen. */
export interface BalanceRow { account: string; fund: string; opening: bigint; debit: bigint; credit: bigint }
export interface Standing { terms: Body[]; rules: Body[]; passkeys: Body[]; delegations: Body[] }
export interface Disclosure {
  period: string;
  version: number;
  facts_sha256: string;
  /** Records that figures and facts were drawn from. */
  drawn_at: number;
  balances: BalanceRow[];
  standing: Standing;
  /** What the bank had said before the file's records begin. */
  bank: BankHead[];
  figures(): Promise<Uint8Array>;
  entries(): Promise<Uint8Array>;
  /** Told from the head of entries.csv, once it was read. */
  locale: Locale | null;
  /** What accounts and funds are called in the figures, once they were read: no record says it. */
  names: ReadonlyMap<string, string>;
}

export const hashesIn = (body: Body, name: string): Hash[] => textsIn(body, name).map((text) => {
  const hash = bytesOfHex(text);
  if (hash.length !== 32) throw new Misshapen(name);
  return hash;
});

export const PERIOD = /^[1-9][0-9]{3}-(0[1-9]|1[0-2])$/;

export interface SealRead extends Pick<Source, 'estate' | 'origin' | 'start' | 'peaks' | 'size' | 'witnessed'> {
  period: string;
  version: number;
  note: string;
  checkpoint: Checkpoint;
}

/** seal.json. Misshapen or RangeError for anything else. */
export function readSeal(bytes: Uint8Array): SealRead {
  const seal = readBody(textOf(bytes));
  if (seal['format'] !== 'mingzhang/seal/v1') throw new Misshapen('format');
  demandNames(seal, ['format', 'estate', 'origin', 'period', 'version', 'start', 'checkpoint', 'witnessed']);
  const start = bodyIn(seal, 'start');
  demandNames(start, ['size', 'peaks']);
  const note = textIn(seal, 'checkpoint');
  const witnessed = seal['witnessed'] ?? null;
  if (witnessed !== null && !isBody(witnessed)) throw new Misshapen('witnessed');
  if (witnessed !== null) demandNames(witnessed, ['checkpoint', 'consistency']);
  const period = textIn(seal, 'period');
  if (!PERIOD.test(period)) throw new Misshapen('period');
  const checkpoint = claimedCheckpoint(note);
  const found = {
    estate: textIn(seal, 'estate'), origin: textIn(seal, 'origin'), period, version: wholeIn(seal, 'version'),
    start: wholeIn(start, 'size'), peaks: hashesIn(start, 'peaks'), note, checkpoint, size: checkpoint.size,
    witnessed: witnessed === null ? null : { note: textIn(witnessed, 'checkpoint'), consistency: hashesIn(witnessed, 'consistency') },
  };
  if (found.start < 0 || found.start > found.size) throw new Misshapen('start');
  return found;
}

export interface FactsRead { estate: string; period: string; version: number; size: number; keys: Source['keys']; policy: string | null; balances: BalanceRow[]; standing: Standing; bank: BankHead[] }

/** facts.json. */
export function readFacts(bytes: Uint8Array): FactsRead {
  const facts = readBody(textOf(bytes));
  if (facts['format'] !== 'mingzhang/seal-facts/v1') throw new Misshapen('format');
  // A month from before there were statements says nothing of the bank.
  demandNames(facts, ['format', 'estate', 'period', 'version', 'size', 'keys', 'policy', 'balances', 'standing', ...(facts['bank'] === undefined ? [] : ['bank'])]);
  const standing = bodyIn(facts, 'standing');
  return {
    estate: textIn(facts, 'estate'), period: textIn(facts, 'period'), version: wholeIn(facts, 'version'), size: wholeIn(facts, 'size'), keys: readKeys(listIn(facts, 'keys')),
    policy: facts['policy'] === '' ? null : textIn(facts, 'policy'),
    balances: bodiesIn(facts, 'balances').map((row) => ({
      account: textIn(row, 'account'), fund: textIn(row, 'fund'), opening: fenOf(row['opening']), debit: fenOf(row['debit']), credit: fenOf(row['credit']),
    })),
    standing: readStanding(standing), bank: facts['bank'] === undefined ? [] : readHeads(facts),
  };
}

export const readStanding = (standing: Body): Standing => ({
  terms: bodiesIn(standing, 'terms'), rules: bodiesIn(standing, 'rules'), passkeys: bodiesIn(standing, 'passkeys'), delegations: bodiesIn(standing, 'delegations'),
});

/** Keys of the log, oldest first. */
export function readKeys(list: readonly unknown[]): Source['keys'] {
  if (!list.every(isBody)) throw new Misshapen('keys');
  return (list as readonly Body[]).map((key) => ({ vkey: textIn(key, 'vkey'), seq: wholeIn(key, 'seq') }));
}

export const readList = (text: string): readonly unknown[] => {
  const value = readJson(text);
  if (!Array.isArray(value)) throw new Misshapen('list');
  return value;
};
