// Words of the page around the reconciliation statement; those of the form itself are in reports/reconciliation/texts.ts.
import type { Bilingual } from '../kernel/locale.ts';

export const texts = {
  bank: { zh: '银行余额', en: 'Bank balances' },
  lede: {
    zh: '银行说的和账上记的，逐笔对到分；对不上的列在下面，谁都能看。',
    en: 'What the bank says beside what the books say, line by line and to the fen; whatever stands between them is listed for everybody.',
  },
  month: { zh: '月份', en: 'Month' },
  account: { zh: '账户', en: 'Account' },
  show: { zh: '查看', en: 'Show' },
  earlier: { zh: '上一个月', en: 'Month before' },
  later: { zh: '下一个月', en: 'Month after' },
  download: { zh: '下载 PDF', en: 'Download PDF' },
  notes: { zh: '请先看这里', en: 'Read this first' },
  ok: { zh: '已核对', en: 'Compared' },
  form: { zh: '调节表', en: 'The statement' },
  part: { zh: '部分', en: 'Part' },
  exceptions: { zh: '看全部异常支出', en: 'All unexplained debits' },
  note: { zh: '说明', en: 'Note' },
  none_open: { zh: '没有未达账项。', en: 'Nothing is in transit.' },
} as const satisfies Record<string, Bilingual>;
