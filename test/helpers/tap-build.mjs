// Before `tap`: tap builds its test class from the plugins that .taprc names, but the run that builds it
// still loads the old ones, of which the TypeScript plugin stops at TypeScript 7. So it is built before. The plugin that
// replaces modules goes too: nothing is mocked here, and it would slow every import.
import { spawnSync } from 'node:child_process';
import { t } from 'tap';

if (['@tapjs/typescript', '@tapjs/mock'].some((plugin) => t.pluginSignature.includes(plugin))) {
  process.stdout.write('Building tap without the plugins it does not need (once) …\n');
  const { status } = spawnSync('tap', ['build'], { stdio: 'inherit', shell: true });
  process.exitCode = status ?? 1;
}
