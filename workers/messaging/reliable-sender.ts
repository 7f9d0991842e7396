import type { ConfirmChannel } from 'amqplib';
import { PlatformError } from '../platform/errors.ts';
import { ConfirmSender, type Outgoing, type SendResult } from './confirm-sender.ts';
import { type BrokerConnection, replyCode } from './connection.ts';
import type { MessagingEmitter } from './events.ts';
import type { Log } from './log.ts';
import { settlesWithin } from './pause.ts';
import { type BufferLimits, SendBuffer } from './send-buffer.ts';
import { StandingChannel } from './standing-channel.ts';

/** A message that the channel died of this often, while it was the only one on it, is not sent again. */
const fatalStrikes = 3;

/** A message that is held until its fate is known. */
interface Entry {
  readonly message: Outgoing;
  readonly bytes: number;
  readonly resolve: (result: Exclude<SendResult, 'lost'>) => void;
  readonly reject: (error: PlatformError) => void;
  /** Channels that died while it was the only message on them. */
  strikes: number;
  sent: boolean;
  /** Nobody waits for it any more. */
  abandoned: boolean;
}

/**
 * Sends messages with pipelined confirms and holds each until it is confirmed: what was not confirmed when a channel
 * ends is sent again, in order, on the next one.
 *
 * When the broker closes the channel for a fault of a message (it does not say which), or confirms nothing any more,
 * the messages that were under way are suspects and are sent one at a time, until the one at fault is found and
 * refused.
 */
export class ReliableSender {
  readonly #connection: BrokerConnection;
  readonly #events: MessagingEmitter;
  readonly #buffer: SendBuffer;
  readonly #channel: StandingChannel<ConfirmChannel>;
  readonly #unconfirmed = new Set<Entry>();
  readonly #suspects = new Set<Entry>();
  readonly #onIdle = new Set<() => void>();
  #unsent = new Set<Entry>();
  #sender: ConfirmSender | undefined;
  #open = false;

  constructor(options: {
    readonly connection: BrokerConnection;
    readonly log: Log;
    readonly events: MessagingEmitter;
    readonly limits: BufferLimits;
    readonly repair: () => Promise<void>;
    readonly confirmTimeoutMs: number;
  }) {
    const { connection, log, repair, confirmTimeoutMs: timeoutMs } = options;
    const isBlocked = () => connection.blocked;
    this.#connection = connection;
    this.#events = options.events;
    this.#buffer = new SendBuffer(options.limits);
    this.#channel = new StandingChannel<ConfirmChannel>({
      name: 'publisher',
      connection,
      log,
      repair,
      open: () => connection.openConfirmChannel(),
      setUp: (channel, fail) =>
        this.#useChannel(new ConfirmSender(channel, { timeoutMs, isBlocked, onStall: fail })),
      onDown: (reason) => this.#channelIsGone(reason),
    });
    options.events.on('unblocked', () => this.#pump());
  }

  /** Messages held, and callers that wait for a place among them. */
  get load(): { readonly unconfirmed: number; readonly waiting: number } {
    return { unconfirmed: this.#buffer.messages, waiting: this.#buffer.waiting };
  }

  start(): void {
    this.#open = true;
    this.#channel.start();
  }

  /**
   * Resolves with the message's fate once the broker tells it.
   * @throws PlatformError PUBLISHER_CLOSED, PUBLISH_BUFFER_FULL, PUBLISH_ABORTED; PUBLISH_REFUSED for a message
   *   that the channel breaks of
   */
  async send(message: Outgoing, signal?: AbortSignal): Promise<Exclude<SendResult, 'lost'>> {
    if (!this.#open) throw new PlatformError('PUBLISHER_CLOSED');
    if (signal?.aborted) throw new PlatformError('PUBLISH_ABORTED');
    let onAbort: (() => void) | undefined;
    try {
      return await new Promise((resolve, reject) => {
        const bytes = message.content.length;
        const entry = { message, bytes, resolve, reject, strikes: 0, sent: false, abandoned: false };
        const leaveLine = this.#buffer.admit({ bytes, refuse: reject, enter: () => this.#enter(entry) });
        onAbort = () => {
          leaveLine();
          this.#abandon(entry);
        };
        signal?.addEventListener('abort', onAbort);
      });
    } finally {
      if (onAbort !== undefined) signal?.removeEventListener('abort', onAbort);
      this.#tellIfIdle();
    }
  }

  /** Resolves when nothing is held and nobody waits. */
  async flush(): Promise<void> {
    if (this.#isIdle) return;
    await new Promise<void>((resolve) => this.#onIdle.add(resolve));
  }

  /**
   * Takes no more messages, waits for those held until the deadline, and rejects the rest.
   * @param brokerMs how long to wait for each answer of the broker
   */
  async close(deadlineMs: number, brokerMs: number): Promise<void> {
    this.#open = false;
    await settlesWithin(this.flush(), deadlineMs);
    this.#buffer.close();
    for (const entry of [...this.#unconfirmed, ...this.#unsent]) {
      entry.reject(new PlatformError('PUBLISHER_CLOSED', 'closed before the broker confirmed the message'));
    }
    await this.#channel.stop(brokerMs);
  }

  get #isIdle(): boolean {
    return this.#buffer.messages === 0 && this.#buffer.waiting === 0;
  }

  #enter(entry: Entry): void {
    this.#unsent.add(entry);
    this.#pump();
  }

  #useChannel(sender: ConfirmSender): void {
    this.#sender = sender;
    const again = [...this.#unsent].filter(({ sent }) => sent).length;
    if (again > 0) this.#events.emit('resent', { count: again });
    this.#pump();
  }

  /** Sends what may be sent now. */
  #pump(): void {
    const sender = this.#sender;
    if (sender === undefined || this.#connection.blocked) return;
    for (const entry of this.#unsent) {
      if (this.#suspects.size > 0 && this.#unconfirmed.size > 0) return;
      this.#unsent.delete(entry);
      this.#transmit(sender, entry);
    }
  }

  #transmit(sender: ConfirmSender, entry: Entry): void {
    entry.sent = true;
    this.#unconfirmed.add(entry);
    try {
      sender.send(entry.message, (result) => this.#fateOf(entry, result));
    } catch (cause) {
      const reason = 'the message cannot be encoded';
      this.#forget(entry);
      entry.reject(new PlatformError('PUBLISH_REFUSED', reason, { cause }));
    }
  }

  #fateOf(entry: Entry, result: SendResult): void {
    // The end of the channel decides about lost ones, all at once and in order.
    if (result === 'lost') return;
    this.#forget(entry);
    entry.resolve(result);
    if (this.#unsent.size > 0) this.#pump();
  }

  #channelIsGone(reason: Error): void {
    this.#sender?.abandon();
    this.#sender = undefined;
    const pending = [...this.#unconfirmed].filter((entry) => !this.#dropIfAbandoned(entry));
    // Only an error of this channel has a code; it has none when the connection broke.
    const isFault = replyCode(reason) !== undefined || reason instanceof PlatformError;
    if (isFault) this.#suspect(pending, reason);
    this.#unsent = new Set([...pending.filter((entry) => this.#unconfirmed.has(entry)), ...this.#unsent]);
    this.#unconfirmed.clear();
  }

  #suspect(pending: readonly Entry[], reason: Error): void {
    for (const entry of pending) this.#suspects.add(entry);
    const [only] = pending;
    if (only === undefined || pending.length > 1) return;
    only.strikes += 1;
    if (only.strikes < fatalStrikes) return;
    this.#forget(only);
    only.reject(new PlatformError('PUBLISH_REFUSED', reason.message, { cause: reason }));
  }

  #abandon(entry: Entry): void {
    entry.abandoned = true;
    entry.reject(new PlatformError('PUBLISH_ABORTED'));
    if (this.#unsent.has(entry)) this.#forget(entry);
  }

  #dropIfAbandoned(entry: Entry): boolean {
    if (entry.abandoned) this.#forget(entry);
    return entry.abandoned;
  }

  #forget(entry: Entry): void {
    if (!this.#unsent.delete(entry) && !this.#unconfirmed.delete(entry)) return;
    this.#suspects.delete(entry);
    this.#buffer.leave(entry.bytes);
    this.#tellIfIdle();
  }

  #tellIfIdle(): void {
    if (!this.#isIdle) return;
    for (const resolve of this.#onIdle) resolve();
    this.#onIdle.clear();
  }
}
