// What can go wrong with a proposal, and who can help.
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  proposal_unknown: {
    status: 404,
    zh: '没有第 {proposal} 号签批单，请回到签批列表查找。',
    en: 'There is no proposal no. {proposal}; please look in the list of proposals.',
  },
  proposal_not_public: {
    status: 403,
    zh: '这张签批单还在办理，签齐以后每位业主都能看到。',
    en: 'This proposal is still being dealt with; every owner can read it once it has all signatures.',
  },
  proposal_not_draft: {
    status: 409,
    zh: '这张单已是“{state}”，不能再改、再提交。要改的话，请签批人先“退回修改”。',
    en: 'This proposal is {state_en} and can no longer be changed or submitted. A signer may return it for correction.',
  },
  proposal_not_open: {
    status: 409,
    zh: '这张单现在是“{state}”，不在等待签批，没有登记您的操作。请刷新页面查看。',
    en: 'This proposal is {state_en}, not waiting for signatures; nothing was recorded. Please reload the page.',
  },
  proposal_not_held: {
    status: 409,
    zh: '这张单现在是“{state}”，没有被暂缓，不用恢复。',
    en: 'This proposal is {state_en}, not on hold; there is nothing to release.',
  },
  proposal_finished: {
    status: 409,
    zh: '这张单已是“{state}”，不能撤回。付出去的款要更正，请提红字冲销。',
    en: 'This proposal is {state_en} and cannot be withdrawn. A payment already booked is corrected by a reversal.',
  },
  proposal_expired: {
    status: 409,
    zh: '签批期限 {expires_on} 已过，不能再签。请制单人重新填一张。',
    en: 'The last day for signing was {expires_on}. The maker has to draw up a new proposal.',
  },
  document_changed: {
    status: 409,
    zh: '您打开之后这张单改过了，您的签名没有登记。请刷新页面，看清改动再签。',
    en: 'The proposal was changed after you opened it; your signature was not recorded. Reload, look at the changes, then sign.',
  },
  signer_is_maker: {
    status: 403,
    zh: '这张单是您制的，制单人不能签自己的单。请 {who} 的其他签批人来签。',
    en: 'You drew this proposal up, and makers never sign their own. Another signer of {who_en} has to.',
  },
  signer_is_payee: {
    status: 403,
    zh: '这笔款是付给您本人的，收款人不能签。请 {who} 的其他签批人来签。',
    en: 'You are the one who is paid and cannot sign. Another signer of {who_en} has to.',
  },
  signer_not_in_office: {
    status: 403,
    zh: '您今天没有在任的签批职务。请 {who} 来签；任期有误请找小区管理方更正。',
    en: 'You hold no office today that signs. {who_en} has to; if your term is wrong, have it corrected.',
  },
  signer_is_cashier: {
    status: 403,
    zh: '出纳管钱不签批（会计法第三十五条）。请 {who} 来签。',
    en: 'A cashier keeps the money and signs nothing (Accounting Act, §35). {who_en} has to sign.',
  },
  body_not_asked: {
    status: 403,
    zh: '这张单按规则要 {who} 签，不需要您这一方签。',
    en: 'By the rule this proposal needs {who_en}; your body is not asked.',
  },
  already_signed: {
    status: 409,
    zh: '您已经签过这一版，不用再签。还差 {who}。',
    en: 'You have signed this version already. Still missing: {who_en}.',
  },
  project_source_moved: {
    status: 409,
    zh: '项目资金的来源（科目 3102）不能用转账单改动：收到的钱用收款凭证记，退回来源用退款单，结项以后才能退。',
    en: 'The sources of a project (account 3102) are not changed by a transfer: money comes by receipts and goes back by refund orders, after the final report.',
  },
  project_no_mandate: {
    status: 409,
    zh: '项目资金不能用来授权银行扣费：只按合同节点付款。请改选别的资金。',
    en: 'No mandate takes money of a project: it is paid for milestones only. Choose another fund.',
  },
  reason_missing: {
    status: 422,
    zh: '请写明理由，制单人要看着改，理由会存证。',
    en: 'Please give the reason: the maker needs it, and it goes on record.',
  },
  subsidy_claims_missing: {
    status: 409,
    zh: '这张单发放缴费补贴（科目 5114），但它背后没有同样金额的补贴申领：没有关联到批次，或者申领已随另一张单发放。请退回；要发放，请从补贴批次页重新办理。',
    en: 'This pays out a subsidy (account 5114), but no claims of that sum stand behind it: it is tied to no batch, or they went with another order. Return it, and begin at the page of the batch.',
  },
  fund_insufficient: {
    status: 422,
    zh: '签齐时余额不够：“{fund}”可用 {available} 元，这张单要 {amount} 元，差 {missing} 元。签名没有登记；请等款到账，或退回改小金额。',
    en: 'Not enough money at the last signature: {fund_en} has {available} available, the order asks {amount}, {missing} short. Not recorded; wait for money or return the order.',
  },
  signing_password_wrong: {
    status: 403,
    zh: '签批密码不对，没有登记签名。签批密码和登录密码不同；连错 5 次要等 15 分钟。',
    en: 'The signing password is wrong; nothing was signed. It differs from your login password; after 5 wrong tries you wait 15 minutes.',
  },
  passkey_one_at_a_time: {
    status: 422,
    zh: '通行密钥一次签一张单，这样每张单都各有证据。请逐张签，或改用签批密码一起签。',
    en: 'A passkey signs one proposal at a time, so that each has its own evidence. Sign them one by one, or several by signing password.',
  },
  nothing_chosen: {
    status: 422,
    zh: '请先勾选要签的单。',
    en: 'Please tick the proposals to sign first.',
  },
  submit_not_maker: {
    status: 403,
    zh: '这张草稿不是您制的。只有制单人能改、能提交，这样谁制单、谁签批才分得清。',
    en: 'This draft is not yours. Only its maker changes or submits it, so that making and signing stay apart.',
  },
  return_not_yours: {
    status: 403,
    zh: '只有制单人和要签这张单的各方能做这一步：{who}。',
    en: 'Only the maker and the bodies asked to sign may do this: {who_en}.',
  },
  concerned_steps_aside: {
    status: 403,
    zh: '这张单付给您，或者就是关于您的：您不签，也不退回、搁置、作废它，不答复对它的异议；由{who}里的其他人来办。您可以写评论。',
    en: 'It is paid to you, or it is about you: you neither sign it nor return, hold or cancel it, nor answer objections to it; the others of {who_en} do. You may write a comment.',
  },
  withdraw_not_yours: {
    status: 403,
    zh: '这张单是“{state}”，只有制单人能撤回。您不同意，请“退回修改”或“拒绝”，写明理由。',
    en: 'This proposal is {state_en}, and only its maker withdraws it. If you disagree, return it or reject it, with the reason.',
  },
  waits_for_notice: {
    status: 409,
    zh: '已签齐，公示期满（{day}）后自动办理。',
    en: 'All signatures are there; it is carried out by itself when the notice has run, on {day_en}.',
  },
  waits_for_answer: {
    status: 409,
    zh: '已签齐，还有 {count} 条书面异议没有答复，答复后自动办理。',
    en: 'All signatures are there; {count} written objection(s) wait for an answer, then it is carried out by itself.',
  },
  submit_elsewhere: {
    status: 409,
    zh: '这类签批单不在这里提交，请回到它原来的页面重新提出。',
    en: 'This kind of proposal is not submitted here; please propose it again where it began.',
  },
  rule_missing: {
    status: 422,
    zh: '没有适用的签批规则（{kind}，金额 {amount}）。请先由各方订立规则。',
    en: 'No signing rule fits ({kind_en}, amount {amount}). The bodies have to agree on one first.',
  },
  resolution_link_unknown: {
    status: 422,
    zh: '没有第 {resolution} 号业主表决。请从“表决”页核对编号。',
    en: 'There is no vote of the owners no. {resolution}. Please check the number on the page Votes.',
  },
  resolution_link_not_counted: {
    status: 422,
    zh: '第 {resolution} 号表决“{title}”还没有计票，计票通过后才能作为依据。',
    en: 'Vote {resolution} "{title}" is not counted yet; it can be relied on once it has passed.',
  },
  resolution_link_not_passed: {
    status: 422,
    zh: '第 {resolution} 号表决“{title}”没有通过，不能作为依据。',
    en: 'Vote {resolution} "{title}" did not pass and cannot be relied on.',
  },
  resolution_link_waits: {
    status: 422,
    zh: '第 {resolution} 号表决“{title}”已通过，正等签认。签认以后，或从 {day} 起（标明未签认），可以作为依据。',
    en: 'Vote {resolution} "{title}" has passed and waits for its certificate. It can be relied on once certified, or from {day} on, marked as uncertified.',
  },
  resolution_missing: {
    status: 422,
    zh: '按签批规则，这件事要先有业主大会的决议：请填决议名称和日期，并附上决议文件。',
    en: 'By the rule this needs a resolution of the owners: give its title and date and attach the file.',
  },
  resolution_incomplete: {
    status: 422,
    zh: '任免要有依据：请填文件名称和日期，并附上文件（业主大会决议；物业、街道等单位附任免文件）。',
    en: 'It rests on a document: give its title and date and attach the file (the resolution of the owners; of a company or office its letter of appointment).',
  },
  resolution_date_invalid: {
    status: 422,
    zh: '文件日期“{typed}”不对：请写成 2026-11-01 这样的日期，不能晚于今天（{today}）。',
    en: 'The date "{typed}" of the document is not right: write 2026-11-01, and not later than today ({today}).',
  },
  emergency_not_ratified: {
    status: 409,
    zh: '上一张应急付款单过了补签期限还没有补签，补签之前不能再提应急单。请先催签，或按普通程序提交。',
    en: 'An earlier emergency order is overdue for ratification; until it is ratified no other can be made. Have it ratified, or submit normally.',
  },
  emergency_not_for_officers: {
    status: 422,
    zh: '收款人是本小区在任人员，不能走应急付款。请按普通程序提交。',
    en: 'The payee holds an office here, so this cannot be an emergency order. Submit it as a normal one.',
  },
  emergency_cap_exceeded: {
    status: 422,
    zh: '加上这张，本月应急付款会超过规则定的上限，没有登记签名。请按普通程序提交。',
    en: 'With this one the emergency orders of the month would exceed their cap; not recorded. Submit it as a normal order.',
  },
  vacancy_not_there: {
    status: 422,
    zh: '这一方现在还有足够的人能签批，任免要按普通规则签批。',
    en: 'The body still has signers enough; the appointment takes the normal rule.',
  },
  delegation_missing: {
    status: 403,
    zh: '您是候补，现在没有生效的委托让您代签这张单。要代签，请先提“委托代签”签批单。',
    en: 'You are a deputy, and no delegation in force lets you sign this one. A delegation is itself a proposal.',
  },
  out_of_turn: {
    status: 409,
    zh: '按规则要依次签批，还没轮到您这一方。先等：{who}。',
    en: 'The rule asks the bodies one after the other, and it is not yet your turn. First: {who_en}.',
  },
  method_too_weak: {
    status: 403,
    zh: '按规则这张单只能用通行密钥签，签批密码不算。请到“我的账号”登记通行密钥。',
    en: 'By the rule this one is signed with a passkey only; the signing password does not count. Enrol one on your account page.',
  },
  passkey_unknown: {
    status: 403,
    zh: '这把通行密钥没有在本小区登记，或者已经注销，没有登记签名。请到“我的账号”查看。',
    en: 'This passkey is not enrolled in this estate, or was revoked; nothing was signed. See your account page.',
  },
  challenge_invalid: {
    status: 403,
    zh: '这次通行密钥签的不是这张单、这个决定，或者已经过时，没有登记签名。请刷新页面再签一次。',
    en: 'What the passkey signed is not this document and decision, or it is out of date; nothing was recorded. Reload and sign again.',
  },
  signer_is_concerned: {
    status: 403,
    zh: '这张单说的就是您本人，本人不能签。请 {who} 的其他签批人来签。',
    en: 'This proposal is about yourself, and you cannot sign it. Another signer of {who_en} has to.',
  },
  comment_too_early: {
    status: 409,
    zh: '这还是草稿，提交签批以后才能评论。',
    en: 'This is a draft; comments begin once it is submitted.',
  },
  text_too_short: {
    status: 422,
    zh: '只有 {length} 个字，请写清楚（至少 2 个字）。',
    en: 'That is {length} character; please write at least 2.',
  },
  objection_too_late: {
    status: 409,
    zh: '这张单现在是“{state}”，不能再提书面异议。已经付出的款有疑问，请提质询。',
    en: 'This proposal is {state_en}; it is too late for a written objection. About money already paid, please ask a question.',
  },
  objection_not_announced: {
    status: 403,
    zh: '业主可以在公示期内提书面异议；这张单现在不在公示期。有疑问请提质询。',
    en: 'Owners object in writing while a proposal is announced, and this one is not now. You may ask a question at any time.',
  },
  objection_waits: {
    status: 409,
    zh: '您对这张单的上一条异议还没有答复，这张单已经停下等答复，不用再提。',
    en: 'Your objection to this proposal is not answered yet, and the proposal already waits for it; there is no need for another.',
  },
  too_many_objections: {
    status: 429,
    zh: '您对这张单已提过 {raised} 条异议，每人最多 {limit} 条。还有疑问请提质询。',
    en: 'You have raised {raised} objections to this proposal; {limit} each is the most. You may still ask a question.',
  },
  objection_unknown: {
    status: 404,
    zh: '没有第 {objection} 号异议，请回到签批单查看。',
    en: 'There is no objection no. {objection}; please look at the proposal.',
  },
  objection_answered_already: {
    status: 409,
    zh: '这条异议已经答复过了，请刷新页面查看。',
    en: 'This objection is answered already; please reload the page.',
  },
  objection_own_answer: {
    status: 403,
    zh: '异议是您提的，不能由您自己答复。请 {who} 来答复。',
    en: 'The objection is yours, and nobody answers their own. {who_en} has to.',
  },
  objection_answer_not_yours: {
    status: 403,
    zh: '书面异议由制单人或要签这张单的各方答复：{who}。',
    en: 'Objections are answered by the maker or a signer of the bodies asked: {who_en}.',
  },
  rules_exist: {
    status: 409,
    zh: '签批规则已经订立，不能直接改；改规则要按旧规则签批。',
    en: 'The signing rules exist already; changing them is itself a proposal under the old rule.',
  },
});
