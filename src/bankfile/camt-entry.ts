// One entry (Ntry) of a camt.053 statement as a line: its side, day, references, the other party and what was said about it.
import { moneyText, negated } from '../kernel/money.ts';
import { dayAt } from './camt-day.ts';
import { all, amountOf, first, lacks, textAt, textOf, wrong, type Node } from './camt-node.ts';
import type { StatementLine } from './statement.ts';

export interface CamtEntry {
  line: StatementLine;
  /** False for what is only pending or information. */
  booked: boolean;
  /** False where only a value date is given. */
  day_stated: boolean;
}

/** Texts that banks write where there is nothing to say. */
const said = (text: string): string => (/^(NOTPROVIDED|NOT PROVIDED|NONREF|UNKNOWN|N\/A)$/i.test(text) ? '' : text);
const joinedText = (parts: readonly string[]): string => [...new Set(parts.map(said).filter((part) => part !== ''))].join(' ');

function isBooked(entry: Node, where: string): boolean {
  const status = textAt(entry, 'Sts', 'Cd') || textAt(entry, 'Sts');
  if (status === 'BOOK') return true;
  if (/^(PDNG|INFO|FUTR)$/.test(status)) return false;
  throw status === '' ? lacks(where, 'Sts') : wrong(where, 'Sts', status);
}

const accountOf = (account: Node | undefined): string => (textAt(account, 'Id', 'IBAN') || textAt(account, 'Id', 'Othr', 'Id')).replaceAll(' ', '');

interface Party { name: string; account: string; bank: string }

/** From version 08 on a party stands one level deeper. */
function party(details: Node | undefined, role: 'Dbtr' | 'Cdtr'): Party {
  const parties = first(details, 'RltdPties');
  const agent = first(details, 'RltdAgts', `${role}Agt`, 'FinInstnId');
  return {
    name: textAt(parties, role, 'Pty', 'Nm') || textAt(parties, role, 'Nm') || textAt(parties, role, 'Agt', 'FinInstnId', 'Nm'),
    account: accountOf(first(parties, `${role}Acct`)),
    bank: textAt(agent, 'Nm') || textAt(agent, 'BICFI') || textAt(agent, 'BIC') || textAt(agent, 'ClrSysMmbId', 'MmbId'),
  };
}

/** Money in: who paid. Money out: who was paid. Money that comes back: the other way round. */
function otherParty(details: Node | undefined, isIn: boolean, isReversal: boolean, own_account: string): Party {
  const role = isIn === isReversal ? 'Cdtr' : 'Dbtr';
  const found = party(details, role);
  if (own_account !== '' && found.account === own_account) return party(details, role === 'Cdtr' ? 'Dbtr' : 'Cdtr');
  return found;
}

function purposeOf(details: Node | undefined): string {
  const remittance = first(details, 'RmtInf');
  const structured = all(remittance, 'Strd').flatMap((node) => [
    textAt(node, 'CdtrRefInf', 'Ref'), ...all(node, 'AddtlRmtInf').map(textOf),
  ]);
  const free = all(remittance, 'Ustrd').map(textOf);
  return joinedText([...free, ...structured, textAt(details, 'Refs', 'EndToEndId'), textAt(details, 'Purp', 'Prtry')]);
}

/** @param number position of the entry in the whole file, from 1 */
export function camtEntry(entry: Node, number: number, own_account: string): CamtEntry {
  const where = `Ntry ${number}`;
  const side = textAt(entry, 'CdtDbtInd');
  if (side !== 'CRDT' && side !== 'DBIT') throw side === '' ? lacks(where, 'CdtDbtInd') : wrong(where, 'CdtDbtInd', side);
  const reversal = textAt(entry, 'RvslInd');
  if (!/^(|true|false|1|0)$/.test(reversal)) throw wrong(where, 'RvslInd', reversal);
  const amount = amountOf(entry, where);
  const stated = dayAt(first(entry, 'BookgDt'), where);
  const booked_on = stated ?? dayAt(first(entry, 'ValDt'), where);
  if (booked_on === null) throw lacks(where, 'BookgDt');
  const moment = /T(\d\d:\d\d:\d\d)/.exec(textAt(entry, 'BookgDt', 'DtTm'))?.[1] ?? '';
  const transactions = all(entry, 'NtryDtls').flatMap((node) => all(node, 'TxDtls'));
  const single = transactions.length === 1 ? transactions[0] : undefined;
  const other = otherParty(single, side === 'CRDT', reversal === 'true' || reversal === '1', own_account);
  const code = textAt(entry, 'BkTxCd', 'Prtry', 'Cd');
  return {
    booked: isBooked(entry, where),
    day_stated: stated !== null,
    line: {
      row: number, booked_on, booked_time: moment,
      amount: moneyText(side === 'DBIT' ? negated(amount) : amount), balance: null,
      serial: said(textAt(entry, 'AcctSvcrRef')) || said(textAt(single, 'Refs', 'AcctSvcrRef')) || said(textAt(entry, 'NtryRef')),
      counterparty_name: other.name, counterparty_account: other.account, counterparty_bank: other.bank,
      memo: joinedText([textAt(entry, 'AddtlNtryInf'), textAt(single, 'AddtlTxInf')])
        || (transactions.length > 1 ? `${transactions.length} TxDtls` : code),
      purpose: purposeOf(single),
    },
  };
}
