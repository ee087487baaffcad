// Where bulletins may be sent: public hosts over https, and nowhere inside the network this program runs in. Whoever sets a relay
// up chooses the address, so it is judged twice: as it is typed, and, as a name may point anywhere and change, at the very
// connection (post.ts asks here for every address that the name leads to).
import { BlockList, isIP } from 'node:net';
import type { Bilingual } from '../kernel/locale.ts';
import { refusals } from './refusals.ts';

export type RelayKind = 'wecom' | 'dingtalk' | 'feishu' | 'webhook';
export const relayKinds = ['wecom', 'dingtalk', 'feishu', 'webhook'] as const satisfies readonly RelayKind[];
export const relayNames: Readonly<Record<RelayKind, Bilingual>> = {
  wecom: { zh: '企业微信群机器人', en: 'WeCom robot' }, dingtalk: { zh: '钉钉群机器人', en: 'DingTalk robot' },
  feishu: { zh: '飞书群机器人', en: 'Feishu robot' }, webhook: { zh: '别的系统（接口）', en: 'Another program (webhook)' },
};

/** Hosts of the three makers of robots, and what their addresses look like. */
const robots: Record<Exclude<RelayKind, 'webhook'>, { hosts: readonly string[]; path: RegExp; example: string; query: string | null }> = {
  wecom: { hosts: ['qyapi.weixin.qq.com'], path: /^\/cgi-bin\/webhook\/send$/, query: 'key', example: 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…' },
  dingtalk: { hosts: ['oapi.dingtalk.com'], path: /^\/robot\/send$/, query: 'access_token', example: 'https://oapi.dingtalk.com/robot/send?access_token=…' },
  feishu: { hosts: ['open.feishu.cn', 'open.larksuite.com'], path: /^\/open-apis\/bot\/v2\/hook\/[\w-]{8,80}$/, query: null, example: 'https://open.feishu.cn/open-apis/bot/v2/hook/…' },
};
const exampleOf = (kind: RelayKind): string => (kind === 'webhook' ? 'https://books.example.cn/hook' : robots[kind].example);

// IANA special-purpose registries: this host, private, shared, link-local, documentation, benchmarks, multicast, reserved.
const closed4: [string, number][] = [['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24],
  ['192.0.2.0', 24], ['192.31.196.0', 24], ['192.52.193.0', 24], ['192.88.99.0', 24], ['192.168.0.0', 16], ['192.175.48.0', 24], ['198.18.0.0', 15], ['198.51.100.0', 24],
  ['203.0.113.0', 24], ['224.0.0.0', 4], ['240.0.0.0', 4]];
// Of IPv6 only global unicast is open, without what carries another address inside (Teredo, 6to4) and without documentation.
const closed6: [string, number][] = [['2001::', 23], ['2001:db8::', 32], ['2002::', 16], ['3fff::', 20]];
const closed = new BlockList();
for (const [net, prefix] of closed4) closed.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of closed6) closed.addSubnet(net, prefix, 'ipv6');
const global6 = new BlockList();
global6.addSubnet('2000::', 3, 'ipv6');

/** Whether an address stands in the public internet. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !closed.check(address, 'ipv4');
  if (family === 6) return global6.check(address, 'ipv6') && !closed.check(address, 'ipv6');
  return false;
}

const isLoopback = (url: URL): boolean => url.protocol === 'http:' && url.hostname === '127.0.0.1';
const innerNames = /\.(localhost|local|internal|intranet|lan|home|corp|private|test|example|invalid|onion|arpa)$/;

/** Why an address cannot be sent to; null when it can. `loopback`: for tests only. */
export function whyNotPublic(url: URL, { loopback = false }: { loopback?: boolean | undefined } = {}): 'not_https' | 'not_public' | 'with_login' | 'port' | null {
  if (loopback && isLoopback(url)) return null;
  if (url.protocol !== 'https:') return 'not_https';
  if (url.username !== '' || url.password !== '') return 'with_login';
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (isIP(host) !== 0 || !host.includes('.') || innerNames.test(`.${host}`)) return 'not_public';
  return url.port === '' || url.port === '8443' ? null : 'port';
}

/** The address of a relay as typed. Refusals: relay_address_invalid, relay_address_not_public. */
export function readAddress(kind: RelayKind, typed: string, { loopback = false }: { loopback?: boolean | undefined } = {}): URL {
  const text = typed.trim();
  const url = text.length > 1_000 ? null : URL.parse(text);
  const wrong = () => refusals.relay_address_invalid({ example: exampleOf(kind) }, 'address');
  if (url === null) throw wrong();
  url.hash = '';
  const why = whyNotPublic(url, { loopback });
  if (why === 'not_https') throw wrong();
  if (why !== null) throw refusals.relay_address_not_public({ host: url.hostname.slice(0, 80) }, 'address');
  if (kind === 'webhook' || (loopback && isLoopback(url))) return url;
  const { hosts, path, query } = robots[kind];
  if (!hosts.includes(url.hostname) || url.port !== '' || !path.test(url.pathname) || (query !== null && (url.searchParams.get(query) ?? '').length < 8)) throw wrong();
  return url;
}
