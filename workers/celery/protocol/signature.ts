import type { Kwargs, TaskValue } from './value.ts';

/** What a canvas is; null for a plain task. */
export type SubtaskType = 'chain' | 'group' | 'chord' | 'chunks' | 'xmap' | 'xstarmap' | null;

/**
 * A call that is to be made later, as Celery serializes it (Celery documentation, "Canvas: Designing Work-flows").
 * A type rather than an interface, since it is itself a value that a task can be called with.
 */
export type Signature = {
  readonly task: string;
  readonly args: readonly TaskValue[];
  readonly kwargs: Kwargs;
  /** As `apply_async` takes them: `task_id`, `queue`, `countdown`, `link`, `link_error`, `chord`, `group_id` … */
  readonly options: Kwargs;
  readonly subtask_type: SubtaskType;
  /** Whether results of earlier tasks are not to be put in front of its arguments. */
  readonly immutable: boolean;
};

/**
 * The result of something that was sent, as Celery's `as_tuple` writes it: `[[id, parent], children]`, where a task has
 * no children and a group has its members (celery/result.py).
 */
export type ResultTuple = readonly [
  readonly [id: string, parent: ResultTuple | null],
  readonly ResultTuple[] | null,
];
