// My account: who I am here, my passwords, what programs may do in my name.
import type { JSX } from 'preact';
import { fill } from '../kernel/locale.ts';
import { useLocale } from '../web/context.ts';
import { Button, ButtonRow, Form, HiddenToken, RadioField, TextField } from '../web/forms.tsx';
import { formatDate, formatInstant, pick } from '../web/locale.ts';
import { Card, Chip, DescriptionList, Notice, RowList } from '../web/parts.tsx';
import { OwnDataCard } from './erasure-pages.tsx';
import { keyTexts } from './passkey-texts.ts';
import type { HomeRow, OfficeRow } from './places.ts';
import { bodyTexts, officeTexts, texts } from './texts.ts';
import type { TokenRow } from './token.ts';

type Errors = Readonly<Record<string, string | undefined>>;
export type AccountForm = 'password' | 'signing' | 'token' | 'end';
export interface AccountFacts {
  name: string;
  login: string;
  offices: readonly OfficeRow[];
  homes: readonly HomeRow[];
  tokens: readonly TokenRow[];
  minimum: number;
  csrf: string | undefined;
  /** What the person signs with; null: they sign nothing. */
  keys: {
    signing_password: boolean;
    one_time_code: boolean;
    passkeys: number;
    recovery_codes: number;
  } | null;
  /** The form that came back, what was typed and why. */
  wrong?: { form: AccountForm; values: Errors; errors: Errors } | undefined;
  made?: { token: string; label: string } | undefined;
}

const useText = () => pick(texts, useLocale());
const stateOf = ({ wrong }: AccountFacts, form: AccountForm) =>
  wrong?.form === form ? { values: wrong.values, errors: wrong.errors } : {};

function WhoCard(props: AccountFacts): JSX.Element {
  const t = useText();
  const locale = useLocale();
  const nameOf = (row: { estate_name_zh: string; estate_name_en: string }) =>
    locale === 'en' ? row.estate_name_en : row.estate_name_zh;
  return (
    <>
      <Card>
        <DescriptionList
          items={[
            { term: t.name, value: props.name },
            { term: t.login_name, value: props.login },
          ]}
        />
      </Card>
      {props.offices.length > 0 && (
        <Card title={t.my_offices}>
          <RowList
            rows={props.offices.map((row) => ({
              label: `${nameOf(row)} · ${bodyTexts[row.body][locale]}`,
              value: officeTexts[row.office][locale],
              note: fill(t.term_of, {
                from: formatDate(row.starts_on, locale),
                to: formatDate(row.ends_on, locale),
              }),
              href: `/e/${row.estate}`,
            }))}
          />
        </Card>
      )}
      <Card title={t.my_homes}>
        <RowList
          rows={props.homes.map((row) => ({
            label: nameOf(row),
            value: row.unit,
            href: `/e/${row.estate}`,
          }))}
          more={{ href: '/join', label: t.add_home }}
        />
      </Card>
    </>
  );
}

function PasswordCard(props: AccountFacts): JSX.Element {
  const t = useText();
  const hint = fill(t.new_password_hint, { minimum: props.minimum });
  return (
    <Card title={t.change_password} id="password">
      <p>{t.password_ends_sessions}</p>
      <Form
        action="/me/password"
        id="password-form"
        csrf={props.csrf}
        {...stateOf(props, 'password')}
      >
        <TextField
          name="present_password"
          type="password"
          label={t.present_password}
          required
          autocomplete="current-password"
        />
        <TextField
          name="new_password"
          type="password"
          label={t.new_password}
          hint={hint}
          required
          autocomplete="new-password"
        />
        <TextField
          name="repeat_password"
          type="password"
          label={t.repeat_password}
          required
          autocomplete="new-password"
        />
        <ButtonRow>
          <Button>{t.change}</Button>
        </ButtonRow>
      </Form>
    </Card>
  );
}

function SigningCard(props: AccountFacts & { exists: boolean }): JSX.Element {
  const t = useText();
  const hint = fill(t.new_password_hint, { minimum: props.minimum });
  return (
    <Card title={props.exists ? t.change_signing : t.set_signing} id="signing">
      <p>{t.signing_text}</p>
      <Form
        action="/me/signing-password"
        id="signing-form"
        csrf={props.csrf}
        {...stateOf(props, 'signing')}
      >
        <TextField
          name="present_password"
          type="password"
          required
          autocomplete="off"
          label={props.exists ? t.present_signing : t.present_password}
        />
        <TextField
          name="new_password"
          type="password"
          label={t.new_signing}
          hint={hint}
          required
          autocomplete="off"
        />
        <TextField
          name="repeat_password"
          type="password"
          label={t.repeat_signing}
          required
          autocomplete="off"
        />
        <ButtonRow>
          <Button>{props.exists ? t.change : t.set_signing}</Button>
        </ButtonRow>
      </Form>
    </Card>
  );
}

/** Passkeys, one-time codes and recovery codes, each leading to its own page. */
function KeysCard({ keys }: { keys: NonNullable<AccountFacts['keys']> }): JSX.Element {
  const t = pick(keyTexts, useLocale());
  return (
    <Card title={t.keys_title} id="keys">
      <p>{t.keys_text}</p>
      <RowList
        rows={[
          {
            label: t.passkeys,
            value: keys.passkeys === 0 ? t.keys_none : fill(t.keys_count, { count: keys.passkeys }),
            href: '/me/passkeys',
          },
          ...(keys.passkeys === 0 && keys.recovery_codes === 0
            ? []
            : [
                {
                  label: t.recovery_codes,
                  value: fill(t.codes_left, { count: keys.recovery_codes }),
                  href: '/me/passkeys#recovery',
                },
              ]),
          {
            label: t.one_time_code,
            value: keys.one_time_code ? t.code_on : t.code_off,
            href: '/me/one-time-code',
          },
        ]}
      />
    </Card>
  );
}

function TokenRows(props: AccountFacts): JSX.Element {
  const t = useText();
  const locale = useLocale();
  return (
    <>
      {props.tokens.map((token) => (
        <Form action="/me/tokens/end" id={`end-${token.token_id}`} csrf={props.csrf}>
          <HiddenToken name="token_id" value={token.token_id} />
          <p>
            <strong>{token.label}</strong>{' '}
            <Chip tone="plain">{token.scopes.includes('post') ? t.scope_post : t.scope_read}</Chip>
          </p>
          <p class="hint">
            {fill(t.token_since, {
              made: formatInstant(token.created_at, locale),
              seen: formatInstant(token.seen_at, locale),
              until: formatInstant(token.expires_at, locale),
            })}
          </p>
          <ButtonRow>
            <Button kind="alt">{t.end_token}</Button>
          </ButtonRow>
        </Form>
      ))}
    </>
  );
}

function TokenCard(props: AccountFacts): JSX.Element {
  const t = useText();
  return (
    <Card title={t.tokens} id="tokens">
      <p>{t.tokens_text}</p>
      {props.made !== undefined && (
        <Notice tone="ok" title={`${t.token_made}: ${props.made.label}`}>
          <p>
            <code>{props.made.token}</code>
          </p>
          <p>{t.token_once}</p>
        </Notice>
      )}
      <TokenRows {...props} />
      <Form action="/me/tokens" id="token-form" csrf={props.csrf} {...stateOf(props, 'token')}>
        <TextField name="label" label={t.token_label} required autocomplete="off" />
        <RadioField
          name="scope"
          label={t.token_scope}
          required
          value={props.wrong?.values['scope'] ?? 'read'}
          options={[
            { value: 'read', label: t.scope_read },
            { value: 'post', label: t.scope_post },
          ]}
        />
        <ButtonRow>
          <Button kind="alt">{t.make_token}</Button>
        </ButtonRow>
      </Form>
    </Card>
  );
}

export function AccountPage(props: AccountFacts): JSX.Element {
  const t = useText();
  return (
    <>
      <WhoCard {...props} />
      {props.keys !== null && <KeysCard keys={props.keys} />}
      <PasswordCard {...props} />
      {props.keys !== null && <SigningCard {...props} exists={props.keys.signing_password} />}
      <TokenCard {...props} />
      <Card title={t.logout_all}>
        <p>{t.logout_all_text}</p>
        <Form action="/me/logout-everywhere" id="logout-form" csrf={props.csrf}>
          <ButtonRow>
            <Button kind="alt">{t.logout_all}</Button>
          </ButtonRow>
        </Form>
      </Card>
      <OwnDataCard />
    </>
  );
}
