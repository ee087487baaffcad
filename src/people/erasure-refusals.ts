// What stands in the way of erasing personal data.
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  erasure_not_yours: {
    status: 403,
    zh: '只能删除自己写的原文。别人写的，由项目经理或业委会的任职人员在其中有个人信息时删除；请在质询里写明是哪一条。',
    en: 'You may erase only what you wrote yourself. What others wrote is erased by the manager or the committee where it holds personal data; ask them, naming the text.',
  },
  erasure_ground_missing: {
    status: 422,
    zh: '请选一个删除的理由，它会写进存证。',
    en: 'Please choose a ground; it goes on record.',
  },
  erased_already: {
    status: 409,
    zh: '这段原文已经删除，不用再删。',
    en: 'This text is erased already; there is nothing left to do.',
  },
  erasure_text_in_log: {
    status: 409,
    zh: '这段原文是在启用可删除的保存方式以前写下的，写在存证记录里，删不掉。可以在它后面补充说明。',
    en: 'This text was written before texts were kept apart from the log; it stands in a record and cannot be erased. You can add a word after it.',
  },
  erasure_in_office: {
    status: 409,
    zh: '您的任期到 {until}，任职期间不能删除：谁制单、谁签批、谁经手，账要查得到人（会计法、会计档案管理办法）。任期结束后可以再来。',
    en: 'Your term of office ends on {until}; until then nothing is erased, because the books must name who made, signed and paid (Accounting Law, Measures on Accounting Archives). Come back after it.',
  },
  person_erased: {
    status: 409,
    zh: '这个人的信息已经删除，不能任职。请让本人重新加入后再提名。',
    en: 'This person was erased and cannot hold an office. They can join again, and then be proposed.',
  },
  person_erased_already: {
    status: 409,
    zh: '您的信息已经删除。',
    en: 'You were erased already.',
  },
  payee_not_there: {
    status: 404,
    zh: '没有第 {payee} 号收款方。请在收款方列表里查号码。',
    en: 'There is no payee no. {payee}; look the number up in the list of payees.',
  },
  payee_is_company: {
    status: 409,
    zh: '第 {payee} 号收款方是单位，名称和账号不是个人信息，按会计档案保存。',
    en: 'Payee {payee} is a company: its name and account are no personal data and stay with the books.',
  },
  payee_in_use: {
    status: 409,
    zh: '第 {payee} 号收款方还有没办完的付款申请单，现在不能删除。请先撤回或付完。',
    en: 'Payee {payee} stands in a payment order that is not finished; withdraw or pay it first.',
  },
  payee_retained: {
    status: 409,
    zh: '付给第 {payee} 号收款方的账要保存到 {until}（会计档案管理办法：三十年），到期后才能删除姓名和账号。',
    en: 'What was paid to payee {payee} is kept until {until} (Measures on Accounting Archives: thirty years); name and account can be erased after that.',
  },
  payee_erased_already: {
    status: 409,
    zh: '第 {payee} 号收款方的姓名和账号已经删除。',
    en: 'Name and account of payee {payee} are erased already.',
  },
});
