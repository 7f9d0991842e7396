import { BrokerConnection, type ConnectionChange } from './connection.ts';
import type { ConnectionOptions } from './connection-options.ts';
import type { MessagingEmitter } from './events.ts';
import type { Log } from './log.ts';

/**
 * The two connections of a process: one that publishes and one that consumes, opened only where something is
 * consumed. When the broker's memory or disk runs low it stops reading from connections that publish
 * (RabbitMQ documentation, "Memory and Disk Alarms"); acknowledgements on the same connection would be stuck
 * behind that, and the queues would not be emptied just when they should.
 */
export class Connections {
  readonly publishing: BrokerConnection;
  readonly consuming: BrokerConnection;
  readonly #events: MessagingEmitter;
  #consumes = false;
  #started = false;
  #connected = false;
  #wasConnected = false;

  /** @param options.prepare runs on each new publishing connection before anybody uses it */
  constructor(options: {
    readonly connection: ConnectionOptions;
    readonly service: string;
    readonly log: Log;
    readonly events: MessagingEmitter;
    readonly prepare: (connection: BrokerConnection) => Promise<void>;
  }) {
    const { connection, service, log, prepare } = options;
    const onChange = (change: ConnectionChange) => this.#tell(change);
    this.#events = options.events;
    this.publishing = new BrokerConnection({
      connection,
      name: `${service}.publisher`,
      log,
      prepare,
      onChange,
    });
    this.consuming = new BrokerConnection({ connection, name: `${service}.consumer`, log, onChange });
  }

  /** Whether all connections in use are open. */
  get connected(): boolean {
    return this.#inUse.every(({ connected }) => connected);
  }

  /** Since when all have been open and none blocked (milliseconds since 1970); undefined while that is not so. */
  get steadySince(): number | undefined {
    const since = this.#inUse.map(({ steadySince }) => steadySince ?? Number.POSITIVE_INFINITY);
    const latest = Math.max(...since);
    return Number.isFinite(latest) ? latest : undefined;
  }

  start(): void {
    this.#started = true;
    for (const connection of this.#inUse) connection.start();
  }

  /** Has the consuming connection opened, now or at the start. */
  useConsuming(): void {
    this.#consumes = true;
    if (this.#started) this.consuming.start();
  }

  async close(deadlineMs: number): Promise<void> {
    await Promise.all([this.publishing.close(deadlineMs), this.consuming.close(deadlineMs)]);
  }

  get #inUse(): readonly BrokerConnection[] {
    return this.#consumes ? [this.publishing, this.consuming] : [this.publishing];
  }

  #tell(change: ConnectionChange): void {
    switch (change.kind) {
      case 'ready':
        if (this.#connected || !this.connected) return;
        this.#connected = true;
        this.#events.emit('connected', { reconnect: this.#wasConnected });
        this.#wasConnected = true;
        return;
      case 'lost':
        if (!this.#connected) return;
        this.#connected = false;
        this.#events.emit('lost', { reason: change.reason });
        return;
      case 'blocked':
        this.#events.emit('blocked', { reason: change.reason });
        return;
      case 'unblocked':
        this.#events.emit('unblocked', {});
    }
  }
}
