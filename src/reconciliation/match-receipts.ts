// Credits and what they are for: bills of a dwelling, a payer who is known, interest of the bank.
//   certain   the dwelling is named in full (or by the bank's number for it) and the amount is exactly its oldest open
//             bill, or the oldest two, three …; a payer of whom people confirmed twice what they pay for; interest, once
//             confirmed. Each only where no entry in the books may be the same money.
//   proposed  the dwelling is named, but the amount is another; only the payer's name is known; all that a rule does not
//             book by itself. The bills it would pay are shown.
// A rule knows a payer by a hash of the account, or of the name where the bank gives no account.
import { sha256Hex } from '../kernel/digest.ts';
import { money, moneyText, sum, zero } from '../kernel/money.ts';
import { nameKey, plainNumber, type OpenBill } from '../billing/queries.ts';
import { FEE_FUND } from '../billing/receipt.ts';
import { dwellingsIn } from '../billing/unit-name.ts';
import { accountKey, type Candidate, type OpenLine, type ReceiptPlan, type Rule, type Why } from './candidate.ts';
import { hasWords, isTheBank } from './match-orders.ts';
import { candidate, groupBy, isOut, type Matching, type Sources } from './matching.ts';

export const INTEREST = '4107';
/** Confirmations after which a rule books by itself, unless a person says otherwise. */
export const CONFIRMED: Record<Rule['kind'], number> = { fee: 0, interest: 1, receipt: 2 };
export const booksByItself = (rule: Pick<Rule, 'kind' | 'by_itself' | 'confirmations'>): boolean => rule.by_itself ?? rule.confirmations >= CONFIRMED[rule.kind];

/** Who pays, as rules know them; null where the bank does not say. */
export function payerHash({ counterparty_account, counterparty_name }: Pick<OpenLine, 'counterparty_account' | 'counterparty_name'>): string | null {
  const account = accountKey(counterparty_account);
  const name = nameKey(counterparty_name);
  if (account === '' && name === '') return null;
  return sha256Hex(account === '' ? `payer name ${name}` : `payer account ${account}`);
}

interface Named { units: string[]; why: 'virtual_account' | 'unit' | 'name' | 'learned'; sure: boolean; rule?: Rule }

/** Shorter numbers might stand in a text for something else. */
const SURE_NUMBER = 8;

/** Dwellings that the line itself names. */
function namedIn(sources: Sources, line: OpenLine): Named | null {
  const text = `${line.memo} ; ${line.purpose}`;
  if (sources.units_by_virtual_account.size > 0) {
    const numbers = text.normalize('NFKC').split(/[^0-9A-Za-z-]+/).map(plainNumber).filter((number) => sources.units_by_virtual_account.has(number));
    const units = [...new Set(numbers.map((number) => sources.units_by_virtual_account.get(number)!))];
    if (units.length > 0) return { units, why: 'virtual_account', sure: units.length === 1 && numbers.every((number) => number.length >= SURE_NUMBER) };
  }
  const units = dwellingsIn(sources.dwellings, text).map((found) => found.unit);
  return units.length === 0 ? null : { units, why: 'unit', sure: units.length === 1 };
}

/** What is known of every credit before anything is matched: by it entries of one dwelling are told from another's. */
export function recognise(sources: Sources): (line: OpenLine) => Named | null {
  const known = new Map<number, Named | null>();
  return (line) => {
    if (isOut(line.amount)) return null;
    let found = known.get(line.position);
    if (found === undefined) {
      found = namedIn(sources, line);
      known.set(line.position, found);
    }
    return found;
  };
}

/** Open bills of dwellings while they are given away, oldest first. */
class Bills {
  readonly #open: Map<string, OpenBill[]>;
  constructor(bills: readonly OpenBill[]) {
    this.#open = groupBy([...bills].sort((a, b) => (a.period < b.period ? -1 : a.period > b.period ? 1 : a.bill_id - b.bill_id)), (bill) => bill.unit);
  }

  of(units: readonly string[]): OpenBill[] {
    return units.flatMap((unit) => this.#open.get(unit) ?? []);
  }

  /** The oldest bills of the dwelling that add up to exactly this, or none. */
  exactly(unit: string, amount: string): OpenBill[] {
    const wanted = money(amount);
    let all = zero;
    const found: OpenBill[] = [];
    for (const bill of this.#open.get(unit) ?? []) {
      found.push(bill);
      all = sum([all, money(bill.open)]);
      if (all.equals(wanted)) return found;
      if (all.greaterThan(wanted)) return [];
    }
    return [];
  }

  take(unit: string, bills: readonly OpenBill[]): void {
    this.#open.set(unit, (this.#open.get(unit) ?? []).filter((bill) => !bills.includes(bill)));
  }
}

interface Credits {
  matching: Matching;
  bills: Bills;
  rules: Map<string, Rule[]>;
  named: (line: OpenLine) => Named | null;
}

const planFor = ({ matching: { sources } }: Credits, units: readonly string[], bills: OpenBill[]): ReceiptPlan => ({
  account: null, fund: FEE_FUND, units: units.map((unit) => ({ unit, ref: sources.refs.get(unit) ?? '' })), bills,
});

function forUnits(credits: Credits, line: OpenLine, { units, why, rule }: Named, certain: boolean, bills: OpenBill[]): Candidate {
  return candidate({
    id: `${why === 'learned' ? `rule:${rule!.rule_id}` : 'bills'}:${units.join(',')}`, why, certain, lines: [line.position],
    receipt: planFor(credits, units, bills), rule: rule?.rule_id,
  });
}

const straight = (line: OpenLine, why: Why, certain: boolean, rule: Rule, fund: string): Candidate => candidate({
  id: `rule:${rule.rule_id}`, why, certain, lines: [line.position], rule: rule.rule_id,
  receipt: { account: rule.account, fund, units: [], bills: [] },
});

function rulesOf(credits: Credits, line: OpenLine): Rule[] {
  const payer = payerHash(line);
  return payer === null ? [] : credits.rules.get(payer) ?? [];
}

/** Interest: words of the bank, from the bank itself. */
function interestOf({ matching: { sources } }: Credits, line: OpenLine): Candidate | null {
  const rule = sources.rules.find((one) => one.kind === 'interest' && hasWords(line, one));
  if (rule === undefined || sources.free_fund === null || !isTheBank(line, sources.bank_name)) return null;
  return straight(line, 'interest', booksByItself(rule), { ...rule, account: rule.account ?? INTEREST }, rule.fund ?? sources.free_fund);
}

/** What would be booked without asking, were nothing in the way. */
function certainOf(credits: Credits, line: OpenLine): Candidate | null {
  const { bills, matching: { sources } } = credits;
  const named = credits.named(line);
  const exact = (one: Named): Candidate | null => {
    const found = one.sure && sources.has_fee_fund ? bills.exactly(one.units[0]!, line.amount) : [];
    return found.length === 0 ? null : forUnits(credits, line, one, true, found);
  };
  if (named !== null) return exact(named);
  const interest = interestOf(credits, line);
  if (interest !== null) return interest.certain ? interest : null;
  const rules = rulesOf(credits, line);
  const [rule] = rules;
  if (rules.length !== 1 || !booksByItself(rule!)) return null;
  if (rule!.unit !== null) return exact({ units: [rule!.unit], why: 'learned', sure: true, rule: rule! });
  return straight(line, 'learned', true, rule!, rule!.fund!);
}

function proposedOf(credits: Credits, line: OpenLine): Candidate[] {
  const { matching: { sources }, bills } = credits;
  const found: Candidate[] = [];
  const units = (one: Named): void => {
    if (sources.has_fee_fund) found.push(forUnits(credits, line, one, false, bills.of(one.units)));
  };
  const named = credits.named(line);
  if (named !== null) units(named);
  const interest = interestOf(credits, line);
  if (interest !== null) found.push({ ...interest, certain: false });
  for (const rule of rulesOf(credits, line)) {
    if (rule.unit !== null) units({ units: [rule.unit], why: 'learned', sure: false, rule });
    else found.push(straight(line, 'learned', false, rule, rule.fund!));
  }
  const by_name = line.counterparty_name === '' ? undefined : sources.units_by_name.get(nameKey(line.counterparty_name));
  if (named === null && by_name !== undefined) for (const unit of by_name.slice(0, 5)) units({ units: [unit], why: 'name', sure: false });
  return found;
}

function creditsOf(matching: Matching, named: (line: OpenLine) => Named | null): Credits {
  const rules = groupBy(matching.sources.rules.filter((rule) => rule.kind === 'receipt'), (rule) => rule.payer_hash!);
  return { matching, bills: new Bills(matching.sources.bills), rules, named };
}

const credits = ({ lines }: Matching): OpenLine[] => [...lines.values()].filter((line) => !isOut(line.amount));

/** Books by itself what is certain, then proposes from the bills that are left. */
export function takeReceipts(matching: Matching, named: (line: OpenLine) => Named | null, competes: (line: OpenLine) => boolean): () => void {
  const asked = creditsOf(matching, named);
  for (const line of credits(matching)) {
    const found = certainOf(asked, line);
    if (found === null || competes(line)) continue;
    const [unit] = found.receipt!.units;
    if (unit !== undefined) asked.bills.take(unit.unit, found.receipt!.bills);
    matching.settle(found);
  }
  return () => {
    for (const line of credits(matching)) for (const found of proposedOf(asked, line)) matching.propose(found);
  };
}

/** "3-2-1002" for the evidence of entries: the one dwelling a line names. */
export const unitRef = (sources: Sources, named: (line: OpenLine) => Named | null) => (line: OpenLine): string => {
  const found = named(line);
  return found === null || found.units.length !== 1 ? '' : sources.refs.get(found.units[0]!) ?? '';
};

export const billsTotal = (bills: readonly OpenBill[]): string => moneyText(sum(bills.map((bill) => money(bill.open))));
