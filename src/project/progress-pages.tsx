// The page of one project, made to be looked at: thermometers by source, what is spent and left, milestones, pictures. Then what owners
// think, the public list, and for those entitled what is to be done next. Never another's dwelling.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { minus, money, moneyText } from '../kernel/money.ts';
import { AmountField, Button, ButtonRow, Form, RadioField, SelectField, TextArea, TextField } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { csvTwin, withQuery } from '../web/links.ts';
import { formatDate, formatInstant, pick } from '../web/locale.ts';
import { Card, Chip, DescriptionList, Figures, Notice, Timeline, type TimelineStep } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { LedgerTable } from '../web/tables.tsx';
import { kindNames, sourceAccounts, sourceNames } from './kinds.ts';
import { FEWEST, shownDonor, type MaskedRow, type StairRow } from './list.ts';
import { figures, StageChip, sumsOf, titleOf, type T } from './pages.tsx';
import { SpentBar, Thermometers } from './picture.tsx';
import type { ContractRow, GiftRow, MilestoneRow, OpinionRow, OutsideRow, Picture, Plan, ProjectRow, QuoteRow, SiteRow } from './queries.ts';
import { texts } from './texts.ts';

export interface OwnHome { unit: string; alias: string; share: string | null; pledged: string; paid: string; paid_back: string; stance: string | null }
export interface ProgressShown {
  code: string;
  row: ProjectRow;
  plan: Plan | null;
  underway: { proposal_id: number; step: string } | null;
  contracts: ContractRow[];
  milestones: MilestoneRow[];
  pictures: Picture[];
  site: SiteRow[];
  quotes: QuoteRow[];
  outside: OutsideRow[];
  gifts: GiftRow[];
  opinions: OpinionRow[];
  counts: { dwellings: number; for: number; against: number };
  stairs: StairRow[];
  list: MaskedRow[];
  homes: OwnHome[];
  today: string;
  can: { propose: boolean; post_receipt: boolean; draft_order: boolean; report_site: boolean; moderate: boolean; restore: boolean; read_households: boolean; read_officers: boolean; erase: boolean };
  report: { proposal_id: number; finished_on: string; rests: { source: string; received: string; spent: string; rest: string }[] } | null;
  form_key: string;
  failed: { at: string; values: Readonly<Record<string, string>>; errors: Readonly<Record<string, string>> } | null;
}
interface Parts { shown: ProgressShown; csrf: string | undefined; t: T; locale: Locale }

function MoneyCard({ shown: { row, code, plan }, t, locale }: Parts): JSX.Element | null {
  if (row.sources.length === 0) return null;
  const sums = sumsOf(row);
  return (
    <Card title={t.money} id="money">
      <Thermometers rows={row.sources} t={t} locale={locale} />
      <SpentBar sums={sums} t={t} />
      <Figures items={[{ label: t.received, amount: sums.received }, { label: t.spent, amount: sums.spent }, { label: t.returned, amount: sums.returned }, { label: t.balance, amount: sums.balance }]} />
      <p class="hint">{t.money_hint}{plan !== null && row.stage === 'fundraising' && ` ${t.deadline}：${formatDate(plan.deadline, locale)}`}</p>
      <LedgerTable caption={t.money} caption_hidden rows={row.sources} columns={[
        { key: 'source', title: t.source, lead: true, cell: (one) => sourceNames[one.source][locale] },
        { key: 'target', title: t.target, type: 'money' }, { key: 'pledged', title: t.pledged, type: 'money', cell: (one) => (one.pledged === null ? '–' : figures(one.pledged)) },
        { key: 'received', title: t.received, type: 'money' }, { key: 'spent', title: t.spent, type: 'money' }, { key: 'returned', title: t.returned, type: 'money' }, { key: 'balance', title: t.balance, type: 'money' },
        { key: 'fund', title: t.entries, cell: (one) => <a href={withQuery(`/e/${code}/journal`, { fund: one.fund })}>{t.see}</a> },
      ]} />
    </Card>
  );
}

function stepOf(one: MilestoneRow, t: T): TimelineStep {
  const paid = money(one.paid).greaterThanOrEqualTo(money(one.amount));
  const when = fill(t.milestone_amount, { amount: figures(one.amount), when: t[`when_${one.due_when}`] });
  if (paid) return { state: 'done', word: t.milestone_done, title: one.name, when };
  const note = money(one.paid).isZero() ? undefined : fill(t.milestone_paid, { paid: figures(one.paid) });
  const asking = money(one.asked).greaterThan(money(one.paid));
  return { state: one.state === 'due' ? 'waiting' : 'todo', word: one.state === 'due' ? (asking ? t.milestone_asked : t.milestone_due) : t.milestone_todo, title: one.name, when, note };
}

function WorkCardOf({ shown: { contracts, milestones, code }, t, locale }: Parts): JSX.Element | null {
  if (contracts.length === 0) return null;
  return (
    <Card title={t.milestones} id="milestones">
      {contracts.map((contract) => (
        <>
          <p><strong>{fill(t.contract_with, { contractor: contract.contractor, amount: figures(contract.amount) })}</strong>{' '}
            <Chip tone={contract.accepted_on === null ? 'amber' : 'ok'}>{contract.accepted_on === null ? t.not_accepted : fill(t.accepted_on, { date: formatDate(contract.accepted_on, locale) })}</Chip>{' '}
            <a href={`/e/${code}/proposals/${contract.contract}`}>{fill(t.proposal, { number: contract.contract })}</a></p>
          <Timeline steps={milestones.filter((one) => one.contract === contract.contract).map((one) => stepOf(one, t))} />
        </>
      ))}
    </Card>
  );
}

function PictureCard({ shown: { pictures, code }, t }: Parts): JSX.Element | null {
  const images = pictures.filter((one) => one.media_type.startsWith('image/'));
  const others = pictures.filter((one) => !one.media_type.startsWith('image/'));
  if (pictures.length === 0) return null;
  const href = (one: Picture): string => `/e/${code}/vouchers/${one.sha256}`;
  return (
    <Card title={t.photos} id="photos">
      {images.length > 0 && <ul class="photos">{images.map((one) => <li><a href={href(one)}><img src={href(one)} alt={fill(t.photo_of, { name: one.file_name })} loading="lazy" /></a></li>)}</ul>}
      {others.map((one) => <p><a href={href(one)}>{one.file_name}</a></p>)}
    </Card>
  );
}

function HomeCard({ shown, csrf, t }: Parts): JSX.Element | null {
  const { homes, code, row, plan, form_key, failed, today } = shown;
  if (homes.length === 0) return null;
  const pledging = plan !== null && row.sources.some((one) => one.source === 'households') && row.stage !== 'finished' && row.stage !== 'returned' && plan.deadline >= today;
  if (plan === null || !row.sources.some((one) => one.source === 'households')) return null;
  return (
    <Card title={t.home} id="home">
      {homes.map((home) => (
        <p>{home.share !== null && fill(t.home_share, { unit: home.unit, amount: figures(home.share) })} {fill(t.home_state, { unit: home.unit, pledged: figures(home.pledged), paid: figures(home.paid) })}{' '}
          {!money(home.paid_back).isZero() && fill(t.home_back, { amount: figures(home.paid_back) })} {fill(t.home_alias, { alias: home.alias })}</p>
      ))}
      {pledging && (
        <Form action={`/e/${code}/projects/${row.project_id}/pledges`} id="pledge-form" csrf={csrf} form_key={`${form_key}-p`}
          values={failed?.at === 'pledge' ? failed.values : { amount: homes[0]!.share ?? '' }} errors={failed?.at === 'pledge' ? failed.errors : {}}>
          {homes.length > 1 && <SelectField name="unit" label={t.unit} required options={homes.map((home) => ({ value: home.unit, label: home.unit }))} />}
          <AmountField name="amount" label={t.pledge_amount} hint={t.pledge_hint} required />
          <ButtonRow><Button>{t.pledge_button}</Button></ButtonRow>
        </Form>
      )}
    </Card>
  );
}

function OpinionLine({ one, parts }: { one: OpinionRow; parts: Parts }): JSX.Element {
  const { shown: { code, row, can, form_key, failed }, csrf, t, locale } = parts;
  const body = locale === 'zh' ? one.hidden?.body_zh : one.hidden?.body_en;
  const action = `/e/${code}/projects/${row.project_id}/opinions/${one.opinion_id}`;
  const moderates = one.hidden === null ? can.moderate && !one.restored : can.restore;
  return (
    <li>
      <Chip tone={one.stance === 'for' ? 'ok' : one.stance === 'against' ? 'amber' : 'plain'}>{t[one.stance]}</Chip>{' '}
      <small class="hint">{formatInstant(one.given_at, locale)}{one.mine && ` · ${t.mine}`}</small>
      {one.hidden !== null && <p class="hint">{fill(t.hidden_by, { body: body ?? '', reason: one.hidden.reason })} {one.mine && t.hidden_appeal}</p>}
      {(one.hidden === null || one.words !== null) && <p>{one.words ?? t.erased_text}</p>}
      {moderates && (
        <details><summary class="tap">{one.hidden === null ? t.hide : t.show}</summary>
          <Form action={`${action}/${one.hidden === null ? 'hide' : 'show'}`} id={`moderate-${one.opinion_id}`} csrf={csrf} form_key={`${form_key}-m${one.opinion_id}`}
            errors={failed?.at === `opinion-${one.opinion_id}` ? failed.errors : {}}>
            <TextField name="reason" label={t.reason} autocomplete="off" required />
            <ButtonRow><Button kind="alt">{one.hidden === null ? t.hide : t.show}</Button></ButtonRow>
          </Form>
        </details>
      )}
      {one.words !== null && (one.mine || can.erase) && <a href={`/e/${code}/erasures/new?seq=${one.seq}`}>{t.erase}</a>}
    </li>
  );
}

function OpinionCard(parts: Parts): JSX.Element {
  const { shown, csrf, t } = parts;
  const { code, row, counts, opinions, homes, form_key, failed, stairs } = shown;
  const open = homes.length > 0 && row.stage !== 'finished' && row.stage !== 'returned';
  return (
    <Card title={t.opinions} id="opinions">
      {counts.dwellings >= FEWEST && <p>{fill(t.opinions_count, { ...counts })}</p>}
      {open && (
        <Form action={`/e/${code}/projects/${row.project_id}/opinions`} id="opinion-form" csrf={csrf} form_key={`${form_key}-o`}
          values={failed?.at === 'opinion' ? failed.values : { stance: homes[0]!.stance ?? '' }} errors={failed?.at === 'opinion' ? failed.errors : {}}>
          {homes.length > 1 && <SelectField name="unit" label={t.unit} required options={homes.map((home) => ({ value: home.unit, label: home.unit }))} />}
          <RadioField name="stance" label={t.opinion_give} required options={(['for', 'against', 'words'] as const).map((stance) => ({ value: stance, label: t[stance] }))} />
          <TextArea name="words" label={fill(t.words_label, { limit: 300 })} hint={t.words_hint} rows={3} />
          <ButtonRow><Button>{t.opinion_button}</Button></ButtonRow>
        </Form>
      )}
      {opinions.length > 0 && <ul class="talk">{opinions.map((one) => <OpinionLine one={one} parts={parts} />)}</ul>}
      {stairs.length > 0 && (
        <details>
          <summary class="tap">{t.stairs}</summary>
          <LedgerTable caption={t.stairs} caption_hidden rows={stairs} columns={[
            { key: 'name', title: t.stair, lead: true }, { key: 'dwellings', title: t.dwellings, type: 'number' },
            { key: 'for', title: t.consent, type: 'number', cell: (one) => `${Math.round((one.for / one.dwellings) * 100)}% (${one.for})` }, { key: 'against', title: t.against, type: 'number' },
            { key: 'pledged', title: t.pledged_dwellings, type: 'number' }, { key: 'paid', title: t.paid_dwellings, type: 'number' },
          ]} />
          <p class="hint">{fill(t.stairs_hint, { fewest: FEWEST })}</p>
        </details>
      )}
    </Card>
  );
}

function ListCards({ shown, t, locale }: Parts): JSX.Element | null {
  const { code, row, list, gifts, can, plan } = shown;
  if (plan === null) return null;
  const path = `/e/${code}/projects/${row.project_id}`;
  return (
    <>
      {row.sources.some((one) => one.source === 'households') && (
        <Card title={t.list} id="list">
          <p class="hint">{shown.counts.dwellings < FEWEST ? t.list_few : t.list_hint}</p>
          {list.length > 0 && <details open={list.length <= 12}><summary class="tap">{fill(t.list_all, { count: list.length })}</summary><LedgerTable caption={t.list} caption_hidden rows={list} csv={csvTwin(`${path}/list`)} columns={[
            { key: 'alias', title: t.alias, lead: true, cell: (one) => <>{one.alias}{one.mine && <> <Chip>{t.mine}</Chip></>}</> }, { key: 'group', title: t.building },
            { key: 'pledged', title: t.pledged, type: 'money' }, { key: 'paid', title: t.paid, type: 'money' }, { key: 'paid_back', title: t.paid_back, type: 'money' },
          ]} /></details>}
          {can.read_households && <p><a href={`${path}/dwellings.csv`}>{t.by_dwelling}</a></p>}
        </Card>
      )}
      {gifts.length > 0 && (
        <Card title={t.givers} id="givers">
          <LedgerTable caption={t.givers} caption_hidden rows={gifts} rowState={(one) => (one.reversed ? 'muted' : undefined)} columns={[
            { key: 'name', title: t.giver, lead: true, cell: (one) => <>{shownDonor(one) ?? t.anonymous}{can.post_receipt && shownDonor(one) !== one.name && one.name !== null && <small class="hint"> {fill(t.office_sees, { name: one.name })}</small>}</> },
            { key: 'source', title: t.source, cell: (one) => sourceNames[one.source][locale] }, { key: 'entry_date', title: t.date, type: 'date', cell: (one) => formatDate(one.entry_date, locale) }, { key: 'amount', title: t.amount, type: 'money' },
            { key: 'number', title: t.entry, cell: (one) => <><a href={`/e/${code}/journal/${one.entry}`}>{one.number}</a>{one.reversed && <> <Chip tone="amber">{t.reversed}</Chip></>}</> },
          ]} />
        </Card>
      )}
    </>
  );
}

function SiteCards({ shown: { site, quotes, outside, code }, t, locale }: Parts): JSX.Element {
  return (
    <>
      {site.length > 0 && (
        <Card title={t.site} id="site">
          <LedgerTable caption={t.site} caption_hidden rows={site} columns={[
            { key: 'site_id', title: t.note, lead: true, cell: (one) => <>{one.report} {one.defect !== null && <small class="hint">{fill(t.site_of, { number: one.defect })}</small>}</> },
            { key: 'kind', title: t.kind, cell: (one) => <><Chip tone={one.kind === 'defect' ? (one.open ? 'red' : 'plain') : one.kind === 'progress' ? 'plain' : 'ok'}>{t[`site_${one.kind}`]}</Chip>{one.open && <> <Chip tone="red">{t.site_open}</Chip></>} <small class="hint">{fill(t.site_of, { number: one.site_id })}</small></> },
            { key: 'body', title: t.who, cell: (one) => (locale === 'zh' ? one.body_zh : one.body_en) }, { key: 'reported_at', title: t.date, type: 'date', cell: (one) => formatInstant(one.reported_at, locale) },
          ]} />
        </Card>
      )}
      {quotes.length > 0 && (
        <Card title={t.quotes} id="quotes">
          <LedgerTable caption={t.quotes} caption_hidden rows={quotes} columns={[
            { key: 'bidder', title: t.bidder, lead: true }, { key: 'amount', title: t.amount, type: 'money' }, { key: 'entered_on', title: t.date, type: 'date', cell: (one) => formatDate(one.entered_on, locale) },
            { key: 'sha256', title: t.file, cell: (one) => <a href={`/e/${code}/vouchers/${one.sha256}`}>{t.see}</a> },
          ]} />
        </Card>
      )}
      {outside.length > 0 && (
        <Card title={t.outside_title} id="outside" tone="amber">
          <p class="hint">{t.outside_hint}</p>
          <LedgerTable caption={t.outside_title} caption_hidden rows={outside} columns={[
            { key: 'note', title: t.note, lead: true }, { key: 'source', title: t.source, cell: (one) => sourceNames[one.source][locale] }, { key: 'amount', title: t.amount, type: 'money' }, { key: 'noted_on', title: t.date, type: 'date', cell: (one) => formatDate(one.noted_on, locale) },
          ]} />
        </Card>
      )}
    </>
  );
}

function OfficeCard({ shown, t, locale }: Parts): JSX.Element | null {
  const { code, row, can, plan, underway, milestones, contracts, report } = shown;
  const path = `/e/${code}/projects/${row.project_id}`;
  const running = plan !== null && report === null;
  const links: [boolean, string, string][] = [
    [can.propose && plan === null && underway === null, 'open', t.open_project], [can.post_receipt && running, 'gift', t.enter_gift], [can.draft_order && running, 'quote', t.enter_quote],
    [can.propose && running && underway === null, 'contract', t.make_contract], [can.report_site && running && contracts.length > 0, 'site', t.report_site],
    [can.propose && running && underway === null && contracts.some((one) => one.accepted_on === null), 'accept', t.accept], [can.propose && running && underway === null, 'finish', t.finish],
    [can.post_receipt, 'outside', t.note_outside], [can.read_households && report !== null, 'back', t.give_back],
  ];
  const shownLinks = links.filter(([visible]) => visible);
  const payable = !can.draft_order || !running ? [] : milestones.filter((one) => one.state === 'due').flatMap((one) => one.shares
    .filter((share) => money(share.amount).greaterThan(money(share.asked))).map((share) => ({ one, share, left: moneyText(minus(money(share.amount), money(share.asked))), source: row.sources.find((source) => source.source === share.source)! })));
  if (shownLinks.length === 0) return null;
  return (
    <Card title={t.work} id="work">
      <ul class="rows">{shownLinks.map(([, step, label]) => <li><a class="row" href={`${path}/${step}`}>{label} <span aria-hidden="true">›</span></a></li>)}</ul>
      {payable.length > 0 && <h3>{t.pay_milestone}</h3>}
      {payable.map(({ one, share, left, source }) => {
        const free = minus(money(source.balance), money(source.asked));
        return (
          <p>{one.name}：{free.lessThan(money(left)) ? fill(t.pay_short, { source: sourceNames[share.source][locale], balance: figures(moneyText(free)), missing: figures(moneyText(minus(money(left), free))) })
            : <a href={withQuery(`/e/${code}/orders/new`, { kind: 'payment', fund: source.fund, account: '5113', amount: left, milestone: String(one.milestone), payee: String(contracts.find((contract) => contract.contract === one.contract)!.payee_id),
              purpose: fill(t.pay_purpose, { title: row.title_zh ?? '', name: one.name }) })}>{fill(t.pay_one, { source: sourceNames[share.source][locale], amount: figures(left) })}</a>}</p>
        );
      })}
    </Card>
  );
}

function ReportCard({ shown: { report, code, row, can }, t, locale }: Parts): JSX.Element | null {
  if (report === null) return null;
  return (
    <Card title={t.final} id="final" tone="ok">
      <p>{fill(t.final_text, { date: formatDate(report.finished_on, locale) })} <a href={`/e/${code}/proposals/${report.proposal_id}`}>{fill(t.proposal, { number: report.proposal_id })}</a></p>
      <LedgerTable caption={t.final} caption_hidden rows={report.rests} columns={[
        { key: 'source', title: t.source, lead: true, cell: (one) => sourceNames[one.source as keyof typeof sourceNames][locale] }, { key: 'received', title: t.received, type: 'money' }, { key: 'spent', title: t.spent, type: 'money' }, { key: 'rest', title: t.rest_amount, type: 'money' },
        { key: 'left', title: t.left, type: 'money', cell: (one) => figures(row.sources.find((source) => source.source === one.source)?.balance ?? '0.00') },
      ]} />
      {can.draft_order && report.rests.filter((one) => one.source !== 'households').map((one) => {
        const source = row.sources.find((found) => found.source === one.source)!;
        const left = minus(money(source.balance), money(source.asked));
        return left.greaterThan(0) && <p><a href={withQuery(`/e/${code}/orders/new`, { kind: 'refund', fund: source.fund, account: sourceAccounts[source.source], amount: moneyText(left), purpose: fill(t.refund_purpose, { title: row.title_zh ?? '' }) })}>
          {t.back_order}：{sourceNames[source.source][locale]} {figures(moneyText(left))}</a></p>;
      })}
    </Card>
  );
}

function AboutCard({ shown: { row, plan, code, underway }, t, locale }: Parts): JSX.Element {
  const shared = plan === null ? '' : plan.share_rule === 'none' ? t.share_none : fill(plan.share_rule === 'fixed' ? t.share_fixed : t.share_per_m2, { share: figures(plan.share!) });
  return (
    <Card>
      <p><StageChip stage={row.stage} locale={locale} /> {kindNames[row.kind][locale]} · {fill(t.number, { number: row.project_id })}{row.from_owner && ` · ${t.from_owner}`}</p>
      <p>{row.text ?? t.erased_text}</p>
      {plan !== null && <DescriptionList items={[
        { term: t.purpose, value: plan.purpose }, { term: t.share, value: shared }, { term: t.deadline, value: formatDate(plan.deadline, locale) },
        { term: t.signed, value: <a href={`/e/${code}/proposals/${plan.proposal_id}`}>{fill(t.proposal, { number: plan.proposal_id })}</a> },
      ]} />}
      {underway !== null && <Notice tone="info"><a href={`/e/${code}/proposals/${underway.proposal_id}`}>{fill(t.underway, { number: underway.proposal_id, step: t[`step_${underway.step as 'open'}`] })}</a></Notice>}
      <p class="screen-only"><a href={withQuery(`/e/${code}/inquiries/new`, { subject: `project:${row.project_id}` })}>{locale === 'zh' ? '对这个项目提问' : 'Ask about this project'}</a></p>
    </Card>
  );
}

export function progressPage(frame: Frame, shown: ProgressShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const parts: Parts = { shown, csrf: frame.session?.csrf, t, locale };
  return page({
    ...frame, title: titleOf(shown.row, t, locale), crumbs: [{ href: `/e/${shown.code}/projects`, label: t.title }],
    body: (
      <>
        <MoneyCard {...parts} />
        <WorkCardOf {...parts} />
        <PictureCard {...parts} />
        <ReportCard {...parts} />
        <AboutCard {...parts} />
        <OfficeCard {...parts} />
        <HomeCard {...parts} />
        <OpinionCard {...parts} />
        <SiteCards {...parts} />
        <ListCards {...parts} />
      </>
    ),
  });
}
