import type { Kwargs, TaskValue } from '../protocol/value.ts';
import type { ExceptionDocument } from '../results/result-backend.ts';

/** A failure as it is stored and told. */
export interface Failure {
  readonly exception: ExceptionDocument;
  /** Where it happened; undefined for what did not happen inside the task. */
  readonly traceback: string | undefined;
}

/** How an attempt at a task ended, as data that can come from another thread. */
export type Outcome =
  | { readonly kind: 'success'; readonly value: TaskValue }
  | ({ readonly kind: 'failure' } & Failure)
  | ({
      readonly kind: 'retry';
      /** In seconds. */
      readonly countdown: number;
      /** When the next attempt expires, in milliseconds since 1970; null for never, undefined for as this one. */
      readonly expires: number | null | undefined;
      readonly args: readonly TaskValue[] | undefined;
      readonly kwargs: Kwargs | undefined;
    } & Failure)
  | { readonly kind: 'ignored' }
  | { readonly kind: 'rejected'; readonly requeue: boolean; readonly reason: string }
  /** The hard time limit in seconds. */
  | { readonly kind: 'timedOut'; readonly limit: number }
  /** Ended by remote control; a signal's name such as SIGTERM. */
  | { readonly kind: 'terminated'; readonly signal: string }
  /** The thread that ran it is gone. */
  | { readonly kind: 'lost'; readonly reason: string }
  /** Ended by a shutdown that does not wait. */
  | { readonly kind: 'cancelled' };
