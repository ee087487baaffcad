// The page of the answer clock: everybody reads it, chair of the committee, community and street office set it.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { demand, may } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import { addDays } from '../kernel/dates.ts';
import { fill, type Locale } from '../kernel/locale.ts';
import type { House } from '../kernel/house.ts';
import { Refusal } from '../kernel/refusal.ts';
import { Button, ButtonRow, CheckField, Form, formErrors, TextArea, TextField } from '../web/forms.tsx';
import { frameOf } from '../web/frame.ts';
import { formatDate, localeOf, pick } from '../web/locale.ts';
import { Card, DescriptionList } from '../web/parts.tsx';
import { htmlReply, page } from '../web/shell.tsx';
import { readClock, readHolidays, setClock, type Holiday } from './clock.ts';
import { stepTexts } from './step-texts.ts';
import { texts } from './texts.ts';

const Path = Type.Object({ estate: Type.String() });
const Short = Type.Optional(Type.String({ maxLength: 200 }));

interface Run { from: string; to: string; works: boolean }
/** Days in a row as one. */
function runsOf(holidays: readonly Holiday[]): Run[] {
  const runs: Run[] = [];
  for (const { day, works } of holidays) {
    const last = runs.at(-1);
    if (last !== undefined && last.works === works && addDays(last.to, 1) === day) last.to = day;
    else runs.push({ from: day, to: day, works });
  }
  return runs;
}
/** As they are typed. */
const typedRun = ({ from, to, works }: Run, locale: Locale): string => `${from === to ? from : `${from}..${to}`}${works ? (locale === 'zh' ? ' 上班' : ' work') : ''}`;
function shownRun({ from, to, works }: Run, locale: Locale): string {
  const days = from === to ? formatDate(from, locale) : `${formatDate(from, locale)} – ${formatDate(to, locale)}`;
  return works ? fill(pick(stepTexts, locale).worked, { days }) : days;
}

export function clockPageRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  const show = async (request: FastifyRequest, reply: FastifyReply, refused: { values: Record<string, string>; error: Refusal } | null = null) => {
    const { estate_id, code } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_books');
    const locale = localeOf(request);
    const [t, s] = [pick(texts, locale), pick(stepTexts, locale)];
    const clock = await inEstate(house.db.app, estate_id, (trx) => readClock(trx, { estate_id }), { readOnly: true });
    const runs = runsOf(clock.holidays);
    const frame = frameOf(request, { here: `/e/${code}/inquiries/clock` });
    const values = refused?.values ?? { answer_days: String(clock.answer_days), escalate_days: String(clock.escalate_days), due_on_workday: clock.due_on_workday ? 'yes' : '', holidays: runs.map((run) => typedRun(run, locale)).join('\n') };
    const body = (
      <>
        <Card>
          <DescriptionList items={[
            { term: s.answer_days, value: fill(s.days_unit, { days: clock.answer_days }) },
            { term: s.due_on_workday, value: clock.due_on_workday ? s.yes : s.no },
            { term: s.escalate_days, value: fill(s.days_unit, { days: clock.escalate_days }) },
            { term: s.holidays, value: runs.length === 0 ? s.no_holidays : <ul class="plain-list">{runs.map((run) => <li>{shownRun(run, locale)}</li>)}</ul> },
          ]} />
          {clock.changed_seq !== null && may(actor, estate_id, 'read_officers') && <p><a class="tap" href={`/e/${code}/log/${clock.changed_seq}`}>{s.record}</a></p>}
        </Card>
        {may(actor, estate_id, 'set_clock') && (
          <Card>
            <Form action={`/e/${code}/inquiries/clock`} csrf={frame.session?.csrf} values={values} errors={refused === null ? {} : formErrors(refused.error, locale)}>
              <TextField name="answer_days" label={s.answer_days} input_mode="numeric" short required />
              <TextField name="escalate_days" label={s.escalate_days} input_mode="numeric" short required />
              <CheckField name="due_on_workday" label={s.due_on_workday} hint={s.due_on_workday_hint} />
              <TextArea name="holidays" label={s.holidays} rows={6} hint={s.holidays_hint} />
              <ButtonRow><Button>{s.save_clock}</Button></ButtonRow>
            </Form>
          </Card>
        )}
      </>
    );
    return htmlReply(reply, page({ ...frame, title: s.clock_title, lede: s.clock_lede, crumbs: [{ href: `/e/${code}/inquiries`, label: t.inquiries }], body }), refused?.error.status ?? 200);
  };

  app.get('/e/:estate/inquiries/clock', { schema: { hide: true, params: Path } }, (request, reply) => show(request, reply));

  app.post('/e/:estate/inquiries/clock', {
    schema: { hide: true, params: Path, body: Type.Optional(Type.Object({ answer_days: Short, escalate_days: Short, due_on_workday: Short, holidays: Type.Optional(Type.String({ maxLength: 20_000 })), form_key: Short, csrf: Short }, { additionalProperties: false })) },
  }, async (request, reply) => {
    const estate = request.estate!;
    demand(request.actor, estate.estate_id, 'set_clock');
    const { answer_days = '', escalate_days = '', due_on_workday = '', holidays = '' } = request.body ?? {};
    const days = (typed: string): number => (/^[0-9]{1,3}$/.test(typed.trim()) ? Number(typed) : 0);
    try {
      await setClock(house, { estate, actor: request.actor, setting: { answer_days: days(answer_days), escalate_days: days(escalate_days), due_on_workday: due_on_workday === 'yes', holidays: readHolidays(holidays) } });
      return await reply.redirect(`/e/${estate.code}/inquiries/clock?done=changed`, 303);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return show(request, reply, { values: { answer_days, escalate_days, due_on_workday, holidays }, error });
    }
  });
}
