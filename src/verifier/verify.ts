// The offline verifier: takes files, tells what they are and whether what they say of a log holds together. No
// database, no network, no clock; the same in Node and in a browser.
//   open every file → read each log's records in order (LogUnion) → seals and figures → what the files say together
// Nothing a file holds makes it throw: whatever is wrong is a finding, and the first broken thing comes first.
import type { Bilingual } from '../kernel/locale.ts';
import { checkArchive } from './archive-check.ts';
import { checkCautions, checkContinuity } from './continuity.ts';
import { checkFigures } from './figures.ts';
import { Findings, type Finding, type Report } from './findings.ts';
import { LogUnion } from './log-union.ts';
import { checkLoose, sizesOf } from './loose-files.ts';
import { openFile, type FileTold, type GivenFile, type OpenedArchive, type Opened } from './opening.ts';
import { checkCheckpoint, checkPrepared, checkTrust, checkWitnesses } from './seal.ts';
import { yuan } from './fen.ts';
import type { Source } from './sources.ts';
import { leftOf, openDebits } from './suspense.ts';
import { claimedCheckpoint } from '../proof/checkpoint.ts';

export type { Finding, GivenFile, FileTold };

export interface VerifyOptions {
  /** Verifier keys of the log that are known another way, from paper or a resolution. */
  trusted_keys?: readonly string[] | undefined;
  progress?: ((text: Bilingual) => void) | undefined;
}

export type Outcome = 'holds' | 'broken' | 'unreadable';
export interface Verdict {
  outcome: Outcome;
  findings: Finding[];
  files: FileTold[];
  /** What was checked, with figures. */
  facts: Bilingual[];
}

export async function verifyFiles(given: readonly GivenFile[], options: VerifyOptions = {}): Promise<Verdict> {
  const findings = new Findings();
  const opened: Opened = { told: [], sources: [], archives: [], loose: [] };
  const told = options.progress ?? (() => undefined);
  for (const file of given) {
    told({ zh: `打开 ${file.name}`, en: `opening ${file.name}` });
    await openFile(file, opened, findings);
  }
  const facts: Bilingual[] = [];
  const logs = unite(opened, findings);
  const attempt = async (file: string, judge: () => Promise<Bilingual[]> | Bilingual[]): Promise<void> => {
    try {
      facts.push(...await judge());
    } catch (error) {
      // Our own fault, whatever the file holds: it must not pass for a file that holds.
      findings.report('verifier_failed', { file, facts: { error: String(error) } });
    }
  };
  for (const log of logs) await attempt(log.sources[0]!.file, () => judgeLog(log, opened, { findings, options }));
  for (const loose of opened.loose) await attempt(loose.file, () => checkLoose(loose, { logs, loose: opened.loose, findings }));
  return { outcome: outcomeOf(findings, given.length), findings: findings.inOrder(), files: opened.told, facts };
}

const outcomeOf = (findings: Findings, files: number): Outcome =>
  (findings.has('broken') ? 'broken' : findings.has('unreadable') || files === 0 ? 'unreadable' : 'holds');

/** The files of each log, by where they begin. */
function unite({ sources, loose }: Opened, findings: Findings): LogUnion[] {
  const logs = new Map<string, LogUnion>();
  const inOrder = [...sources].sort((a, b) => a.start - b.start || a.size - b.size);
  for (const source of inOrder) {
    const log = logs.get(source.estate) ?? new LogUnion(source.estate, findings);
    logs.set(source.estate, log);
    log.sources.push(source);
    for (const size of wantedSizes(source)) log.wanted.add(size);
  }
  for (const log of logs.values()) for (const one of loose) for (const size of sizesOf(one)) log.wanted.add(size);
  for (const { sources: own } of logs.values()) {
    const [first] = own;
    for (const one of own) if (one.origin !== first!.origin) findings.report('origins_differ', { file: one.file, facts: { origin: one.origin, other: first!.origin } });
  }
  return [...logs.values()];
}

function wantedSizes({ start, size, witnessed, cosigned }: Source): number[] {
  const seen = [...cosigned, ...(witnessed === null ? [] : [witnessed.note])].flatMap((note) => {
    try {
      return [claimedCheckpoint(note).size];
    } catch {
      return [];
    }
  });
  return [start, size, ...seen];
}

interface Judging { findings: Findings; options: VerifyOptions }

async function judgeLog(log: LogUnion, { archives }: Opened, { findings, options }: Judging): Promise<Bilingual[]> {
  const facts: Bilingual[] = [];
  for (const source of log.sources) {
    const report: Report = (code, where, more) => findings.report(code, { file: source.file, where, facts: more });
    const root = await log.read(source, (records) => options.progress?.({
      zh: `${source.file}：已核对 ${records} 条记录`, en: `${source.file}: ${records} records checked`,
    }));
    checkCheckpoint(log, source, { root, report });
    const witnesses = checkWitnesses(log, source, report);
    facts.push(sealFact(source, witnesses));
    if (source.disclosure !== null) facts.push(...await judgeDisclosure(log, source, findings, report));
    const archive = archives.find((one) => one.source === source);
    if (archive !== undefined) facts.push(await judgeArchive(log, archive, report, options));
  }
  checkTrust(log, options.trusted_keys ?? [], (code, where, more) => findings.report(code, { file: log.sources[0]!.file, where, facts: more }));
  checkContinuity(log, findings);
  checkCautions(log, log.books.at.slice(0, 10), findings);
  facts.push(bookFact(log), ...bankFacts(log.books));
  return facts;
}

async function judgeDisclosure(log: LogUnion, source: Source, findings: Findings, report: Report): Promise<Bilingual[]> {
  const figures = await checkFigures(log, source, findings);
  checkPrepared(log, source, figures, report);
  if (figures === null) return [];
  const { head, entries } = figures;
  return [{
    zh: `${source.file}：${head.period} 的 ${entries} 张凭证与记录逐张核对；期初 ${head.opening} 元，收 ${head.received} 元，付 ${head.paid} 元，期末 ${head.closing} 元。`,
    en: `${source.file}: ${entries} entries of ${head.period} compared with their records; opening ${head.opening}, received ${head.received}, paid ${head.paid}, closing ${head.closing} yuan.`,
  }];
}

async function judgeArchive(log: LogUnion, { source, files, manifest }: OpenedArchive, report: Report, { progress }: VerifyOptions): Promise<Bilingual> {
  const counts = await checkArchive(log, {
    files, manifest, report, progress: (file) => progress?.({ zh: `${source.file}：${file}`, en: `${source.file}: ${file}` }),
  });
  const journals = counts.journals.map((path) => path.slice(8));
  return {
    zh: `${source.file}：${counts.files} 个文件与清单核对，原始凭证 ${counts.vouchers} 个；与记录逐张核对的账本：${journals.join('、')}。journal.xlsx、signatures.csv、accounting-interface 只核对了校验值。`,
    en: `${source.file}: ${counts.files} files compared with the manifest, ${counts.vouchers} original vouchers; journals compared with the records entry by entry: ${journals.join(', ')}. Of journal.xlsx, signatures.csv and accounting-interface only the hashes were compared.`,
  };
}

function sealFact({ file, start, size, checkpoint }: Source, witnesses: readonly string[]): Bilingual {
  const names = witnesses.map((name) => name.split('/').at(-1)!);
  return {
    zh: `${file}：存证记录第 ${start + 1} 至 ${size} 条，推到检查点${checkpoint === null ? '（未签名）' : ''}；见证人签名 ${witnesses.length} 个${names.length > 0 ? `（${names.join('、')}）` : ''}。`,
    en: `${file}: records ${start + 1} to ${size}, hashed up to the checkpoint${checkpoint === null ? ' (not signed)' : ''}; ${witnesses.length} cosignatures of witnesses${names.length > 0 ? ` (${names.join(', ')})` : ''}.`,
  };
}

function bookFact({ estate, books: { counted } }: LogUnion): Bilingual {
  return {
    zh: `${estate}：共 ${counted.records} 条记录，${counted.entries} 张凭证借贷平衡、编号不断；${counted.carried_out} 件签批事项，${counted.signatures} 个签名，其中通行密钥 ${counted.by_passkey} 个已验算。`,
    en: `${estate}: ${counted.records} records, ${counted.entries} entries checked for balance and numbering; ${counted.carried_out} proposals carried out, ${counted.signatures} signatures, ${counted.by_passkey} of them by passkey and verified.`,
  };
}

/** What the statements at hand cover, and what of it nobody has explained. */
function bankFacts(books: LogUnion['books']): Bilingual[] {
  return [...books.banks.values()].filter(({ statements }) => statements.length > 0).map(({ account, statements, lines }) => {
    const from = statements.reduce((first, one) => (one.from < first ? one.from : first), statements[0]!.from);
    const to = statements.reduce((last, one) => (one.to > last ? one.to : last), statements[0]!.to);
    const name = `${account} ${books.bank_accounts.findLast((one) => one.account === account)?.last4 ?? ''}`;
    const matches = books.matches.filter((one) => one.account === account && one.checked).length;
    const open = openDebits(books).filter((one) => one.bank_account === account);
    const amount = yuan(open.reduce((sum, one) => sum + BigInt(leftOf(one)), 0n));
    return {
      zh: `银行账户 ${name}：对账单 ${statements.length} 份（${from} 至 ${to}），流水 ${lines.size} 行，已核对有无缺日、余额是否连续；核对了勾对 ${matches} 组；待核实的支出 ${open.length} 笔${open.length === 0 ? '' : `，${amount} 元`}。`,
      en: `bank account ${name}: ${statements.length} statements (${from} to ${to}) of ${lines.size} lines checked for missing days and running balances; ${matches} matches checked; unexplained debits: ${open.length}${open.length === 0 ? '' : `, ${amount} yuan`}.`,
    };
  });
}
