// The public label of an emergency order (应急): signed by fewer, and whether the others have ratified it. It
// stands wherever the order, its proposal or its entry is shown.
import type { JSX } from 'preact';
import type { BusinessDate } from '../kernel/dates.ts';
import { fill, type Locale } from '../kernel/locale.ts';
import { formatDay, pick } from '../web/locale.ts';
import { Chip, type Tone } from '../web/parts.tsx';
import { texts } from './talk-texts.ts';

export interface Emergency {
  class: string;
  ratify_by: BusinessDate | null;
  ratified_at: Date | null;
}

/** Null where it is no emergency order. `today` tells what is overdue. */
export function emergencyLabel(order: Emergency, today: BusinessDate, locale: Locale): { tone: Tone; text: string } | null {
  if (order.class !== 'emergency') return null;
  const t = pick(texts, locale);
  if (order.ratified_at !== null) return { tone: 'ok', text: t.emergency_ratified };
  if (order.ratify_by === null) return { tone: 'amber', text: t.emergency };
  const day = formatDay(order.ratify_by, locale);
  if (order.ratify_by < today) return { tone: 'red', text: fill(t.emergency_overdue, { day }) };
  return { tone: 'amber', text: fill(t.emergency_waits, { day }) };
}

export function EmergencyChip({ order, today, locale }: { order: Emergency; today: BusinessDate; locale: Locale }): JSX.Element | null {
  const label = emergencyLabel(order, today, locale);
  return label === null ? null : <Chip tone={label.tone}>{label.text}</Chip>;
}
