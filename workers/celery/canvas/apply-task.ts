import { randomUUID } from 'node:crypto';
import { encodeTask, type TaskCall } from '../protocol/task-message.ts';
import type { Kwargs, TaskValue } from '../protocol/value.ts';
import { type DraftOptions, signatureOf, signaturesIn, type TaskDraft } from './draft.ts';
import { idOf, textOf } from './freeze.ts';
import { numberOf, timeOf } from './option-values.ts';
import { type ResultNode, resultNode } from './result-node.ts';
import type { Sending } from './sending.ts';

/**
 * Sends a single call.
 * @throws TaskError ValueError for a time that cannot be read
 */
export async function applyTask(draft: TaskDraft, sending: Sending): Promise<ResultNode> {
  const { deps } = sending;
  const id = idOf(draft) ?? randomUUID();
  const { values } = draft.options;
  const countdown = numberOf(values['countdown']);
  const eta = countdown === undefined || countdown === 0 ? timeOf(values['eta']) : inSeconds(countdown);
  const encoded = encodeTask({ ...callOf(draft, id, sending), ...(eta === undefined ? {} : { eta }) });
  const exchange = textOf(values['queue']) === undefined ? textOf(values['exchange']) : undefined;
  const message =
    exchange === undefined
      ? encoded
      : { ...encoded, exchange, routingKey: textOf(values['routing_key']) ?? '' };
  const seconds = eta === undefined ? 0 : (eta.getTime() - Date.now()) / 1000;
  await deps.sender.send(seconds >= 1 && deps.delay ? deps.delay(message, seconds) : message);
  const result = resultNode(id);
  sending.trail.push(result);
  return result;
}

function callOf(draft: TaskDraft, id: string, { deps, origin }: Sending): TaskCall {
  const { values, link, linkError, chain, chord } = draft.options;
  const rootId = textOf(values['root_id']) ?? origin.rootId ?? id;
  return {
    task: draft.task,
    id,
    args: draft.args,
    kwargs: draft.kwargs,
    queue: textOf(values['queue']) ?? textOf(values['routing_key']) ?? deps.route(routedTask(draft)),
    origin: deps.origin,
    rootId,
    ...given({
      callbacks: link.length > 0 ? link : undefined,
      errbacks: linkError.length > 0 ? linkError : undefined,
      chain,
      chord: chord && signatureOf(chord),
      parentId: textOf(values['parent_id']) ?? origin.parentId,
      replyTo: textOf(values['reply_to']) ?? origin.replyTo,
      group: textOf(values['group_id']),
      groupIndex: numberOf(values['group_index']),
      expires: timeOf(values['expires']),
      priority: numberOf(values['priority']),
      retries: numberOf(values['retries']),
      shadow: textOf(values['shadow']),
      replacedTaskNesting: numberOf(values['replaced_task_nesting']),
      ignoreResult: typeof values['ignore_result'] === 'boolean' ? values['ignore_result'] : undefined,
      timeLimit: {
        hard: numberOf(values['time_limit']),
        soft: numberOf(values['soft_time_limit']),
      },
      headers: mappingOf(values['headers']),
      ...stampsOf(draft.options),
    }),
  };
}

/** Every stamp is an option of its own, and `stamped_headers` says which options are stamps. */
function stampsOf({ values }: DraftOptions) {
  const stamped = values['stamped_headers'];
  if (!Array.isArray(stamped)) return {};
  const names = stamped.filter((name) => typeof name === 'string' && Object.hasOwn(values, name));
  const stampedHeaders: readonly string[] = names.map(String);
  const stamps = Object.fromEntries(stampedHeaders.map((name) => [name, values[name] ?? null]));
  return { stampedHeaders, stamps };
}

/** A map goes where the task that it maps goes. */
function routedTask({ task, subtaskType, kwargs }: TaskDraft): string {
  const [mapped] = subtaskType === null ? [] : signaturesIn(kwargs['task']);
  return mapped?.task ?? task;
}

function inSeconds(seconds: number): Date {
  return new Date(Date.now() + seconds * 1000);
}

function mappingOf(value: TaskValue | undefined): Kwargs | undefined {
  // Options are JSON, so that an object that is no list is a mapping.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Kwargs) : undefined;
}

/** Without what is undefined, which exact optional properties do not allow. */
function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  // Every field that remains has a value, which the type of Object.fromEntries cannot say.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
