import { redisKey, redisKeys } from '../platform/redis-keys.ts';
import type { RedisConnection } from './redis-connection.ts';
import { enterMessages } from './scripts/enter-messages.ts';
import { recordCorrupt } from './stored.ts';

/** How many messages of a queue reached each end; what is in flight is the rest of `published`. */
export interface QueueAccounts {
  readonly published: number;
  readonly done: number;
  /** Messages that rest in the dead-letter queue now. */
  readonly dead: number;
  /** Dead letters that an operator threw away. */
  readonly dropped: number;
}

type Event = 'published' | 'received' | 'done' | 'dead' | 'reopened' | 'dropped';

interface Entry {
  readonly event: Event;
  readonly queue: string;
  readonly messageId: string;
  readonly resolve: (state: 'open' | 'settled') => void;
  readonly reject: (error: unknown) => void;
}

/** Entries in one run of the script: it blocks the server for well under a millisecond. */
const entriesPerScript = 200;

/**
 * The ledger of messages in Redis. Every method is idempotent for a message of a queue, and throws
 * PlatformError STATE_UNAVAILABLE while Redis is away or RECORD_CORRUPT for a message whose key was tampered with.
 * The entries of one turn of the event loop travel together in one script, which costs a fraction of a script for each.
 */
export class RedisMessageLedger {
  readonly #connection: RedisConnection;
  #waiting: Entry[] = [];

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  /** The broker confirmed the message. Counts it as published unless that was counted already. */
  async published(queue: string, messageId: string): Promise<void> {
    await this.#enter('published', queue, messageId);
  }

  /**
   * A consumer received the message; one the ledger does not know is counted as published first.
   * @returns `settled` when the message is done, dead or dropped already, else `open`
   */
  received(queue: string, messageId: string): Promise<'open' | 'settled'> {
    return this.#enter('received', queue, messageId);
  }

  /** The message is done, or rests in its dead-letter queue. What it was settled as first, it stays. */
  async settled(queue: string, messageId: string, as: 'done' | 'dead'): Promise<void> {
    await this.#enter(as, queue, messageId);
  }

  /** A dead letter goes back to its work queue: a dead message is open again, any other stays as it is. */
  async reopened(queue: string, messageId: string): Promise<void> {
    await this.#enter('reopened', queue, messageId);
  }

  /**
   * An operator threw a dead letter away. A message that is open counts too: the broker itself may have
   * dead-lettered it. One that is done, dropped or unknown stays as it is.
   */
  async dropped(queue: string, messageId: string): Promise<void> {
    await this.#enter('dropped', queue, messageId);
  }

  /** The accounts of every queue that ever had a message, by the queue's name. */
  async accounts(): Promise<Readonly<Record<string, QueueAccounts>>> {
    const key = redisKey('messageAccounts', {});
    const counts = await this.#connection.run((redis) => redis.hgetall(key));
    const accounts = new Map<string, QueueAccounts>();
    for (const [field, text] of Object.entries(counts)) {
      const [account = '', ...queue] = field.split(':');
      const count = Number(text);
      if (!(account in noMessages && Number.isSafeInteger(count))) {
        throw recordCorrupt(key, `${field} is ${text}`);
      }
      const name = queue.join(':');
      accounts.set(name, { ...(accounts.get(name) ?? noMessages), [account]: count });
    }
    return Object.fromEntries(accounts);
  }

  #enter(event: Event, queue: string, messageId: string): Promise<'open' | 'settled'> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.#flush());
      this.#waiting.push({ event, queue, messageId, resolve, reject });
    });
  }

  #flush(): void {
    const entries = this.#waiting;
    this.#waiting = [];
    for (let i = 0; i < entries.length; i += entriesPerScript) {
      void this.#send(entries.slice(i, i + entriesPerScript));
    }
  }

  /** Settles every entry it is given; it never rejects itself. */
  async #send(entries: readonly Entry[]): Promise<void> {
    const keys = entries.map(({ messageId }) => redisKey('message', { messageId }));
    try {
      const states = await this.#connection.script(
        enterMessages,
        [redisKey('messageAccounts', {}), ...keys],
        [redisKeys.message.ttlSeconds, ...entries.flatMap(({ event, queue }) => [event, queue])],
      );
      for (const [index, { resolve, reject }] of entries.entries()) {
        const state = states[index] ?? 'corrupt';
        if (state === 'corrupt')
          reject(recordCorrupt(keys[index] ?? '', 'it does not hold the states of a message'));
        else resolve(state);
      }
    } catch (error) {
      for (const { reject } of entries) reject(error);
    }
  }
}

const noMessages: QueueAccounts = { published: 0, done: 0, dead: 0, dropped: 0 };
