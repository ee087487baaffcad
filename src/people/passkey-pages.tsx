// My passkeys: which there are, a new one, taking one away, the recovery codes.
import type { JSX } from 'preact';
import { fill } from '../kernel/locale.ts';
import { useLocale } from '../web/context.ts';
import { Button, ButtonRow, Form, HiddenToken, RadioField, TextField } from '../web/forms.tsx';
import { formatInstant, pick } from '../web/locale.ts';
import { ActionLink, Card, Chip, DescriptionList, Notice, RowList } from '../web/parts.tsx';
import { PasskeyButton, PasskeyScript } from './passkey-button.tsx';
import type { Place } from './passkey-place.ts';
import type { OwnKey } from './passkey-revoke.ts';
import { confirmedTexts, keyTexts } from './passkey-texts.ts';

type Errors = Readonly<Record<string, string | undefined>>;
export type KeyForm = 'enrol' | 'revoke' | 'recovery';

export interface KeyFacts {
  keys: readonly OwnKey[];
  /** Keys that can be asked on this page. */
  usable: number;
  place: Place;
  /** Whether the person signs anywhere, now or later. */
  signs: boolean;
  factors: { signing_password: boolean; one_time_code: boolean };
  recovery: { unused: number; issued_at: string | null };
  csrf: string | undefined;
  /** The form that came back, what was typed and why. */
  wrong?: { form: KeyForm; values: Errors; errors: Errors } | undefined;
}

const useText = () => pick(keyTexts, useLocale());
const stateOf = ({ wrong }: Pick<KeyFacts, 'wrong'>, form: KeyForm) =>
  wrong?.form === form ? { values: wrong.values, errors: wrong.errors } : {};
const revokeHref = (credential_id: string): string =>
  `/me/passkeys/revoke?key=${encodeURIComponent(credential_id)}`;

// ── The list ─────────────────────────────────────────────────────────────────────────────────────

function KeyCard({ one, elsewhere }: { one: OwnKey; elsewhere: boolean }): JSX.Element {
  const t = useText();
  const locale = useLocale();
  const kept = !one.backup_eligible ? t.kept_device : one.backed_up ? t.kept_synced : t.kept_may_sync;
  const used = one.last_used_at === null ? t.never_used : formatInstant(one.last_used_at, locale);
  return (
    <Card title={one.label}>
      <DescriptionList
        items={[
          { term: t.enrolled_on, value: formatInstant(one.enrolled_at, locale) },
          { term: t.last_used, value: used },
          { term: t.where_kept, value: kept },
          { term: t.confirmed_by, value: confirmedTexts[one.confirmed_by][locale] },
          elsewhere && { term: t.works_at, value: one.rp_id },
        ]}
      />
      <ButtonRow>
        <ActionLink kind="alt" href={revokeHref(one.credential_id)}>
          {t.revoke}
        </ActionLink>
      </ButtonRow>
    </Card>
  );
}

function KeyList({ keys, usable, place }: KeyFacts): JSX.Element {
  const t = useText();
  const locale = useLocale();
  const live = keys.filter((key) => key.revoked_at === null);
  const revoked = keys.filter((key) => key.revoked_at !== null);
  // Told only where it matters: a key that this page could ask bears its name already.
  const elsewhere = place.works && usable < live.length;
  return (
    <section aria-label={t.my_passkeys}>
      {live.length === 0 && (
        <Card title={t.my_passkeys}>
          <p>{t.no_passkeys}</p>
        </Card>
      )}
      {live.length === 1 && <Notice tone="amber">{t.one_passkey}</Notice>}
      {live.map((one) => (
        <KeyCard one={one} elsewhere={elsewhere} />
      ))}
      {revoked.length > 0 && (
        <Card title={t.revoked_title}>
          <RowList
            rows={revoked.map((one) => ({
              label: one.label,
              value: fill(t.revoked_on, { on: formatInstant(one.revoked_at!, locale) }),
            }))}
          />
        </Card>
      )}
    </section>
  );
}

// ── Enrolling ────────────────────────────────────────────────────────────────────────────────────

function WrongPlace({ address }: { address: string | null }): JSX.Element {
  const t = useText();
  if (address === null) return <Notice tone="amber" title={t.wrong_address}>{t.no_address_text}</Notice>;
  return (
    <Notice
      tone="amber"
      title={t.wrong_address}
      action={{ href: `${address}/me/passkeys`, label: fill(t.open_there, { address }) }}
    >
      {fill(t.wrong_address_text, { address })}
    </Notice>
  );
}

/** The password that confirms, with the code that goes with it. */
function PasswordProof({
  factors,
  code_asked,
  required,
}: {
  factors: KeyFacts['factors'];
  code_asked: boolean;
  required: boolean;
}): JSX.Element {
  const t = useText();
  return (
    <>
      <TextField
        name="password"
        type="password"
        required={required}
        autocomplete="off"
        label={factors.signing_password ? t.confirm_signing : t.confirm_login}
        hint={required ? undefined : t.confirm_either_hint}
      />
      {code_asked && factors.signing_password && factors.one_time_code && (
        <TextField
          name="code"
          required={required}
          short
          input_mode="numeric"
          autocomplete="one-time-code"
          label={t.confirm_code}
          hint={t.confirm_code_hint}
        />
      )}
    </>
  );
}

function EnrolCard(props: KeyFacts): JSX.Element | null {
  const t = useText();
  if (!props.place.works) return <WrongPlace address={props.place.address} />;
  if (!props.signs) return null;
  const next = props.usable > 0;
  return (
    <Card title={t.enrol_title} id="enrol">
      <p>{t.enrol_text}</p>
      <Form action="/me/passkeys" id="enrol-form" csrf={props.csrf} {...stateOf(props, 'enrol')}>
        <TextField
          name="label"
          required
          autocomplete="off"
          label={t.key_label}
          hint={t.key_label_hint}
        />
        {!next && <PasswordProof factors={props.factors} code_asked required />}
        {next && (
          <>
            <p>{t.enrol_next_text}</p>
            <TextField
              name="recovery_code"
              autocomplete="off"
              label={t.confirm_recovery}
              hint={t.confirm_recovery_hint}
            />
          </>
        )}
        <ButtonRow>
          <PasskeyButton
            id="make"
            kind="make"
            act="enrol"
            next={next}
            address={props.place.address}
          >
            {t.enrol_first}
          </PasskeyButton>
        </ButtonRow>
      </Form>
    </Card>
  );
}

// ── Recovery codes ───────────────────────────────────────────────────────────────────────────────

function RecoveryCard(props: KeyFacts): JSX.Element {
  const t = useText();
  const locale = useLocale();
  const { unused, issued_at } = props.recovery;
  const issued = issued_at === null ? '' : formatInstant(issued_at, locale);
  return (
    <Card title={t.recovery_codes} id="recovery">
      <p>{t.recovery_text}</p>
      <p>
        {issued_at === null ? (
          t.recovery_none
        ) : (
          <>
            <Chip tone={unused === 0 ? 'amber' : 'plain'}>
              {fill(t.codes_left, { count: unused })}
            </Chip>{' '}
            {fill(t.recovery_state, { issued })}
          </>
        )}
      </p>
      {issued_at !== null && props.signs && (
        <details open={props.wrong?.form === 'recovery'}>
          <summary class="tap">{t.recovery_renew}</summary>
          <p>{t.recovery_renew_text}</p>
          <Form
            action="/me/recovery-codes"
            id="recovery-form"
            csrf={props.csrf}
            {...stateOf(props, 'recovery')}
          >
            {props.usable === 0 && <PasswordProof factors={props.factors} code_asked required />}
            <ButtonRow>
              {props.usable === 0 && <Button kind="alt">{t.renew_by_password}</Button>}
              {props.usable > 0 && props.place.works && (
                <PasskeyButton
                  id="renew"
                  kind="confirm"
                  act="recovery_codes"
                  address={props.place.address}
                >
                  {t.renew_by_key}
                </PasskeyButton>
              )}
            </ButtonRow>
          </Form>
        </details>
      )}
    </Card>
  );
}

export function PasskeysPage(props: KeyFacts): JSX.Element {
  return (
    <>
      <KeyList {...props} />
      <EnrolCard {...props} />
      <RecoveryCard {...props} />
      <PasskeyScript />
    </>
  );
}

// ── Revoking ─────────────────────────────────────────────────────────────────────────────────────

export interface RevokeFacts extends Pick<KeyFacts, 'usable' | 'place' | 'factors' | 'csrf' | 'wrong'> {
  one: Pick<OwnKey, 'credential_id' | 'label'>;
}

export function RevokePage(props: RevokeFacts): JSX.Element {
  const t = useText();
  const { credential_id } = props.one;
  return (
    <Card>
      <p>{t.revoke_text}</p>
      <Form action="/me/passkeys/revoke" id="revoke-form" csrf={props.csrf} {...stateOf(props, 'revoke')}>
        <HiddenToken name="credential_id" value={credential_id} />
        <RadioField
          name="reason"
          label={t.reason}
          required
          value={props.wrong?.values['reason'] ?? 'lost'}
          options={[
            { value: 'lost', label: t.reason_lost },
            { value: 'replaced', label: t.reason_replaced },
            { value: 'other', label: t.reason_other },
          ]}
        />
        <PasswordProof factors={props.factors} code_asked={false} required={props.usable === 0} />
        <ButtonRow>
          <Button kind="danger">{t.revoke_by_password}</Button>
          {props.usable > 0 && props.place.works && (
            <PasskeyButton
              id="revoke"
              kind="confirm"
              act="revoke"
              credential_id={credential_id}
              look="danger"
              address={props.place.address}
            >
              {t.revoke_by_key}
            </PasskeyButton>
          )}
        </ButtonRow>
      </Form>
      <PasskeyScript />
    </Card>
  );
}
