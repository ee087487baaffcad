// Where bulletins may go: the public internet over https, and nothing on this side of the firewall, however it is written.
import fc from 'fast-check';
import t from 'tap';
import { isPublicAddress, readAddress, relayKinds, whyNotPublic } from '../../src/delivery/address.ts';
import { lookupPublic, NoAnswer, post } from '../../src/delivery/post.ts';
import { Refusal } from '../../src/kernel/refusal.ts';
import { receiver } from '../helpers/receiver.ts';

const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'taken';
  } catch (error) {
    return error instanceof Refusal ? error.code : String(error);
  }
};

t.test('addresses of this network are told from public ones', async (t) => {
  for (const inner of ['127.0.0.1', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '255.255.255.255', '224.0.0.1', '198.18.0.1',
    '::1', '::', 'fe80::1', 'fc00::1', 'fd12::1', 'ff02::1', '::ffff:127.0.0.1', '::ffff:10.0.0.1', '64:ff9b::7f00:1', '2002:7f00:1::', '2001:db8::1', '2001::1', 'x', '']) {
    t.equal(isPublicAddress(inner), false, inner);
  }
  for (const open of ['8.8.8.8', '114.114.114.114', '172.32.0.1', '2400:3200::1', '2606:4700::1111']) t.equal(isPublicAddress(open), true, open);
  fc.assert(fc.property(fc.constantFrom(10, 127, 0), fc.nat(255), fc.nat(255), fc.nat(255), (a, b, c, d) => !isPublicAddress(`${a}.${b}.${c}.${d}`)));
});

t.test('an address is refused as it is typed', async (t) => {
  for (const wrong of ['', 'x', 'http://hooks.example.cn/', 'ftp://hooks.example.cn/', 'javascript:alert(1)', 'file:///etc/passwd', 'http://127.0.0.1:8080/', `https://a.cn/${'x'.repeat(1000)}`]) {
    t.equal(codeOf(() => readAddress('webhook', wrong)), 'relay_address_invalid', wrong.slice(0, 40));
  }
  // Numbers are read as browsers read them: 2130706433 is 127.0.0.1.
  for (const inner of ['https://127.0.0.1/', 'https://2130706433/', 'https://0x7f.1/', 'https://[::1]/', 'https://[::ffff:7f00:1]/', 'https://localhost/', 'https://books.localhost/', 'https://db.internal/',
    'https://nas.local/', 'https://printer/', 'https://user:word@hooks.example.cn/', 'https://hooks.example.cn:22/', 'https://8.8.8.8/', 'https://hooks.local./']) {
    t.equal(codeOf(() => readAddress('webhook', inner)), 'relay_address_not_public', inner);
  }
  t.equal(readAddress('webhook', ' https://hooks.example.cn:8443/a?b=c#d ').href, 'https://hooks.example.cn:8443/a?b=c');
  const right = {
    wecom: 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4', dingtalk: 'https://oapi.dingtalk.com/robot/send?access_token=abcdef0123456789',
    feishu: 'https://open.feishu.cn/open-apis/bot/v2/hook/0f1e2d3c-4b5a-6978', webhook: 'https://hooks.example.cn/',
  };
  for (const kind of relayKinds) {
    for (const [of, address] of Object.entries(right)) {
      t.equal(codeOf(() => readAddress(kind, address)), kind === 'webhook' || kind === of ? 'taken' : 'relay_address_invalid', `${kind}: ${address}`);
    }
    t.equal(codeOf(() => readAddress(kind, right.wecom.replace('qyapi.weixin.qq.com', 'qyapi.weixin.qq.com.evil.cn'))), kind === 'webhook' ? 'taken' : 'relay_address_invalid');
  }
});

t.test('a name that leads inside is not followed there, whatever it was before', async (t) => {
  const found = await new Promise<string>((done) => lookupPublic('localhost', { all: true }, (error) => done((error as { code?: string } | null)?.code ?? 'taken')));
  t.equal(found, 'EINNER');
  t.equal(whyNotPublic(new URL('http://127.0.0.1:1/'), { loopback: false }), 'not_https');
  const there = await receiver(t);
  await t.rejects(post(new URL(there.url('/')), { headers: {}, body: '{}' }), new NoAnswer('not_public'), 'this machine is out of reach without the setting of the tests');
  await t.rejects(post(new URL('https://127.0.0.1/'), { headers: {}, body: '{}', loopback: true }), new NoAnswer('not_public'));
  t.same(there.posted, []);
});

t.test('what another server does cannot hold us: silence, a flood, a way elsewhere', async (t) => {
  const there = await receiver(t);
  const elsewhere = await receiver(t);
  const send = () => post(new URL(there.url('/')), { headers: {}, body: '{"a":1}', loopback: true, longest: 300 });
  there.answer = { status: 302, text: '', headers: { location: elsewhere.url('/secret') } };
  t.same(await send(), { status: 302, text: '' });
  t.same(elsewhere.posted, [], 'not followed');
  there.answer = { status: 200, text: 'x'.repeat(5_000_000) };
  t.ok((await send()).text.length <= 16 * 1024);
  there.answer = 'silence';
  await t.rejects(send(), new NoAnswer('timeout'));
  t.equal(there.posted[0]!.body, '{"a":1}');
});
