// What the log's own addresses refuse.
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  checkpoint_none: {
    status: 404,
    zh: '这个小区的账本还没有检查点。有新记录后一分钟内会自动生成，请稍后再试。',
    en: 'The log of this estate has no checkpoint yet. One is made within a minute after a record; try again shortly.',
  },
  checkpoint_unknown: {
    status: 404,
    zh: '没有 {size} 条记录处的检查点，最新的检查点在第 {latest} 条。',
    en: 'There is no checkpoint of {size} records; the latest covers {latest}.',
  },
  checkpoint_not_signed: {
    status: 503,
    zh: '现在不能签出检查点：服务器没有存证密钥，或者账本和上次签名时对不上。账没有少，请告诉管理员和业委会查明原因。',
    en: 'No checkpoint can be signed now: the server lacks the key, or the log does not continue what was signed before. Nothing is lost; tell the administrator and the committee.',
  },
  record_not_covered: {
    status: 422,
    zh: '第 {seq} 条记录不在这个检查点之内，它只到第 {size} 条。刚登记的请等一分钟再试。',
    en: 'Record {seq} is not covered by this checkpoint, which ends at {size}. What was just recorded is covered within a minute.',
  },
  tile_path: {
    status: 404,
    zh: '“{path}”不是哈希块的地址，正确的写法如 0/000、1/x001/234.p/17。',
    en: '"{path}" is no address of a tile; they look like 0/000 or 1/x001/234.p/17.',
  },
  tile_not_there: {
    status: 404,
    zh: '哈希块“{path}”还没有这么多内容，最新的检查点到第 {size} 条记录。',
    en: 'Tile "{path}" does not reach so far yet: the latest checkpoint covers {size} records.',
  },
  entries_too_long: {
    status: 422,
    zh: '“{path}”里有一条记录超过 65535 字节，这种格式放不下；请用 log/records 下载。',
    en: '"{path}" holds a record of more than 65,535 bytes, which this format cannot carry; use log/records.',
  },
});
