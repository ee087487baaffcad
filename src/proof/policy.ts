// Which witnesses must have signed a checkpoint (c2sp.org/tlog-policy): a text that other tools read as well.
//   ours: quorum = committee AND (street office OR resident), each by any one of its witnesses
// While one side has no witness at all the file says "quorum none": the format cannot ask for somebody who does not
// exist, and readers are told so by Policy.quorum.
import { readCheckpoint, type Checkpoint } from './checkpoint.ts';
import { COSIGNATURE, cosignatureTime, ED25519, readVerifierKey, type VerifierKey } from './note.ts';
import { hexOf } from './bytes.ts';

export type WitnessGroup = 'committee' | 'street' | 'resident';
export interface PolicyWitness { name: string; group: WitnessGroup; vkey: string }

interface Group { name: string; threshold: number; members: string[] }

export interface Policy {
  /** Any of them may have signed. */
  logs: VerifierKey[];
  witnesses: { name: string; key: VerifierKey }[];
  groups: Group[];
  /** Name of a witness or a group; "none" asks for nobody. */
  quorum: string;
}

export const EITHER = 'street-or-resident';
export const QUORUM = 'committee-and-street-or-resident';
const NONE = 'none';

/** The policy of an estate. `log`: its keys, newest last; witnesses by names that tell them apart, without spaces.
 *  RangeError for keys of the wrong kind, names or keys that come twice. */
export function policyText({ log, witnesses }: { log: string | readonly string[]; witnesses: readonly PolicyWitness[] }): string {
  const lines = (typeof log === 'string' ? [log] : log).map((vkey) => `log ${vkey}`);
  const groups: string[] = [];
  for (const group of ['committee', 'street', 'resident'] as const) {
    const members = witnesses.filter((one) => one.group === group);
    lines.push(...members.map(({ name, vkey }) => `witness ${name} ${vkey}`));
    if (members.length > 0) groups.push(`group ${group} any ${members.map(({ name }) => name).join(' ')}`);
  }
  const has = (group: WitnessGroup): boolean => witnesses.some((one) => one.group === group);
  const either = (['street', 'resident'] as const).filter(has);
  if (either.length > 0) groups.push(`group ${EITHER} any ${either.join(' ')}`);
  if (has('committee') && either.length > 0) groups.push(`group ${QUORUM} all committee ${EITHER}`, `quorum ${QUORUM}`);
  else groups.push('# One side has no witness yet: committee AND (street OR resident) cannot be asked for.', `quorum ${NONE}`);
  const text = [...lines, ...groups, ''].join('\n');
  readPolicy(text);
  return text;
}

// ── Reading ──────────────────────────────────────────────────────────────────────────────────────

const MOST_LINES = 1_000;

/** Reads a policy file. RangeError for anything the specification does not allow, and for keys of a kind that is not
 *  checked here. */
export function readPolicy(text: string): Policy {
  if (/[^\t\n\u0020-\u007e\u0080-\u{10ffff}]|\p{Surrogate}/u.test(text) || !text.endsWith('\n')) throw new RangeError('not a policy');
  const lines = text.slice(0, -1).split('\n');
  if (lines.length > MOST_LINES) throw new RangeError('not a policy: too long');
  const reader = new Reader();
  for (const line of lines) {
    const items = line.split(/[ \t]+/).filter((item) => item !== '');
    if (items.length > 0 && !items[0]!.startsWith('#')) reader.read(items);
  }
  return reader.policy();
}

class Reader {
  readonly #logs: VerifierKey[] = [];
  readonly #witnesses: Policy['witnesses'] = [];
  readonly #groups: Group[] = [];
  readonly #members = new Set<string>();
  #quorum: string | null = null;

  read(items: readonly string[]): void {
    const [word, ...rest] = items;
    if (word === 'log' && (rest.length === 1 || rest.length === 2)) this.#log(rest[0]!);
    else if (word === 'witness' && (rest.length === 2 || rest.length === 3)) this.#witness(rest[0]!, rest[1]!);
    else if (word === 'group' && rest.length >= 3) this.#group(rest[0]!, rest[1]!, rest.slice(2));
    else if (word === 'quorum' && rest.length === 1) this.#demandQuorum(rest[0]!);
    else throw new RangeError('not a line of a policy');
  }

  policy(): Policy {
    if (this.#quorum === null) throw new RangeError('not a policy: it has no quorum');
    return { logs: this.#logs, witnesses: this.#witnesses, groups: this.#groups, quorum: this.#quorum };
  }

  #knows(name: string): boolean {
    return [...this.#witnesses, ...this.#groups].some((one) => one.name === name);
  }

  #demandNew(name: string): void {
    if (name === NONE || this.#knows(name)) throw new RangeError(`the name ${name} stands for something already`);
  }

  #log(vkey: string): void {
    const key = readVerifierKey(vkey);
    if (key.algorithm !== ED25519 || this.#logs.some((one) => alike(one, key))) throw new RangeError('not a key of a further log');
    this.#logs.push(key);
  }

  #witness(name: string, vkey: string): void {
    this.#demandNew(name);
    const key = readVerifierKey(vkey);
    if (key.algorithm !== COSIGNATURE || this.#witnesses.some((one) => alike(one.key, key))) throw new RangeError('not a key of a further witness');
    this.#witnesses.push({ name, key });
  }

  #group(name: string, asked: string, members: string[]): void {
    this.#demandNew(name);
    for (const member of members) {
      if (!this.#knows(member) || this.#members.has(member)) throw new RangeError(`${member} is no member that is free`);
      this.#members.add(member);
    }
    const threshold = asked === 'any' ? 1 : asked === 'all' ? members.length : /^[1-9][0-9]{0,3}$/.test(asked) ? Number(asked) : 0;
    if (threshold < 1 || threshold > members.length) throw new RangeError('a group cannot ask for so many');
    this.#groups.push({ name, threshold, members });
  }

  #demandQuorum(name: string): void {
    if (this.#quorum !== null || (name !== NONE && !this.#knows(name))) throw new RangeError('not a quorum');
    this.#quorum = name;
  }
}

const alike = (a: VerifierKey, b: VerifierKey): boolean => hexOf(a.public_key) === hexOf(b.public_key);

// ── Judging ──────────────────────────────────────────────────────────────────────────────────────

export interface Judged {
  satisfied: boolean;
  /** What is still asked for, by name: "committee", "street-or-resident"; or a witness. */
  missing: string[];
}

/** Judges which witnesses signed, by their names in the policy: those of judgeNote(). */
export function judgePolicy(policy: Policy, names: Iterable<string>): Judged {
  const signed = new Set(names);
  const met = (name: string): boolean => {
    const group = policy.groups.find((one) => one.name === name);
    return group === undefined ? signed.has(name) : group.members.filter(met).length >= group.threshold;
  };
  const missingOf = (name: string): string[] => {
    const group = policy.groups.find((one) => one.name === name);
    if (met(name)) return [];
    return group !== undefined && group.threshold === group.members.length && group.members.length > 1
      ? group.members.flatMap(missingOf) : [name];
  };
  if (policy.quorum === NONE) return { satisfied: true, missing: [] };
  return { satisfied: met(policy.quorum), missing: missingOf(policy.quorum) };
}

export interface Witnessed {
  /** Name in the policy. */
  name: string;
  /** Seconds since 1970. */
  time: number;
}

/** Opens a checkpoint with the keys of a policy: which witnesses signed, when, and whether that is enough. RangeError
 *  as readCheckpoint(). */
export function judgeNote(policy: Policy, note: string): Judged & { checkpoint: Checkpoint; witnesses: Witnessed[] } {
  const { checkpoint, signatures } = readCheckpoint(note, [...policy.logs, ...policy.witnesses.map(({ key }) => key)]);
  const witnesses = signatures.flatMap(({ key, signature }) => {
    const witness = policy.witnesses.find((one) => one.key === key);
    return witness === undefined ? [] : [{ name: witness.name, time: cosignatureTime(signature)! }];
  });
  return { ...judgePolicy(policy, witnesses.map(({ name }) => name)), checkpoint, witnesses };
}

