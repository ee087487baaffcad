// Pages of waivers: all of them without dwellings, one bill by bill, the form of a proposal.
import { ruleSentence, type RuleNames } from '../approval/rule-text.ts';
import { newRuleOf, type Rule } from '../approval/rules.ts';
import { fill, type Bilingual, type Locale } from '../kernel/locale.ts';
import { ResolutionFields, type OfficeForm } from '../office/membership-pages.tsx';
import { AmountField, Button, ButtonRow, DateField, FileField, Form, PeriodField, RadioField, SelectField, TextArea, TextField } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { formatDate, formatPeriod, pick } from '../web/locale.ts';
import { ActionLink, Card, DescriptionList, EmptyState, Figures, Notice } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { LedgerTable } from '../web/tables.tsx';
import type { Choice } from './fee-rule-pages.tsx';
import { whys, type WaiverPart, type WaiverRow } from './waiver.ts';

export const waiverTexts = {
  waivers: { zh: '减免和更正', en: 'Waivers and corrections' },
  lede: { zh: '账单开出后不改、不删，只能经两方签批减少。这里不列房号；逐户清单只有需要的人看得到。', en: 'A bill is neither changed nor deleted: both sides sign for lowering it. Dwellings are listed only for those who need to know.' },
  fees: { zh: '收费项目', en: 'Fees' },
  none: { zh: '还没有减免过账单。', en: 'No bills have been lowered.' },
  asked: { zh: '正在签批', en: 'Being signed' },
  propose: { zh: '提出减免或更正', en: 'Propose a waiver' },
  kind: { zh: '种类', en: 'Kind' },
  why_waiver: { zh: '减免（困难、漏水等，个别房屋）', en: 'Waiver: hardship, damage, single dwellings' },
  why_discount: { zh: '优惠（按约定打折）', en: 'Discount, as agreed' },
  why_write_off: { zh: '核销（收不回来的欠费，要有决议）', en: 'Write-off of what cannot be collected, by resolution' },
  why_correction: { zh: '更正（账单算错了）', en: 'Correction of a wrong bill' },
  waiver: { zh: '减免', en: 'Waiver' }, discount: { zh: '优惠', en: 'Discount' }, write_off: { zh: '核销', en: 'Write-off' }, correction: { zh: '更正', en: 'Correction' },
  dwellings: { zh: '户数', en: 'Dwellings' },
  reason: { zh: '理由', en: 'Reason' },
  reason_hint: { zh: '会公开在签批单上，不要写姓名、房号', en: 'It stands on the proposal for all: no names, no dwellings' },
  most: { zh: '批准金额', en: 'Signed' },
  used: { zh: '已减', en: 'Taken off' },
  day: { zh: '生效', en: 'Since' },
  months: { zh: '以后的月份', en: 'Months to come' },
  units: { zh: '哪些房屋', en: 'Which dwellings' },
  units_hint: { zh: '一行一户，例如 3-2-1002', en: 'One a line, 3-2-1002 for example' },
  item: { zh: '哪个收费项目', en: 'Which item' },
  all_items: { zh: '全部项目', en: 'all items' },
  from: { zh: '从哪个月的账单', en: 'Bills from' },
  to: { zh: '到哪个月', en: 'to' },
  to_hint: { zh: '减免和优惠可以包括以后的月份', en: 'Waivers and discounts may go on into months to come' },
  percent: { zh: '减百分之几', en: 'Per cent off' },
  percent_hint: { zh: '100 就是全减；和下一项只填一项', en: '100 takes all; this or the next' },
  each: { zh: '或每张账单减多少元', en: 'or yuan off each bill' },
  signed_by: { zh: '由谁签', en: 'Signed by' },
  signed_hint: { zh: '和同样金额的转账一样；住在这些房屋里的人自己不能签', en: 'As a transfer of the same sum is; whoever lives in one of these dwellings does not sign' },
  basis: { zh: '决议（有就填）', en: 'Resolution, where there is one' },
  res_title: { zh: '决议名称', en: 'Title' },
  res_date: { zh: '日期', en: 'Day' },
  res_file: { zh: '决议文件', en: 'File' },
  submit: { zh: '提交签批', en: 'Submit for signing' },
  unit: { zh: '房屋', en: 'Dwelling' },
  period: { zh: '月份', en: 'Month' },
  billed: { zh: '账单', en: 'Bill' },
  off: { zh: '减', en: 'Off' },
  asked_list: { zh: '提请减少的账单', en: 'Bills it asks to lower' },
  done_list: { zh: '已经减少的账单', en: 'Bills it has lowered' },
  to_proposal: { zh: '看签批单', en: 'The proposal' },
  nothing_yet: { zh: '还没有。', en: 'None yet.' },
} as const satisfies Record<string, Bilingual>;
const nameIn = (row: { name_zh: string; name_en: string }, locale: Locale): string => (locale === 'zh' ? row.name_zh : row.name_en);

export function waiversPage(frame: Frame, { code, rows, asked, proposes, households }: { code: string; rows: WaiverRow[]; asked: { proposal_id: number; title: string; title_en: string | null }[]; proposes: boolean; households: boolean }): string {
  const { locale } = frame;
  const t = pick(waiverTexts, locale);
  return page({
    ...frame, title: t.waivers, lede: t.lede, crumbs: [{ href: `/e/${code}/fees`, label: t.fees }],
    body: (
      <>
        {asked.length > 0 && <Card title={t.asked}><ul>{asked.map((row) => <li><a class="tap" href={`/e/${code}/proposals/${row.proposal_id}`}>{locale === 'zh' ? row.title : row.title_en ?? row.title}</a></li>)}</ul></Card>}
        <LedgerTable caption={t.waivers} caption_hidden rows={rows} empty={<EmptyState title={t.none} />} columns={[
          { key: 'kind', title: t.kind, lead: true, cell: (row) => <><a href={`/e/${code}/${households ? 'waivers' : 'proposals'}/${row.proposal_id}`}>{t[row.why]}</a><br /><small class="hint">{row.reason}</small></> },
          { key: 'units', title: t.dwellings, type: 'number' },
          { key: 'months', title: t.months, cell: (row) => (row.from_period === null ? '–' : `${formatPeriod(row.from_period, locale)} – ${formatPeriod(row.to_period!, locale)}`) },
          { key: 'most', title: t.most, type: 'money' }, { key: 'used', title: t.used, type: 'money' },
          { key: 'granted_on', title: t.day, type: 'date', cell: (row) => formatDate(row.granted_on, locale) },
        ]} />
        {proposes && <ButtonRow><ActionLink href={`/e/${code}/waivers/new`}>{t.propose}</ActionLink></ButtonRow>}
      </>
    ),
  });
}

export function waiverPage(frame: Frame, { code, proposal_id, title, amount, units, asked, done, itemName }: {
  code: string; proposal_id: number; title: string; amount: string; units: string[]; asked: WaiverPart[]; done: WaiverPart[]; itemName: (item: string) => string;
}): string {
  const { locale } = frame;
  const t = pick(waiverTexts, locale);
  const table = (caption: string, rows: WaiverPart[]) => (
    <Card title={caption}>
      <LedgerTable caption={caption} caption_hidden rows={rows} empty={<EmptyState title={t.nothing_yet} />} columns={[
        { key: 'unit', title: t.unit, lead: true, cell: (row) => <a href={`/e/${code}/bills/${row.unit}/${row.bill_id}`}>{row.unit}</a> },
        { key: 'item', title: t.item, cell: (row) => itemName(row.item) }, { key: 'period', title: t.period, cell: (row) => formatPeriod(row.period, locale) },
        { key: 'billed', title: t.billed, type: 'money' }, { key: 'off', title: t.off, type: 'money' },
      ]} />
    </Card>
  );
  return page({
    ...frame, title, crumbs: [{ href: `/e/${code}/waivers`, label: t.waivers }],
    body: (
      <>
        <Card><Figures items={[{ label: t.most, amount }, { label: t.dwellings, text: String(units.length) }]} /><p>{units.join(locale === 'zh' ? '、' : ', ')}</p>
          <p><a class="tap" href={`/e/${code}/proposals/${proposal_id}`}>{t.to_proposal} ›</a></p></Card>
        {asked.length > 0 && table(t.asked_list, asked)}
        {table(t.done_list, done)}
      </>
    ),
  });
}

export interface WaiverForm { code: string; today: string; rule: Rule | null; refused: string | null; names: RuleNames; items: Choice[]; form: OfficeForm }

export function waiverFormPage(frame: Frame, { code, today, rule, refused, names, items, form }: WaiverForm): string {
  const { locale } = frame;
  const t = pick(waiverTexts, locale);
  return page({
    ...frame, title: t.propose, lede: fill(t.lede, {}), crumbs: [{ href: `/e/${code}/waivers`, label: t.waivers }],
    body: (
      <Form action={`/e/${code}/waivers/new`} multipart csrf={frame.session?.csrf} form_key={form.form_key} values={form.values} errors={form.errors}>
        <Card>
          <RadioField name="why" label={t.kind} required options={whys.map((why) => ({ value: why, label: t[`why_${why}`] }))} />
          <TextArea name="units" label={t.units} hint={t.units_hint} rows={4} required />
          <SelectField name="item" label={t.item} empty={t.all_items} options={items.map((row) => ({ value: row.value, label: nameIn(row, locale) }))} />
          <PeriodField name="from_period" label={t.from} required />
          <PeriodField name="to_period" label={t.to} hint={t.to_hint} required />
          <TextField name="percent" label={t.percent} hint={t.percent_hint} input_mode="decimal" short />
          <AmountField name="amount_each" label={t.each} />
          <TextField name="reason" label={t.reason} hint={t.reason_hint} autocomplete="off" required />
          {refused !== null && <Notice tone="amber">{refused}</Notice>}
          {rule !== null && <DescriptionList items={[{ term: t.signed_by, value: <>{ruleSentence(newRuleOf(rule), names)[locale]}<br /><small class="hint">{t.signed_hint}</small></> }]} />}
        </Card>
        {rule?.needs_resolution === true ? <ResolutionFields form={form} locale={locale} today={today} /> : (
          <Card title={t.basis}>
            <TextField name="resolution_title" label={t.res_title} autocomplete="off" />
            <DateField name="resolution_date" label={t.res_date} max={today} />
            <FileField name="vouchers" label={t.res_file} kept={form.kept} />
          </Card>
        )}
        <ButtonRow><Button>{t.submit}</Button></ButtonRow>
      </Form>
    ),
  });
}
