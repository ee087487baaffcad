// A file that cannot be read: cut off, of another kind, or built to do harm. Says why in both languages; whoever
// reads files turns it into a finding, so that nothing a file holds ever ends the verifier itself.
import type { Bilingual } from '../kernel/locale.ts';

export class Unreadable extends Error {
  readonly text: Bilingual;
  constructor(zh: string, en: string) {
    super(en);
    this.text = { zh, en };
  }
}
