// One-time codes: setting them up with a QR code, turning them off.
import type { JSX } from 'preact';
import { useLocale } from '../web/context.ts';
import { Button, ButtonRow, Form, HiddenToken, TextField } from '../web/forms.tsx';
import { pick } from '../web/locale.ts';
import { Card, Notice } from '../web/parts.tsx';
import { spacedSecret } from './one-time-code.ts';
import { keyTexts } from './passkey-texts.ts';
import { qrPath } from './qr.ts';
import { texts } from './texts.ts';

type Errors = Readonly<Record<string, string | undefined>>;

export interface CodeFacts {
  signing_password: boolean;
  one_time_code: boolean;
  /** A new secret and its address for the QR code; of no use until it is set up. */
  secret: string;
  uri: string;
  csrf: string | undefined;
  values?: Errors | undefined;
  errors?: Errors | undefined;
}

const useText = () => pick(keyTexts, useLocale());
/** Pixels of one module: 45 modules make a picture that a phone reads from the screen. */
const MODULE = 5;

function Qr({ text, label }: { text: string; label: string }): JSX.Element {
  const { size, path } = qrPath(text);
  return (
    <svg
      width={size * MODULE}
      height={size * MODULE}
      viewBox={`0 0 ${size} ${size}`}
      shape-rendering="crispEdges"
      role="img"
      aria-label={label}
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}

function SetUp({ secret, uri, csrf, values, errors }: CodeFacts): JSX.Element {
  const t = useText();
  return (
    <Card title={t.code_steps}>
      <ol>
        <li>{t.code_step_app}</li>
        <li>{t.code_step_scan}</li>
        <li>{t.code_step_type}</li>
      </ol>
      <p>
        <Qr text={uri} label={t.code_title} />
      </p>
      <p>
        {t.code_secret} <code>{spacedSecret(secret)}</code>
      </p>
      <Form
        action="/me/one-time-code"
        id="code-form"
        csrf={csrf}
        values={values}
        errors={errors}
      >
        <HiddenToken name="secret" value={secret} />
        <TextField
          name="code"
          required
          short
          input_mode="numeric"
          autocomplete="off"
          value=""
          label={t.code_now}
        />
        <TextField
          name="password"
          type="password"
          required
          autocomplete="off"
          label={t.confirm_signing}
        />
        <ButtonRow>
          <Button>{t.code_set_up}</Button>
        </ButtonRow>
      </Form>
    </Card>
  );
}

function TurnOff({ csrf, values, errors }: CodeFacts): JSX.Element {
  const t = useText();
  return (
    <Card title={t.code_is_on}>
      <p>{t.code_is_on_text}</p>
      <Form
        action="/me/one-time-code/off"
        id="code-form"
        csrf={csrf}
        values={values}
        errors={errors}
      >
        <TextField
          name="code"
          required
          autocomplete="off"
          value=""
          label={t.code_or_recovery}
          hint={t.code_or_recovery_hint}
        />
        <TextField
          name="password"
          type="password"
          required
          autocomplete="off"
          label={t.confirm_signing}
        />
        <ButtonRow>
          <Button kind="danger">{t.code_turn_off}</Button>
        </ButtonRow>
      </Form>
    </Card>
  );
}

export function OneTimeCodePage(props: CodeFacts): JSX.Element {
  const t = useText();
  if (!props.signing_password)
    return (
      <Notice tone="info" action={{ href: '/me#signing', label: pick(texts, useLocale()).set_signing }}>
        {t.code_needs_signing}
      </Notice>
    );
  return (
    <>
      <Notice tone="info" action={{ href: '/me/passkeys', label: t.passkeys }}>
        {t.code_weak}
      </Notice>
      {props.one_time_code ? <TurnOff {...props} /> : <SetUp {...props} />}
    </>
  );
}
