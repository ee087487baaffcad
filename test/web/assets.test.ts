// Assets are named by their content and kept for ever; pages and tables travel compressed.
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import Fastify from 'fastify';
import t from 'tap';
import { assetUrl, serveAssets, type AssetName } from '../../src/web/assets.ts';
import { compressReplies, encodingOf } from '../../src/web/compress.ts';
import { everyPart } from './every-part.ts';

async function served() {
  const app = Fastify();
  compressReplies(app);
  serveAssets(app);
  app.get('/page', async (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(everyPart('账', '/e/x')),
  );
  app.get('/small', async (_request, reply) =>
    reply.header('vary', 'Cookie').type('text/html').send('<p>账</p>'),
  );
  app.get('/picture', async (_request, reply) => reply.type('image/png').send(Buffer.alloc(5000)));
  await app.ready();
  return app;
}

t.test('every asset is immutable, typed, compressed, and known by its hash', async (t) => {
  const app = await served();
  t.teardown(() => app.close());
  const types: Record<AssetName, RegExp> = {
    'style.css': /^text\/css/,
    'fonts.css': /^text\/css/,
    'favicon.svg': /^image\/svg/,
    'enhance.js': /^text\/javascript/,
    'sign.js': /^text\/javascript/,
    'passkey.js': /^text\/javascript/,
    'match.js': /^text\/javascript/,
    'witness.js': /^text\/javascript/,
    'verifier.js': /^text\/javascript/,
  };
  for (const [name, type] of Object.entries(types) as [AssetName, RegExp][]) {
    const url = assetUrl(name);
    t.match(url, new RegExp(`^/assets/${name.split('.')[0]}-\\w{8,10}\\.${name.split('.')[1]}$`));
    const plain = await app.inject(url);
    t.equal(plain.statusCode, 200);
    t.match(plain.headers['content-type'], type);
    t.equal(plain.headers['cache-control'], 'public, max-age=31536000, immutable');
    const br = await app.inject({ url, headers: { 'accept-encoding': 'gzip, br' } });
    t.equal(br.headers['content-encoding'], 'br');
    t.match(br.headers['vary'], 'Accept-Encoding');
    t.equal(brotliDecompressSync(br.rawPayload).toString(), plain.body);
    const gz = await app.inject({ url, headers: { 'accept-encoding': 'gzip' } });
    t.equal(gunzipSync(gz.rawPayload).toString(), plain.body);
    const again = await app.inject({
      url,
      headers: { 'if-none-match': String(plain.headers['etag']) },
    });
    t.equal(again.statusCode, 304);
  }
  t.equal((await app.inject('/assets/style-0000000000.css')).statusCode, 404);
  t.equal((await app.inject('/assets/..%2f..%2fpackage.json')).statusCode, 404);
});

t.test('the font: every rule leads to a slice, and the system fonts come first', async (t) => {
  const app = await served();
  t.teardown(() => app.close());
  const css = (await app.inject(assetUrl('fonts.css'))).body;
  const slices = [...css.matchAll(/url\((\/assets\/[\w.-]+\.woff2)\)/g)].map((found) => found[1]!);
  t.ok(slices.length > 90, `${slices.length} slices`);
  const slice = await app.inject(slices.at(-1)!);
  t.match(slice.headers, { 'content-type': 'font/woff2', 'cache-control': /immutable/ });
  t.equal(slice.rawPayload.subarray(0, 4).toString(), 'wOF2');
  const style = (await app.inject(assetUrl('style.css'))).body;
  const stack = /--font:([^;}]*)/.exec(style)![1]!;
  t.ok(stack.indexOf('PingFang SC') < stack.indexOf('Noto Sans SC Variable'));
});

t.test('a page with every part, its style and script weigh less than 100 KB', async (t) => {
  const app = await served();
  t.teardown(() => app.close());
  let weight = 0;
  for (const url of [
    '/page',
    assetUrl('style.css'),
    assetUrl('enhance.js'),
    assetUrl('favicon.svg'),
  ]) {
    weight += (await app.inject(url)).rawPayload.length;
  }
  t.ok(weight < 100_000, `${weight} bytes before compression`);
});

t.test('pages are compressed where it pays, and say so to caches', async (t) => {
  const app = await served();
  t.teardown(() => app.close());
  const page = await app.inject({
    url: '/page',
    headers: { 'accept-encoding': 'gzip, deflate, br, zstd' },
  });
  t.match(page.headers, { 'content-encoding': 'br', vary: 'Accept-Encoding' });
  t.match(brotliDecompressSync(page.rawPayload).toString(), '<!doctype html>');
  t.equal(Number(page.headers['content-length']), page.rawPayload.length);
  const plain = await app.inject('/page');
  t.equal(plain.headers['content-encoding'], undefined);
  const small = await app.inject({ url: '/small', headers: { 'accept-encoding': 'br' } });
  t.match(small.headers, { vary: 'Cookie, Accept-Encoding' });
  t.equal(small.body, '<p>账</p>');
  const picture = await app.inject({ url: '/picture', headers: { 'accept-encoding': 'br' } });
  t.equal(picture.headers['content-encoding'], undefined);
  const head = await app.inject({
    method: 'HEAD',
    url: '/page',
    headers: { 'accept-encoding': 'br' },
  });
  t.equal(head.statusCode, 200);
  t.equal(head.body, '');
});

t.test('what a browser refuses is not sent', async (t) => {
  const rows: [string | undefined, string | undefined][] = [
    [undefined, undefined],
    ['', undefined],
    ['identity', undefined],
    ['br;q=0, gzip', 'gzip'],
    ['gzip;q=0.5, br;q=0.1', 'br'],
    ['*', 'br'],
    ['*;q=0', undefined],
    ['GZIP', 'gzip'],
  ];
  for (const [accept, expected] of rows) t.equal(encodingOf(accept), expected, accept ?? 'none');
});
