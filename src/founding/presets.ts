// Where an estate of each kind begins (建账预设): data, and all of it may be changed on the page. Which sides there are (五方、六方协同),
// what the two with keys are called, who signs, how soon is answered, what the fee is.
//   five  五方: Party branch, community, owners' body, whoever manages, the residents themselves
//   six   六方: the same and the supervisors
//   keys  only those that the keys and their rules need
// Street office and auditor watch everywhere: the street seats signers where a body has none left, the auditor reads.
import type { Preset } from '../approval/presets.ts';
import type { BodyKind, Office } from '../kernel/actor.ts';
import type { Bilingual } from '../kernel/locale.ts';
import type { BodyForm } from '../people/body-form.ts';

export const estateKinds = ['new_built', 'resettlement', 'courtyard', 'rural', 'disputed'] as const;
export type EstateKind = (typeof estateKinds)[number];
export const partySets = ['five', 'six', 'keys'] as const;
export type PartySet = (typeof partySets)[number];
export type Mode = 'trust' | 'commission' | 'self_managed';

export interface EstatePreset {
  name: Bilingual;
  /** When it is meant, in a sentence. */
  hint: Bilingual;
  mode: Mode;
  rules: Preset;
  parties: PartySet;
  committee: BodyForm;
  property: BodyForm;
  /** Names that differ from the usual ones. */
  names: Partial<Record<BodyKind, Bilingual>>;
  answer_days: number;
  disclosure_day: number;
  /** Yuan per m² and month; empty: none by area. */
  fee_rate: string;
  why: Bilingual;
}

export const estatePresets: Record<EstateKind, EstatePreset> = {
  new_built: {
    name: { zh: '新建商品房小区', en: 'New-built estate' },
    hint: { zh: '刚交房，还没有业委会，业主从第一天起看账', en: 'Just handed over, no committee yet; owners see the books from the first day' },
    mode: 'trust', rules: 'trust', parties: 'six', committee: 'joint_conference', property: 'company', names: {}, answer_days: 7, disclosure_day: 10, fee_rate: '2.00',
    why: { zh: '业委会成立前，由临时居民联席会议持业主一方的钥匙，到期换成业委会。', en: 'Until there is a committee, a temporary conference of residents holds the owners\' key.' },
  },
  resettlement: {
    name: { zh: '安置小区', en: 'Resettlement estate' },
    hint: { zh: '拆迁安置，政府补贴多，商铺等集体资产多', en: 'Resettled households; subsidies, and shops held in common' },
    mode: 'trust', rules: 'trust', parties: 'six', committee: 'asset_committee', property: 'company', names: {}, answer_days: 7, disclosure_day: 10, fee_rate: '0.80',
    why: { zh: '资产管理委员会管共有资产，并持业主一方的钥匙；补贴有自己的资金，不与物业费混。', en: 'An asset committee looks after what is held in common and holds the owners\' key; subsidies have funds of their own.' },
  },
  courtyard: {
    name: { zh: '老旧院落', en: 'Old courtyard' },
    hint: { zh: '几栋老楼，没有物业公司，居民自己收钱自己管', en: 'A few old houses without a company; residents collect and look after it themselves' },
    mode: 'self_managed', rules: 'self_managed_community', parties: 'five', committee: 'yard_committee', property: 'self_service',
    names: { community: { zh: '社区居委会', en: 'Residents\' committee of the community' } }, answer_days: 5, disclosure_day: 10, fee_rate: '',
    why: { zh: '没有物业，第二把钥匙由社区居委会拿：只看手续齐不齐，不替业主拿主意。', en: 'Without a company the community holds the second key: it looks whether papers are complete.' },
  },
  rural: {
    name: { zh: '农村新型社区', en: 'Rural estate' },
    hint: { zh: '村民集中居住，村里自己管', en: 'Villagers living together; the village manages it' },
    mode: 'self_managed', rules: 'self_managed', parties: 'six', committee: 'self_committee', property: 'self_service',
    names: {
      party_branch: { zh: '村党支部', en: 'Party branch of the village' }, community: { zh: '村民委员会', en: 'Villagers\' committee' },
      supervisor: { zh: '村务监督委员会', en: 'Village supervisors' }, street: { zh: '乡镇人民政府', en: 'Township government' },
    },
    answer_days: 7, disclosure_day: 10, fee_rate: '',
    why: { zh: '自管会和村务监督委员会各拿一把钥匙。', en: 'The self-management committee and the village supervisors hold a key each.' },
  },
  disputed: {
    name: { zh: '有纠纷的小区', en: 'Disputed estate' },
    hint: { zh: '物业撤了、业委会停摆，或者双方在打官司', en: 'The company left, the committee is deadlocked, or both are in court' },
    mode: 'trust', rules: 'trust_announced', parties: 'six', committee: 'property_committee', property: 'community_custody', names: {}, answer_days: 5, disclosure_day: 5, fee_rate: '',
    why: { zh: '社区托管服务，物管会代行业委会职责；大额付款先公示十天。', en: 'The community manages, a property management committee acts for the owners, and large payments are announced first.' },
  },
};

export const partyTexts: Record<PartySet, { name: Bilingual; hint: Bilingual }> = {
  five: { name: { zh: '五方协同', en: 'Five parties' }, hint: { zh: '党组织、居委会、业主组织、服务方、居民', en: 'Party branch, community, owners\' body, whoever manages, residents' } },
  six: { name: { zh: '六方协同', en: 'Six parties' }, hint: { zh: '五方加监事会', en: 'the five and the supervisors' } },
  keys: { name: { zh: '只设必须的', en: 'Only what is needed' }, hint: { zh: '拿钥匙的两方，加社区、街道和审计', en: 'the two with keys, community, street office, auditor' } },
};

const usual: Record<BodyKind, Bilingual> = {
  property: { zh: '物业公司', en: 'Property company' }, committee: { zh: '业主委员会', en: 'Owners\' committee' }, supervisor: { zh: '监事会', en: 'Supervisors' },
  party_branch: { zh: '小区党支部', en: 'Party branch' }, community: { zh: '社区居委会', en: 'Community' }, street: { zh: '街道办事处', en: 'Street office' }, auditor: { zh: '审计', en: 'Auditor' },
};
export const usualBodyName = (kind: EstateKind, body: BodyKind): Bilingual => estatePresets[kind].names[body] ?? usual[body];

/** Bodies of a set, in the order in which they are shown; rules that ask the supervisors bring them along. */
export function bodiesIn(parties: PartySet, rules: Preset): BodyKind[] {
  const supervisors = parties === 'six' || rules === 'self_managed' || rules === 'small_tiers';
  return ['property', 'committee', ...(supervisors ? ['supervisor' as const] : []), ...(parties === 'keys' ? [] : ['party_branch' as const]), 'community', 'street', 'auditor'];
}

export interface Seat { seat: string; body: BodyKind; office: Office; signs: boolean; needed: boolean; what: Bilingual }

/** First officers: who must be there so that a payment, and a change of the rules, can be signed from the first day. */
export function seatsOf(bodies: readonly BodyKind[], rules: Preset): Seat[] {
  const alone = rules === 'self_managed' || rules === 'self_managed_community';
  const seat = (name: string, body: BodyKind, office: Office, needed: boolean, zh: string, en: string, signs = true): Seat => ({ seat: name, body, office, signs, needed, what: { zh, en } });
  const all: Seat[] = [
    seat('cashier', 'property', 'cashier', true, '出纳（记账、开单，不签批）', 'Cashier (keeps the books, signs nothing)', false),
    seat('manager', 'property', 'manager', !alone, alone ? '服务负责人' : '项目经理（物业一方的钥匙）', alone ? 'Head of service' : 'Manager (the company\'s key)'),
    seat('chair', 'committee', 'chair', true, '负责人（业主一方的钥匙）', 'Chair (the owners\' key)'),
    seat('member', 'committee', 'member', true, '委员（大额和改规则要两人签）', 'Member (large sums and rules ask two)'),
    seat('supervisor', 'supervisor', 'supervisor', rules === 'self_managed', '监事', 'Supervisor'),
    seat('branch', 'party_branch', 'official', false, '党组织联系人', 'Party branch'),
    seat('community', 'community', 'official', rules === 'self_managed_community', '社区经办人', 'Community'),
    seat('street', 'street', 'official', false, '街道经办人', 'Street office'),
    seat('auditor', 'auditor', 'auditor', false, '审计', 'Auditor', false),
  ];
  return all.filter(({ body }) => bodies.includes(body));
}
