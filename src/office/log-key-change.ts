// Changing the log's key (更换存证密钥): the key that signs checkpoints is replaced by a proposal, signed by whomever a
// change of the rules asks (rule_for maps log_key to rule).
//   proposed → signed → changed: the old key ends, the new one signs from the next checkpoint on
//   superseded, where another change came first: constraint log_key_changed_meanwhile
// The service makes the new key pair before anybody is asked to sign, and never gives the secret part away; a key that it
// does not hold is refused, when it is proposed and again when it is carried out, for then nothing could be signed any
// more. A lost or stolen key file is changed the same way; old checkpoints are verified by the key of their time for ever.
import { presentKey, type LogKey } from '../evidence/log-key.ts';
import { estateToday } from '../evidence/records.ts';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import type { Json } from '../kernel/canonical.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import type { BusinessDate } from '../kernel/dates.ts';
import type { House, LogKeys } from '../kernel/house.ts';
import { notify } from '../kernel/notice.ts';
import { once } from '../kernel/once.ts';
import { bookText } from '../kernel/text.ts';
import { draftProposal, lockEstate, submitProposal } from '../approval/proposal.ts';
import { readResolution, type ResolutionTyped } from '../approval/resolution.ts';
import { refusals } from './log-key-change-refusals.ts';
import { byConstraint, carryOutChange } from './carrying-out.ts';
import { signersFor, type Signers } from './signers.ts';

export const REASON_LIMIT = 200;
const TITLE = '更换存证密钥';
const TITLE_EN = "Change of the log's key";

export interface LogKeyAsked {
  estate: Estate;
  actor: Actor;
  reason: string;
  /** A key the service holds already; without it one is made. */
  vkey?: string | undefined;
  resolution?: ResolutionTyped | undefined;
  /** Idempotency key; null: every call is a new proposal. */
  key?: string | null | undefined;
}
/** A type alias, so that it is JSON to once(). */
export type LogKeyProposed = { proposal_id: number; document_hash: string; new_vkey: string };

/** Proposes another key for signing. Refusals in this order: not_allowed, text_*, log_key_folder_missing, log_key_none,
 *  log_key_proposed, log_key_needs_signer, those of readResolution(), log_key_not_held, rule_missing. */
export async function proposeLogKeyChange(house: House, asked: LogKeyAsked): Promise<LogKeyProposed> {
  const { estate, actor, vkey, resolution, key = null } = asked;
  const { estate_id } = estate;
  demand(actor, estate_id, 'propose');
  const reason = bookText(asked.reason, { field: 'reason', label: '理由 reason', limit: REASON_LIMIT });
  const keys = house.log_keys ?? null;
  if (keys === null) throw refusals.log_key_folder_missing();
  const once_key = key === null ? null : `log_key:${actor.person_id}:${key}`;
  const content = { reason, vkey: vkey ?? null, resolution: { ...resolution } } as Json;
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key: once_key, content }, async () => {
    await lockEstate(trx, estate_id);
    const present = await presentKey(trx, estate_id);
    if (present === null) throw refusals.log_key_none();
    await refuseTwice(trx, estate_id);
    const today = await estateToday(trx, estate_id);
    const { rule, refusal } = await ruleForKey(trx, estate, actor, today);
    if (refusal !== null) throw refusal;
    const signed = await readResolution(trx, estate_id, resolution, { today, needed: rule?.needs_resolution === true });
    const new_vkey = vkey === undefined ? await keys.create(present.origin) : await heldKey(keys, trx, { estate_id, vkey, present });
    const row = { title: TITLE, amount: null, fund: null };
    const proposal_id = await draftProposal(trx, { estate_id, kind: 'log_key', made_by: actor.person_id, ...row });
    const { document_hash } = await submitProposal(trx, {
      estate, proposal_id, actor, ...row,
      content: { old_vkey: present.vkey, new_vkey, reason, title_en: TITLE_EN, ...(signed === null ? {} : { resolution: signed }) },
    });
    return { proposal_id, document_hash, new_vkey };
  }));
}

/** A key that somebody names must lie in the folder, be of this log, and be none that was used. */
async function heldKey(keys: LogKeys, trx: Trx, { estate_id, vkey, present }: { estate_id: number; vkey: string; present: LogKey }): Promise<string> {
  const used = await trx.selectFrom('log_key').select('key_id').where('estate_id', '=', estate_id).where('vkey', '=', vkey).executeTakeFirst();
  const held = vkey.startsWith(`${present.origin}+`) && await keys.holds(vkey);
  if (used !== undefined || !held) throw refusals.log_key_not_held({ vkey: shortKey(vkey) }, 'vkey');
  return vkey;
}

/** "books.example.cn/shili+1a2b3c4d+…": enough to tell keys apart in a sentence. */
export const shortKey = (vkey: string): string => `${vkey.split('+').slice(0, 2).join('+').slice(0, 80)}…`;

async function refuseTwice(trx: Trx, estate_id: number): Promise<void> {
  const open = await trx.selectFrom('proposal').select('proposal_id').where('estate_id', '=', estate_id).where('kind', '=', 'log_key')
    .where('state', 'in', ['submitted', 'held', 'approved']).limit(1).executeTakeFirst();
  if (open !== undefined) throw refusals.log_key_proposed({ proposal: open.proposal_id });
}

/** The rule that answers today, and whether it can be satisfied when this person proposes: whoever proposes does not sign. */
export const ruleForKey = (trx: Trx, estate: Estate, actor: Actor, today: BusinessDate): Promise<Signers> =>
  signersFor(trx, estate, actor, { kind: 'log_key', today, too_few: (facts) => refusals.log_key_needs_signer(facts) });

// ── Carrying out ─────────────────────────────────────────────────────────────────────────────────

/** Changes the key by an approved proposal; called again it does nothing. Refusals: waits_for_notice, waits_for_answer,
 *  log_key_folder_missing, log_key_not_held (it stays approved), change_not_approved, change_not_possible (it is superseded). */
export async function executeLogKeyChange(house: House, estate: Estate, proposal_id: number): Promise<void> {
  const meanwhile = () => refusals.log_key_changed_meanwhile();
  await carryOutChange(house, estate, proposal_id, {
    door: 'change_log_key', done: 'changed', already: 'already_changed', not_approved: () => refusals.log_key_not_approved({ proposal: proposal_id }),
    before: (_trx, document) => refuseUnheld(house, String(document['new_vkey'])),
    after: (trx) => tellOfficers(trx, estate, proposal_id),
    impossible: byConstraint({ log_key_changed_meanwhile: meanwhile, log_key_once: meanwhile, log_key_shape: meanwhile, log_key_of_origin: meanwhile }),
  });
}

/** With a key that is not in the folder nothing could be signed any more. */
async function refuseUnheld(house: House, vkey: string): Promise<void> {
  const keys = house.log_keys ?? null;
  if (keys === null) throw refusals.log_key_folder_missing();
  if (!await keys.holds(vkey)) throw refusals.log_key_not_held({ vkey: shortKey(vkey) });
}

/** Everybody in office: the new key belongs on paper, and those who witness will be told of it by their device. */
async function tellOfficers(trx: Trx, { estate_id, code }: Estate, proposal_id: number): Promise<void> {
  const today = await estateToday(trx, estate_id);
  const rows = await trx.selectFrom('term').select('person_id').distinct().where('estate_id', '=', estate_id)
    .where('starts_on', '<=', today).where('ends_on', '>=', today).orderBy('person_id').execute();
  await notify(trx, {
    estate_id, person_ids: rows.map((row) => row.person_id), key: `log_key:${proposal_id}`, href: `/e/${code}/log/key`,
    text: {
      zh: '存证密钥已按签批单更换。请把新公钥贴到公告栏；以前的检查点仍用旧公钥验证。',
      en: "The log's key was changed by proposal. Put the new public key on the notice board; older checkpoints are still verified by the old one.",
    },
  });
}

