// Keys that sign the checkpoints of a log, and the witnesses who sign beside them: each is a record of the log itself,
// so that nobody brings a key of their own. The first key is believed on first sight, or because its holder was told
// it another way (on paper, in a resolution); every later one by a proposal that the bodies signed.
import { carriedOut } from './carrying-out.ts';
import type { Books, Moment } from './books.ts';
import { maybeText, textIn, wholeIn } from './fields.ts';
import { serves } from './offices.ts';

export function logKeyOpened(books: Books, { body, seq }: Moment): void {
  if (books.log_keys.size > 0) books.accuse('log_key_twice');
  books.log_keys.set(seq, textIn(body, 'vkey'));
}

export function logKeyChanged(books: Books, moment: Moment): void {
  const { body, seq } = moment;
  const vkey = textIn(body, 'new_vkey');
  const before = [...books.log_keys.values()].at(-1);
  const proposal = carriedOut(books, moment, ['log_key'], moment.day);
  const signed = proposal === undefined || (proposal.document['new_vkey'] === vkey && proposal.document['old_vkey'] === body['old_vkey']);
  if (!signed || (before !== undefined && before !== body['old_vkey'])) books.accuse('log_key_differs');
  books.log_keys.set(seq, vkey);
}

/** Algorithm and public key; the name before them is anybody's choice, and no cosignature covers it. */
const keyPart = (vkey: string): string => vkey.slice(-44);

/** Bodies whose members witness for a side; owners are nobody in the log. */
const sides: Readonly<Record<string, readonly string[]>> = { committee: ['committee'], street: ['street', 'community'], resident: [] };

/** Whether somebody serves in a body of the side on a day, in whatever office. */
export const isOfSide = (books: Books, { side, person }: { side: string; person: string | null }, day: string): boolean =>
  (side === 'resident' ? person === null : person !== null && (sides[side] ?? []).some((body) => serves(books, person, body, day, () => true).length > 0));

export function witnessEnrolled(books: Books, { body, day, seq }: Moment): void {
  const witness = wholeIn(body, 'witness');
  const [side, vkey, person] = [textIn(body, 'side'), textIn(body, 'vkey'), maybeText(body, 'person')];
  if (books.witnesses.has(witness) || [...books.witnesses.values()].some((one) => keyPart(one.vkey) === keyPart(vkey))) books.accuse('witness_twice', { witness });
  if (!isOfSide(books, { side, person }, day)) books.accuse('witness_not_of_side', { witness, side });
  books.witnesses.set(witness, { witness, side, vkey, person, seq, retired: null });
}

export function witnessRetired(books: Books, { body, seq }: Moment): void {
  const known = books.witnesses.get(wholeIn(body, 'witness'));
  if (known !== undefined) known.retired ??= seq;
}
