// A program that starts the built-in PostgreSQL on a folder and stops it at SIGTERM: the tests of the
// start run it, kill it and run it again.   node --import ./bin/load-pages.mjs holder.ts <folder> [join]
import { startBuiltIn } from '../../src/kernel/embedded.ts';

const [, , data = '', mode] = process.argv;
try {
  const server = await startBuiltIn({
    data, join: mode === 'join', durable: false, note: () => undefined, warn: (line) => console.error(line),
  });
  console.log(JSON.stringify({ url: server.url('postgres', 'postgres'), owned: server.owned, folder: server.folder }));
  process.on('SIGTERM', () => void server.stop().then(() => process.exit(0)));
  setInterval(() => undefined, 1_000);
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
