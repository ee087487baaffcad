// A made-up log, as the service would have written it, without a database: an estate is opened, owners pay, orders
// are signed with software passkeys and paid, months are closed and sealed. For the verifier's tests and its benchmark:
// here every record can be wrong in a way that the database would never let pass.
//   const log = openLog();  log.receive({ … });  const pdf = log.seal('2026-09').pdf('zh')
import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { entriesCsv } from '../../reports/monthly-disclosure/csv.ts';
import type { DisclosureFigures, EntryRow, Signer } from '../../reports/monthly-disclosure/figures.ts';
import { canonical, type Json } from '../../src/kernel/canonical.ts';
import { addDays, addMonths, businessDate, instant, isoInstant } from '../../src/kernel/dates.ts';
import type { Locale } from '../../src/kernel/locale.ts';
import { hexOf, utf8 } from '../../src/proof/bytes.ts';
import { signCheckpoint } from '../../src/proof/checkpoint.ts';
import { ED25519, keyOf, verifierKeyText, type VerifierKey } from '../../src/proof/note.ts';
import { leafHashOf, recordLine, type LogRecord } from '../../src/proof/record.ts';
import { challengeOf } from '../../src/proof/signatures.ts';
import { consistencyProof, inclusionProof, MemoryTree } from '../../src/proof/tree.ts';
import { ed25519Key } from '#primitives';
import { softwareKey, type SoftwareKey } from '../helpers/passkey.ts';

export type Body = { [name: string]: any };
export const sha256Hex = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const fen = (amount: string): number => Math.round(Number(amount) * 100);
export const yuan = (amount: number): string => `${amount < 0 ? '-' : ''}${Math.trunc(Math.abs(amount) / 100)}.${String(Math.abs(amount) % 100).padStart(2, '0')}`;

const personOf = (name: string): string => sha256Hex(name).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
export const persons = {
  cashier: personOf('cashier'), manager: personOf('manager'), chair: personOf('chair'), member: personOf('member'), deputy: personOf('deputy'),
  supervisor: personOf('supervisor'),
} as const;
export type Person = keyof typeof persons;
const offices: Record<Person, [body: string, office: string]> = {
  cashier: ['property', 'cashier'], manager: ['property', 'manager'], chair: ['committee', 'chair'], member: ['committee', 'member'],
  deputy: ['committee', 'deputy'], supervisor: ['supervisor', 'supervisor'],
};
const bodies: Record<string, string> = { property: '物业公司', committee: '业主委员会', supervisor: '监事会' };
const officeNames: Record<string, string> = { manager: '项目经理', chair: '主任', member: '委员', deputy: '候补', supervisor: '监事' };

const rule = (kind: string, from: string, to: string | null, asked: Body, more: Body = {}): Body =>
  ({ kind, amount_from: from, amount_to: to, fund: null, expires_days: 30, bodies: asked, ...more });
const usual: Body[] = [
  rule('payment', '0.00', '100000.00', { property: 1, committee: 1 }), rule('payment', '100000.00', null, { property: 1, committee: 2 }),
  rule('transfer', '0.00', null, { property: 1, committee: 1 }), rule('reversal', '0.00', null, { property: 1, committee: 1 }),
  rule('close', '0.00', null, { property: 1, committee: 1 }), rule('rule', '0.00', null, { property: 1, committee: 2 }),
  rule('membership', '0.00', null, { property: 1, committee: 2 }), rule('delegation', '0.00', null, { property: 1, committee: 2 }),
  rule('payment', '0.00', '20000.00', { property: 1, committee: 1 }, { class: 'emergency', month_cap: '30000.00', ratify_days: 7 }),
  rule('payment', '0.00', null, { property: 1, committee: 1 }, { fund: 'renovation', sequence: ['property', 'committee'], passkey_only: true }),
  rule('refund', '0.00', null, { property: 1, committee: 1 }, { notice_days: 3 }),
];

export interface Order { proposal: number; hash: string; document: Body; text: string; version: number }
interface Booked { record: LogRecord; body: Body; signers: Signer[] }

/** Attachments of a sealed month, by name. */
export type Parts = Map<string, Uint8Array>;

export class MadeUpLog {
  /** What accounts are called where it is not their number. */
  names: Record<string, string> = {};
  readonly estate: string;
  readonly origin: string;
  readonly records: LogRecord[] = [];
  tree = new MemoryTree();
  readonly key: VerifierKey;
  readonly vkey: string;
  readonly keys: Record<string, SoftwareKey> = {};
  readonly #secret: Uint8Array;
  readonly #entries = new Map<number, Booked>();
  readonly #numbers = new Map<string, number>();
  readonly #signed = new Map<number, Signer[]>();
  readonly #closed = new Map<string, { at: string; signers: Signer[] }>();
  readonly #emergencies = new Map<number, { ratify_by: string; ratified: boolean }>();
  #at = '2026-09-01T00:00:00.000000Z';
  #proposals = 0;
  #nonces = 0;

  constructor({ estate = 'shili', origin = 'books.example/shili', secret }: { estate?: string; origin?: string; secret?: ReturnType<typeof ed25519Key> } = {}) {
    const pair = secret ?? ed25519Key();
    this.estate = estate;
    this.origin = origin;
    this.#secret = pair.secret;
    this.key = keyOf(origin, ED25519, pair.public_key);
    this.vkey = verifierKeyText(this.key);
  }

  /** Sets the clock: "2026-09-03 09:00" in Shanghai. */
  at(moment: string): void {
    this.#at = isoInstant(instant(`${moment.replace(' ', 'T')}:00+08:00`)).replace('Z', '000Z');
  }

  get day(): string {
    return businessDate(instant(this.#at));
  }

  append(kind: string, body: Body, number = '-'): LogRecord {
    const record = { seq: this.records.length + 1, kind, recorded_at: this.#at, number, body: canonical(body as Json) };
    this.records.push(record);
    this.tree.append(leafHashOf(this.estate, record));
    return record;
  }

  /** After a record was changed by hand: everything above it is made anew, and signed anew when it is sealed. */
  rehash(): this {
    this.tree = new MemoryTree();
    for (const record of this.records) this.tree.append(leafHashOf(this.estate, record));
    return this;
  }

  open(rules: readonly Body[] = usual): this {
    this.append('estate_opened', { code: this.estate, first_period: '2026-09', is_demo: false, name_zh: '示例小区' });
    for (const [body, name_zh] of Object.entries(bodies)) this.append('body_opened', { body, key_side: null, name_zh, name_en: body });
    this.append('rules_opened', { rules: rules.map((one, i) => ({ ...one, rule_id: i + 1, valid_from: '2026-09-01' })) });
    this.append('bank_account_opened', { account: '1002', account_last4: '7711', name_zh: '共管账户', name_en: 'Bank', bank_name: '银行' });
    (Object.keys(persons) as Person[]).forEach((name, i) => {
      const [body, office] = offices[name];
      this.append('term_opened', { body, office, person: persons[name], starts_on: '2026-09-01', ends_on: '2031-08-31', term: i + 1 });
    });
    this.append('log_key_opened', { origin: this.origin, vkey: this.vkey });
    for (const name of ['manager', 'chair', 'member', 'deputy'] as const) this.enrol(name);
    return this;
  }

  enrol(name: Person): void {
    const key = softwareKey({ rp_id: 'books.example', origin: 'https://books.example' });
    this.keys[name] = key;
    this.append('passkey_enrolled', {
      person: persons[name], credential_id: key.id, public_key: key.public_key, algorithm: -7, rp_id: 'books.example', origin: 'https://books.example',
      aaguid: '', transports: [], backup_eligible: false, backed_up: false, confirmed_by: 'password',
    });
  }

  // ── Orders ─────────────────────────────────────────────────────────────────────────────────────

  submit(content: Body): Order {
    const proposal = content['proposal'] ?? (this.#proposals += 1);
    const { rule: asked = 1, expires_on = addDays(this.day, 30), payable_from, proposal: _number, ...rest } = content;
    const version = rest['version'] ?? 1;
    const document = { amount: null, fund: null, title: '单', ...rest, estate: this.estate, proposal, version, made_by: persons.cashier, submitted_on: this.day };
    const text = canonical(document as Json);
    const hash = sha256Hex(text);
    this.append('proposal_submitted', { proposal, version, document_hash: hash, rule: asked, expires_on, by: persons.cashier, document, ...(payable_from === undefined ? {} : { payable_from }) });
    this.#signed.set(proposal, []);
    return { proposal, hash, document, text, version };
  }

  order(amount: string, more: Body = {}): Order {
    const { fund = 'service', account = '5102', vouchers = [], ...rest } = more;
    return this.submit({
      kind: 'payment', amount, fund, purpose: '维修', vouchers, payee_class: 'company',
      postings: [{ account, fund, debit: amount, payee: '1' }, { account: '1002', fund, credit: amount }], ...rest,
    });
  }

  sign({ proposal, hash, text }: Order, name: Person, { decision = 'approve', method = 'passkey', as = name, change = (body: Body): Body => body }: {
    decision?: string; method?: string; as?: Person; change?: (body: Body) => Body;
  } = {}): void {
    const [body, office] = offices[name];
    let evidence: Body = {};
    if (method === 'passkey') {
      const nonce = sha256Hex(`nonce ${(this.#nonces += 1)}`);
      const expires_at = '2026-09-30T00:00:00.000Z';
      const key = this.keys[name]!;
      const { response } = key.sign({ challenge: Buffer.from(challengeOf({ decision, document: text, nonce, expires_at })).toString('base64url') });
      evidence = {
        credential_id: key.id, public_key: key.public_key, algorithm: -7, rp_id: 'books.example', origin: 'https://books.example', sign_count: 0,
        backup_eligible: false, backed_up: false, nonce, expires_at, authenticator_data: response.authenticatorData,
        client_data_json: response.clientDataJSON, signature: response.signature,
      };
    }
    this.append('signature', change({
      proposal, document_hash: hash, person: persons[name], body, decision, method, reason: decision === 'reject' ? '不同意' : '', evidence,
      ...(as === name ? {} : { on_behalf_of: persons[as] }),
    }));
    if (decision !== 'reject') this.#signed.get(proposal)?.push({ body, office, name_zh: `${bodies[body]!} · ${officeNames[office]!}`, name_en: body, method, signed_at: `${this.#at.slice(0, 23)}Z`, weak: method !== 'passkey' });
  }

  approvedBy(amount: string, signers: readonly Person[], more: Body = {}): Order {
    const order = this.order(amount, more);
    for (const name of signers) this.sign(order, name);
    return order;
  }

  approved(amount: string, more: Body = {}): Order {
    return this.approvedBy(amount, ['manager', 'chair'], more);
  }

  emergency(order: Order, told: { ratify_by: string; ratified: boolean }): void {
    this.#emergencies.set(order.proposal, told);
  }

  // ── Entries ────────────────────────────────────────────────────────────────────────────────────

  post(body: Body): LogRecord {
    const period = body['entry_date'].slice(0, 7);
    const letter = { receipt: '收', payment: '付', transfer: '转' }[body['kind'] as string]!;
    const key = `${period} ${letter}`;
    const number = (this.#numbers.get(key) ?? 0) + 1;
    this.#numbers.set(key, number);
    const record = this.append('journal_entry', { key: `key ${this.records.length}`, made_by: persons.cashier, ...body }, `${key}-${String(number).padStart(3, '0')}`);
    this.#entries.set(record.seq, { record, body, signers: [] });
    return record;
  }

  receive({ amount, date = this.day, account = '4101', fund = 'service', description = '物业费' }: { amount: string; date?: string; account?: string; fund?: string; description?: string }): LogRecord {
    return this.post({ kind: 'receipt', entry_date: date, description, postings: [{ account: '1002', fund, debit: amount }, { account, fund, credit: amount }] });
  }

  pay({ proposal, document }: Order, more: Body = {}): LogRecord {
    const { postings, vouchers } = document as Body;
    return this.post({
      kind: 'payment', entry_date: this.day, description: `付款 ${proposal}`, postings, proposal, ...(vouchers.length === 0 ? {} : { vouchers }), ...more,
    });
  }

  /** Red-letter entry, signed by both. */
  reverse(seq: number, change: (body: Body) => Body = (body) => body): LogRecord {
    const { body } = this.#entries.get(seq)!;
    const turned = (body['postings'] as Body[]).map(({ debit, credit, ...line }) => ({
      ...line, ...(debit === undefined ? { credit: yuan(-fen(credit)) } : { debit: yuan(-fen(debit)) }),
    }));
    const lines = body['postings'] as Body[];
    const funds = new Set(lines.map(({ fund }) => fund));
    const amount = yuan(lines.reduce((sum, { debit }) => sum + fen(debit ?? '0'), 0));
    const order = this.submit({ kind: 'reversal', amount, fund: funds.size === 1 ? [...funds][0] : null, rule: 4, reverses: seq, postings: turned });
    this.sign(order, 'manager');
    this.sign(order, 'chair');
    return this.post(change({ kind: body['kind'], entry_date: this.day, description: '红字冲销', postings: turned, reverses: seq, proposal: order.proposal }));
  }

  close(period: string): void {
    const own = [...this.#entries.values()].filter(({ body }) => body['entry_date'].startsWith(period));
    const debit = yuan(own.reduce((sum, { body }) => sum + (body['postings'] as Body[]).reduce((all, line) => all + fen(line['debit'] ?? '0'), 0), 0));
    const order = this.submit({ kind: 'close', rule: 5, period, entries: own.length, debit });
    this.sign(order, 'manager');
    this.sign(order, 'chair');
    this.append('period_closed', { debit, entries: own.length, period, proposal: order.proposal });
    this.#closed.set(period, { at: this.#at, signers: [...this.#signed.get(order.proposal)!] });
  }

  // ── Figures ────────────────────────────────────────────────────────────────────────────────────

  #moved(body: Body, only?: string): { received: number; paid: number } {
    const money = (body['postings'] as Body[]).filter((line) => line['account'].startsWith('100') && (only === undefined || line['fund'] === only));
    const debit = money.reduce((sum, line) => sum + fen(line['debit'] ?? '0'), 0);
    const credit = money.reduce((sum, line) => sum + fen(line['credit'] ?? '0'), 0);
    const inside = debit === 0 || credit === 0 ? 0 : debit > 0 ? Math.min(debit, credit) : Math.max(debit, credit);
    return { received: debit - inside, paid: credit - inside };
  }

  #rows(period: string, opening: number): EntryRow[] {
    const own = [...this.#entries.values()].filter(({ body }) => body['entry_date'].startsWith(period))
      .sort((a, b) => (a.body['entry_date'] < b.body['entry_date'] ? -1 : a.body['entry_date'] > b.body['entry_date'] ? 1 : a.record.seq - b.record.seq));
    const reversed = new Map([...this.#entries.values()].filter(({ body }) => body['reverses'] !== undefined).map(({ body, record }) => [body['reverses'] as number, record.number]));
    let balance = opening;
    return own.map(({ record, body }) => {
      const { received, paid } = this.#moved(body);
      balance += received - paid;
      const lines = (body['postings'] as Body[]).filter((line) => body['kind'] === 'transfer' || !line['account'].startsWith('100'));
      const emergency = this.#emergencies.get(body['proposal']);
      return {
        seq: record.seq, kind: body['kind'], number: record.number.slice(8), date: body['entry_date'], description: body['description'],
        lines: lines.map((line) => ({
          account: line['account'], name_zh: `科目 ${line['account']}`, name_en: '', fund: line['fund'], fund_zh: line['fund'], fund_en: '',
          debit: yuan(fen(line['debit'] ?? '0')), credit: yuan(fen(line['credit'] ?? '0')),
        })),
        received: yuan(received), paid: yuan(paid), balance: yuan(balance), signers: this.#signed.get(body['proposal']) ?? [],
        vouchers: body['vouchers']?.length ?? 0, reverses: body['reverses'] === undefined ? null : this.records[body['reverses'] - 1]!.number,
        reversed_by: reversed.get(record.seq) ?? null, inquiries: { asked: 0, open: 0 }, ...(emergency === undefined ? {} : { emergency }),
      };
    });
  }

  #balances(period: string): { account: string; fund: string; opening: number; debit: number; credit: number; year: number; lines: number }[] {
    const found = new Map<string, { account: string; fund: string; opening: number; debit: number; credit: number; year: number; lines: number }>();
    for (const { body } of this.#entries.values()) {
      const month = body['entry_date'].slice(0, 7);
      if (month > period) continue;
      for (const { account, fund, debit = '0', credit = '0' } of body['postings'] as Body[]) {
        const row = found.get(`${account} ${fund}`) ?? { account, fund, opening: 0, debit: 0, credit: 0, year: 0, lines: 0 };
        found.set(`${account} ${fund}`, row);
        if (month < period) row.opening += fen(debit) - fen(credit);
        else {
          row.debit += fen(debit);
          row.credit += fen(credit);
        }
        if (month.slice(0, 4) === period.slice(0, 4)) row.year += fen(debit) - fen(credit);
        row.lines += 1;
      }
    }
    return [...found.values()];
  }

  /** Its one account; the bank's own balance is never handed in. */
  #bank(balances: { account: string; opening: number; debit: number; credit: number }[]): DisclosureFigures['bank'] {
    const book = balances.filter(({ account }) => account.startsWith('1002')).reduce((sum, row) => sum + row.opening + row.debit - row.credit, 0);
    return this.records.some(({ kind }) => kind === 'bank_account_opened')
      ? [{ name_zh: '共管账户', name_en: 'Bank', account_last4: '7711', bank_balance: null, as_of: null, book_balance: yuan(book), difference: null }] : [];
  }

  figures(period: string, version = 1): DisclosureFigures {
    const balances = this.#balances(period);
    const opening = balances.filter(({ account }) => account.startsWith('100')).reduce((sum, row) => sum + row.opening, 0);
    const entries = this.#rows(period, opening);
    const of = (rows: EntryRow[], side: 'received' | 'paid'): number => rows.reduce((sum, row) => sum + fen(row[side]), 0);
    const headings = (digit: string, sign: number): { rows: DisclosureFigures['income']; total: { month: string; year: string } } => {
      const accounts = Map.groupBy(balances.filter(({ account }) => account.startsWith(digit)), ({ account }) => account);
      const sums = [...accounts].sort().map(([account, rows]) => ({
        account, month: rows.reduce((sum, row) => sum + sign * (row.debit - row.credit), 0), year: rows.reduce((sum, row) => sum + sign * row.year, 0),
      }));
      const month = sums.reduce((sum, row) => sum + row.month, 0);
      return {
        rows: sums.map((row) => ({ account: row.account, name_zh: this.names[row.account] ?? row.account, name_en: '', month: yuan(row.month), year: yuan(row.year), share: month === 0 ? null : (Math.round(row.month * 1000 / month) / 10).toFixed(1) })),
        total: { month: yuan(month), year: yuan(sums.reduce((sum, row) => sum + row.year, 0)) },
      };
    };
    const [income, expense] = [headings('4', -1), headings('5', 1)];
    const funds = [...new Set(balances.map(({ fund }) => fund))].map((fund) => {
      const first = balances.filter((row) => row.fund === fund && row.account.startsWith('100')).reduce((sum, row) => sum + row.opening, 0);
      const moved = [...this.#entries.values()].filter(({ body }) => body['entry_date'].startsWith(period)).map(({ body }) => this.#moved(body, fund));
      const [received, paid] = [moved.reduce((sum, one) => sum + one.received, 0), moved.reduce((sum, one) => sum + one.paid, 0)];
      return { fund, name_zh: fund, name_en: '', purpose_zh: '', purpose_en: '', opening: yuan(first), received: yuan(received), paid: yuan(paid), closing: yuan(first + received - paid) };
    }).filter((row) => [row.opening, row.received, row.paid, row.closing].some((amount) => amount !== '0.00'));
    const months = [...new Set([...[...this.#entries.values()].map(({ body }) => body['entry_date'].slice(0, 7) as string), period])].filter((month) => month <= period);
    const closed = this.#closed.get(period);
    const size = this.records.length;
    return {
      format: 'mingzhang/monthly-disclosure/v1', period, version, correction: null, published_at: isoInstant(instant(this.#at)), due_on: `${period}-10`,
      estate: { code: this.estate, name_zh: '示例小区', name_en: 'Sample', households: 448, area_m2: '38080.00', fee_rate: '1.20', mode_zh: '信托制', mode_en: 'trust', trustee: '物业公司', committee: '业主委员会' },
      closed_at: closed === undefined ? null : `${closed.at.slice(0, 23)}Z`, previous: this.#previous(period), log: { size, leaf_hash: hexOf(this.tree.subtree(size - 1, size)) },
      opening: yuan(opening), received: yuan(of(entries, 'received')), paid: yuan(of(entries, 'paid')), closing: yuan(opening + of(entries, 'received') - of(entries, 'paid')),
      notices: [], bank: this.#bank(balances), income: income.rows, expense: expense.rows, income_total: income.total, expense_total: expense.total, other: [], funds,
      months: months.sort().map((month) => {
        const rows = this.#rows(month, 0);
        return { period: month, received: yuan(of(rows, 'received')), paid: yuan(of(rows, 'paid')) };
      }),
      entries, signatures: closed?.signers ?? [], arrears: null,
    };
  }

  #previous(period: string): DisclosureFigures['previous'] {
    const found = this.records.filter(({ kind }) => kind === 'disclosure_published').map(({ body }) => JSON.parse(body) as Body)
      .filter((one) => one['period'] === addMonths(period, -1)).at(-1);
    return found === undefined ? null : { period: found['period'], version: found['version'], pdf_zh_sha256: found['pdf_zh_sha256'], pdf_en_sha256: found['pdf_en_sha256'] };
  }

  // ── Seals ──────────────────────────────────────────────────────────────────────────────────────

  /** Of records that are none, nothing can be said. */
  #standingOr(nothing: Body): Body {
    try {
      return this.#standing();
    } catch {
      return nothing;
    }
  }

  #standing(): Body {
    const bodyOf = (record: LogRecord): Body => JSON.parse(record.body) as Body;
    const all = (kind: string): Body[] => this.records.filter((record) => record.kind === kind).map(bodyOf);
    const ended = new Map(all('term_ended').map((one) => [one['term'], one['ends_on']]));
    const rules = all('rules_opened').flatMap((one) => one['rules'] as Body[]);
    return {
      terms: all('term_opened').map((one) => ({ term: one['term'], person: one['person'], body: one['body'], office: one['office'], starts_on: one['starts_on'], ends_on: ended.get(one['term']) ?? one['ends_on'] })),
      rules: rules.map((one, i) => ({
        rule: i + 1, kind: one['kind'], class: one['class'] ?? 'normal', amount_from: one['amount_from'], amount_to: one['amount_to'], fund: one['fund'], payee_class: one['payee_class'] ?? null,
        in_sequence: one['sequence'] !== undefined, notice_days: one['notice_days'] ?? 0, needs_resolution: false, passkey_only: one['passkey_only'] ?? false,
        month_cap: one['month_cap'] ?? null, ratify_days: one['ratify_days'] ?? null, expires_days: one['expires_days'], valid_from: one['valid_from'], valid_to: null,
        bodies: Object.entries(one['bodies'] as Body).map(([body, signers]) => ({ body, signers, place: one['sequence'] === undefined ? 1 : (one['sequence'] as string[]).indexOf(body) + 1 })),
      })),
      passkeys: all('passkey_enrolled').map((one) => ({ credential_id: one['credential_id'], person: one['person'], revoked: all('passkey_revoked').some((gone) => gone['credential_id'] === one['credential_id']) })),
      delegations: all('delegation_opened').map(({ proposal: _proposal, ...one }) => one),
    };
  }

  /** Draws figures and facts, records them and seals the month: what the service does on the due day. */
  seal(period: string, { version = 1, change = (figures: DisclosureFigures): DisclosureFigures => figures, bank, carry = [] }: {
    version?: number; change?: (figures: DisclosureFigures) => DisclosureFigures;
    /** Where the bank stood before the month; earlier records that come along. */
    bank?: Body[]; carry?: readonly number[];
  } = {}): SealedMonth {
    const figures = change(this.figures(period, version));
    const text = canonical(figures as unknown as Json);
    const facts = canonical({
      format: 'mingzhang/seal-facts/v1', estate: this.estate, period, version, size: figures.log.size, policy: '',
      keys: [{ vkey: this.vkey, seq: this.records.find(({ kind }) => kind === 'log_key_opened')!.seq }],
      balances: this.#balances(period).map(({ account, fund, opening, debit, credit }) => ({ account, fund, opening: yuan(opening), debit: yuan(debit), credit: yuan(credit) })),
      standing: this.#standingOr({ terms: [], rules: [], passkeys: [], delegations: [] }), ...(bank === undefined ? {} : { bank }),
    } as unknown as Json);
    this.append('disclosure_prepared', { period, version, figures_sha256: sha256Hex(text), facts_sha256: sha256Hex(facts) });
    return new SealedMonth(this, { period, version, figures, text, facts, size: this.records.length, carry });
  }

  /** First record of the month, less one. */
  startOf(period: string): number {
    const found = this.records.find(({ recorded_at, kind, number }) => businessDate(instant(recorded_at)).slice(0, 7) >= period || (kind === 'journal_entry' && number.startsWith(period)));
    return found === undefined ? this.records.length : found.seq - 1;
  }

  checkpoint(size: number): string {
    return signCheckpoint({ origin: this.origin, size, root: this.tree.root(size) }, this.#secret, this.key);
  }

  consistency(from: number, size: number): Promise<Uint8Array[]> {
    return consistencyProof(from, size, (a, b) => this.tree.subtree(a, b));
  }

  inclusion(seq: number, size: number): Promise<Uint8Array[]> {
    return inclusionProof(seq - 1, size, (a, b) => this.tree.subtree(a, b));
  }
}

/** Of figures that are none there is no spreadsheet. */
function spreadsheet(figures: DisclosureFigures, locale: Locale): string {
  try {
    return entriesCsv(figures, locale);
  } catch {
    return '';
  }
}

const supporting = ['estate_opened', 'body_opened', 'bank_account_opened', 'rules_opened', 'rules_changed', 'term_opened', 'term_ended', 'delegation_opened',
  'delegation_ended', 'passkey_enrolled', 'passkey_revoked', 'log_key_opened', 'mandate_opened', 'mandate_ended'];

interface Drawn { period: string; version: number; figures: DisclosureFigures; text: string; facts: string; size: number; carry: readonly number[] }

export class SealedMonth {
  readonly log: MadeUpLog;
  readonly drawn: Drawn;
  constructor(log: MadeUpLog, drawn: Drawn) {
    this.log = log;
    this.drawn = drawn;
  }

  async parts(locale: Locale = 'zh'): Promise<Parts> {
    const { log, drawn: { period, version, figures, text, facts, size, carry } } = this;
    const start = log.startOf(period);
    const own = log.records.slice(start, size);
    const named = new Set(own.map(({ body }) => (JSON.parse(body) as Body)['proposal'] as number | undefined).filter((one) => one !== undefined));
    const earlier = log.records.slice(0, start).filter((record) => record.seq === start || carry.includes(record.seq) || supporting.includes(record.kind) || named.has((JSON.parse(record.body) as Body)['proposal']));
    const lines = await Promise.all(earlier.map(async (record) => `${recordLine(record).slice(0, -1)}\t${(await log.inclusion(record.seq, size)).map(hexOf).join('')}\n`));
    const seal = canonical({
      format: 'mingzhang/seal/v1', estate: log.estate, origin: log.origin, period, version, witnessed: null, checkpoint: log.checkpoint(size),
      start: { size: start, peaks: start === 0 ? [] : log.tree.peaks(start).hashes.map(hexOf) },
    });
    return new Map([
      ['figures.json', utf8(text)], ['entries.csv', utf8(spreadsheet(figures, locale))], ['seal.json', utf8(seal)], ['facts.json', utf8(facts)],
      ['records.tsv', utf8(`mingzhang/log/v1\t${log.estate}\t${start}\t${size}\n${own.map(recordLine).join('')}`)],
      ['earlier.tsv', utf8(`mingzhang/earlier/v1\t${log.estate}\t${size}\n${lines.join('')}`)],
    ]);
  }

  async pdf(locale: Locale = 'zh'): Promise<Uint8Array> {
    return pdfOf(await this.parts(locale));
  }

  /** Puts the hashes of both PDFs on record, as the service does afterwards. */
  async publish(): Promise<{ zh: Uint8Array; en: Uint8Array }> {
    const { log, drawn: { period, version, text, size } } = this;
    const [zh, en] = [await this.pdf('zh'), await this.pdf('en')];
    log.append('disclosure_published', { period, version, figures_sha256: sha256Hex(text), pdf_zh_sha256: sha256Hex(zh), pdf_en_sha256: sha256Hex(en), checkpoint_size: size });
    return { zh, en };
  }
}

/** The attachments in a PDF without pages: all that the verifier reads of one. */
export function pdfOf(parts: Parts): Uint8Array {
  const chunks: Buffer[] = [Buffer.from('%PDF-1.7\n')];
  const places: number[] = [];
  let length = chunks[0]!.length;
  const put = (...bytes: (string | Uint8Array)[]): void => {
    places.push(length);
    for (const part of [`${places.length} 0 obj\n`, ...bytes, '\nendobj\n']) {
      const chunk = Buffer.from(part as string);
      chunks.push(chunk);
      length += chunk.length;
    }
  };
  const names = [...parts.keys()].sort();
  put(`<</Names<</EmbeddedFiles<</Names[${names.map((name, i) => `(${name}) ${2 * i + 2} 0 R`).join(' ')}]>>>>>>`);
  names.forEach((name, i) => {
    const packed = deflateSync(parts.get(name)!, { level: 6 });
    put(`<</Type/Filespec/F(${name})/UF(${name})/EF<</F ${2 * i + 3} 0 R>>>>`);
    put(`<</Type/EmbeddedFile/Params<</Size ${parts.get(name)!.length}>>/Filter/FlateDecode/Length ${packed.length}>>\nstream\n`, packed, '\nendstream');
  });
  const table = places.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  chunks.push(Buffer.from(`xref\n0 ${places.length + 1}\n0000000000 65535 f \n${table}trailer\n<</Size ${places.length + 1}/Root 1 0 R>>\nstartxref\n${length}\n%%EOF`));
  return new Uint8Array(Buffer.concat(chunks));
}

export const openLog = ({ rules, ...options }: NonNullable<ConstructorParameters<typeof MadeUpLog>[0]> & { rules?: readonly Body[] } = {}): MadeUpLog =>
  new MadeUpLog(options).open(rules);
