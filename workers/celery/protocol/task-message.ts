import { PlatformError } from '../../platform/errors.ts';
import type { Json } from '../../platform/tasks.ts';
import { pythonRepr } from './python-repr.ts';

/** One call of a task, to be sent. */
export interface TaskCall {
  /** The task's registered name. */
  readonly task: string;
  /** Any text; results are stored and duplicates are recognised by it. */
  readonly id: string;
  readonly args: readonly Json[];
  readonly kwargs: Readonly<Record<string, Json>>;
  /** The task queue it goes to. */
  readonly queue: string;
  /** Who sends it, for people. */
  readonly origin: string;
  /** From when on it is not to be run any more. @default never */
  readonly expires?: Date;
  /** 0 to 255. @default 0 */
  readonly priority?: number;
  /** Headers for the task itself. @default none */
  readonly headers?: Readonly<Record<string, Json>>;
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
    readonly correlationId: string;
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
 * @throws PlatformError MESSAGE_SCHEMA_INVALID for a number that JSON cannot hold
 */
export function encodeTask(call: TaskCall): TaskMessage {
  const { task, id, args, kwargs, queue, origin, expires, priority = 0, headers = {} } = call;
  const embed = { callbacks: null, errbacks: null, chain: null, chord: null };
  return {
    exchange: '',
    routingKey: queue,
    content: Buffer.from(JSON.stringify([args, kwargs, embed], refuseNotFinite)),
    properties: {
      contentType: 'application/json',
      contentEncoding: 'utf-8',
      deliveryMode: 2,
      priority,
      correlationId: id,
      mandatory: true,
      headers: {
        ...headers,
        lang: 'js',
        task,
        id,
        shadow: null,
        eta: null,
        expires: expires === undefined ? null : isoTime(expires),
        group: null,
        group_index: null,
        retries: 0,
        timelimit: [null, null],
        root_id: id,
        parent_id: null,
        argsrepr: pythonRepr(args),
        kwargsrepr: pythonRepr(kwargs),
        origin,
        ignore_result: false,
        replaced_task_nesting: 0,
        stamped_headers: null,
        stamps: {},
      },
    },
  };
}

/** ISO 8601 with an offset rather than `Z`, as Python writes it. */
function isoTime(date: Date): string {
  return date.toISOString().replace(/Z$/, '+00:00');
}

function refuseNotFinite(_: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new PlatformError('MESSAGE_SCHEMA_INVALID', `a task cannot be called with ${value}`);
  return value;
}
