// What somebody with every right on the machine could change after September was published: rows of tables, records
// of the log with and without fitting hashes, files, keys. Each is one entry of the list; test/faults/tamper.ts does
// them one at a time and asks whether an owner would notice. A forger here has no other owner's file, no passkey of a
// signer, and cannot reach what was printed.
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { issueCheckpoint } from '../../src/evidence/checkpointer.ts';
import { sha256Hex } from '../../src/kernel/digest.ts';
import { canonical } from '../../src/kernel/canonical.ts';
import { COSIGNATURE, keyOf, signatureLine, verifierKeyText } from '../../src/proof/note.ts';
import { ed25519Key } from '#primitives';
import { softwareKey } from '../helpers/passkey.ts';
import { bankTamperings } from './tamper-bank-list.ts';
import type { Copy } from './tamper-books.ts';
import { householdTamperings } from './tamper-households-list.ts';
import { voiceTamperings } from './tamper-voice-list.ts';
import { bodyOf, firstOf, forgetCheckpoints, rehash, rewrite, setBody, sql, unguard, type Body, type Tampering } from './tamper-tools.ts';

/** All records after a place move by `by`; whatever names them moves along, and their fingerprints fit again. */
async function move(copy: Copy, after: number, by: number): Promise<void> {
  const { rows } = await sql(copy, `select table_name, column_name from information_schema.columns where table_schema = 'public' and data_type = 'bigint'
    and column_name in ('seq', 'reverses', 'settles', 'entry_seq', 'about_seq', 'revoked_seq', 'opened_seq', 'ended_seq', 'retired_seq')
    and table_name in (select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace)`);
  for (const { table_name, column_name } of rows) {
    await sql(copy, `update ${table_name} set ${column_name} = ${column_name} + 1000000 where estate_id = $1 and ${column_name} > $2`, [copy.estate.estate_id, after]);
    await sql(copy, `update ${table_name} set ${column_name} = ${column_name} - 1000000 + $2 where estate_id = $1 and ${column_name} > 1000000`, [copy.estate.estate_id, by]);
  }
  await sql(copy, 'update log_head set size = size + $2 where estate_id = $1', [copy.estate.estate_id, by]);
  await rehash(copy);
  await forgetCheckpoints(copy);
}

/** September's first receipt grows by a thousand yuan in the tables that the program reads. */
async function raiseTables(copy: Copy, seq: number): Promise<void> {
  await unguard(copy);
  await sql(copy, 'update journal_entry set amount = amount + 1000 where seq = $1', [seq]);
  await sql(copy, 'update posting set debit = debit + case when debit > 0 then 1000 else 0 end, credit = credit + case when credit > 0 then 1000 else 0 end where seq = $1', [seq]);
  await sql(copy, `update balance b set debit = b.debit + p.d, credit = b.credit + p.c from (select account, fund, period,
    case when debit > 0 then 1000 else 0 end as d, case when credit > 0 then 1000 else 0 end as c from posting where seq = $1) p
    where (b.account, b.fund, b.period) = (p.account, p.fund, p.period)`, [seq]);
}

const raiseBody = (body: Body): void => {
  for (const posting of body['postings'] as Body[]) {
    for (const side of ['debit', 'credit']) if (posting[side] !== undefined) posting[side] = (Number(posting[side]) + 1000).toFixed(2);
  }
};

const amounts: Tampering[] = [
  { name: 'amount of an entry, in the tables', before: (copy, { seqs }) => raiseTables(copy, seqs.receipt) },
  { name: 'amount, also in its record', before: async (copy, { seqs }) => {
    await raiseTables(copy, seqs.receipt);
    await rewrite(copy, seqs.receipt, raiseBody, { hashed: false, whole: false });
  } },
  { name: 'amount, also in the fingerprint of the record', before: async (copy, { seqs }) => {
    await raiseTables(copy, seqs.receipt);
    await rewrite(copy, seqs.receipt, raiseBody, { whole: false });
  } },
  { name: 'amount, the whole log rewritten and signed anew', before: async (copy, { seqs }) => {
    await raiseTables(copy, seqs.receipt);
    await rewrite(copy, seqs.receipt, raiseBody);
  } },
  { name: 'amount of a signed payment, the log rewritten', before: async (copy, { seqs }) => {
    await raiseTables(copy, seqs.payment);
    await rewrite(copy, seqs.payment, raiseBody);
  } },
  { name: 'balance carried forward', before: async (copy) => {
    await unguard(copy);
    await sql(copy, `update balance set debit = debit - 500 where account = '1002' and period = '2026-09' and fund = 'service'`);
    await sql(copy, `update balance set debit = debit + 500 where account like '5%' and period = '2026-09' and fund = 'service'`);
  } },
];

const words: Tampering[] = [
  { name: 'date of an entry', before: (copy, { seqs }) => rewrite(copy, seqs.receipt, (body) => { body['entry_date'] = '2026-09-01'; }) },
  { name: 'memo, in the tables', before: async (copy, { seqs }) => {
    await unguard(copy);
    await sql(copy, `update journal_entry set description = '九月停车费' where seq = $1`, [seqs.receipt]);
  } },
  { name: 'memo, the log rewritten', before: (copy, { seqs }) => rewrite(copy, seqs.receipt, (body) => { body['description'] = '九月停车费'; }) },
  { name: 'account, in the tables', before: async (copy, { seqs }) => {
    await unguard(copy);
    await sql(copy, `update posting set account = '4109' where seq = $1 and credit > 0`, [seqs.receipt]);
  } },
  { name: 'account, the log rewritten', before: (copy, { seqs }) => rewrite(copy, seqs.receipt, (body) => {
    for (const posting of body['postings'] as Body[]) if (posting['credit'] !== undefined) posting['account'] = '4109';
  }) },
  { name: 'fund, the log rewritten', before: (copy, { seqs }) => rewrite(copy, seqs.receipt, (body) => {
    for (const posting of body['postings'] as Body[]) posting['fund'] = 'public_income';
  }) },
  { name: 'voucher number of an entry', before: async (copy, { seqs }) => {
    await unguard(copy);
    await sql(copy, `update record set number = replace(number, '001', '009') where seq = $1`, [seqs.receipt]);
    await rehash(copy, seqs.receipt);
    await forgetCheckpoints(copy);
  } },
];

const order: Tampering[] = [
  { name: 'two entries change places', before: async (copy, { seqs }) => {
    await unguard(copy);
    const [one, other] = [await bodyOf(copy, seqs.receipt), await bodyOf(copy, seqs.later_receipt)];
    await setBody(copy, seqs.receipt, other);
    await setBody(copy, seqs.later_receipt, one);
    await rehash(copy);
    await forgetCheckpoints(copy);
  } },
  { name: 'an entry is deleted, the rest moves up', before: async (copy, { seqs }) => {
    await unguard(copy);
    for (const table of ['entry_voucher', 'posting', 'journal_entry', 'record']) await sql(copy, `delete from ${table} where seq = $1`, [seqs.later_receipt]);
    await move(copy, seqs.later_receipt, -1);
  } },
  { name: 'an entry is inserted into September', before: async (copy, { seqs }) => {
    await unguard(copy);
    await move(copy, seqs.later_receipt, 1);
    await sql(copy, `insert into record (estate_id, seq, kind, recorded_at, number, body, leaf_hash)
      select estate_id, seq + 1, kind, recorded_at, '2026-09 收-099', replace(body, '4100.00', '41.00'), leaf_hash from record where seq = $1`, [seqs.later_receipt]);
    await rehash(copy);
  } },
  { name: 'the last records are cut off and others take their place', before: async (copy) => {
    await unguard(copy);
    const { rows } = await sql(copy, 'select size from log_head where estate_id = $1', [copy.estate.estate_id]);
    await sql(copy, 'delete from disclosure where seq > $1', [rows[0].size - 3]);
    await sql(copy, 'delete from record where seq > $1 and estate_id = $2', [rows[0].size - 3, copy.estate.estate_id]);
    await sql(copy, 'update log_head set size = size - 3 where estate_id = $1', [copy.estate.estate_id]);
    await forgetCheckpoints(copy);
  } },
  { name: 'the log is begun anew with another key', before: async (copy) => {
    await unguard(copy);
    await sql(copy, `update record set body = replace(body, '九月', '八月') where estate_id = $1`, [copy.estate.estate_id]);
    const origin = (await sql(copy, 'select origin from log_key where estate_id = $1', [copy.estate.estate_id])).rows[0].origin as string;
    const vkey = await copy.house.log_keys!.create(origin, { first: true });
    const seq = await firstOf(copy, 'log_key_opened');
    const body = await bodyOf(copy, seq);
    await setBody(copy, seq, { ...body, vkey });
    await sql(copy, 'update log_key set vkey = $2 where estate_id = $1', [copy.estate.estate_id, vkey]);
    await rehash(copy);
    await forgetCheckpoints(copy);
  } },
  { name: 'time of a record', before: async (copy, { seqs }) => {
    await unguard(copy);
    await sql(copy, `update record set recorded_at = recorded_at - interval '3 days' where estate_id = $1 and seq = $2`, [copy.estate.estate_id, seqs.later_receipt]);
    await rehash(copy);
    await forgetCheckpoints(copy);
  } },
];

const files: Tampering[] = [
  { name: 'a voucher file is swapped in the storage', after: async (copy, { voucher }) => {
    const place = join(copy.files, voucher.sha256.slice(0, 2), voucher.sha256);
    await writeFile(place, Buffer.concat([voucher.bytes, Buffer.from('%')]));
  } },
  { name: 'a voucher is swapped, tables and record say so too', before: async (copy, { voucher }) => {
    await unguard(copy);
    const bytes = Buffer.concat([voucher.bytes, Buffer.from('%')]);
    const sha256 = await copy.house.storage.keep(bytes);
    for (const table of ['voucher', 'entry_voucher', 'order_voucher']) await sql(copy, `update ${table} set sha256 = $2 where sha256 = $1`, [voucher.sha256, sha256]);
    await sql(copy, 'update record set body = replace(body, $1, $2)', [voucher.sha256, sha256]);
    await rehash(copy);
    await forgetCheckpoints(copy);
  } },
  { name: "September's PDF is replaced in the storage and in the table", before: async (copy, { september }) => {
    await unguard(copy);
    const bytes = Buffer.from(september);
    bytes[bytes.length - 3] = bytes[bytes.length - 3]! ^ 1;
    const sha256 = await copy.house.storage.keep(bytes);
    await sql(copy, `update disclosure set pdf_zh_sha256 = $1 where period = '2026-09'`, [sha256]);
  } },
  { name: "September's figures are replaced in the table", before: async (copy) => {
    await unguard(copy);
    await sql(copy, `update disclosure set figures = replace(figures, '950.00', '940.00'),
      figures_sha256 = encode(sha256(convert_to(replace(figures, '950.00', '940.00'), 'UTF8')), 'hex')`);
    await sql(copy, `update record set body = replace(body, f.old, d.figures_sha256) from disclosure d, (select substring(body from '"figures_sha256":"([0-9a-f]{64})"') as old
      from record where kind = 'disclosure_published' limit 1) f where record.kind like 'disclosure_%'`);
    await rehash(copy);
    await forgetCheckpoints(copy);
  } },
];

const signatures: Tampering[] = [
  { name: 'a signature is taken out of the log', before: async (copy) => {
    await unguard(copy);
    const seq = await firstOf(copy, 'signature');
    await sql(copy, 'delete from signature where seq = $1', [seq]);
    await sql(copy, 'delete from record where seq = $1', [seq]);
    await move(copy, seq, -1);
  } },
  { name: 'another signer under a signature', before: async (copy) => rewrite(copy, await firstOf(copy, 'signature'), (body) => { body['person'] = copy.persons.supervisor; }) },
  { name: 'a rejection becomes an approval', before: async (copy) => rewrite(copy, await firstOf(copy, 'signature'), (body) => {
    body['reason'] = '同意';
  }) },
  { name: 'bytes of a passkey signature', before: async (copy) => rewrite(copy, await firstOf(copy, 'signature', '%"passkey"%'), (body) => {
    const { signature } = body['evidence'] as { signature: string };
    body['evidence'].signature = signature.slice(0, 20) + (signature[20] === 'A' ? 'B' : 'A') + signature.slice(21);
  }) },
  { name: 'the signed document names another amount', before: async (copy, { orders }) => {
    const seq = await firstOf(copy, 'proposal_submitted', `%"proposal":${orders.strong},%`);
    await rewrite(copy, seq, (body) => {
      body['document'].amount = '7001.00';
      body['document_hash'] = sha256Hex(canonical(body['document']));
    });
  } },
  { name: "a signer's key is exchanged in the table, and the forger signs October with it", before: async (copy) => {
    await unguard(copy);
    // The forger puts a key of their own under the chair's name; what the log says of the chair's key stays.
    const forged = softwareKey({ rp_id: 'localhost', origin: 'http://localhost:8080' });
    await sql(copy, 'update passkey set credential_id = $1, public_key = $2 where person_id = $3',
      [forged.id, Buffer.from(forged.public_key, 'base64url'), copy.persons.committee1]);
    copy.key = forged;
  } },
  { name: 'an order gets its quorum from the database, without signatures', before: async (copy) => {
    await unguard(copy);
    await forgeQuorum(copy);
  } },
  { name: 'an order is paid twice', after: async (copy, { seqs }) => {
    await unguard(copy);
    await bookAgain(copy, seqs.payment);
  } },
];

/** October's next payment rests on a quorum row that somebody wrote by hand. */
async function forgeQuorum(copy: Copy): Promise<void> {
  const { submitted, pay, receive } = await import('../payment/story.ts');
  copy.at('2026-10-12 09:00');
  await receive(copy, '10.00');
  const id = await submitted(copy, { purpose: '没有人签过的付款' });
  await sql(copy, `insert into quorum (estate_id, proposal_id, document_hash, first_body, first_person, second_body, second_person, reached_at)
    select estate_id, proposal_id, document_hash, 'property', $2, 'committee', $3, now() from proposal where proposal_id = $1`, [id, copy.persons.manager, copy.persons.committee1]);
  await sql(copy, `update proposal set state = 'approved', approved_at = submitted_at where proposal_id = $1`, [id]);
  await pay(copy, id);
}

/** A second entry under an order that was paid already, as the door would have written it. */
async function bookAgain(copy: Copy, seq: number): Promise<void> {
  await sql(copy, `with head as (update log_head set size = size + 1 where estate_id = $1 returning size, recorded_at)
    insert into record (estate_id, seq, kind, recorded_at, number, body, leaf_hash)
    select r.estate_id, h.size, r.kind, h.recorded_at, '2026-11 付-001', replace(replace(r.body, '2026-09-', '2026-11-'), '"key":"', '"key":"again '), r.leaf_hash
    from record r, head h where r.estate_id = $1 and r.seq = $2`, [copy.estate.estate_id, seq]);
  await rehash(copy);
}

const offices: Tampering[] = [
  { name: 'a term of office is lengthened in the table', before: async (copy) => {
    await unguard(copy);
    await sql(copy, `update term set ends_on = '2100-12-31' where person_id = $1`, [copy.persons.manager]);
  } },
  { name: 'a term of office in the log', before: async (copy) => rewrite(copy, await firstOf(copy, 'term_opened'), (body) => { body['ends_on'] = '2100-12-31'; }) },
  { name: 'a stranger is made manager in the table and signs', before: async (copy) => {
    await unguard(copy);
    await sql(copy, `update term set person_id = $2 where person_id = $1`, [copy.persons.manager, copy.persons.resident]);
    await sql(copy, `update key_holder set person_id = $2 where person_id = $1`, [copy.persons.manager, copy.persons.resident]);
    copy.persons = { ...copy.persons, manager: copy.persons.resident };
    const actorOf = copy.actorOf.bind(copy);
    copy.actorOf = (name) => (name === 'manager' ? { ...actorOf('manager'), person_id: copy.persons.resident } : actorOf(name));
    await sql(copy, `update credential set signing_hash = (select signing_hash from credential where login = 'manager') where person_id = $1`, [copy.persons.resident]);
  } },
  { name: 'a rule asks for fewer signers in the table', before: async (copy) => {
    await unguard(copy);
    await sql(copy, `update rule_body set signers = 1 where signers > 1`);
  } },
  { name: 'a rule, the log rewritten', before: async (copy) => rewrite(copy, await firstOf(copy, 'rules_opened'), (body) => {
    body['rules'][0].expires_days = 365;
  }) },
  { name: 'the border of a band in the table', before: async (copy) => {
    await unguard(copy);
    await sql(copy, `update rule set amount_to = amount_to * 10 where amount_to is not null`);
  } },
];

const counters: Tampering[] = [
  { name: 'a voucher number is left out', before: async (copy) => {
    await unguard(copy);
    await sql(copy, `update number_head set last = last + 1 where period = '2026-10'`);
  } },
  { name: 'the clock of the log is set back', before: async (copy) => {
    await unguard(copy);
    await sql(copy, `update log_head set recorded_at = '2026-09-01' where estate_id = $1`, [copy.estate.estate_id]);
    copy.at('2026-10-05 09:00');
    const { receive } = await import('../payment/story.ts');
    await receive(copy, '10.00');
  } },
  { name: 'a checkpoint is replaced by one of another root', after: async (copy) => {
    await issueCheckpoint(copy.house, copy.estate);
    await unguard(copy);
    const fake = createHash('sha256').update('another').digest();
    await sql(copy, `update checkpoint set root = $1, note = replace(note, encode(root, 'base64'), encode($1, 'base64'))`, [fake]);
  } },
  { name: 'a cosignature is written by hand', after: async (copy) => {
    await unguard(copy);
    const origin = (await sql(copy, 'select origin from log_key where estate_id = $1', [copy.estate.estate_id])).rows[0].origin as string;
    const key = keyOf(`${origin}/committee-00000000`, COSIGNATURE, ed25519Key().public_key);
    const line = signatureLine(key, Buffer.concat([Buffer.alloc(8, 1), Buffer.alloc(64, 7)])).trimEnd();
    await sql(copy, `insert into witness (estate_id, witness_id, person_id, side, vkey, enrolled_at, seq) values ($1, 1, $2, 'committee', $3, now(), 1)`,
      [copy.estate.estate_id, copy.persons.committee1, verifierKeyText(key)]);
    await sql(copy, `insert into cosignature (estate_id, size, witness_id, signed_at, line) select estate_id, max(size), 1, now(), $2 from checkpoint
      where estate_id = $1 group by estate_id`, [copy.estate.estate_id, line]);
  } },
];

export const tamperings: readonly Tampering[] = [...amounts, ...words, ...order, ...files, ...signatures, ...offices, ...counters, ...bankTamperings, ...householdTamperings, ...voiceTamperings];
