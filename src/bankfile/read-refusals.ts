// Why a file is no statement at all, before its lines are looked at (refusals.ts has those of the lines): its kind, its
// text encoding, its size, its structure. Each says what to export instead.
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  statement_file_empty: {
    status: 422,
    zh: '这是空文件（0 字节）。请从网银重新下载“交易明细”或“对账单”。',
    en: 'The file is empty (0 bytes). Please download the account details or the statement from the bank again.',
  },
  statement_too_large: {
    status: 413,
    zh: '文件太大：{what_zh}（最多 {limit}）。请在网银按更短的期间分几次下载。',
    en: 'The file is too large: {what_en} (at most {limit}). Please download shorter periods one after the other.',
  },
  statement_too_slow: {
    status: 422,
    zh: '这个文件读了 {seconds} 秒还没读完，已经停下，什么也没有收。请在网银重新下载，或按更短的期间分几次下载。',
    en: 'Reading this file took more than {seconds} seconds and was stopped; nothing was taken. Please download it again, or shorter periods one after the other.',
  },
  statement_encoding_unknown: {
    status: 422,
    zh: '文件里的文字认不出来（既不是 UTF-8、UTF-16，也不是 GB18030{where_zh}）。文件可能已损坏，请从网银重新下载，不要用其他软件另存。',
    en: 'The text of the file cannot be read (neither UTF-8 nor UTF-16 nor GB18030{where_en}). It may be damaged; please download it from the bank again and do not save it with other software.',
  },
  statement_file_kind: {
    status: 415,
    zh: '这是{kind_zh}，里面的流水没法逐笔核对。请在网银导出“交易明细”的 Excel 或 CSV 格式（或 camt.053、MT940 报文）。',
    en: 'This is {kind_en}, and its lines cannot be proven one by one. Please export the account details as Excel or CSV from the bank (or as camt.053 or MT940).',
  },
  statement_file_encrypted: {
    status: 422,
    zh: '文件加了密码。请用 Excel 或 WPS 打开、取消密码后另存，或在网银重新下载不加密的文件。',
    en: 'The file is protected by a password. Please download it without one, or open it and remove the password.',
  },
  statement_file_damaged: {
    status: 422,
    zh: '文件不完整或已损坏（{what_zh}）。请从网银重新下载。',
    en: 'The file is incomplete or damaged ({what_en}). Please download it from the bank again.',
  },
  statement_file_unsafe: {
    status: 422,
    zh: '文件里有银行不会写的、不安全的内容（{what_zh}），没有收下。请从网银重新下载。',
    en: 'The file contains something unsafe that no bank writes ({what_en}) and was not taken. Please download it from the bank again.',
  },
  statement_message_kind: {
    status: 422,
    zh: '这是 {message} 报文（{kind_zh}），不是日终对账单，没有期末余额，证明不了没有漏行。请向银行要 {wanted}。',
    en: 'This is a {message} message ({kind_en}), not a statement: without a closing balance it does not prove that no line is missing. Please ask the bank for {wanted}.',
  },
  statement_message_wrong: {
    status: 422,
    zh: '{where_zh}的“{element}”写的是“{text}”，不合 {format} 的规定。请从银行重新下载。',
    en: '{where_en}: "{element}" says "{text}", which {format} does not allow. Please download it from the bank again.',
  },
  statement_message_lacks: {
    status: 422,
    zh: '{where_zh}缺少“{element}”。请从银行重新下载完整的 {format} 文件。',
    en: '{where_en}: "{element}" is missing. Please download the whole {format} file from the bank again.',
  },
  statement_message_twice: {
    status: 422,
    zh: '{where_zh}的“{element}”写了不止一次。请从银行重新下载。',
    en: '{where_en}: "{element}" is written more than once. Please download it from the bank again.',
  },
  statement_pages_apart: {
    status: 422,
    zh: '文件里第 {previous} 页（份）期末余额 {closing}，第 {next} 页（份）期初余额 {opening}，差 {difference} 元，中间缺页或次序颠倒。请从银行重新下载完整的文件。',
    en: 'Part {previous} of the file ends with {closing}, part {next} begins with {opening}, a difference of {difference}: a part is missing or out of order. Please download the whole file again.',
  },
  statement_several_accounts: {
    status: 422,
    zh: '文件里不止一个账户：{first} 和 {second}。一个文件只能是一个账户的流水，请分开下载。',
    en: 'The file holds more than one account: {first} and {second}. One file is for one account; please download them apart.',
  },
});
