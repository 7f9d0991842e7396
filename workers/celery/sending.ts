import type { TaskMessage } from './protocol/task-message.ts';

/** Hands task messages to the broker. */
export interface TaskSender {
  /**
   * Resolves once the broker has confirmed that the message is stored.
   * @param signal stops waiting; the message may have arrived all the same
   * @throws PlatformError PUBLISH_UNROUTABLE, PUBLISH_REFUSED, PUBLISH_BUFFER_FULL, PUBLISH_ABORTED or PUBLISHER_CLOSED
   */
  send(message: TaskMessage, signal?: AbortSignal): Promise<void>;
}

/** Finds the queue of a task that was called without one. */
export type TaskRouter = (task: string) => string;
