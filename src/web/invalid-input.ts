// A schema's complaint, told to a person: which field, and what was expected there, instead of
// "must match pattern". Reads the error shape that Ajv and TypeBox share.
import type { FastifySchemaValidationError } from 'fastify';
import { DATE_PATTERN, PERIOD_PATTERN } from '../kernel/dates.ts';
import { type Bilingual } from '../kernel/locale.ts';
import { MONEY_PATTERN } from '../kernel/money-text.ts';
import { Refusal, type Facts } from '../kernel/refusal.ts';
import { refusals } from './refusals.ts';

type Complaint = Pick<FastifySchemaValidationError, 'keyword' | 'instancePath' | 'params'>;
const both = (zh: string, en: string): Bilingual => ({ zh, en });

const kinds: Record<string, Bilingual> = {
  string: both('文字', 'text'),
  integer: both('整数', 'a whole number'),
  number: both('数字', 'a number'),
  boolean: both('true 或 false', 'true or false'),
  array: both('列表', 'a list'),
  object: both('一组字段', 'a group of fields'),
  null: both('空', 'nothing'),
};

const patterns: Record<string, Bilingual> = {
  [MONEY_PATTERN]: both(
    '金额文字，最多两位小数，例如 "7000.00"',
    'an amount as text with at most two decimals, such as "7000.00"',
  ),
  [DATE_PATTERN]: both('日期，例如 2026-10-05', 'a date such as 2026-10-05'),
  [PERIOD_PATTERN]: both('月份，例如 2026-10', 'a month such as 2026-10'),
  '^[0-9a-f]{64}$': both(
    '64 位的十六进制 SHA-256（小写）',
    'a SHA-256 of 64 hexadecimal digits in lower case',
  ),
};

/** A positive amount has its own pattern in some schemas; it is still an amount. */
function patternText(pattern: string): Bilingual {
  const known = patterns[pattern];
  if (known !== undefined) return known;
  if (pattern.includes('{1,2}')) return patterns[MONEY_PATTERN]!;
  if (/^\^\(?\[[01]-9\](\[0-9\])?\{\d,\d+\}\)?\??\$$/.test(pattern))
    return both('数字，例如 17', 'a number such as 17');
  return both(`符合格式 ${pattern}`, `the form ${pattern}`);
}

function expected({ keyword, params }: Complaint): Bilingual {
  const limit = String(params['limit'] ?? '');
  switch (keyword) {
    case 'required':
      return both('必须填写', 'a value');
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return both('没有这个字段', 'no such field');
    case 'type': {
      const names = [params['type']].flat().map(String);
      const told = names.map((name) => kinds[name] ?? both(name, name));
      return both(told.map((n) => n.zh).join('或'), told.map((n) => n.en).join(' or '));
    }
    case 'pattern':
      return patternText(String(params['pattern']));
    case 'enum':
    case 'const': {
      const values = [params['allowedValues'] ?? params['allowedValue'] ?? ''].flat().join(' / ');
      return both(`以下之一：${values}`, `one of: ${values}`);
    }
    case 'minLength':
      return both(`至少 ${limit} 个字`, `at least ${limit} characters`);
    case 'maxLength':
      return both(`最多 ${limit} 个字`, `at most ${limit} characters`);
    case 'minItems':
      return both(`至少 ${limit} 项`, `at least ${limit} items`);
    case 'maxItems':
      return both(`最多 ${limit} 项`, `at most ${limit} items`);
    case 'minimum':
    case 'exclusiveMinimum':
      return both(`不小于 ${limit}`, `no less than ${limit}`);
    case 'maximum':
    case 'exclusiveMaximum':
      return both(`不大于 ${limit}`, `no more than ${limit}`);
    case 'format':
      return both(`格式 ${String(params['format'])}`, `the format ${String(params['format'])}`);
    default:
      return both('其他内容，请看接口说明', 'something else; see the interface description');
  }
}

/** Complaints that are a sentence of their own. */
const surplus = both(
  '没有“{field}”这个字段，请去掉后再提交。',
  '"{field}": there is no such field; leave it out and send again.',
);
const whole: Record<string, Bilingual> = {
  required: both(
    '“{field}”必须填写。请填写后再提交。',
    '"{field}" is missing: fill in a value and send again.',
  ),
  additionalProperties: surplus,
  unevaluatedProperties: surplus,
};

/** '/postings/0/debit' → 'postings.0.debit'; a missing or surplus field is named itself. */
function fieldOf({ instancePath, params }: Complaint): string {
  const missing = [
    params['missingProperty'] ??
      params['requiredProperties'] ??
      params['additionalProperty'] ??
      params['additionalProperties'] ??
      [],
  ].flat()[0];
  const path = instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  return [...path, ...(typeof missing === 'string' ? [missing] : [])].join('.');
}

/** Complaints of the alternatives of a union say less than the union's other complaints. */
const telling = (complaint: Complaint): boolean =>
  !/^(anyOf|oneOf|not|if|boolean)$/.test(complaint.keyword);

export function invalidInput(complaints: readonly Complaint[], context = 'body'): Refusal {
  const complaint = complaints.find(telling) ?? complaints[0];
  if (complaint === undefined) return refusals.request_malformed();
  const field = fieldOf(complaint) || context;
  const { zh, en } = expected(complaint);
  const text = refusals.input_invalid().text;
  const facts: Facts = { field, expected: en };
  // The expectation differs by language, so it is filled in before the refusal is made.
  const told = whole[complaint.keyword] ?? {
    zh: text.zh.replace('{expected}', () => zh),
    en: text.en,
  };
  return new Refusal(
    'input_invalid',
    { status: 400, ...told },
    facts,
    field,
  );
}
