// The forms of the desk, read into entries: line by line, empty lines left out, and every reason led back
// to the very field of the form it is about.
import { moneyText, sum, type Money } from '../kernel/money.ts';
import type { DraftContent } from './draft.ts';
import { refusals } from './refusals.ts';
import { readAmount, type TypedEntry, type TypedLine } from './typed-entry.ts';

export type Fields = Readonly<Record<string, string>>;

/** Lines a form shows. */
export const FORM_LINES = 6;
/** Field of a line: the first line's names are plain, so that a short form stays short. */
export const lineField = (name: string, line: number): string =>
  line === 1 ? name : `${name}_${line}`;

const text = (fields: Fields, name: string): string =>
  (Object.hasOwn(fields, name) ? fields[name]! : '').trim();
const typedLines = (fields: Fields, names: readonly string[]): number[] =>
  Array.from({ length: FORM_LINES }, (_, i) => i + 1).filter((line) =>
    names.some((name) => text(fields, lineField(name, line)) !== ''),
  );

export interface ReadForm {
  entry: TypedEntry;
  /** Field of the form for a field of the entry ("postings.1.credit" → "amount"). */
  fieldOf: (field: string | undefined) => string | undefined;
}

const postingField = /^postings\.(\d+)\.(\w+)$/;

/** A receipt: money debited in each fund, the lines credited. Refusals: amounts that cannot be read,
 *  account or fund not chosen, lines_missing. */
export function readReceiptForm(fields: Fields, vouchers: readonly string[]): ReadForm {
  const lines = typedLines(fields, ['amount', 'account', 'unit']);
  if (lines.length === 0) throw refusals.amount_missing({}, 'amount');
  const by_fund = new Map<string, Money[]>();
  const credits = lines.map((line): TypedLine => {
    const amount = readAmount(text(fields, lineField('amount', line)), lineField('amount', line));
    const [account, fund] = [
      text(fields, lineField('account', line)),
      text(fields, lineField('fund', line)),
    ];
    if (account === '') throw refusals.account_missing({ line }, lineField('account', line));
    if (fund === '') throw refusals.fund_missing({ line }, lineField('fund', line));
    by_fund.set(fund, [...(by_fund.get(fund) ?? []), amount]);
    const unit = text(fields, lineField('unit', line));
    return { account, fund, credit: moneyText(amount), unit: unit === '' ? undefined : unit };
  });
  const bank = text(fields, 'bank_account');
  const debits = [...by_fund].map(
    ([fund, parts]): TypedLine => ({
      account: bank === '' ? '1002' : bank,
      fund,
      debit: parts.length === 1 ? moneyText(parts[0]!) : moneyText(sum(parts)),
    }),
  );
  const fieldOf = (field: string | undefined): string | undefined => {
    const found = postingField.exec(field ?? '');
    if (found === null) return field === 'postings' ? 'amount' : field;
    const place = Number(found[1]);
    // A complaint about a debit is one about the bank account, or about the first line of its fund.
    if (place < debits.length && found[2] === 'account') return 'bank_account';
    const fund = debits[place]?.fund;
    const line =
      place < debits.length
        ? lines[credits.findIndex((one) => one.fund === fund)]
        : lines[place - debits.length];
    const name = found[2] === 'debit' || found[2] === 'credit' ? 'amount' : found[2]!;
    return lineField(name, line ?? 1);
  };
  return {
    entry: {
      kind: 'receipt',
      entry_date: text(fields, 'entry_date'),
      description: fields['description'] ?? '',
      postings: [...debits, ...credits],
      reference: text(fields, 'reference'),
      vouchers: [...vouchers],
    },
    fieldOf,
  };
}

/** A transfer: each line a debit or a credit. */
export function readTransferForm(fields: Fields, vouchers: readonly string[]): ReadForm {
  const lines = typedLines(fields, ['account', 'debit', 'credit']);
  const postings = lines.map((line): TypedLine => {
    const given = (name: string): string | undefined =>
      text(fields, lineField(name, line)) || undefined;
    return {
      account: given('account'),
      fund: given('fund'),
      debit: given('debit'),
      credit: given('credit'),
    };
  });
  const fieldOf = (field: string | undefined): string | undefined => {
    const found = postingField.exec(field ?? '');
    if (found === null) return field === 'postings' ? '' : field;
    return lineField(found[2]!, lines[Number(found[1])] ?? 1);
  };
  return {
    entry: {
      kind: 'transfer',
      entry_date: text(fields, 'entry_date'),
      description: fields['description'] ?? '',
      postings,
      vouchers: [...vouchers],
    },
    fieldOf,
  };
}

// ── Drafts ───────────────────────────────────────────────────────────────────────────────────────

const short = (fields: Fields, name: string): string => text(fields, name).slice(0, 500);

/** The receipt form as it was left. */
export function draftOfForm(
  fields: Fields,
  vouchers: readonly string[],
  form_key: string,
): DraftContent {
  return {
    description: short(fields, 'description'),
    bank_account: short(fields, 'bank_account'),
    reference: short(fields, 'reference'),
    lines: typedLines(fields, ['amount', 'account', 'unit']).map((line) => ({
      account: short(fields, lineField('account', line)),
      fund: short(fields, lineField('fund', line)),
      amount: short(fields, lineField('amount', line)),
      unit: short(fields, lineField('unit', line)),
    })),
    vouchers: [...vouchers],
    form_key,
  };
}

/** And back into the form. */
export function formOfDraft({
  entry_date,
  content,
}: {
  entry_date: string;
  content: DraftContent;
}): Record<string, string> {
  const values: Record<string, string> = {
    entry_date,
    description: content.description,
    bank_account: content.bank_account,
    reference: content.reference,
  };
  content.lines.slice(0, FORM_LINES).forEach((line, index) => {
    for (const [name, value] of Object.entries(line)) values[lineField(name, index + 1)] = value;
  });
  return values;
}
