// A body small enough to send to any route and good enough to get past its schema, so that the answer tells of
// access and not of commas: made from the schema, or written here where the schema says too little.
import { PASSWORD } from '../helpers/house.ts';
import type { Route } from './routes.ts';

interface Schema {
  type?: string; const?: unknown; enum?: unknown[]; examples?: unknown[]; anyOf?: Schema[]; oneOf?: Schema[]; properties?: Record<string, Schema>;
  required?: string[]; items?: Schema; minItems?: number; minLength?: number; minimum?: number; pattern?: string;
}

/** Tried in this order against a pattern. */
const texts = ['x', '1', 'a'.repeat(64), 'a'.repeat(32), '2026-10-05', '2026-10', '100.00', '1-1-101'];

export function smallest(schema: Schema | undefined): unknown {
  if (schema === undefined) return undefined;
  if (schema.examples?.[0] !== undefined) return schema.examples[0];
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  const choice = schema.anyOf ?? schema.oneOf;
  if (choice !== undefined) return smallest(choice[0]);
  switch (schema.type) {
    case 'object':
      return Object.fromEntries((schema.required ?? []).map((name) => [name, smallest(schema.properties?.[name])]));
    case 'array': return Array.from({ length: schema.minItems ?? 0 }, () => smallest(schema.items));
    case 'string': return stringOf(schema);
    case 'integer': case 'number': return schema.minimum ?? 1;
    case 'boolean': return false;
    case 'null': return null;
    default: return 'x';
  }
}

function stringOf({ pattern = '', minLength = 0 }: Schema): string {
  const fitting = texts.find((text) => text.length >= minLength && new RegExp(pattern).test(text));
  return fitting ?? 'x'.repeat(Math.max(minLength, 1));
}

const login = { login: 'cashier', password: PASSWORD };
/** Where the schema says too little to get anywhere. */
const written: Record<string, object> = {
  'POST /api/v1/session': login,
  'POST /login': login,
  'POST /api/v1/join': { code: '0017 3051 8462 9937 1048', login: 'newcomer', password: PASSWORD, name: '王阿姨' },
  // Without its reason a rejection is refused whoever asks; until then every answer is about the person.
  'POST /api/v1/estates/:estate/proposals/:id/sign': { decision: 'reject', method: 'password', password: 'x' },
  'POST /e/:estate/proposals/:id': { step: 'hold' },
  'POST /e/:estate/proposals/:id/comments': { text: '请附验收单。' },
  'POST /e/:estate/proposals/:id/objections': { text: '价格偏高，请再比价。' },
  'POST /e/:estate/objections/:id/answer': { text: '已附三家报价。' },
  // A day nobody may enter: who lives in the dwelling stays there, and the dwelling too, for all that is asked after.
  'POST /api/v1/estates/:estate/register/units/:unit/owners': { from_date: '1970-01-01', owners: [{ name: '王女士' }] },
  'POST /api/v1/estates/:estate/register/units/:unit/end': { last_day: '1970-01-01' },
  'POST /e/:estate/inquiries': { question: '电梯什么时候修好？' },
  'POST /e/:estate/inquiries/:id': { answer: '下周修好。' },
};

/** Of GETs that show nothing without being asked something. */
const asked: Record<string, string> = {
  'GET /api/v1/estates/:estate/rules/for': '?kind=payment&amount=8000.00',
  'GET /e/:estate/rules/change/rule': '?rule=1',
};

export function queryOf(route: Route): string {
  if (asked[route.name] !== undefined) return asked[route.name]!;
  const query = new URLSearchParams(smallest((route.query as Schema | undefined)) as Record<string, string>).toString();
  return query === '' ? '' : `?${query}`;
}

export function payloadOf(route: Route): { payload?: string; headers: Record<string, string> } {
  if (route.method === 'GET' || route.method === 'DELETE') return { headers: {} };
  const body = written[route.name] ?? smallest(route.body as Schema) ?? {};
  if (route.url.startsWith('/api/')) return { payload: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const payload = new URLSearchParams(body as Record<string, string>).toString();
  return { payload, headers: { 'content-type': 'application/x-www-form-urlencoded' } };
}
