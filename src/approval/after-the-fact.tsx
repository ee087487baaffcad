// The public label of an order signed after the fact (事后补单): the bank had paid before anybody signed. It stands
// wherever the order, its proposal or its entry is shown.
import type { JSX } from 'preact';
import type { BusinessDate } from '../kernel/dates.ts';
import type { Locale } from '../kernel/locale.ts';
import { pick } from '../web/locale.ts';
import { Chip } from '../web/parts.tsx';
import type { Document } from './queries.ts';
import { texts } from './talk-texts.ts';

export interface AfterTheFact {
  /** Entry that booked the unexplained debit, and how it is called: "2026-10 付-012". */
  entry: number;
  number: string;
  /** Day on which the bank paid. */
  paid_on: BusinessDate;
}

/** Null of a document that is carried out as usual. */
export function afterTheFactOf(document: Document | null): AfterTheFact | null {
  const said = document?.['after_the_fact'];
  if (typeof said !== 'object' || said === null || Array.isArray(said)) return null;
  const { entry, number, paid_on } = said as { entry?: unknown; number?: unknown; paid_on?: unknown };
  return typeof entry === 'number' && typeof number === 'string' && typeof paid_on === 'string' ? { entry, number, paid_on } : null;
}

export const AfterTheFactChip = ({ locale }: { locale: Locale }): JSX.Element => <Chip tone="red">{pick(texts, locale).after_the_fact}</Chip>;
