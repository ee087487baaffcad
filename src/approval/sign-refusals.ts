// What can go wrong on the pages on which one signs and reads signatures.
import { catalogue } from '../kernel/refusal.ts';

export const signRefusals = catalogue({
  passkey_needs_script: {
    status: 422,
    zh: '用通行密钥签，浏览器要开着脚本（JavaScript）。没有登记签名。请打开脚本或换一个浏览器再试，也可以用签批密码签。',
    en: 'Signing with a passkey needs scripts (JavaScript) in the browser; nothing was signed. Turn them on, use another browser, or your signing password.',
  },
  body_signed_already: {
    status: 409,
    zh: '您这一方要签的人数已经够了，不用您再签。还差：{who}。',
    en: 'Your body has given all the signatures the rule asks of it. Still missing: {who_en}.',
  },
  evidence_none: {
    status: 404,
    zh: '第 {proposal} 号单还没有提交签批，没有签名证据可以下载。',
    en: 'Proposal no. {proposal} was never submitted, so there is no evidence of signatures to download.',
  },
  entry_not_signed: {
    status: 404,
    zh: '这张凭证不是凭签批单记的（收款只进不出，不用两方签），所以没有签名。',
    en: 'This entry rests on no proposal (money coming in needs no two keys), so there are no signatures.',
  },
});
