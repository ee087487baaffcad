// A new estate (建账): its row and log, bodies, chart of accounts, funds, rules, bank account and
// dwellings and first persons with their offices, all in one transaction. The demo estate comes into
// being here as any other does.
import type { Preset } from './approval/presets.ts';
import { openRules } from './approval/rules.ts';
import { openBankAccount } from './bank/account.ts';
import { openEstateRow, type NewEstateRow } from './estate/estate.ts';
import { enterUnits, type NewUnit } from './estate/units.ts';
import type { BodyKind, Estate, Office } from './kernel/actor.ts';
import type { Trx } from './kernel/database.ts';
import type { House } from './kernel/house.ts';
import { openAccounts } from './ledger/accounts.ts';
import { openBody, type NewBody } from './people/body.ts';
import { checkPerson, writePerson, type NewPerson as NewIdentity } from './people/person.ts';
import { appoint } from './people/term.ts';
import type { NewRule } from './approval/kinds.ts';

export interface NewEstate extends NewEstateRow {
  bank: { name_zh: string; name_en: string; bank_name: string; account_last4: string };
  units: NewUnit[];
  /** Signing rules to begin with; by default those of the mode. */
  preset?: Preset | undefined;
  /** First rules other than those of a preset. */
  rules?: NewRule[] | undefined;
  /** Sides other than the usual six, their names and forms; the two with keys are always among them. */
  bodies?: readonly Omit<NewBody, 'estate_id'>[] | undefined;
  /** What belongs to the same moment, in the same transaction. */
  also?: ((trx: Trx, opened: Opened) => Promise<void>) | undefined;
}

export interface NewPerson extends NewIdentity {
  terms: { body: BodyKind; office: Office; starts_on: string; ends_on: string; resolution: string }[];
}

function bodiesOf(spec: NewEstate): readonly Omit<NewBody, 'estate_id'>[] {
  return spec.bodies ?? [
    { body: 'property', name_zh: '物业公司', name_en: 'Property company' },
    { body: 'committee', name_zh: spec.mode === 'self_managed' ? '业主自管委员会' : '业主委员会', name_en: "Owners' committee" },
    { body: 'supervisor', name_zh: '监事会', name_en: 'Supervisors' },
    { body: 'community', name_zh: '社区', name_en: 'Community' },
    { body: 'street', name_zh: '街道办事处', name_en: 'Street office' },
    { body: 'auditor', name_zh: '审计', name_en: 'Auditor' },
  ];
}

export interface Opened { estate: Estate; person_ids: string[] }

/** Opens an estate with its first officers. Refusals of the slices: code or login taken, bad figures, bad
 *  units, weak passwords, one person with both keys; nothing is half done. */
export async function openEstate(house: House, spec: NewEstate, officers: readonly NewPerson[] = []): Promise<Opened> {
  const { bank, units, preset, rules, bodies: _bodies, also, ...row } = spec;
  const persons = await Promise.all(officers.map(async ({ terms, ...person }) => ({ terms, checked: await checkPerson(house, person) })));
  const person_ids: string[] = [];
  const estate = await openEstateRow(house, row, async (trx, opened) => {
    const { estate_id } = opened;
    for (const body of bodiesOf(spec)) await openBody(trx, { estate_id, ...body });
    await openAccounts(trx, estate_id, `${spec.first_period}-01`);
    await openRules(trx, { estate_id, mode: spec.mode, preset, rules, valid_from: `${spec.first_period}-01` });
    await openBankAccount(trx, { estate_id, account: '1002', ...bank });
    if (units.length > 0) await enterUnits(trx, estate_id, units);
    for (const { checked, terms } of persons) {
      const person_id = await writePerson(trx, checked);
      person_ids.push(person_id);
      for (const term of terms) await appoint(trx, { estate_id, person_id, ...term });
    }
    await also?.(trx, { estate: opened, person_ids });
  });
  return { estate, person_ids };
}
