import t from 'tap';
import { PROJECT, readConfig } from '../../src/config.ts';

t.test('nothing set: this machine only, port 8080, data beside the program, a demo', async (t) => {
  const config = readConfig({});
  t.match(config, {
    port: 8080, host: '127.0.0.1', database_url: null, production: false, public_url: 'http://127.0.0.1:8080',
    data: `${PROJECT}data`, demo: { wanted: true, password: 'mingzhang-demo', signing_password: 'two-keys-demo' },
    log_level: 'info', trust_proxy: false,
  });
});

t.test('production makes no demo; addresses lose their last slash', async (t) => {
  const config = readConfig({ NODE_ENV: 'production', MINGZHANG_PUBLIC_URL: 'https://books.example.cn/', PORT: '80', HOST: '::' });
  t.match(config, { production: true, demo: { wanted: false }, public_url: 'https://books.example.cn', port: 80 });
  t.equal(readConfig({ HOST: '0.0.0.0', PORT: '81' }).public_url, 'http://127.0.0.1:81');
  t.equal(readConfig({ MINGZHANG_DEMO: 'off' }).demo.wanted, false);
  t.equal(readConfig({ PORT: '', DATABASE_URL: '' }).port, 8080, 'an empty value is none');
});

t.test('a value that cannot be right is told in one line that names the variable', async (t) => {
  const wrong: Record<string, string>[] = [
    { PORT: 'http' }, { PORT: '65536' }, { PORT: '-1' }, { PORT: '8080.5' }, { HOST: 'a b' },
    { DATABASE_URL: 'mysql://x' }, { DATABASE_URL: 'localhost' }, { NODE_ENV: 'prod' }, { MINGZHANG_DEMO: 'maybe' },
    { MINGZHANG_PUBLIC_URL: 'books.example.cn' }, { MINGZHANG_DEMO_PASSWORD: 'short' }, { LOG_LEVEL: 'loud' },
    { MINGZHANG_SMTP_URL: 'mail.example.cn' }, { MINGZHANG_SMTP_URL: 'http://mail.example.cn' },
    { MINGZHANG_SMTP_URL: 'smtp://mail.example.cn?from=nobody' }, { MINGZHANG_SMTP_URL: 'smtp://me:100%secret@mail.example.cn' },
    { TRUST_PROXY: 'somebody' }, { APP_DATABASE_URL: 'postgres://a@b/c' },
  ];
  for (const env of wrong) {
    const [name] = Object.keys(env) as [string];
    t.throws(() => readConfig(env), { name: 'CannotStart', message: new RegExp(`^${name}[^\n]*$`) }, JSON.stringify(env));
  }
  for (const env of [{ DATABASE_URL: 'http://me:secret@host/x' }, { MINGZHANG_SMTP_URL: 'smtp://me:secret@host?from=x' }] as Record<string, string>[]) {
    try {
      readConfig(env);
    } catch (error) {
      t.notMatch((error as Error).message, /secret@/);
    }
  }
});

t.test('a mail server is none unless it is set', async (t) => {
  t.equal(readConfig({}).smtp_url, null);
  const url = 'smtp://books%40example.cn:p%25ss@mail.example.cn:587';
  t.equal(readConfig({ MINGZHANG_SMTP_URL: url }).smtp_url, url);
});
