// Invariants (自查项目): what must be so in every set of books at every moment, as one list. Each is a sentence for people and one
// SQL that finds the places that contradict it: a column `place` that names an entry, an order, a month or a record, never a person
// or a dwelling. The doors and guards of the database keep all of them already; who asks again every night finds what came in
// past the doors: a repaired backup, a superuser's hand, a mistake of ours.
//   the SQL sees one estate ($estate), at one moment
import { bookInvariants } from './invariants-books.ts';
import { purposeInvariants } from './invariants-purpose.ts';
import { signedInvariants } from './invariants-signed.ts';

export interface Invariant {
  /** Name in records and addresses, never changed. */
  name: string;
  zh: string;
  en: string;
  /** Rows of places that contradict it, in the order to look at them; $estate is the estate's number. */
  sql: string;
}

export const invariants: readonly Invariant[] = [...bookInvariants, ...signedInvariants, ...purposeInvariants];
export const invariantNamed = (name: string): Invariant | undefined => invariants.find((one) => one.name === name);
