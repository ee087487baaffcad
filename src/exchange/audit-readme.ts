// README.txt of an audit package, Chinese then English: what is in it, how to verify it, how to load it elsewhere.
import { formatInstant } from '../web/locale.ts';
import type { AuditSnapshot } from './audit-snapshot.ts';

interface Told { snapshot: AuditSnapshot; made_at: string; has_verifier: boolean }

export const auditReadme = (told: Told): string => `\uFEFF${chinese(told)}\n\n${english(told)}`;

function chinese({ snapshot: { books, size, audience, checkpoint, origin }, made_at, has_verifier }: Told): string {
  const { estate, from, to, entries, lines } = books;
  return `审计包：${estate.name_zh}（${estate.code}）
======================================================================

期间 ${from} 至 ${to}，记账凭证 ${entries} 张，分录 ${lines} 行；存证记录 1 至 ${size} 条，全部收录，一条不缺。
制作时间 ${formatInstant(made_at, 'zh')}。存证日志名称 ${origin}。

${audience === 'officers'
    ? '本包供在各方任职的人员（含监事、街道社区、审计）使用，收录全部原始凭证，其中有个人信息，请妥善保管，不要转发。'
    : '本包供业主使用。只限各方任职人员查看的原始凭证（上面有个人信息）没有收录，在 vouchers.csv 里写明“未收录”，\n只列校验值；审计和监事可以取得含全部原始凭证的审计包，并用同一校验值核对。其他内容与他们拿到的完全一样。'}

一、里面有什么
  README.txt                本说明
  manifest.json             每个文件的大小和 SHA-256 校验值（mingzhang/audit/v1）
  log/checkpoint            存证日志的检查点（C2SP signed note）${checkpoint === null ? '：本次没有，见第四节' : ''}
  log/records.tsv           全部存证记录，每行一条：序号、种类、时间、凭证字号、内容（被校验的原文）
  log/keys.json             检查点的签名公钥，旧的在前；log/policy 见证规则；log/cosignatures/ 见证人签过的检查点
  log/standing.json         数据库现在的任期、规则、通行密钥、委托、科目、资金、各月发生额，以及每月凭证、分录行和收据的校验值，
                            用来和存证记录核对：有人绕过程序改了数据库，这里就对不上
  journal/journal.hledger   记账凭证，hledger 格式；journal.beancount Beancount 格式；journal.csv、journal.xlsx 表格
  journal/accounts.csv      会计科目；funds.csv 资金
  accounting-interface/     会计核算软件数据接口（GB/T 24589.1-2010 公开数据项），未覆盖的写在该文件夹的 README.txt
  signatures.csv            每一个签名：谁（匿名编号）、哪个机构什么职务、签的是哪张单、用什么方式、证据
  bank/                     银行对账单、流水、勾对三张表（有对账单时才有），不含对方户名等个人信息；和存证记录逐行核对
  vouchers.csv, vouchers/   原始凭证，文件名就是它的 SHA-256；“内容已变”“文件缺失”都在表里写明
  disclosures/              期间内每月的收支公示 PDF，每个版本、中英文各一份${has_verifier ? '\n  verify.html               核验程序，一个文件，不用联网' : ''}
人名不在账里：制单人、签批人以编号表示，编号对应的机构和任期见 log/standing.json。

二、怎样核验（不用相信本系统，也不用联网）
${has_verifier ? '  1. 用浏览器打开 verify.html，把整个审计包（ZIP 文件）拖进去；最好再把您自己保存的往月收支公示 PDF 一起拖进去，\n     以前公布的和现在的账对不上就会指出来。\n  2. 或者' : '  '}在装有 Mingzhang 的电脑上运行：npx mingzhang verify 审计包.zip [往月公示.pdf …]
  核验程序可从别处取得，不必用本包里的。它核对：校验值、存证日志的树和连续性、凭证号不断号、每张凭证借贷平衡、
  每笔付款签齐、每个签名、公示的合计。

三、怎样装进别的软件
  hledger    hledger -f journal/journal.hledger check --strict ordereddates payees
             hledger -f journal/journal.hledger bal --depth 2        按科目
             hledger -f journal/journal.hledger bal service          一项资金（资金代码见 funds.csv）
  Beancount  bean-check journal/journal.beancount；fava journal/journal.beancount
  表格       journal.xlsx 用 WPS、Excel、LibreOffice 打开；金额是数字，日期是日期
  每月末都写有余额（余额断言），取自数据库的余额表，不是由导出的凭证加出来的：装进去没有报错，就是加总相符。

四、要知道的
  * 金额为人民币元。借方为正、贷方为负；红字冲销是同方向的负数。
  * 用签名口令签的名（method=password）由服务器保证，弱于通行密钥（passkey），后者可以独立验算。
  * 表格里以 = + - @ 开头的文字前面加了一个撇号，免得被当成公式。${checkpoint === null ? '\n  * 制作时没有可用的签名密钥，本包里的存证日志没有检查点签名：能核对它自身是否一致，不能证明它就是公布过的那一份。' : ''}
`;
}

function english({ snapshot: { books, size, audience, checkpoint, origin }, made_at, has_verifier }: Told): string {
  const { estate, from, to, entries, lines } = books;
  return `Audit package: ${estate.name_en} (${estate.code})
======================================================================

Months ${from} to ${to}: ${entries} journal entries of ${lines} lines. Records 1 to ${size} of the log, all of them, none left out.
Made ${formatInstant(made_at, 'en')} (Asia/Shanghai). Name of the log: ${origin}.

${audience === 'officers'
    ? 'For those who serve in a body (supervisors, street office, community and auditors among them). It holds all original\nvouchers, with personal data in them: keep it safe, and pass it on to nobody.'
    : 'For owners. Original vouchers that only officers may open, because they show personal data, are left out; vouchers.csv\nsays "withheld" and gives their hashes. Auditors and supervisors can have a package with all of them and compare the\nhashes. All else is the same as what they get.'}

1. What is in it
  README.txt                this text
  manifest.json             size and SHA-256 of each file (mingzhang/audit/v1)
  log/checkpoint            checkpoint of the log (C2SP signed note)${checkpoint === null ? ': there is none, see part 4' : ''}
  log/records.tsv           every record, one a line: seq, kind, time, voucher number, body (the very text that was hashed)
  log/keys.json             public keys that signed checkpoints, oldest first; log/policy the rule for witnesses;
                            log/cosignatures/ the checkpoints that witnesses signed
  log/standing.json         terms, rules, passkeys, delegations, accounts, funds, turnover as the database has them now, and
                            hashes of each month's entries, lines and receipts: compared with the records, a change past the program shows
  journal/journal.hledger   the entries for hledger; journal.beancount for Beancount; journal.csv and journal.xlsx as tables
  journal/accounts.csv      chart of accounts; funds.csv funds
  accounting-interface/     the Chinese accounting-data interface as far as its fields are public; see its README.txt
  signatures.csv            every signature: who (opaque id), body and office, which document, by what method, evidence
  bank/                     bank statements, their lines and matches as tables, where there are any, without counterparties or
                            other personal data; compared with the records row by row
  vouchers.csv, vouchers/   original vouchers named by their SHA-256; files that are missing or changed are marked
  disclosures/              the published monthly disclosures, every version, Chinese and English${has_verifier ? '\n  verify.html               the verifier in one file; it needs no network' : ''}
There are no names of persons in the books: makers and signers are opaque ids, whose bodies and terms stand in
log/standing.json.

2. How to verify it (without trusting this system, without a network)
${has_verifier ? '  1. Open verify.html in a browser and drop the whole package (the ZIP) on it; best together with disclosures (PDF) of\n     earlier months that you kept yourself: what no longer fits them is named.\n  2. Or, ' : '  '}with Mingzhang installed: npx mingzhang verify package.zip [earlier-disclosure.pdf ...]
  The verifier may come from elsewhere; it need not be the one in here. It checks hashes, the tree and continuity of the
  log, voucher numbers without gaps, that every entry balances, every payment's signatures, and the published totals.

3. How to load it elsewhere
  hledger    hledger -f journal/journal.hledger check --strict ordereddates payees
             hledger -f journal/journal.hledger bal --depth 2        by account
             hledger -f journal/journal.hledger bal service          one fund (codes in funds.csv)
  Beancount  bean-check journal/journal.beancount; fava journal/journal.beancount
  Tables     journal.xlsx opens in WPS, Excel, LibreOffice; amounts are numbers, dates are dates
  At each month's end stand balance assertions, taken from the database's balances and not added up from the exported
  entries: when it loads without a complaint, the sums agree.

4. What to know
  * Amounts are yuan. Debits are positive, credits negative; a red-letter reversal is negative on the same side.
  * Signatures by password (method=password) are vouched for by the server and weaker than passkeys, which prove themselves.
  * Text in tables that begins with = + - @ has an apostrophe in front, so that it is not run as a formula.${checkpoint === null ? '\n  * No signing key could be used when it was made, so the log in here has no signed checkpoint: that it is consistent can\n    be checked, that it is the one that was published cannot.' : ''}
`;
}
