// Assets:C1002-Bank-deposit:Public-income → "1002 public_income".
import type { Books } from '../../src/exchange/books.ts';

export function byAccountName(books: Books, name: string): string {
  const [above, below] = name.split(':').slice(-2) as [string, string];
  const fund = books.funds.find((row) => row.fund.replaceAll('_', '-').toLowerCase() === below.toLowerCase());
  return `${/^C(\d+)/.exec(above)?.[1]} ${fund?.fund}`;
}
