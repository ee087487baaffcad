// The owners' votes, counted again from the records alone: the roll, each ballot once and in its days, papers read by two persons of two
// bodies, the sums, and the law's majority, stated here a second time. Of a secret vote, sums by area are the database's word; that its
// codes are as many as its ballots, and that areas and owners add up, is not.
import { sha256 } from '#primitives';
import { hexOf, utf8 } from '../proof/bytes.ts';
import { addDays } from '../kernel/dates.ts';
import type { Books, Moment, Proposal, Vote } from './books.ts';
import { carriedOut } from './carrying-out.ts';
import { bodyIn, dayIn, isBody, listIn, maybeText, maybeWhole, Misshapen, textIn, textsIn, wholeIn, type Body } from './fields.ts';
import { fenOf } from './fen.ts';

interface Part { of: bigint; in: bigint; above: boolean }
interface Law { from: string; of_all: boolean; quorum: Part; ordinary: Part; special: Part; specials: readonly string[] }
const half: Part = { of: 1n, in: 2n, above: true };

const laws: readonly Law[] = [
  // 物权法 §76, 物业管理条例 (2007) §12: of all owners.
  { from: '2007-10-01', of_all: true, quorum: half, ordinary: half, special: { of: 2n, in: 3n, above: false }, specials: ['use_fund', 'raise_fund', 'rebuild'] },
  // 民法典 §278: of those who take part; 以上 includes the border, 过半数 does not (§1259).
  { from: '2021-01-01', of_all: false, quorum: { of: 2n, in: 3n, above: false }, ordinary: half, special: { of: 3n, in: 4n, above: false }, specials: ['raise_fund', 'rebuild', 'common_parts'] },
];
const lawOn = (day: string): Law | undefined => laws.findLast((law) => law.from <= day);
const reaches = (part: bigint, whole: bigint, { of, in: within, above }: Part): boolean => whole > 0n && (above ? part * within > whole * of : part * within >= whole * of);

export interface Sums { area: bigint; voters: bigint }
export type Outcome = 'passed' | 'quorum_missing' | 'majority_missing';

/** Whether a vote passed, by the law of a day; hundredths of square metres, owners. */
export function outcomeOf(rule_day: string, special: boolean, { all, part, agree }: { all: Sums; part: Sums; agree: Sums }): Outcome | undefined {
  const law = laws.find((one) => one.from === rule_day);
  if (law === undefined) return undefined;
  if (!reaches(part.area, all.area, law.quorum) || !reaches(part.voters, all.voters, law.quorum)) return 'quorum_missing';
  const base = law.of_all ? all : part;
  const majority = special ? law.special : law.ordinary;
  return reaches(agree.area, base.area, majority) && reaches(agree.voters, base.voters, majority) ? 'passed' : 'majority_missing';
}

const hashOf = (body: Body): string => hexOf(sha256(utf8(JSON.stringify(body))));
const choices = ['abstain', 'against', 'for'] as const;

function accuse(books: Books, resolution: number, what: string, what_en: string): void {
  books.accuse('vote_wrong', { resolution, what, what_en });
}

/** The vote a record is about; undefined where its announcement is not at hand. */
function voteOf(books: Books, { body, learned }: Moment): Vote | undefined {
  const resolution = wholeIn(body, 'resolution');
  const vote = books.votes.get(resolution);
  if (vote === undefined && books.complete && !learned) accuse(books, resolution, '没有公告过', 'it was never announced');
  return vote;
}

export function resolutionAnnounced(books: Books, { body, day, seq, learned }: Moment): void {
  const resolution = wholeIn(body, 'resolution');
  // Ballots between it and the records of this file would be missing.
  if (learned) return;
  const roll = new Map<string, bigint>();
  let [area, units] = [0n, 0];
  for (const line of listIn(body, 'roll')) {
    const [voter, size, dwellings] = Array.isArray(line) ? line as unknown[] : [];
    if (typeof voter !== 'string' || typeof dwellings !== 'number' || roll.has(voter)) throw new Misshapen('roll');
    roll.set(voter, fenOf(size));
    area += fenOf(size);
    units += dwellings;
  }
  const law = lawOn(day);
  const vote: Vote = {
    resolution, title: textIn(body, 'title'), roll, area, rule_day: textIn(body, 'rule_day'), special: body['special'] === true, secret: body['secret'] === true, starts_on: dayIn(body, 'starts_on'), ends_on: dayIn(body, 'ends_on'),
    paper_days: wholeIn(body, 'paper_days'), ballots: new Map(), papers: new Map(), seq, over: false, counted_on: null, count_sha256: null, outcome: null, certified: false,
  };
  if (books.votes.has(resolution)) accuse(books, resolution, '公告了两次', 'it was announced twice');
  if (fenOf(body['area']) !== area || wholeIn(body, 'voters') !== roll.size || wholeIn(body, 'units') !== units) accuse(books, resolution, '名册的合计不对', 'the roll does not add up');
  if (law?.from !== vote.rule_day || (law.specials.includes(textIn(body, 'matter')) && !vote.special)) accuse(books, resolution, '适用的法律或多数不对', 'the law or the majority is another');
  if (vote.starts_on < day || vote.ends_on < addDays(vote.starts_on, 2)) accuse(books, resolution, '投票日不对', 'its days are not possible');
  const by = textIn(body, 'by');
  const holds = [...books.terms.values()].some((term) => term.person === by && ['chair', 'member', 'official'].includes(term.office) && term.starts_on <= day && day <= books.lastDay(term));
  if (books.complete && !holds) accuse(books, resolution, '发起人没有这个职务', 'whoever announced it held no such office');
  books.votes.set(resolution, vote);
}

export function resolutionCalledOff(books: Books, moment: Moment): void {
  const vote = voteOf(books, moment);
  if (vote === undefined) return;
  if (vote.ballots.size > 0 || vote.over) accuse(books, vote.resolution, '有人投了票以后又撤销', 'it was called off after somebody had voted');
  vote.over = true;
}

export function paperRead(books: Books, moment: Moment): void {
  const vote = voteOf(books, moment);
  if (vote === undefined) return;
  const paper = wholeIn(moment.body, 'paper');
  const readers = vote.papers.get(paper) ?? { voter: textIn(moment.body, 'voter'), by: new Map<string, string>() };
  if (readers.voter !== textIn(moment.body, 'voter') || readers.by.has(textIn(moment.body, 'by'))) accuse(books, vote.resolution, `第 ${paper} 号纸质票录入不对`, `paper ballot ${paper} was not read as it should be`);
  readers.by.set(textIn(moment.body, 'by'), textIn(moment.body, 'body'));
  vote.papers.set(paper, readers);
}

export function ballotCast(books: Books, moment: Moment): void {
  const vote = voteOf(books, moment);
  const { body, day } = moment;
  const mark = maybeText(body, 'choice') ?? maybeText(body, 'commitment') ?? '';
  books.ballot_lines.set(moment.seq, [moment.seq, wholeIn(body, 'resolution'), textIn(body, 'voter'), textIn(body, 'way'), mark].join('\t'));
  if (vote === undefined) return;
  const [voter, way, paper] = [textIn(body, 'voter'), textIn(body, 'way'), maybeWhole(body, 'paper')];
  const choice = maybeText(body, 'choice');
  if (!vote.roll.has(voter)) accuse(books, vote.resolution, '有不在名册上的选票', 'a ballot is of nobody on the roll');
  if (vote.ballots.has(voter)) accuse(books, vote.resolution, '同一位业主投了两票', 'an owner voted twice');
  if (vote.over || day < vote.starts_on || day > (way === 'paper' ? addDays(vote.ends_on, vote.paper_days) : vote.ends_on)) accuse(books, vote.resolution, '有投票日以外的选票', 'a ballot was cast outside its days');
  if (vote.secret !== (choice === null) || vote.secret !== (maybeText(body, 'commitment') !== null)) accuse(books, vote.resolution, '选票不是公告的那种（记名或无记名）', 'a ballot is open in a secret vote, or the other way round');
  if (choice !== null && !choices.some((one) => one === choice)) throw new Misshapen('choice');
  if ((way === 'paper') !== (paper !== null)) throw new Misshapen('paper');
  const readers = paper === null ? undefined : vote.papers.get(paper);
  if (paper !== null && (readers?.voter !== voter || readers.by.size < 2 || new Set(readers.by.values()).size < 2)) accuse(books, vote.resolution, `第 ${paper} 号纸质票没有两方两个人录入`, `paper ballot ${paper} was not read by two persons of two bodies`);
  vote.ballots.set(voter, choice);
}

const sumsIn = (body: Body): Sums => ({ area: fenOf(body['area']), voters: BigInt(wholeIn(body, 'voters')) });
const same = (a: Sums, b: Sums): boolean => a.area === b.area && a.voters === b.voters;

export function resolutionCounted(books: Books, moment: Moment): void {
  const vote = voteOf(books, moment);
  if (vote === undefined) return;
  const { body, day } = moment;
  const all = { area: vote.area, voters: BigInt(vote.roll.size) };
  const part = { area: 0n, voters: 0n };
  const found: Record<string, Sums> = Object.fromEntries(choices.map((choice) => [choice, { area: 0n, voters: 0n }]));
  for (const [voter, choice] of vote.ballots) {
    const area = vote.roll.get(voter) ?? 0n;
    for (const sums of [part, ...(choice === null ? [] : [found[choice]!])]) { sums.area += area; sums.voters += 1n; }
  }
  const said = Object.fromEntries(choices.map((choice) => [choice, sumsIn(bodyIn(bodyIn(body, 'choices'), choice))])) as Record<(typeof choices)[number], Sums>;
  if (vote.over || day <= addDays(vote.ends_on, vote.paper_days)) accuse(books, vote.resolution, '计票的日子不对', 'it was counted on a day when it could not be');
  if (!same(sumsIn(body), all) || !same(sumsIn(bodyIn(body, 'part')), part)) accuse(books, vote.resolution, '参加的人数或面积和选票对不上', 'those who took part are not those who cast ballots');
  if (vote.secret) judgeCodes(books, vote, said, { part, codes: bodyIn(body, 'codes') });
  else if (!choices.every((choice) => same(said[choice], found[choice]!))) accuse(books, vote.resolution, '各项票数和选票对不上', 'the votes for each choice are not those of the ballots');
  const outcome = textIn(body, 'outcome');
  if (textIn(body, 'rule_day') !== vote.rule_day || (body['special'] === true) !== vote.special || outcome !== outcomeOf(vote.rule_day, vote.special, { all, part, agree: said.for })) {
    accuse(books, vote.resolution, `结果“${outcome}”不是按法律算出来的`, `the outcome "${outcome}" is not what the law makes of it`);
  }
  Object.assign(vote, { over: true, counted_on: day, count_sha256: hashOf(body), outcome });
}

/** Nobody can tell the choices any more; but each code is there once, as many as owners, and nothing is lost or added. */
function judgeCodes(books: Books, vote: Vote, said: Record<(typeof choices)[number], Sums>, { part, codes }: { part: Sums; codes: Body }): void {
  const listed = choices.flatMap((choice) => textsIn(codes, choice));
  const total = choices.reduce((sums, choice) => ({ area: sums.area + said[choice].area, voters: sums.voters + said[choice].voters }), { area: 0n, voters: 0n });
  const fits = choices.every((choice) => BigInt(textsIn(codes, choice).length) === said[choice].voters);
  if (!fits || new Set(listed).size !== listed.length || !same(total, part)) accuse(books, vote.resolution, '票号和票数对不上', 'the codes are not as many as the ballots');
}

export function resolutionCertified(books: Books, moment: Moment): void {
  const proposal = carriedOut(books, moment, ['resolution'], moment.day);
  const vote = books.votes.get(wholeIn(moment.body, 'resolution'));
  if (vote === undefined) return;
  const hash = textIn(moment.body, 'count_sha256');
  if (vote.outcome !== 'passed' || vote.certified || vote.count_sha256 !== hash || (proposal !== undefined && !moment.learned && proposal.document['count_sha256'] !== hash)) accuse(books, vote.resolution, '签认的不是这次计票', 'the certificate is about another count');
  vote.certified = true;
}

/** What rests on a vote must rest on one that passed, by the count it names, and certified or counted more than fifteen days ago. */
export function judgeLinked(books: Books, { document, proposal, submitted_on }: Proposal): void {
  const { resolution } = document;
  if (!isBody(resolution) || (resolution['resolution_id'] ?? null) === null) return;
  const vote = books.votes.get(wholeIn(resolution, 'resolution_id'));
  if (vote === undefined) {
    if (books.complete) books.accuse('resolution_link_wrong', { proposal });
    return;
  }
  const good = vote.outcome === 'passed' && vote.count_sha256 === resolution['count_sha256'] && vote.title === resolution['title'] && vote.counted_on === resolution['date']
    && (vote.certified || submitted_on > addDays(vote.counted_on ?? '9999-01-01', 15));
  if (!good) books.accuse('resolution_link_wrong', { proposal });
}
