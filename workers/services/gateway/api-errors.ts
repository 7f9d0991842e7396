import { z } from 'zod';
import { type ErrorCode, errorCatalogue } from '../../platform/errors.ts';
import { ErrorBody } from '../host/error-response.ts';

/** What any request can be answered with besides what its route says. */
const always: readonly ErrorCode[] = [
  'RATE_LIMITED',
  'INTERNAL_ERROR',
  'STATE_UNAVAILABLE',
  'SERVICE_UNAVAILABLE',
];

/** The codes of a route with a method that can carry a body, whether the route wants one or not. */
export const bodyErrors = [
  'REQUEST_INVALID',
  'REQUEST_BODY_TOO_LARGE',
  'REQUEST_MEDIA_TYPE_UNSUPPORTED',
] as const;

/** The codes of a route for signed-in users of certain roles. */
export const callerErrors = ['AUTH_SESSION_INVALID', 'AUTH_FORBIDDEN'] as const;

type FailureStatus = 400 | 401 | 403 | 404 | 409 | 413 | 415 | 429 | 500 | 503;

/** The response schemas of a route's failures by status, each with the codes it can carry. */
export function failures(
  ...codes: readonly ErrorCode[]
): Readonly<Partial<Record<FailureStatus, z.ZodType<ErrorBody>>>> {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of new Set([...codes, ...always])) {
    const { status } = errorCatalogue[code];
    if (status !== undefined) byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries([...byStatus].map(([status, each]) => [status, failure(each)]));
}

function failure(codes: readonly ErrorCode[]): z.ZodType<ErrorBody> {
  const explained = codes.map((code) => `\`${code}\`: ${errorCatalogue[code].meaning}`);
  return ErrorBody.extend({
    error: ErrorBody.shape.error.extend({ code: z.enum(codes) }),
  }).describe(explained.join('\n\n'));
}
