// Verifying beside the page, so that it stays alive over a large file: the same script once more as a worker. Where a
// browser allows none, the page does it itself.
import type { Bilingual } from '../../kernel/locale.ts';
import type { GivenFile, Verdict } from '../../verifier/verify.ts';
import { verifyFiles } from '../../verifier/verify.ts';

interface Asked { files: GivenFile[]; trusted_keys: string[] }
type Said = { progress: Bilingual } | { verdict: Verdict } | { error: string };

/** What the script does when it runs as a worker. */
export function serve(): void {
  addEventListener('message', ({ data }: MessageEvent<Asked>) => {
    const say = (said: Said): void => postMessage(said);
    verifyFiles(data.files, { trusted_keys: data.trusted_keys, progress: (progress) => say({ progress }) })
      .then((verdict) => say({ verdict }), (error: unknown) => say({ error: String(error) }));
  });
}

/** A worker of the very script that runs here: by its address, or of its own text in the single file. */
function openWorker(): Worker | null {
  const script = document.querySelector<HTMLScriptElement>('script[data-verifier]');
  try {
    if (script === null || typeof Worker === 'undefined') return null;
    if (script.src !== '') return new Worker(script.src, { type: 'module' });
    return new Worker(URL.createObjectURL(new Blob([script.textContent ?? ''], { type: 'text/javascript' })));
  } catch {
    return null;
  }
}

const here = ({ files, trusted_keys }: Asked, progress: (text: Bilingual) => void): Promise<Verdict> =>
  verifyFiles(files, { trusted_keys, progress });

export function verifyBeside(asked: Asked, progress: (text: Bilingual) => void): Promise<Verdict> {
  const worker = openWorker();
  if (worker === null) return here(asked, progress);
  return new Promise<Verdict>((resolve, reject) => {
    worker.addEventListener('message', ({ data }: MessageEvent<Said>) => {
      if ('progress' in data) return progress(data.progress);
      worker.terminate();
      if ('verdict' in data) resolve(data.verdict);
      else reject(new Error(data.error));
    });
    // It could not even start: the page does it itself.
    worker.addEventListener('error', () => {
      worker.terminate();
      here(asked, progress).then(resolve, reject);
    });
    worker.postMessage(asked);
  });
}
