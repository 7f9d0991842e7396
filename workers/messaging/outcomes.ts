import { type ErrorCode, PlatformError } from '../platform/errors.ts';
import type { Outcome } from './delivery.ts';

/** Errors that say that something the platform needs is down or full: no fault of the message. */
const waitsFor: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'STATE_UNAVAILABLE',
  'BROKER_UNAVAILABLE',
  'SERVICE_UNAVAILABLE',
  'PUBLISH_BUFFER_FULL',
  'PUBLISH_REFUSED',
  'PUBLISHER_CLOSED',
]);

/** What is to become of a message whose handling threw an error. */
export function outcomeOfError(error: unknown): Outcome {
  if (error instanceof PlatformError) {
    if (error.code === 'MESSAGE_REJECTED') {
      return { kind: 'dead', code: error.code, reason: error.message, error };
    }
    if (waitsFor.has(error.code)) return { kind: 'postpone', error };
  }
  return { kind: 'retry', error };
}
