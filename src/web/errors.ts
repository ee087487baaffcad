// The one error handler: whatever is thrown becomes a page that tells what to do next, or an
// RFC 9457 problem for the interface. Bad input is never a 5xx; a 500 tells nothing but a number
// to ask about, and the log has the rest.
import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Locale } from '../kernel/locale.ts';
import { Refusal, type Facts } from '../kernel/refusal.ts';
import { invalidInput } from './invalid-input.ts';
import { localeOf } from './locale.ts';
import { problemPage } from './problem-page.tsx';
import { internalError, refusals } from './refusals.ts';
import { htmlReply, type PageProps } from './shell.tsx';

export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  field?: string;
  facts?: Facts;
  request_id: string;
}

export interface ProblemOptions {
  locale: Locale;
  request_id: string;
  /** Outside production a 500 names the error, for whoever develops. */
  production: boolean;
}

const TITLES: Record<number, { zh: string; en: string }> = {
  400: { zh: '请求有误', en: 'The request is not right' },
  401: { zh: '请先登录', en: 'Please sign in' },
  403: { zh: '没有权限', en: 'Not allowed' },
  404: { zh: '找不到', en: 'Not found' },
  405: { zh: '不支持这种操作', en: 'Not supported here' },
  409: { zh: '与现有记录冲突', en: 'In conflict with what is recorded' },
  410: { zh: '已不再提供', en: 'No longer offered' },
  413: { zh: '内容太大', en: 'Too large' },
  415: { zh: '不支持的内容类型', en: 'Type not supported' },
  416: { zh: '没有这一段', en: 'No such part' },
  422: { zh: '不能这样办理', en: 'Cannot be done like this' },
  423: { zh: '已锁定', en: 'Locked' },
  429: { zh: '太频繁了', en: 'Too many requests' },
  500: { zh: '系统出错', en: 'Our mistake' },
  503: { zh: '暂时不能服务', en: 'Unavailable for a moment' },
};

const titleOf = (status: number, locale: Locale): string =>
  TITLES[status]?.[locale] ?? STATUS_CODES[status] ?? String(status);

type Known = Partial<FastifyError> & { ttl?: number; facts?: Facts };

/** What Fastify, its plug-ins and the database driver throw for bad input, as our refusals. */
const byCode: Record<string, (error: Known) => Refusal> = {
  FST_ERR_CTP_BODY_TOO_LARGE: () => refusals.body_too_large(),
  FST_REQ_FILE_TOO_LARGE: () => refusals.body_too_large(),
  FST_FILES_LIMIT: () => refusals.body_too_large(),
  FST_PARTS_LIMIT: () => refusals.body_too_large(),
  FST_FIELDS_LIMIT: () => refusals.body_too_large(),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () => refusals.media_type_unknown({ media_type: '' }),
  FST_INVALID_MULTIPART_CONTENT_TYPE: () => refusals.media_type_unknown({ media_type: '' }),
  FST_ERR_CTP_EMPTY_JSON_BODY: () => refusals.json_malformed(),
  FST_ERR_CTP_INVALID_JSON_BODY: () => refusals.json_malformed(),
  FST_ERR_NOT_FOUND: () => refusals.not_found(),
  // PostgreSQL: a null character or a broken surrogate in a text.
  22021: () => refusals.characters_invalid(),
  '22P05': () => refusals.characters_invalid(),
};

const databaseAway = /^(ECONNREFUSED|ECONNRESET|EPIPE|57P0[123]|53[1-3]00|08\w{3})$/;

function refusalOf(error: unknown): Refusal | null {
  if (error instanceof Refusal) return error;
  if (!(error instanceof Error)) return null;
  const known = error as Known & Error;
  if (Array.isArray(known.validation))
    return invalidInput(known.validation, known.validationContext);
  const made = Object.hasOwn(byCode, known.code ?? '') ? byCode[known.code!] : undefined;
  if (made !== undefined) return made(known);
  // Half a character pair, from JSON such as "\ud83d": canonical JSON (RFC 8785) does not take it.
  if (error.message === 'Lone surrogate is not allowed') return refusals.characters_invalid();
  if (databaseAway.test(known.code ?? '')) return refusals.service_unavailable();
  const status = known.statusCode ?? 500;
  if (status === 429) return refusals.too_many_requests({ seconds: secondsOf(known) });
  if (status === 503) return refusals.service_unavailable();
  if (error instanceof SyntaxError && status === 400) return refusals.json_malformed();
  if (status === 404) return refusals.not_found();
  if (status === 413) return refusals.body_too_large();
  if (status === 400) return refusals.request_malformed();
  return status > 400 && status < 500 ? refusals.request_refused() : null;
}

/** Set by @fastify/rate-limit's errorResponseBuilder (ttl in milliseconds), else a minute. */
const secondsOf = (error: Known): number => Math.max(1, Math.ceil((error.ttl ?? 60_000) / 1000));

export function problemOf(error: unknown, options: ProblemOptions): Problem {
  const { locale, request_id } = options;
  const refusal = refusalOf(error);
  if (refusal === null) {
    const told =
      options.production || !(error instanceof Error) ? '' : ` [${error.name}: ${error.message}]`;
    return {
      type: '/problems/internal_error',
      title: titleOf(500, locale),
      status: 500,
      code: 'internal_error',
      detail: internalError[locale] + told,
      request_id,
    };
  }
  return {
    type: `/problems/${refusal.code}`,
    title: titleOf(refusal.status, locale),
    status: refusal.status,
    code: refusal.code,
    detail: refusal.in(locale),
    ...(refusal.field === undefined ? {} : { field: refusal.field }),
    ...(Object.keys(refusal.facts).length === 0 ? {} : { facts: refusal.facts }),
    request_id,
  };
}

/** A person's browser gets a page; the interface and machines get JSON. */
export function wantsHtml(request: Pick<FastifyRequest, 'url' | 'headers'>): boolean {
  if (/^\/api(\/|\?|$)/.test(request.url)) return false;
  const accept = request.headers.accept ?? '*/*';
  return accept.includes('text/html') || !/[/+]json\b/.test(accept);
}

export interface ErrorPageOptions {
  production: boolean;
  /** The frame of the page around the problem (frameOf): language, estate, sections. */
  pageOf?: (request: FastifyRequest) => Partial<PageProps>;
}

function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  error: unknown,
  options: ErrorPageOptions,
): FastifyReply {
  const locale = localeOf(request);
  const problem = problemOf(error, {
    locale,
    request_id: request.id,
    production: options.production,
  });
  if (problem.status >= 500) request.log.error({ err: error }, problem.code);
  const wait = problem.code === 'too_many_requests' ? Number(problem.facts?.['seconds']) : 0;
  if (wait > 0 && !reply.hasHeader('retry-after')) reply.header('retry-after', String(wait));
  reply.header('cache-control', 'no-store').removeHeader('content-disposition');
  if (!wantsHtml(request)) {
    return reply
      .code(problem.status)
      .type('application/problem+json; charset=utf-8')
      .header('content-language', locale)
      .send(JSON.stringify(problem));
  }
  const frame = frameFor(request, options);
  const shown = problemPage({ ...frame, problem, locale, here: hereOf(request) });
  return htmlReply(reply, shown, problem.status);
}

/** What Fastify refuses before there is a route: an address it cannot read, or an endless one. */
export const refuseAddress =
  ({ production }: ErrorPageOptions) =>
  (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const endless = error.code === 'FST_ERR_MAX_PARAM_LENGTH';
    const refusal = endless ? refusals.not_found() : refusals.request_malformed();
    return sendProblem(request, reply, refusal, { production });
  };

/** A page to lead back to: of a refused POST, the form it came from (same host only). */
function hereOf(request: FastifyRequest): string {
  if (request.method === 'GET' || request.method === 'HEAD') return request.url;
  const referer = request.headers.referer ?? '';
  const url = URL.canParse(referer) ? new URL(referer) : null;
  return url !== null && url.host === request.headers.host ? url.pathname + url.search : '/';
}

/** The error page must come out even where the frame is what failed. */
function frameFor(request: FastifyRequest, options: ErrorPageOptions): Partial<PageProps> {
  try {
    return options.pageOf?.(request) ?? {};
  } catch (error) {
    request.log.error({ err: error }, 'frame of the error page');
    return {};
  }
}

export function setErrorHandlers(app: FastifyInstance, options: ErrorPageOptions): void {
  app.setErrorHandler((error, request, reply) => {
    const unknown = error as Known | null;
    const media_type = String(request.headers['content-type'] ?? '')
      .split(';')[0]!
      .slice(0, 80);
    const told =
      unknown?.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE' ||
      unknown?.code === 'FST_INVALID_MULTIPART_CONTENT_TYPE'
        ? refusals.media_type_unknown({ media_type })
        : error;
    return sendProblem(request, reply, told, options);
  });
  app.setNotFoundHandler((request, reply) =>
    sendProblem(request, reply, refusals.not_found(), options),
  );
}
