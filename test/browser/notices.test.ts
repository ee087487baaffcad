// A member of the committee who was away: the number at the top of the phone, the list, the proposal, and a warning.
import t from 'tap';
import { remindDue } from '../../src/approval/remind.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { shanghaiInstant } from '../../src/kernel/dates.ts';
import { submittedProposal } from '../helpers/approved.ts';
import { logIn, openPlace, phone } from './persons.ts';

t.setTimeout(120_000);

t.test('without script on a phone: from the number to the proposal, and all read', async (t) => {
  let now = shanghaiInstant('2031-10-01', '10:00');
  const place = await openPlace(t, { first_period: '2031-09', demo_clock: () => now });
  for (const kind of ['mandate', 'close'] as const) {
    await submittedProposal(place.house, place.estate, place.persons, { kind, amount: null, fund: null });
  }
  now = shanghaiInstant('2031-10-06', '09:00');
  await inEstate(place.house.db.app, place.estate.estate_id, (trx) => remindDue(trx, place.estate));
  const { page } = await place.person({ viewport: phone, script: false });
  await logIn(page, 'committee1');
  await page.getByRole('banner').getByRole('link', { name: '消息 2 条未读' }).click();
  await page.getByRole('link', { name: /扣费授权“mandate”已等了 5 天/ }).click();
  await page.waitForURL(/\/e\/test\/proposals\/\d+$/);
  await page.getByRole('banner').getByRole('link', { name: '消息 1 条未读' }).click();
  t.equal(await page.getByText('未读', { exact: true }).count(), 1);
  await page.getByRole('button', { name: '全部标为已读' }).click();
  await page.getByRole('heading', { name: '全部已读' }).waitFor();
  t.equal(await page.getByRole('banner').getByRole('link', { name: /未读/ }).count(), 0);
  t.same(place.complaints, []);
});

t.test('the street office reads on its first page that a committee will be too small, and goes to the terms', async (t) => {
  const place = await openPlace(t, { first_period: '2099-10', demo_clock: () => shanghaiInstant('2099-12-10', '09:00') });
  const { page } = await place.person({ viewport: phone });
  await logIn(page, 'street');
  const warning = page.getByRole('note', { name: '请注意' }).filter({ hasText: '签批人数快不够了' });
  t.match(await warning.textContent(), '业主委员会有 2 人的任期到2099年12月31日为止，此后没有人能签');
  await warning.getByRole('link', { name: '看各方任期' }).click();
  await page.waitForURL(/\/e\/test\/people$/);
  await page.getByRole('note', { name: '请注意' }).filter({ hasText: '签批人数快不够了' }).waitFor();
  const resident = await place.person({ viewport: phone });
  await logIn(resident.page, 'resident');
  t.equal(await resident.page.getByText('签批人数快不够了').count(), 0);
  t.same(place.complaints, []);
});
