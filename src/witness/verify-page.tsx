// The page /verify.
import type { Frame } from '../web/frame.ts';
import { pick } from '../web/locale.ts';
import { page } from '../web/shell.tsx';
import { texts } from './texts.ts';

export function verifyPage(frame: Frame, _shown: { verifier: { sha256: string; size: number } }): string {
  const t = pick(texts, frame.locale);
  return page({ ...frame, title: t.open_verify, body: <p>{t.check_2}</p> });
}
