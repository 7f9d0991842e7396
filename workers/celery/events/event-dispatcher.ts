import { loadavg, type as systemName } from 'node:os';
import type { BrokerConnection } from '../../messaging/connection.ts';
import type { Log } from '../../messaging/log.ts';
import type { Kwargs, TaskValue } from '../protocol/value.ts';
import { EventBuffer } from './event-buffer.ts';
import { EventChannel } from './event-channel.ts';
import type { EventSink, TaskEventType } from './event-sink.ts';
import type { LamportClock } from './lamport-clock.ts';

/** Monitors take a worker for gone after twice this time, in seconds (celery/events/state.py). */
const heartbeatSeconds = 2;

/** Events about tasks in one message, as Celery's workers send them (`buffer_limit`). */
const batchSize = 24;

/** Events about tasks that are kept while the broker takes none. */
const mostWaiting = 5_000;

/** What monitors are told of the software. */
const software = { sw_ident: 'smarteats-node', sw_ver: process.versions.node, sw_sys: systemName() } as const;

export interface EventDispatcherOptions {
  readonly nodeName: string;
  readonly connection: BrokerConnection;
  readonly clock: LamportClock;
  readonly log: Log;
  /** Whether events about tasks are sent from the start. */
  readonly taskEvents: boolean;
  /** Tasks that run now, and runs since the start. */
  readonly figures: () => { readonly active: number; readonly processed: number };
}

/**
 * Tells Celery's monitors what happens in a worker. Heartbeats and the worker's coming and going are always told, events
 * about tasks when they are switched on. The work never waits for it: while the broker takes no events a limited number of
 * them is kept, and the log says how many were lost. A heartbeat that cannot be sent is not kept: it would tell of a moment
 * that is over.
 *
 * Events carry no `utcoffset`. Their time is in seconds since 1970, yet receivers shift it by the difference between
 * that offset and their own (celery/events/receiver.py), which is wrong wherever the two are not in the same zone.
 */
export class EventDispatcher implements EventSink {
  readonly #options: EventDispatcherOptions;
  readonly #channel: EventChannel;
  readonly #buffer = new EventBuffer(mostWaiting);
  #taskEvents: boolean;
  #flushing: NodeJS.Immediate | undefined;
  #heart: NodeJS.Timeout | undefined;

  constructor(options: EventDispatcherOptions) {
    const { nodeName, connection, log } = options;
    this.#options = options;
    this.#taskEvents = options.taskEvents;
    this.#channel = new EventChannel({
      nodeName,
      connection,
      log,
      onWritable: (isNew) => {
        if (isNew) this.#tellOfWorker('worker-online');
        this.#flush();
      },
    });
  }

  /** Whether events about tasks are sent. */
  get taskEvents(): boolean {
    return this.#taskEvents;
  }

  set taskEvents(enabled: boolean) {
    this.#taskEvents = enabled;
  }

  task(type: TaskEventType, fields: { readonly uuid: string; readonly [field: string]: TaskValue }): void {
    if (!this.#taskEvents) return;
    this.#buffer.push(this.#event(type, fields));
    this.#flushing ??= setImmediate(() => this.#flush());
  }

  start(): void {
    this.#channel.start();
    this.#heart = setInterval(() => {
      this.heartbeat();
      this.#flush();
    }, heartbeatSeconds * 1000);
  }

  /** Tells at once that the worker lives, and what waited, once a broker that took no messages takes them again. */
  resume(): void {
    this.heartbeat();
    this.#flush();
  }

  /** Says that the worker lives. */
  heartbeat(): void {
    if (this.#channel.writable) this.#tellOfWorker('worker-heartbeat');
  }

  /** Sends what waits and says that the worker is gone. @param brokerMs how long to wait for the broker */
  async stop(brokerMs: number): Promise<void> {
    clearInterval(this.#heart);
    this.#flush();
    this.#tellOfWorker('worker-offline');
    await this.#channel.stop(brokerMs);
    clearImmediate(this.#flushing);
  }

  #tellOfWorker(type: 'worker-online' | 'worker-heartbeat' | 'worker-offline'): void {
    const { active, processed } = this.#options.figures();
    const event = this.#event(type, {
      freq: heartbeatSeconds,
      active,
      processed,
      loadavg: loadavg().map((load) => Math.round(load * 100) / 100),
      ...software,
    });
    this.#channel.send(type.replace('-', '.'), event);
  }

  #event(type: string, fields: Kwargs): Kwargs {
    const { nodeName, clock } = this.#options;
    return {
      ...fields,
      type,
      hostname: nodeName,
      pid: process.pid,
      clock: clock.forward(),
      timestamp: Date.now() / 1000,
    };
  }

  #flush(): void {
    this.#flushing = undefined;
    while (this.#channel.writable && !this.#buffer.isEmpty) {
      const batch = this.#buffer.oldest(batchSize);
      if (this.#channel.send('task.multi', batch)) this.#buffer.remove(batch.length);
    }
    const dropped = this.#buffer.isEmpty ? this.#buffer.takeDropped() : 0;
    if (dropped > 0) {
      this.#options.log.warn({ dropped }, 'events about tasks were lost while the broker took none');
    }
  }
}
