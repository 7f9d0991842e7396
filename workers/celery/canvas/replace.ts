import { TaskError } from '../protocol/exception.ts';
import type { Signature } from '../protocol/signature.ts';
import type { TaskRequest } from '../protocol/task-request.ts';
import type { Kwargs } from '../protocol/value.ts';
import { sendDraft } from './apply-signature.ts';
import type { CanvasDeps } from './canvas-deps.ts';
import { type Draft, draftOf, noOptions } from './draft.ts';
import { freeze } from './freeze.ts';
import { join, unroll } from './join.ts';
import { link, linkError } from './links.ts';

/**
 * Sends what stands for a task from now on: it takes over the task's id, and with it its links, its place in a chord
 * and the rest of its chain (celery/app/task.py, `replace`).
 * @throws TaskError ImproperlyConfigured for a replacement that is part of a chord, or an empty chain
 */
export async function replaceTask(
  request: TaskRequest,
  signature: Signature,
  deps: CanvasDeps,
): Promise<void> {
  const replacement = completed(draftOf(signature));
  for (const callback of request.callbacks) link(replacement, callback);
  for (const errback of request.errbacks) linkError(replacement, errback);
  if (replacement.kind === 'chain') {
    const last = replacement.steps.at(-1);
    if (last !== undefined) for (const callback of replacement.options.link.splice(0)) link(last, callback);
  }
  freeze(replacement, { id: request.id });
  const { group, groupIndex, rootId, chord: body } = request;
  const nesting = request.replacedTaskNesting + 1;
  replacement.options.values = {
    ...replacement.options.values,
    ...stampsAfter(request, replacement),
    root_id: rootId,
    replaced_task_nesting: nesting,
    ...(group === undefined ? {} : { group_id: group }),
    ...(groupIndex === undefined ? {} : { group_index: groupIndex }),
  };
  if (body !== undefined) replacement.options.chord = draftOf(body);
  if (replacement.kind === 'chain') for (const step of replacement.steps) markReplaced(step, nesting);
  const rest = request.chain.toReversed().map(draftOf);
  for (const step of rest) markReplaced(step, nesting);
  const { replyTo, id: parentId } = request;
  const origin = { rootId, parentId, ...(replyTo === undefined ? {} : { replyTo }) };
  await sendDraft(rest.reduce(join, replacement), origin, deps);
}

/** The stamps of the task, and over them those of what stands for it. */
function stampsAfter({ stampedHeaders = [], stamps }: TaskRequest, { options }: Draft): Kwargs {
  const own = options.values['stamped_headers'];
  const names = new Set([...stampedHeaders, ...(Array.isArray(own) ? own.map(String) : [])]);
  if (names.size === 0) return {};
  const values = [...names].map((name) => [name, options.values[name] ?? stamps[name] ?? null]);
  return { ...Object.fromEntries(values), stamped_headers: [...names] };
}

/** What ends in a group gets an end whose result is that of the task. */
function completed(draft: Draft): Draft {
  if (draft.options.chord !== undefined)
    throw improper('A signature replacing a task must not be part of a chord');
  if (draft.kind === 'chain' && draft.steps.length === 0)
    throw improper('Cannot replace with an empty chain');
  return draft.kind === 'group' || endsInGroup(draft) ? join(draft, gathered()) : draft;
}

/** A group of one at the end of a chain is that one. */
function endsInGroup(draft: Draft): boolean {
  const last = draft.kind === 'chain' ? draft.steps.at(-1) : undefined;
  if (last === undefined) return false;
  const end = unroll(last);
  return end.kind === 'group' || endsInGroup(end);
}

function gathered(): Draft {
  return {
    kind: 'task',
    task: 'celery.accumulate',
    subtaskType: null,
    args: [],
    kwargs: { index: 0 },
    options: noOptions(),
    immutable: false,
  };
}

function markReplaced(step: Draft, nesting: number): void {
  step.options.values = { ...step.options.values, replaced_task_nesting: nesting };
}

function improper(text: string): TaskError {
  return new TaskError('ImproperlyConfigured', [text], 'celery.exceptions');
}
