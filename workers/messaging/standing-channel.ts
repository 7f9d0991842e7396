import type { Channel } from 'amqplib';
import { type BrokerConnection, replyCode } from './connection.ts';
import type { Log } from './log.ts';
import { GrowingDelay, pause, settlesWithin, unlessAborted } from './pause.ts';

/** A channel that lived this long, in milliseconds, is opened again without much delay. */
const stableMs = 5_000;

/** How long to wait for the broker's consent to closing a channel unless told otherwise, in milliseconds. */
const usualCloseMs = 2_000;

export interface StandingChannelOptions<C extends Channel> {
  /** What the channel is for, for the log. */
  readonly name: string;
  readonly connection: BrokerConnection;
  readonly log: Log;
  readonly open: () => Promise<C>;
  /**
   * Prepares each new channel.
   * @param fail gives the channel up, for reasons that the channel itself does not notice
   */
  readonly setUp: (channel: C, fail: (reason: Error) => void) => Promise<void> | void;
  /** Called once for each channel that was opened, when it is gone. */
  readonly onDown: (reason: Error) => void;
  /** Called before the next channel when something was missing on the broker (NOT_FOUND); never fails. */
  readonly repair: () => Promise<void>;
}

/**
 * A channel that is opened again whenever it is gone, whatever the reason: with the connection, closed by the broker
 * for an error, or given up. Delays between two channels grow while they live shortly.
 */
export class StandingChannel<C extends Channel> {
  readonly #options: StandingChannelOptions<C>;
  readonly #stopping = new AbortController();
  readonly #delay = new GrowingDelay({ firstMs: 50, longestMs: 5_000 });
  #running: Promise<void> | undefined;
  #closeMs = usualCloseMs;
  #fail: ((reason: Error) => void) | undefined;

  constructor(options: StandingChannelOptions<C>) {
    this.#options = options;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Closes the channel and opens no other. @param closeMs how long to wait for the broker's consent */
  async stop(closeMs = usualCloseMs): Promise<void> {
    this.#closeMs = closeMs;
    this.#stopping.abort();
    this.#fail?.(new Error('stopped'));
    await this.#running;
  }

  async #run(): Promise<void> {
    const { connection, name, log, repair } = this.#options;
    const { signal } = this.#stopping;
    for (;;) {
      await connection.ready(signal);
      if (signal.aborted) return;
      const since = Date.now();
      const reason = await this.#live();
      if (signal.aborted) return;
      // Gives a lost connection the time to be noticed, so that it is not taken for a fault of the channel.
      await pause(0, signal);
      if (!connection.connected) continue;
      log.warn({ err: reason, channel: name }, 'a channel is gone and is opened again');
      if (replyCode(reason) === 404) await unlessAborted(repair(), signal);
      if (Date.now() - since > stableMs) this.#delay.reset();
      await pause(this.#delay.next(), signal);
    }
  }

  /** Opens one channel and waits for its end. */
  async #live(): Promise<Error> {
    let channel: C | undefined;
    const opening = this.#options.open();
    try {
      // On a half-open connection it takes until the heartbeats fail.
      channel = await unlessAborted(opening, this.#stopping.signal);
    } catch (error) {
      return asError(error);
    }
    if (channel === undefined) {
      opening.then(closeChannel, () => undefined);
      return new Error('stopped');
    }
    return this.#use(channel);
  }

  async #use(channel: C): Promise<Error> {
    const ended = new Promise<Error>((resolve) => {
      this.#fail = resolve;
      channel.on('error', resolve);
      channel.on('close', () => resolve(new Error('the channel was closed')));
    });
    try {
      if (!this.#stopping.signal.aborted) {
        await Promise.race([this.#options.setUp(channel, (reason) => this.#fail?.(reason)), ended]);
      }
      if (this.#stopping.signal.aborted) this.#fail?.(new Error('stopped'));
    } catch (error) {
      this.#fail?.(asError(error));
    }
    const reason = await ended;
    this.#options.onDown(reason);
    await closeChannel(channel, this.#closeMs);
    return reason;
  }
}

/** Closes a channel if it is still open; never fails, and does not wait for a broker that is silent. */
export async function closeChannel(channel: Channel, closeMs = usualCloseMs): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    channel.on('close', resolve);
  });
  // Rejects when the channel is closed already, and never settles when the connection breaks meanwhile.
  const consent = channel.close().catch(() => undefined);
  await settlesWithin(Promise.race([consent, closed]), closeMs);
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
