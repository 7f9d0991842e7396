import { unlessAborted } from '../../messaging/pause.ts';
import { PlatformError } from '../../platform/errors.ts';
import { exceptionDocument, exceptionRepr, TaskError } from '../protocol/exception.ts';
import { stringifyTaskJson } from '../protocol/json.ts';
import type { Kwargs, TaskValue } from '../protocol/value.ts';
import { AsyncResult } from './async-result.ts';
import { signature } from './compose.ts';
import { openCeleryClient } from './open-client.ts';

/** A task that the broker has. */
export interface SentTask {
  readonly id: string;
  /**
   * Its result as JSON, once it has ended.
   * @throws PlatformError TASK_FAILED with what it raised, TASK_RESULT_TIMEOUT, STATE_UNAVAILABLE
   */
  result(timeoutMs: number): Promise<string>;
  /** Ends the connections. */
  close(): Promise<void>;
}

/** Says nothing, but remembers why the broker could not be used, for the error that follows from it. */
class Reasons {
  readonly #refused = new AbortController();
  last = '';

  /** Aborted when the broker wants no such user or virtual host, which no waiting will change. */
  get refused(): AbortSignal {
    return this.#refused.signal;
  }

  readonly log = {
    debug: () => {},
    info: () => {},
    warn: (fields: object) => this.#keep(fields),
    error: (fields: object) => this.#keep(fields),
  };

  #keep(fields: object): void {
    const error: unknown = Reflect.get(fields, 'err');
    if (!(error instanceof Error)) return;
    this.last = `: ${error.message}`;
    if (/ACCESS_REFUSED|NOT_ALLOWED/.test(error.message)) this.#refused.abort();
  }
}

/**
 * Sends one call, on connections of its own, and waits until the broker has it.
 * @throws PlatformError BROKER_UNAVAILABLE when that does not come within the time; TASK_UNSENDABLE, CONFIG_INVALID
 */
export async function callOnce(
  call: {
    readonly task: string;
    readonly queue: string;
    readonly args: readonly TaskValue[];
    readonly kwargs: Kwargs;
  },
  { amqpUrl, redisUrl }: { readonly amqpUrl: string; readonly redisUrl: string },
  timeoutMs: number,
): Promise<SentTask> {
  const reasons = new Reasons();
  const { client, close } = openCeleryClient({
    broker: { url: amqpUrl },
    results: { REDIS_URL: redisUrl },
    tasks: {},
    name: 'smarteats',
    log: reasons.log,
  });
  try {
    const { task, queue, args, kwargs } = call;
    const sending = client.send(signature(task, args, { kwargs, options: { queue } }));
    const inTime = AbortSignal.any([AbortSignal.timeout(timeoutMs), reasons.refused]);
    const sent = await unlessAborted(sending, inTime);
    if (!(sent instanceof AsyncResult)) {
      const { host } = new URL(amqpUrl);
      const what = reasons.refused.aborted ? 'refuses this login' : `took no task for ${timeoutMs / 1000} s`;
      throw new PlatformError('BROKER_UNAVAILABLE', `the broker at ${host} ${what}${reasons.last}`);
    }
    return { id: sent.id, result: (ms) => resultOf(task, sent, ms), close };
  } catch (error) {
    await close(0);
    throw error;
  }
}

async function resultOf(task: string, sent: AsyncResult, timeoutMs: number): Promise<string> {
  try {
    return stringifyTaskJson(await sent.get({ timeoutMs }));
  } catch (error) {
    if (!(error instanceof TaskError)) throw error;
    const text = `${task} raised ${exceptionRepr(exceptionDocument(error))}`;
    throw new PlatformError('TASK_FAILED', text, { cause: error });
  }
}
