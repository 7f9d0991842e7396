import type { MessageLedger } from '../../workers/messaging/ledger.ts';
import { PlatformError } from '../../workers/platform/errors.ts';

/** The accounts of one queue: `published = done + dead + open`. */
export interface Accounts {
  readonly published: number;
  readonly done: number;
  readonly dead: number;
  readonly open: number;
}

/** A ledger in memory that can be taken away for a while. It counts nothing twice by construction. */
export class MemoryLedger implements MessageLedger {
  readonly #states = new Map<string, Map<string, 'open' | 'done' | 'dead'>>();
  /** While false every method fails as the real ledger does without Redis. */
  available = true;
  /** Calls so far. */
  calls = 0;

  async published(queue: string, messageId: string): Promise<void> {
    this.#enter(queue, messageId);
  }

  async received(queue: string, messageId: string): Promise<'open' | 'settled'> {
    const states = this.#enter(queue, messageId);
    return states.get(messageId) === 'open' ? 'open' : 'settled';
  }

  async settled(queue: string, messageId: string, as: 'done' | 'dead'): Promise<void> {
    const states = this.#enter(queue, messageId);
    if (states.get(messageId) === 'open') states.set(messageId, as);
  }

  async reopened(queue: string, messageId: string): Promise<void> {
    const states = this.#statesOf(queue);
    if (states.get(messageId) === 'dead') states.set(messageId, 'open');
  }

  stateOf(queue: string, messageId: string): 'open' | 'done' | 'dead' | undefined {
    return this.#states.get(queue)?.get(messageId);
  }

  accounts(queue: string): Accounts {
    const states = [...(this.#states.get(queue)?.values() ?? [])];
    const count = (wanted: string) => states.filter((state) => state === wanted).length;
    return { published: states.length, done: count('done'), dead: count('dead'), open: count('open') };
  }

  #enter(queue: string, messageId: string): Map<string, 'open' | 'done' | 'dead'> {
    const states = this.#statesOf(queue);
    if (!states.has(messageId)) states.set(messageId, 'open');
    return states;
  }

  #statesOf(queue: string): Map<string, 'open' | 'done' | 'dead'> {
    this.calls += 1;
    if (!this.available) throw new PlatformError('STATE_UNAVAILABLE');
    const states = this.#states.get(queue) ?? new Map();
    this.#states.set(queue, states);
    return states;
  }
}
