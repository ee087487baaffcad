// One's own passkeys (通行密钥): the button that makes one, and the button by which one confirms an act. Asks
// the server what the device has to sign, lets it sign, puts the answer into the form and sends that, so
// that the page which follows is the server's. What is said to people stands on the button.
import {
  browserSupportsWebAuthn,
  startAuthentication,
  startRegistration,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';
import { ask, Refused } from './ask.ts';

/** What the device has to sign. */
const optionsFor = async <Options>(address: string, body: object): Promise<Options> =>
  (await ask<{ options: Options }>(address, body)).options;

const typedIn = (form: HTMLFormElement, name: string): string =>
  String(new FormData(form).get(name) ?? '').trim();

/** Lets one of the person's keys confirm what the button is for. */
async function assertion(button: HTMLButtonElement): Promise<object> {
  const { act, credentialId } = button.dataset;
  const optionsJSON = await optionsFor<PublicKeyCredentialRequestOptionsJSON>(
    '/api/v1/passkeys/confirmation',
    { act, ...(credentialId === undefined ? {} : { credential_id: credentialId }) },
  );
  return startAuthentication({ optionsJSON });
}

/** What shows that it is the person who makes a new key. */
async function proof(form: HTMLFormElement, button: HTMLButtonElement): Promise<object> {
  const recovery_code = typedIn(form, 'recovery_code');
  if (recovery_code !== '') return { method: 'recovery_code', recovery_code };
  if (button.dataset['next'] !== undefined)
    return { method: 'passkey', assertion: await assertion(button) };
  const code = typedIn(form, 'code');
  // Not trimmed: a blank may belong to a password.
  const password = String(new FormData(form).get('password') ?? '');
  return { method: 'password', password, ...(code === '' ? {} : { code }) };
}

/** Sends the form with the device's answer in it, and without what was typed to get there. */
function sendWith(form: HTMLFormElement, name: string, value: object): void {
  const input = document.createElement('input');
  input.type = 'hidden';
  input.name = name;
  input.value = JSON.stringify(value);
  form.append(input);
  for (const spent of form.querySelectorAll<HTMLInputElement>(
    '[name=password], [name=code], [name=recovery_code]',
  ))
    spent.disabled = true;
  // Not requestSubmit(): the device has answered, nothing is left to check here.
  form.submit();
}

/** In words what went wrong between the person, the device and the server. */
function reasonOf(error: unknown, said: DOMStringMap): string {
  if (error instanceof Refused) return error.message;
  const cause = error instanceof Error ? (error.cause as Error | undefined) : undefined;
  const name = cause?.name ?? (error instanceof Error ? error.name : '');
  if (name === 'InvalidStateError') return said['present'] ?? '';
  if (name === 'NotAllowedError' || name === 'AbortError') return said['cancelled'] ?? '';
  if (name === 'TypeError') return said['failed'] ?? '';
  return said['unsupported'] ?? '';
}

function ready(button: HTMLButtonElement): void {
  const { form } = button;
  const place = document.getElementById(button.getAttribute('aria-describedby') ?? '');
  if (form === null) return;
  const said = button.dataset;
  let busy = false;
  // Some browsers want a press for each of the two steps: what was confirmed waits for the second.
  let making: { options: PublicKeyCredentialCreationOptionsJSON; until: number } | null = null;

  const say = (text: string, wrong: boolean): void => {
    if (place === null) return;
    place.textContent = text;
    place.classList.toggle('field-error', wrong);
  };
  const rest = (): void => {
    busy = false;
    button.removeAttribute('aria-disabled');
  };
  const make = async (): Promise<void> => {
    if (making === null || performance.now() > making.until) {
      const options = await optionsFor<PublicKeyCredentialCreationOptionsJSON>(
        '/api/v1/passkeys/options',
        await proof(form, button),
      );
      making = { options, until: performance.now() + 240_000 };
    }
    const made = await startRegistration({ optionsJSON: making.options });
    making = null;
    say(said['sending'] ?? '', false);
    sendWith(form, 'response', made);
  };
  const confirm = async (): Promise<void> => {
    const signed = await assertion(button);
    say(said['sending'] ?? '', false);
    sendWith(form, 'assertion', signed);
  };

  // In place of what stood there until now: that a script is needed.
  const elsewhere = said['address'] !== undefined && said['address'] !== location.origin;
  say(elsewhere ? (said['elsewhere'] ?? '') : '', elsewhere);
  button.addEventListener('click', () => {
    if (busy || elsewhere) return;
    if (!browserSupportsWebAuthn()) return say(said['unsupported'] ?? '', true);
    busy = true;
    button.setAttribute('aria-disabled', 'true');
    say(said['working'] ?? '', false);
    (said['passkey'] === 'make' ? make() : confirm()).catch((error: unknown) => {
      rest();
      say(reasonOf(error, said), true);
      if (error instanceof Refused && error.field !== undefined)
        form.querySelector<HTMLInputElement>(`[name="${CSS.escape(error.field)}"]`)?.focus();
    });
  });
  window.addEventListener('pageshow', (event) => {
    if (!event.persisted) return;
    rest();
    say('', false);
    for (const field of form.querySelectorAll('input')) field.disabled = false;
  });
}

for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-passkey]'))
  ready(button);
