// The tables of an audit package that tell the bank's word: statements, their lines, and which entries answer them, as the
// tables have them now. The log says the same, so that a change past the program shows. What the bank says of persons
// (counterparties, free texts) is in none of them: it stands in the statement files, for officers.
import { sql, type RawBuilder } from 'kysely';
import { inEstate, type Trx } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { csvHead, csvLine, type CsvColumn } from '../web/csv.ts';
import type { AuditSnapshot } from './audit-snapshot.ts';

const PAGE = 5_000;

const text = (key: string, title: string): CsvColumn => ({ key, title: `${title} ${key}` });
const number = (key: string, title: string): CsvColumn => ({ ...text(key, title), type: 'number' });
const money = (key: string, title: string): CsvColumn => ({ ...text(key, title), type: 'money' });

const statementColumns: CsvColumn[] = [
  number('seq', '存证序号'), text('account', '银行账户'), text('sha256', '校验值'), text('format', '格式'), text('period_from', '起'), text('period_to', '止'),
  text('period_stated', '文件自带日期'), money('opening', '期初余额'), money('closing', '期末余额'), number('first_position', '首行行号'), number('lines', '新增行数'),
  number('repeated', '重复行数'), text('imported_by', '交来人（匿名）'),
];
const lineColumns: CsvColumn[] = [
  text('account', '银行账户'), number('position', '行号'), number('seq', '存证序号'), text('booked_on', '记账日'), money('amount', '金额（收为正、付为负）'),
  money('balance', '余额'), text('serial', '流水号'),
];
const matchColumns: CsvColumn[] = [
  number('match_id', '勾对号'), number('item', '项'), text('account', '银行账户'), number('position', '流水行号'), number('entry_seq', '记账凭证存证序号'),
  text('way', '方式'), number('seq', '存证序号'), number('ended_seq', '结束的存证序号'),
];

/** A table page by page: `page` gives the rows after the last one. */
async function* paged<R extends object>(
  { house, snapshot }: { house: House; snapshot: AuditSnapshot }, columns: readonly CsvColumn[], page: (after: R | null) => RawBuilder<R>,
): AsyncGenerator<string> {
  yield csvHead(columns);
  for (let last: R | null = null; ;) {
    const { rows }: { rows: R[] } = await inEstate(house.db.app, snapshot.books.estate.estate_id, (trx: Trx) => page(last).execute(trx), { readOnly: true });
    yield rows.map((row) => csvLine(columns, row)).join('');
    if (rows.length < PAGE) return;
    last = rows.at(-1)!;
  }
}

interface StatementRow { seq: number }
interface LineRow { account: string; position: number }
interface MatchRow { match_id: number; item: number }

/** Files of the folder bank/; none where no statement was ever taken. */
export async function* bankFiles(house: House, snapshot: AuditSnapshot): AsyncGenerator<{ path: string; content: AsyncGenerator<string> }> {
  const { books: { estate: { estate_id } }, size } = snapshot;
  const { rows } = await inEstate(house.db.app, estate_id, (trx) => sql`select from bank_statement where estate_id = ${estate_id} limit 1`.execute(trx), { readOnly: true });
  if (rows.length === 0) return;
  const packing = { house, snapshot };
  yield { path: 'bank/bank_statement.csv', content: paged<StatementRow>(packing, statementColumns, (last) => sql`
    select seq, account, sha256, format, period_from, period_to, period_stated::text, opening, closing, first_position, lines, repeated, imported_by
    from bank_statement where estate_id = ${estate_id} and seq > ${last?.seq ?? 0} and seq <= ${size} order by seq limit ${PAGE}`) };
  yield { path: 'bank/bank_line.csv', content: paged<LineRow>(packing, lineColumns, (last) => sql`
    select account, position, seq, booked_on, amount, balance, serial from bank_line
    where estate_id = ${estate_id} and (account, position) > (${last?.account ?? ''}, ${last?.position ?? 0}) and seq <= ${size}
    order by account, position limit ${PAGE}`) };
  yield { path: 'bank/bank_match.csv', content: paged<MatchRow>(packing, matchColumns, (last) => sql`
    select match_id, item, account, position, entry_seq, way, seq, case when ended_seq <= ${size} then ended_seq end as ended_seq from bank_match
    where estate_id = ${estate_id} and (match_id, item) > (${last?.match_id ?? 0}, ${last?.item ?? 0}) and seq <= ${size}
    order by match_id, item limit ${PAGE}`) };
}
