// The verifier as one HTML file (verify.html): script, style and font inlined, so that it opens from a USB stick with
// the network off. Its policy lets it load nothing and send nothing. The same sources give the same bytes, so that its
// SHA-256 can stand on the notice board.
import { readFile } from 'node:fs/promises';
import { transform } from 'esbuild';
import { sha256 } from './kernel/digest.ts';
import { texts } from './web/assets/verifier-texts.ts';
import { assetPath, bundled } from './web/bundle.ts';
import { subsetFont } from './web/font-subset.ts';

const FAMILY = 'Mingzhang Sans';

const hashed = (text: string): string => `'sha256-${sha256(text).toString('base64')}'`;

/** Letters, figures and marks of any text, and whatever the page itself says in Chinese. */
function charactersOf(...texts: string[]): Set<string> {
  const ascii = Array.from({ length: 95 }, (_, index) => String.fromCodePoint(32 + index));
  return new Set([...ascii, ...texts.flatMap((text): string[] => (text.match(/[^ -~\s]/gu) ?? []))]);
}

async function styleWith(font: Buffer): Promise<string> {
  const face = `@font-face{font-family:"${FAMILY}";src:url(data:font/woff;base64,${font.toString('base64')}) format("woff")}`;
  const own = `:root{--font:"${FAMILY}","PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}`;
  const pages = await readFile(assetPath('style.css'), 'utf8');
  const style = await transform(`${pages}\n${own}`, { loader: 'css', minify: true, charset: 'utf8' });
  return face + style.code.trimEnd();
}

const NEEDS_SCRIPT = `${texts.needs_script.zh} ${texts.needs_script.en}`;

async function build(): Promise<Buffer> {
  // An inline script ends at the first "</script", wherever it stands.
  const script = bundled('verifier.ts', 'iife').toString('utf8').trimEnd().replace(/<\/(?=script)/gi, '<\\/');
  const style = await styleWith(subsetFont(charactersOf(script), FAMILY));
  const policy = [
    "default-src 'none'", `script-src ${hashed(script)}`, `style-src ${hashed(style)}`, 'font-src data:', 'worker-src blob:',
    "base-uri 'none'", "form-action 'none'",
  ].join('; ');
  return Buffer.from(`<!doctype html>
<html lang="zh-CN" class="resident">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${texts.title.zh}</title>
<style>${style}</style>
</head>
<body>
<div id="verifier" data-alone><noscript>${NEEDS_SCRIPT}</noscript></div>
<script data-verifier>${script}</script>
</body>
</html>
`);
}

let built: Promise<Buffer> | undefined;

/** Made once per process, in about half a second. */
export const verifierPage = (): Promise<Buffer> => (built ??= build());
