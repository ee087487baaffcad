// What may go wrong with resolutions, ballots and surveys, in words.
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  resolution_unknown: {
    status: 404,
    zh: '没有第 {resolution} 号表决，或它已撤销。请从“表决”页重新打开。',
    en: 'There is no resolution {resolution}, or it was called off. Please open it from the page Votes again.',
  },
  resolution_matter_unknown: {
    status: 422,
    zh: '“{typed}”不是可以选的表决事项，可选：{choices}。',
    en: '"{typed}" is no matter to resolve on; choose one of: {choices}.',
  },
  resolution_title_short: {
    status: 422,
    zh: '“{title}”太短，名称至少 2 个字，让人看得出表决什么。',
    en: '"{title}" is too short: at least 2 characters that tell what is voted on.',
  },
  resolution_days_invalid: {
    status: 422,
    zh: '投票日期（{starts_on} 至 {ends_on}）不行：要从今天（{today}）或以后开始，至少投 3 天，最多 60 天。请改日期。',
    en: 'The days of voting ({starts_on} to {ends_on}) will not do: they begin today ({today}) or later and last 3 to 60 days. Please change them.',
  },
  resolution_paper_days_invalid: {
    status: 422,
    zh: '投票截止后录入纸质票的天数写 0 到 15，现在是“{typed}”。',
    en: 'Days for entering paper ballots after the end are 0 to 15, not "{typed}".',
  },
  resolution_files_too_many: {
    status: 422,
    zh: '附件最多 10 个，现在有 {count} 个，请删去一些。',
    en: 'At most 10 files; there are {count}. Please leave some out.',
  },
  resolution_file_unknown: {
    status: 422,
    zh: '附件里有一个文件不在原始凭证里。请重新上传。',
    en: 'One of the files was never handed in. Please upload it again.',
  },
  resolution_announced_already: {
    status: 409,
    zh: '第 {resolution} 号表决已经公告，内容不能再改。写错了的，在有人投票以前撤销，再重新发起。',
    en: 'Resolution {resolution} is announced and cannot be changed. If it is wrong, call it off before anybody has voted and begin anew.',
  },
  resolution_roll_empty: {
    status: 422,
    zh: '台账里还没有房屋，名册是空的。请先在“台账”里登记房屋和业主。',
    en: 'The register has no dwellings, so there is no roll. Enter dwellings and owners in the register first.',
  },
  resolution_law_unknown: {
    status: 422,
    zh: '今天（{today}）适用哪部法律的表决规则，程序里没有（最早从 2007-10-01 起）。请核对服务器日期。',
    en: 'No majority rule is known for today ({today}); the earliest begins 2007-10-01. Please check the server\'s date.',
  },
  resolution_not_yours: {
    status: 403,
    zh: '只有在任的业委会成员和街道、社区人员可以办理这件事。',
    en: 'Only committee members and officials of street office or community who are in office may do this.',
  },
  resolution_over_already: {
    status: 409,
    zh: '第 {resolution} 号表决已经计票或撤销，不能再撤销。',
    en: 'Resolution {resolution} is counted or called off already.',
  },
  resolution_voting_begun: {
    status: 409,
    zh: '第 {resolution} 号表决已经有人投票（或纸质票已开始录入），不能撤销：谁都不能因为结果不合意就中止。请等 {counted_from} 计票，再另行表决。',
    en: 'Somebody has voted on resolution {resolution}, so it cannot be called off: nobody ends a vote because it goes badly. Wait for the count on {counted_from} and hold another one.',
  },
  resolution_not_passed: {
    status: 422,
    zh: '第 {resolution} 号表决“{title}”没有通过或还没有计票，不能作为依据。通过的决议才能选。',
    en: 'Resolution {resolution} "{title}" has not passed or is not counted yet; only one that passed can be relied on.',
  },
  resolution_certified_already: {
    status: 409,
    zh: '第 {resolution} 号决议已经签认，或签认单（第 {proposal} 号）正在签批。',
    en: 'Resolution {resolution} is certified, or its certificate (proposal {proposal}) is being signed.',
  },
  resolution_needs_signer: {
    status: 422,
    zh: '签认要{body} {asked} 人签，除您以外只剩 {present} 人可以签。请换一位不签批的人提出。',
    en: 'The certificate needs {asked} signer(s) of {body_en}; without you {present} are left. Let somebody propose it who does not sign.',
  },
  resolution_not_approved: {
    status: 409,
    zh: '第 {proposal} 号签认单还没有签齐。',
    en: 'The certificate, proposal {proposal}, does not have its signatures yet.',
  },
  resolution_not_certifiable: {
    status: 409,
    zh: '这项决议不能签认：它没有通过、已签认，或签认单写的不是这次计票。',
    en: 'This resolution cannot be certified: it has not passed, is certified already, or the certificate is about another count.',
  },
  ballot_altered: {
    status: 409,
    zh: '第 {resolution} 号表决的选票和存证记录对不上，有人改过数据库，不能计票。请保存好数据，通知监事会和街道，并请审计查看。',
    en: 'The ballots of resolution {resolution} are not those of the log: somebody changed the database, and nothing is counted. Keep the data, tell the supervisors and the street office, and have an auditor look.',
  },
  ballot_not_voting: {
    status: 409,
    zh: '现在不能投：第 {resolution} 号表决的投票日是 {starts_on} 至 {ends_on}。',
    en: 'There is no voting now: the days of resolution {resolution} are {starts_on} to {ends_on}.',
  },
  ballot_choice_unknown: {
    status: 422,
    zh: '请选一项：同意、反对或弃权。',
    en: 'Please choose one: for, against or abstain.',
  },
  ballot_not_yours: {
    status: 403,
    zh: '您只能为自己的房屋投票。',
    en: 'You vote for your own dwelling only.',
  },
  ballot_not_on_roll: {
    status: 403,
    zh: '您的房屋在公告那天（{opened_on}）的名册上不是您名下，这次由那天的业主投；您从下一次起投。名册有误的，请向业委会提出。',
    en: 'On the day of the announcement ({opened_on}) the dwelling was not yours by the register; whoever owned it then votes now, you from the next vote on. If that is wrong, tell the committee.',
  },
  ballot_not_owner: {
    status: 403,
    zh: '投票的是业主，按台账您是租户，或这套房出租着而没有登记您是业主。业主本人可以带证件到服务中心，把登录和业主档案关联起来，或投纸质票。',
    en: 'Owners vote. By the register you are a tenant, or the dwelling is let and nobody has noted that you own it. The owner may have the login linked at the office, or vote on paper.',
  },
  ballot_joined_late: {
    status: 403,
    zh: '您的登录是在这次表决公告（{opened_on}）以后才加入这套房的，不能网上投：这样谁都不能在公告以后替空房开登录来投票。您是业主的，请把纸质票连同证件交到服务中心，由两方各自录入；下一次起可以网上投。',
    en: 'Your login joined this dwelling after the vote was announced ({opened_on}), so it cannot vote online: otherwise somebody could make logins for empty dwellings and vote with them. If you are the owner, bring the paper ballot and your identity card to the office, where two bodies enter it; from the next vote on you can vote online.',
  },
  ballot_cast_already: {
    status: 409,
    zh: '这户已经投过票了，选票投出后不能更改。没有投过的，请马上向业委会和监事会提出。',
    en: 'This dwelling\'s owners have voted; a ballot is never changed. If you did not, tell the committee and the supervisors at once.',
  },
  paper_unknown: {
    status: 404,
    zh: '没有第 {paper} 号纸质票。请从“录入纸质票”页重新打开。',
    en: 'There is no paper ballot {paper}. Please open it from the page of paper ballots again.',
  },
  paper_settled: {
    status: 409,
    zh: '第 {paper} 号纸质票已经录完了，不用再录。',
    en: 'Paper ballot {paper} is settled; nothing more is to be entered.',
  },
  paper_read_already: {
    status: 409,
    zh: '第 {paper} 号纸质票您已经录过一次，要由另一方的另一个人再录。',
    en: 'You have entered paper ballot {paper}; another person of another body must enter it too.',
  },
  paper_own_ballot: {
    status: 403,
    zh: '这是您自己家的选票，要由别人录入。',
    en: 'This is your own dwelling\'s ballot: others must enter it.',
  },
  paper_waits: {
    status: 409,
    zh: '这户的纸质票已经录过一次，正等另一方的人再录。请在下面的“等再录一次”里找。',
    en: 'This dwelling\'s paper ballot is entered and waits for a second person; you find it in the list of those that wait.',
  },
  paper_scan_missing: {
    status: 422,
    zh: '请附上这张选票的扫描件或照片（只给任职人员看）。先前交过、给业主看的文件不能用。',
    en: 'Please attach a scan or photo of this ballot, for officers only. A file handed in before for all owners will not do.',
  },
  paper_scan_used: {
    status: 409,
    zh: '这个扫描件已用在另一户的选票上。一张选票一个扫描件，请重新扫描。',
    en: 'This scan is used for another ballot already. Each ballot has its own scan; please scan again.',
  },
  paper_unit_unknown: {
    status: 422,
    zh: '“{unit}”不在这次表决的名册上。请核对房号。',
    en: '"{unit}" is not on the roll of this vote. Please check the number.',
  },
  survey_unknown: {
    status: 404,
    zh: '没有第 {survey} 号调查。请从“意见和满意度”页重新打开。',
    en: 'There is no survey {survey}. Please open it from the page of opinions and surveys again.',
  },
  survey_kind_unknown: {
    status: 422,
    zh: '请选一种：征集意见（opinion）或满意度调查（satisfaction）。',
    en: 'Please choose a kind: opinion or satisfaction.',
  },
  survey_days_invalid: {
    status: 422,
    zh: '日期（{starts_on} 至 {ends_on}）不行：要从今天（{today}）或以后开始，至少 2 天，最多 91 天。请改日期。',
    en: 'The days ({starts_on} to {ends_on}) will not do: they begin today ({today}) or later and last 2 to 91 days. Please change them.',
  },
  survey_questions_invalid: {
    status: 422,
    zh: '满意度调查要有 1 到 10 个问题，现在有 {count} 个。',
    en: 'A survey has 1 to 10 questions; there are {count}.',
  },
  survey_not_open: {
    status: 409,
    zh: '这项调查现在不能填：日期是 {starts_on} 至 {ends_on}。',
    en: 'This survey is not open: its days are {starts_on} to {ends_on}.',
  },
  survey_not_yours: {
    status: 403,
    zh: '您只能为自己的房屋填。',
    en: 'You answer for your own dwelling only.',
  },
  survey_answer_unreadable: {
    status: 422,
    zh: '请至少回答一个问题；满意度从 1（很不满意）到 5（很满意），意见选同意、反对或说不好。',
    en: 'Please answer one question at least: 1 (very discontent) to 5 (very content), or for, against, unsure.',
  },
  survey_answered_already: {
    status: 409,
    zh: '这户已经填过了，每户填一次。',
    en: 'This dwelling has answered; each does so once.',
  },
  survey_words_unknown: {
    status: 404,
    zh: '没有这条留言，或它已被删除。',
    en: 'There is no such text, or it was erased.',
  },
  survey_act_unknown: {
    status: 422,
    zh: '“{typed}”不是可以做的处理，可选：show（公开）、hide（隐藏）、erase（删除）。',
    en: '"{typed}" is nothing that can be done; choose show, hide or erase.',
  },
});
