// Keys on the page of open bank lines: j and k walk, x or space chooses, Enter confirms, o opens, / finds, ? helps. Without
// script the page is the same, with boxes to tick and a button.
const block = document.querySelector<HTMLElement>('[data-match-keys]');
const form = block?.querySelector<HTMLFormElement>('form');
const rows = [...(block?.querySelectorAll<HTMLElement>('[data-line]') ?? [])];
let at = -1;

function go(to: number): void {
  const row = rows[Math.max(0, Math.min(rows.length - 1, to))];
  if (row === undefined) return;
  at = rows.indexOf(row);
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: 'nearest' });
}

const box = (): HTMLInputElement | null => rows[at]?.querySelector<HTMLInputElement>('input[type=checkbox]') ?? null;

function toggle(): void {
  const one = box();
  if (one !== null) one.checked = !one.checked;
}

function confirmChosen(): void {
  if (form === null || form === undefined) return;
  const chosen = form.querySelector('input[name=items]:checked');
  const own = box();
  if (chosen === null && own !== null) own.checked = true;
  const button = form.querySelector<HTMLButtonElement>('button[value=confirm]');
  if (form.querySelector('input[name=items]:checked') !== null) form.requestSubmit(button);
}

const keys: Record<string, () => void> = {
  j: () => go(at + 1),
  k: () => go(at - 1),
  x: toggle,
  ' ': toggle,
  Enter: confirmChosen,
  o: () => { const href = rows[at]?.dataset['line']; if (href !== undefined) location.assign(href); },
  '/': () => document.querySelector<HTMLInputElement>('input[type=search]')?.focus(),
  '?': () => document.querySelector('[data-match-help]')?.scrollIntoView({ block: 'center' }),
};

document.addEventListener('keydown', (event) => {
  const { target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  // Whoever types, or stands on a link or a button, means that.
  if (target instanceof HTMLElement && target.closest('a, button, select, textarea, summary, input:not([type=checkbox])') !== null) return;
  // A box that has the focus is ticked by the space bar itself.
  if (event.key === ' ' && target instanceof HTMLInputElement) return;
  const act = keys[event.key];
  if (act === undefined) return;
  event.preventDefault();
  if (target instanceof HTMLInputElement) at = rows.findIndex((row) => row.contains(target));
  act();
});
for (const [index, row] of rows.entries()) row.addEventListener('focusin', () => { at = index; });
