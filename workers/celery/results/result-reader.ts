import { PlatformError } from '../../platform/errors.ts';
import type { StateLog } from '../../state/redis-connection.ts';
import type { RedisAddress } from '../../state/redis-options.ts';
import { RedisSubscriber } from '../../state/redis-subscriber.ts';
import type { RedisResultBackend } from './redis-result-backend.ts';
import type { ResultDocument } from './result-backend.ts';
import { decodeResult, isReady } from './result-document.ts';

/** What a caller that waits is told of its task. */
type Listener = (document: ResultDocument) => void;

/** Waits for results without asking for them again and again: Celery's workers announce each on its own channel. */
export class ResultReader {
  readonly #backend: RedisResultBackend;
  readonly #subscriber: RedisSubscriber;
  readonly #waiting = new Map<string, { readonly id: string; readonly listeners: Set<Listener> }>();

  constructor(backend: RedisResultBackend, address: RedisAddress, log: StateLog) {
    this.#backend = backend;
    this.#subscriber = new RedisSubscriber(address, log, {
      onMessage: (channel, text) => this.#hear(channel, text),
      onResubscribed: async (channels) => {
        await Promise.all(channels.map((channel) => this.#look(channel)));
      },
    });
  }

  /**
   * Resolves with the result of a task that has ended, now or within the time.
   * @throws PlatformError TASK_RESULT_TIMEOUT; STATE_UNAVAILABLE while Redis is away at the beginning
   */
  async wait(
    id: string,
    { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal?: AbortSignal },
  ): Promise<ResultDocument> {
    const channel = this.#backend.keyOf(id);
    const over = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])]);
    const waiting = this.#waiting.get(channel) ?? { id, listeners: new Set<Listener>() };
    this.#waiting.set(channel, waiting);
    let listener: Listener = () => undefined;
    try {
      const ended = new Promise<ResultDocument>((resolve, reject) => {
        listener = (document) => isReady(document.status) && resolve(document);
        over.addEventListener('abort', () => {
          const text = `task ${id} has no result after ${timeoutMs} ms`;
          reject(signal?.aborted ? signal.reason : new PlatformError('TASK_RESULT_TIMEOUT', text));
        });
      });
      // It may be over before the subscription stands; who waits hears of it below.
      ended.catch(() => undefined);
      waiting.listeners.add(listener);
      // First subscribed, then read: a result that comes in between is announced.
      await this.#subscriber.subscribe(channel);
      await this.#look(channel);
      return await ended;
    } finally {
      waiting.listeners.delete(listener);
      if (waiting.listeners.size === 0 && this.#waiting.delete(channel)) {
        await this.#subscriber.unsubscribe(channel);
      }
    }
  }

  /** Ends every subscription. */
  async close(): Promise<void> {
    await this.#subscriber.close();
  }

  async #look(channel: string): Promise<void> {
    const waiting = this.#waiting.get(channel);
    const document = waiting && (await this.#backend.read(waiting.id));
    if (document) for (const listener of [...waiting.listeners]) listener(document);
  }

  #hear(channel: string, text: string): void {
    const waiting = this.#waiting.get(channel);
    const document = waiting && decodeResult(waiting.id, text);
    if (document) for (const listener of [...waiting.listeners]) listener(document);
  }
}
