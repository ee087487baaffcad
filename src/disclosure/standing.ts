// The facts beside a month's figures (facts.json in the PDF): which keys the log has, who may witness, what every
// account and fund held, who served under which rules, where the bank's statements stood before the month's records. They are drawn with the figures, at the same moment, and their
// SHA-256 is recorded before the month is printed; the verifier compares them with what the records say.
import type { Estate } from '../kernel/actor.ts';
import type { Json } from '../kernel/canonical.ts';
import type { Trx } from '../kernel/database.ts';
import { firstDay, type BusinessDate, type Period } from '../kernel/dates.ts';
import { logKeys } from '../evidence/log-key.ts';
import { readStanding } from '../office/standing.ts';
import { banksAt, rangeStart, witnessPolicy } from './seal-queries.ts';
import { runStatement } from './statements.ts';

interface BalanceRow { account: string; fund: string; opening: string; debit: string; credit: string }

/** Offices, rules, keys and delegations that were not over when the month began, as the tables say. */
async function standingFrom(trx: Trx, estate_id: number, first: BusinessDate): Promise<{ [name: string]: Json }> {
  const rules = await trx.selectFrom('rule').select(['rule_id as rule', 'kind', 'class', 'amount_from', 'amount_to', 'fund', 'payee_class',
    'in_sequence', 'notice_days', 'needs_resolution', 'passkey_only', 'month_cap', 'ratify_days', 'expires_days', 'valid_from', 'valid_to'])
    .where('estate_id', '=', estate_id).where((eb) => eb.or([eb('valid_to', 'is', null), eb('valid_to', '>=', first)]))
    .orderBy('rule_id').execute();
  const bodies = Map.groupBy(await trx.selectFrom('rule_body').select(['rule_id', 'body', 'signers', 'place'])
    .where('estate_id', '=', estate_id).orderBy('rule_id').orderBy('body').execute(), (row) => row.rule_id);
  return {
    ...await readStanding(trx, estate_id, first),
    rules: rules.map((rule) => ({
      ...rule, bodies: (bodies.get(rule.rule) ?? []).map(({ body, signers, place }) => ({ body, signers, place })),
    })),
  };
}

/** facts.json as a value; canonical() spells it. */
export async function drawFacts(trx: Trx, { estate_id, code }: Estate, { period, version, size }: { period: Period; version: number; size: number }): Promise<Json> {
  const keys = await logKeys(trx, estate_id);
  const first = firstDay(period);
  return {
    format: 'mingzhang/seal-facts/v1', estate: code, period, version,
    // Records these facts and the figures are drawn from.
    size,
    keys: keys.map(({ vkey, opened_seq }) => ({ vkey, seq: opened_seq })),
    policy: await witnessPolicy(trx, estate_id),
    balances: (await runStatement<BalanceRow>(trx, 'balances', { estate_id, period, today: first })) as unknown as Json,
    standing: await standingFrom(trx, estate_id, first),
    // Lines of the bank are counted from its first statement on: how many there were where the file's records begin.
    bank: await banksAt(trx, estate_id, await rangeStart(trx, estate_id, period)),
  };
}
