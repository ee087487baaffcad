// The last page: how anybody checks the file. Each step says what to do, with what, and what must come out. Some
// steps stand only in a file with a seal, others only in one without, or in a draft.
import type { Locale } from '../../src/kernel/locale.ts';

export interface CheckStep {
  head: string;
  text: string;
  /** Left out: in every file. */
  only?: 'sealed' | 'unsealed' | 'draft' | 'after another';
}

const zh: readonly CheckStep[] = [
  {
    only: 'sealed',
    head: '让核对程序替您核对',
    text:
      '打开 {verify_page}，把这份 PDF 放进去；或者用单文件核对程序 verify.html（拷在 U 盘里，断网也能打开），' +
      '或者在电脑上运行 mingzhang verify 文件名。几个月的文件可以一起放进去。程序会重算每一条记录、' +
      '每一笔凭证、每一个签名和首页的每个合计，哪里不对就说出第一处不对的地方。文件不会离开您的手机或电脑。',
  },
  {
    only: 'sealed',
    head: '与公告栏比对',
    text:
      '服务器上的网页归服务器管，所以要和贴在小区公告栏上的比：用手机扫首页的二维码，核对页面会显示存证条数和根。' +
      '本期检查点是存证第 {size} 条，根为\n{root}\n存证公钥如下，它和公告栏、业主大会决议上写的应当一字不差：\n{vkey}\n{witnessed}。',
  },
  {
    only: 'unsealed',
    head: '本期不能离线核对',
    text: '发布时没有签出检查点，这份文件里没有存证记录和证明。下面几步仍然可以做；数字以后有没有被改，要等补发的更正版才能核对。',
  },
  {
    only: 'draft',
    head: '草稿没有检查点',
    text: '检查点和存证记录在发布时附上，草稿只供各方先看一遍。',
  },
  {
    only: 'sealed',
    head: '附件',
    text:
      '这份 PDF 里附着六个文件，用 Adobe Acrobat、Firefox 等打开，在“附件”栏里可以另存：figures.json（全部数字）、' +
      'entries.csv（逐笔明细，可用表格软件打开）、seal.json（检查点）、facts.json（公钥、余额、任职、规则）、' +
      'records.tsv（本期全部存证记录）、earlier.tsv（签名所依据的更早的记录）。',
  },
  {
    only: 'unsealed',
    head: '附件',
    text:
      '这份 PDF 里附着两个文件：figures.json（本期全部数字）和 entries.csv（逐笔明细）。用 Adobe Acrobat、Firefox ' +
      '等打开，在“附件”栏里可以另存。',
  },
  {
    head: '自己加一遍',
    text:
      '用表格软件打开 entries.csv，“收到”一列合计应为 {received}，“付出”一列合计应为 {paid}。期初 {opening} ' +
      '加收到、减付出，应为期末 {closing}。',
  },
  {
    head: '与上月相连',
    text: '本期期初余额应等于上月公示的期末余额。收、付、转各类凭证号从小到大逐一相连，不应跳号。',
  },
  {
    only: 'after another',
    head: '上月公示的校验值',
    text:
      '{previous_period} 第 {previous_version} 版的 SHA-256，您保存的上月文件算出来应当一字不差：\n{previous_zh}（中文 PDF）\n' +
      '{previous_en}（英文 PDF）\n本期文件的校验值会写进下月的存证记录。',
  },
  {
    head: '与银行相比',
    text: '“银行核对”一栏的银行余额来自银行对账单。有差额的，首页必须说明；未交对账单的，也会写明。',
  },
  {
    head: '是不是同一份',
    text: '同一期、同一版的文件，无论谁在什么时候下载，每一个字节都应相同。可以与邻居比对文件的 SHA-256。更正只会另出新版，旧版永远保留。',
  },
  {
    head: '它不能证明什么',
    text: '这份文件能让人发现事后改动，但不能证明每一笔钱都入了账、每一笔用途都属实。所以还要看银行对账单和原始凭证。',
  },
  {
    head: '有疑问就问',
    text: '对任何一笔都可以按凭证号提出质询，质询和答复会记在该笔账下，逾期未答会印在首页。',
  },
];

const en: readonly CheckStep[] = [
  {
    only: 'sealed',
    head: 'Let a program check it',
    text:
      'Open {verify_page} and drop this PDF there; or use the single-file verifier verify.html (from a USB ' +
      'stick, without any network); or run mingzhang verify FILE on a computer. Files of several months ' +
      'may be given together. It works out every record, every entry, every signature and every total of ' +
      'page one anew and names the first thing that is wrong. The file does not leave your phone or computer.',
  },
  {
    only: 'sealed',
    head: 'Compare it with the notice board',
    text:
      'A page of the server is in the hands of the server, so compare with the sheet on the notice board: ' +
      'scan the QR code of page one; the page shows the number of records and the root. The checkpoint of ' +
      'this file covers {size} records, root\n{root}\nThis is the key of the log; it must be the one on the notice ' +
      'board and in the resolution of the owners, letter by letter:\n{vkey}\n{witnessed}.',
  },
  {
    only: 'unsealed',
    head: 'This month cannot be checked offline',
    text:
      'No checkpoint could be signed when it was published, and the file carries no records and no proofs. ' +
      'The steps below can be done all the same; whether figures are changed later can be told only from ' +
      'the correction that is to follow.',
  },
  {
    only: 'draft',
    head: 'A draft has no checkpoint',
    text: 'Checkpoint and records are attached on publication; a draft is for the bodies to look through.',
  },
  {
    only: 'sealed',
    head: 'Attachments',
    text:
      'Six files are attached to this PDF; Adobe Acrobat, Firefox and the like save them from the list of ' +
      'attachments: figures.json (all figures), entries.csv (every entry, opens in a spreadsheet), ' +
      'seal.json (checkpoint), facts.json (keys, balances, offices, rules), records.tsv (every record of ' +
      'the month), earlier.tsv (earlier records the signatures rest on).',
  },
  {
    only: 'unsealed',
    head: 'Attachments',
    text:
      'Two files are attached to this PDF: figures.json (all figures of the month) and entries.csv (every ' +
      'entry). Open it with Adobe Acrobat, Firefox or the like and save them from the list of attachments.',
  },
  {
    head: 'Add it up yourself',
    text:
      'Open entries.csv in a spreadsheet: the column received must add up to {received}, the column paid ' +
      'to {paid}. Opening {opening} plus received less paid must give closing {closing}.',
  },
  {
    head: 'Join it to last month',
    text:
      'The opening balance must equal the closing balance of the month before. The voucher numbers of each ' +
      'kind run on one by one without a gap.',
  },
  {
    only: 'after another',
    head: 'Fingerprint of last month\'s disclosure',
    text:
      'SHA-256 of {previous_period}, version {previous_version}; the file you kept must give the same, letter by ' +
      'letter:\n{previous_zh} (Chinese PDF)\n{previous_en} (English PDF)\nThe fingerprint of this file will be a ' +
      'record of next month.',
  },
  {
    head: 'Compare it with the bank',
    text:
      'The bank balance comes from the statement of the bank. A difference must be explained on page one, ' +
      'and so must a missing statement.',
  },
  {
    head: 'Is it the same file?',
    text:
      'Everyone who downloads the same month and version, at any time, must get the same bytes. Compare the ' +
      'SHA-256 of the file with a neighbour. A correction is a new version; the old one stays for ever.',
  },
  {
    head: 'What it does not prove',
    text:
      'This file shows later changes. It does not prove that every payment was entered or that every ' +
      'purpose is true. For that, look at bank statements and original vouchers too.',
  },
  {
    head: 'Ask',
    text:
      'Anyone may ask about any entry by its voucher number. Question and answer stay with the entry, and ' +
      'an overdue answer is printed on page one.',
  },
];

export const checkSteps: Record<Locale, readonly CheckStep[]> = { zh, en };

export const marksNote: Record<Locale, string> = {
  zh: '符号：红字和“−”表示冲减；【红字】冲销以前的一笔，【已冲销】的一笔不再有效；“–”表示该笔不需要签批（如收款）；（弱）表示用签批密码签署，服务器理论上可以伪造，不如通行密钥可靠。',
  en:
    'Marks: red figures with a minus (−) are deductions; [red] cancels an earlier entry, ' +
    'and a [reversed] entry no longer counts; a dash (–) means that no signature is needed ' +
    '(a receipt, for example); (weak) means signed with a signing password, which the ' +
    'server could forge in theory, unlike a passkey.',
};
