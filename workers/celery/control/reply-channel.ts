import type { Channel } from 'amqplib';
import type { BrokerConnection } from '../../messaging/connection.ts';
import type { Log } from '../../messaging/log.ts';
import { StandingChannel } from '../../messaging/standing-channel.ts';
import { declareExchange } from '../worker/declare-exchange.ts';
import type { ControlMessage } from './control-messages.ts';
import { replyExchange } from './exchanges.ts';

/** Celery's programs all use one; whoever names others costs no more memory than this. */
const mostExchanges = 100;

/** The channel on which a worker answers requests. Nothing is kept while there is none: nobody waits long for answers. */
export class ReplyChannel {
  readonly #channel: StandingChannel<Channel>;
  readonly #connection: BrokerConnection;
  readonly #log: Log;
  #current: Channel | undefined;
  /** Exchanges that exist, as far as is known. */
  readonly #exchanges = new Set<string>();

  constructor(options: { readonly connection: BrokerConnection; readonly log: Log }) {
    const { connection, log } = options;
    this.#connection = connection;
    this.#log = log;
    this.#channel = new StandingChannel<Channel>({
      name: 'replies of remote control',
      connection,
      log,
      open: () => connection.openChannel(),
      setUp: async (channel) => {
        this.#exchanges.clear();
        await this.#need(replyExchange.name);
        this.#current = channel;
      },
      onDown: () => {
        this.#current = undefined;
      },
      repair: async () => undefined,
    });
  }

  start(): void {
    this.#channel.start();
  }

  async stop(brokerMs: number): Promise<void> {
    await this.#channel.stop(brokerMs);
  }

  /** Sends an answer if it can be sent now. Never fails. */
  async send(exchange: string, routingKey: string, { content, options }: ControlMessage): Promise<void> {
    if (this.#connection.blocked) return;
    try {
      await this.#need(exchange);
      this.#current?.publish(exchange, routingKey, content, options);
    } catch (error) {
      this.#log.debug({ err: error, exchange }, 'an answer of remote control could not be sent');
    }
  }

  /** The broker closes a channel on which something is sent to an exchange that does not exist. */
  async #need(exchange: string): Promise<void> {
    if (exchange === '' || this.#exchanges.has(exchange)) return;
    if (this.#exchanges.size >= mostExchanges) this.#exchanges.clear();
    await declareExchange(this.#connection, { ...replyExchange, name: exchange }, this.#log);
    this.#exchanges.add(exchange);
  }
}
