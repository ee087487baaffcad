// A real Chromium for the browser tests, from the registry package: works as root and not, needs
// no network and no installed browser. Unpacked once per user and version into os.tmpdir().
// It sees no fonts but its own Latin one, so what a page shows in Chinese comes from the page's
// own web font, here as on any machine.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';

const root = fileURLToPath(new URL('..', import.meta.resolve('@sparticuz/chromium')));

const fontsConf = (place: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${place}/fonts</dir><cachedir>${place}/font-cache</cachedir></fontconfig>
`;

// The package unpacks into os.tmpdir(): a process of its own, so that ours keeps its TMPDIR.
const unpacking = `
  const { inflate } = await import(process.argv[1]);
  for (const file of process.argv.slice(2)) await inflate(file);
`;

/** Unpacks beside the place and renames, so that test files in parallel never see half of it. */
function unpack(place: string): void {
  const part = mkdtempSync(`${place}-part-`);
  const files = ['chromium.br', 'fonts.tar.br', 'al2023.tar.br', 'swiftshader.tar.br'];
  const entrance = import.meta.resolve('@sparticuz/chromium');
  execFileSync(
    process.execPath,
    ['--input-type=module', '-e', unpacking, entrance, ...files.map((f) => join(root, 'bin', f))],
    { env: { ...process.env, NODE_OPTIONS: '', TMPDIR: part }, timeout: 60_000 },
  );
  writeFileSync(join(part, 'fonts.conf'), fontsConf(place));
  try {
    renameSync(part, place);
  } catch (error) {
    rmSync(part, { recursive: true, force: true });
    if (!existsSync(join(place, 'chromium'))) throw error; // else another test was first
  }
}

/** Machines without the NSS libraries take those of the package. */
function librariesFor(place: string, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const started = spawnSync(join(place, 'chromium'), ['--version'], { env, timeout: 20_000 });
  if (started.status === 0) return env;
  const libraries = [join(place, 'al2023', 'lib'), env['LD_LIBRARY_PATH']]
    .filter(Boolean)
    .join(':');
  return { ...env, LD_LIBRARY_PATH: libraries };
}

/** Close it in the test's teardown: t.teardown(() => browser.close()). */
export async function launchBrowser(options: { args?: string[] } = {}): Promise<Browser> {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  const place = join(tmpdir(), `mingzhang-chromium-${version}-${process.getuid?.() ?? 0}`);
  if (!existsSync(join(place, 'chromium'))) unpack(place);
  const { chromium } = await import('playwright-core');
  const env = librariesFor(place, {
    ...process.env,
    FONTCONFIG_FILE: join(place, 'fonts.conf'),
    FONTCONFIG_PATH: place,
  });
  return chromium.launch({
    executablePath: join(place, 'chromium'),
    // Not the package's own list: that one turns web security off, which these tests are about.
    args: [
      '--no-zygote',
      '--in-process-gpu',
      '--disable-gpu',
      '--font-render-hinting=none',
      '--no-pings',
      '--disable-domain-reliability',
      ...(options.args ?? []),
    ],
    env: env as Record<string, string>,
    headless: true,
    chromiumSandbox: false,
    timeout: 30_000,
  });
}
