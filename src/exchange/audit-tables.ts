// The tables of an audit package that are not the journal's: signatures, and original vouchers with what became of
// each file. Persons stand in them by the opaque ids of the log.
import { sql } from 'kysely';
import { inEstate, type Trx } from '../kernel/database.ts';
import { firstDay, lastDay } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { stamp } from '../evidence/records.ts';
import { csvHead, csvLine, type CsvColumn } from '../web/csv.ts';
import type { AuditSnapshot } from './audit-snapshot.ts';

const PAGE = 1_000;

const signatureColumns: CsvColumn[] = [
  { key: 'seq', title: '存证序号 seq', type: 'number' }, { key: 'signed_at', title: '签批时间 signed_at' },
  { key: 'proposal', title: '签批单 proposal', type: 'number' }, { key: 'kind', title: '种类 kind' },
  { key: 'document_hash', title: '单据校验值 document_hash' }, { key: 'body', title: '机构 body' }, { key: 'office', title: '职务 office' },
  { key: 'person', title: '签批人（匿名）person' }, { key: 'on_behalf_of', title: '代（匿名）on_behalf_of' },
  { key: 'decision', title: '决定 decision' }, { key: 'method', title: '方式 method' }, { key: 'credential_id', title: '通行密钥 credential_id' },
  { key: 'evidence', title: '签名证据 evidence' },
];

/** Every signature up to the size of the log, in the order of the log. */
export async function* signaturesCsv(house: House, { books, size }: AuditSnapshot): AsyncGenerator<string> {
  const { estate_id } = books.estate;
  yield csvHead(signatureColumns);
  for (let after = 0; ;) {
    const { rows } = await inEstate(house.db.app, estate_id, (trx) => sql<{ seq: number }>`
      select s.seq, ${stamp('s.signed_at')} as signed_at, s.proposal_id as proposal, p.kind, encode(s.document_hash, 'hex') as document_hash,
        s.body, s.office, s.person_id as person, s.on_behalf_of, s.decision, s.method, s.credential_id, s.evidence
      from signature s join proposal p on p.estate_id = s.estate_id and p.proposal_id = s.proposal_id
      where s.estate_id = ${estate_id} and s.seq > ${after} and s.seq <= ${size} order by s.seq limit ${PAGE}`.execute(trx), { readOnly: true });
    yield rows.map((row) => csvLine(signatureColumns, row)).join('');
    if (rows.length < PAGE) return;
    after = rows.at(-1)!.seq;
  }
}

// ── Original vouchers ────────────────────────────────────────────────────────────────────────────

export interface PackedVoucher {
  seq: number;
  sha256: string;
  media_type: string;
  size: number;
  file_name: string;
  audience: string;
  uploaded_at: string;
  /** Numbers of the entries it belongs to, "2026-10 付-018 …". */
  entries: string;
  /** Whoever the package is for may open it. */
  is_open: boolean;
}

const extensions: Record<string, string> = {
  'application/pdf': 'pdf', 'image/jpeg': 'jpg', 'image/png': 'png', 'application/ofd': 'ofd', 'application/xml': 'xml',
  'text/csv': 'csv', 'text/plain': 'txt', 'application/vnd.ms-excel': 'xls', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
};
export const voucherPath = ({ sha256, media_type }: PackedVoucher): string => `vouchers/${sha256}.${extensions[media_type] ?? 'bin'}`;

/** Vouchers of the months: of entries dated in them, of balances of the bank as of a day in them, or handed in then.
 *  Owners may open what is marked for them, once it stands behind something that was carried out. */
function voucherPage(trx: Trx, { audience, books, size }: AuditSnapshot, after: number): Promise<{ rows: PackedVoucher[] }> {
  const { estate_id } = books.estate;
  const [first, last] = [firstDay(books.from), lastDay(books.to)];
  return sql<PackedVoucher>`
    select v.seq, v.sha256, v.media_type, v.size, v.file_name, v.audience, ${stamp('v.uploaded_at')} as uploaded_at,
      coalesce((select string_agg(e.period || ' ' || entry_number(e.kind, e.number), ' ' order by e.seq) from entry_voucher x
        join journal_entry e on e.estate_id = x.estate_id and e.seq = x.seq
        where x.estate_id = v.estate_id and x.sha256 = v.sha256 and x.seq <= ${size}), '') as entries,
      ${audience} = 'officers' or (v.audience = 'owners'
        and not exists (select from bank_statement b where b.estate_id = v.estate_id and b.sha256 = v.sha256) and (
        exists (select from entry_voucher x where x.estate_id = v.estate_id and x.sha256 = v.sha256)
        or exists (select from bank_balance b where b.estate_id = v.estate_id and b.sha256 = v.sha256)
        or exists (select from order_voucher o join proposal p on p.estate_id = o.estate_id and p.proposal_id = o.proposal_id
          where o.estate_id = v.estate_id and o.sha256 = v.sha256 and p.state in ('approved', 'executed')))) as is_open
    from voucher v where v.estate_id = ${estate_id} and v.seq > ${after} and v.seq <= ${size} and (
      (v.uploaded_at at time zone 'Asia/Shanghai')::date between ${first}::date and ${last}::date
      or exists (select from entry_voucher x join journal_entry e on e.estate_id = x.estate_id and e.seq = x.seq
        where x.estate_id = v.estate_id and x.sha256 = v.sha256 and e.entry_date between ${first}::date and ${last}::date)
      or exists (select from bank_balance b where b.estate_id = v.estate_id and b.sha256 = v.sha256
        and b.as_of between ${first}::date and ${last}::date))
    order by v.seq limit ${PAGE}`.execute(trx);
}

export async function* packedVouchers(house: House, snapshot: AuditSnapshot): AsyncGenerator<PackedVoucher[]> {
  const { estate_id } = snapshot.books.estate;
  for (let after = 0; ;) {
    const { rows } = await inEstate(house.db.app, estate_id, (trx) => voucherPage(trx, snapshot, after), { readOnly: true });
    yield rows;
    if (rows.length < PAGE) return;
    after = rows.at(-1)!.seq;
  }
}

export const voucherColumns: CsvColumn[] = [
  { key: 'sha256', title: '校验值 sha256' }, { key: 'path', title: '文件 path' }, { key: 'state', title: '状态 state' },
  { key: 'file_name', title: '原文件名 file_name' }, { key: 'media_type', title: '格式 media_type' }, { key: 'size', title: '字节 size', type: 'number' },
  { key: 'audience', title: '公开范围 audience' }, { key: 'entries', title: '记账凭证 entries' }, { key: 'uploaded_at', title: '交来时间 uploaded_at' },
  { key: 'seq', title: '存证序号 seq', type: 'number' },
];

/** included: it is here, as it was handed in. changed: it is here, and not what was handed in. missing: the storage
 *  has no such file. withheld: only officers may open it. */
export type VoucherState = 'included' | 'changed' | 'missing' | 'withheld';
const stateTexts: Record<VoucherState, string> = {
  included: '已收录 included', changed: '内容已变 changed', missing: '文件缺失 missing', withheld: '未收录（仅限各方任职人员查看）withheld',
};

export const voucherCells = (voucher: PackedVoucher, state: VoucherState): object => ({
  ...voucher, state: stateTexts[state], path: state === 'included' || state === 'changed' ? voucherPath(voucher) : '',
  // The name of a file that owners may not open may itself be personal.
  file_name: state === 'withheld' ? '' : voucher.file_name,
});
