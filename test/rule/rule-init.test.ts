// A new estate chooses its rules, and is told which of them nobody could satisfy yet.
import t from 'tap';
import { presets, usualRules } from '../../src/approval/presets.ts';
import { newRuleOf, plainRule, readRules } from '../../src/approval/rules.ts';
import { initEstate } from '../../src/init.ts';
import { canonical, type Json } from '../../src/kernel/canonical.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { testHouse } from '../helpers/house.ts';
import { refusalOf } from '../payment/story.ts';

t.setTimeout(120_000);
const flags = (code: string, more: string[] = []): string[] => ['--code', code, '--name', '新小区', '--trustee', '甲物业', '--committee', '业委会',
  '--bank', '某行', '--account-last4', '0001', '--cashier-name', '甲', '--cashier-login', `${code}-a`, '--manager-name', '乙', '--manager-login', `${code}-b`,
  '--chair-name', '丙', '--chair-login', `${code}-c`, ...more];

t.test('an estate begins with the rules it chooses', async (t) => {
  const h = await testHouse(t);
  for (const preset of [undefined, ...presets]) {
    const code = `init-${(preset ?? 'default').replaceAll('_', '-')}`;
    const { estate, printed } = await initEstate(h.house, flags(code, preset === undefined ? [] : ['--rules', preset]), false);
    const rules = await inEstate(h.house.db.app, estate.estate_id, (trx) => readRules(trx, estate.estate_id));
    const written = (list: readonly object[]): string[] => list.map((rule) => canonical(rule as Json)).sort();
    t.same(written(rules.map(newRuleOf)), written(usualRules(preset ?? 'trust').map(plainRule)), code);
    t.match(printed.join('\n'), `/help/rules#${preset ?? 'trust'}`, 'and is told where they are explained');
  }
});

t.test('rules that nobody could satisfy yet are named, with what is missing', async (t) => {
  const h = await testHouse(t);
  const alone = (await initEstate(h.house, flags('alone'), false)).printed.join('\n');
  t.match(alone, /业主委员会、社区、街道办事处在任的人还不够/);
  t.match(alone, /付款 100,000\.00 元起：物业公司 1 人 \+ 业主委员会 2 人/);
  const two = (await initEstate(h.house, flags('two', ['--member-name', '丁', '--member-login', 'two-d']), false)).printed.join('\n');
  t.notMatch(two, /付款 100,000\.00 元起：/, 'with a second member large payments can be signed');
  t.match(two, /缺位时的任免/, 'nobody of community and street is entered at the start');
  t.equal(await refusalOf(initEstate(h.house, flags('wrong', ['--rules', 'mine']), false)), 'init_flag_invalid');
});
