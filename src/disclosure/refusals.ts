// What may be in the way of publishing or reading a disclosure.
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  disclosure_unknown: {
    status: 404,
    zh: '{period} 的收支公示还没有发布，应于 {due_on} 08:00 发布。',
    en: 'The disclosure of {period} is not published yet; it is due on {due_on} at 08:00.',
  },
  disclosure_version_unknown: {
    status: 404,
    zh: '{period} 的收支公示没有第 {version} 版，最新是第 {latest} 版。',
    en: 'The disclosure of {period} has no version {version}; the latest is {latest}.',
  },
  disclosure_period_outside: {
    status: 404,
    zh: '{period} 不在账簿范围内：从 {first_period} 起，到 {last_period} 为止。',
    en: '{period} is outside these books: from {first_period} to {last_period}.',
  },
  disclosure_file_gone: {
    status: 410,
    zh: '这份 PDF（{sha256}…）不在存储里，请联系管理员从备份恢复；数字仍可在网页上查看。',
    en: 'The PDF ({sha256}…) is missing from the storage; have it restored from the backup. The figures are still on the page.',
  },
  disclosure_period_open: {
    status: 409,
    zh: '{period} 还没有结账，不能提前发布。结账后可以立即发布；无论是否结账，{due_on} 08:00 都会自动发布。',
    en: '{period} is not closed and cannot be published early. Close it first; closed or not, it is published on {due_on} at 08:00.',
  },
  correction_reason_missing: {
    status: 422,
    zh: '请写明更正了什么、为什么更正（至少 4 个字）。',
    en: 'Please say what is corrected and why (at least 4 characters).',
  },
});
