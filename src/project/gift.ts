// Money that comes in for a project, source by source.
//   households   借 1002 [p7_households]   贷 310203 [p7_households], naming the dwelling
//   others       借 1002 [p7_donation]     贷 310204 [p7_donation], and beside it who gave: named, masked or not shown, as the giver chose
// A giver's name is a text that can be erased; the log commits to it. How it is shown may be changed at any time: consent is taken back as it is given.
import { appendCommitted } from '../evidence/personal-value.ts';
import { appendRecord } from '../evidence/records.ts';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { constraintRefusal, inEstate, type Trx } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { moneyText, type Money } from '../kernel/money.ts';
import { once } from '../kernel/once.ts';
import { bookText, privateText } from '../kernel/text.ts';
import { lockEstate } from '../approval/proposal.ts';
import { unitNamed } from '../estate/queries.ts';
import { entryBody, type EntryLine } from '../ledger/entry.ts';
import { explainRefusal } from '../ledger/explain.ts';
import { isBooked, postEntries } from '../ledger/gate.ts';
import { readDay } from '../ledger/typed-entry.ts';
import { sourceAccounts, sourceNames, type Source } from './kinds.ts';
import { demandOpen, readPlan, type Shown, type SourceRow } from './queries.ts';
import { refusals } from './refusals.ts';
import { readAmount } from './step.ts';

export interface GiftTyped {
  source: string;
  amount: string;
  entry_date: string;
  /** Of households: the dwelling. */
  unit?: string | undefined;
  /** Of all others: who gave. */
  donor?: string | undefined;
  is_company?: boolean | undefined;
  shown?: string | undefined;
  bank_account?: string | undefined;
  reference?: string | undefined;
}
interface Asked { estate: Estate; actor: Actor | null; project: number; key?: string | null | undefined }
export type Received = { entry: number; gift: number | null; amount: string };

const isShown = (text: string): text is Shown => ['named', 'masked', 'anonymous'].includes(text);

async function refOfUnit(trx: Trx, estate_id: number, { source, unit = '' }: GiftTyped): Promise<string | undefined> {
  const typed = unit.normalize('NFKC').replace(/[\s\u2010-\u2015]/gu, (found) => (/\s/.test(found) ? '' : '-')).toUpperCase();
  if (source !== 'households') {
    if (typed !== '') throw refusals.gift_unit_unfit({}, 'unit');
    return undefined;
  }
  if (typed === '') throw refusals.gift_unit_missing({}, 'unit');
  const found = await unitNamed(trx, estate_id, typed) ?? await unitNamed(trx, estate_id, unit.trim());
  if (found === undefined) throw refusals.gift_unit_unknown({ unit: unit.slice(0, 40) }, 'unit');
  return found.ref;
}

function readDonor({ source, donor = '', shown = 'anonymous' }: GiftTyped): { name: string; shown: Shown } | null {
  if (source === 'households') return null;
  if (!isShown(shown)) throw refusals.gift_shown_unknown({ typed: shown.slice(0, 20) }, 'shown');
  if (donor.trim() === '') throw refusals.gift_donor_missing({}, 'donor');
  return { name: privateText(donor, { field: 'donor', label: '出资人、捐助人 giver', limit: 60 }), shown };
}

async function book(trx: Trx, { estate, actor, source, amount, ref, typed, title }: {
  estate: Estate; actor: Actor; source: SourceRow; amount: Money; ref: string | undefined; typed: GiftTyped; title: string;
}): Promise<number> {
  const { estate_id } = estate;
  const { bank_account = '1002', reference = '', entry_date } = typed;
  const credit: EntryLine = { account: sourceAccounts[source.source as Source], fund: source.fund, credit: amount, ...(ref === undefined ? {} : { unit: ref }) };
  const { rows: [size] } = await trx.selectFrom('log_head').select('size').where('estate_id', '=', estate_id).execute().then((rows) => ({ rows }));
  const body = entryBody({
    // The head of the log is locked: its size is a number no other entry has.
    kind: 'receipt', entry_date: readDay(entry_date, 'entry_date'), description: `${title}：${sourceNames[source.source].zh}`, key: `project:${source.fund}:${size!.size}`, made_by: actor.person_id,
    reference: reference.trim() === '' ? undefined : bookText(reference, { field: 'reference', label: '银行流水号 reference', limit: 60 }), postings: [{ account: bank_account, fund: source.fund, debit: amount }, credit],
  });
  const [result] = await postEntries(trx, estate_id, [body]);
  if (!isBooked(result!.status)) throw await explainRefusal(trx, estate_id, result!, body);
  return result!.seq!;
}

/** Books money of a source. Refusals: those of demand() for post_receipt, project_amount_invalid, gift_…, text_*, project_unknown, project_finished_already,
 *  project_not_open, project_source_unknown, those of post_entries(). */
export async function receiveGift(house: House, { estate, actor: asking, project, key = null, typed }: Asked & { typed: GiftTyped }): Promise<Received> {
  const { estate_id } = estate;
  const actor = demand(asking, estate_id, 'post_receipt');
  const amount = readAmount(typed.amount, 'amount');
  const donor = readDonor(typed);
  const once_key = key === null ? null : `project_gift:${actor.person_id}:${key}`;
  // The name is no part of what is compared when a button is pressed twice: it stays where it can be erased.
  const content = { project, source: typed.source, amount: moneyText(amount), entry_date: typed.entry_date, reference: typed.reference ?? '', shown: donor?.shown ?? '', bank_account: typed.bank_account ?? '' };
  return inEstate(house.db.app, estate_id, async (trx) => {
    const ref = await refOfUnit(trx, estate_id, typed);
    return once(trx, { estate_id, key: once_key, content: { ...content, unit: ref ?? '' } }, async (): Promise<Received> => {
      await lockEstate(trx, estate_id);
      await demandOpen(trx, estate_id, project);
      const { plan, sources } = await readPlan(trx, estate_id, project);
      const source = sources.find((row) => row.source === typed.source);
      if (source === undefined) throw refusals.project_source_unknown({ typed: typed.source.slice(0, 20), choices: sources.map((row) => row.source).join('、') }, 'source');
      const entry = await book(trx, { estate, actor, source, amount, ref, typed, title: plan.title_zh });
      if (donor === null) return { entry, gift: null, amount: moneyText(amount) };
      const seq = await appendCommitted(trx, estate_id, 'project_gift_received', {
        field: 'comment', value: donor.name, body: { amount: moneyText(amount), entry, project, shown: donor.shown, source: source.source },
      });
      try {
        const { gift_id } = await trx.insertInto('project_gift').values({ estate_id, project_id: project, source: source.source, entry, amount: moneyText(amount), shown: donor.shown, is_company: typed.is_company === true, seq })
          .returning('gift_id').executeTakeFirstOrThrow();
        return { entry, gift: gift_id, amount: moneyText(amount) };
      } catch (error) {
        throw constraintRefusal(error, { project_gift_unfit: () => refusals.gift_unfit() });
      }
    });
  }, { retryable: true });
}

/** How a giver is shown from now on. Refusals: those of demand() for post_receipt, gift_shown_unknown, gift_unknown. */
export async function nameGift(house: House, { estate, actor: asking, project, gift, shown }: Asked & { gift: number; shown: string }): Promise<void> {
  const { estate_id } = estate;
  demand(asking, estate_id, 'post_receipt');
  if (!isShown(shown)) throw refusals.gift_shown_unknown({ typed: shown.slice(0, 20) }, 'shown');
  await inEstate(house.db.app, estate_id, async (trx) => {
    const found = await trx.selectFrom('project_gift').select('gift_id').where('estate_id', '=', estate_id).where('project_id', '=', project).where('gift_id', '=', gift).executeTakeFirst();
    if (found === undefined) throw refusals.gift_unknown({ gift });
    const seq = await appendRecord(trx, estate_id, 'project_gift_naming_changed', { gift, project, shown });
    await trx.insertInto('project_gift_naming').values({ estate_id, gift_id: gift, seq, shown }).execute();
  });
}
