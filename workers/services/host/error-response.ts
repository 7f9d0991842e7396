import type { FastifyError } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type ErrorCode, errorCatalogue, PlatformError } from '../../platform/errors.ts';

/** What every failed request is answered with. */
export const ErrorBody = z
  .object({
    error: z.object({
      code: z.string().describe('Stable code of the error catalogue'),
      message: z.string(),
      details: z.record(z.string(), z.unknown()).describe('Facts about this occurrence, such as field names'),
      requestId: z.string().describe('Names the request in the logs'),
    }),
  })
  .meta({ id: 'Error', description: 'An error of the catalogue' });
export type ErrorBody = z.infer<typeof ErrorBody>;

/** Seconds after which a caller may repeat a request that met an outage. */
const outageRetryAfterSeconds = 5;

const maxFieldsNamed = 20;

/** The codes of Fastify's own errors that are a caller's mistake (Fastify reference, "Errors"). */
const codeOfFastifyError: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'REQUEST_BODY_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'REQUEST_MEDIA_TYPE_UNSUPPORTED',
  FST_ERR_CTP_INVALID_TYPE: 'REQUEST_MEDIA_TYPE_UNSUPPORTED',
  FST_ERR_CTP_EMPTY_TYPE: 'REQUEST_MEDIA_TYPE_UNSUPPORTED',
  FST_ERR_NOT_FOUND: 'ROUTE_NOT_FOUND',
};

/**
 * Turns whatever was thrown into an error of the catalogue that a caller may see. An error without a status in
 * the catalogue, and any error that is not ours, becomes INTERNAL_ERROR with the original as its cause.
 *
 * @param bodyLimit bytes the server accepts, named where a body is too large
 */
export function callerError(error: unknown, bodyLimit: number): PlatformError {
  if (error instanceof PlatformError) {
    return errorCatalogue[error.code].status === undefined ? internalError(error) : error;
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const fields = error.validation.slice(0, maxFieldsNamed).map(({ instancePath, message }) => ({
      field: `${error.validationContext}${instancePath === '/' ? '' : instancePath}`,
      problem: message,
    }));
    return new PlatformError('REQUEST_INVALID', undefined, { details: { fields } });
  }
  // Only Fastify's own errors are about the request for certain: other libraries use `statusCode` for their own ends.
  if (!isFastifyError(error) || error.statusCode === undefined || error.statusCode >= 500) {
    return internalError(error);
  }
  const known = codeOfFastifyError[error.code];
  if (known === undefined) return new PlatformError('REQUEST_INVALID', error.message);
  return new PlatformError(known, undefined, {
    details: known === 'REQUEST_BODY_TOO_LARGE' ? { limitBytes: bodyLimit } : {},
  });
}

/** The answer to a failed request: status, headers and body. */
export function errorResponse(
  error: PlatformError,
  requestId: string,
): { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: ErrorBody } {
  const status = errorCatalogue[error.code].status ?? 500;
  const { retryAfterSeconds = status === 503 ? outageRetryAfterSeconds : undefined } = error.details;
  return {
    status,
    headers: {
      ...(typeof retryAfterSeconds === 'number' && { 'retry-after': String(retryAfterSeconds) }),
      // A 401 has to name a way to authenticate (RFC 9110, section 15.5.2).
      ...(status === 401 && { 'www-authenticate': 'Bearer' }),
    },
    // What a fault of ours says about itself is for the log.
    body: {
      error: {
        code: error.code,
        message: status < 500 ? error.message : errorCatalogue[error.code].meaning,
        details: { ...error.details },
        requestId,
      },
    },
  };
}

function internalError(cause: unknown): PlatformError {
  return new PlatformError('INTERNAL_ERROR', undefined, { cause });
}

function isFastifyError(error: unknown): error is FastifyError {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    error.code.startsWith('FST_')
  );
}
