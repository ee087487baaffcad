// What the notice-board sheet (公告栏张贴页) says: a month of an estate on one page that people read standing, and the
// checkpoint and key of the log on paper, where whoever runs the server cannot change them. Finished values; money is
// a decimal string with two places.
import type { PrintedSeal } from '../kit/seal.ts';

export interface NoticeSheet {
  estate: { name_zh: string; name_en: string; trustee: string; committee: string };
  period: string;
  version: number;
  published_at: string;
  opening: string;
  received: string;
  paid: string;
  closing: string;
  /** The warnings of page one of the disclosure. */
  notices: readonly { text_zh: string; text_en: string }[];
  /** SHA-256 of the disclosure's PDF in each language. */
  pdf_zh_sha256: string;
  pdf_en_sha256: string;
  /** SHA-256 of the verifier as a single file, so that whoever downloads it can compare; absent: not known here. */
  verifier_sha256?: string | undefined;
  /** Null: no checkpoint could be signed for this month. Witnesses as they are on the day of printing. */
  seal: PrintedSeal | null;
}
