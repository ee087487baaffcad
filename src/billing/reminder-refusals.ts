// What may be wrong with reminders.
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  reminder_kind_invalid: {
    status: 422,
    zh: '没有“{kind}”这种催缴：请选“缴费提醒”或“催缴函”。',
    en: 'There is no kind "{kind}": choose a reminder or a demand.',
  },
  reminder_pay_by_invalid: {
    status: 422,
    zh: '交清期限“{typed}”不对：要给合理的时间，请填 {from} 到 {to} 之间的一天。',
    en: '"{typed}" cannot be the day to pay by: leave a reasonable time, a day from {from} to {to}.',
  },
  reminder_skip_unknown: {
    status: 422,
    zh: '“不发的房屋”里的“{unit}”没有登记过。请改成登记的房号，例如 3-2-1002，用逗号隔开。',
    en: 'There is no dwelling "{unit}" among those to leave out. Write it as it is entered, for example 3-2-1002, separated by commas.',
  },
  reminder_none: {
    status: 422,
    zh: '没有要发的：符合条件的 {owing} 户里，{soon} 户 15 天内刚发过，{left} 户不发或欠的是前业主的费用。',
    en: 'There is nobody to write to: of {owing} dwellings, {soon} had a letter within 15 days, and {left} are left out or owe only what a former owner left.',
  },
  reminder_too_soon: {
    status: 409,
    zh: '有的房屋 15 天内刚发过催缴（可能同事刚做了一批）。一封都没有做，请刷新后再做。',
    en: 'Some dwellings had a letter within 15 days (somebody may just have made a batch). None was made; reload and try again.',
  },
  reminder_unknown: {
    status: 404,
    zh: '没有这批催缴，或它不是给您家的。',
    en: 'There are no such reminders, or they are not for your dwelling.',
  },
});
