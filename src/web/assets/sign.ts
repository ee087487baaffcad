// Signing with a passkey (通行密钥) on the page of a proposal, and passing its address on to a colleague.
// The script reads nothing but what the page shows: it sends the hash of the document on the page, so that a
// document that was changed meanwhile is refused. What is said to people stands on the page.
import { browserSupportsWebAuthn, startAuthentication, type AuthenticationResponseJSON } from '@simplewebauthn/browser';
import { ask, Refused } from './ask.ts';

type Words = Record<string, string | undefined>;

/** In words what went wrong between the person and the device. */
function reasonOf(error: unknown, waited_ms: number, limit_ms: number, words: Words): string {
  if (error instanceof Refused) return error.message;
  const name = error instanceof Error ? ((error.cause as Error | undefined)?.name ?? error.name) : '';
  if (name === 'SecurityError') return words['place'] ?? '';
  // A browser does not tell "cancelled" from "no key here" and from "took too long", but the clock does.
  if (name === 'NotAllowedError' || name === 'AbortError') return (waited_ms >= limit_ms - 1000 ? words['late'] : words['cancelled']) ?? '';
  if (name === 'NotSupportedError' || name === 'InvalidStateError' || name === 'UnknownError') return words['device'] ?? '';
  return words['offline'] ?? '';
}

interface Options { nonce: string; options: Parameters<typeof startAuthentication>[0]['optionsJSON'] }

/** Asks, lets the device sign, sends; gives the status. */
async function sign(form: HTMLFormElement, decision: string, asked: (limit_ms: number) => void): Promise<string> {
  const { api = '', reasonOf: reason_id = '' } = form.dataset;
  const document_hash = new FormData(form).get('document_hash');
  const reason = (document.getElementById(reason_id) as HTMLTextAreaElement | null)?.value.trim() ?? '';
  const { nonce, options } = await ask<Options>(`${api}/sign/options`, { decision, document_hash });
  asked(options.timeout ?? 60_000);
  const assertion: AuthenticationResponseJSON = await startAuthentication({ optionsJSON: options });
  const { status } = await ask<{ status: string }>(`${api}/sign`, {
    decision, method: 'passkey', assertion, nonce, document_hash, ...(reason === '' ? {} : { reason }),
  });
  return status;
}

function signsByPasskey(form: HTMLFormElement): void {
  const words: Words = form.dataset;
  const buttons = document.querySelectorAll<HTMLButtonElement>(`button[form="${CSS.escape(form.id)}"], #${CSS.escape(form.id)} button`);
  let busy = false;
  const say = (text: string, wrong: boolean): void => {
    for (const place of document.querySelectorAll(`[data-said-of="${CSS.escape(form.id)}"]`)) {
      place.textContent = text;
      place.classList.toggle('field-error', wrong);
    }
  };
  const rest = (): void => {
    busy = false;
    for (const button of buttons) button.removeAttribute('aria-disabled');
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const decision = (event.submitter as HTMLButtonElement | null)?.value.replace('passkey_', '') ?? '';
    if (busy) return;
    if (!browserSupportsWebAuthn()) return say(words['unsupported'] ?? '', true);
    busy = true;
    for (const button of buttons) button.setAttribute('aria-disabled', 'true');
    say(words['busy'] ?? '', false);
    let started = performance.now();
    let limit = Number.POSITIVE_INFINITY;
    sign(form, decision, (limit_ms) => {
      started = performance.now();
      limit = limit_ms;
    }).then(
      (status) => location.assign(`${form.getAttribute('action') ?? ''}?done=${encodeURIComponent(status)}`),
      (error: unknown) => {
        rest();
        say(reasonOf(error, performance.now() - started, limit, words), true);
      },
    );
  });
  window.addEventListener('pageshow', () => {
    rest();
    say('', false);
  });
}

/** Hands the page's address to whatever the phone shares with, else puts it on the clipboard. */
function passesOn(button: HTMLButtonElement): void {
  const address = new URL(button.dataset['share'] ?? '', location.href).href;
  const said = document.getElementById(button.getAttribute('aria-controls') ?? '');
  button.hidden = false;
  button.addEventListener('click', () => {
    const copied = async (): Promise<void> => {
      await navigator.clipboard.writeText(address);
      if (said !== null) said.textContent = button.dataset['copied'] ?? '';
    };
    const shared = 'share' in navigator ? navigator.share({ title: document.title, url: address }) : copied();
    // Without a clipboard the address itself is shown, to be copied by hand; closing the share sheet is no error.
    shared.catch((error: unknown) => {
      if (said !== null && (error as Error).name !== 'AbortError') said.textContent = address;
    });
  });
}

for (const form of document.querySelectorAll<HTMLFormElement>('form[data-sign]')) signsByPasskey(form);
for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-share]')) passesOn(button);
