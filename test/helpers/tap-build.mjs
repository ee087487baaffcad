// Before `tap`: tap builds its test class from the plugins that .taprc names, but the run that builds it
// still loads the old ones, of which the TypeScript plugin stops at TypeScript 7. So it is built before.
import { spawnSync } from 'node:child_process';
import { t } from 'tap';

if (t.pluginSignature.includes('@tapjs/typescript')) {
  process.stdout.write('Building tap without its TypeScript plugin (once) …\n');
  const { status } = spawnSync('tap', ['build'], { stdio: 'inherit', shell: true });
  process.exitCode = status ?? 1;
}
