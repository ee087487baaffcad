// One journal entry (记账凭证) with all that belongs to it: lines, who signed, what is attached, what was
// asked, its place in the log, and the way to question or to reverse it.
import type { JSX } from 'preact';
import { EmergencyChip } from '../approval/emergency.tsx';
import { saidText, type Said } from '../evidence/personal-value.ts';
import { fill, type Locale } from '../kernel/locale.ts';
import { Amount } from '../web/amount.tsx';
import { officeName, type Frame } from '../web/frame.ts';
import { formatDate, formatInstant, formatPeriod } from '../web/locale.ts';
import {
  ActionLink,
  Card,
  Chip,
  Columns,
  DescriptionList,
  Notice,
  RowList,
  Timeline,
} from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { LedgerTable } from '../web/tables.tsx';
import { VoucherList } from '../web/vouchers.tsx';
import { nameOf, textsIn, unlessZero } from './journal-pages.tsx';
import type { Entry } from './entry-queries.ts';

export interface InquiryLine {
  inquiry_id: number;
  question: Said;
  answered: boolean;
}
export interface EntryShown {
  code: string;
  entry: Entry;
  payee: string | null;
  inquiries: readonly InquiryLine[];
  /** False for a reader who may not open vouchers that show personal data. */
  sees_all_vouchers: boolean;
  may_ask: boolean;
  may_propose: boolean;
}

function EntryNotices({
  code,
  entry,
  locale,
}: {
  code: string;
  entry: Entry;
  locale: Locale;
}): JSX.Element {
  const t = textsIn(locale);
  const link = (seq: number) => ({ href: `/e/${code}/journal/${seq}`, label: t.see });
  const full = ({ period, number }: { period: string; number: string }): string =>
    `${period} ${number}`;
  return (
    <>
      {entry.reverses !== null && (
        <Notice tone="info" action={link(entry.reverses.seq)}>
          {fill(t.reverses_this, { number: full(entry.reverses) })}
        </Notice>
      )}
      {entry.reversed_by !== null && (
        <Notice tone="amber" action={link(entry.reversed_by.seq)}>
          {fill(t.reversed_by_this, { number: full(entry.reversed_by) })}
        </Notice>
      )}
      {entry.reversal_proposal !== null && (
        <Notice
          tone="amber"
          action={{ href: `/e/${code}/proposals/${entry.reversal_proposal}`, label: t.see }}
        >
          {t.reversal_waits}
        </Notice>
      )}
    </>
  );
}

export function PostingTable({
  entry,
  code,
  locale,
}: {
  entry: Pick<Entry, 'postings' | 'reverses'>;
  code: string;
  locale: Locale;
}): JSX.Element {
  const t = textsIn(locale);
  const has_units = entry.postings.some((line) => line.unit !== null);
  const red = (amount: string): JSX.Element => (
    <Amount value={unlessZero(amount)} redletter={amount.startsWith('-')} />
  );
  return (
    <LedgerTable
      caption={t.postings}
      rows={entry.postings}
      columns={[
        {
          key: 'account',
          title: t.account,
          lead: true,
          cell: (line) => (
            <a href={`/e/${code}/accounts/${line.account}`}>
              {line.account} {locale === 'zh' ? line.account_zh : line.account_en}
            </a>
          ),
        },
        {
          key: 'fund',
          title: t.fund,
          cell: (line) => (locale === 'zh' ? line.fund_zh : line.fund_en),
        },
        ...(has_units ? [{ key: 'unit', title: t.unit, type: 'code' as const }] : []),
        { key: 'debit', title: t.debit, type: 'money', cell: (line) => red(line.debit) },
        { key: 'credit', title: t.credit, type: 'money', cell: (line) => red(line.credit) },
      ]}
    />
  );
}

function EntrySigners({ entry, locale }: { entry: Entry; locale: Locale }): JSX.Element {
  const t = textsIn(locale);
  if (entry.signers.length === 0) return <p>{t.no_signatures}</p>;
  return (
    <Timeline
      steps={entry.signers.map((one) => ({
        state: one.decision === 'reject' ? ('rejected' as const) : ('done' as const),
        ...(one.decision === 'ratify' ? { word: t.ratified } : {}),
        title: nameOf(one, locale),
        who: officeName(one.office, locale),
        when: formatInstant(one.signed_at, locale),
        note: one.method === 'passkey' ? t.method_passkey : t.method_password,
      }))}
    />
  );
}

function EntryVouchers({
  code,
  entry,
  sees_all_vouchers,
  locale,
}: EntryShown & { locale: Locale }): JSX.Element {
  const t = textsIn(locale);
  const open = entry.vouchers.filter((one) => sees_all_vouchers || one.audience === 'owners');
  const hidden = entry.vouchers.length - open.length;
  return (
    <Card title={t.vouchers} id="vouchers">
      {(open.length > 0 || hidden === 0) && (
        <VoucherList
          vouchers={open.map((one) => ({ ...one, href: `/e/${code}/vouchers/${one.sha256}` }))}
        />
      )}
      {hidden > 0 && <p class="hint">{fill(t.vouchers_private, { n: hidden })}</p>}
    </Card>
  );
}

function EntryQuestions({
  code,
  entry,
  inquiries,
  may_ask,
  locale,
}: EntryShown & { locale: Locale }): JSX.Element | null {
  const t = textsIn(locale);
  if (inquiries.length === 0 && !may_ask) return null;
  return (
    <Card
      title={t.questions}
      id="questions"
      actions={
        may_ask ? (
          <ActionLink href={`/e/${code}/inquiries/new?about=${entry.seq}`} kind="alt">
            {t.ask}
          </ActionLink>
        ) : undefined
      }
    >
      {inquiries.length > 0 ? (
        <RowList
          rows={inquiries.map((one) => ({
            label: saidText(one.question, locale),
            href: `/e/${code}/inquiries/${one.inquiry_id}`,
            value: (
              <Chip tone={one.answered ? 'ok' : 'amber'}>
                {fill(one.answered ? t.inquiries_done : t.inquiries_open, { n: 1 })}
              </Chip>
            ),
          }))}
        />
      ) : (
        <p class="hint">{t.ask_hint}</p>
      )}
    </Card>
  );
}

export function entryPage(frame: Frame, shown: EntryShown): string {
  const { locale } = frame;
  const t = textsIn(locale);
  const { code, entry } = shown;
  const is_red = entry.reverses !== null;
  const reversible =
    shown.may_propose && !is_red && entry.reversed_by === null && entry.reversal_proposal === null;
  const body = (
    <>
      <EntryNotices code={code} entry={entry} locale={locale} />
      <Columns wide="left">
        <div>
          <Card
            title={t[`kind_${entry.kind}`]}
            actions={
              reversible ? (
                <ActionLink href={`/e/${code}/journal/${entry.seq}/reversal`} kind="alt">
                  {t.reverse}
                </ActionLink>
              ) : undefined
            }
          >
            <DescriptionList
              items={[
                { term: t.date, value: formatDate(entry.entry_date, locale) },
                { term: t.number, value: `${entry.period} ${entry.number}` },
                { term: t.description, value: entry.description },
                entry.emergency !== null && {
                  term: t.emergency,
                  value: (
                    <EmergencyChip
                      order={entry.emergency}
                      today={entry.emergency.today}
                      locale={locale}
                    />
                  ),
                },
                {
                  term: t.amount,
                  value: <Amount value={entry.amount} yuan strong capital redletter={is_red} />,
                },
                shown.payee !== null && { term: t.payee, value: shown.payee },
                entry.reference !== null && { term: t.reference, value: entry.reference },
                entry.proposal_id !== null && {
                  term: t.proposal,
                  value: (
                    <a href={`/e/${code}/proposals/${entry.proposal_id}`}>
                      {fill(t.proposal_no, { n: entry.proposal_id })}
                    </a>
                  ),
                },
                { term: t.recorded_at, value: formatInstant(entry.recorded_at, locale) },
                { term: t.record, value: fill(t.record_no, { seq: entry.seq }) },
                { term: t.leaf_hash, value: <code class="hash">{entry.leaf_hash}</code> },
              ]}
            />
          </Card>
          <PostingTable entry={entry} code={code} locale={locale} />
          <Card
            title={t.signatures}
            id="signatures"
            actions={
              entry.proposal_id === null ? undefined : (
                <a class="tap" href={`/e/${code}/journal/${entry.seq}/signatures`}>
                  {t.who_signed}
                </a>
              )
            }
          >
            <EntrySigners entry={entry} locale={locale} />
          </Card>
        </div>
        <div>
          <EntryVouchers {...shown} locale={locale} />
          <EntryQuestions {...shown} locale={locale} />
        </div>
      </Columns>
    </>
  );
  return page({
    ...frame,
    title: `${entry.number} ${entry.description}`,
    body,
    crumbs: [
      {
        href: `/e/${code}/journal?period=${entry.period}`,
        label: fill(t.journal_of, { period: formatPeriod(entry.period, locale) }),
      },
    ],
  });
}
