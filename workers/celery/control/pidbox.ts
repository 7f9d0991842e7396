import type { Channel, ConsumeMessage } from 'amqplib';
import { type BrokerConnection, replyCode } from '../../messaging/connection.ts';
import type { Log } from '../../messaging/log.ts';
import { StandingChannel } from '../../messaging/standing-channel.ts';
import { declareExchange } from '../worker/declare-exchange.ts';
import { type ControlRequest, parseControlRequest } from './control-request.ts';
import { requestExchange } from './exchanges.ts';

/** Requests wait for their worker at most so long, in milliseconds (Celery's `control_queue_ttl`). */
const requestMs = 300_000;

export interface PidboxOptions {
  readonly nodeName: string;
  readonly connection: BrokerConnection;
  readonly log: Log;
  /** Takes a request that is meant for this node. Must not fail. */
  readonly onRequest: (request: ControlRequest) => void;
  /** Takes a request of which it cannot be said whom it is for. Must not fail. */
  readonly onRefused: (request: ControlRequest, reason: SyntaxError) => void;
  /** The worker can be reached, for the first time or again. */
  readonly onListening: () => void;
}

/**
 * The letter box of a node: a queue of its own on the exchange to which requests go, made again after each loss of the
 * connection. Its deliveries need no acknowledgement, as in Python's workers: nobody wants an old request to be carried
 * out by another node.
 */
export class Pidbox {
  readonly #options: PidboxOptions;
  readonly #channel: StandingChannel<Channel>;

  constructor(options: PidboxOptions) {
    const { connection, log } = options;
    this.#options = options;
    this.#channel = new StandingChannel<Channel>({
      name: 'remote control',
      connection,
      log,
      open: () => connection.openChannel(),
      setUp: (channel, fail) => this.#listen(channel, fail),
      onDown: (reason) => this.#explain(reason),
      repair: async () => undefined,
    });
  }

  start(): void {
    this.#channel.start();
  }

  async stop(brokerMs: number): Promise<void> {
    await this.#channel.stop(brokerMs);
  }

  async #listen(channel: Channel, fail: (reason: Error) => void): Promise<void> {
    const { nodeName, connection, log, onListening } = this.#options;
    await declareExchange(connection, requestExchange, log);
    const queue = `${nodeName}.${requestExchange.name}`;
    await channel.assertQueue(queue, {
      durable: false,
      exclusive: true,
      autoDelete: true,
      arguments: { 'x-queue-type': 'classic', 'x-message-ttl': requestMs },
    });
    await channel.bindQueue(queue, requestExchange.name, '');
    const onMessage = (message: ConsumeMessage | null) => {
      if (message === null) fail(new Error('the broker cancelled the subscription to remote control'));
      else this.#receive(message);
    };
    await channel.consume(queue, onMessage, { noAck: true, exclusive: true });
    onListening();
  }

  #receive(message: ConsumeMessage): void {
    const { nodeName, log, onRequest, onRefused } = this.#options;
    let request: ControlRequest | undefined;
    try {
      request = parseControlRequest(message);
      if (request.isFor(nodeName)) onRequest(request);
    } catch (error) {
      log.warn({ err: error }, 'a message of remote control is refused');
      if (request !== undefined && error instanceof SyntaxError) onRefused(request, error);
    }
  }

  /** The queue belongs to one connection; one that is lost without a word keeps it until its heartbeats fail. */
  #explain(reason: Error): void {
    if (replyCode(reason) !== resourceLocked) return;
    const { nodeName, log } = this.#options;
    log.warn(
      { node: nodeName },
      'another worker of this name, or a lost connection of this one, holds the queue of remote control',
    );
  }
}

/** AMQP's code for a queue that belongs to another connection. */
const resourceLocked = 405;
