// Findings about files, the log, its keys and its witnesses.
import type { Told } from './told.ts';

export const logTexts = {
  // ── Files ──
  file_unreadable: ['unreadable', 'unreadable', '读不了这个文件：{reason}', 'this file cannot be read: {reason}'],
  file_unknown: ['unreadable', 'unreadable', '不是可核验的文件，也不是这些记录里的原始凭证（校验值 {sha256}…）', 'neither a file that can be verified nor an original voucher of these records (SHA-256 {sha256}…)'],
  verifier_failed: ['unreadable', 'failed', '核验程序自己出错了：{error}', 'the verifier itself failed: {error}'],
  disclosure_unsealed: ['unreadable', 'unsealed', '这份公示没有封存校验数据', 'this disclosure is not sealed'],
  attachment_missing: ['broken', 'attachment', '附件缺失', 'an attachment is missing'],
  attachment_misshapen: ['broken', 'attachment', '读不懂：{what}', 'unreadable: {what}'],
  seal_differs: ['broken', 'attachment', '文件各部分说的不是同一份公示（{what}）', 'the parts of the file are not of one disclosure ({what})'],
  origins_differ: ['broken', 'forged_key', '文件属于另一个日志：{origin}，而 {other} 才是其他文件的', 'the file is of another log: {origin}, the others are of {other}'],

  // ── Tree ──
  records_misshapen: ['broken', 'altered', '存证记录写得不对：{what}', 'the records are not written as they should be: {what}'],
  records_not_in_order: ['broken', 'altered', '存证记录不连续：这里应是第 {expected} 条，却是第 {seq} 条', 'the records are not in order: number {expected} is expected here, not {seq}'],
  records_missing: ['broken', 'hidden', '存证记录不全：只有第 {first} 至 {last} 条，应到第 {size} 条', 'records are missing: there are {first} to {last}, and they should go to {size}'],
  peaks_wrong: ['broken', 'attachment', '日志起点的校验值个数不对', 'the hashes of the log\'s beginning do not go with its size'],
  month_cut_off: ['broken', 'hidden', '不能证明文件里的记录是从 {period} 月初开始的：第 {seq} 条以前可能还有这个月的凭证', 'nothing shows that the records in the file go back to the beginning of {period}: entries of that month may lie before record {seq}'],
  root_differs: ['broken', 'altered', '这些存证记录推不到检查点（{size} 条）：其中有记录被改动、增加或删去', 'the records do not lead to the checkpoint ({size} records): one of them was changed, added or removed'],
  earlier_not_included: ['broken', 'altered', '这条较早的记录不在日志里', 'this earlier record is not in the log'],
  history_differs: ['broken', 'history', '第 {seq} 条记录和 {other} 里的不一样', 'record {seq} is not what {other} has'],
  beginning_differs: ['broken', 'history', '前 {size} 条记录和 {other} 里的不是同一份', 'the first {size} records are not those of {other}'],
  checkpoint_differs: ['broken', 'history', '检查点（{size} 条）和 {other} 里的记录对不上', 'the checkpoint ({size} records) does not fit the records in {other}'],
  consistency_wrong: ['broken', 'history', '一致性证明不成立：从 {from} 条到 {size} 条，历史被改过', 'the proof of consistency does not hold: between {from} and {size} records history was changed'],
  inclusion_wrong: ['broken', 'history', '证明不成立：第 {seq} 条记录不在那个检查点里', 'the proof does not hold: record {seq} is not under that checkpoint'],
  checkpoint_beyond: ['caution', 'more_files', '检查点（{size} 条）超出手里的记录，没有一致性证明，不能核对', 'the checkpoint ({size} records) lies beyond the records at hand, and there is no proof of consistency'],
  record_not_at_hand: ['caution', 'more_files', '第 {seq} 条记录不在手里的文件中，只核对了检查点', 'record {seq} is in none of these files; only the checkpoint was checked'],
  log_not_at_hand: ['caution', 'more_files', '没有这个日志的文件可以对照：{origin}', 'there is no file of that log to compare with: {origin}'],
  months_missing: ['caution', 'more_files', '第 {first} 至 {last} 条记录在手里的文件之间，没有核对', 'records {first} to {last} lie between these files and were not checked'],

  begun_earlier: ['caution', 'more_files', '{count} 件签批事项是在这些文件之前提出的：其间有没有付过、撤回过，要有以前的文件或审计包才能核对', '{count} proposals carried out here began before these files: whether one was paid or withdrawn in between, only the earlier files or an audit package can show'],

  // ── Keys ──
  checkpoint_none: ['caution', 'first_sight', '没有检查点：只能核对文件自身是否一致，不能证明它就是公布过的账', 'there is no checkpoint: the file is consistent in itself, which does not prove that it is what was published'],
  checkpoint_not_signed: ['broken', 'forged_key', '检查点没有这个日志的有效签名', 'the checkpoint has no valid signature of this log'],
  checkpoint_by_old_key: ['broken', 'forged_key', '检查点是用已经换掉的旧密钥签的', 'the checkpoint is signed with a key that was replaced'],
  key_not_in_log: ['broken', 'forged_key', '密钥不在日志里（第 {seq} 条）：{vkey}', 'the key is not in the log (record {seq}): {vkey}'],
  key_not_told: ['broken', 'hidden', '日志里换过密钥（第 {seq} 条），文件没有说：{vkey}', 'the log has a key that the file does not name (record {seq}): {vkey}'],
  key_misshapen: ['broken', 'forged_key', '密钥写得不对：{vkey}', 'not a key of this log: {vkey}'],
  keys_differ: ['broken', 'forged_key', '第 {seq} 条登记的密钥和 {other} 里的不一样', 'the key of record {seq} is not the one in {other}'],
  key_not_trusted: ['broken', 'forged_key', '日志的密钥不是您给出的那一把：{vkey}', 'the key of the log is not the one you gave: {vkey}'],
  key_on_first_sight: ['caution', 'first_sight', '密钥是从文件里读到的，没有别的来源可以对照：{vkey}', 'the key was read from the file itself, with nothing to compare it with: {vkey}'],
  log_key_changed: ['caution', 'know', '日志换过密钥（第 {seq} 条记录，有签批）：现在的公钥是 {vkey}，请和公告栏核对', 'the log has had another key since record {seq}, by a proposal that was signed; it is {vkey} now: compare it with the notice board'],
  log_key_twice: ['broken', 'around_program', '日志的第一把密钥登记了两次', 'the first key of the log was put on record twice'],
  log_key_differs: ['broken', 'unsigned', '换上的密钥不是签批单里的那一把', 'the new key of the log is not the one that was signed'],

  // ── Witnesses ──
  witness_none: ['caution', 'no_witness', '还没有人见证过这个检查点', 'nobody has witnessed this checkpoint yet'],
  witness_policy_open: ['caution', 'no_witness', '见证人还不全（要有业委会，以及街道或业主）', 'the witnesses are not complete yet (the committee, and the street office or an owner)'],
  witness_missing: ['caution', 'no_witness', '见证签名还缺：{missing}', 'cosignatures are still missing: {missing}'],
  witness_not_signed: ['broken', 'witness', '见证签名或检查点的签名不成立', 'a cosignature, or the signature under the witnessed checkpoint, does not hold'],
  witness_saw_other_log: ['broken', 'witness', '见证人见过的检查点（{size} 条）和这份日志对不上', 'the checkpoint that was witnessed ({size} records) is not of this log'],
  witness_not_enrolled: ['broken', 'witness', '见证规则里的见证人没有在日志里登记：{name}', 'a witness of the policy is not enrolled in the log: {name}'],
  witness_not_of_side: ['broken', 'around_program', '见证人 {witness} 登记时不在所代表的一方（{side}）任职', 'witness {witness} held no office of the side they were enrolled for ({side})'],
  witness_left_out: ['broken', 'witness', '见证规则漏了在册的见证人 {witness}，或只要求较少的各方签名', 'the policy leaves out witness {witness}, or asks fewer sides than committee AND (street OR resident)'],
  witness_behind: ['caution', 'no_witness', '见证人只签到第 {size} 条记录，这个月的记录还没有人见证', 'witnesses signed as far as record {size}: nobody has witnessed the records of this month yet'],
  witness_twice: ['broken', 'around_program', '见证人编号 {witness} 登记了两次', 'witness {witness} was enrolled twice'],
  policy_misshapen: ['broken', 'attachment', '见证规则读不懂', 'the policy of the witnesses cannot be read'],

  // ── Disclosures ──
  prepared_missing: ['broken', 'altered', '日志里没有这份公示（{period} 第 {version} 版）的准备记录', 'the log has no record of this disclosure being prepared ({period}, version {version})'],
  prepared_differs: ['broken', 'altered', '附件不是日志里登记的那一份：{what}', 'the attachment is not the one in the log: {what}'],
  file_not_the_published: ['broken', 'altered', '这不是当初公布的那个文件：校验值 {sha256}…，公布的是 {expected}…（第 {seq} 条记录）', 'this is not the file that was published: SHA-256 {sha256}…, published was {expected}… (record {seq})'],
  pages_sealed_later: ['caution', 'next_month', '页面上印的内容要由以后的文件作证', 'the printed pages are proven by a later file only'],
  versions_disagree: ['broken', 'history', '同一版公示，和 {other} 里的校验数据不一样', 'the same version of a disclosure has other proofs in {other}'],
} as const satisfies Record<string, Told>;
