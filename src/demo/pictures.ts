// Pictures for the demo: a covered walk while it is rebuilt, drawn with a few rectangles and written as a PNG. Nobody's photograph.
import { crc32, deflateSync } from 'node:zlib';

type Colour = readonly [number, number, number];
interface Rectangle { x: number; y: number; width: number; height: number; colour: Colour }
const [WIDTH, HEIGHT] = [640, 400] as const;

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

function png(rectangles: readonly Rectangle[], sky: Colour): Buffer {
  const rows = Buffer.alloc(HEIGHT * (WIDTH * 3 + 1));
  const put = (x: number, y: number, colour: Colour): void => {
    const at = y * (WIDTH * 3 + 1) + 1 + x * 3;
    for (const [part, value] of colour.entries()) rows[at + part] = value;
  };
  for (let y = 0; y < HEIGHT; y += 1) for (let x = 0; x < WIDTH; x += 1) put(x, y, sky);
  for (const { x, y, width, height, colour } of rectangles) {
    for (let dy = 0; dy < height; dy += 1) for (let dx = 0; dx < width; dx += 1) if (x + dx < WIDTH && y + dy < HEIGHT) put(x + dx, y + dy, colour);
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(WIDTH, 0);
  head.writeUInt32BE(HEIGHT, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), chunk('IHDR', head), chunk('IDAT', deflateSync(rows, { level: 6 })), chunk('IEND', Buffer.alloc(0))]);
}

const ground: Rectangle = { x: 0, y: 310, width: WIDTH, height: 90, colour: [148, 140, 124] };
const wall: Rectangle = { x: 30, y: 60, width: 200, height: 250, colour: [214, 203, 184] };
const windows: Rectangle[] = [0, 1, 2, 3].flatMap((row) => [0, 1].map((column) => ({ x: 55 + column * 85, y: 80 + row * 55, width: 60, height: 34, colour: [104, 134, 150] as Colour })));
const posts: Rectangle[] = [0, 1, 2, 3, 4].map((index) => ({ x: 260 + index * 85, y: 190, width: 14, height: 120, colour: [96, 78, 62] as Colour }));
const beam: Rectangle = { x: 245, y: 178, width: 380, height: 14, colour: [112, 90, 70] };
const tiles = (count: number): Rectangle[] => Array.from({ length: count }, (_unused, index) => ({ x: 240 + index * 39, y: 150, width: 36, height: 30, colour: (index % 2 === 0 ? [52, 92, 84] : [64, 108, 98]) as Colour }));
const sky: Colour = [226, 232, 235];

/** How far the roof is: 0 to 10 of its tiles. */
export const walkPicture = (name: string, roof: number): { file_name: string; bytes: Buffer } =>
  ({ file_name: `${name}.png`, bytes: png([ground, wall, ...windows, ...posts, beam, ...tiles(roof)], sky) });
