// The presets in words, and one worked example each, which the tests hold against the rules themselves.
import type { Bilingual } from '../kernel/locale.ts';
import type { Preset } from '../approval/presets.ts';
import type { RuleKind, NewRule, RuleClass } from '../approval/kinds.ts';

export interface Example {
  story: Bilingual;
  kind: RuleKind;
  class: RuleClass;
  amount: string | null;
  /** What the rule of the preset asks; said on the page from here. */
  bodies: NewRule['bodies'];
  notice_days: number;
  needs_resolution: boolean;
}

export interface PresetHelp { name: Bilingual; text: Bilingual; examples: Example[] }

const plain = { class: 'normal', notice_days: 0, needs_resolution: false } as const;

export const presetHelp: Record<Preset, PresetHelp> = {
  trust: {
    name: { zh: '信托制', en: 'Trust' },
    text: {
      zh: '业主的钱进共管账户，物业公司受托管理，业主委员会代表业主。两方各拿一把钥匙：日常付款各签 1 人；10 万元起，业主委员会要签 2 人。',
      en: "The owners' money lies in a joint account; the property company keeps it in trust and the committee stands for the owners. Each holds a key: one signer each for everyday payments, two of the committee from 100,000 yuan on.",
    },
    examples: [
      { ...plain, story: { zh: '换车库灯具，付 8,000 元', en: 'Lamps for the garage, 8,000 yuan' }, kind: 'payment', amount: '8000.00', bodies: { property: 1, committee: 1 } },
      { ...plain, story: { zh: '电梯大修，付 120,000 元', en: 'Repair of the lifts, 120,000 yuan' }, kind: 'payment', amount: '120000.00', bodies: { property: 1, committee: 2 } },
    ],
  },
  trust_announced: {
    name: { zh: '信托制，大额先公示', en: 'Trust, large sums announced first' },
    text: {
      zh: '和信托制一样，另外 10 万元起的付款、退款要先公示 10 天。深圳就是这样规定的：公示期内业主、监事可以书面提出异议，没有答复之前不能付款；业主大会可以把 10 万元的线调低。',
      en: 'As the trust set, and payments and refunds from 100,000 yuan on are announced for ten days first. Shenzhen prescribes this: within those days owners and supervisors may object in writing, and nothing is paid before the answer; the owners may lower the sum.',
    },
    examples: [
      { ...plain, story: { zh: '电梯大修，付 120,000 元：10 月 1 日提交即公示，10 月 11 日起才能付款', en: 'Repair of the lifts, 120,000 yuan: submitted and announced on 1 October, paid from 11 October on' }, kind: 'payment', amount: '120000.00', bodies: { property: 1, committee: 2 }, notice_days: 10 },
    ],
  },
  commission: {
    name: { zh: '酬金制', en: 'Commission' },
    text: {
      zh: '钱还是业主的，物业公司按合同从中提取酬金。签批和信托制一样；公司提取酬金也是一笔付款，业主委员会不签就提不走。北京要求酬金制开共管账户。',
      en: 'The money stays the owners\', and the company takes an agreed commission from it. Signing is as in the trust set; the commission itself is a payment that the committee signs. Beijing asks a joint account wherever there is a commission.',
    },
    examples: [
      { ...plain, story: { zh: '物业公司提取本月酬金 6,500 元', en: "The company's commission of the month, 6,500 yuan" }, kind: 'payment', amount: '6500.00', bodies: { property: 1, committee: 1 } },
    ],
  },
  self_managed: {
    name: { zh: '居民自管，监事拿第二把钥匙', en: 'Self-managed, second key with the supervisors' },
    text: {
      zh: '没有物业公司，业主自管委员会办事。为了不让一个委员会自己批自己，第二把钥匙交给监事会：委员会签 1 人，监事签 1 人；10 万元起，委员会签 2 人。',
      en: 'There is no company; the owners\' own committee runs the estate. So that it does not approve itself, the supervisors hold the second key: one of each, and two of the committee from 100,000 yuan on.',
    },
    examples: [
      { ...plain, story: { zh: '请人清洗水箱，付 3,200 元', en: 'Cleaning of the water tanks, 3,200 yuan' }, kind: 'payment', amount: '3200.00', bodies: { supervisor: 1, committee: 1 } },
    ],
  },
  self_managed_community: {
    name: { zh: '居民自管，社区拿第二把钥匙', en: 'Self-managed, second key with the community' },
    text: {
      zh: '自管小区没有监事会的，第二把钥匙交给社区。社区只看手续和凭证是否齐全，不替业主做主。',
      en: 'For self-managed estates without supervisors: the community holds the second key. It looks whether papers and procedure are complete and does not decide for the owners.',
    },
    examples: [
      { ...plain, story: { zh: '请人清洗水箱，付 3,200 元', en: 'Cleaning of the water tanks, 3,200 yuan' }, kind: 'payment', amount: '3200.00', bodies: { community: 1, committee: 1 } },
    ],
  },
  small_tiers: {
    name: { zh: '小额分级', en: 'Small steps' },
    text: {
      zh: '照广西一个小区的做法，金额越大签的人越多：300 元以下，业主委员会正副主任 2 人；300 到 500 元，委员 5 人都签；500 到 1,000 元，再加业主代表过半数（这里由监事 2 人代表）；1,000 元起，要业主大会决议，并公示 7 天。物业公司都要签。正好在线上的金额，按大的一档。',
      en: 'After an estate in Guangxi: the larger the sum, the more sign. Below 300 yuan chair and vice-chair; to 500 all five of the committee; to 1,000 most of the owners\' representatives as well, here two supervisors; from 1,000 on a resolution of the owners and seven days of notice. The company signs each. A sum on the line takes the upper step.',
    },
    examples: [
      { ...plain, story: { zh: '买灯泡，付 260 元', en: 'Light bulbs, 260 yuan' }, kind: 'payment', amount: '260.00', bodies: { property: 1, committee: 2 } },
      { ...plain, story: { zh: '修门禁，付 300 元（正好在线上）', en: 'Repair of the gate, 300 yuan (on the line)' }, kind: 'payment', amount: '300.00', bodies: { property: 1, committee: 5 } },
      { ...plain, story: { zh: '补种绿植，付 850 元', en: 'New plants, 850 yuan' }, kind: 'payment', amount: '850.00', bodies: { property: 1, supervisor: 2, committee: 5 } },
      { ...plain, story: { zh: '换水泵，付 8,000 元', en: 'A new pump, 8,000 yuan' }, kind: 'payment', amount: '8000.00', bodies: { property: 1, supervisor: 2, committee: 5 }, notice_days: 7, needs_resolution: true },
    ],
  },
};

/** Ways for what does not fit the everyday rule; they stand in every preset. Examples are those of the trust set. */
export const classHelp: { id: string; name: Bilingual; text: Bilingual; examples: Example[] }[] = [
  {
    id: 'emergency',
    name: { zh: '应急付款', en: 'Emergency orders' },
    text: {
      zh: '水管爆裂、电梯困人，等不到人齐。应急规则先少签几个人就能付，但有几道限制：单笔不满 20 万元，每月合计不超过 20 万元（小额分级是 5,000 元和 10,000 元）；全程公开标明“应急”；其余的人 7 天内补签，过期没补签，就不能再提应急单。不能付给在任人员。',
      en: 'A burst pipe does not wait until everybody is there. Under the emergency rule fewer sign first, within limits: below 200,000 yuan each and at most 200,000 a month (5,000 and 10,000 in the small steps); marked as an emergency in public; the others ratify within seven days, and until they do no further emergency order can be made. Never to persons in office.',
    },
    examples: [
      { ...plain, class: 'emergency', story: { zh: '消防水泵烧坏，应急付 120,000 元：普通规则要业主委员会 2 人，应急先签 1 人，另 1 人 7 天内补签', en: 'A burnt-out fire pump, 120,000 yuan: normally two of the committee, now one, and another ratifies within seven days' }, kind: 'payment', amount: '120000.00', bodies: { property: 1, committee: 1 } },
    ],
  },
  {
    id: 'vacancy',
    name: { zh: '缺位时的任免', en: 'Appointments to a vacant body' },
    text: {
      zh: '业主委员会任期到了、人不够签任免单，谁也补不进来，账户就卡住了。缺位规则只在这时能用：业主大会选出新人，附上决议，由社区和街道签，公示 7 天后生效。物业公司不参加；人还够时用不了。',
      en: 'When the committee\'s terms end and too few are left to sign appointments, nobody could be seated and the account would be stuck. Only then the vacancy rule answers: the owners elect, the resolution is attached, community and street sign, and it takes effect after seven days of notice. The company has no part in it.',
    },
    examples: [
      { ...plain, class: 'vacancy', story: { zh: '业主委员会全体到期，业主大会选出新一届', en: 'All terms of the committee have ended; the owners have elected a new one' }, kind: 'membership', amount: null, bodies: { community: 1, street: 1 }, notice_days: 7, needs_resolution: true },
    ],
  },
];

export const helpTexts = {
  title: { zh: '签批规则说明', en: 'The signing rules explained' },
  lede: { zh: '动钱至少要两方各有人签。规则写明什么事、多少钱、哪几方各签几人。下面是几套常用规则，每套都可以再改。', en: 'Money moves only when at least two bodies sign. A rule says for what case and sum how many of which body. These are usual sets; each can be changed.' },
  how: { zh: '怎么看一条规则', en: 'How to read a rule' },
  how_first: { zh: '“100,000.00 元起、不满 200,000.00 元”：正好 100,000.00 元算在里面，正好 200,000.00 元不算。', en: '"From 100,000.00 to below 200,000.00": exactly 100,000.00 belongs to it, exactly 200,000.00 does not.' },
  how_second: { zh: '有专门规则的先用专门的：先看收款方和资金都对得上的，再看收款方，再看资金，最后用一般规则。', en: 'A rule for the very case goes first: for this payee and fund, then for this payee, then for this fund, then the general one.' },
  how_third: { zh: '制单人、收款人、出纳不能签；一个人只算一票，也不能代表两方。', en: 'Maker, payee and cashier never sign; a person has one vote and never speaks for two bodies.' },
  how_fourth: { zh: '单子按提交那天的规则办完，规则后来改了也不变。', en: 'A proposal is finished under the rule of the day it was submitted, whatever changes later.' },
  how_fifth: { zh: '改规则也是一张签批单，按旧规则签；没有人能绕过签批直接改。更换存证密钥也按“签批规则”这一项签。', en: 'Changing a rule is itself a proposal, signed under the old rule; nobody can change one past it. A change of the log\'s key is signed by the same rule.' },
  how_sixth: { zh: '没有规则要的人数，或只有一方，或没有业主委员会的规则，系统不收。', en: 'Rules that ask more than are in office, one body only, or not the committee are refused.' },
  presets: { zh: '常用规则', en: 'Usual sets' },
  example: { zh: '例：{story}。要{signers}签。', en: 'Example: {story}. Signed by {signers}.' },
  example_more: { zh: '例：{story}。要{signers}签，{more}。', en: 'Example: {story}. Signed by {signers}, {more}.' },
  all_of: { zh: '这一套的全部 {count} 条', en: 'All {count} rules of this set' },
  where: { zh: '金额线是可以改的设置，不是法律：建账时选一套（mingzhang init --rules {names}），以后用“提出修改”按旧规则签批改。', en: 'The sums are settings and not law: choose a set when the estate is opened (mingzhang init --rules {names}) and change it later by a proposal.' },
  to_rules: { zh: '看本小区的规则', en: 'The rules of this estate' },
} as const satisfies Record<string, Bilingual>;
