// What was signed at the beginning proves itself offline: opening balances bring money that came from nowhere, and a body changes its form.
import t from 'tap';
import { auditPackage } from '../../src/exchange/audit-package.ts';
import { takeSnapshot } from '../../src/exchange/audit-snapshot.ts';
import { verdictText } from '../../src/verifier/report.ts';
import { verifyFiles } from '../../src/verifier/verify.ts';
import { bytesOf } from '../exchange/sample.ts';
import { api, officeHouse } from '../office/office-house.ts';

t.test('an audit package with opening balances and another form of a body holds', async (t) => {
  const h = await officeHouse(t);
  const cashier = await h.as('cashier');
  const table = `1002\tservice\t8000\t\t\n2203\tservice\t\t120\t${h.home}\n3101\tservice\t\t7880\t`;
  for (const [path, body] of [['opening-balances', { table }], ['body-forms', { body: 'committee', form: 'property_committee', name_zh: '示例小区物业管理委员会', from: '2026-11-02', until: '2027-06-30' }]] as const) {
    const { json } = await cashier.post(`${api}/${path}`, body);
    await h.sign(Number(json['proposal_id']), 'manager', 'committee1', 'committee2');
    t.equal((await h.state(Number(json['proposal_id']))).state, 'executed', path);
  }
  const snapshot = await takeSnapshot(h.house, h.estate, { from: '2026-11', to: '2026-11', audience: 'officers' });
  const zip = await bytesOf(auditPackage({ house: h.house, snapshot, made_at: '2026-11-02T01:00:00.000Z', verifier: null, step() {}, advance() {} }));
  const verdict = await verifyFiles([{ name: 'audit.zip', blob: new Blob([new Uint8Array(zip)]) }]);
  t.equal(verdict.outcome, 'holds', verdictText(verdict, 'en'));
});
