import { ApiException } from '@kubernetes/client-node';
import { z } from 'zod';
import { PlatformError } from '../../workers/platform/errors.ts';

const Status = z.object({
  message: z.string(),
  reason: z.string().optional(),
  details: z
    .object({
      causes: z.array(
        z.object({ reason: z.string().optional(), message: z.string(), field: z.string().optional() }),
      ),
    })
    .partial()
    .optional(),
});

/** A field that another field manager owns and sets to something else. */
export interface FieldConflict {
  readonly field: string;
  /** For instance `kubectl-edit`. */
  readonly manager: string;
}

/** The HTTP status that the API refused a request with; `undefined` if it did not answer. */
export function refusalStatus(error: unknown): number | undefined {
  return error instanceof ApiException ? error.code : undefined;
}

/** Why the API refused a request, in its own words. */
export function refusalText(error: ApiException<unknown>): string {
  const status = statusOf(error.body);
  if (status !== undefined) return status.message;
  return typeof error.body === 'string' && error.body !== ''
    ? error.body.trim()
    : `HTTP status ${error.code}`;
}

/** The fields that a server-side apply was refused for. */
export function conflictsOf(error: unknown): readonly FieldConflict[] {
  if (!(error instanceof ApiException) || error.code !== 409) return [];
  const causes = statusOf(error.body)?.details?.causes ?? [];
  return causes
    .filter(({ reason }) => reason === 'FieldManagerConflict')
    .map(({ field, message }) => ({
      field: field ?? '',
      manager: /"([^"]+)"/.exec(message)?.[1] ?? message,
    }));
}

/**
 * What went wrong between us and the API, as an error of the catalogue with one line.
 * Errors that have nothing to do with it are returned as they are.
 */
export function clusterFailure(error: unknown, context: string, server: string): unknown {
  if (error instanceof PlatformError) return error;
  if (error instanceof ApiException) {
    const text = `context ${context}: ${refusalText(error)}`;
    const denied = error.code === 401 || error.code === 403;
    return new PlatformError(denied ? 'CLUSTER_ACCESS_DENIED' : 'CLUSTER_REQUEST_REFUSED', text, {
      cause: error,
    });
  }
  const reason = connectionProblem(error);
  if (reason === undefined) return error;
  return new PlatformError('CLUSTER_UNREACHABLE', `context ${context} at ${server}: ${reason}`, {
    cause: error,
  });
}

/** The innermost reason of a request that found no server; `undefined` for any other error. */
function connectionProblem(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { cause } = error;
  if (cause instanceof AggregateError && cause.errors.length > 0)
    return connectionProblem(new Error('', { cause: cause.errors[0] }));
  if (cause instanceof Error) return cause.message || String(Reflect.get(cause, 'code'));
  return error.message.startsWith('fetch failed') ? error.message : undefined;
}

function statusOf(body: unknown): z.infer<typeof Status> | undefined {
  const parsed = Status.safeParse(typeof body === 'string' ? parseJson(body) : body);
  return parsed.success ? parsed.data : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
