import type { Task } from '../task.ts';
import type { CanvasDeps } from './apply-signature.ts';

/** The tasks that every Celery worker has. */
export function builtinTasks(_deps: CanvasDeps): readonly Task[] {
  return [];
}
