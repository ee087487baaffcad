// Whether one signature was lawful at its moment: who, for whom, over what, with which key.
import { createPublicKey, verify } from 'node:crypto';
import { dayAfter, type Approval, type Entry, type Judge, type Known } from './judge.ts';
import { canonicalText, sha256, type Body } from './judge-bytes.ts';

export const approvalsAfter = (known: Known): Approval[] => known.signatures.filter((one) => one.decision === 'approve');

export function judgeSignature(judge: Judge, known: Known, { body, seq, day }: Entry): void {
  const accuse = (law: string, detail = ''): void => judge.accuse(law, seq, detail);
  const person = body['person'] as string;
  const vote = (body['on_behalf_of'] ?? person) as string;
  const ratifies = body['decision'] === 'ratify';
  if (!ratifies && known.state !== 'submitted') accuse('signed after the end', `the proposal was ${known.state}`);
  if (ratifies && !['approved', 'executed'].includes(known.state)) accuse('ratified before it was approved', known.state);
  if (ratifies && known.ratified) accuse('ratified more than was asked');
  if (!ratifies && known.expires_on < day) accuse('signed after the last day', `${day} after ${known.expires_on}`);
  if (body['document_hash'] !== known.hash) accuse('signed over another document');
  if ([person, vote].includes(known.maker)) accuse('signed by the maker');
  if (known.concerned !== null && [person, vote].includes(known.concerned)) accuse('signed by whoever is paid or appointed');
  if (known.signatures.some((one) => one.person === person || one.vote === vote)) accuse('signed twice');
  judgeOffice(judge, known, { body, seq, day, person, vote });
  const rule = ratifies ? known.full_rule : known.rule;
  const turn = rule?.sequence.indexOf(body['body'] as string) ?? -1;
  if (rule?.bodies[body['body'] as string] === undefined) accuse('signed for a body that was not asked', body['body'] as string);
  if (body['decision'] === 'approve' && turn > 0) {
    const late = rule!.sequence.slice(0, turn).find((earlier) =>
      approvalsAfter(known).filter((one) => one.body === earlier).length < rule!.bodies[earlier]!);
    if (late !== undefined) accuse('signed out of turn', `before ${late}`);
  }
  if (rule?.passkey_only === true && body['decision'] !== 'reject' && body['method'] !== 'passkey') accuse('signed by a method the rule forbids');
  if (body['method'] === 'passkey') judgeKey(judge, known, body, seq);
}

interface Moment { body: Body; seq: number; day: string; person: string; vote: string }

function judgeOffice(judge: Judge, known: Known, { body, seq, day, person, vote }: Moment): void {
  const serves = (who: string, offices: (office: string) => boolean): boolean => [...judge.terms.values()].some((term) =>
    term.person === who && term.body === body['body'] && offices(term.office) && term.starts_on <= day && day <= term.ends_on);
  const ownRight = (office: string): boolean => !['cashier', 'deputy', 'auditor'].includes(office);
  if (!serves(vote, ownRight)) judge.accuse('signed without a term', seq, vote === person ? 'of the signer' : 'of the principal');
  if (vote === person) return;
  if (!serves(person, (office) => office === 'deputy')) judge.accuse('signed for another without being deputy', seq, '');
  const given = [...judge.delegations.values()].some((one) => one.principal === vote && one.delegate === person && one.body === body['body']
    && one.starts_on <= day && day <= one.ends_on && dayAfter(known.submitted_on, one.after_days) <= day);
  if (!given) judge.accuse('signed for another without a delegation', seq, '');
}

function judgeKey(judge: Judge, known: Known, body: Body, seq: number): void {
  const proof = body['evidence'] as Record<string, string>;
  const key = judge.keys.get(proof['credential_id']!);
  if (key === undefined || key.person !== body['person']) judge.accuse('signed with the key of somebody else', seq, '');
  else if (key.revoked) judge.accuse('signed with a revoked key', seq, '');
  const challenge = sha256(['mingzhang/sign/v1', body['decision'], canonicalText(known.document), proof['nonce'], proof['expires_at']].join('\n'));
  const client = Buffer.from(proof['client_data_json']!, 'base64url');
  const device = Buffer.from(proof['authenticator_data']!, 'base64url');
  if ((JSON.parse(client.toString()) as Body)['challenge'] !== challenge.toString('base64url')) {
    judge.accuse('a key signed something else', seq, '');
  }
  const signed = verify('sha256', Buffer.concat([device, sha256(client)]), es256(key?.public_key ?? ''), Buffer.from(proof['signature']!, 'base64url'));
  if (!signed) judge.accuse('a signature does not verify', seq, '');
  if (judge.nonces.has(proof['nonce']!)) judge.accuse('a challenge was used twice', seq, '');
  judge.nonces.add(proof['nonce']!);
}

/** COSE key of ES256 as the races make them: both coordinates stand at fixed places. */
function es256(public_key: string) {
  const bytes = Buffer.from(public_key, 'base64url');
  const part = (from: number): string => bytes.subarray(from, from + 32).toString('base64url');
  return createPublicKey({ key: { kty: 'EC', crv: 'P-256', x: part(10), y: part(45) }, format: 'jwk' });
}
