// The page on which one witnesses: shows the state of the device, and does what its buttons say. No text lives here:
// every state stands on the page, and what is said besides is read from the attributes of its root.
import { hexOf } from '../../proof/bytes.ts';
import type { WitnessGroup } from '../../proof/policy.ts';
import { fill, type Locale } from '../../kernel/locale.ts';
import { instant, laterBy } from '../../kernel/dates.ts';
import { formatCount, formatHash, formatInstant, formatKey } from '../locale.ts';
import { copyText, saveText } from './copy.ts';
import { look, sizeOf, witness, type Device, type Outcome } from './witness-device.ts';
import { LogServer, NoAnswer } from './witness-log.ts';
import { keep, recall, type Alarm } from './witness-memory.ts';
import { readNote, usePaper, type PaperOutcome } from './witness-paper.ts';

const root = document.getElementById('witness');
if (root !== null) start(root);

function start(root: HTMLElement): void {
  const { estate = '', origin = '' } = root.dataset;
  const said = root.dataset;
  const locale: Locale = document.documentElement.lang.startsWith('zh') ? 'zh' : 'en';
  const server = new LogServer(estate);
  const part = (name: string): HTMLElement => root.querySelector<HTMLElement>(`[data-part="${name}"]`)!;
  const fillIn = (within: ParentNode, name: string, text: string): void => {
    for (const slot of within.querySelectorAll(`[data-slot="${name}"]`)) slot.textContent = text;
  };
  const say = (name: string, text: string, wrong = false): void => {
    fillIn(root, name, text);
    root.querySelector(`[data-slot="${name}"]`)?.classList.toggle('field-error', wrong);
  };
  const when = (at: number): string => formatInstant(laterBy(instant('1970-01-01T00:00:00Z'), at * 1000), locale);
  const show = (...names: string[]): void => {
    const parts = root.querySelectorAll<HTMLElement>('[data-part]:not([data-part="paper"])');
    for (const one of parts) one.hidden = !names.includes(one.dataset['part']!);
  };
  const side = (): WitnessGroup =>
    (root.querySelector<HTMLInputElement>('[name="side"]:checked')?.value ?? said['side'] ?? 'resident') as WitnessGroup;
  const device = (): Device => ({ estate, origin, server, side: side() });

  // ── What is shown ──────────────────────────────────────────────────────────────────────────────

  const showKey = (within: HTMLElement, vkey: string, note: string): void => {
    const checkpoint = readNote(note);
    fillIn(within, 'key', formatKey(vkey));
    fillIn(within, 'covers', fill(said['coversN'] ?? '', { size: formatCount(checkpoint?.size ?? 0) }));
    fillIn(within, 'root', checkpoint === null ? '' : formatHash(hexOf(checkpoint.root)));
  };

  const evidence = (alarm: Alarm): string =>
    [said['alarmRemembered'], alarm.remembered, said['alarmShown'], alarm.shown, ...alarm.proof].join('\n');
  let alarm: Alarm | null = null;
  const showAlarm = (one: Alarm): void => {
    alarm = one;
    const sizes = { last: formatCount(readNote(one.remembered)?.size ?? 0), size: formatCount(readNote(one.shown)?.size ?? 0) };
    const name = `why${one.why.split('_').map((word) => word[0]!.toUpperCase() + word.slice(1)).join('')}`;
    fillIn(root, 'why', fill(said[name] ?? '', sizes));
    fillIn(root, 'found', fill(said['alarmFound'] ?? '', { when: when(one.at) }));
    fillIn(root, 'remembered', one.remembered);
    fillIn(root, 'shown', one.shown);
    show('alarm');
    part('alarm').focus();
  };

  const showNewKey = (vkey: string, note: string): void => {
    showKey(part('new-key'), vkey, note);
    part('new-key').dataset['vkey'] = vkey;
    show('new-key');
    part('new-key').focus();
  };

  /** First meeting or not, by what the device remembers. */
  const showState = async (): Promise<void> => {
    const { last, alarms } = recall(estate);
    if (alarms.length > 0) return showAlarm(alarms.at(-1)!);
    if (last !== null) {
      const text = last.source === 'paper' ? said['readyPaper'] : said['readyText'];
      fillIn(root, 'ready', fill(text ?? '', { size: formatCount(last.size), when: when(last.at) }));
      return show('ready', 'press');
    }
    const note = await server.checkpoint();
    const { judgement } = await look(device(), note);
    if (judgement.kind === 'new_key') return showNewKey(judgement.vkey, note);
    if (judgement.kind !== 'first') return say('said', said['unreadable'] ?? '', true);
    showKey(part('first'), judgement.vkey, note);
    show('first', 'press');
  };

  /** The list of one's devices as the server has it now. */
  const refreshDevices = async (): Promise<void> => {
    const html = await fetch(location.pathname, { cache: 'no-store' }).then((answer) => answer.text()).catch(() => '');
    const now = new DOMParser().parseFromString(html, 'text/html').getElementById('devices');
    if (now !== null) document.getElementById('devices')?.replaceWith(now);
  };

  const showOutcome = (outcome: Outcome): void => {
    if (outcome.kind === 'alarm') return showAlarm(outcome.alarm);
    if (outcome.kind === 'new_key') return showNewKey(outcome.vkey, outcome.note);
    if (outcome.kind === 'unreadable') return say('said', said['unreadable'] ?? '', true);
    const { from, size, kind } = outcome;
    const text = { first: said['doneFirst'], grown: said['doneGrown'], same: said['doneSame'] }[kind];
    fillIn(root, 'done', fill(text ?? '', { from: formatCount(from), size: formatCount(size), added: formatCount(size - from) }));
    show('done');
    part('done').focus();
    void refreshDevices();
  };

  const reasonOf = (error: unknown): string => {
    if (!(error instanceof NoAnswer)) return said['storage'] ?? '';
    if (error.status === 0 || error.status >= 500) return said['offline'] ?? '';
    return error.message === '' ? (said['noProof'] ?? '') : error.message;
  };

  // ── What the buttons do ────────────────────────────────────────────────────────────────────────

  let busy = false;
  const doing = async (work: () => Promise<void>): Promise<void> => {
    if (busy) return;
    busy = true;
    root.setAttribute('aria-busy', 'true');
    say('said', said['busy'] ?? '');
    try {
      await work();
      if (root.querySelector('[data-slot="said"]')?.textContent === said['busy']) say('said', '');
    } catch (error) {
      say('said', reasonOf(error), true);
    } finally {
      busy = false;
      root.removeAttribute('aria-busy');
    }
  };
  const copied = async (text: string, slot: string): Promise<void> => {
    if (await copyText(text)) say(slot, said['copied'] ?? '');
  };
  const lastNote = (): string => recall(estate).last?.note ?? '';
  const mayClear = (): void => part('alarm').querySelector('[data-do="alarm-clear"]')!.removeAttribute('aria-disabled');

  const acts: Record<string, (button: HTMLElement) => unknown> = {
    press: () => doing(async () => {
      // Asks the browser not to tidy the memory away; whatever it answers, paper remains.
      await navigator.storage?.persist?.().catch(() => false);
      showOutcome(await witness(device()));
    }),
    'new-key': () => doing(async () => {
      const vkey = part('new-key').dataset['vkey'] ?? '';
      keep(estate, (memory) => void memory.log_keys.push(vkey));
      showOutcome(await witness(device()));
    }),
    copy: () => copied(lastNote(), 'copy-said'),
    download: () => saveText(lastNote(), `${estate}-${sizeOf(lastNote())}.checkpoint`),
    'alarm-copy': async () => {
      if (alarm === null) return;
      await copied(evidence(alarm), 'said');
      mayClear();
    },
    'alarm-download': () => {
      if (alarm === null) return;
      saveText(evidence(alarm), `${estate}-${alarm.at}.txt`);
      mayClear();
    },
    'alarm-clear': (button) => {
      if (button.getAttribute('aria-disabled') === 'true') return;
      button.setAttribute('aria-disabled', 'true');
      keep(estate, (memory) => {
        memory.alarms = [];
      });
      return doing(showState);
    },
    paper: () => doing(async () => {
      const outcome = await usePaper({ estate, origin, server }, root.querySelector<HTMLTextAreaElement>('#paper')!.value);
      if (outcome.kind === 'alarm') return showAlarm(outcome.alarm);
      const size = 'size' in outcome ? formatCount(outcome.size) : '';
      const texts: Record<Exclude<PaperOutcome['kind'], 'alarm'>, string | undefined> = {
        kept: said['paperKept'], agrees: said['paperAgrees'], unreadable: said['paperUnreadable'], unsigned: said['paperUnsigned'],
        other_log: said['paperOtherLog'],
      };
      const origin_told = 'origin' in outcome ? outcome.origin : '';
      say('paper-said', fill(texts[outcome.kind] ?? '', { size, origin: origin_told }), !('size' in outcome));
      if ('size' in outcome) await showState();
    }),
  };
  root.addEventListener('click', (event) => {
    const button = (event.target as Element).closest<HTMLElement>('[data-do]');
    const act = acts[button?.dataset['do'] ?? ''];
    if (button !== null && act !== undefined) void act(button);
  });
  void doing(showState);
}
