import type { Kwargs, TaskValue } from './protocol/value.ts';

/** What a task asks for when it wants to be run again. */
export interface RetryRequest {
  /** Seconds until the next attempt. @default the task's own delay */
  readonly countdown?: number | undefined;
  /** Why; it is stored with the state RETRY, and is the task's failure once no attempt is left. */
  readonly error?: Error | undefined;
  /** Attempts after the first; null for no end. @default the task's own */
  readonly maxRetries?: number | null | undefined;
  /**
   * When it is no longer to be run, in seconds from now or as a time; null for never. Attempts after the next one keep
   * it, as they keep everything of the message. @default as for this attempt
   */
  readonly expires?: Date | number | null | undefined;
  /** Arguments of the next attempt. @default those of this one */
  readonly args?: readonly TaskValue[] | undefined;
  readonly kwargs?: Kwargs | undefined;
}

/** Thrown by a task that is to be run again (`celery.exceptions.Retry`). */
export class RetryRequested extends Error {
  override readonly name = 'RetryRequested';
  readonly request: RetryRequest;

  constructor(request: RetryRequest = {}) {
    super('the task is to be tried again', request.error === undefined ? {} : { cause: request.error });
    this.request = request;
  }
}

/** Thrown by a task that wants nothing to be stored of it; its message is acknowledged (`celery.exceptions.Ignore`). */
export class Ignored extends Error {
  override readonly name = 'Ignored';

  constructor(message = 'the task ends without a result') {
    super(message);
  }
}

/**
 * Thrown by a task that does not want its message: it goes to the queue's dead letters, or back to the queue
 * (`celery.exceptions.Reject`). It only has an effect while the message is not acknowledged.
 */
export class Rejected extends Error {
  override readonly name = 'Rejected';
  readonly requeue: boolean;

  constructor(message: string, options: { readonly requeue?: boolean } = {}) {
    super(message);
    this.requeue = options.requeue ?? false;
  }
}
