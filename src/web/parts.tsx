// The parts pages are made of: cards, key figures, rows, chips, notices, signatures, steps.
// They take finished values and know no database. Text is escaped by Preact; addresses pass
// safeHref(), so that nothing a person typed becomes a script.
import type { ComponentChildren, JSX } from 'preact';
import { Amount, type AmountValue } from './amount.tsx';
import { useTexts } from './context.ts';
import { safeHref } from './links.ts';

export type Children = ComponentChildren;
export type Tone = 'ok' | 'amber' | 'red' | 'plain';
export interface LinkTo {
  href: string;
  label: string;
}

const classes = (...names: (string | false | undefined)[]): string =>
  names.filter((name) => typeof name === 'string').join(' ');

export interface CardProps {
  title?: Children;
  id?: string | undefined;
  tone?: 'alarm' | 'amber' | 'ok' | undefined;
  actions?: Children;
  children?: Children;
}

export function Card({ title, id, tone, actions, children }: CardProps): JSX.Element {
  return (
    <section class={classes('card', tone)} id={id}>
      {title !== undefined && <h2>{title}</h2>}
      {children}
      {actions !== undefined && <div class="actions">{actions}</div>}
    </section>
  );
}

export interface Figure {
  label: string;
  amount?: AmountValue | undefined;
  text?: Children;
  href?: string | undefined;
}

export function Figures({ items }: { items: readonly Figure[] }): JSX.Element {
  return (
    <dl class="figures">
      {items.map((item) => (
        <div>
          <dt>
            {item.href === undefined ? item.label : <a href={safeHref(item.href)}>{item.label}</a>}
          </dt>
          <dd>{item.amount === undefined ? item.text : <Amount value={item.amount} strong />}</dd>
        </div>
      ))}
    </dl>
  );
}

export interface BalanceCardProps {
  label: string;
  amount: AmountValue;
  check?: { ok: boolean; text: Children } | undefined;
  figures?: readonly Figure[] | undefined;
  children?: Children;
}

/** The first thing a resident sees: what lies in the account, and whether the bank says so too. */
export function BalanceCard({
  label,
  amount,
  check,
  figures,
  children,
}: BalanceCardProps): JSX.Element {
  return (
    <section class="card balance">
      <h2 class="hint">{label}</h2>
      <p class="big">
        <Amount value={amount} yuan strong />
      </p>
      {check !== undefined && (
        <p class={check.ok ? 'agrees' : 'differs'}>
          <span aria-hidden="true">{check.ok ? '✓' : '!'}</span> {check.text}
        </p>
      )}
      {figures !== undefined && <Figures items={figures} />}
      {children}
    </section>
  );
}

export interface Row {
  label: Children;
  amount?: AmountValue | undefined;
  value?: Children;
  note?: Children;
  href?: string | undefined;
  chip?: Children;
}

function RowLine({ row }: { row: Row }): JSX.Element {
  return (
    <>
      <span class="row-label">
        {row.label}
        {row.chip !== undefined && <> {row.chip}</>}
      </span>
      <span class="row-value">
        {row.amount === undefined ? row.value : <Amount value={row.amount} strong />}
      </span>
      {row.note !== undefined && <small class="hint">{row.note}</small>}
    </>
  );
}

/** Lines of name and amount, each leading one step deeper: category, entry, voucher. */
export function RowList({
  rows,
  more,
}: {
  rows: readonly Row[];
  more?: LinkTo | undefined;
}): JSX.Element {
  return (
    <ul class="rows">
      {rows.map((row) => (
        <li>
          {row.href === undefined ? (
            <div class="row">
              <RowLine row={row} />
            </div>
          ) : (
            <a class="row" href={safeHref(row.href)}>
              <RowLine row={row} />
            </a>
          )}
        </li>
      ))}
      {more !== undefined && (
        <li>
          <a class="row" href={safeHref(more.href)}>
            {more.label} <span aria-hidden="true">›</span>
          </a>
        </li>
      )}
    </ul>
  );
}

export const Chip = ({
  tone,
  children,
}: {
  tone?: Tone | undefined;
  children: Children;
}): JSX.Element => <span class={classes('chip', tone)}>{children}</span>;

export interface NoticeProps {
  tone: 'info' | 'ok' | 'amber' | 'alarm';
  title?: Children;
  action?: LinkTo | undefined;
  children?: Children;
}

export function Notice({ tone, title, action, children }: NoticeProps): JSX.Element {
  const t = useTexts();
  const urgent = tone === 'alarm' || tone === 'amber';
  return (
    <div
      class={classes('card', 'notice', tone)}
      role="note"
      aria-label={urgent ? t.attention : t.notice}
    >
      {title !== undefined && <strong class="notice-title">{title}</strong>}
      {children !== undefined && <div>{children}</div>}
      {action !== undefined && (
        <a class="tap" href={safeHref(action.href)}>
          {action.label}
        </a>
      )}
    </div>
  );
}

export interface TimelineStep {
  state: 'done' | 'waiting' | 'rejected' | 'returned' | 'todo';
  /** Instead of the state's own word; '' where the title says it all. */
  word?: string | undefined;
  title: Children;
  who?: Children;
  when?: Children;
  note?: Children;
}

/** Who signed, who is asked, by when: 签批 in the order it happened. */
export function Timeline({ steps }: { steps: readonly TimelineStep[] }): JSX.Element {
  const t = useTexts();
  return (
    <ol class="timeline">
      {steps.map((step) => (
        <li class={step.state}>
          <strong>{step.title}</strong> <span class="state">{step.word ?? t[`state_${step.state}`]}</span>
          {step.who !== undefined && <div>{step.who}</div>}
          {step.when !== undefined && <div class="hint">{step.when}</div>}
          {step.note !== undefined && <div>{step.note}</div>}
        </li>
      ))}
    </ol>
  );
}

export interface Fact {
  term: Children;
  value: Children;
}

export function DescriptionList({
  items,
}: {
  items: readonly (Fact | false | null | undefined)[];
}): JSX.Element {
  const facts = items.filter((item) => item !== false && item !== null && item !== undefined);
  return (
    <dl class="facts">
      {facts.map((fact) => (
        <div>
          <dt>{fact.term}</dt>
          <dd>{fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}

export interface Step {
  title: Children;
  state: 'done' | 'here' | 'todo';
  note?: Children;
}

export function Steps({
  steps,
  label,
}: {
  steps: readonly Step[];
  label?: string | undefined;
}): JSX.Element {
  const t = useTexts();
  return (
    <ol class="steps" aria-label={label ?? t.steps}>
      {steps.map((step) => (
        <li class={step.state} aria-current={step.state === 'here' ? 'step' : undefined}>
          <span class="step-title">{step.title}</span>
          <span class="state">{t[`step_${step.state}`]}</span>
          {step.note !== undefined && <small class="hint">{step.note}</small>}
        </li>
      ))}
    </ol>
  );
}

export interface Check {
  /** unknown: could not be told; neither good nor bad. */
  state: 'ok' | 'attention' | 'refused' | 'unknown';
  text: Children;
}

const checkTones = { attention: 'amber', refused: 'red', unknown: 'plain' } as const;

/** What the program looked at before asking a person (已替您查过). */
export function Checks({ items }: { items: readonly Check[] }): JSX.Element {
  const t = useTexts();
  return (
    <ul class="checks">
      {items.map((item) => (
        <li>
          {item.state === 'ok' ? (
            <span class="tick" role="img" aria-label={t.check_ok}>
              ✓
            </span>
          ) : (
            <Chip tone={checkTones[item.state]}>
              {t[`check_${item.state}`]}
            </Chip>
          )}
          <span>{item.text}</span>
        </li>
      ))}
    </ul>
  );
}

export function EmptyState({
  title,
  text,
  action,
}: {
  title: Children;
  text?: Children;
  action?: LinkTo | undefined;
}): JSX.Element {
  return (
    <div class="empty">
      <p>
        <strong>{title}</strong>
      </p>
      {text !== undefined && <p>{text}</p>}
      {action !== undefined && <ActionLink href={action.href}>{action.label}</ActionLink>}
    </div>
  );
}

/** One column on the phone, two from 900 px: facts left, voucher right. */
export const Columns = ({
  wide,
  children,
}: {
  wide?: 'left' | 'right' | undefined;
  children: Children;
}): JSX.Element => (
  <div class={classes('columns', wide !== undefined && `wide-${wide}`)}>{children}</div>
);

export interface ActionLinkProps {
  href: string;
  kind?: 'primary' | 'alt' | undefined;
  download?: boolean | undefined;
  children: Children;
}

export const ActionLink = ({ href, kind, download, children }: ActionLinkProps): JSX.Element => (
  <a class={classes('btn', kind === 'alt' && 'alt')} href={safeHref(href)} download={download}>
    {children}
  </a>
);
