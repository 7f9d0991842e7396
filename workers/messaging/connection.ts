import { Socket } from 'node:net';
import { type Channel, type ChannelModel, type ConfirmChannel, connect } from 'amqplib';
import { PlatformError } from '../platform/errors.ts';
import { type BrokerTarget, brokerTarget, type ConnectionOptions } from './connection-options.ts';
import type { Log } from './log.ts';
import { GrowingDelay, pause, settlesWithin } from './pause.ts';
import { watchForSilence } from './silence-watch.ts';

/** Reads the code that the broker gave for closing a channel or connection, e.g. 404. */
export function replyCode(error: unknown): number | undefined {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'number' ? code : undefined;
}

/** What happens to a connection in the course of time. */
export type ConnectionChange =
  | { readonly kind: 'ready' }
  | { readonly kind: 'lost'; readonly reason: string }
  | { readonly kind: 'blocked'; readonly reason: string }
  | { readonly kind: 'unblocked' };

/** One connection while it lives. */
interface Session {
  readonly model: ChannelModel;
  /** Resolves with the reason when the connection is gone. */
  readonly ended: Promise<Error>;
  /** Takes the socket away. */
  readonly destroy: (reason: Error) => void;
}

/**
 * A connection to RabbitMQ that is opened again whenever it is lost, from the very first attempt and for ever,
 * after growing, randomly shortened delays (0.1 s to 10 s).
 */
export class BrokerConnection {
  readonly #target: BrokerTarget;
  readonly #options: ConnectionOptions;
  readonly #name: string;
  readonly #log: Log;
  readonly #onChange: (change: ConnectionChange) => void;
  readonly #prepare: () => Promise<void>;
  readonly #closing = new AbortController();
  #attempt = new AbortController();
  readonly #delay = new GrowingDelay({ firstMs: 100, longestMs: 10_000 });
  #running: Promise<void> | undefined;
  #session: Session | undefined;
  #ready = false;
  #blocked = false;
  #steadySince: number | undefined;
  #onReady = new Set<() => void>();

  /**
   * @param options.name shown in the broker's list of connections
   * @param options.prepare runs on each new connection before anybody is told of it
   * @param options.onChange must not throw
   * @throws PlatformError CONFIG_INVALID for an address that cannot be read
   */
  constructor(options: {
    readonly connection: ConnectionOptions;
    readonly name: string;
    readonly log: Log;
    readonly prepare?: (connection: BrokerConnection) => Promise<void>;
    readonly onChange?: (change: ConnectionChange) => void;
  }) {
    this.#target = brokerTarget(options.connection);
    this.#options = options.connection;
    this.#name = options.name;
    this.#log = options.log;
    this.#onChange = options.onChange ?? (() => undefined);
    this.#prepare = async () => options.prepare?.(this);
  }

  /** Whether the connection is open and prepared. */
  get connected(): boolean {
    return this.#ready;
  }

  /** The version that the broker gave when the connection was opened, e.g. `4.3.6`; undefined while there is none. */
  get brokerVersion(): string | undefined {
    return this.#session?.model.connection.serverProperties.version;
  }

  /** Whether the broker said that it takes no messages for now. */
  get blocked(): boolean {
    return this.#blocked;
  }

  /** Since when the broker has been connected and not blocked (milliseconds since 1970); undefined while it is not. */
  get steadySince(): number | undefined {
    return this.#ready && !this.#blocked ? this.#steadySince : undefined;
  }

  /** Begins to connect; the connection is there once `ready` resolves. */
  start(): void {
    this.#running ??= this.#run();
  }

  /** Resolves when the connection is open and prepared, or the signal is aborted. */
  async ready(signal: AbortSignal): Promise<void> {
    if (this.#ready || signal.aborted) return;
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

  /** @throws PlatformError BROKER_UNAVAILABLE */
  async openChannel(): Promise<Channel> {
    return this.#open((model) => model.createChannel());
  }

  /** @throws PlatformError BROKER_UNAVAILABLE */
  async openConfirmChannel(): Promise<ConfirmChannel> {
    return this.#open((model) => model.createConfirmChannel());
  }

  /** Ends the connection for good; after the deadline without the broker's consent. */
  async close(deadlineMs: number): Promise<void> {
    this.#closing.abort();
    const session = this.#session;
    if (session === undefined) {
      this.#attempt.abort();
    } else {
      // Rejects when the connection breaks meanwhile; it is closed all the same.
      const consent = session.model.close().catch(() => undefined);
      await settlesWithin(Promise.race([consent, session.ended]), deadlineMs);
      session.destroy(new Error('closed without the consent of the broker'));
    }
    await this.#running;
  }

  async #open<C>(create: (model: ChannelModel) => Promise<C>): Promise<C> {
    const session = this.#session;
    if (session === undefined) throw new PlatformError('BROKER_UNAVAILABLE');
    try {
      return await create(session.model);
    } catch (cause) {
      throw new PlatformError('BROKER_UNAVAILABLE', 'no channel could be opened', { cause });
    }
  }

  async #run(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      try {
        const session = await this.#connect();
        const lost = await this.#serve(session);
        if (this.#closing.signal.aborted) return;
        this.#log.warn(
          { err: lost, broker: this.#target.display, connection: this.#name },
          'the connection to RabbitMQ was lost',
        );
      } catch (error) {
        if (this.#closing.signal.aborted) return;
        const attempt = this.#delay.attempts + 1;
        this.#log.warn(
          { err: error, attempt, broker: this.#target.display, connection: this.#name },
          'RabbitMQ cannot be reached',
        );
      }
      await pause(this.#delay.next(), this.#closing.signal);
    }
  }

  /** Prepares a new connection, announces it and waits for its end. */
  async #serve(session: Session): Promise<Error> {
    this.#session = session;
    try {
      await Promise.race([this.#prepare(), session.ended.then((error) => Promise.reject(error))]);
      this.#delay.reset();
      this.#becomeReady();
      return await session.ended;
    } finally {
      session.destroy(new Error('the connection is given up'));
      this.#session = undefined;
      const wasReady = this.#ready;
      this.#ready = false;
      this.#blocked = false;
      if (wasReady) this.#onChange({ kind: 'lost', reason: (await session.ended).message });
    }
  }

  #becomeReady(): void {
    this.#ready = true;
    this.#steadySince = Date.now();
    this.#log.info({ broker: this.#target.display, connection: this.#name }, 'connected to RabbitMQ');
    this.#onChange({ kind: 'ready' });
    for (const waiting of [...this.#onReady]) waiting();
  }

  async #connect(): Promise<Session> {
    const { connectTimeoutMs = 10_000, tls } = this.#options;
    this.#attempt = new AbortController();
    const model = await connect(this.#target.connect, {
      ...tls,
      noDelay: true,
      timeout: connectTimeoutMs,
      // net.connect passes it to the socket, so that closing need not wait for an attempt that hangs.
      ...{ signal: this.#attempt.signal },
      clientProperties: { connection_name: this.#name },
    });
    const socket = socketOf(model);
    let reason = new Error('the connection was closed');
    model.on('error', (error) => {
      reason = error;
    });
    model.on('blocked', (why) => this.#block(why));
    model.on('unblocked', () => this.#unblock());
    const ended = new Promise<Error>((resolve) => {
      model.on('close', (error) => resolve(error ?? reason));
    });
    const heartbeatMs = Number(this.#target.connect.heartbeat) * 1000;
    const unwatch = watchForSilence(socket, heartbeatMs, () => {
      socket.destroy(new Error(`nothing arrived for two heartbeats of ${heartbeatMs} ms`));
    });
    // Without an error amqplib would not notice, and never tell the end of the connection.
    const destroy = (why: Error) => {
      unwatch();
      socket.destroy(why);
    };
    return { model, ended, destroy };
  }

  #block(reason: string): void {
    this.#blocked = true;
    this.#log.warn({ reason }, 'RabbitMQ takes no messages for now');
    this.#onChange({ kind: 'blocked', reason });
  }

  #unblock(): void {
    this.#blocked = false;
    this.#steadySince = Date.now();
    this.#log.info({}, 'RabbitMQ takes messages again');
    this.#onChange({ kind: 'unblocked' });
  }
}

/**
 * The socket under a connection. amqplib has no public way to it, but it alone tells when the broker was last
 * heard, and destroying it is the only way not to leave a half-open socket behind.
 */
function socketOf(model: ChannelModel): Socket {
  const stream: unknown = Reflect.get(model.connection, 'stream');
  if (!(stream instanceof Socket)) throw new Error('amqplib keeps its socket elsewhere than it used to');
  return stream;
}
