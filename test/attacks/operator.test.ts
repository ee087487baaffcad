// A tired operator: the disk fills up in the middle of the day.
import t from 'tap';
import { receipt, web } from './web.ts';

t.test('on a full disk everybody is told to wait, nothing is half recorded, and it goes on afterwards', async (t) => {
  const site = await web(t);
  const { superuser } = site.h;
  await site.send('cashier', 'GET', '~/periods');
  await site.send('resident', 'GET', '~/periods');
  // What PostgreSQL says when it cannot extend a file.
  await superuser.query(`create function full_disk() returns trigger language plpgsql as $$ begin
    raise exception 'could not extend file: No space left on device' using errcode = 'disk_full'; end $$`);
  for (const table of ['record', 'posting', 'session', 'voucher', 'inquiry']) {
    await superuser.query(`create trigger full_disk before insert on ${table} for each row execute function full_disk()`);
  }
  const waits = async (name: string, answer: Promise<{ status: number }>): Promise<void> => void t.equal((await answer).status, 503, name);
  await waits('receipt', site.send('cashier', 'POST', '~/journal-entries', receipt(site.today, '5.00'), { 'idempotency-key': 'one' }));
  await waits('question', site.send('resident', 'POST', '~/inquiries', { question: '电费为什么多' }));
  await waits('login', site.send(null, 'POST', '/api/v1/session', { login: 'auditor', password: 'open-books-for-all' }));
  const form = '--XX\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7\n%%EOF\n\r\n--XX--\r\n';
  await waits('file', site.send('cashier', 'POST', '~/vouchers', form, { 'content-type': 'multipart/form-data; boundary=XX' }));
  for (const table of ['record', 'posting', 'session', 'voucher', 'inquiry']) await superuser.query(`drop trigger full_disk on ${table}`);
  const posted = await site.send('cashier', 'POST', '~/journal-entries', receipt(site.today, '5.00'), { 'idempotency-key': 'one' });
  t.match(posted.json, { status: 'posted', number: '收-001' }, 'the same press of the button is booked now, and once');
  const { rows } = await superuser.query<{ ok: boolean }>(`select h.size = (select max(seq) from record r where r.estate_id = h.estate_id)
    and h.size = (select count(*) from record r where r.estate_id = h.estate_id) as ok from log_head h where h.size > 0`);
  t.ok(rows.every((row) => row.ok), 'no gap in the log');
});
