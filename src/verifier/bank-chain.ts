// The lines of one bank account by their position, as far as the files at hand know them: a file whose records begin
// later tells how many there were before (BankHead), and may carry some of the statements before along.

/** `seq`: statement that brought it. Amounts in fen, above zero in, below zero out. */
export interface BankLine { booked_on: string; amount: number; balance: bigint; serial: string; seq: number }

export interface Statement {
  seq: number; account: string; voucher: string; format: string; from: string; to: string; period_stated: boolean;
  opening: bigint; closing: bigint; repeated: number; imported_by: string;
  /** Position of the first new line. */
  first: number;
  /** New lines. */
  count: number;
}

/** What stood of an account where a file's records begin. */
export interface BankHead { account: string; lines: number; balance: bigint; to: string }

/** The lines of one account, as far as they are known. */
export class BankChain {
  readonly account: string;
  readonly statements: Statement[] = [];
  readonly lines = new Map<number, BankLine>();
  /** Up to here lines are not known; of those after it up to `last` all are. */
  low = 0;
  last = 0;
  balance: bigint | null = null;
  /** Last day covered. */
  to: string | null = null;
  /** What stood before the stretch of records that is being read, and how many statements came before it. */
  head: BankHead | null = null;
  #before = 0;
  /** Of earlier records that came along, not yet placed. */
  readonly #waiting: { statement: Statement; lines: BankLine[] }[] = [];

  constructor(account: string) {
    this.account = account;
  }

  /** A stretch of records begins, whatever was known before. */
  begin(head: BankHead | null): void {
    this.head = head;
    this.#before = this.statements.length;
    this.low = this.last = head?.lines ?? 0;
    this.balance = head?.balance ?? null;
    this.to = head?.to ?? null;
  }

  /** What stood of it at a size of the log, within the stretch. */
  headAt(size: number): BankHead | null {
    let found = this.head;
    for (const one of this.statements.slice(this.#before)) {
      if (one.seq > size) break;
      found = {
        account: this.account, lines: (found?.lines ?? 0) + one.count, balance: one.count > 0 || found === null ? one.closing : found.balance,
        to: found === null || found.to < one.to ? one.to : found.to,
      };
    }
    return found;
  }

  take(statement: Statement, lines: readonly BankLine[]): void {
    lines.forEach((line, i) => this.lines.set(statement.first + i, line));
    this.statements.push(statement);
    this.last += lines.length;
    this.balance = lines.at(-1)?.balance ?? this.balance ?? statement.closing;
    if (this.to === null || this.to < statement.to) this.to = statement.to;
  }

  wait(statement: Statement, lines: BankLine[]): void {
    this.#waiting.push({ statement, lines });
  }

  /** Places what came along below what is known; false where it does not lead up to it. */
  place(): boolean {
    let holds = true;
    for (const { statement, lines } of this.#waiting.splice(0).reverse()) {
      const above = this.lines.get(this.low + 1);
      const wanted = above === undefined ? this.head?.balance ?? null : above.balance - BigInt(above.amount);
      const last = lines.at(-1);
      if (last === undefined) continue;
      if (last.balance !== wanted || lines.length > this.low) holds = false;
      lines.forEach((line, i) => this.lines.set(this.low - lines.length + 1 + i, line));
      this.low -= lines.length;
      statement.first = this.low + 1;
    }
    return holds;
  }

  /** The bank's balance at the end of a day; undefined where that lies before what is known. */
  balanceOn(day: string, opening: bigint): bigint | undefined {
    let [below, above] = [this.low, this.last + 1];
    while (above - below > 1) {
      const middle = (below + above) >> 1;
      if (this.lines.get(middle)!.booked_on <= day) below = middle;
      else above = middle;
    }
    if (below > this.low) return this.lines.get(below)!.balance;
    if (this.low === 0) return opening;
    return this.head !== null && this.low === this.head.lines && day >= this.head.to ? this.head.balance : undefined;
  }
}
