// What a report prints of its seal: the checkpoint of the log that covers the report, the key that signed it, and who
// has witnessed it. Finished words and figures only; where they come from is told in src/disclosure/seal.ts.

export interface PrintedSeal {
  /** Address that the QR code carries: <public url>/verify#<checkpoint>. */
  address: string;
  /** Signed note of the checkpoint, C2SP. */
  note: string;
  size: number;
  /** Root of the tree, 64 hexadecimal digits. */
  root: string;
  /** Verifier key of the log. */
  vkey: string;
  /** Who cosigned, of the latest checkpoint that somebody did; null where nobody has yet. */
  witnessed: Witnessed | null;
}

export interface Witnessed {
  size: number;
  /** Day of the last cosignature, Asia/Shanghai. */
  on: string;
  committee: number;
  street: number;
  resident: number;
}

/** A seal with the files that prove it. */
export interface Seal extends PrintedSeal {
  files: Record<SealFile, Uint8Array>;
}

/** Names of the attached files, in the order in which they are attached. */
export const sealFiles = ['seal.json', 'facts.json', 'records.tsv', 'earlier.tsv'] as const;
export type SealFile = (typeof sealFiles)[number];

/** Sixty-four digits as people compare them: in groups of four. */
export const grouped = (digits: string): string => digits.replace(/.{4}(?=.)/g, '$& ');
