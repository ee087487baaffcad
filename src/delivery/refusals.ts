// What can go wrong with what is sent out.
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  relay_kind_unknown: {
    status: 422,
    zh: '“{typed}”不是推送的种类。可选：企业微信 wecom、钉钉 dingtalk、飞书 feishu、接口 webhook。',
    en: '"{typed}" is no kind of relay; choose wecom, dingtalk, feishu or webhook.',
  },
  relay_address_invalid: {
    status: 422,
    zh: '这不是要用的地址。请整条复制机器人的地址，样子是 {example}。',
    en: 'This is not the address wanted. Copy the whole address of the robot; it looks like {example}.',
  },
  relay_address_not_public: {
    status: 422,
    zh: '“{host}”不是公网地址，不能推送到那里。请填 https 开头、有域名的公网地址，端口只用 443 或 8443，地址里不带用户名和密码。',
    en: '"{host}" is not a public address. Give an https address with a public host name, port 443 or 8443, and no login in it.',
  },
  relay_secret_invalid: {
    status: 422,
    zh: '加签密钥不对：钉钉和飞书在机器人的“安全设置 › 加签”里给出，请整条复制，长度 8 到 200 个字符。企业微信不用填；接口的密钥由本系统生成。',
    en: 'The signing secret is not right: DingTalk and Feishu show it under the robot\'s security settings; copy all of it, 8 to 200 characters. WeCom has none, and a webhook\'s is made here.',
  },
  relay_events_unknown: {
    status: 422,
    zh: '请至少选一种要推送的事。可选：{choices}。',
    en: 'Choose at least one kind of bulletin. Possible: {choices}.',
  },
  relay_locale_unknown: { status: 422, zh: '语言请选 zh 或 en，收到的是“{typed}”。', en: 'The language is zh or en, not "{typed}".' },
  relay_unknown: { status: 404, zh: '没有第 {relay} 号推送。', en: 'There is no relay {relay}.' },
  relay_ended_already: { status: 409, zh: '第 {relay} 号推送已经停用，不能再用。要再推送，请新建一个。', en: 'Relay {relay} has ended. To send there again, set up another.' },
  relay_too_many: { status: 409, zh: '推送最多 {limit} 个，现在已有 {count} 个。请先停用不用的。', en: 'There may be {limit} relays and there are {count}. End one that is not used.' },
  relay_no_secret: { status: 409, zh: '第 {relay} 号推送是群机器人，密钥由机器人给出，不能在这里更换。要换，请停用后新建。', en: 'Relay {relay} is a robot; its secret comes from the robot. End it and set up another instead.' },
  relay_keyless: {
    status: 409,
    zh: '这台服务器没有保存密钥的地方，不能设置推送。请让管理服务器的人检查 data/keys 文件夹。',
    en: 'This server has nowhere to keep secrets, so no relay can be set up. Ask whoever runs it to look at the folder data/keys.',
  },
  relay_tests_too_many: { status: 429, zh: '一小时最多试发 {limit} 次，请过一会儿再试。', en: 'A relay may be tested {limit} times an hour; try again later.' },
  way_unknown: { status: 422, zh: '“{typed}”不是可选的方式。请选：立即发邮件 now、每天早上汇总 digest、不发邮件 none。', en: '"{typed}" is none of now, digest, none.' },
  feed_unknown: {
    status: 404,
    zh: '这个订阅地址不能用：可能已更换、已停用，或您已不在这个小区。请登录后在“消息 › 消息设置”里重新取得地址。',
    en: 'This feed address does not work: it was replaced or ended, or you no longer belong to the estate. Log in and get another under Notices › Choices.',
  },
});
