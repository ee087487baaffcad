// Money with a purpose in the demo: a covered walk that four sources paid for, finished, its rest gone back; a shed for bicycles under way;
// an owner's idea; and money of the street that never came into the account. Each source has its own fund, and pays only its own share.
import { enterPayee } from '../payment/payee.ts';
import { draftOrder, submitOrder } from '../payment/order.ts';
import { payOrder } from '../payment/pay.ts';
import { proposeContract, type ContractTyped } from '../project/contract.ts';
import { receiveGift, type GiftTyped } from '../project/gift.ts';
import { giveOpinion, pledge } from '../project/opinion.ts';
import { enterProject } from '../project/project.ts';
import { enterQuote, noteOutside, reportSite, type SiteTyped } from '../project/site.ts';
import { proposeAcceptance, proposeFinish, proposeOpening, type OpenTyped } from '../project/step.ts';
import { addDays, addMonths, firstDay, laterBy, type BusinessDate, type Period } from '../kernel/dates.ts';
import { invoiceXml } from './papers.ts';
import { money, type Money } from '../kernel/money.ts';
import { estateFixture } from './plan.ts';
import { walkPicture } from './pictures.ts';
import { at, inStage, keepPapers, sign, type Event, type Item, type Stage } from './stage.ts';
import type { Neighbour } from './neighbours.ts';

type Who = () => readonly Neighbour[];
type Share = readonly [source: string, amount: string];

/** What both projects of the demo have in common; each keeps its number and its contract here. */
class Works {
  readonly #stage: Stage;
  readonly #number: number;
  #papers = 0;
  project = 0;
  contract = 0;
  contractor = 0;

  constructor(stage: Stage, number: number) {
    this.#stage = stage;
    this.#number = number;
  }

  get #as() {
    const { estate, persons } = this.#stage;
    return { estate, actor: persons.cashier, project: this.project };
  }

  async paper(name: string): Promise<string> {
    this.#papers += 1;
    const [sha256] = await keepPapers(this.#stage, [{ file_name: `${name}.pdf`, bytes: Buffer.from(`%PDF-1.7\n%演示数据 ${this.#number}-${this.#papers} ${name}\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n`) }]);
    return sha256!;
  }

  async enter(kind: string, title: string, text: string): Promise<void> {
    const { house, estate, persons } = this.#stage;
    ({ project_id: this.project } = await enterProject(house, { estate, actor: persons.cashier, typed: { kind, title, text, photos: [] } }));
  }

  /** Both keys sign at once; gives the proposal's number. */
  async #signed(item: Item): Promise<number> {
    const { persons } = this.#stage;
    for (const actor of [persons.manager, persons.committee1, persons.committee2]) await sign(this.#stage, actor, [item]);
    return item.proposal_id;
  }

  async open(typed: OpenTyped): Promise<void> {
    await this.#signed(await proposeOpening(this.#stage.house, { ...this.#as, typed }));
  }

  async agree(bidders: readonly Share[], contractor: { name: string; account_number: string }, typed: Omit<ContractTyped, 'payee' | 'vouchers'>): Promise<void> {
    const { house, estate, persons } = this.#stage;
    for (const [bidder, amount] of bidders) await enterQuote(house, { ...this.#as, bidder, amount, vouchers: [await this.paper(`报价-${bidder}`)] });
    const payee = { kind: 'company' as const, bank_name: '示例建设银行支行', ...contractor };
    const { payee_id } = await inStage(this.#stage, (trx) => enterPayee(trx, { estate, actor: persons.cashier, payee }));
    this.contractor = payee_id;
    const vouchers = [await this.paper('施工合同')];
    this.contract = await this.#signed(await proposeContract(house, { ...this.#as, typed: { ...typed, payee: { payee_id }, vouchers } }, {
      enterPayee: () => Promise.resolve({ payee_id, public_name: contractor.name }),
    }));
  }

  give(day: BusinessDate, typed: Omit<GiftTyped, 'entry_date' | 'reference'>, place: number): Promise<unknown> {
    return receiveGift(this.#stage.house, { ...this.#as, typed: { ...typed, entry_date: day, reference: `XM${day.replaceAll('-', '')}${this.#number}${String(place).padStart(3, '0')}` } });
  }

  site(typed: SiteTyped): Promise<{ site_id: number }> {
    const { house, persons } = this.#stage;
    return reportSite(house, { ...this.#as, actor: persons.committee2, typed });
  }

  async photo(name: string, roof: number): Promise<string> {
    const [sha256] = await keepPapers(this.#stage, [walkPicture(name, roof)]);
    return sha256!;
  }

  /** An order for each source's share of a milestone, signed together and paid. */
  async pay(day: BusinessDate, milestone: number, purpose: string, shares: readonly Share[]): Promise<void> {
    const items: Item[] = [];
    for (const [source, amount] of shares) items.push(await this.#order(day, { milestone, purpose, fund: `p${this.project}_${source}`, amount: money(amount) }));
    const { persons } = this.#stage;
    await sign(this.#stage, persons.manager, items);
    await sign(this.#stage, persons.committee1, items);
    for (const item of items) await this.#paid(day, item);
  }

  async #order(day: BusinessDate, { milestone, purpose, fund, amount }: { milestone: number; purpose: string; fund: string; amount: Money }): Promise<Item> {
    const { estate, persons: { cashier: actor } } = this.#stage;
    const number = `27${day.replaceAll('-', '')}${this.#number}${milestone}${fund.length}${String(this.#papers += 1).padStart(6, '0')}`;
    const [sha256] = await keepPapers(this.#stage, [invoiceXml({ number, seller: '示例建设公司', buyer: estateFixture.trustee, amount, issued_on: day, item: purpose })]);
    return inStage(this.#stage, async (trx) => {
      const proposal_id = await draftOrder(trx, { estate, actor, order: {
        payee: { payee_id: this.contractor }, amount: amount.toFixed(2), fund, account: '5113', purpose, milestone, vouchers: [sha256!], invoice: { number, total: amount.toFixed(2) },
      } });
      return { proposal_id, document_hash: (await submitOrder(trx, { estate, actor, proposal_id })).document_hash };
    });
  }

  async #paid(day: BusinessDate, { proposal_id }: Item): Promise<void> {
    const { house, estate, persons } = this.#stage;
    await payOrder(house, { estate, actor: persons.cashier, proposal_id, paid_on: day, bank_reference: `NX${day.replaceAll('-', '')}${String(proposal_id).padStart(5, '0')}` });
  }

  async accept(): Promise<void> {
    const vouchers = [await this.paper('验收单')];
    await this.#signed(await proposeAcceptance(this.#stage.house, { ...this.#as, contract: this.contract, vouchers }));
  }

  async finish(report: string): Promise<void> {
    await this.#signed(await proposeFinish(this.#stage.house, { ...this.#as, report }));
  }

  /** What is left of the donations goes back to who gave them. */
  async giveBack(day: BusinessDate, amount: string): Promise<void> {
    const { estate, persons, persons: { cashier: actor } } = this.#stage;
    const vouchers = [await this.paper('结余退回清单')];
    const item = await inStage(this.#stage, async (trx) => {
      const proposal_id = await draftOrder(trx, { estate, actor, order: {
        kind: 'refund', payee: { kind: 'company', name: '示例社区基金会', bank_name: '示例工商银行支行', account_number: '6200100010000001033' }, amount,
        fund: `p${this.project}_donation`, account: '310204', purpose: '长廊翻修捐助结余退回', vouchers,
      } });
      return { proposal_id, document_hash: (await submitOrder(trx, { estate, actor, proposal_id })).document_hash };
    });
    await sign(this.#stage, persons.manager, [item]);
    await sign(this.#stage, persons.committee1, [item]);
    await this.#paid(day, item);
  }
}

/** Opened after its vote, paid in two milestones, accepted, finished: what it took in and paid comes to nought. */
function walkEvents(stage: Stage, running: Period, voters: Who, resolution: () => number): Event[] {
  const { house, estate } = stage;
  const works = new Works(stage, 1);
  const day = (ago: number, n: number): BusinessDate => addDays(firstDay(addMonths(running, -ago)), n - 1);
  const split = { government: '30000', organisation: '12000', households: '7200', donation: '3000' };
  const first: Share[] = [['government', '12000'], ['organisation', '4800'], ['households', '2880'], ['donation', '1200']];
  const second: Share[] = [['government', '18000'], ['organisation', '7200'], ['households', '4320'], ['donation', '1800']];
  let defect = 0;
  return [
    { at: at(day(5, 3), '09:30'), run: async () => {
      await works.enter('renovation', '长廊翻修', '三栋至五栋之间的公共长廊漏雨多年，更换顶棚、加固立柱、补铺地面。');
      for (const [index, { actor }] of voters().entries()) {
        await giveOpinion(house, { estate, actor, project: works.project, stance: index % 9 === 5 ? 'against' : 'for', words: index === 0 ? '下雨天老人都走这里，早该修。' : index === 5 ? '希望先修屋顶防水。' : undefined });
      }
    } },
    { at: at(day(5, 26), '10:00'), run: async () => {
      await works.open({ title_zh: '长廊翻修', title_en: 'The covered walk', purpose: '公共长廊顶棚、立柱和地面的翻修', deadline: day(3, 28), share_rule: 'none', targets: split, resolution: { title: '长廊翻修并由四方出资', resolution_id: resolution() } });
      for (const { actor } of voters()) await pledge(house, { estate, actor, project: works.project, amount: '300' });
    } },
    { at: at(day(4, 6), '16:10'), run: async () => {
      const on = day(4, 6);
      await works.give(on, { source: 'government', amount: '30000', donor: '示例街道办事处', is_company: true, shown: 'named' }, 1);
      await works.give(on, { source: 'organisation', amount: '12000', donor: '示例房产开发公司', is_company: true, shown: 'named' }, 2);
      await works.give(on, { source: 'donation', amount: '3000', donor: '示例社区基金会', is_company: true, shown: 'named' }, 3);
      await works.give(on, { source: 'donation', amount: '600', donor: '一位退休教师', shown: 'anonymous' }, 4);
      for (const [index, { unit }] of voters().entries()) await works.give(on, { source: 'households', amount: '300', unit }, 10 + index);
    } },
    { at: at(day(4, 10), '10:20'), run: () => works.agree([['示例建设公司', '52200'], ['乙方营造公司', '55800'], ['丙方园林公司', '58000']], { name: '示例建设公司', account_number: '6200100010000001031' }, {
      amount: '52200', split, milestones: [{ name: '开工', percent: '40', due_when: 'contract' }, { name: '验收', percent: '60', due_when: 'accepted' }],
    }) },
    { at: at(day(4, 12), '10:40'), run: () => works.pay(day(4, 12), 1, '长廊翻修开工款', first) },
    { at: at(day(4, 24), '15:30'), run: async () => void await works.site({ kind: 'progress', report: '旧顶棚拆完，立柱加固过半', photos: [await works.photo('长廊-立柱', 3)] }) },
    { at: at(day(3, 8), '15:30'), run: async () => { ({ site_id: defect } = await works.site({ kind: 'defect', report: '东端两块瓦没有扣紧', photos: [await works.photo('长廊-瓦', 8)] })); } },
    { at: at(day(3, 12), '15:30'), run: async () => void await works.site({ kind: 'fixed', defect, report: '已重新扣紧，淋水试验不漏', photos: [await works.photo('长廊-完工', 10)] }) },
    { at: at(day(3, 15), '10:30'), run: () => works.accept() },
    { at: at(day(3, 18), '10:40'), run: () => works.pay(day(3, 18), 2, '长廊翻修验收款', second) },
    { at: at(day(3, 24), '09:50'), run: () => works.finish('长廊已交付使用；捐助结余 600 元退回捐助方，其余来源无结余。') },
    { at: at(day(2, 4), '10:50'), run: () => works.giveBack(day(2, 4), '600.00') },
  ];
}

/** Under way: raised in part, its first milestone paid. */
function shedEvents(stage: Stage, running: Period, voters: Who): Event[] {
  const { house, estate, persons, present } = stage;
  const works = new Works(stage, 2);
  const day = (ago: number, n: number): BusinessDate => addDays(firstDay(addMonths(running, -ago)), n - 1);
  const split = { government: '20000', organisation: '8000', households: '2000', donation: '1000' };
  return [
    { at: at(day(3, 26), '09:40'), run: async () => {
      await works.enter('renovation', '非机动车棚和充电桩', '在南门空地建 60 个车位的车棚，配 20 个充电桩，电动车不再进楼道。');
      for (const { actor } of voters().slice(0, 15)) await giveOpinion(house, { estate, actor, project: works.project, stance: 'for' });
    } },
    { at: at(day(3, 27), '09:40'), run: async () => {
      await works.open({ title_zh: '非机动车棚', title_en: 'Bicycle shed', purpose: '建非机动车棚和充电桩', deadline: day(-3, 20), share_rule: 'none', targets: { government: '20000', organisation: '10000', households: '6000', donation: '4000' } });
      for (const { actor } of voters().slice(0, 18)) await pledge(house, { estate, actor, project: works.project, amount: '200' });
    } },
    { at: at(day(2, 12), '16:20'), run: async () => {
      const on = day(2, 12);
      await works.give(on, { source: 'government', amount: '20000', donor: '示例街道办事处', is_company: true, shown: 'named' }, 1);
      await works.give(on, { source: 'organisation', amount: '8000', donor: '示例供电公司', is_company: true, shown: 'named' }, 2);
      await works.give(on, { source: 'donation', amount: '1500', donor: '某超市', is_company: true, shown: 'masked' }, 3);
      for (const [index, { unit }] of voters().slice(0, 12).entries()) await works.give(on, { source: 'households', amount: '200', unit }, 10 + index);
      await noteOutside(house, { estate, actor: persons.cashier, project: works.project, source: 'government', amount: '3000', note: '街道直接支付的设计费' });
    } },
    { at: at(day(2, 22), '10:20'), run: () => works.agree([['示例车棚公司', '31000'], ['丁方钢构公司', '33500'], ['戊方工程公司', '34200']], { name: '示例车棚公司', account_number: '6200100010000001032' }, {
      amount: '31000', split, milestones: [{ name: '开工', percent: '30', due_when: 'contract' }, { name: '顶棚完成', percent: '40', due_when: 'reached' }, { name: '验收', percent: '30', due_when: 'accepted' }],
    }) },
    { at: at(day(2, 26), '10:40'), run: () => works.pay(day(2, 26), 1, '非机动车棚开工款', [['government', '6000'], ['organisation', '2400'], ['households', '600'], ['donation', '300']]) },
    { at: at(day(1, 18), '15:40'), run: async () => void await works.site({ kind: 'progress', report: '立柱完成，顶棚材料到场', photos: [await works.photo('车棚-立柱', 2)] }) },
    { at: laterBy(present, -3 * 86_400_000), run: async () => void await works.site({ kind: 'progress', report: '顶棚铺到一半', photos: [await works.photo('车棚-顶棚', 6)] }) },
    // An owner's idea, and what is outside the books altogether.
    { at: laterBy(present, -2 * 86_400_000), run: async () => {
      const { project_id } = await enterProject(house, { estate, actor: voters()[6]!.actor, typed: { kind: 'micro_grant', title: '楼道读书角', text: '利用五栋一层空房做儿童读书角，申请 2,000 元买书架。', photos: [] } });
      for (const { actor } of voters().slice(0, 5)) await giveOpinion(house, { estate, actor, project: project_id, stance: 'for' });
    } },
    { at: laterBy(present, -2 * 86_400_000 + 3_600_000), run: async () => {
      const { project_id } = await enterProject(house, { estate, actor: persons.cashier, typed: { kind: 'community_security', title: '社区保障资金', text: '社区掌握的保障资金，用于本小区的独居老人探访。', photos: [] } });
      await noteOutside(house, { estate, actor: persons.cashier, project: project_id, source: 'government', amount: '12000', note: '社区保障资金年度安排，由社区直接支付' });
    } },
  ];
}

export const projectEvents = (stage: Stage, running: Period, voters: Who, resolution: () => number): Event[] =>
  [...walkEvents(stage, running, voters, resolution), ...shedEvents(stage, running, voters)];
