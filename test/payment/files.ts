// Files as people hand them in, good and bad; and a multipart body around them.
import { deflateSync } from 'node:zlib';

const crcTable = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k += 1) c = (c & 1) === 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});
const crc = (bytes: Buffer): number => {
  let c = 0xffffffff;
  for (const byte of bytes) c = crcTable[(c ^ byte) & 0xff]! ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
};

export function pngFile(size = 2): Buffer {
  const chunk = (name: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
    const head = Buffer.alloc(4);
    head.writeUInt32BE(data.length);
    const tail = Buffer.alloc(4);
    tail.writeUInt32BE(crc(body));
    return Buffer.concat([head, body, tail]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const pixels = deflateSync(Buffer.alloc((size + 1) * size));
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]), chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

export const jpegFile = (): Buffer => Buffer.from(
  'ffd8ffe000104a46494600010100000100010000ffdb004300080606070605080707070909080a0c140d0c0b0b0c1912130f141d1a1f1e1d1a1c1c20242e2720222c231c1c2837292c30313434341f27393d38323c2e333432'
  + 'ffc0000b080001000101011100ffc4001f0000010501010101010100000000000000000102030405060708090a0bffda0008010100003f00d2cf20ffd9', 'hex');

export interface Packed { name: string; size: number; packed?: number }
/** A zip's directory with one empty local file: enough for whoever never unpacks it. */
export function zipFile(entries: readonly Packed[]): Buffer {
  const local = Buffer.alloc(30 + 7);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(7, 26);
  local.write('OFD.xml', 30);
  const central = entries.map(({ name, size, packed = size }) => {
    const title = Buffer.from(name);
    const head = Buffer.alloc(46);
    head.writeUInt32LE(0x02014b50, 0);
    head.writeUInt32LE(packed, 20);
    head.writeUInt32LE(size, 24);
    head.writeUInt16LE(title.length, 28);
    return Buffer.concat([head, title]);
  });
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, directory, end]);
}

export const ofdFile = (): Buffer => zipFile([{ name: 'OFD.xml', size: 300 }, { name: 'Doc_0/Document.xml', size: 900 }]);
export const xmlFile = (inside = '<EInvoice><Header><EIid>25512000000012345678</EIid></Header></EInvoice>'): Buffer =>
  Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${inside}`);

export interface Part { name: string; file_name?: string; content: Buffer | string; media_type?: string }
/** A multipart body as a browser sends it. */
export function multipart(parts: readonly Part[]): { payload: Buffer; headers: { 'content-type': string } } {
  const boundary = '----mingzhang7MA4YWxkTrZu0gW';
  const chunks = parts.map(({ name, file_name, content, media_type = 'application/octet-stream' }) => Buffer.concat([
    Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"`
      + (file_name === undefined ? '\r\n\r\n' : `; filename="${file_name}"\r\nContent-Type: ${media_type}\r\n\r\n`)),
    Buffer.from(content), Buffer.from('\r\n'),
  ]));
  return {
    payload: Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]),
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  };
}
