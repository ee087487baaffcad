// Texts of the page of the log's keys, and of what is checked for whoever signs a change, Chinese and English.
import type { Bilingual } from '../kernel/locale.ts';

export const texts = {
  title: { zh: '存证密钥', en: "The log's key" },
  lede: {
    zh: '检查点用这把钥匙签名。任何人拿着公钥，不用相信本系统，就能验证账本没有被改过。',
    en: 'Checkpoints are signed with this key. With its public part anybody can verify, without trusting this service, that the books were not altered.',
  },
  to_log: { zh: '操作日志', en: 'Operation log' },
  to_proof: { zh: '检查点和见证', en: 'Checkpoints and witnesses' },
  present: { zh: '现在的公钥', en: 'Public key now' },
  present_hint: {
    zh: '请和公告栏、业主大会决议上的公钥核对，一个字都不能差。',
    en: 'Compare it with the one on the notice board and in the resolution: not one character may differ.',
  },
  none: { zh: '还没有密钥：第一次签检查点时自动生成。', en: 'There is none yet: it is made with the first checkpoint.' },
  not_held: {
    zh: '服务器上找不到这把公钥的私钥，现在签不出新的检查点。请先从备份恢复 keys 文件夹；恢复不了，就在下面提出更换。',
    en: 'The service does not find the secret part of this key, so no checkpoint can be signed. Restore the folder keys from the backup first; if that is not possible, propose a change below.',
  },
  keys: { zh: '用过的公钥', en: 'Keys so far' },
  vkey: { zh: '公钥', en: 'Public key' },
  since: { zh: '从哪条记录起', en: 'Since record' },
  until: { zh: '到哪条记录', en: 'Until record' },
  in_use: { zh: '使用中', en: 'in use' },
  change: { zh: '更换密钥', en: 'Change the key' },
  when: { zh: '什么时候要换', en: 'When to change it' },
  when_lost: {
    zh: '私钥文件丢了、坏了：换一把就能接着签检查点。以前的检查点、公示不受影响。',
    en: 'The key file is lost or damaged: with another key checkpoints go on. Earlier checkpoints and disclosures are not affected.',
  },
  when_stolen: {
    zh: '私钥可能被人拿走：马上换。拿走的人也改不了旧账，因为公示里的检查点和见证人手里的记录对不上。',
    en: 'Somebody may have taken it: change it at once. Nobody can alter old books with it: the checkpoints in the disclosures and those of the witnesses would not fit.',
  },
  when_moved: { zh: '服务器换了人管：换一把只有新的管理员有的。', en: 'Another operator runs the server: change to a key only the new one has.' },
  how: {
    zh: '提交后系统生成新密钥，私钥不离开服务器；各方按“签批规则”一项的规则签，签齐当场换上。新公钥进存证记录，验证程序会报告“换过密钥”，属于正常。换好后请把新公钥贴到公告栏。',
    en: 'On submission the service makes a new key; its secret part never leaves the server. It is signed by whomever the rule for changing rules asks, and takes effect at once. The new key is a record of the log, and verifiers will report the change, as they should. Afterwards put the new public key on the notice board.',
  },
  rule: { zh: '谁来签', en: 'Who signs' },
  reason: { zh: '为什么换', en: 'Why' },
  reason_hint: { zh: '例如：原服务器硬盘损坏，私钥文件没有备份。永远公开，不要写姓名、电话', en: 'For example: the disk failed and the key file had no backup. Public for ever; no names or numbers' },
  submit: { zh: '生成新密钥并提交签批', en: 'Make a new key and submit it for signing' },
  under_way: { zh: '第 {proposal} 号签批单正在办更换密钥。', en: 'Proposal no. {proposal} is changing the key.' },
  see: { zh: '去看看', en: 'Look' },
  record: { zh: '第 {seq} 号', en: 'no. {seq}' },
  // Checks
  held: { zh: '新密钥的私钥在服务器上，换上就能签检查点。', en: 'The service holds the secret part of the new key and can sign with it.' },
  unheld: { zh: '服务器上没有新密钥的私钥：签齐了也不会换。请制单人撤回，重新提出。', en: 'The service does not hold the new key: it will not be changed even when signed. The maker should withdraw it and propose anew.' },
  old_is_present: { zh: '要换掉的正是现在用的密钥。', en: 'The key that ends is the one in use.' },
  old_is_not: { zh: '要换掉的已经不是现在用的密钥：签齐了也办不成。', en: 'The key that ends is no longer the one in use: it cannot be carried out.' },
  last: { zh: '旧密钥签到第 {size} 条记录；它签过的照样能验证。', en: 'The old key has signed up to record {size}; what it signed is verified as before.' },
  never: { zh: '旧密钥还没有签过检查点。', en: 'The old key has not signed a checkpoint yet.' },
} as const satisfies Record<string, Bilingual>;
