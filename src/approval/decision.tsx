// The decision on a proposal: first with a passkey, else with the signing password; or back to the maker, on hold,
// rejected. Two forms, because a passkey signs by script (web/assets/sign.ts) and everything else without:
// whoever presses its button without scripts is told so by the server. On a phone the first choice stays
// within the thumb's reach, and whoever has signed goes on to the next.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { assetUrl } from '../web/assets.ts';
import { Button, ButtonRow, Form, HiddenToken, TextArea, TextField } from '../web/forms.tsx';
import { formatDay } from '../web/locale.ts';
import { ActionLink, Card, Notice } from '../web/parts.tsx';
import { wordsIn } from './facts.tsx';
import type { StepName } from './reason.ts';
import { titleIn, type Titled } from './texts.ts';
import type { ProposalView } from './view.ts';
import type { Decision } from './kinds.ts';

export interface Deciding {
  code: string;
  view: ProposalView;
  person_id: string;
  /** Why this person may not sign; null when they may. */
  why_not: string | null;
  /** What their signature would say; `on_behalf_of` is a name. */
  seat: { decision: 'approve' | 'ratify'; on_behalf_of: string | null } | null;
  steps: StepName[];
  passkey: { kind: 'usable' } | { kind: 'none' } | { kind: 'elsewhere'; address: string | null };
  password: { set: boolean; code: 'asked' | 'unset' | 'not_needed' };
  /** What waits for this person next. */
  next: (Titled & { proposal_id: number; count: number }) | null;
  /** Just signed: the page says what comes next. */
  done: boolean;
  officer: boolean;
  form: { form_key: string; values: Record<string, string>; errors: Record<string, string> };
}

const PASSKEY = 'passkey';
const REASON = 'decision-reason';
const stepLabels: Record<StepName, 'return' | 'hold' | 'release' | 'withdraw'> =
  { return: 'return', hold: 'hold', release: 'release', withdraw: 'withdraw' };

function labelOf(step: StepName, { view, person_id }: Deciding, locale: Locale): string {
  const t = wordsIn(locale);
  if (step === 'withdraw' && view.state === 'approved') return t.cancel;
  if (step === 'return' && view.made_by === person_id) return t.take_back;
  return t[stepLabels[step]];
}

const addressOf = ({ code, view }: Deciding): string => `/e/${code}/proposals/${view.proposal_id}`;

/** The form whose buttons sign by passkey; they may stand anywhere on the page. */
function PasskeyForm({ deciding, csrf, locale }: { deciding: Deciding; csrf: string | undefined; locale: Locale }): JSX.Element {
  const t = wordsIn(locale);
  const { code, view } = deciding;
  return (
    <form id={PASSKEY} method="post" action={addressOf(deciding)} data-sign data-reason-of={REASON}
      data-api={`/api/v1/estates/${code}/proposals/${view.proposal_id}`} data-busy={t.busy} data-cancelled={t.cancelled} data-late={t.late}
      data-place={t.place} data-device={t.device} data-offline={t.offline} data-unsupported={t.unsupported}>
      <HiddenToken name="document_hash" value={view.document_hash ?? ''} />
      {csrf !== undefined && <HiddenToken name="csrf" value={csrf} />}
    </form>
  );
}

const PasskeyButton = ({ decision, kind, children }: { decision: Decision; kind?: 'danger'; children: string }): JSX.Element => (
  <button type="submit" form={PASSKEY} class={kind === undefined ? 'btn' : `btn ${kind}`} name="step" value={`passkey_${decision}`}>{children}</button>
);

const Said = (): JSX.Element => <p class="said" role="status" data-said-of={PASSKEY} />;

function PasskeyPart({ deciding, locale }: { deciding: Deciding; locale: Locale }): JSX.Element {
  const t = wordsIn(locale);
  const { passkey, seat, view } = deciding;
  if (passkey.kind === 'usable') {
    return (
      <div class="from-desk">
        <PasskeyButton decision={seat!.decision}>{seat!.decision === 'ratify' ? t.passkey_ratify : t.passkey_approve}</PasskeyButton>
        <p class="hint">{t.passkey_hint}</p>
        <Said />
      </div>
    );
  }
  return (
    <p class="hint">
      {view.rule?.passkey_only === true && <>{t.passkey_only} </>}
      {passkey.kind === 'none' ? <>{t.passkey_none} <a href="/me/passkeys">{t.passkey_enrol}</a></>
        : passkey.address === null ? t.passkey_nowhere
          : <>{fill(t.passkey_place, { address: passkey.address })} <a href={`${passkey.address}${addressOf(deciding)}`}>{passkey.address}</a></>}
    </p>
  );
}

/** Why the password does not do, when it does not. */
function passwordOff({ password, view, seat }: Deciding, locale: Locale): string | null {
  const t = wordsIn(locale);
  const rule = seat?.decision === 'ratify' ? view.full_rule : view.rule;
  if (rule?.passkey_only === true) return t.passkey_only;
  if (!password.set) return t.password_unset;
  return password.code === 'unset' ? t.code_unset : null;
}

function PasswordPart({ deciding, locale }: { deciding: Deciding; locale: Locale }): JSX.Element {
  const t = wordsIn(locale);
  const { seat, passkey, password } = deciding;
  const off = passwordOff(deciding, locale);
  const label = seat!.decision === 'ratify' ? t.password_ratify : t.password_approve;
  return (
    <>
      {passkey.kind === 'usable' && <h3>{t.or_password}</h3>}
      {off === null && <TextField name="password" type="password" label={t.password} hint={t.password_weak} autocomplete="off" required />}
      {off === null && password.code === 'asked' && (
        <TextField name="code" label={t.code} hint={t.code_hint} autocomplete="one-time-code" input_mode="numeric" short required />
      )}
      <ButtonRow>
        <Button name="step" value={seat!.decision} kind={passkey.kind === 'usable' ? 'alt' : 'primary'} why_not={off ?? undefined}>{label}</Button>
      </ButtonRow>
      {off !== null && <p><a class="tap" href="/me">{t.my_account}</a></p>}
    </>
  );
}

function OtherSteps({ deciding, locale }: { deciding: Deciding; locale: Locale }): JSX.Element | null {
  const t = wordsIn(locale);
  const { steps, seat, passkey, password } = deciding;
  const rejects = seat?.decision === 'approve';
  if (!rejects && steps.length === 0) return null;
  const by_password = rejects && password.set && password.code !== 'unset';
  return (
    <>
      <h3>{rejects ? t.otherwise : t.other_steps}</h3>
      <TextArea name="reason" label={t.reason} hint={t.reason_hint} rows={2} />
      <ButtonRow>
        {steps.map((step) => <Button name="step" value={step} kind="alt">{labelOf(step, deciding, locale)}</Button>)}
        {rejects && passkey.kind === 'usable' && <PasskeyButton decision="reject" kind="danger">{t.passkey_reject}</PasskeyButton>}
        {by_password && <Button name="step" value="reject" kind="danger">{passkey.kind === 'usable' ? t.password_reject : t.reject}</Button>}
      </ButtonRow>
      {rejects && <p class="hint">{t.reject_hint}</p>}
    </>
  );
}

export function DecisionCard({ deciding, csrf, locale }: { deciding: Deciding; csrf: string | undefined; locale: Locale }): JSX.Element | null {
  const t = wordsIn(locale);
  const { view, why_not, steps, form, seat } = deciding;
  const open = ['submitted', 'held'].includes(view.state);
  // Owners read what is announced; there is nothing for them to sign.
  if (!deciding.officer || (!open && seat === null && steps.length === 0)) return null;
  return (
    <Card title={t.decide} id="decide">
      {seat?.on_behalf_of !== null && seat?.on_behalf_of !== undefined && <Notice tone="amber">{fill(t.behalf, { name: seat.on_behalf_of })}</Notice>}
      {seat?.decision === 'ratify' && view.ratify_by !== null && <p>{fill(t.ratify_lede, { day: formatDay(view.ratify_by, locale) })}</p>}
      {seat !== null && deciding.passkey.kind === 'usable' && <PasskeyForm deciding={deciding} csrf={csrf} locale={locale} />}
      {seat !== null && <PasskeyPart deciding={deciding} locale={locale} />}
      <Form action={addressOf(deciding)} csrf={csrf} values={form.values} errors={form.errors} id="decision">
        {view.document_hash !== null && <HiddenToken name="document_hash" value={view.document_hash} />}
        {seat !== null && <PasswordPart deciding={deciding} locale={locale} />}
        {seat === null && open && <ButtonRow><Button why_not={view.state === 'held' ? t.held : why_not ?? ''}>{t.approve}</Button></ButtonRow>}
        <OtherSteps deciding={deciding} locale={locale} />
      </Form>
    </Card>
  );
}

/** What comes next for whoever has nothing to decide here. */
export function NextCard({ deciding, locale }: { deciding: Deciding; locale: Locale }): JSX.Element | null {
  const t = wordsIn(locale);
  const { next, seat, done, code, officer } = deciding;
  if (!officer || seat !== null || (next === null && !done)) return null;
  return (
    <Card id="next">
      {next === null ? <p>{t.none_left}</p> : (
        <>
          <p class="hint">{fill(t.next_of, { count: next.count })}</p>
          <p><ActionLink href={`/e/${code}/proposals/${next.proposal_id}`}>{fill(t.next_title, { title: titleIn(next, locale) })}</ActionLink></p>
        </>
      )}
      <p><a class="tap" href={`/e/${code}/queue`}>{t.back_to_queue}</a></p>
    </Card>
  );
}

/** On a phone: the first choice, in reach as soon as what is asked has gone by. */
export function ActionBar({ deciding, locale }: { deciding: Deciding; locale: Locale }): JSX.Element | null {
  const t = wordsIn(locale);
  const { seat, passkey } = deciding;
  if (seat === null) return null;
  return (
    <div class="action-bar">
      {passkey.kind === 'usable' ? (
        <>
          <Said />
          <div class="pair">
            <PasskeyButton decision={seat.decision}>{seat.decision === 'ratify' ? t.passkey_ratify : t.passkey_approve}</PasskeyButton>
            <a class="btn alt" href="#decide">{t.others}</a>
          </div>
        </>
      ) : <a class="btn" href="#decide">{t.to_decide}</a>}
    </div>
  );
}

/** The page's address for a colleague; it asks for a login. With the script that signs. */
export function ShareLine({ deciding, locale }: { deciding: Deciding; locale: Locale }): JSX.Element {
  const t = wordsIn(locale);
  return (
    <p class="share">
      <button type="button" class="btn small alt" data-share={addressOf(deciding)} data-copied={t.copied} aria-controls="share-said" hidden>{t.share}</button>
      <small class="hint">{t.share_hint}</small>
      <small class="hint" id="share-said" role="status" />
      <script type="module" src={assetUrl('sign.js')} />
    </p>
  );
}
