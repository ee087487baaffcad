// What an auditor would be let see, in words: the days of what is on the pages, and their kinds.
import type { Locale } from '../kernel/locale.ts';
import type { Fact } from '../web/parts.tsx';
import { scopeDays, scopeIn, scopeKinds } from './audit-scope.ts';
import type { Subject } from './view.ts';

const words = {
  days: { zh: '可以看哪段时间的账', en: 'Days of the books' },
  kinds: { zh: '可以看什么', en: 'May look at' },
  all: { zh: '审计可以看的全部内容', en: 'everything an auditor may see' },
  effect: { zh: '查账方式', en: 'How' },
  recorded: { zh: '只能看；每天看了哪类页面都存证，全体业主看得到；到期自动失效', en: 'Reading only; each day and kind of pages is a record every owner can see; it ends by itself' },
} as const;

export function scopeFacts({ view }: Subject, locale: Locale): Fact[] {
  if (view.document?.['office'] !== 'auditor' || view.document['change'] === 'end') return [];
  const scope = scopeIn(view.document);
  return [
    ...(scope === null ? [{ term: words.kinds[locale], value: words.all[locale] }] : [
      { term: words.days[locale], value: scopeDays(scope)[locale] }, { term: words.kinds[locale], value: scopeKinds(scope.kinds)[locale] },
    ]),
    { term: words.effect[locale], value: words.recorded[locale] },
  ];
}
