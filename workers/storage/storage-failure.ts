import { PlatformError } from '../platform/errors.ts';

/** The error for a storage that did not do what it was asked. */
export function storageFailed(what: string, cause?: unknown): PlatformError {
  const reason = cause === undefined ? '' : `: ${String(cause)}`;
  return new PlatformError('REPORT_STORAGE_FAILED', `${what}${reason}`, { cause });
}
