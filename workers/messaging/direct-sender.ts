import type { ConfirmChannel } from 'amqplib';
import { type ErrorCode, PlatformError } from '../platform/errors.ts';
import { ConfirmSender, type Outgoing, type SendResult } from './confirm-sender.ts';
import type { BrokerConnection } from './connection.ts';
import type { Log } from './log.ts';
import { StandingChannel } from './standing-channel.ts';

const errorCodes = {
  returned: 'PUBLISH_UNROUTABLE',
  refused: 'PUBLISH_REFUSED',
  lost: 'BROKER_UNAVAILABLE',
} as const satisfies Partial<Record<SendResult, ErrorCode>>;

/**
 * Sends messages with pipelined confirms and keeps none: when the connection breaks, a message is lost to its
 * caller. That is what a consumer needs for what follows from a delivery: the broker delivers that again,
 * and a copy that was sent again too would be one too many.
 */
export class DirectSender {
  readonly #channel: StandingChannel<ConfirmChannel>;
  readonly #onReady = new Set<() => void>();
  #sender: ConfirmSender | undefined;

  constructor(options: {
    readonly connection: BrokerConnection;
    readonly log: Log;
    readonly repair: () => Promise<void>;
    readonly confirmTimeoutMs: number;
  }) {
    const { connection, confirmTimeoutMs: timeoutMs } = options;
    this.#channel = new StandingChannel<ConfirmChannel>({
      ...options,
      name: 'settlement',
      open: () => connection.openConfirmChannel(),
      setUp: (channel, fail) => {
        const isBlocked = () => connection.blocked;
        this.#sender = new ConfirmSender(channel, { timeoutMs, isBlocked, onStall: fail });
        for (const waiting of [...this.#onReady]) waiting();
      },
      onDown: () => {
        this.#sender?.abandon();
        this.#sender = undefined;
      },
    });
  }

  start(): void {
    this.#channel.start();
  }

  async stop(closeMs?: number): Promise<void> {
    await this.#channel.stop(closeMs);
  }

  /**
   * Resolves once the broker has confirmed the message; waits first while there is no channel.
   * @param signal ends the waiting for a channel
   * @throws PlatformError PUBLISH_UNROUTABLE, PUBLISH_REFUSED or BROKER_UNAVAILABLE
   */
  async send(message: Outgoing, signal: AbortSignal): Promise<void> {
    if (this.#sender === undefined) await this.#ready(signal);
    const sender = this.#sender;
    if (sender === undefined) throw new PlatformError('BROKER_UNAVAILABLE');
    const result = await new Promise<SendResult>((resolve) => sender.send(message, resolve));
    if (result !== 'confirmed') throw new PlatformError(errorCodes[result]);
  }

  async #ready(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        this.#onReady.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#onReady.add(done);
      signal.addEventListener('abort', done);
    });
  }
}
