// Days and moments of an ISO 20022 message as business dates in Shanghai.
import { businessDate, instant, isBusinessDate, type BusinessDate } from '../kernel/dates.ts';
import { textAt, wrong, type Node } from './camt-node.ts';

/** "2026-11-05T23:30:00Z" is 6 November here; without an offset the bank means its own day. */
export function momentDay(moment: string, where: string, element: string): BusinessDate {
  const found = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d{1,9})?(Z|[+-]\d\d:\d\d)?$/.exec(moment);
  if (found === null || !isBusinessDate(found[1]!)) throw wrong(where, element, moment);
  // Midnight written as the end of a day.
  if (found[2] === '24:00:00') return found[1]!;
  const at = instant(`${found[1]}T${found[2]}${found[3] ?? '+08:00'}`);
  if (Number.isNaN(at.getTime())) throw wrong(where, element, moment);
  return businessDate(at);
}

/** <Dt> or <DtTm> below an element; null where there is neither. */
export function dayAt(node: Node | undefined, where: string): BusinessDate | null {
  const day = textAt(node, 'Dt');
  if (day !== '') {
    const bare = day.replace(/(Z|[+-]\d\d:\d\d)$/, '');
    if (!isBusinessDate(bare)) throw wrong(where, 'Dt', day);
    return bare;
  }
  const moment = textAt(node, 'DtTm');
  return moment === '' ? null : momentDay(moment, where, 'DtTm');
}
