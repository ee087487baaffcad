// What the shell needs to know of a request: language, estate, who is here, and the sections that are
// theirs. Pages spread it: page({ ...frameOf(request), title, body }).
import type { FastifyRequest } from 'fastify';
import { may, type Actor, type Capability, type Estate, type Office } from '../kernel/actor.ts';
import type { Locale } from '../kernel/locale.ts';
import { localeOf } from './locale.ts';
import type { Flash, NavItem, PageProps } from './shell.tsx';

const offices: Record<Office | 'resident', { zh: string; en: string }> = {
  cashier: { zh: '出纳', en: 'Cashier' },
  manager: { zh: '项目经理', en: 'Manager' },
  chair: { zh: '业委会主任', en: 'Committee chair' },
  member: { zh: '业委会委员', en: 'Committee member' },
  supervisor: { zh: '监事', en: 'Supervisor' },
  official: { zh: '街道', en: 'Street office' },
  auditor: { zh: '审计', en: 'Auditor' },
  deputy: { zh: '候补（代签人）', en: 'Deputy' },
  resident: { zh: '业主', en: 'Owner' },
};
export const officeName = (office: Office | 'resident', locale: Locale): string => offices[office][locale];

/** Sections of an estate, most used first: the phone's bar shows the first four. */
const sections: { path: string; zh: string; en: string; needs: Capability; for_officers?: boolean }[] = [
  { path: '', zh: '首页', en: 'Home', needs: 'read_books' },
  { path: '/home', zh: '我家', en: 'My home', needs: 'own_home' },
  { path: '/queue', zh: '签批', en: 'To sign', needs: 'read_officers' },
  { path: '/journal', zh: '明细', en: 'Journal', needs: 'read_books' },
  { path: '/disclosures', zh: '公示', en: 'Disclosures', needs: 'read_books' },
  { path: '/notices', zh: '消息', en: 'Notices', needs: 'read_books' },
  { path: '/orders', zh: '付款', en: 'Payments', needs: 'read_officers' },
  { path: '/inquiries', zh: '质询', en: 'Questions', needs: 'read_books' },
  { path: '/budgets', zh: '预算', en: 'Budget', needs: 'read_books' },
  { path: '/lists', zh: '三张清单', en: 'Three lists', needs: 'read_books' },
  { path: '/resolutions', zh: '表决', en: 'Votes', needs: 'read_books' },
  { path: '/accounts', zh: '科目余额', en: 'Balances', needs: 'read_books' },
  { path: '/bank', zh: '银行', en: 'Bank', needs: 'read_books' },
  { path: '/bills', zh: '账单', en: 'Bills', needs: 'read_books' },
  { path: '/counter', zh: '收费', en: 'Counter', needs: 'post_receipt' },
  { path: '/receipts', zh: '收据', en: 'Receipts', needs: 'read_households' },
  { path: '/fees', zh: '收费项目', en: 'Fees', needs: 'read_books' },
  { path: '/subsidies', zh: '缴费补贴', en: 'Fee subsidies', needs: 'read_books' },
  { path: '/projects', zh: '项目', en: 'Projects', needs: 'read_books' },
  { path: '/arrears', zh: '欠费', en: 'Arrears', needs: 'read_books' },
  { path: '/transit', zh: '在途收款', en: 'In transit', needs: 'read_officers' },
  { path: '/pay', zh: '交费', en: 'Pay', needs: 'own_home' },
  { path: '/deposits', zh: '押金', en: 'Deposits', needs: 'read_households' },
  { path: '/register', zh: '台账', en: 'Register', needs: 'read_households' },
  { path: '/periods', zh: '结账', en: 'Closing', needs: 'read_books' },
  { path: '/oversight', zh: '监督', en: 'Oversight', needs: 'read_books' },
  { path: '/people', zh: '各方', en: 'Bodies', needs: 'read_books' },
  { path: '/handover', zh: '交接', en: 'Handover', needs: 'read_books' },
  { path: '/export', zh: '导出', en: 'Export', needs: 'read_books' },
  { path: '/rules', zh: '签批规则', en: 'Signing rules', needs: 'read_books' },
  { path: '/log', zh: '操作日志', en: 'Log', needs: 'read_officers' },
  { path: '/relays', zh: '推送', en: 'Relays', needs: 'read_officers' },
  { path: '/invitations', zh: '邀请业主', en: 'Invite owners', needs: 'invite' },
];

function navOf(actor: Actor | null, estate: Estate | null, locale: Locale): NavItem[] {
  if (actor === null) return [];
  // Outside an estate there is one page for whoever watches some.
  if (estate === null) return actor.terms.some((term) => may(actor, term.estate_id, 'read_board')) ? [{ href: '/board', label: locale === 'zh' ? '监督看板' : 'Board' }] : [];
  return sections.filter((s) => may(actor, estate.estate_id, s.needs))
    .map((s) => ({ href: `/e/${estate.code}${s.path}`, label: s[locale] }));
}

const flashes: Record<string, { tone: Flash['tone']; zh: string; en: string }> = {
  posted: { tone: 'ok', zh: '已记账。', en: 'Posted.' },
  saved: { tone: 'ok', zh: '已保存。', en: 'Saved.' },
  submitted: { tone: 'ok', zh: '已提交签批。', en: 'Submitted for signing.' },
  signed: { tone: 'ok', zh: '已签名。', en: 'Signed.' },
  approved: { tone: 'ok', zh: '已签名，各方签齐。', en: 'Signed; all signatures are there.' },
  ratified: { tone: 'ok', zh: '已补签，各方签齐。', en: 'Ratified; all signatures are there.' },
  rejected: { tone: 'info', zh: '已拒绝，理由已记录。', en: 'Rejected; the reason is on record.' },
  returned: { tone: 'info', zh: '已退回修改。', en: 'Returned for correction.' },
  held: { tone: 'info', zh: '已暂缓。', en: 'Put on hold.' },
  released: { tone: 'ok', zh: '已恢复签批。', en: 'Released for signing.' },
  withdrawn: { tone: 'info', zh: '已撤回。', en: 'Withdrawn.' },
  pay_file_made: { tone: 'ok', zh: '付款文件已做好，请下载后到网银上传。', en: 'The pay file is made: download it and upload it at the bank.' },
  pay_file_voided: { tone: 'info', zh: '付款文件已作废，没付的单可以重做文件。', en: 'The pay file is void; what is unpaid may go into another.' },
  received: { tone: 'ok', zh: '已收款，收据编号如下，请交给交款人。', en: 'Payment taken; hand the receipt to the payer.' },
  paid: { tone: 'ok', zh: '已登记付款并记账。', en: 'Payment recorded and posted.' },
  deleted: { tone: 'info', zh: '草稿已删除。', en: 'Draft deleted.' },
  asked: { tone: 'ok', zh: '质询已提出，答复期限已开始计算。', en: 'Your question is on record; the answer clock is running.' },
  answered: { tone: 'ok', zh: '答复已公开。', en: 'The answer is published.' },
  extended: { tone: 'info', zh: '已延期，理由所有业主都能看到。', en: 'More time is taken; every owner reads the reason.' },
  rated: { tone: 'ok', zh: '评价已公开。', en: 'Your rating is published.' },
  text_hidden: { tone: 'info', zh: '文字已隐藏；问题和答复期限不受影响。', en: 'The words are hidden; the question and its clock stay.' },
  appealed: { tone: 'info', zh: '申诉已提出，等待裁定。', en: 'Your appeal is on record; a decision is awaited.' },
  decided: { tone: 'ok', zh: '裁定已记录。', en: 'The decision is on record.' },
  listed: { tone: 'ok', zh: '已列入清单。', en: 'Entered in the list.' },
  merged: { tone: 'ok', zh: '已合并，两项都还看得到。', en: 'Merged; both remain shown.' },
  commented: { tone: 'ok', zh: '评论已记在经过里。', en: 'Your comment stands among what happened.' },
  objected: { tone: 'ok', zh: '异议已提出，答复以前这张单不能办理。', en: 'Your objection is on record; the proposal waits until it is answered.' },
  objection_answered: { tone: 'ok', zh: '异议的答复已公开。', en: 'The answer to the objection is published.' },
  published: { tone: 'ok', zh: '收支公示已发布。', en: 'The disclosure is published.' },
  closed: { tone: 'ok', zh: '已结账。', en: 'The month is closed.' },
  joined: { tone: 'ok', zh: '欢迎！您现在可以查看小区的每一笔账。', en: 'Welcome! You can now read every entry of the books.' },
  changed: { tone: 'ok', zh: '已更改。', en: 'Changed.' },
  claimed: { tone: 'ok', zh: '补贴申领已登记。', en: 'Your claim is on record.' },
  matched: { tone: 'ok', zh: '已勾对。', en: 'Matched.' },
  unmatched: { tone: 'info', zh: '勾对已撤销，两边重新待勾对。', en: 'The link is undone; both sides are open again.' },
  suspended: { tone: 'info', zh: '已转入待核实。', en: 'Put to suspense.' },
  settled: { tone: 'ok', zh: '已核实。', en: 'Settled.' },
  correction_asked: { tone: 'ok', zh: '更正申请已提交，答复期限已开始计算。', en: 'Your request is on its way; the answer clock is running.' },
  correction_answered: { tone: 'ok', zh: '已答复，申请人会收到消息。', en: 'Answered; whoever asked is told.' },
  stopped: { tone: 'ok', zh: '不会再发邮件了。登录后仍可在“消息”里看到。', en: 'No more letters. What they would say is under Notices when you log in.' },
  reminded: { tone: 'ok', zh: '信已做好，请打印后装信封送到各户。', en: 'The letters are made: print them and hand them over in envelopes.' },
  voted: { tone: 'ok', zh: '选票已投出，谢谢您。', en: 'Your ballot is cast. Thank you.' },
  surveyed: { tone: 'ok', zh: '已提交，谢谢。', en: 'Thank you for your answer.' },
  erased: { tone: 'info', zh: '原文已删除，删除的事实已存证。', en: 'The text is erased; that it was is on record.' },
};

/** The message a redirect left behind: `?done=posted`; an unknown code says nothing. */
function flashOf(request: FastifyRequest, locale: Locale): Flash | undefined {
  const done = (request.query as Record<string, unknown> | undefined)?.['done'];
  const found = typeof done === 'string' && Object.hasOwn(flashes, done) ? flashes[done] : undefined;
  return found === undefined ? undefined : { tone: found.tone, text: found[locale] };
}

export interface Frame extends Omit<PageProps, 'title' | 'body'> { locale: Locale }

export function frameOf(request: FastifyRequest, options: { audience?: 'resident' | 'desk'; here?: string } = {}): Frame {
  const locale = localeOf(request);
  const { actor, estate } = request;
  const here = options.here ?? request.url;
  const held = actor === null || estate === null ? []
    : actor.terms.filter((t) => t.estate_id === estate.estate_id).map((t) => officeName(t.office, locale));
  const staff = held.length > 0;
  // Outside an estate nobody holds an office.
  const named = estate === null || staff ? held : [officeName('resident', locale)];
  return {
    locale,
    here,
    audience: options.audience ?? (staff ? 'desk' : 'resident'),
    estate: estate === null ? undefined : {
      code: estate.code,
      name_zh: estate.is_demo ? `${estate.name_zh}（演示）` : estate.name_zh,
      name_en: estate.is_demo ? `${estate.name_en} (demo)` : estate.name_en,
    },
    actor: actor === null ? undefined : { name: actor.name, offices: named },
    session: actor === null
      ? { sign_in_href: `/login?next=${encodeURIComponent(request.url)}` }
      : { sign_out_action: '/logout', csrf: actor.csrf ?? undefined },
    nav: navOf(actor, estate, locale),
    verify_href: estate === null ? '/verify' : `/e/${estate.code}/proof`,
    notices: actor === null || estate === null ? undefined : { href: `/e/${estate.code}/notices`, unread: request.unread_notices ?? 0 },
    flash: flashOf(request, locale),
  };
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Notices that whoever is here has not read; set by people/ for pages of an estate. */
    unread_notices?: number;
  }
}
