// The words of the notice-board sheet. They stand beside its layout, because the sheet is one page: what is longer
// here leaves less room there.
import type { Locale } from '../../src/kernel/locale.ts';

const zh = {
  title: '收支公示',
  file_title: '{estate} {period} 收支公示（公告栏张贴页）',
  issue: '第 {version} 版　{published} 发布',
  unit: '单位：人民币元',
  opening: '月初余额',
  received: '本月收到',
  paid: '本月付出',
  closing: '月末余额',
  please_note: '请注意',
  nothing_to_note: '本期没有要特别提请注意的事项。',
  more_notices: '……共 {n} 项，全文见收支公示第一页。',
  checkpoint: '账本检查点',
  size: '存证记录共 {size} 条，根为：',
  qr: '二维码，内容是检查点：{address}',
  key: '存证公钥',
  key_qr: '二维码，内容是存证公钥：{vkey}',
  key_text: '核对程序会问这一行，请照抄或扫右边的码。它应当和业主大会决议上写的一字不差：',
  unsealed: '本期没有检查点',
  unsealed_text:
    '发布时服务器不能为账本签出检查点，本期的公示文件不能离线核对。请业委会追问原因，恢复以后发布更正版。',
  how: '怎样核对',
  scan:
    '用微信或手机相机扫上面的大码，网页会显示条数和根，应当和这张纸上的一样。下个月把这张纸和新的一张都扫一遍，网页会说新账本是不是只在旧账本后面加了内容。',
  file: '想核对每一笔的，请会用电脑的邻居下载 PDF，放进核对页面或核对程序（断网也能用），它会逐条验算并说出哪里不对。',
  read: '每一笔的明细都在收支公示的 PDF 里，可以下载看，也可以请邻居一起加一遍；以后补发的更正版才能离线核对。',
  sha: '公示 PDF（中文）的 SHA-256：{sha}',
  verifier_sha: '离线核对程序 verify.html 的 SHA-256：{sha}',
  by: '受托人：{trustee}　监督：{committee}',
  footer: '{estate}　{period}　公告栏张贴页，请贴满一个月并保留旧页',
};

export type SheetText = keyof typeof zh;

const en: Record<SheetText, string> = {
  title: 'Income and expense',
  file_title: '{estate}: income and expense, {period} (sheet for the notice board)',
  issue: 'Version {version}, published {published} (Beijing time)',
  unit: 'in yuan (CNY)',
  opening: 'Opening balance',
  received: 'Received this month',
  paid: 'Paid this month',
  closing: 'Closing balance',
  please_note: 'Please note',
  nothing_to_note: 'Nothing needs special notice.',
  more_notices: '… {n} in all; in full on page one of the disclosure.',
  checkpoint: 'Checkpoint of the log',
  size: 'The log has {size} records; their root:',
  qr: 'QR code with the checkpoint: {address}',
  key: 'Key of the log',
  key_qr: 'QR code with the key of the log: {vkey}',
  key_text:
    'Verifiers ask for this line: copy it or scan the code. It must be the one in the resolution of the owners, letter by letter:',
  unsealed: 'No checkpoint this month',
  unsealed_text:
    'When this month was published the server could not sign a checkpoint of the log, and the file cannot be checked ' +
    'offline. The committee should ask why, and have a correction published afterwards.',
  how: 'How to check',
  scan:
    'Scan the large code with WeChat or a phone\'s camera: the page shows the number of records and the root, which must ' +
    'be those on this sheet. Next month scan both sheets: the page says whether the log was only added to.',
  file:
    'To check every single entry, ask a neighbour with a computer to drop the PDF on the verify page or into the ' +
    'verifier (it needs no network): it works everything out anew and says what is wrong.',
  read:
    'Every single entry is in the PDF of the disclosure: download it and add it up with a neighbour. Only the correction ' +
    'that is to follow can be checked offline.',
  sha: 'SHA-256 of the disclosure\'s PDF (English): {sha}',
  verifier_sha: 'SHA-256 of the verifier verify.html: {sha}',
  by: 'Trustee: {trustee}   Overseen by: {committee}',
  footer: '{estate}, {period}: for the notice board; leave it for a month and keep the old sheets',
};

export const sheetTexts: Record<Locale, Record<SheetText, string>> = { zh, en };
