// Static assets: one stylesheet, a few scripts, the web font, the icon. Names carry a hash of the
// content, so a browser keeps them for ever and a new release is seen at once. Compressed once.
// The Chinese web font comes in slices by unicode-range, and only where a device has none.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { assetPath, bundled } from './bundle.ts';
import { compressed, encodingOf, varyBy, type Encoding } from './compress.ts';

export type AssetName = 'style.css' | 'fonts.css' | 'favicon.svg' | ScriptName;
/** enhance.js stands on every page, the others on the pages that need them. */
type ScriptName = 'enhance.js' | 'sign.js' | 'passkey.js' | 'match.js' | LargeScript;
const scripts: readonly ScriptName[] = ['enhance.js', 'sign.js', 'passkey.js', 'match.js'];
/** Bundled when first asked for: most pages never are. */
type LargeScript = 'witness.js' | 'verifier.js';

interface Asset {
  /** name-hash.ext: what stands behind /assets/. */
  file: string;
  type: string;
  etag: string;
  /** Text held in memory; a font slice is read when asked for. */
  bytes?: Buffer;
  path?: string;
  encoded: Map<Encoding, Promise<Buffer>>;
}

const FONT = fileURLToPath(
  new URL('.', import.meta.resolve('@fontsource-variable/noto-sans-sc/wght.css')),
);
const TYPES = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
};

const hashOf = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('base64url').replace(/[-_]/g, '').slice(0, 10);

function asset(name: string, bytes: Buffer, path?: string): Asset {
  const [, stem = name, extension = ''] = /^(.*)\.(\w+)$/.exec(name) ?? [];
  const hash = hashOf(bytes);
  return {
    file: `${stem}-${hash}.${extension}`,
    type: TYPES[extension as keyof typeof TYPES],
    etag: `"${hash}"`,
    encoded: new Map(),
    ...(path === undefined ? { bytes } : { path }),
  };
}

function fontSlices(): Map<string, Asset> {
  const files = readdirSync(`${FONT}files`).filter((file) => file.endsWith('-wght-normal.woff2'));
  return new Map(
    files.map((file) => {
      const path = `${FONT}files/${file}`;
      const name = file.replace('noto-sans-sc-', '').replace('-wght-normal', '');
      return [file, asset(name, readFileSync(path), path)];
    }),
  );
}

/** The package's font-face rules with our addresses, and the same font where a phone has it. */
function fontCss(slices: Map<string, Asset>): string {
  const rules = readFileSync(`${FONT}wght.css`, 'utf8').replace(
    /url\(\.\/files\/([\w.-]+)\)[^;]*/g,
    (_all, file: string) =>
      [
        'local("NotoSansCJKsc-Regular")',
        `url(/assets/${slices.get(file)?.file ?? file}) format("woff2")`,
      ].join(),
  );
  return transformSync(rules, { loader: 'css', minify: true }).code;
}

const scriptAsset = (name: ScriptName): Asset => asset(name, bundled(name.replace('.js', '.ts')));

interface Assets {
  named: Map<AssetName, Asset>;
  files: Map<string, Asset>;
}
let built: Assets | undefined;

/** Built on first use: about 0.1 s, once per process. */
function assets(): Assets {
  if (built !== undefined) return built;
  const slices = fontSlices();
  const style = transformSync(readFileSync(assetPath('style.css'), 'utf8'), {
    loader: 'css',
    minify: true,
  });
  const named = new Map<AssetName, Asset>([
    ['style.css', asset('style.css', Buffer.from(style.code))],
    ['fonts.css', asset('fonts.css', Buffer.from(fontCss(slices)))],
    ['favicon.svg', asset('favicon.svg', readFileSync(assetPath('favicon.svg')))],
    ...scripts.map((name) => [name, scriptAsset(name)] as const),
  ]);
  const files = new Map([...named.values(), ...slices.values()].map((one) => [one.file, one]));
  built = { named, files };
  return built;
}

/** An asset by its name; a large script is made now. */
function assetNamed(name: AssetName): Asset {
  const { named, files } = assets();
  let one = named.get(name);
  if (one === undefined) {
    one = scriptAsset(name as LargeScript);
    named.set(name, one);
    files.set(one.file, one);
  }
  return one;
}

/** An asset by its address; another instance of the service may have made the page that asks for it. */
function assetAt(file: string): Asset | undefined {
  const large = (['witness.js', 'verifier.js'] as const).find((name) => file.startsWith(name.replace('.js', '-')));
  if (large !== undefined) assetNamed(large);
  return assets().files.get(file);
}

/** '/assets/style-k3Jd82hQ1x.css' */
export const assetUrl = (name: AssetName): string => `/assets/${assetNamed(name).file}`;

function encodedBytes(one: Asset, bytes: Buffer, encoding: Encoding): Promise<Buffer> {
  let ready = one.encoded.get(encoding);
  if (ready === undefined) {
    ready = compressed(bytes, encoding, 11);
    one.encoded.set(encoding, ready);
  }
  return ready;
}

async function sendAsset(
  one: Asset,
  accept: string | undefined,
  reply: FastifyReply,
): Promise<FastifyReply> {
  reply.type(one.type);
  if (one.bytes === undefined) return reply.send(await readFile(one.path!));
  varyBy(reply, 'Accept-Encoding');
  const encoding = encodingOf(accept);
  if (encoding === undefined) return reply.send(one.bytes);
  return reply
    .header('content-encoding', encoding)
    .send(await encodedBytes(one, one.bytes, encoding));
}

/** Not part of the described interface, and not counted by the limits on requests. */
const quiet = { schema: { hide: true } as object, config: { rateLimit: false } as object };

export function serveAssets(app: FastifyInstance): void {
  assets();
  app.get<{ Params: { file: string } }>(
    '/assets/:file',
    {
      ...quiet,
    },
    async (request, reply) => {
      const one = assetAt(request.params.file);
      if (one === undefined) return reply.callNotFound();
      reply.header('cache-control', 'public, max-age=31536000, immutable').header('etag', one.etag);
      if (request.headers['if-none-match'] === one.etag) return reply.code(304).send();
      return sendAsset(one, request.headers['accept-encoding'], reply);
    },
  );
  app.get('/favicon.ico', quiet, async (_request, reply) => {
    reply.header('cache-control', 'public, max-age=86400');
    return sendAsset(assetNamed('favicon.svg'), undefined, reply);
  });
}
