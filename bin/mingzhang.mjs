#!/usr/bin/env node
// `npx mingzhang …`: plain JavaScript, so that an older Node can say what it lacks.
if (Number(process.versions.node.split('.')[0]) < 24) {
  process.stderr.write(`Mingzhang needs Node 24 or newer, and this is ${process.versions.node}: `
    + 'run "npm ci" again (it brings Node 24 along) and use "npx mingzhang".\n');
  process.exit(1);
}
await import('./load-pages.mjs');
const [command, ...args] = process.argv.slice(2);
if (command === 'verify') {
  // Needs nothing of the service, and starts without it.
  const { runVerify } = await import('../src/verify-command.ts');
  await runVerify(args);
} else {
  const { main } = await import('../src/cli.ts');
  await main(process.argv.slice(2));
}
