import { TaskError } from '../protocol/exception.ts';
import type { Signature, SubtaskType } from '../protocol/signature.ts';
import type { Kwargs, TaskValue } from '../protocol/value.ts';
import type { Task, TaskContext } from '../task.ts';
import type { CanvasDeps } from './canvas-deps.ts';
import { signaturesIn } from './draft.ts';
import { unlockChord } from './unlock-chord.ts';

type Run = (arg: Argument, context: TaskContext) => Promise<TaskValue>;

/** Reads an argument by its place or its name; null if it is not given. */
type Argument = (name: string) => TaskValue;

/**
 * The tasks that every Celery worker has (celery/app/builtins.py).
 * @param taskOf finds the task that a map calls for each item, in this worker itself
 */
export function builtinTasks(
  deps: CanvasDeps,
  taskOf: (name: string) => Task | undefined = () => undefined,
): readonly Task[] {
  const mapped =
    (star: boolean): Run =>
    async (arg, context) => {
      const [inner] = signaturesIn(arg('task'));
      const name = inner?.task ?? String(arg('task'));
      const task = taskOf(name);
      if (task === undefined) throw new TaskError('NotRegistered', [name], 'celery.exceptions');
      const results: TaskValue[] = [];
      for (const item of listOf(arg('it')))
        results.push(await task.run(star ? listOf(item) : [item], {}, context));
      return results;
    };
  return [
    accumulate,
    builtin('celery.map', ['task', 'it'], mapped(false)),
    builtin('celery.starmap', ['task', 'it'], mapped(true)),
    builtin('celery.chunks', ['task', 'it', 'n'], (arg, context) =>
      send(canvas('chunks', { task: arg('task'), it: arg('it'), n: arg('n') }), context),
    ),
    builtin('celery.group', ['tasks', 'result', 'group_id', 'partial_args'], (arg, context) =>
      send(
        canvas('group', { tasks: arg('tasks') }, { task_id: arg('group_id') }, listOf(arg('partial_args'))),
        context,
      ),
    ),
    builtin('celery.chord', ['header', 'body', 'partial_args'], (arg, context) =>
      send(
        canvas(
          'chord',
          { kwargs: {}, header: arg('header'), body: arg('body') },
          {},
          listOf(arg('partial_args')),
        ),
        context,
      ),
    ),
    builtin('celery.chain', undefined, async () => {
      throw new TaskError('NotImplementedError', ['chain is not a real task'], 'builtins');
    }),
    builtin('celery.backend_cleanup', [], async () => null),
    builtin('celery.ping', [], async () => 'pong'),
    {
      ...builtin(
        'celery.chord_unlock',
        ['group_id', 'callback', 'interval', 'max_retries', 'result'],
        (arg, context) =>
          unlockChord(
            {
              body: signaturesIn(arg('callback'))[0],
              interval: arg('interval'),
              maxRetries: arg('max_retries'),
              members: listOf(arg('result')),
            },
            context,
            deps,
          ),
      ),
      options: { ignoreResult: true, retry: { maxRetries: null, delaySeconds: 1 } },
    },
  ];
}

/** What a replaced group ends in: all arguments, or the one at `index`. */
const accumulate: Task = {
  name: 'celery.accumulate',
  options: {},
  parameters: undefined,
  run: async (args, { index }) => (typeof index === 'number' ? (args.at(index) ?? null) : args),
};

function builtin(name: string, parameters: readonly string[] | undefined, run: Run): Task {
  return {
    name,
    options: {},
    parameters,
    run: (args, kwargs, context) =>
      run((wanted) => kwargs[wanted] ?? args[parameters?.indexOf(wanted) ?? -1] ?? null, context),
  };
}

async function send(signature: Signature, context: TaskContext): Promise<TaskValue> {
  return context.send(signature);
}

function canvas(
  type: Exclude<SubtaskType, null>,
  kwargs: Kwargs,
  options: Kwargs = {},
  args: readonly TaskValue[] = [],
): Signature {
  return { task: `celery.${type}`, args, kwargs, options, subtask_type: type, immutable: false };
}

function listOf(value: TaskValue): readonly TaskValue[] {
  return Array.isArray(value) ? value : [];
}
