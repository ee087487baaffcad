// Refusals of the web floor: what is wrong with a request before any slice sees it.
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  not_found: {
    status: 404,
    zh: '没有这个页面：地址可能写错，或内容已经移走。请从小区首页重新进入。',
    en: "There is no such page: the address may be mistyped, or it has moved. Start again from the estate's first page.",
  },
  method_not_allowed: {
    status: 405,
    zh: '这个地址不接受 {method}。请从页面上的按钮操作。',
    en: 'This address does not take {method}. Please use the buttons of the page.',
  },
  input_invalid: {
    status: 400,
    zh: '“{field}”填写不对：应为{expected}。请改正后再提交。',
    en: '"{field}" is not right: expected {expected}. Please correct it and send again.',
  },
  json_malformed: {
    status: 400,
    zh: '请求内容不是正确的 JSON。请检查引号、逗号和括号。',
    en: 'The request body is not valid JSON. Check quotes, commas and brackets.',
  },
  request_malformed: {
    status: 400,
    zh: '请求不完整或格式不对，没有处理。请刷新页面后重试。',
    en: 'The request is incomplete or malformed; nothing was done. Reload the page and try again.',
  },
  characters_invalid: {
    status: 400,
    zh: '文字里有无法保存的字符（例如空字符）。请删去后再提交。',
    en: 'The text holds characters that cannot be stored (such as a null character). Remove them and send again.',
  },
  body_too_large: {
    status: 413,
    zh: '提交的内容太大：每个文件不超过 20 MB。请压缩或分几次上传。',
    en: 'Too much was sent: each file may be up to 20 MB. Make it smaller or upload in parts.',
  },
  media_type_unknown: {
    status: 415,
    zh: '不认识这种内容类型“{media_type}”。接口请用 application/json，上传文件请用 multipart/form-data。',
    en: 'The content type "{media_type}" is not understood. Use application/json for the interface, multipart/form-data for files.',
  },
  too_many_requests: {
    status: 429,
    zh: '操作太频繁，请等 {seconds} 秒后再试。已经记下的不受影响。',
    en: 'Too many requests. Please wait {seconds} seconds and try again. What is recorded is not affected.',
  },
  request_refused: {
    status: 400,
    zh: '这个请求不能接受。请返回上一页，检查后重试。',
    en: 'This request cannot be accepted. Go back, check, and try again.',
  },
  service_unavailable: {
    status: 503,
    zh: '系统暂时不能服务（数据库没有应答）。账本不受影响，请稍后再试。',
    en: 'The service is unavailable for a moment (the database does not answer). The books are safe; please try again shortly.',
  },
});

/** Our own mistake: no details to the outside, a number to ask about. Not a refusal. */
export const internalError = {
  zh: '系统出错了，这次操作没有完成，账本不受影响。请稍后再试；若仍不行，请把请求编号告诉管理员。',
  en: 'Something went wrong on our side; this action was not completed and the books are safe. Try again later; if it persists, tell the administrator the request number.',
};
