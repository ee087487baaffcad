// Reminders (提醒): whoever may sign and has not is told on day 2, 5 and 7 after submission; a substitute on the
// day from which they may sign in another's place; the maker when something became of the proposal; a body and the
// street when the body will be too small. Each is told once (kernel/notice.ts): the key says the step, so after days
// of standing still only the latest step that is due is told. open_seats() says who may sign: never the maker, the
// payee, or whoever has signed.
import { sql } from 'kysely';
import { estateToday } from '../evidence/records.ts';
import type { BodyKind, Estate } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import type { BusinessDate } from '../kernel/dates.ts';
import { fill, type Bilingual } from '../kernel/locale.ts';
import { money, moneyFigures } from '../kernel/money.ts';
import { notify } from '../kernel/notice.ts';
import { personsOfBody } from '../people/queries.ts';
import { formatDate } from '../web/locale.ts';
import { isShortNow, quorumHealth, shortageText, unratifiedText } from './health.ts';
import { bodyNames, neededOf } from './queries.ts';
import { kindName, titleIn } from './texts.ts';

/** Days since submission on which a reminder is due. */
const STEPS = [2, 5, 7] as const;
/** Days for which the job looks back for what became of proposals. */
const LOOK_BACK = 7;

const texts = {
  remind: {
    zh: '{what}已等了 {waited} 天，还差{missing}，等您签批。最晚{last_day}签，过期作废。',
    en: '{what} has waited {waited} days, still missing: {missing}. It waits for your signature and lapses after {last_day}.',
  },
  substitute: {
    zh: '{what}已等了 {waited} 天，{principal}没有签，现在可由您代签。最晚{last_day}签，过期作废。',
    en: '{what} has waited {waited} days and {principal} has not signed; you may now sign in their place. It lapses after {last_day}.',
  },
  ratify: {
    zh: '{what}应急办理已 {waited} 天，还差{missing}追认，等您追认，最晚{last_day}。',
    en: '{what} was approved as an emergency {waited} days ago, still missing: {missing}. It waits for your ratification, by {last_day}.',
  },
  approved_payment: { zh: '{what}已签齐，可以到银行付款了。', en: '{what} has all its signatures; it can be paid at the bank.' },
  approved_notice: { zh: '{what}已签齐，公告到期后（{payable_from}起）才能办理。', en: '{what} has all its signatures; it is announced and can be carried out from {payable_from} on.' },
  approved_other: { zh: '{what}已签齐，系统会自动办理。', en: '{what} has all its signatures and is carried out by itself.' },
  rejected: { zh: '{what}被拒绝，这张单就此作废。理由：{reason}', en: '{what} was rejected and ends here. Reason: {reason}' },
  returned: { zh: '{what}被退回修改，改好后请重新提交。理由：{reason}', en: '{what} was returned: correct it and submit it again. Reason: {reason}' },
  held: { zh: '{what}被暂缓，恢复之前没有人能签。理由：{reason}', en: '{what} was put on hold; nobody signs until it is released. Reason: {reason}' },
  withdrawn: { zh: '{what}被取消。理由：{reason}', en: '{what} was cancelled. Reason: {reason}' },
  expired: { zh: '{what}到{last_day}没有签齐，已过期。还要办，请重新提一张。', en: '{what} did not get its signatures by {last_day} and has lapsed. If it is still wanted, propose it anew.' },
  superseded: { zh: '{what}已被取代，不再有效。理由：{reason}', en: '{what} was superseded and no longer counts. Reason: {reason}' },
} as const satisfies Record<string, Bilingual>;

type Facts = Record<string, string | number | Bilingual>;

const said = (name: keyof typeof texts, facts: Facts): Bilingual => {
  const inLocale = (locale: 'zh' | 'en'): string => fill(texts[name][locale], Object.fromEntries(
    Object.entries(facts).map(([key, fact]) => [key, typeof fact === 'object' ? fact[locale] : fact])));
  return { zh: inLocale('zh'), en: inLocale('en') };
};
const dated = (date: BusinessDate): Bilingual => ({ zh: formatDate(date, 'zh'), en: formatDate(date, 'en') });

/** 第 12 号付款“电梯维修”（8,000.00 元） */
function whatOf({ proposal_id, kind, title, amount }: { proposal_id: number; kind: string; title: string; amount: string | null }): Bilingual {
  const sum = amount === null ? null : moneyFigures(money(amount));
  return {
    zh: `第 ${proposal_id} 号${kindName(kind, 'zh')}“${titleIn({ kind, title }, 'zh')}”${sum === null ? '' : `（${sum} 元）`}`,
    en: `No. ${proposal_id}, ${kindName(kind, 'en')} "${titleIn({ kind, title }, 'en')}"${sum === null ? '' : ` (${sum} yuan)`}`,
  };
}

interface SeatRow {
  proposal_id: number;
  person_id: string;
  principal: string | null;
  on_behalf_of: string | null;
  after_days: number | null;
  decision: 'approve' | 'ratify';
  kind: string;
  title: string;
  amount: string | null;
  version: number;
  last_day: BusinessDate;
  waited: number;
}

/** Who may sign now, with how long it has waited; an emergency order waits for ratification since its approval.
 *  One's own seat first: a deputy who is a member too signs as member. */
async function waitingSeats(trx: Trx, estate_id: number, today: BusinessDate): Promise<SeatRow[]> {
  const { rows } = await sql<SeatRow>`
    select s.proposal_id, s.person_id, s.on_behalf_of, s.decision, i.name as principal, p.kind, p.title, p.amount, p.version,
      case s.decision when 'ratify' then p.ratify_by else p.expires_on end as last_day,
      ${today}::date - (case s.decision when 'ratify' then p.approved_at else p.submitted_at end at time zone 'Asia/Shanghai')::date as waited,
      (select min(d.after_days) from delegation d where d.estate_id = p.estate_id and d.delegate = s.person_id
        and d.principal = s.on_behalf_of and d.body = s.body and ${today}::date between d.starts_on and d.ends_on)::integer as after_days
    from open_seats(${estate_id}, null, ${today}) s
    join proposal p on p.estate_id = ${estate_id} and p.proposal_id = s.proposal_id
    left join person_identity i on i.person_id = s.on_behalf_of
    order by s.proposal_id, s.on_behalf_of nulls first, s.person_id`.execute(trx);
  return rows;
}

/** The latest step that is due; null before the first. A substitute's first is the day their turn comes. */
function stepOf({ waited, after_days }: SeatRow): number | null {
  const first = after_days ?? 0;
  const steps = first > 0 ? [first, ...STEPS.filter((step) => step > first)] : STEPS;
  return steps.findLast((step) => step <= waited) ?? null;
}

async function remindSigners(trx: Trx, { estate_id, code }: Estate, today: BusinessDate): Promise<string[]> {
  const seats = await waitingSeats(trx, estate_id, today);
  const needed = await neededOf(trx, estate_id, [...new Set(seats.map((seat) => seat.proposal_id))]);
  const done: string[] = [];
  const asked = new Set<string>();
  for (const seat of seats) {
    const { proposal_id, person_id, version, waited, decision } = seat;
    const step = stepOf(seat);
    if (step === null || asked.has(`${proposal_id} ${person_id}`)) continue;
    asked.add(`${proposal_id} ${person_id}`);
    const key = decision === 'ratify' ? `ratify:${proposal_id}:${step}` : `remind:${proposal_id}:${version}:${step}`;
    const name = decision === 'ratify' ? 'ratify' : seat.on_behalf_of === null ? 'remind' : 'substitute';
    const told = await notify(trx, {
      estate_id, person_ids: [person_id], key, href: `/e/${code}/proposals/${proposal_id}`,
      text: said(name, {
        what: whatOf(seat), waited, last_day: dated(seat.last_day), missing: bodyNames(needed.get(proposal_id) ?? []),
        principal: seat.principal === null ? { zh: '委托人', en: 'the principal' } : { zh: seat.principal, en: seat.principal },
      }),
    });
    if (told.length > 0) done.push(key);
  }
  return [...new Set(done)];
}

// ── The maker ────────────────────────────────────────────────────────────────────────────────────

const makerColumns = ['proposal_id', 'kind', 'title', 'amount', 'version', 'state', 'made_by', 'reason', 'expires_on', 'payable_from'] as const;
interface MakerRow {
  proposal_id: number; kind: string; title: string; amount: string | null; version: number; state: string;
  made_by: string; reason: string; expires_on: BusinessDate | null; payable_from: BusinessDate | null;
}

function makerText(row: MakerRow, today: BusinessDate): Bilingual | null {
  const { state, kind, payable_from } = row;
  const paid_by_hand = kind === 'payment' || kind === 'refund';
  if (state === 'executed' && paid_by_hand) return null; // by the maker's own side
  const facts = { what: whatOf(row), reason: row.reason, last_day: dated(row.expires_on ?? today), payable_from: dated(payable_from ?? today) };
  if (state === 'approved' || state === 'executed') {
    const waits = state === 'approved' && payable_from !== null && payable_from > today;
    return said(waits ? 'approved_notice' : paid_by_hand ? 'approved_payment' : 'approved_other', facts);
  }
  const found = (['rejected', 'returned', 'held', 'withdrawn', 'expired', 'superseded'] as const).find((known) => known === state);
  return found === undefined ? null : said(found, facts);
}

/** Tells the maker what became of a proposal, unless it was their own doing. Call it after the step, in its
 *  transaction or a later one; told once for each version and outcome. Gives whether it was new. */
export async function tellMaker(
  trx: Trx, { estate_id, code }: Pick<Estate, 'estate_id' | 'code'>, proposal_id: number, by: string | null = null,
): Promise<boolean> {
  const row = await trx.selectFrom('proposal').select(makerColumns)
    .where('estate_id', '=', estate_id).where('proposal_id', '=', proposal_id).executeTakeFirst();
  if (row === undefined || row.version === 0 || row.made_by === by) return false;
  const text = makerText(row, await estateToday(trx, estate_id));
  if (text === null) return false;
  const outcome = row.state === 'executed' ? 'approved' : row.state;
  const told = await notify(trx, {
    estate_id, person_ids: [row.made_by], key: `maker:${proposal_id}:${row.version}:${outcome}`, text,
    href: `/e/${code}/proposals/${proposal_id}`,
  });
  return told.length > 0;
}

/** Tells the makers of whatever ended or was approved of late and is not told yet; for a job. A withdrawal does
 *  not say whose it was, so only its own step tells it. Gives the keys of what was new. */
export async function tellMakers(trx: Trx, estate: Estate): Promise<string[]> {
  const today = await estateToday(trx, estate.estate_id);
  const { rows } = await sql<{ proposal_id: number; state: string }>`
    select p.proposal_id, p.state from proposal p where p.estate_id = ${estate.estate_id}
      and (p.state in ('approved', 'executed') and (p.approved_at at time zone 'Asia/Shanghai')::date >= ${today}::date - ${LOOK_BACK}::integer
        or p.state in ('rejected', 'returned', 'expired', 'superseded') and p.expires_on >= ${today}::date - ${LOOK_BACK}::integer)
      and not exists (select from notice n where n.estate_id = p.estate_id and n.person_id = p.made_by
        and n.key = format('maker:%s:%s:%s', p.proposal_id, p.version, case p.state when 'executed' then 'approved' else p.state end))
    order by p.proposal_id`.execute(trx);
  const done: string[] = [];
  for (const { proposal_id, state } of rows) if (await tellMaker(trx, estate, proposal_id)) done.push(`maker:${proposal_id}:${state}`);
  return done;
}

// ── Bodies that are too small ────────────────────────────────────────────────────────────────────

const watching: readonly BodyKind[] = ['street', 'community'];

async function warnBodies(trx: Trx, { estate_id, code }: Estate, today: BusinessDate): Promise<string[]> {
  const health = await quorumHealth(trx, estate_id, today);
  const officials: string[] = [];
  for (const body of watching) officials.push(...await personsOfBody(trx, estate_id, body, today));
  const done: string[] = [];
  const warn = async (key: string, persons: readonly string[], text: Bilingual, path: string): Promise<void> => {
    const told = await notify(trx, { estate_id, person_ids: [...persons, ...officials], key, text, href: `/e/${code}${path}` });
    if (told.length > 0) done.push(key);
  };
  for (const shortage of health.shortages) {
    const { body, from_day } = shortage;
    const key = `health:${body}:${from_day}${isShortNow(shortage, health) ? ':now' : ''}`;
    await warn(key, await personsOfBody(trx, estate_id, body, today), shortageText(shortage, health), '/people');
  }
  for (const order of health.unratified) {
    const { rows } = await sql<{ person_id: string }>`
      select distinct person_id from open_seats(${estate_id}, ${order.proposal_id}, ${today}) where decision = 'ratify'`.execute(trx);
    await warn(`unratified:${order.proposal_id}`, rows.map((row) => row.person_id), unratifiedText(order), `/proposals/${order.proposal_id}`);
  }
  return done;
}

/** Reminds whoever may sign, and warns bodies, at most once each; for the daily job. Gives the keys of what was new. */
export async function remindDue(trx: Trx, estate: Estate): Promise<string[]> {
  const today = await estateToday(trx, estate.estate_id);
  return [...await remindSigners(trx, estate, today), ...await warnBodies(trx, estate, today)];
}
