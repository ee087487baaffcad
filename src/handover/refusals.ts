// What may be wrong with a change of companies.
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  handover_month_open: {
    status: 409,
    zh: '还没有结过账的月份，移交清单没有可以截止的日子。请先在“结账”里把 {period} 结账。',
    en: 'No month is closed yet, so a certificate has no day to end with. Close {period} first, under Closing.',
  },
  handover_company_missing: {
    status: 409,
    zh: '变更签批规则的规则不要求{body}签，或者不要求业主委员会签，移交清单要双方都签。请先变更签批规则。',
    en: 'The rule for changing rules does not ask the {body_en}, or not the owners\' committee; both sign a certificate. Change the signing rules first.',
  },
  handover_needs_signer: {
    status: 409,
    zh: '{body}要 {asked} 人签，除了您只剩 {present} 人。请由出纳或另一方来提出。',
    en: 'The {body_en} must give {asked} signatures, and without you there are {present}. Let the cashier or the other side propose it.',
  },
  handover_last_day_invalid: {
    status: 422,
    zh: '最后服务日“{typed}”不对：请写成 2026-12-31 这样，不早于截止月份的最后一天（{closed}）。',
    en: 'The last day of service "{typed}" is not right: write it as 2026-12-31, not before the end of the certificate\'s month ({closed}).',
  },
  handover_contracts_unreadable: {
    status: 422,
    zh: '合同清单第 {line} 行读不出来：“{typed}”。每行写“合同名称 | 对方单位 | 到期日”，例如“电梯维保合同 | 川梯工程公司 | 2027-06-30”，没有到期日可以不写第三项。',
    en: 'Line {line} of the contracts cannot be read: "{typed}". Write "contract | other party | last day" on each, for example "Lift maintenance | Chuan Lifts | 2027-06-30"; the last day may be left out.',
  },
  handover_contracts_many: {
    status: 422,
    zh: '合同清单有 {count} 行，最多 {limit} 行。其余的请做成文件，作为依据附上。',
    en: 'The contracts have {count} lines; {limit} at most. Put the others into a file and attach it.',
  },
  handover_waits: {
    status: 409,
    zh: '第 {proposal} 号移交清单正在签批，请先签完或撤回。',
    en: 'Certificate no. {proposal} is being signed; finish or withdraw it first.',
  },
  handover_not_approved: {
    status: 409,
    zh: '第 {proposal} 号签批单没有签齐，没有办理移交。',
    en: 'Proposal {proposal} has not all its signatures; nothing was handed over.',
  },
  handover_not_possible: {
    status: 409,
    zh: '签齐的时候移交方、业委会有一方没有签，或物业公司已经换了，移交清单不能生效。请重新提出。',
    en: 'By the time all had signed, one of the two sides was missing or the company was another; propose anew.',
  },
  handover_unknown: { status: 404, zh: '没有第 {handover} 号移交清单。', en: 'There is no certificate no. {handover}.' },
  takeover_not_ready: {
    status: 409,
    zh: '第 {handover} 号移交清单还在签批。双方签齐以后，新公司才能接收；移交方拒签的，等这张单被拒绝、撤回或过期，再凭业主决议接收。',
    en: 'Certificate no. {handover} is still being signed. The next company takes over once both have signed; where the outgoing one will not, once it is rejected, withdrawn or expired, on a resolution of the owners.',
  },
  takeover_done: {
    status: 409,
    zh: '第 {handover} 号移交清单已由 {incoming} 接收。',
    en: 'Certificate no. {handover} was taken over by {incoming}.',
  },
  takeover_of_older: {
    status: 409,
    zh: '第 {handover} 号移交清单之后又有第 {later} 号，请按最近的一份接收。',
    en: 'Certificate no. {later} came after no. {handover}; take over the latest.',
  },
  takeover_resolution_missing: {
    status: 422,
    zh: '移交方没有签这份清单，要有业主大会或业委会的决议才能接收，请写明决议并附上文件。',
    en: 'The outgoing company did not sign this certificate: a resolution of the owners is needed to go on without it. Name it and attach its file.',
  },
  takeover_outgoing_in_office: {
    status: 409,
    zh: '{body}里还有 {count} 位移交清单提出以前就任职的签批人。请先在“各方”里结束他们的任期，再由新公司的人任职、签收。',
    en: '{count} signers of the {body_en} were in office before the certificate was drawn up. End their terms under Bodies first; people of the next company then take office and sign.',
  },
  takeover_nobody_in_office: {
    status: 409,
    zh: '新公司还没有人在{body}任职，没有人能签收。请先在“各方”里提出任职。',
    en: 'Nobody of the next company serves in the {body_en} yet, so nobody can sign for it. Propose an appointment under Bodies first.',
  },
  takeover_day_invalid: {
    status: 422,
    zh: '接收日“{typed}”不对：请写成 2027-01-01 这样，晚于移交方最后服务日（{last}），不晚于今天（{today}）。',
    en: 'The first day "{typed}" is not right: write it as 2027-01-01, after the outgoing company\'s last day ({last}) and not after today ({today}).',
  },
  takeover_same_company: {
    status: 422,
    zh: '“{trustee}”就是移交方自己。请填新公司的名称。',
    en: '"{trustee}" is the company that hands over. Enter the name of the next one.',
  },
  takeover_not_approved: {
    status: 409,
    zh: '第 {proposal} 号签批单没有签齐，没有办理接收。',
    en: 'Proposal {proposal} has not all its signatures; nothing was taken over.',
  },
  takeover_not_possible: {
    status: 409,
    zh: '签齐的时候移交清单已被接收、被新的清单取代，或接收方、业委会有一方没有签。请重新提出。',
    en: 'By the time all had signed, the certificate was taken over or replaced, or a side was missing; propose anew.',
  },
  takeover_by_outgoing: {
    status: 409,
    zh: '代表接收方签批的人签过移交清单，或在移交清单提出以前就任职。接收要由新公司的人签，请重新提出。',
    en: 'Whoever signed for the incoming company had signed the certificate, or was in office before it was drawn up. People of the next company sign; propose anew.',
  },
});
