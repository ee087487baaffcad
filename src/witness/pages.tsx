// The page on which one witnesses. Every state of the device stands on it in the page's language; the script
// (web/assets/witness.ts) shows the one that holds and fills in figures.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { assetUrl } from '../web/assets.ts';
import { Button, ButtonRow, Form } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { formatCount, formatInstant, pick } from '../web/locale.ts';
import { Card, Chip, DescriptionList, Notice } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import type { WitnessRow } from './queries.ts';
import { texts } from './texts.ts';
import type { Side } from './witness.ts';

type T = ReturnType<typeof pick<typeof texts>>;

export interface WitnessShown {
  code: string;
  /** Null while the log has no key. */
  origin: string | null;
  has_checkpoint: boolean;
  sides: readonly Side[];
  devices: readonly WitnessRow[];
}

/** A place the script fills. */
const Slot = ({ name, block }: { name: string; block?: boolean }): JSX.Element =>
  (block === true ? <div class="hash groups" data-slot={name} /> : <span class="hash" data-slot={name} />);

function KeyFacts({ t }: { t: T }): JSX.Element {
  return (
    <div class="stacked">
      <DescriptionList items={[
        { term: t.key, value: <Slot name="key" block /> },
        { term: t.covers, value: <Slot name="covers" /> },
        { term: t.root, value: <Slot name="root" block /> },
      ]} />
    </div>
  );
}

const Part = ({ name, tone, title, children, urgent }: {
  name: string; tone?: 'ok' | 'amber' | 'alarm'; title: string; children: JSX.Element | JSX.Element[]; urgent?: boolean;
}): JSX.Element => (
  <section class={tone === undefined ? 'card' : `card ${tone}`} data-part={name} hidden tabIndex={-1}
    role={urgent === true ? 'alert' : undefined}>
    <h2>{title}</h2>
    {children}
  </section>
);

function Alarm({ t }: { t: T }): JSX.Element {
  return (
    <Part name="alarm" tone="alarm" title={t.alarm_title} urgent>
      <p class="plain-words" data-slot="why" />
      <p>{t.alarm_do}</p>
      <p class="hint" data-slot="found" />
      <div class="buttons">
        <button type="button" class="btn" data-do="alarm-copy">{t.alarm_copy}</button>
        <button type="button" class="btn alt" data-do="alarm-download">{t.alarm_download}</button>
      </div>
      <h3>{t.alarm_remembered}</h3>
      <pre class="note" tabIndex={0} data-slot="remembered" />
      <h3>{t.alarm_shown}</h3>
      <pre class="note" tabIndex={0} data-slot="shown" />
      <button type="button" class="btn danger" data-do="alarm-clear" aria-disabled="true" aria-describedby="alarm-clear-hint">
        {t.alarm_clear}
      </button>
      <p class="hint" id="alarm-clear-hint">{t.alarm_clear_hint}</p>
    </Part>
  );
}

function Sides({ sides, t }: { sides: readonly Side[]; t: T }): JSX.Element | null {
  if (sides.length < 2) return null;
  return (
    <fieldset class="field">
      <legend>{t.as_side}</legend>
      {sides.map((side, index) => (
        <label class="choice"><input type="radio" name="side" value={side} checked={index === 0} /> {t[`side_${side}`]}</label>
      ))}
    </fieldset>
  );
}

function Paper({ t }: { t: T }): JSX.Element {
  return (
    <details class="card" data-part="paper">
      <summary class="tap">{t.paper_title}</summary>
      <p>{t.paper_text}</p>
      <div class="field">
        <label for="paper">{t.paper_label}</label>
        <textarea id="paper" rows={5} spellcheck={false} />
      </div>
      <button type="button" class="btn alt" data-do="paper">{t.paper_use}</button>
      <p class="hint said" role="status" data-slot="paper-said" />
    </details>
  );
}

/** What the script says besides the parts; read from the attributes of its root. */
const saidOf = (t: T): Record<string, string> => Object.fromEntries(([
  'covers_n', 'ready_text', 'ready_paper', 'done_first', 'done_grown', 'done_same', 'why_smaller', 'why_other_root', 'why_proof',
  'why_signature', 'why_origin', 'alarm_found', 'offline', 'no_proof', 'unreadable', 'storage', 'paper_kept', 'paper_agrees',
  'paper_unreadable', 'paper_unsigned', 'paper_other_log', 'copied', 'busy', 'alarm_remembered', 'alarm_shown',
] as const).map((name) => [`data-${name.replaceAll('_', '-')}`, t[name]]));

function Device({ shown, t }: { shown: WitnessShown; t: T }): JSX.Element {
  if (shown.sides.length === 0) return <Notice tone="info">{t.not_entitled}</Notice>;
  if (shown.origin === null || !shown.has_checkpoint) return <Notice tone="amber">{t.no_checkpoint}</Notice>;
  return (
    <div id="witness" data-estate={shown.code} data-origin={shown.origin} data-side={shown.sides[0]} {...saidOf(t)}>
      <noscript>{t.needs_script}</noscript>
      <Alarm t={t} />
      <Part name="new-key" tone="amber" title={t.new_key_title} urgent>
        <p>{t.new_key_text}</p>
        <KeyFacts t={t} />
        <button type="button" class="btn" data-do="new-key">{t.new_key_agree}</button>
      </Part>
      <Part name="done" tone="ok" title={t.done_title}>
        <p class="plain-words" data-slot="done" />
        <p class="hint">{t.keep_text}</p>
        <div class="buttons">
          <button type="button" class="btn alt" data-do="copy">{t.copy_note}</button>
          <button type="button" class="btn alt" data-do="download">{t.download_note}</button>
        </div>
        <p class="said hint" role="status" data-slot="copy-said" />
      </Part>
      <Part name="first" title={t.first_title}>
        <p>{t.first_text}</p>
        <KeyFacts t={t} />
      </Part>
      <Part name="ready" title={t.ready_title}>
        <p class="plain-words" data-slot="ready" />
      </Part>
      <div data-part="press" hidden>
        <Sides sides={shown.sides} t={t} />
        <button type="button" class="btn huge" data-do="press" aria-describedby="witness-said">{t.press}</button>
      </div>
      <p class="said" id="witness-said" role="status" data-slot="said" />
      <Paper t={t} />
    </div>
  );
}

const witnessedUpTo = ({ size, signed_at }: WitnessRow, locale: Locale, t: T): string => (size === null ? t.never
  : `${fill(t.up_to_n, { size: formatCount(size) })} · ${formatInstant(signed_at!, locale)}`);

function Devices({ frame, shown, t }: { frame: Frame; shown: WitnessShown; t: T }): JSX.Element {
  const { locale } = frame;
  return (
    <Card title={t.my_devices} id="devices">
      {shown.devices.length === 0 ? <p class="hint">{t.no_device}</p> : shown.devices.map((device) => (
        <div class="device">
          <h3>
            {t[`side_${device.side}`]} · {fill(t.device, { number: device.witness_id })}
            {device.retired_at !== null && <> <Chip tone="plain">{t.retired}</Chip></>}
          </h3>
          <DescriptionList items={[
            { term: t.enrolled, value: formatInstant(device.enrolled_at, locale) },
            { term: t.last_witnessed, value: witnessedUpTo(device, locale, t) },
          ]} />
          {device.retired_at === null && (
            <Form id={`retire-${device.witness_id}`} csrf={frame.session?.csrf}
              action={`/e/${shown.code}/witness/${device.witness_id}/retire`}>
              <ButtonRow><Button kind="alt">{t.retire}</Button></ButtonRow>
            </Form>
          )}
        </div>
      ))}
      {shown.devices.some((device) => device.retired_at === null) && <p class="hint">{t.retire_hint}</p>}
    </Card>
  );
}

export function witnessPage(frame: Frame, shown: WitnessShown): string {
  const t = pick(texts, frame.locale);
  const proof = { href: `/e/${shown.code}/proof`, label: t.proof };
  const body = (
    <div class="narrow">
      <Device shown={shown} t={t} />
      <Card title={t.means_title}>
        <ul class="checks">
          <li><span class="tick" aria-hidden="true">✓</span><span>{t.means_same}</span></li>
          <li><span class="tick" aria-hidden="true">✓</span><span>{t.means_others}</span></li>
          <li><span class="red" aria-hidden="true">×</span><span>{t.means_not}</span></li>
        </ul>
      </Card>
      {shown.sides.length > 0 && <Devices frame={frame} shown={shown} t={t} />}
      <p><a class="tap" href={proof.href}>{t.see_proof}</a></p>
      <script type="module" src={assetUrl('witness.js')} />
    </div>
  );
  return page({ ...frame, audience: 'resident', title: t.witness, lede: t.witness_lede, crumbs: [proof], body });
}
