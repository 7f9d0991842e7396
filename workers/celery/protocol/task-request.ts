import type { Signature } from './signature.ts';
import type { Kwargs, TaskValue } from './value.ts';

/** Where a message came from, as `inspect` shows it. */
export interface DeliveryInfo {
  readonly exchange: string;
  readonly routingKey: string;
  /** The queue it was consumed from. */
  readonly queue: string;
  readonly priority: number;
  readonly redelivered: boolean;
}

/** One call of a task as it arrived, of protocol 1 or 2. Names follow Celery's `Context`. */
export interface TaskRequest {
  readonly protocol: 1 | 2;
  readonly id: string;
  readonly task: string;
  readonly args: readonly TaskValue[];
  readonly kwargs: Kwargs;
  readonly callbacks: readonly Signature[];
  readonly errbacks: readonly Signature[];
  /** The rest of a chain, last step first, as it is on the wire. */
  readonly chain: readonly Signature[];
  /** What runs once every part of the group has ended. */
  readonly chord: Signature | undefined;
  /** The name that people are shown instead of the task's. */
  readonly shadow: string | undefined;
  readonly eta: Date | undefined;
  /** The same time as monitors are shown it: what Python wrote, with its microseconds. */
  readonly etaText: string | undefined;
  readonly expires: Date | undefined;
  readonly group: string | undefined;
  readonly groupIndex: number | undefined;
  /** Earlier attempts. */
  readonly retries: number;
  /** In seconds. */
  readonly timeLimit: { readonly hard: number | undefined; readonly soft: number | undefined };
  readonly rootId: string;
  readonly parentId: string | undefined;
  readonly argsRepr: string;
  readonly kwargsRepr: string;
  readonly origin: string | undefined;
  /** Undefined where the message leaves it to the task's own option. */
  readonly ignoreResult: boolean | undefined;
  readonly replacedTaskNesting: number;
  readonly stampedHeaders: readonly string[] | undefined;
  readonly stamps: Kwargs;
  /** Headers of the caller's own, which lie flat beside Celery's. */
  readonly headers: Kwargs | undefined;
  readonly replyTo: string | undefined;
  readonly correlationId: string | undefined;
  /** Properties of the message as AMQP names them (`app_id`, `priority` …), without its headers. */
  readonly properties: Kwargs;
  readonly delivery: DeliveryInfo;
}
