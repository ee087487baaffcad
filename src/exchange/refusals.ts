// What may be in the way of an export. An export is never refused to those entitled (会计信息化工作规范 §41):
// these are months that are not in the books, and packages that are not there yet or no longer.
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  export_outside: {
    status: 422,
    zh: '{month} 不在账簿范围内：可以导出 {first} 到 {last} 的账。',
    en: '{month} is outside these books: {first} to {last} can be exported.',
  },
  export_reversed: {
    status: 422,
    zh: '起始月份 {from} 在截止月份 {to} 之后，请对调。',
    en: 'The first month, {from}, comes after the last, {to}; please exchange them.',
  },
  export_unknown: {
    status: 404,
    zh: '没有第 {id} 号审计包，或它不是给您的。',
    en: 'There is no audit package number {id}, or it is not for you.',
  },
  export_not_ready: {
    status: 409,
    zh: '第 {id} 号审计包还没有做好（已完成 {percent}%），请稍后再下载。',
    en: 'Audit package number {id} is not finished ({percent} % done); please download it later.',
  },
  export_failed: {
    status: 409,
    zh: '第 {id} 号审计包没有做成，请重新制作一份。',
    en: 'Audit package number {id} could not be made; please ask for a new one.',
  },
  export_range_beyond: {
    status: 416,
    zh: '要续传的部分不在文件里：文件共 {size} 字节。请从头下载。',
    en: 'The part asked for lies outside the file of {size} bytes; please download it from the beginning.',
  },
  export_gone: {
    status: 410,
    zh: '第 {id} 号审计包的文件已不再保留，请重新制作一份。它的校验值仍记在存证记录里。',
    en: 'The file of audit package number {id} is no longer kept; please ask for a new one. Its hash stays in the log.',
  },
});
