// What a file is, told from its content and never from its name, and its small parts read: a sealed disclosure, an
// audit package with the disclosures inside it, or something loose.
import type { Bilingual } from '../kernel/locale.ts';
import { hexOf, textOf } from '../proof/bytes.ts';
import { claimedCheckpoint } from '../proof/checkpoint.ts';
import { sha256 } from '#primitives';
import { isPackage, isZip, openArchive, readWholeFile, type ArchiveFile } from './archive.ts';
import { readManifest, type Manifest } from './archive-check.ts';
import { digestOf, piecesOf } from './digest.ts';
import { Misshapen } from './fields.ts';
import type { Findings } from './findings.ts';
import { gathered } from './inflate.ts';
import { readLoose, type LooseFile } from './loose-files.ts';
import { embeddedFiles, isPdf, type EmbeddedFile } from './pdf-file.ts';
import { readFacts, readKeys, readList, readSeal, type Source } from './sources.ts';
import { Unreadable } from './unreadable.ts';

/** A file as it is given: by Node through fs.openAsBlob, by a browser as File. */
export interface GivenFile { name: string; blob: Blob }

export type FileKind = 'disclosure' | 'archive' | LooseFile['kind'] | 'unreadable';
export interface FileTold { name: string; kind: FileKind; title: Bilingual; sha256: string }

export interface OpenedArchive { source: Source; files: ReadonlyMap<string, ArchiveFile>; manifest: Manifest }
export interface Opened {
  told: FileTold[];
  sources: Source[];
  archives: OpenedArchive[];
  loose: LooseFile[];
}

const SMALL = 64 * 1024 * 1024;
/** A PDF is read whole. */
const LARGEST_PDF = 2 ** 30;

const titles: Record<Exclude<FileKind, 'disclosure' | 'archive'>, Bilingual> = {
  checkpoint: { zh: '检查点', en: 'checkpoint' },
  consistency: { zh: '一致性证明', en: 'proof of consistency' },
  tlog_proof: { zh: '记录在日志中的证明', en: 'proof that a record is in the log' },
  evidence: { zh: '签名证据', en: 'evidence of signatures' },
  policy: { zh: '见证规则', en: 'policy of the witnesses' },
  voucher: { zh: '其他文件（按原始凭证查找）', en: 'another file (looked up as an original voucher)' },
  unreadable: { zh: '无法读取', en: 'unreadable' },
};

async function start(blob: Blob): Promise<Uint8Array> {
  return new Uint8Array(await blob.slice(0, 16).arrayBuffer());
}

/** Opens one file and puts what it is into `opened`; never throws for what a file holds. */
export async function openFile({ name, blob }: GivenFile, opened: Opened, findings: Findings): Promise<void> {
  let digest = '';
  try {
    const head = await start(blob);
    if (isPdf(head)) {
      if (blob.size > LARGEST_PDF) throw new Unreadable('文件太大', 'the file is too large');
      const bytes = new Uint8Array(await blob.arrayBuffer());
      digest = hexOf(sha256(bytes));
      if (await openDisclosure({ name, digest, read: async () => embeddedFiles(bytes) }, opened, findings)) return;
    } else {
      digest = (await digestOf(piecesOf(blob))).sha256;
      if (isZip(head) && await openPackage({ name, digest, blob }, opened, findings)) return;
      const loose = blob.size > SMALL ? null : readLoose(new Uint8Array(await blob.arrayBuffer()));
      if (loose !== null) return keep(opened, { ...loose, file: name, sha256: digest });
    }
    if (blob.size === 0) throw new Unreadable('文件是空的', 'the file is empty');
    keep(opened, { kind: 'voucher', file: name, sha256: digest });
  } catch (error) {
    const text = error instanceof Unreadable ? error.text : { zh: '读不出来', en: 'it cannot be read' };
    findings.report('file_unreadable', { file: name, facts: { reason: text.zh, reason_en: text.en } });
    opened.told.push({ name, kind: 'unreadable', title: titles.unreadable, sha256: digest });
  }
}

function keep(opened: Opened, loose: LooseFile): void {
  opened.loose.push(loose);
  opened.told.push({ name: loose.file, kind: loose.kind, title: titles[loose.kind], sha256: loose.sha256 });
}

// ── Disclosures ──────────────────────────────────────────────────────────────────────────────────

interface Pdf { name: string; digest: string; read: () => Promise<EmbeddedFile[]> }

const parts = ['seal.json', 'facts.json', 'records.tsv', 'earlier.tsv', 'figures.json', 'entries.csv'] as const;

/** False where the PDF is no disclosure at all: it may be a voucher. */
async function openDisclosure({ name, digest, read }: Pdf, opened: Opened, findings: Findings): Promise<boolean> {
  let attached: Map<string, EmbeddedFile>;
  try {
    attached = new Map((await read()).map((file) => [file.name, file]));
  } catch (error) {
    // Any scanner makes PDFs that a strict reader refuses; a disclosure of ours is told by the name of its parts.
    if (error instanceof Unreadable) return false;
    throw error;
  }
  if (!attached.has('figures.json') && !attached.has('seal.json')) return false;
  const title = { zh: '收支公示', en: 'monthly disclosure' };
  if (!attached.has('seal.json')) {
    findings.report('disclosure_unsealed', { file: name });
    opened.told.push({ name, kind: 'disclosure', title, sha256: digest });
    return true;
  }
  const missing = parts.filter((part) => !attached.has(part));
  for (const part of missing) findings.report('attachment_missing', { file: name, where: part });
  const source = missing.length > 0 ? null : await readDisclosure({ name, digest, attached }, findings);
  if (source !== null) {
    opened.sources.push(source);
    const { period, version } = source.disclosure!;
    Object.assign(title, { zh: `${source.estate} ${period} 收支公示 第 ${version} 版`, en: `${source.estate} disclosure of ${period}, version ${version}` });
  }
  opened.told.push({ name, kind: 'disclosure', title, sha256: digest });
  return true;
}

async function readDisclosure(
  { name, digest, attached }: { name: string; digest: string; attached: ReadonlyMap<string, EmbeddedFile> }, findings: Findings,
): Promise<Source | null> {
  let part = 'seal.json';
  const read = (file: string, limit = SMALL): Promise<Uint8Array> => {
    const { open, size } = attached.get(file)!;
    return gathered(open(), limit, size);
  };
  try {
    const { period, version, ...seal } = readSeal(await read(part));
    part = 'facts.json';
    const bytes = await read(part);
    const facts = readFacts(bytes);
    if (facts.estate !== seal.estate || facts.period !== period || facts.version !== version) {
      findings.report('seal_differs', { file: name, where: part, facts: { what: `${facts.estate} ${facts.period} v${facts.version}` } });
    }
    return {
      ...seal, file: name, kind: 'disclosure', sha256: digest, keys: facts.keys, policy: facts.policy, cosigned: [],
      records: () => attached.get('records.tsv')!.open(), earlier: () => attached.get('earlier.tsv')!.open(),
      disclosure: {
        period, version, facts_sha256: hexOf(sha256(bytes)), drawn_at: facts.size, balances: facts.balances, standing: facts.standing, bank: facts.bank, locale: null, names: new Map(),
        figures: () => read('figures.json', LARGEST_PDF), entries: () => read('entries.csv', LARGEST_PDF),
      },
    };
  } catch (error) {
    reportMisshapen(findings, name, part, error);
    return null;
  }
}

function reportMisshapen(findings: Findings, file: string, where: string, error: unknown): void {
  const text = error instanceof Unreadable ? error.text : { zh: '内容不完整或写法不对', en: 'incomplete, or not written as it should be' };
  const detail = error instanceof Misshapen ? ` (${error.message})` : '';
  findings.report('attachment_misshapen', { file, where, facts: { what: text.zh + detail, what_en: text.en + detail } });
}

// ── Audit packages ───────────────────────────────────────────────────────────────────────────────

/** False where the ZIP is no audit package: an OFD invoice is one as well. */
async function openPackage({ name, digest, blob }: { name: string; digest: string; blob: Blob }, opened: Opened, findings: Findings): Promise<boolean> {
  const files = await openArchive(blob);
  if (!isPackage(files)) return false;
  const title = { zh: '审计包', en: 'audit package' };
  const told: FileTold = { name, kind: 'archive', title, sha256: digest };
  opened.told.push(told);
  let part = 'manifest.json';
  try {
    const manifest = readManifest(await readWholeFile(files, part, 4 * SMALL));
    Object.assign(title, {
      zh: `${manifest.estate} 审计包 ${manifest.from} 至 ${manifest.to}`, en: `${manifest.estate} audit package ${manifest.from} to ${manifest.to}`,
    });
    const small = async (path: string): Promise<string> => {
      part = path;
      return textOf(await readWholeFile(files, path));
    };
    const note = files.has('log/checkpoint') ? await small('log/checkpoint') : null;
    const checkpoint = note === null ? null : claimedCheckpoint(note);
    const keys = readKeys(readList(await small('log/keys.json')));
    const policy = files.has('log/policy') ? await small('log/policy') : null;
    const cosigned: string[] = [];
    const sizes = [...files.keys()].filter((path) => path.startsWith('log/cosignatures/')).sort((a, b) => Number(b.split('/')[2]) - Number(a.split('/')[2]));
    for (const path of sizes) cosigned.push(await small(path));
    part = 'log/records.tsv';
    const records = files.get(part);
    if (records === undefined) throw new Unreadable('缺少 log/records.tsv', 'log/records.tsv is missing');
    const source: Source = {
      file: name, kind: 'archive', sha256: digest, estate: manifest.estate, origin: manifest.origin, start: 0, peaks: [], note, checkpoint,
      size: checkpoint?.size ?? manifest.size, keys, policy, cosigned, witnessed: null, records: () => records.open(), earlier: null, disclosure: null,
    };
    opened.sources.push(source);
    opened.archives.push({ source, files, manifest });
  } catch (error) {
    reportMisshapen(findings, name, part, error);
  }
  await openInside(name, files, opened, findings);
  return true;
}

/** The disclosures inside a package are judged as any other; their PDFs are read again when their turn comes. */
async function openInside(name: string, files: ReadonlyMap<string, ArchiveFile>, opened: Opened, findings: Findings): Promise<void> {
  for (const file of files.values()) {
    if (!/^disclosures\/[^/]+\.pdf$/.test(file.path)) continue;
    const inside = `${name} › ${file.path}`;
    try {
      const bytes = await gathered(file.open(), LARGEST_PDF);
      const digest = hexOf(sha256(bytes));
      const found = await openDisclosure({ name: inside, digest, read: async () => embeddedFiles(bytes) }, opened, findings);
      if (!found) findings.report('disclosure_unsealed', { file: inside });
      const source = opened.sources.find((one) => one.file === inside);
      if (source !== undefined && !file.path.startsWith(`disclosures/${source.disclosure!.period}-v${source.disclosure!.version}-`)) {
        findings.report('seal_differs', { file: inside, facts: { what: `${source.disclosure!.period} v${source.disclosure!.version}` } });
      }
    } catch (error) {
      const text = error instanceof Unreadable ? error.text : { zh: '读不出来', en: 'it cannot be read' };
      findings.report('attachment_misshapen', { file: inside, facts: { what: text.zh, what_en: text.en } });
    }
  }
}
