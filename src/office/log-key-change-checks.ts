// What the program looks at for whoever signs another key for the log: shown above the buttons.
import { latestCheckpoint } from '../evidence/checkpointer.ts';
import { presentKey } from '../evidence/log-key.ts';
import type { Trx } from '../kernel/database.ts';
import type { LogKeys } from '../kernel/house.ts';
import { fill } from '../kernel/locale.ts';
import { readProposal } from '../approval/queries.ts';
import { emptySeats, type OfficeCheck } from './checks.ts';
import { texts } from './log-key-change-texts.ts';

const check = (state: OfficeCheck['state'], name: keyof typeof texts, facts: Record<string, string | number> = {}): OfficeCheck =>
  ({ state, text_zh: fill(texts[name].zh, facts), text_en: fill(texts[name].en, facts) });

export async function logKeyChecks(keys: LogKeys | null, trx: Trx, estate_id: number, proposal_id: number): Promise<OfficeCheck[]> {
  const document = (await readProposal(trx, estate_id, proposal_id))?.document ?? null;
  if (document === null) return [];
  const held = keys !== null && await keys.holds(String(document['new_vkey']));
  const present = await presentKey(trx, estate_id);
  const is_present = present?.vkey === document['old_vkey'];
  const size = (await latestCheckpoint(trx, estate_id))?.size ?? null;
  return [
    check(held ? 'ok' : 'refused', held ? 'held' : 'unheld'),
    ...(present?.vkey === document['new_vkey'] ? [] : [check(is_present ? 'ok' : 'attention', is_present ? 'old_is_present' : 'old_is_not')]),
    size === null ? check('ok', 'never') : check('ok', 'last', { size }),
    ...await emptySeats(trx, estate_id, proposal_id),
  ];
}
