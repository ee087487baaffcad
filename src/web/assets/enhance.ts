// What a page gains when scripts run; every page works without it. No text lives here: what is
// said to people comes from the page's own attributes, in the page's language.
import { copyText } from './copy.ts';
import { capitalAmount, groupedAmount, plainAmount } from '../../kernel/money-text.ts';

const fill = (text: string, facts: Record<string, string>): string =>
  text.replace(/\{(\w+)\}/g, (all, name: string) => facts[name] ?? all);

/** The capital numerals below an amount while it is typed; separators when the field is left. */
function liveAmount(input: HTMLInputElement): void {
  const capital = document.getElementById(`${input.id}-capital`);
  const show = (): void => {
    const text = plainAmount(input.value);
    if (capital === null) return;
    if (text !== null)
      capital.textContent = fill(input.dataset['amount'] ?? '{text}', {
        text: capitalAmount(text),
      });
    else capital.textContent = input.value.trim() === '' ? '' : (input.dataset['unreadable'] ?? '');
  };
  // What the server said about a field stands until it is touched.
  input.addEventListener('input', show);
  input.addEventListener('blur', () => {
    const text = plainAmount(input.value);
    if (text !== null) input.value = groupedAmount(text).replace('\u2212', '-');
  });
}

const sizeText = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.round(bytes / 1000)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;

function fileLine(input: HTMLInputElement, file: File): HTMLLIElement {
  const line = document.createElement('li');
  const facts = { name: file.name, size: sizeText(file.size) };
  const refused =
    file.size > Number(input.dataset['largest'])
      ? input.dataset['tooLarge']
      : file.size === 0
        ? input.dataset['empty']
        : undefined;
  if (refused !== undefined) {
    line.className = 'field-error';
    line.textContent = fill(refused, facts);
    return line;
  }
  if (/^image\/(png|jpeg)$/.test(file.type)) {
    const picture = document.createElement('img');
    picture.src = URL.createObjectURL(file);
    picture.alt = '';
    picture.className = 'thumb';
    picture.addEventListener('load', () => URL.revokeObjectURL(picture.src));
    line.append(picture);
  }
  line.append(`${file.name} · ${facts.size}`);
  return line;
}

/** Names, sizes and pictures of the chosen files; too large or empty is told before uploading. */
function filePreview(input: HTMLInputElement): void {
  const list = document.querySelector(`[data-files-of="${CSS.escape(input.id)}"]`);
  input.addEventListener('change', () => {
    list?.replaceChildren(...[...(input.files ?? [])].map((file) => fileLine(input, file)));
    const wrong = list?.querySelector('.field-error')?.textContent ?? '';
    input.setCustomValidity(wrong);
    if (wrong === '') input.removeAttribute('aria-invalid');
    else input.setAttribute('aria-invalid', 'true');
  });
}

/** One press sends once. The buttons come back when the page is shown again or nothing happens. */
function sendOnce(form: HTMLFormElement): void {
  const status = document.createElement('p');
  status.className = 'hint sending';
  status.setAttribute('role', 'status');
  let sending = false;
  const rest = (): void => {
    sending = false;
    status.textContent = '';
    form.removeAttribute('aria-busy');
    for (const button of form.querySelectorAll('button')) button.removeAttribute('aria-disabled');
  };
  form.append(status);
  form.addEventListener('submit', (event) => {
    const wrong = [...form.querySelectorAll<HTMLInputElement>('input[type=file]')].find(
      (input) => !input.validity.valid && input.validity.customError,
    );
    if (wrong !== undefined) wrong.focus();
    if (sending || wrong !== undefined) return void event.preventDefault();
    sending = true;
    status.textContent = form.dataset['once'] ?? '';
    form.setAttribute('aria-busy', 'true');
    for (const button of form.querySelectorAll('button[type=submit]'))
      button.setAttribute('aria-disabled', 'true');
    window.setTimeout(rest, 15_000);
  });
  window.addEventListener('pageshow', rest);
}

/** Fields that one choice of a list needs unfold when it is made. */
function openWith(details: HTMLDetailsElement): void {
  const list = details.closest('form')?.elements.namedItem(details.dataset['openFor'] ?? '');
  if (!(list instanceof HTMLSelectElement)) return;
  list.addEventListener('change', () => {
    details.open = list.value === details.dataset['openValue'];
  });
}

/** Copies what stands elsewhere on the page; the button says so. */
function copies(button: HTMLButtonElement): void {
  button.hidden = false;
  button.addEventListener('click', async () => {
    const text = document.getElementById(button.dataset['copy'] ?? '')?.textContent ?? '';
    if (await copyText(text)) button.textContent = button.dataset['copied'] ?? '';
  });
}

for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-copy]')) copies(button);
for (const details of document.querySelectorAll<HTMLDetailsElement>('details[data-open-for]'))
  openWith(details);
for (const input of document.querySelectorAll<HTMLInputElement>('input[data-amount]'))
  liveAmount(input);
for (const input of document.querySelectorAll<HTMLInputElement>('input[type=file][data-largest]'))
  filePreview(input);
for (const form of document.querySelectorAll<HTMLFormElement>('form[data-once]')) sendOnce(form);
for (const form of document.querySelectorAll<HTMLFormElement>('form[data-auto-submit]')) {
  form.addEventListener('change', (event) => {
    if (event.target instanceof HTMLSelectElement) form.requestSubmit();
  });
}
document.querySelector<HTMLElement>('[data-take-focus]')?.focus();
