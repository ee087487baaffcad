// The books for the tamper drill: September is kept, closed and published, and one owner has its PDF at home. Then
// somebody with every right on the machine changes something; life goes on; October is published. Each change is made
// to a copy of the same database, files and keys, so that only it differs.
//   const base = await tamperBase(t);  const copy = await copyOf(base);  …  await goOn(copy)
import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { publishDisclosure } from '../../src/disclosure/publish.ts';
import { keyFolder } from '../../src/evidence/key-folder.ts';
import { issueCheckpoint } from '../../src/evidence/checkpointer.ts';
import { inEstate, openDatabase, setDemoClock, valueTypes } from '../../src/kernel/database.ts';
import { shanghaiInstant } from '../../src/kernel/dates.ts';
import { diskStorage } from '../../src/kernel/storage.ts';
import { signingDoors, type SigningDoors } from '../approval/keys.ts';
import { closeMonth, payOut, receive, reverse } from '../disclosure/books.ts';
import { testHouse, type TestHouse } from '../helpers/house.ts';
import type { SoftwareKey } from '../helpers/passkey.ts';
import { testServer, withClient, type Ending } from '../helpers/postgres.ts';
import { pay, sign, submitted } from '../payment/story.ts';
import { octoberBank, septemberBank, type BankSeqs } from './tamper-bank.ts';

export const SEPTEMBER = '2026-09';
export const OCTOBER = '2026-10';

export interface Copy extends TestHouse {
  /** Sets the clock: '2026-10-11 09:00' in Shanghai. */
  at(moment: string): void;
  files: string;
  keys: string;
  doors: SigningDoors;
  /** The committee chair's passkey. */
  key: SoftwareKey;
  /** September's records of the bank. */
  bank: BankSeqs;
  end(): Promise<void>;
}

export interface Base extends Copy {
  /** What the owner has at home: September's PDF. */
  september: Buffer;
  /** The voucher that owner once downloaded. */
  voucher: { sha256: string; bytes: Buffer };
  /** Records of September by what they are. */
  seqs: Record<'receipt' | 'later_receipt' | 'payment' | 'weak_payment' | 'reversal', number>;
  orders: Record<'strong' | 'weak', number>;
}

const momentOf = (text: string): Date => shanghaiInstant(text.slice(0, 10), text.slice(11, 16));

async function pdfOf(h: TestHouse, period: string): Promise<Buffer> {
  const row = await inEstate(h.house.db.app, h.estate.estate_id, (trx) => trx.selectFrom('disclosure').select('pdf_zh_sha256')
    .where('estate_id', '=', h.estate.estate_id).where('period', '=', period).orderBy('version', 'desc').executeTakeFirstOrThrow());
  return (await h.house.storage.read(row.pdf_zh_sha256))!;
}

/** An order, signed with password and passkey, and paid. */
async function paidWithKey(h: TestHouse, { doors, key }: Pick<Copy, 'doors' | 'key'>, purpose: string): Promise<number> {
  const id = await submitted(h, { purpose });
  await sign(h, id, 'manager');
  const answer = await doors.signWith('committee1', key, id);
  if (answer.json['status'] !== 'approved') throw new Error(answer.body);
  await pay(h, id);
  return id;
}

const seqOf = async (h: TestHouse, proposal_id: number): Promise<number> => inEstate(h.house.db.app, h.estate.estate_id, async (trx) =>
  (await trx.selectFrom('journal_entry').select('seq').where('estate_id', '=', h.estate.estate_id).where('proposal_id', '=', proposal_id)
    .executeTakeFirstOrThrow()).seq);

export async function tamperBase(t: Ending): Promise<Base> {
  let now = momentOf(`${SEPTEMBER}-01 08:00`);
  const h = await testHouse(t, { first_period: SEPTEMBER, demo_clock: () => now });
  const folder = await mkdtemp(join(tmpdir(), 'mingzhang-tamper-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const [files, keys] = [join(folder, 'files'), join(folder, 'keys')];
  Object.assign(h.house, { storage: diskStorage(files), log_keys: keyFolder(keys) });
  await issueCheckpoint(h.house, h.estate);
  const doors = await signingDoors(t, h);
  const at = (moment: string): void => {
    now = momentOf(moment);
    doors.forget();
  };
  const key = await doors.enrol('committee1');
  at(`${SEPTEMBER}-03 09:00`);
  const receipt = await receive(h, { date: '2026-09-02', amount: '52000.00', description: '九月物业费' });
  const advertising = await receive(h, { date: '2026-09-03', amount: '800.00', account: '4109', fund: 'public_income', description: '电梯广告' });
  at(`${SEPTEMBER}-08 10:00`);
  const strong = await paidWithKey(h, { doors, key }, '地下车库灯具更换');
  const weak_payment = await payOut(h, { date: '2026-09-08', amount: '950.00', description: '绿化修剪' });
  at(`${SEPTEMBER}-22 10:00`);
  const wrong = await receive(h, { date: '2026-09-20', amount: '300.00', description: '重复登记的停车费' });
  const reversal = await reverse(h, { date: '2026-09-20', seq: wrong, kind: 'receipt' });
  const later_receipt = await receive(h, { date: '2026-09-21', amount: '4100.00', description: '补交物业费' });
  const payment = await seqOf(h, strong);
  at('2026-09-30 18:00');
  const bank = await septemberBank(h, { receipt, advertising, payment, weak_payment, later_receipt });
  at('2026-10-02 09:00');
  await receive(h, { date: '2026-10-02', amount: '51000.00', description: '十月物业费' });
  await closeMonth(h, SEPTEMBER);
  at('2026-10-10 08:00');
  await publishDisclosure(h.house, { estate: h.estate, period: SEPTEMBER });
  const september = await pdfOf(h, SEPTEMBER);
  const [{ sha256 }] = (await h.superuser.query<{ sha256: string }>('select sha256 from entry_voucher order by seq limit 1')).rows as [{ sha256: string }];
  const weak = (await h.superuser.query<{ id: number }>('select proposal_id as id from journal_entry where seq = $1', [weak_payment])).rows[0]!.id;
  return {
    ...h, at, files, keys, doors, key, bank, september, end: async () => undefined,
    voucher: { sha256, bytes: (await h.house.storage.read(sha256))! },
    seqs: { receipt, later_receipt, payment, weak_payment, reversal }, orders: { strong, weak },
  };
}

/** The same books once more, to be tampered with. */
export async function copyOf(base: Base): Promise<Copy> {
  const server = await testServer();
  const name = `test_${randomBytes(6).toString('hex')}`;
  await withClient(server.url('postgres'), async (client) => {
    await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [base.name]);
    await client.query(`create database ${name} encoding 'UTF8' template ${base.name} strategy = file_copy`);
  });
  const folder = await mkdtemp(join(tmpdir(), 'mingzhang-tamper-'));
  const [files, keys] = [join(folder, 'files'), join(folder, 'keys')];
  await cp(base.files, files, { recursive: true });
  await cp(base.keys, keys, { recursive: true });
  const login = (role: 'app' | 'signer' | 'auditor') => server.login(role, name);
  const db = openDatabase({ app: login('app'), signer: login('signer'), warn: () => undefined });
  const superuser = new pg.Pool({ connectionString: server.url(name), max: 2, types: valueTypes });
  superuser.on('error', () => undefined);
  let now = momentOf('2026-10-11 09:00');
  for (const one of [db.app, db.signer]) setDemoClock(one, () => now);
  const house = { ...base.house, db, storage: diskStorage(files), log_keys: keyFolder(keys), clock: () => now, log: pino({ level: 'silent' }) };
  const endings: (() => unknown)[] = [];
  const h: TestHouse = { ...base, house, db, name, superuser, login, urls: { ...base.urls, superuser: server.url(name) } };
  const doors = await signingDoors({ teardown: (work) => void endings.push(work) }, h);
  return {
    ...h, files, keys, doors, key: base.key, bank: base.bank,
    at(moment) {
      now = momentOf(moment);
      doors.forget();
    },
    async end() {
      for (const work of endings.splice(0)) await work();
      await Promise.all([db.close(), superuser.end()]);
      await withClient(server.url('postgres'), (client) => client.query(`drop database if exists ${name} with (force)`));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Life goes on in October, as if nothing had happened; gives October's PDF. */
export async function goOn(copy: Copy): Promise<Buffer> {
  copy.at('2026-10-15 09:00');
  await receive(copy, { date: '2026-10-15', amount: '640.00', account: '4109', fund: 'public_income', description: '快递柜场地费' });
  await paidWithKey(copy, copy, '消防水带更换');
  await octoberBank(copy);
  copy.at('2026-10-20 09:00');
  await payOut(copy, { date: '2026-10-20', amount: '1200.00', description: '保洁用品' });
  copy.at('2026-11-02 09:00');
  await closeMonth(copy, OCTOBER);
  await issueCheckpoint(copy.house, copy.estate);
  copy.at('2026-11-10 08:00');
  await publishDisclosure(copy.house, { estate: copy.estate, period: OCTOBER });
  return pdfOf(copy, OCTOBER);
}
