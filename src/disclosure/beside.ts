// What the disclosure says beside the books: how owners' questions stand, the year's budget, projects by source, surveys, the nightly
// checks. Each is drawn in the transaction of the figures; each is absent where the estate has nothing of it.
import type { Trx } from '../kernel/database.ts';
import type { DisclosureFigures, VoiceRow } from '../../reports/monthly-disclosure/figures.ts';
import { runStatement, type Parameters } from './statements.ts';

export type Beside = Pick<DisclosureFigures, 'voice' | 'budget' | 'projects' | 'surveys' | 'checks'>;

/** Undefined where nobody has ever asked anything. */
async function readVoice(trx: Trx, parameters: Parameters): Promise<VoiceRow | undefined> {
  const [row] = await runStatement<VoiceRow>(trx, 'voice', parameters);
  return row;
}

/** Only what is there: an estate without a budget has no such member, as disclosures of before budgets have none. */
export async function readBeside(trx: Trx, parameters: Parameters): Promise<Beside> {
  const voice = await readVoice(trx, parameters);
  return { ...(voice === undefined ? {} : { voice }) };
}
