import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { type Channel, type ChannelModel, type ConsumeMessage, connect } from 'amqplib';
import { eventually } from '../../harness/eventually.ts';

/** An answer as it arrives. */
export interface SeenReply {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Calls workers with plain messages, about which anything may be wrong. */
export class ControlCaller {
  readonly #connection: ChannelModel;
  readonly #channel: Channel;
  readonly #replies: SeenReply[] = [];
  /** Where it gets answers. */
  readonly replyTo = { exchange: 'reply.celery.pidbox', routing_key: randomUUID() };

  static async open(broker: string): Promise<ControlCaller> {
    const connection = await connect(broker);
    const caller = new ControlCaller(connection, await connection.createChannel());
    await caller.#listen();
    return caller;
  }

  private constructor(connection: ChannelModel, channel: Channel) {
    this.#connection = connection;
    this.#channel = channel;
  }

  /** Sends any bytes to all workers. */
  send(content: string | Buffer, properties: object = {}): void {
    const options = { contentType: 'application/json', headers: { clock: 1 }, ...properties };
    this.#channel.publish('celery.pidbox', '', Buffer.from(content), options);
  }

  /** Asks with a request of Celery's shape. @returns the ticket */
  ask(method: string, request: object = {}, properties: object = {}): string {
    const ticket = randomUUID();
    const body = { method, arguments: {}, destination: null, ticket, reply_to: this.replyTo, ...request };
    this.send(JSON.stringify(body), properties);
    return ticket;
  }

  /** Answers to one request so far. */
  answersTo(ticket: string): readonly SeenReply[] {
    return this.#replies.filter(({ headers }) => headers['ticket'] === ticket);
  }

  /** Which nodes answered to one request so far. */
  whoAnswered(ticket: string): readonly string[] {
    return this.answersTo(ticket)
      .flatMap(({ body }) => Object.keys(body))
      .sort();
  }

  /** What one node answers to a method. */
  async answer(node: string, method: string, args: object = {}): Promise<unknown> {
    const ticket = this.ask(method, { arguments: args, destination: [node] });
    return eventually(() => {
      const [reply] = this.answersTo(ticket);
      if (reply === undefined) throw new Error(`${node} did not answer to ${method}`);
      return reply.body[node];
    });
  }

  /** Waits until remote control reaches these nodes. */
  async reach(nodes: readonly string[]): Promise<void> {
    await eventually(async () => {
      const ticket = this.ask('ping');
      await eventually(() => expect(this.whoAnswered(ticket)).toEqual([...nodes].sort()), 1_000);
    });
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  async #listen(): Promise<void> {
    const channel = this.#channel;
    await channel.assertExchange('celery.pidbox', 'fanout', { durable: false });
    await channel.assertExchange(this.replyTo.exchange, 'direct', { durable: false });
    const { queue } = await channel.assertQueue('', {
      exclusive: true,
      durable: false,
      arguments: { 'x-queue-type': 'classic' },
    });
    await channel.bindQueue(queue, this.replyTo.exchange, this.replyTo.routing_key);
    const take = (message: ConsumeMessage | null) => {
      if (message === null) return;
      const { headers = {} } = message.properties;
      this.#replies.push({ headers, body: JSON.parse(message.content.toString()) });
    };
    await channel.consume(queue, take, { noAck: true });
  }
}
