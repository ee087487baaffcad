// What the program looks at for whoever signs an appointment, an end or a delegation: shown above the buttons.
import type { BodyKind, Office } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import { fill, type Bilingual } from '../kernel/locale.ts';
import { Refusal } from '../kernel/refusal.ts';
import { estateToday } from '../evidence/records.ts';
import { checkAppointment } from '../people/term.ts';
import { vacanciesOf } from './membership.ts';
import { neededOf, openSeats, readProposal, signersOf, type Document, type Proposal } from '../approval/queries.ts';
import { ruleFor } from '../approval/rules.ts';

export interface OfficeCheck { state: 'ok' | 'attention' | 'refused'; text_zh: string; text_en: string }

const texts = {
  no_other_key: { zh: '此人没有持有过另一方的钥匙，这段时间也没有担任不相容的职务。', en: 'The person never held the other side\'s key, and holds no office at that time that would not go with this one.' },
  basis: { zh: '附有依据：{title}（{date}）。', en: 'It rests on a document, attached: {title} ({date}).' },
  no_basis: { zh: '没有附决议或任免文件（按规则这类单可以不附）。', en: 'No resolution or letter of appointment is attached (the rule does not ask for one).' },
  vacancy: { zh: '缺位补选：{body}只有 {have} 人能签，普通规则要 {needed} 人，所以改由别的各方签。', en: 'A vacancy: {body} has {have} who can sign where the normal rule asks {needed}, so other bodies sign.' },
  still_enough: { zh: '缺位情况已变：{body}现在有足够的人能签，请想一想是否还要按缺位办。', en: '{body} has signers enough by now; consider whether the vacancy rule is still right.' },
  left: { zh: '卸任后{body}还有 {have} 人能签，普通付款要 {needed} 人，够用。', en: 'Afterwards {body} has {have} who can sign; a usual payment asks {needed}.' },
  left_short: { zh: '卸任后{body}只剩 {have} 人能签，普通付款要 {needed} 人：会卡住，请同时提出补选。', en: 'Afterwards {body} has {have} who can sign where a usual payment asks {needed}: things get stuck. Propose a successor as well.' },
  nobody_left: { zh: '{body}这一方没有别人能签：制单人和当事人不签自己的单。请换一个人提出。', en: 'Nobody else of {body} can sign: maker and person concerned do not sign. Somebody else should propose it.' },
  both_serve: { zh: '两人今天都在任，属于同一方；候补本人不签这张单。', en: 'Both serve today, in the same body; the deputy does not sign this one.' },
  agreed: { zh: '被代签的人自己提出或已签字同意。', en: 'The person signed for proposed it, or has signed it.' },
  not_agreed: { zh: '被代签的人还没有签字同意：他不签也能签齐，但要再过 3 天才生效，其间他可以自己结束。', en: 'The person signed for has not agreed yet. Without their signature it begins three days after the last one, and they may end it meanwhile.' },
  not_serving: { zh: '两人中有人今天不在任，签齐后也可能不能生效。', en: 'One of the two is not in office today; it may not take effect even when signed.' },
} as const satisfies Record<string, Bilingual>;

function check(state: OfficeCheck['state'], name: keyof typeof texts, zh: Record<string, string | number> = {}, en = zh): OfficeCheck {
  return { state, text_zh: fill(texts[name].zh, zh), text_en: fill(texts[name].en, en) };
}

async function bodyNamesOf(trx: Trx, estate_id: number): Promise<Record<string, Bilingual>> {
  const rows = await trx.selectFrom('body').select(['body', 'name_zh', 'name_en']).where('estate_id', '=', estate_id).execute();
  return Object.fromEntries(rows.map((row) => [row.body, { zh: row.name_zh, en: row.name_en }]));
}

/** Bodies that are asked and in which nobody is left to sign. */
export async function emptySeats(trx: Trx, estate_id: number, proposal_id: number): Promise<OfficeCheck[]> {
  const proposal = await readProposal(trx, estate_id, proposal_id);
  if (proposal?.state !== 'submitted') return [];
  const seats = await openSeats(trx, estate_id, { proposal_id, today: await estateToday(trx, estate_id) });
  const needed = (await neededOf(trx, estate_id, [proposal_id])).get(proposal_id) ?? [];
  const persons = (body: BodyKind): number => new Set(seats.filter((seat) => seat.body === body).map((seat) => seat.person_id)).size;
  return needed.filter((row) => row.missing > persons(row.body))
    .map((row) => check('attention', 'nobody_left', { body: row.name_zh }, { body: row.name_en }));
}

function basisCheck(document: Document): OfficeCheck {
  const { title, date } = (document['resolution'] ?? {}) as { title?: string; date?: string };
  return title === undefined ? check('attention', 'no_basis') : check('ok', 'basis', { title, date: date ?? '' });
}

/** Of an appointment or an end. */
export async function membershipChecks(trx: Trx, estate_id: number, proposal_id: number): Promise<OfficeCheck[]> {
  const proposal = await readProposal(trx, estate_id, proposal_id);
  if (proposal?.document === null || proposal === null) return [];
  const named = await bodyNamesOf(trx, estate_id);
  return [
    ...(proposal.document['change'] === 'end' ? [await leftAfter(trx, estate_id, proposal.document, named)]
      : await appointmentChecks(trx, estate_id, proposal, named)),
    basisCheck(proposal.document), ...await emptySeats(trx, estate_id, proposal_id),
  ];
}

async function appointmentChecks(trx: Trx, estate_id: number, { document, class: is }: Proposal, named: Record<string, Bilingual>): Promise<OfficeCheck[]> {
  const { person, body, office, starts_on, ends_on } = document as unknown as
    { person: string; body: BodyKind; office: Office; starts_on: string; ends_on: string };
  const found: OfficeCheck[] = [];
  try {
    await checkAppointment(trx, { estate_id, person_id: person, body, office, starts_on, ends_on });
    found.push(check('ok', 'no_other_key'));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    found.push({ state: 'refused', text_zh: error.in('zh'), text_en: error.in('en') });
  }
  if (is !== 'vacancy') return found;
  const short = (await vacanciesOf(trx, estate_id, await estateToday(trx, estate_id))).find((one) => one.body === body);
  const name = { zh: named[body]?.zh ?? body, en: named[body]?.en ?? body };
  found.push(short === undefined ? check('attention', 'still_enough', { body: name.zh }, { body: name.en })
    : check('attention', 'vacancy', { body: name.zh, have: short.have, needed: short.needed }, { body: name.en, have: short.have, needed: short.needed }));
  return found;
}

/** How many of the body can sign once it is over, against what a payment of the smallest band asks. */
async function leftAfter(trx: Trx, estate_id: number, document: Document, named: Record<string, Bilingual>): Promise<OfficeCheck> {
  const today = await estateToday(trx, estate_id);
  const body = document['body'] as BodyKind;
  const rows = await trx.selectFrom('term').select('person_id').distinct().where('estate_id', '=', estate_id).where('body', '=', body)
    .where('office', 'not in', ['cashier', 'auditor', 'deputy']).where('starts_on', '<=', today).where('ends_on', '>=', today)
    .where('term_id', '!=', Number(document['term'])).execute();
  const rule = await ruleFor(trx, estate_id, { kind: 'payment', amount: null, fund: null, on: today });
  const needed = rule?.bodies.find((row) => row.body === body)?.signers ?? 0;
  const figures = { have: rows.length, needed };
  const short = rows.length < needed;
  return check(short ? 'attention' : 'ok', short ? 'left_short' : 'left',
    { ...figures, body: named[body]?.zh ?? body }, { ...figures, body: named[body]?.en ?? body });
}

/** Of a delegation. */
export async function delegationChecks(trx: Trx, estate_id: number, proposal_id: number): Promise<OfficeCheck[]> {
  const proposal = await readProposal(trx, estate_id, proposal_id);
  const document = proposal?.document ?? null;
  if (proposal === null || document === null) return [];
  const today = await estateToday(trx, estate_id);
  const signers = (await signersOf(trx, estate_id, [proposal_id])).get(proposal_id) ?? [];
  const agreed = [proposal.made_by, ...signers.map((row) => row.person_id)].includes(String(document['principal']));
  const serving = await trx.selectFrom('term').select(['person_id', 'office']).where('estate_id', '=', estate_id)
    .where('body', '=', String(document['body'])).where('starts_on', '<=', today).where('ends_on', '>=', today).execute();
  const both = serving.some((row) => row.person_id === document['delegate'] && row.office === 'deputy')
    && serving.some((row) => row.person_id === document['principal'] && !['cashier', 'deputy'].includes(row.office));
  return [check(both ? 'ok' : 'attention', both ? 'both_serve' : 'not_serving'), check(agreed ? 'ok' : 'attention', agreed ? 'agreed' : 'not_agreed'),
    ...await emptySeats(trx, estate_id, proposal_id)];
}

