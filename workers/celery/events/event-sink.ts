import type { TaskValue } from '../protocol/value.ts';

/** Events about tasks, as Celery's monitors know them (Celery documentation, "Event Reference"). */
export type TaskEventType =
  | 'task-received'
  | 'task-started'
  | 'task-succeeded'
  | 'task-failed'
  | 'task-retried'
  | 'task-revoked'
  | 'task-rejected'
  | 'task-cancelled';

/** Where the worker says what happens to tasks. It never throws and never waits. */
export interface EventSink {
  /** Does nothing while task events are off. */
  task(type: TaskEventType, fields: { readonly uuid: string; readonly [field: string]: TaskValue }): void;
}
