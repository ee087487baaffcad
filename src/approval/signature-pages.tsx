// Who signed for a payment (谁签的字), for whoever lives here: one sentence that anybody understands, then each
// signature with how it was made and what that is worth, the rule, and the evidence to take along.
import type { JSX } from 'preact';
import { businessDate } from '../kernel/dates.ts';
import { fill, type Locale } from '../kernel/locale.ts';
import { money, moneyFigures } from '../kernel/money.ts';
import type { Verified } from '../proof/signatures.ts';
import { Amount } from '../web/amount.tsx';
import { ButtonRow } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { formatDate, formatDay, formatInstant, pick } from '../web/locale.ts';
import { ActionLink, Card, Chip, DescriptionList, Notice } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { personName, ruleIn } from './facts.tsx';
import type { SignerRow } from './queries.ts';
import { signatureTexts } from './signature-texts.ts';
import { officeWord } from './texts.ts';
import type { BookedEntry, Names, ProposalView } from './view.ts';
import { isAnnounced } from './waiting.ts';

export interface SignaturesShown {
  code: string;
  view: ProposalView;
  names: Names;
  entry: BookedEntry & { description: string; amount: string };
  verified: Verified;
}

const tOf = (locale: Locale) => pick(signatureTexts, locale);
type T = ReturnType<typeof tOf>;
const bodyIn = (row: SignerRow, locale: Locale): string => (locale === 'zh' ? row.name_zh : row.name_en);

/** 物业公司项目经理马经理 */
function whoIn(row: SignerRow, names: Names, locale: Locale): string {
  const t = tOf(locale);
  const facts = { body: bodyIn(row, locale), office: officeWord(row.office, locale), name: personName(names, row.person_id, locale) };
  return row.on_behalf_of === null ? fill(t.person, facts)
    : fill(t.deputy, { ...facts, principal: personName(names, row.on_behalf_of, locale) });
}

const listed = (rows: readonly SignerRow[], names: Names, locale: Locale): string => {
  const t = tOf(locale);
  return rows.map((row) => fill(t.signed, {
    who: whoIn(row, names, locale), day: formatDay(businessDate(row.signed_at), locale), method: t[`short_${row.method}`],
  })).join(locale === 'zh' ? '，' : ', ');
};

const doneWord = (kind: string, t: T): string =>
  ({ payment: t.done_payment, refund: t.done_refund, reversal: t.done_reversal } as Record<string, string>)[kind] ?? t.done_transfer;

/** 这笔 7,000.00 元，物业公司项目经理马经理 11月3日用签批密码签了，…，两方都签齐后才付。 */
export function plainSentence({ view, names, entry }: Pick<SignaturesShown, 'view' | 'names' | 'entry'>, locale: Locale): string {
  const t = tOf(locale);
  const approvals = view.signatures.filter((row) => row.decision === 'approve');
  const ratifying = view.signatures.filter((row) => row.decision === 'ratify');
  const bodies = new Set(approvals.map((row) => row.body)).size;
  const all = ({ 1: t.all_1, 2: t.all_2, 3: t.all_3 } as Record<number, string>)[bodies] ?? t.all_n;
  const emergency = view.class === 'emergency';
  const said = fill(emergency ? t.sentence_emergency : t.sentence, {
    amount: moneyFigures(money(entry.amount)), signed: listed(approvals, names, locale), all, done: doneWord(view.kind, t),
  });
  if (!emergency) return said;
  const after = ratifying.length === 0 ? '' : fill(t.ratified, { signed: listed(ratifying, names, locale) });
  const end = view.ratified_at !== null ? t.ratified_whole
    : view.ratify_by === null ? '' : fill(t.ratified_late, { day: formatDate(view.ratify_by, locale) });
  return [said, after, end].filter((part) => part !== '').join(locale === 'zh' ? '' : ' ');
}

function SignatureCard({ row, names, locale }: { row: SignerRow; names: Names; locale: Locale }): JSX.Element {
  const t = tOf(locale);
  const strong = row.method === 'passkey';
  return (
    <Card title={<>{bodyIn(row, locale)} · {officeWord(row.office, locale)} · {personName(names, row.person_id, locale)}</>}>
      <DescriptionList items={[
        { term: t.when, value: formatInstant(row.signed_at, locale) },
        { term: t.how, value: <>{t[`short_${row.method}`]} <Chip tone={strong ? 'ok' : 'amber'}>{strong ? t.strong : t.weak}</Chip></> },
        row.on_behalf_of !== null && { term: t.whose_vote, value: fill(t.behalf, {
          delegate: personName(names, row.person_id, locale), principal: personName(names, row.on_behalf_of, locale),
        }) },
        row.reason !== '' && { term: t.note, value: row.reason },
      ]} />
      <p class="hint">{strong ? t.why_strong : t.why_weak}</p>
    </Card>
  );
}

function Checked({ verified, locale }: { verified: Verified; locale: Locale }): JSX.Element {
  const t = tOf(locale);
  const { strong, weak } = verified;
  const found = strong === 0 ? t.checked_weak : weak === 0 ? t.checked_strong : t.checked_mixed;
  if (verified.ok) return <Notice tone={strong === 0 ? 'info' : 'ok'}>{fill(found, { strong, weak })}</Notice>;
  return <Notice tone="alarm" title={t.checked_wrong}><ul>{verified.findings.map((one) => <li>{one.text[locale]} <code>{one.where}</code></li>)}</ul></Notice>;
}

export function signaturesPage(frame: Frame, shown: SignaturesShown): string {
  const { locale } = frame;
  const t = tOf(locale);
  const { code, view, names, entry, verified } = shown;
  const number = fill(t.of_entry, { period: entry.period, number: entry.number });
  return page({
    ...frame, title: t.title, crumbs: [{ href: `/e/${code}/journal/${entry.seq}`, label: fill(t.back, { number }) }],
    body: (
      <>
        <Card title={t.in_short}>
          <p class="plain-words">{plainSentence(shown, locale)}</p>
          <p>{entry.description} · <Amount value={entry.amount} yuan redletter={entry.amount.startsWith('-')} /></p>
        </Card>
        <h2>{t.signers}</h2>
        {view.signatures.map((row) => <SignatureCard row={row} names={names} locale={locale} />)}
        <Card title={t.rule}>
          <DescriptionList items={[
            view.rule !== null && { term: t.rule_term, value: ruleIn(view.rule, names, locale) },
            view.class === 'emergency' && view.full_rule !== null && { term: t.rule_full, value: ruleIn(view.full_rule, names, locale) },
            isAnnounced(view) && { term: t.announced, value: fill(t.announced_from_to, {
              from: formatDate(businessDate(view.submitted_at!), locale), to: formatDate(view.payable_from!, locale),
            }) },
            { term: t.proposal, value: <a href={`/e/${code}/proposals/${view.proposal_id}`}>{fill(t.proposal_no, { proposal: view.proposal_id })}</a> },
            view.fingerprint !== null && { term: t.check_words, value: view.fingerprint[locale] },
          ]} />
          <p class="hint">{t.rule_hint}</p>
        </Card>
        <Card title={t.evidence} id="evidence" actions={
          <ButtonRow><ActionLink href={`/api/v1/estates/${code}/proposals/${view.proposal_id}/evidence.json`} download>{t.download}</ActionLink></ButtonRow>}>
          <Checked verified={verified} locale={locale} />
          <p>{t.evidence_hint}</p>
        </Card>
      </>
    ),
  });
}
