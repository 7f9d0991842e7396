import { PlatformError } from '../../platform/errors.ts';
import { stringifyTaskJson } from './json.ts';
import { pythonRepr } from './python-repr.ts';
import type { Signature } from './signature.ts';
import type { TaskRequest } from './task-request.ts';
import type { Kwargs, TaskValue } from './value.ts';

/** One call of a task, to be sent. */
export interface TaskCall {
  /** The task's registered name. */
  readonly task: string;
  /** Any text; results are stored and duplicates are recognised by it. */
  readonly id: string;
  readonly args: readonly TaskValue[];
  readonly kwargs: Kwargs;
  /** The task queue it goes to. */
  readonly queue: string;
  /** Who sends it, for people. */
  readonly origin: string;
  /** From when on it is to be run. @default at once */
  readonly eta?: Date;
  /** From when on it is not to be run any more. @default never */
  readonly expires?: Date;
  /** 0 to 255. @default 0 */
  readonly priority?: number;
  /** Headers for the task itself. @default none */
  readonly headers?: Kwargs;
  /** What is sent when it succeeds. @default none */
  readonly callbacks?: readonly Signature[];
  /** What is sent when it fails. @default none */
  readonly errbacks?: readonly Signature[];
  /** The rest of its chain, last step first. @default none */
  readonly chain?: readonly Signature[];
  /** The body of the chord that it is a part of. @default none */
  readonly chord?: Signature;
  readonly group?: string;
  readonly groupIndex?: number;
  /** @default its own id */
  readonly rootId?: string;
  readonly parentId?: string;
  /** Queue of an `rpc://` result backend, passed on. */
  readonly replyTo?: string;
  /** Earlier attempts. @default 0 */
  readonly retries?: number;
  /** In seconds. @default none */
  readonly timeLimit?: { readonly hard?: number | undefined; readonly soft?: number | undefined };
  /** The name that people are shown instead of the task's. */
  readonly shadow?: string;
  /** @default false */
  readonly ignoreResult?: boolean;
  /** How often a task was replaced by another. @default 0 */
  readonly replacedTaskNesting?: number;
  readonly stampedHeaders?: readonly string[];
  readonly stamps?: Kwargs;
}

/** A task message as it goes to the broker. */
export interface TaskMessage {
  readonly exchange: string;
  readonly routingKey: string;
  readonly content: Buffer;
  readonly properties: {
    readonly contentType: string;
    readonly contentEncoding: string;
    readonly deliveryMode: number;
    readonly priority: number;
    /** Left out where the id is longer than AMQP allows. */
    readonly correlationId?: string;
    readonly replyTo?: string;
    readonly mandatory: boolean;
    readonly headers: Readonly<Record<string, unknown>>;
  };
}

/**
 * Encodes a call as a task message of Celery's protocol 2 (Celery documentation, "Message Protocol"). Nothing in it
 * depends on the sending process or on the time: the same call is the same bytes.
 *
 * It goes to the default exchange, as Celery's own clients send it wherever the queue's exchange is direct. Expiry is
 * in the header alone: the broker would take an expired message away without its sender hearing of it.
 *
 * @throws PlatformError MESSAGE_SCHEMA_INVALID for what JSON cannot hold
 */
export function encodeTask(call: TaskCall): TaskMessage {
  const { task, id, args, kwargs, queue, replyTo, priority = 0, headers, stamps } = call;
  return {
    exchange: '',
    routingKey: queue,
    content: bodyOf(call),
    properties: {
      contentType: 'application/json',
      contentEncoding: 'utf-8',
      deliveryMode: 2,
      priority,
      ...(fitsName(id) && { correlationId: id }),
      ...(replyTo !== undefined && { replyTo }),
      mandatory: true,
      headers: {
        ...headers,
        ...stamps,
        lang: 'js',
        task,
        id,
        shadow: call.shadow ?? null,
        eta: isoTime(call.eta),
        expires: isoTime(call.expires),
        group: call.group ?? null,
        group_index: call.groupIndex ?? null,
        retries: call.retries ?? 0,
        timelimit: [call.timeLimit?.hard ?? null, call.timeLimit?.soft ?? null],
        root_id: call.rootId ?? id,
        parent_id: call.parentId ?? null,
        argsrepr: pythonRepr(args),
        kwargsrepr: pythonRepr(kwargs),
        origin: call.origin,
        ignore_result: call.ignoreResult ?? false,
        replaced_task_nesting: call.replacedTaskNesting ?? 0,
        stamped_headers: call.stampedHeaders ?? null,
        stamps: stamps ?? {},
      },
    },
  };
}

/**
 * The next attempt at a task: the same id, links, chord and headers, one more in `retries` (Celery, `Task.retry`).
 * @param next.eta when it is to run
 * @param next.expires in place of the expiry of this attempt; null for none
 * @param next.args in place of those of this attempt
 */
export function encodeRetry(
  request: TaskRequest,
  next: {
    readonly queue: string;
    readonly eta: Date;
    readonly origin: string;
    readonly expires?: Date | null;
    readonly args?: readonly TaskValue[];
    readonly kwargs?: Kwargs;
  },
): TaskMessage {
  const { groupIndex, chord, group, shadow, replyTo, headers, stampedHeaders, ignoreResult } = request;
  const expires = next.expires === undefined ? request.expires : next.expires;
  return encodeTask({
    task: request.task,
    id: request.id,
    args: next.args ?? request.args,
    kwargs: next.kwargs ?? request.kwargs,
    queue: next.queue,
    origin: next.origin,
    eta: next.eta,
    priority: request.delivery.priority,
    callbacks: request.callbacks,
    errbacks: request.errbacks,
    chain: request.chain,
    rootId: request.rootId,
    parentId: request.id,
    retries: request.retries + 1,
    timeLimit: request.timeLimit,
    replacedTaskNesting: request.replacedTaskNesting,
    stamps: request.stamps,
    ...(chord !== undefined && { chord }),
    ...(expires instanceof Date && { expires }),
    ...(group !== undefined && { group }),
    ...(groupIndex !== undefined && { groupIndex }),
    ...(shadow !== undefined && { shadow }),
    ...(replyTo !== undefined && { replyTo }),
    ...(headers !== undefined && { headers }),
    ...(stampedHeaders !== undefined && { stampedHeaders }),
    ...(ignoreResult !== undefined && { ignoreResult }),
  });
}

/** AMQP 0-9-1, 4.2.5.3: short strings. */
export function fitsName(text: string): boolean {
  return Buffer.byteLength(text) <= 255;
}

function bodyOf({ args, kwargs, callbacks, errbacks, chain, chord }: TaskCall): Buffer {
  const embed = {
    callbacks: listed(callbacks),
    errbacks: listed(errbacks),
    chain: listed(chain),
    chord: chord ?? null,
  };
  try {
    return Buffer.from(stringifyTaskJson([args, kwargs, embed]));
  } catch (cause) {
    throw new PlatformError('MESSAGE_SCHEMA_INVALID', `a task cannot be called with this: ${cause}`, {
      cause,
    });
  }
}

function listed(signatures: readonly Signature[] | undefined): readonly Signature[] | null {
  return signatures === undefined || signatures.length === 0 ? null : signatures;
}

/** ISO 8601 with an offset rather than `Z`, as Python writes it. */
function isoTime(date: Date | undefined): string | null {
  return date === undefined ? null : date.toISOString().replace(/Z$/, '+00:00');
}
