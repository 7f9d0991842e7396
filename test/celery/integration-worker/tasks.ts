import type { Task } from '../../../workers/celery/task.ts';
import { arithmeticTasks } from './arithmetic-tasks.ts';
import { canvasTasks } from './canvas-tasks.ts';
import { failingTasks } from './failing-tasks.ts';
import { redisTasks } from './redis-tasks.ts';
import { requestTasks } from './request-tasks.ts';
import { signatureTasks } from './signature-tasks.ts';

/** Every task that Celery's own integration suite calls (Celery, `t/integration/tasks.py`); threads load this too. */
export const tasks: readonly Task[] = [
  ...arithmeticTasks,
  ...requestTasks,
  ...failingTasks,
  ...redisTasks,
  ...canvasTasks,
  ...signatureTasks,
];
