// The page /verify: what stands around the verifier's script, and where to get it as a single file.
import { fill } from '../kernel/locale.ts';
import { texts } from '../web/assets/verifier-texts.ts';
import { assetUrl } from '../web/assets.ts';
import type { Frame } from '../web/frame.ts';
import { formatHash, formatSize, pick } from '../web/locale.ts';
import { Card } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { Groups } from './proof-pages.tsx';

export function verifyPage(frame: Frame, { verifier }: { verifier: { sha256: string; size: number } }): string {
  const t = pick(texts, frame.locale);
  const body = (
    <div class="narrow">
      <div id="verifier" />
      <noscript>{t.needs_script}</noscript>
      <Card title={t.trust_title}>
        <p>{t.trust_page}</p>
        <p>{t.trust_more}</p>
        <p>
          <a class="btn alt" href="/verify.html" download="verify.html">
            {fill(t.download_file, { size: formatSize(verifier.size) })}
          </a>
        </p>
        <p class="hint">{t.sha256_of}</p>
        <p><Groups text={formatHash(verifier.sha256)} /></p>
      </Card>
      <script type="module" src={assetUrl('verifier.js')} data-verifier />
    </div>
  );
  return page({ ...frame, audience: 'resident', title: t.title, lede: t.lede, body });
}
