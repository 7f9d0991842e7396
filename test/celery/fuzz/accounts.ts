import type { Redis } from 'ioredis';
import type { Bench } from '../worker/test-worker.ts';
import type { FuzzMessage } from './task-messages.ts';

/** What became of messages, as far as it is known. */
export class Accounts {
  /** Names of those in the dead letters. */
  readonly dead = new Set<string>();
  /** Ids of tasks that wait at the broker for their time. */
  readonly delayed = new Set<string>();
  /** Ids of tasks that have a final result. */
  readonly stored = new Set<string>();
  /** Ids of tasks that ended, with a result or without one. */
  readonly ended: ReadonlySet<string>;
  readonly #bench: Bench;
  readonly #redis: Redis;
  #open: readonly FuzzMessage[];

  constructor(options: {
    readonly bench: Bench;
    readonly redis: Redis;
    readonly messages: readonly FuzzMessage[];
    readonly ended: ReadonlySet<string>;
  }) {
    this.#bench = options.bench;
    this.#redis = options.redis;
    this.#open = options.messages;
    this.ended = options.ended;
  }

  /** Has the dead letters told from now on. */
  async watch(): Promise<void> {
    await this.#bench.channel.consume(
      'celery.dead',
      (message) => this.dead.add(String(message?.properties.messageId)),
      { noAck: true },
    );
  }

  /** Looks again. @returns why the messages that are not accounted for are not */
  async gaps(): Promise<readonly string[]> {
    for (let level = 0; level < 28; level += 1) {
      for (const { properties } of await this.#drain(`celery_delayed_${level}`))
        this.delayed.add(String(properties.headers?.['id'] ?? properties.correlationId));
    }
    await this.#readResults();
    this.#open = this.#open.filter((message) => this.#gapOf(message) !== undefined);
    return this.#open.flatMap((message) => this.#gapOf(message) ?? []);
  }

  #gapOf({ name, id, isIdInHeaders }: FuzzMessage): string | undefined {
    const hasEnded = id !== undefined && (this.stored.has(id) || this.ended.has(id));
    if (this.dead.has(name))
      return hasEnded || !isIdInHeaders ? undefined : `${name} is dead, and its caller does not hear of it`;
    return hasEnded || (id !== undefined && this.delayed.has(id)) ? undefined : `${name} is missing`;
  }

  async #readResults(): Promise<void> {
    const ids = this.#open.flatMap(({ id }) => id ?? []);
    if (ids.length === 0) return;
    const texts = await this.#redis.mget(ids.map((id) => `celery-task-meta-${id}`));
    for (const [index, id] of ids.entries())
      if (/^{"status": ?"(SUCCESS|FAILURE|REVOKED)"/.test(texts[index] ?? '')) this.stored.add(id);
  }

  async #drain(queue: string) {
    const { channel } = this.#bench;
    const messages = [];
    for (;;) {
      const message = await channel.get(queue);
      if (message === false) return messages;
      channel.ack(message);
      messages.push(message);
    }
  }
}
