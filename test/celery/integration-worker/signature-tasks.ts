import { chord, group } from '../../../workers/celery/client/compose.ts';
import { TaskError } from '../../../workers/celery/protocol/exception.ts';
import type { Signature } from '../../../workers/celery/protocol/signature.ts';
import type { TaskValue } from '../../../workers/celery/protocol/value.ts';
import type { Task } from '../../../workers/celery/task.ts';
import { isList } from './python-sum.ts';
import { named, s } from './suite-task.ts';

const add = s('add');
const chainOf = (...tasks: readonly Signature[]): Signature => ({
  task: 'celery.chain',
  args: [],
  kwargs: { tasks },
  options: {},
  subtask_type: 'chain',
  immutable: false,
});

/** Canvases in canvases, which tasks return and take as values. */
const nested: Readonly<Record<string, Signature>> = {
  chain_chain: chainOf(chainOf(add)),
  chain_group: chainOf(group([add])),
  chain_chord: chainOf(chord([add], add)),
  group_chain: group([chainOf(add)]),
  group_group: group([group([add])]),
  group_chord: group([chord([add], add)]),
  chord_chain: chord([chainOf(add)], add),
  chord_group: chord([group([add])], add),
  chord_chord: chord([chord([add], add)], add),
};

/** Tasks that have signatures for arguments and results. */
export const signatureTasks: readonly Task[] = [
  ...Object.entries(nested).map(([name, canvas]) =>
    named(`return_nested_signature_${name}`, {}, (): TaskValue => canvas),
  ),
  named('rebuild_signature', { needed: ['sig_dict'] }, ({ sig_dict = null }) => {
    checkSignature(sig_dict);
    return null;
  }),
];

/** @throws TaskError TypeError where something in it is no signature */
function checkSignature(value: TaskValue): void {
  const { task, kwargs, subtask_type } = Object(value);
  if (typeof task !== 'string')
    throw new TaskError('TypeError', ['this is not a signature object'], 'builtins');
  if (subtask_type === null || subtask_type === undefined) return;
  const { tasks = [], header = [], body } = Object(kwargs);
  for (const inner of [tasks, header].flatMap((each: TaskValue) => (isList(each) ? each : [each])))
    checkSignature(inner);
  if (body !== undefined) checkSignature(body);
}
