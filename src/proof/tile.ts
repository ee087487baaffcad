// Where the hashes and the records of a log lie for download (c2sp.org/tlog-tiles): tiles of 256.
//   tile/<level>/<index>[.p/<width>]      tile/entries/<index>[.p/<width>]      index 1234067 is x001/x234/067
// Level 0 are leaf hashes, each further one the roots of whole tiles below; a tile of fewer has its width in the path.

export interface TilePath {
  /** 0 to 63, or the records themselves. */
  level: number | 'entries';
  index: number;
  /** 1 to 256; 256 is a whole tile. */
  width: number;
}

export const TILE_WIDTH = 256;

/** RangeError for a tile that cannot be. */
export function tilePath(level: number | 'entries', index: number, width = TILE_WIDTH): string {
  const whole = (number: number, most: number): boolean => Number.isSafeInteger(number) && number >= 0 && number <= most;
  if ((level !== 'entries' && !whole(level, 63)) || !whole(index, Number.MAX_SAFE_INTEGER) || !whole(width, TILE_WIDTH) || width === 0) {
    throw new RangeError('no such tile');
  }
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/.{3}/g)!;
  const place = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/');
  return `tile/${level}/${place}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

/** The tile of a path; null for anything that tilePath() would not write. */
export function readTilePath(path: string): TilePath | null {
  const found = /^tile\/(entries|[0-9]{1,2})\/((?:x[0-9]{3}\/){0,5}[0-9]{3})(?:\.p\/([0-9]{1,3}))?$/.exec(path);
  if (found === null) return null;
  const level = found[1] === 'entries' ? 'entries' : Number(found[1]);
  const tile: TilePath = { level, index: Number(found[2]!.replaceAll(/[x/]/g, '')), width: Number(found[3] ?? TILE_WIDTH) };
  try {
    return tilePath(tile.level, tile.index, tile.width) === path ? tile : null;
  } catch {
    return null;
  }
}
