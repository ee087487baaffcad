// What somebody with every right could change of the bank's word: lines, statements, suspense entries, what settles them,
// matches, the label of an order that was signed afterwards. September's are known to whoever has its PDF; October's are
// changed before anybody saw them, so that only the rules can tell.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonical } from '../../src/kernel/canonical.ts';
import { sha256Hex } from '../../src/kernel/digest.ts';
import { octoberStatement, settleDebit } from './tamper-bank.ts';
import type { Copy } from './tamper-books.ts';
import { firstOf, rewrite, sql, unguard, type Body, type Tampering } from './tamper-tools.ts';

/** The bank of October, before anybody sees it. */
async function october(copy: Copy): Promise<Awaited<ReturnType<typeof octoberStatement>>> {
  copy.at('2026-10-14 18:00');
  return octoberStatement(copy);
}

/** An unexplained debit becomes an ordinary expense in the tables. */
async function repaint(copy: Copy, seq: number, period: string): Promise<void> {
  await sql(copy, `update posting set account = '5104' where seq = $1 and account = '1291'`, [seq]);
  await sql(copy, `update balance b set debit = b.debit - p.debit from posting p where p.seq = $1 and p.debit > 0 and b.account = '1291' and b.period = $2`, [seq, period]);
  await sql(copy, `insert into balance (estate_id, period, account, fund, debit, credit, entries) select estate_id, period, account, fund, debit, 0, 1 from posting
    where seq = $1 and debit > 0 on conflict (estate_id, period, account, fund) do update set debit = balance.debit + excluded.debit, entries = balance.entries + 1`, [seq]);
}

const repaintBody = (body: Body): void => {
  for (const posting of body['postings'] as Body[]) if (posting['account'] === '1291') posting['account'] = '5104';
};

const lines: Tampering[] = [
  { name: 'amount of a line of the bank, in the table', before: async (copy) => {
    await unguard(copy);
    await sql(copy, `update bank_line set amount = amount + 100 where "position" = 2`);
  } },
  { name: 'a line of the bank is removed from the table', before: async (copy) => {
    await unguard(copy);
    await sql(copy, `delete from bank_line where "position" = 3`);
  } },
  { name: 'a line of September\'s statement, the log rewritten', before: (copy) => rewrite(copy, copy.bank.statement, (body) => { body['lines'][4][3] = '09000099'; }) },
  { name: 'a line of October\'s statement is made larger, tables and log alike', before: async (copy) => {
    const { statement } = await october(copy);
    await unguard(copy);
    await sql(copy, `update bank_line set amount = -445.50, balance = balance - 400 where "position" = 10`);
    await sql(copy, `update bank_statement set closing = closing - 400 where seq = $1`, [statement]);
    await sql(copy, `update bank_balance set balance = balance - 400 where seq = $1`, [statement]);
    await rewrite(copy, statement, (body) => {
      const line = body['lines'][1] as string[];
      line[1] = '-445.50';
      line[2] = (Number(line[2]) - 400).toFixed(2);
      body['closing'] = line[2];
    });
  } },
  { name: 'days of October\'s statement, tables and log alike', before: async (copy) => {
    const { statement } = await october(copy);
    await unguard(copy);
    await sql(copy, `update bank_statement set period_from = '2026-10-02' where seq = $1`, [statement]);
    await rewrite(copy, statement, (body) => { body['from'] = '2026-10-02'; });
  } },
  { name: 'a statement file is swapped in the storage', after: async (copy) => {
    const { rows } = await sql(copy, 'select sha256 from bank_statement where seq = $1', [copy.bank.statement]);
    const hash = rows[0].sha256 as string;
    await writeFile(join(copy.files, hash.slice(0, 2), hash), '%PDF-1.7 another');
  } },
];

const suspense: Tampering[] = [
  { name: 'an unexplained debit becomes an ordinary payment, in the tables', before: async (copy) => {
    const { debit } = await october(copy);
    await unguard(copy);
    await repaint(copy, debit, '2026-10');
  } },
  { name: 'an unexplained debit becomes an ordinary payment, tables and log alike', before: async (copy) => {
    const { debit } = await october(copy);
    await unguard(copy);
    await repaint(copy, debit, '2026-10');
    await rewrite(copy, debit, repaintBody);
  } },
  { name: 'September\'s unexplained debit becomes an ordinary payment, the log rewritten', before: (copy) => rewrite(copy, copy.bank.debit, repaintBody) },
  { name: 'a settlement points to another entry, in the table', after: async (copy) => {
    const { entry } = await settleDebit(copy);
    const { debit } = await octoberStatement(copy);
    await unguard(copy);
    await sql(copy, 'update journal_entry set settles = $2 where seq = $1', [entry, debit]);
  } },
  { name: 'a settlement points to another entry, tables and log alike', before: async (copy) => {
    copy.at('2026-10-14 18:00');
    const { entry } = await settleDebit(copy);
    const { debit } = await octoberStatement(copy);
    await unguard(copy);
    await sql(copy, 'update journal_entry set settles = $2 where seq = $1', [entry, debit]);
    await rewrite(copy, entry, (body) => { body['settles'] = debit; });
  } },
  { name: 'an order loses the words that it was signed after the fact, with a fitting hash', before: async (copy) => {
    copy.at('2026-10-14 18:00');
    const { proposal } = await settleDebit(copy);
    await rewrite(copy, await firstOf(copy, 'proposal_submitted', `%"proposal":${proposal},%`), (body) => {
      delete body['document'].after_the_fact;
      body['document_hash'] = sha256Hex(canonical(body['document']));
    });
  } },
];

const matches: Tampering[] = [
  { name: 'a match is moved to another entry, in the table', before: async (copy, { seqs }) => {
    await unguard(copy);
    await sql(copy, `update bank_match set entry_seq = $1 where entry_seq = $2`, [seqs.reversal, seqs.later_receipt]);
  } },
  { name: 'a match is moved to another entry, the log rewritten', before: async (copy, { seqs }) => rewrite(copy, await firstOf(copy, 'bank_lines_matched'), (body) => {
    body['matches'][0].entries = [seqs.later_receipt];
  }) },
];

export const bankTamperings: readonly Tampering[] = [...lines, ...suspense, ...matches];
