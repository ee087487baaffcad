// `npm start`. The version is looked at before anything else is loaded: an older Node would stop at
// the first thing it does not know, with a message that helps nobody.
const [major = 0] = process.versions.node.split('.').map(Number);
if (major < 24) {
  process.stderr.write(`Mingzhang needs Node 24 or newer, and this is ${process.versions.node}: `
    + 'run "npm ci" again (it brings Node 24 along) and start with "npm start".\n');
  process.exit(1);
}
const { main } = await import('./cli.ts');
await main(['start', ...process.argv.slice(2)]);

export {};
