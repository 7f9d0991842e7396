import type { TaskMessage } from '../protocol/task-message.ts';
import type { ResultBackend } from '../results/result-backend.ts';
import type { TaskRouter, TaskSender } from '../sending.ts';

/** What canvases are sent with. */
export interface CanvasDeps {
  readonly sender: TaskSender;
  readonly backend: ResultBackend;
  readonly route: TaskRouter;
  /** Who sends, for people. */
  readonly origin: string;
  /** Has the broker hold a message for some seconds. @default receivers hold it */
  readonly delay?: (message: TaskMessage, seconds: number) => TaskMessage;
  /**
   * How many parameters a task of this worker has. One with several is called with the failed request, its exception
   * and its traceback when it is an errback, others with the id alone.
   * @default errbacks get the id
   */
  readonly arity?: (task: string) => number | undefined;
  /** Is told of an errback that can never be sent. @default nobody is */
  readonly onUnsent?: (error: unknown) => void;
}
