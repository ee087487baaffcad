// The verifier's page: files in, verdict out; with the checkpoint of a QR code above, if there is one. Stands on the
// page /verify and is all of verify.html.
import type { JSX } from 'preact';
import { render } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { fill, type Bilingual, type Locale } from '../../kernel/locale.ts';
import type { GivenFile, Verdict } from '../../verifier/verify.ts';
import { readVerifierKey, verifierKeyText } from '../../proof/note.ts';
import { LocaleContext, useLocale } from '../context.ts';
import { formatSize, pick } from '../locale.ts';
import { PaperCard, paperOf, type Paper } from './verifier-paper.tsx';
import { Result } from './verifier-result.tsx';
import { texts } from './verifier-texts.ts';
import { verifyBeside } from './verifier-work.ts';

type T = Record<keyof typeof texts, string>;

interface PickerProps { t: T; files: readonly File[]; add: (files: FileList | null) => void; remove: (file: File) => void }

function Picker({ t, files, add, remove }: PickerProps): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <p class="drop-words">{t.drop_here}</p>
      <input ref={input} id="files" type="file" multiple class="hidden" tabIndex={-1} aria-hidden="true"
        onChange={() => {
          add(input.current!.files);
          input.current!.value = '';
        }} />
      <button type="button" class={files.length === 0 ? 'btn huge' : 'btn alt'} onClick={() => input.current!.click()}>
        {files.length === 0 ? t.choose : t.choose_more}
      </button>
      <p class="hint">{t.drop_hint}</p>
      {files.length > 0 && (
        <ul class="file-list">
          {files.map((file) => (
            <li>
              <span class="file-name">{file.name} <span class="hint">{formatSize(file.size)}</span></span>
              <button type="button" class="plain" onClick={() => remove(file)}>
                {t.remove}<span class="hidden"> {file.name}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

type Phase =
  | { name: 'choosing' }
  | { name: 'working'; progress: Bilingual | null }
  | { name: 'done'; verdict: Verdict }
  | { name: 'failed'; error: string };

const sameFile = (a: File, b: File): boolean => a.name === b.name && a.size === b.size;

/** The key as it was typed off the notice board, where it stands in two lines; null when it is none. */
function keyIn(typed: string): string[] | null {
  const key = typed.replace(/\s/g, '');
  try {
    return key === '' ? [] : [verifierKeyText(readVerifierKey(key))];
  } catch {
    return null;
  }
}

function Verifier({ paper, online }: { paper: Paper | 'bad' | null; online: boolean }): JSX.Element {
  const locale = useLocale();
  const t = pick(texts, locale);
  const [files, setFiles] = useState<File[]>([]);
  const [key, setKey] = useState('');
  const [wrong_key, setWrongKey] = useState(false);
  const [over, setOver] = useState(false);
  const [phase, setPhase] = useState<Phase>({ name: 'choosing' });
  const add = (list: FileList | null): void => {
    if (list === null || list.length === 0) return;
    const added = [...list];
    setFiles((before) => [...before.filter((one) => !added.some((file) => sameFile(file, one))), ...added]);
    setPhase({ name: 'choosing' });
  };
  const verify = (): void => {
    const trusted_keys = keyIn(key);
    setWrongKey(trusted_keys === null);
    if (trusted_keys === null) return document.getElementById('key')?.focus();
    const given: GivenFile[] = files.map((file) => ({ name: file.name, blob: file }));
    if (paper !== null && paper !== 'bad') given.push({ name: t.paper_title, blob: new Blob([paper.note]) });
    setPhase({ name: 'working', progress: null });
    const failed = (error: unknown): void => setPhase({ name: 'failed', error: String((error as Error).message) });
    verifyBeside({ files: given, trusted_keys }, (progress) => setPhase({ name: 'working', progress }))
      .then((verdict) => setPhase({ name: 'done', verdict }), failed);
  };
  useEffect(() => {
    if (phase.name === 'done') document.getElementById('result')?.focus();
  }, [phase.name]);
  // Dropped beside the place, a file would open in the window and the page be gone.
  useEffect(() => {
    const stop = (event: DragEvent): void => event.preventDefault();
    addEventListener('dragover', stop);
    addEventListener('drop', stop);
    return () => {
      removeEventListener('dragover', stop);
      removeEventListener('drop', stop);
    };
  }, []);
  const restart = (): void => {
    setFiles([]);
    setPhase({ name: 'choosing' });
  };
  return (
    <>
      {paper !== null && <PaperCard paper={paper} online={online} />}
      <section class={`card drop screen-only${over ? ' over' : ''}`} aria-busy={phase.name === 'working' ? 'true' : undefined} data-drop
        onDragOver={() => setOver(true)} onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          setOver(false);
          add(event.dataTransfer?.files ?? null);
        }}>
        <h2>{t.drop_title}</h2>
        <Picker t={t} files={files} add={add} remove={(file) => setFiles((before) => before.filter((one) => one !== file))} />
        <div class="field">
          <label for="key">{t.key_label}</label>
          <p class="hint" id="key-hint">{t.key_hint}</p>
          <textarea id="key" rows={2} spellcheck={false} aria-describedby="key-hint key-wrong" aria-invalid={wrong_key} value={key}
            onInput={(event) => setKey(event.currentTarget.value)} />
          <p class="field-error" id="key-wrong" role="alert">{wrong_key ? t.key_wrong : ''}</p>
        </div>
        {files.length > 0 && (
          <button type="button" class={phase.name === 'done' ? 'btn alt' : 'btn huge'} disabled={phase.name === 'working'} onClick={verify}>
            {t.verify}
          </button>
        )}
        <p class="said" role="status">{phase.name === 'working' ? `${t.working} ${phase.progress?.[locale] ?? ''}` : ''}</p>
      </section>
      {phase.name === 'failed' && <section class="card alarm" role="alert"><p>{fill(t.failed, { error: phase.error })}</p></section>}
      {phase.name === 'done' && <Result verdict={phase.verdict} restart={restart} />}
    </>
  );
}

/** The single file's own frame: title, language, and what it is. */
function Alone({ paper, other }: { paper: Paper | 'bad' | null; other: () => void }): JSX.Element {
  const locale = useLocale();
  const t = pick(texts, locale);
  return (
    <>
      <header class="top">
        <span class="estate">{t.title}</span>
        <div class="who screen-only">
          <button type="button" class="plain" lang={locale === 'zh' ? 'en' : 'zh-CN'} onClick={other}>{t.other_language}</button>
        </div>
      </header>
      <main>
        <h1 class="hidden">{t.title}</h1>
        <p class="lede">{t.lede}</p>
        <div class="narrow">
          <Verifier paper={paper} online={false} />
          <section class="card screen-only"><h2>{t.trust_title}</h2><p>{t.trust_file}</p><p>{t.trust_more}</p></section>
        </div>
      </main>
      <footer class="bottom"><p>{t.footer}</p></footer>
    </>
  );
}

const localeOf = (language: string): Locale => (language.toLowerCase().startsWith('zh') ? 'zh' : 'en');

/** Fills the page: `place` is an element of the page /verify, or the whole body of the single file. */
export function startVerifier(place: HTMLElement, { alone }: { alone: boolean }): void {
  let locale = localeOf(alone ? navigator.language : document.documentElement.lang);
  let paper = paperOf(location.hash);
  const show = (): void => {
    document.documentElement.lang = locale === 'zh' ? 'zh-CN' : 'en';
    if (alone) document.title = pick(texts, locale).title;
    else for (const link of document.querySelectorAll<HTMLAnchorElement>('a[hreflang]')) link.hash = location.hash;
    render(
      <LocaleContext.Provider value={locale}>
        {alone ? <Alone paper={paper} other={other} /> : <Verifier paper={paper} online />}
      </LocaleContext.Provider>, place,
    );
  };
  const other = (): void => {
    locale = locale === 'zh' ? 'en' : 'zh';
    show();
  };
  addEventListener('hashchange', () => {
    paper = paperOf(location.hash);
    show();
  });
  show();
}
