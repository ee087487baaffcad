import t from 'tap';
import { buildApp } from '../../src/app.ts';
import { sha256Hex } from '../../src/kernel/digest.ts';
import { signIn, testHouse } from '../helpers/house.ts';

t.test('the record log over the interface', async (t) => {
  const { house, estate } = await testHouse(t);
  const app = await buildApp(house);
  t.teardown(() => app.close());
  const url = '/api/v1/estates/test/log/records';
  const get = async (name: string, query = '') => app.inject({ url: url + query, headers: await signIn(app, name) });

  await t.test('every owner reads the records, as the disclosures carry them', async (t) => {
    const answer = (await get('resident')).json();
    t.ok(answer.items.length > 5);
    t.strictSame(answer.items.map((r: { seq: number }) => r.seq), answer.items.map((_: unknown, i: number) => i + 1), 'without gaps');
    t.ok(answer.items.every((r: { body: string }) => typeof JSON.parse(r.body) === 'object'));
  });

  await t.test('an auditor recomputes every fingerprint from what is told', async (t) => {
    const { items, size, next_from } = (await get('auditor', '?limit=500')).json();
    t.equal(size, items.length);
    t.equal(next_from, null);
    for (const { seq, kind, recorded_at, number, body, leaf_hash } of items) {
      const leaf = ['mingzhang/record/v1', estate.code, seq, kind, recorded_at, number, body].join('\n');
      t.equal(leaf_hash, sha256Hex(Buffer.concat([Buffer.from([0]), Buffer.from(leaf)])), `record ${seq}`);
    }
  });

  await t.test('pages follow each other', async (t) => {
    const first = (await get('auditor', '?limit=3')).json();
    t.equal(first.next_from, 4);
    t.equal((await get('auditor', '?from=4&limit=1')).json().items[0].seq, 4);
    t.strictSame((await get('auditor', '?from=999999999')).json().items, []);
    t.equal((await get('auditor', '?from=-1')).statusCode, 400);
  });

  await t.test('nobody from elsewhere learns that the log exists', async (t) => {
    t.equal((await get('stranger')).statusCode, 404);
    t.equal((await app.inject({ url })).statusCode, 401);
  });
});
