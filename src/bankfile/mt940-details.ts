// What :86: says about a line. Three habits of banks: numbered parts (166?00…?20…?32…), words in slashes
// (/ORDP/…/REMI/…), or plain text. Whatever is not understood stays in the memo, so that nothing is lost.
export interface Details { name: string; account: string; bank: string; memo: string; purpose: string }

/** ?20 to ?29 and ?60 to ?63 are the purpose, ?30 the bank, ?31 the account, ?32 and ?33 the name, ?00 what kind it is. */
function numbered(text: string): Details {
  const mark = text[3] === '?' ? '?' : text[3]!;
  const parts = new Map<string, string>();
  for (const part of text.slice(4).split(mark)) {
    if (/^\d\d/.test(part)) parts.set(part.slice(0, 2), part.slice(2));
  }
  const run = (from: number, to: number): string => {
    let found = '';
    for (let number = from; number <= to; number += 1) found += parts.get(String(number).padStart(2, '0')) ?? '';
    return found.trim();
  };
  return {
    name: run(32, 33), account: (parts.get('31') ?? parts.get('38') ?? '').trim(), bank: (parts.get('30') ?? '').trim(), memo: (parts.get('00') ?? '').trim(),
    purpose: `${run(20, 29)}${run(60, 63)}`,
  };
}

const words = /\/(ORDP|BENM|CNTP|NAME|ACCT|IBAN|BIC|ADDR|REMI|EREF|MARF|KREF|CSID|TRTP|TRCD|PURP|RTRN|ID|ISDT|ULTB|ULTC|ULTD)(?=\/)/g;

function slashed(text: string): Details {
  const parts = new Map<string, string>();
  const marks = [...text.matchAll(words)];
  marks.forEach((mark, at) => {
    const value = text.slice(mark.index + mark[0].length, marks[at + 1]?.index ?? text.length).replace(/^\/+|\/+$/g, '').trim();
    if (value !== '' && !parts.has(mark[1]!)) parts.set(mark[1]!, value);
  });
  // /CNTP/account/bic/name/town/ holds all of the other side.
  const [account = '', bank = '', name = ''] = (parts.get('CNTP') ?? '').split('/');
  return {
    name: parts.get('NAME') ?? parts.get('ORDP') ?? parts.get('BENM') ?? name, account: parts.get('IBAN') ?? parts.get('ACCT') ?? account,
    bank: parts.get('BIC') ?? bank, memo: parts.get('TRTP') ?? text.slice(0, marks[0]?.index ?? 0).trim(),
    purpose: [(parts.get('REMI') ?? '').replace(/^(?:USTD|STRD)?\/+/, ''), parts.get('EREF') ?? ''].filter((part) => part !== '' && part !== 'NOTPROVIDED').join(' '),
  };
}

export function detailsOf(lines: readonly string[]): Details {
  const text = lines.map((line) => line.trimEnd()).join('').trim();
  if (/^\d{3}[?~^][0-9]{2}/.test(text)) return numbered(text);
  if (text.startsWith('/') && text.search(words) !== -1) return slashed(text);
  return { name: '', account: '', bank: '', memo: lines.map((line) => line.trim()).join(' ').trim(), purpose: '' };
}
