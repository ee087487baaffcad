// What may be in the way of another key for the log, and the way out.
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  log_key_folder_missing: {
    status: 409,
    zh: '这台服务器没有存证密钥文件夹，造不出新密钥。请管理员检查数据目录里的 keys 文件夹，重新启动后再提出。',
    en: 'This service has no key folder and cannot make a key. The operator should look for the folder keys of the data, start the service again, and propose then.',
  },
  log_key_none: {
    status: 409,
    zh: '本小区还没有存证密钥，不用更换：下一次签检查点时会自动生成第一把。',
    en: 'This log has no key yet, so there is nothing to change: the first is made with the next checkpoint.',
  },
  log_key_proposed: {
    status: 409,
    zh: '第 {proposal} 号签批单已经在办更换存证密钥，办完或撤回以前不能再提。',
    en: 'Proposal {proposal} is changing the log\'s key already; finish or withdraw it first.',
  },
  log_key_needs_signer: {
    status: 422,
    zh: '更换存证密钥要{body} {asked} 人签，您是其中一员，提出人自己不能签，剩下 {present} 人就签不齐了。请出纳，或别的不用签的人来提出。',
    en: 'A change of the log\'s key asks {asked} of {body_en}. You are one of them, whoever proposes does not sign, and the {present} left are too few. Let the cashier, or another who need not sign, propose it.',
  },
  log_key_not_held: {
    status: 409,
    zh: '服务器上没有公钥 {vkey} 的私钥，换上它以后就签不出检查点，没有更换。请从备份恢复 keys 文件夹；恢复不了，就撤回这张单，重新提出，由系统生成新密钥。',
    en: 'The service does not hold the secret part of {vkey}: with it nothing could be signed, so nothing was changed. Restore the folder keys from the backup; if that is not possible, withdraw the proposal and propose anew, so that a new key is made.',
  },
  log_key_not_approved: {
    status: 409,
    zh: '第 {proposal} 号签批单没有签齐，存证密钥没有更换。',
    en: 'Proposal {proposal} has not all its signatures; the log\'s key was not changed.',
  },
  log_key_changed_meanwhile: {
    status: 409,
    zh: '签齐之前，存证密钥已被别的签批单换过了。',
    en: 'Another proposal changed the log\'s key before this one had its signatures.',
  },
});
