import { type ErrorCode, PlatformError } from '../platform/errors.ts';
import type { TaskMessage } from './protocol/task-message.ts';

/** Hands task messages to the broker. */
export interface TaskSender {
  /**
   * Resolves once the broker has confirmed that the message is stored.
   * @throws PlatformError TASK_UNSENDABLE or PUBLISH_UNROUTABLE for what can never be sent; PUBLISHER_CLOSED
   */
  send(message: TaskMessage): Promise<void>;
}

/** Finds the queue of a task that was called without one. */
export type TaskRouter = (task: string) => string;

const forGood: ReadonlySet<ErrorCode> = new Set([
  'TASK_UNSENDABLE',
  'PUBLISH_UNROUTABLE',
  'MESSAGE_SCHEMA_INVALID',
]);

/**
 * Whether trying again is in vain, unlike after a shutdown or while a server is away: what servers cannot help has a
 * code of ours, and any other error is one of the call itself.
 */
export function isForGood(error: unknown): boolean {
  return !(error instanceof PlatformError) || forGood.has(error.code);
}
