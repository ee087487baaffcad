// The timetable: what was missed is made up for at the start, once, however many instances run.
import t from 'tap';
import { startJobs } from '../../src/jobs.ts';
import { receive, testBooks } from '../disclosure/books.ts';

const published = async (h: Awaited<ReturnType<typeof testBooks>>) => (await h.superuser.query(
  'select period, version from disclosure where estate_id = $1 order by period, version', [h.estate.estate_id])).rows;

t.test('two instances at the start: each missed month exactly once', async (t) => {
  const h = await testBooks(t, '2031-08');
  await receive(h, { date: '2031-08-01', amount: '10.00' });
  h.at('2031-11-10 08:00');
  const jobs = [startJobs(h.house, { executors: {} }), startJobs(h.house, { executors: {} })];
  t.teardown(() => Promise.all(jobs.map((job) => job.stop())));
  await Promise.all(jobs.map((job) => job.ready));
  await Promise.all(jobs.map((job) => job.idle()));
  t.same(await published(h), [
    { period: '2031-08', version: 1 }, { period: '2031-09', version: 1 }, { period: '2031-10', version: 1 }]);
  t.same(jobs.flatMap((job) => job.lastFailures()), []);
  const drafts = await h.superuser.query('select period from disclosure_draft');
  t.ok(drafts.rowCount! <= 1, 'a draft only for the month that is not out yet');
  t.equal(await jobs[0]!.run('publish'), 0, 'nothing is left to publish');
});

t.test('a task that fails shows, is tried again, and then no longer shows', async (t) => {
  const h = await testBooks(t, '2031-10');
  h.at('2031-11-10 09:00');
  let broken = true;
  const { keep } = h.house.storage;
  const house = { ...h.house, storage: { ...h.house.storage, keep: (bytes: Uint8Array) => {
    if (broken) throw new Error('disk full');
    return keep(bytes);
  } } };
  const jobs = startJobs(house, { executors: {}, timetable: false, retry_seconds: 1 });
  t.teardown(() => jobs.stop());
  await jobs.ready;
  for (let i = 0; i < 200 && jobs.lastFailures().length === 0; i += 1) await new Promise((r) => setTimeout(r, 50));
  t.match(jobs.lastFailures(), [{ task: 'publish', estate: 'test', error: 'disk full' }]);
  t.same(await published(h), []);
  broken = false;
  await jobs.idle();
  t.same(jobs.lastFailures(), []);
  t.same(await published(h), [{ period: '2031-10', version: 1 }]);
});
