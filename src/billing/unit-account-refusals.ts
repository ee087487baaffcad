// What may be wrong with the days of a statement of account.
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  account_days_invalid: {
    status: 422,
    zh: '起止日期“{from}”到“{to}”不对：请写成 2026-10-01 这样，开始不晚于结束；也可以都空着。',
    en: 'The days "{from}" to "{to}" cannot be read: write 2026-10-01, the first not after the last, or leave both empty.',
  },
});
