// Keys that sign the checkpoints of a log, and the witnesses who sign beside them: each is a record of the log itself,
// so that nobody brings a key of their own. The first key is believed on first sight, or because its holder was told
// it another way (on paper, in a resolution); every later one by a proposal that the bodies signed.
import { carriedOut } from './carrying-out.ts';
import type { Books, Moment } from './books.ts';
import { textIn, wholeIn } from './fields.ts';

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

export function witnessEnrolled(books: Books, { body }: Moment): void {
  const witness = wholeIn(body, 'witness');
  if (books.witnesses.has(witness)) books.accuse('witness_twice', { witness });
  books.witnesses.set(witness, { witness, side: textIn(body, 'side'), vkey: textIn(body, 'vkey'), retired: false });
}

export function witnessRetired(books: Books, { body }: Moment): void {
  const known = books.witnesses.get(wholeIn(body, 'witness'));
  if (known !== undefined) known.retired = true;
}
