// The page on which a proposal is signed (phone first, see the mock): what is asked, what changed, what was
// checked, who has signed and who is missing, the vouchers, then the decision. At a desk the vouchers stand
// beside it.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import type { Frame } from '../web/frame.ts';
import { formatDay } from '../web/locale.ts';
import { Card, Checks, Notice, type Check, type Children } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { VoucherList, VoucherView, type VoucherItem } from '../web/vouchers.tsx';
import { ChangesCard } from './change-list.tsx';
import { ActionBar, DecisionCard, NextCard, ShareLine, type Deciding } from './decision.tsx';
import { FactsCard, LinesCard, RulesCard, wordsIn } from './facts.tsx';
import type { Subject } from './view.ts';
import type { texts } from './texts.ts';
import { SignaturesCard } from './timeline.tsx';
import type { Kind } from './kinds.ts';

export { timelineOf } from './timeline.tsx';

export interface ProposalShown extends Subject, Deciding {
  code: string;
  officer: boolean;
  view: Subject['view'];
  checks: Check[];
  /** Objections and comments. */
  talk?: Children;
  /** What officers compare with: an invoice file, say. */
  beside?: Children;
  /** Whether the texts of others may be erased by whoever reads. */
  may_erase?: boolean | undefined;
}

const itemsOf = ({ code, vouchers }: ProposalShown): VoucherItem[] =>
  vouchers.map((voucher) => ({ ...voucher, href: `/e/${code}/vouchers/${voucher.sha256}` }));

/** Where it stands: approved and waiting for the bank, announced, objected to. */
function Standing({ shown, locale }: { shown: ProposalShown; locale: Locale }): JSX.Element {
  const t = wordsIn(locale);
  const { view, code } = shown;
  const open = ['submitted', 'held', 'approved'].includes(view.state);
  const announced = open && view.payable_from !== null && view.submitted_at !== null && view.waits === 'order_in_notice';
  return (
    <>
      {view.state === 'approved' && view.waits === null && (
        <Notice tone="ok">{['payment', 'refund'].includes(view.kind) ? t.approved_payment : t.approved_other}</Notice>
      )}
      {view.state === 'held' && <Notice tone="amber">{t.held}</Notice>}
      {announced && <Notice tone="info">{fill(t.in_notice, { day: formatDay(view.payable_from!, locale) })}</Notice>}
      {open && view.objections > 0 && (
        <Notice tone="amber" action={shown.talk === undefined ? undefined : { href: `/e/${code}/proposals/${view.proposal_id}#talk`, label: t.see_objections }}>
          {fill(t.objections, { count: view.objections })}
        </Notice>
      )}
    </>
  );
}

const titles: Record<Kind, keyof typeof texts> = {
  payment: 'title_payment', refund: 'title_refund', transfer: 'title_transfer', reversal: 'title_reversal', close: 'title_close',
  budget: 'title_budget', rule: 'title_rule', membership: 'title_membership', delegation: 'title_delegation', disclosure: 'title_disclosure',
  log_key: 'title_log_key', bank_account: 'title_bank_account', mandate: 'title_mandate', fee_rule: 'title_fee_rule', waiver: 'title_waiver',
  subsidy: 'title_subsidy', subsidy_batch: 'title_subsidy_batch', handover: 'title_handover', takeover: 'title_takeover',
  final_account: 'title_final_account', project: 'title_project', resolution: 'title_resolution', body_form: 'title_body_form', opening: 'title_opening',
};

export function proposalPage(frame: Frame, shown: ProposalShown): string {
  const { locale } = frame;
  const t = wordsIn(locale);
  const { view, code, checks, officer } = shown;
  const vouchers = itemsOf(shown);
  const next = <NextCard deciding={shown} locale={locale} />;
  return page({
    ...frame, title: t[titles[view.kind]], crumbs: officer ? [{ href: `/e/${code}/queue`, label: t.queue }] : [],
    body: (
      <div class={vouchers.length > 0 ? 'sign-page with-vouchers' : 'sign-page'}>
        <div class="sign-top">
          {shown.done && next}
          <FactsCard subject={shown} locale={locale} />
          <Standing shown={shown} locale={locale} />
        </div>
        <div class="sign-rest">
          <div class="sign-facts">
            <ChangesCard subject={shown} locale={locale} />
            <RulesCard subject={shown} locale={locale} />
            <LinesCard subject={shown} locale={locale} />
            {checks.length > 0 && <Card title={t.checked}><Checks items={checks} /></Card>}
            {shown.beside}
            <SignaturesCard shown={shown} locale={locale} />
            {shown.talk !== undefined && <div id="talk">{shown.talk}</div>}
          </div>
          {vouchers.length > 0 && (
            <div class="sign-vouchers">
              <Card title={t.vouchers} id="vouchers">
                {vouchers.length > 1 && <VoucherList vouchers={vouchers} />}
                <VoucherView {...vouchers[0]!} />
              </Card>
            </div>
          )}
          <div class="sign-decision">
            <DecisionCard deciding={shown} csrf={frame.session?.csrf} locale={locale} />
            {!shown.done && next}
            {view.signatures.length > 0 && (
              <p><a class="tap" download href={`/api/v1/estates/${code}/proposals/${view.proposal_id}/evidence.json`}>{t.evidence}</a></p>
            )}
            <ShareLine deciding={shown} locale={locale} />
            {!officer && <p class="screen-only"><a class="tap" href={`/e/${code}/inquiries/new?subject=proposal:${view.proposal_id}`}>{locale === 'zh' ? '就这张单子提问' : 'Ask about this'}</a></p>}
          </div>
          <ActionBar deciding={shown} locale={locale} />
        </div>
      </div>
    ),
  });
}
