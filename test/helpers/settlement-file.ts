// Settlement files as the channels make them, from rows of moment, reference, text, amount, fee and, where it is no payment, the state.
import { encodeGb18030 } from '../../src/kernel/gb18030.ts';

type Row = readonly [moment: string, reference: string, text: string, amount: string, fee: string, state?: string];

export function wechatFile(rows: readonly Row[]): Buffer {
  const head = '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注';
  const lines = rows.map(([moment, reference, text, amount, fee, state = 'SUCCESS']) => [moment, 'wx01', '1900001', '0', '', reference, `M${reference}`, 'oUser', 'NATIVE', state, 'OTHERS', 'CNY',
    amount, '0.00', '0', '0', '0.00', '0.00', '', '', text, '', `${fee}000`, '0.60%', amount, '0.00', ''].map((cell) => `\`${cell}`).join(','));
  return Buffer.from(`\ufeff${[head, ...lines, '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额', `\`${rows.length},\`0.00,\`0.00,\`0.00,\`0.00000,\`0.00,\`0.00`].join('\r\n')}\r\n`);
}

export function alipayFile(rows: readonly Row[]): Buffer {
  const head = '支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注';
  const lines = rows.map(([moment, reference, text, amount, fee, state = '交易']) => [`${reference}\t`, `A${reference}\t`, state, text, moment, moment, '', '', '', '', '*姨(138****0000)', amount, amount,
    '0.00', '0.00', '0.00', '0.00', '0.00', '', '0.00', '0.00', '', fee, '0.00', ''].join(','));
  return encodeGb18030(['#支付宝业务明细查询', '#账号：[2088000000000000]', '#-----业务明细列表-----', head, ...lines, '#-----业务明细列表结束-----', '#交易合计：1笔', ''].join('\r\n'));
}

export const posFile = (rows: readonly (readonly [day: string, reference: string, amount: string, fee: string, remark: string])[]): Buffer =>
  Buffer.from(['收单商户对账单,,,,', '交易日期,参考号,交易金额,手续费,备注', ...rows.map((row) => row.join(',')), '合计,,,,', ''].join('\n'));
