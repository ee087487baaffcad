// What a finding means for whoever holds the file, and what to do, in words that need no explanation. Many findings
// share one meaning: what matters to an owner is not which rule was broken but what follows from it.
import type { Bilingual } from '../kernel/locale.ts';

export const meanings = {
  history: {
    zh: '账目的历史前后不一致：有人在公布之后改动、删掉或插入过记录，或者给不同的人看了不同的账。请保存手里的全部文件，把它们和这份结果一起交给业委会、监事会或街道办，要求说明。',
    en: 'The history of the books is not one and the same: after it was published somebody changed, removed or inserted records, or showed different people different books. Keep every file you have and take them, with this report, to the committee, the supervisors or the street office.',
  },
  altered: {
    zh: '这个文件在发布之后被改动过，或者下载时损坏了。请从小区的公示页面重新下载再核验；重新下载的也这样，请把两份文件都保存好，交给业委会或街道办。',
    en: 'This file was changed after it was published, or damaged on the way. Download it again from the estate\'s page and verify that; if it says the same, keep both and take them to the committee or the street office.',
  },
  attachment: {
    zh: '文件里用来核验的附件缺失、损坏或被改动过，因此不能证明里面的账。请重新下载再核验；还是这样，请要求发布方说明。',
    en: 'The parts inside the file that prove it are missing, damaged or changed, so it proves nothing of the books. Download it again; if it says the same, ask whoever publishes it for an explanation.',
  },
  forged_key: {
    zh: '检查点不是用这个小区登记过的密钥签的，可能有人另造了一套账。请把文件里的密钥和公告栏上、业主大会决议里的对照；对不上就不要相信这个文件。',
    en: 'The checkpoint is not signed with a key of this estate\'s log: somebody may have made a second set of books. Compare the key with the one on the notice board or in the resolution; if they differ, do not believe this file.',
  },
  around_program: {
    zh: '程序正常运行时不会写下这样的记录，说明有人绕过程序改了数据。请要求物业公司和业委会说明这一笔的来历，并请审计查看。',
    en: 'The program never writes such a record by itself: somebody went around it. Ask the company and the committee where it comes from, and have an auditor look.',
  },
  money: {
    zh: '这笔账不符合记账规则，账目因此不可信。请要求出示这张凭证的原始单据和银行流水，并请审计查看。',
    en: 'This entry breaks the rules of bookkeeping, and the books cannot be trusted with it. Ask for its original vouchers and the bank\'s record, and have an auditor look.',
  },
  bank: {
    zh: '账上记的和银行对账单说的对不上，或者对账单接不上。请要求出示银行盖章的对账单，逐笔核对；有权限的也可以自己到银行打印一份。',
    en: 'The books and the statements of the bank do not agree, or the statements do not join. Ask for statements stamped by the bank and compare them line by line; whoever may should have the bank print them.',
  },
  unexplained: {
    zh: '银行扣了钱，却还没有人说明去向，也没有签批单。请要求物业公司和业委会说明，并尽快补签或追回。',
    en: 'The bank paid money out that nobody has explained yet, and no order was signed for it. Ask the company and the committee what it was, and to sign for it or get it back.',
  },
  unsigned: {
    zh: '钱或规则动了，却没有各方应有的签名。请要求物业公司和业委会说明，并把这份结果交给监事会或街道办。',
    en: 'Money or rules were moved without the signatures they need. Ask the company and the committee for an explanation, and take this report to the supervisors or the street office.',
  },
  signature: {
    zh: '这个签名不作数：可能是别人冒签的，也可能签的不是这张单据。请直接问签名人本人签过没有。',
    en: 'This signature does not count: somebody may have signed in their name, or it is under another document. Ask the signer in person whether they signed.',
  },
  figures: {
    zh: '公示印出来的和存证的账不是一回事，以存证的为准。请要求发布方更正，并说明为什么不同。',
    en: 'What the disclosure prints is not what the records say; the records count. Ask for a correction and for the reason.',
  },
  hidden: {
    zh: '有东西没有公示出来，或者没有放进文件。请要求补发，并说明为什么漏掉。',
    en: 'Something was not disclosed, or was left out of the file. Ask for it, and for the reason.',
  },
  tables: {
    zh: '数据库的表和存证记录说法不一：有人直接改了数据库。以后照改过的表办的事（谁能签、要几个人签、余额多少）都可能是错的。请要求说明，并请审计查看。',
    en: 'The tables of the database and the records disagree: somebody changed the database directly. Whatever follows the changed table (who may sign, how many, what is left) may be wrong. Ask for an explanation, and have an auditor look.',
  },
  voucher: {
    zh: '原始凭证不是当初交来的那一份，或者找不到了。请要求出示纸质原件。',
    en: 'The original voucher is not the one that was handed in, or it is gone. Ask to see the paper.',
  },
  witness: {
    zh: '见证签名对不上：有人可能给见证人看了另一套账，或者冒用了见证人的名义。请直接问见证人。',
    en: 'The cosignature does not fit: a witness may have been shown another log, or somebody used the witness\'s name. Ask the witness in person.',
  },
  first_sight: {
    zh: '文件本身说不了它用的密钥是不是真的。请把这个密钥和公告栏或业主大会决议上的对照；核验时可以把公告栏上的那一行填进“存证公钥”一栏（命令行用 --key），就不用自己逐字比了。',
    en: 'No file can tell by itself that its key is the right one. Compare it with the notice board or the resolution; entered as the log\'s key (on the command line: --key) it is compared for you.',
  },
  next_month: {
    zh: '附件里的数字已经核对过，页面上印的内容由下个月的文件作证：它的校验值记在下个月的记录里，手里有下个月的 PDF 时一起核验。现在请把第一页的期初、收到、付出、期末四个数和上面核对出来的对一下；会用命令行的，加 --reprint 逐页比较。',
    en: 'The figures attached are checked; what is printed on the pages is proven by next month\'s file, whose records hold the hash of this PDF: verify both together. For now compare the four amounts on page one with those stated here; on the command line --reprint compares every page.',
  },
  renamed: {
    zh: '科目和资金的名称不在存证记录里，改名是允许的。但同一笔钱换个名字，看起来就像另一回事：请问一问为什么改。',
    en: 'Names of accounts and funds are not in the log and may be changed. But the same money under another name looks like something else: ask why it was changed.',
  },
  more_files: {
    zh: '手里的文件不够：把相邻月份的收支公示或审计包放在一起核验，就能核对这一点。',
    en: 'These files do not reach that far: verify them together with the disclosures of the months beside them, or with an audit package.',
  },
  no_witness: {
    zh: '目前只有发布方自己的签名。业委会、街道和业主里有人用手机见证以后，发布方就不能再悄悄换掉历史。',
    en: 'So far only the publisher itself has signed. Once the committee and the street office or an owner witness the log with their phones, its history cannot be exchanged in silence.',
  },
  vote: {
    zh: '业主表决的选票或计票和存证记录对不上：有人改过选票，或者结果不是按票算出来的。请要求公开选票清单和纸质票，重新计票，并把这份结果交给监事会或街道办。',
    en: 'The ballots or the count of a vote are not those of the records: somebody changed ballots, or the result does not follow from them. Ask for the list of ballots and the papers, have them counted again, and take this report to the supervisors or the street office.',
  },
  weak: {
    zh: '用签名口令签的名，由服务器保证，控制服务器的人造得出来。可以直接问签名人；也可以要求改用通行密钥。',
    en: 'A signature by password is vouched for by the server, and whoever controls the server could make one. Ask the signers, or ask them to use passkeys.',
  },
  know: {
    zh: '账目本身没有问题，这一点请知道。',
    en: 'Nothing is wrong with the books; it is good to know.',
  },
  ratify: {
    zh: '应急付款先付后补签，期限已过还没有补齐。请要求签批人补签或说明。',
    en: 'An emergency payment may be made first and ratified afterwards; the day for it has passed. Ask the signers to ratify it or explain.',
  },
  unreadable: {
    zh: '没有读出可以核验的内容。请确认文件完整、选对了文件，或者重新下载。',
    en: 'Nothing could be read that can be verified. See whether the file is whole and the right one, or download it again.',
  },
  failed: {
    zh: '这说明不了文件好坏。请把文件和这份结果发给程序的维护者。',
    en: 'This says nothing of the file. Send it, with this report, to whoever maintains the program.',
  },
  unsealed: {
    zh: '这份公示发布时没有封存校验数据，单凭它不能核验。请要求发布方补发封存的版本，或者用下个月的公示、审计包核对。',
    en: 'This disclosure was published without its proof, and cannot be verified by itself. Ask for a version that is sealed, or verify with the next month\'s or an audit package.',
  },
} as const satisfies Record<string, Bilingual>;

export type Meaning = keyof typeof meanings;
