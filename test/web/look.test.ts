// The look keeps its promises in figures: contrast of WCAG 2.2 AA for every pair of tokens in use,
// touch targets, print, no movement of its own.
import { readFileSync } from 'node:fs';
import t from 'tap';

const css = readFileSync(new URL('../../src/web/assets/style.css', import.meta.url), 'utf8');
const tokens = new Map(
  [...css.matchAll(/--([\w-]+):\s*(#[0-9a-f]{3,6})/g)].map((found) => [found[1]!, found[2]!]),
);

function luminance(name: string): number {
  const hex = name.startsWith('#') ? name : tokens.get(name)!;
  const full = hex.length === 4 ? hex.slice(1).replace(/./g, '$&$&') : hex.slice(1);
  const [r = 0, g = 0, b = 0] = [0, 2, 4].map((at) => {
    const part = Number.parseInt(full.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

t.test('text stands out from its ground by 4.5 to 1', async (t) => {
  const pairs: [string, string[]][] = [
    ['ink', ['paper', 'ground', 'red-soft', 'amber-soft', 'accent-soft']],
    ['soft', ['paper', 'ground', 'red-soft', 'amber-soft', 'accent-soft']],
    ['accent', ['paper', 'ground', 'accent-soft', 'red-soft', 'amber-soft']],
    ['accent-dark', ['accent-soft', 'paper', 'ground']],
    ['red', ['paper', 'ground', 'red-soft']],
    ['amber', ['amber-soft', 'paper']],
    ['#fff', ['accent', 'accent-dark']],
  ];
  for (const [text, grounds] of pairs) {
    for (const ground of grounds) {
      const ratio = contrast(text, ground);
      t.ok(ratio >= 4.5, `${text} on ${ground}: ${ratio.toFixed(2)}`);
    }
  }
});

t.test('edges of fields, focus and the bars stand out by 3 to 1', async (t) => {
  for (const [a, b] of [
    ['edge', 'paper'],
    ['edge', 'ground'],
    ['accent', 'paper'],
    ['accent', 'ground'],
    ['red', 'paper'],
    ['accent', 'bar-soft'],
  ] as const) {
    const ratio = contrast(a, b);
    t.ok(ratio >= 3, `${a} on ${b}: ${ratio.toFixed(2)}`);
  }
});

t.test(
  'buttons and fields can be hit with a thumb; there is a print style; nothing moves',
  async (t) => {
    t.match(css, /\.btn \{[^}]*min-height: 52px/);
    t.match(css, /\.btn\.small \{[^}]*min-height: 44px/);
    t.match(css, /input, select, textarea \{[^}]*height: max\(44px/);
    t.match(css, /@media print/);
    t.match(css, /html\.resident \{ font-size: 112\.5% \}/, '18 px for residents');
    t.notMatch(css, /animation|@keyframes/);
    t.match(css, /:focus-visible \{ outline: 3px solid/);
    t.notMatch(css, /@import|https?:/, 'nothing from elsewhere');
  },
);
