import { createHmac, timingSafeEqual } from 'node:crypto';

const seen = new Set(); // keep the ids of the last days in your database

/** headers: lower-case names; body: the bytes as they came; secret: whsec_…
 *  Gives the bulletin; null for one that was here before; throws for anything else. */
export function verify(headers, body, secret, now = Date.now()) {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers;
  if (Math.abs(now / 1000 - Number(timestamp)) > 300) throw new Error('too old');
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const right = createHmac('sha256', key).update(id + '.' + timestamp + '.' + body).digest();
  const good = signatures.split(' ').some((one) => {
    const given = Buffer.from(one.replace(/^v1,/, ''), 'base64');
    return given.length === right.length && timingSafeEqual(given, right);
  });
  if (!good) throw new Error('not signed by Mingzhang');
  if (seen.has(id)) return null;
  seen.add(id);
  return JSON.parse(body);
}
