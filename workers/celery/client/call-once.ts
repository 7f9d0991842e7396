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

/** What is wrong is said by the error that follows from it. */
const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

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
  const { client, close } = openCeleryClient({
    broker: { url: amqpUrl },
    results: { REDIS_URL: redisUrl },
    tasks: {},
    name: 'smarteats',
    log: quiet,
  });
  try {
    const { task, queue, args, kwargs } = call;
    const sending = client.send(signature(task, args, { kwargs, options: { queue } }));
    const sent = await unlessAborted(sending, AbortSignal.timeout(timeoutMs));
    if (!(sent instanceof AsyncResult)) {
      const { host } = new URL(amqpUrl);
      throw new PlatformError(
        'BROKER_UNAVAILABLE',
        `the broker at ${host} took no task for ${timeoutMs / 1000} s`,
      );
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
