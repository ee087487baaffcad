// The button that asks a device: it makes a passkey, or confirms an act with one. Its script
// (web/assets/passkey.ts) finds on it everything it says, and takes away the line that says it is needed.
import type { JSX } from 'preact';
import { fill } from '../kernel/locale.ts';
import { assetUrl } from '../web/assets.ts';
import { useLocale } from '../web/context.ts';
import { pick } from '../web/locale.ts';
import type { Children } from '../web/parts.tsx';
import { keyTexts } from './passkey-texts.ts';

export interface PasskeyButtonProps {
  id: string;
  /** make: a new passkey; confirm: the act, with one the person has. */
  kind: 'make' | 'confirm';
  act: 'enrol' | 'revoke' | 'recovery_codes';
  credential_id?: string | undefined;
  /** A new key is confirmed with one the person has. */
  next?: boolean | undefined;
  look?: 'primary' | 'alt' | 'danger' | undefined;
  /** Where passkeys work; on a page opened elsewhere the script says so. */
  address: string | null;
  children: Children;
}

export function PasskeyButton(props: PasskeyButtonProps): JSX.Element {
  const t = pick(keyTexts, useLocale());
  const { id, kind, act, credential_id, next, look = 'primary', address, children } = props;
  return (
    <div>
      <button
        type="button"
        id={id}
        class={look === 'primary' ? 'btn' : `btn ${look}`}
        aria-describedby={`${id}-said`}
        data-passkey={kind}
        data-act={act}
        data-credential-id={credential_id}
        data-next={next === true ? '' : undefined}
        data-address={address ?? undefined}
        data-elsewhere={fill(t.wrong_address_text, { address: address ?? '' })}
        data-working={t.say_working}
        data-sending={t.say_sending}
        data-cancelled={t.say_cancelled}
        data-present={t.say_present}
        data-unsupported={t.say_unsupported}
        data-failed={t.say_failed}
      >
        {children}
      </button>
      <p class="hint" id={`${id}-said`} role="status">
        {t.script_needed}
      </p>
    </div>
  );
}

/** Once on each page with such a button. */
export const PasskeyScript = (): JSX.Element => (
  <script type="module" src={assetUrl('passkey.js')} />
);
