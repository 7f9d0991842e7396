import type { TaskMessage } from './protocol/task-message.ts';

/** Hands task messages to the broker. */
export interface TaskSender {
  /**
   * Resolves once the broker has confirmed that the message is stored.
   * @throws PlatformError PUBLISH_UNROUTABLE, PUBLISH_REFUSED, PUBLISH_BUFFER_FULL, PUBLISH_ABORTED or PUBLISHER_CLOSED
   */
  send(message: TaskMessage): Promise<void>;
}

/** Finds the queue of a task that was called without one. */
export type TaskRouter = (task: string) => string;
