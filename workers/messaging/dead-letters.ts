import { randomUUID } from 'node:crypto';
import type { GetMessage, Message } from 'amqplib';
import { PlatformError } from '../platform/errors.ts';
import type { Platform, QueueNameOf } from '../platform/platform.ts';
import { deadLetterQueueOf } from '../platform/topology.ts';
import { ConfirmSender, type SendResult } from './confirm-sender.ts';
import { BrokerConnection } from './connection.ts';
import type { ConnectionOptions } from './connection-options.ts';
import { type DeadLetter, readDeadLetter, tellsOfThePast } from './dead-letter.ts';
import type { MessageLedger } from './ledger.ts';
import type { Log } from './log.ts';
import { carryOn } from './message-headers.ts';
import { closeChannel } from './standing-channel.ts';

/** Which dead letters are meant, and how many at most. */
export interface Selection {
  /** @default all */
  readonly select?: (letter: DeadLetter) => boolean;
  /** How many are looked at, oldest first. @default 1000 */
  readonly limit?: number;
}

/** Works on the dead-letter queues. Each method looks only at letters that no other call is looking at. */
export interface DeadLetters<P extends Platform> {
  /** Reads dead letters and leaves them where they are. */
  read(queue: QueueNameOf<P>, selection?: Selection): Promise<readonly DeadLetter[]>;
  /**
   * Puts dead letters back into their work queue, to be handled as if for the first time.
   * @returns how many
   * @throws PlatformError PUBLISH_REFUSED or PUBLISH_UNROUTABLE; the letter is still there then
   */
  replay(queue: QueueNameOf<P>, selection?: Selection): Promise<number>;
  /** Removes dead letters for good; in the ledger they stay dead. @returns how many */
  discard(queue: QueueNameOf<P>, selection?: Selection): Promise<number>;
  /** Enters into the ledger letters that the broker itself gave up, past every consumer. @returns how many it saw */
  account(queue: QueueNameOf<P>, selection?: Selection): Promise<number>;
  close(): Promise<void>;
}

/**
 * Connects to the dead letters of a platform.
 * @throws PlatformError BROKER_UNAVAILABLE when the broker cannot be reached in time
 */
export async function openDeadLetters<P extends Platform>(options: {
  readonly platform: P;
  readonly connection: ConnectionOptions;
  readonly ledger: MessageLedger;
  readonly log: Log;
  /** @default 15 000 */
  readonly timeoutMs?: number;
}): Promise<DeadLetters<P>> {
  const { ledger, log, timeoutMs = 15_000 } = options;
  const connection = new BrokerConnection({ connection: options.connection, name: 'dead-letters', log });
  connection.start();
  await connection.ready(AbortSignal.timeout(timeoutMs));
  if (!connection.connected) {
    await connection.close(0);
    throw new PlatformError('BROKER_UNAVAILABLE');
  }
  return new BrokerDeadLetters<P>(connection, ledger);
}

class BrokerDeadLetters<P extends Platform> implements DeadLetters<P> {
  readonly #connection: BrokerConnection;
  readonly #ledger: MessageLedger;

  constructor(connection: BrokerConnection, ledger: MessageLedger) {
    this.#connection = connection;
    this.#ledger = ledger;
  }

  async read(queue: QueueNameOf<P>, selection: Selection = {}): Promise<readonly DeadLetter[]> {
    const letters: DeadLetter[] = [];
    await this.#visit(queue, selection, async (letter) => {
      letters.push(letter);
      return 'keep';
    });
    return letters;
  }

  /**
   * The ledger opens the message before it is published, since a consumer would take it for a duplicate otherwise,
   * and the letter is removed after the confirm. A crash in between leaves the letter where it is, and
   * replaying it again is harmless: whichever copy is handled first settles the message for both.
   */
  async replay(queue: QueueNameOf<P>, selection: Selection = {}): Promise<number> {
    return this.#visit(queue, selection, async ({ messageId }, message, sender) => {
      if (messageId !== '') await this.#ledger.reopened(queue, messageId);
      const result = await new Promise<SendResult>((resolve) => {
        sender.send(replayed(queue, messageId, message), resolve);
      });
      if (result === 'confirmed') return 'remove';
      // A lost one may have arrived and stays open; the others certainly did not.
      if (result === 'lost') throw new PlatformError('BROKER_UNAVAILABLE');
      await this.#settle(queue, messageId);
      throw new PlatformError(result === 'refused' ? 'PUBLISH_REFUSED' : 'PUBLISH_UNROUTABLE');
    });
  }

  async discard(queue: QueueNameOf<P>, selection: Selection = {}): Promise<number> {
    return this.#visit(queue, selection, async ({ messageId }) => {
      await this.#settle(queue, messageId);
      return 'remove';
    });
  }

  async account(queue: QueueNameOf<P>, selection: Selection = {}): Promise<number> {
    return this.#visit(queue, selection, async ({ messageId }) => {
      await this.#settle(queue, messageId);
      return 'keep';
    });
  }

  async close(): Promise<void> {
    await this.#connection.close(2_000);
  }

  async #settle(queue: string, messageId: string): Promise<void> {
    if (messageId === '') return;
    await this.#ledger.received(queue, messageId);
    await this.#ledger.settled(queue, messageId, 'dead');
  }

  /**
   * Fetches letters one after the other. Those to keep are held until the end and return when the channel closes,
   * also after an error or a crash. @returns how many were selected
   */
  async #visit(
    queue: QueueNameOf<P>,
    { select = () => true, limit = 1000 }: Selection,
    action: (letter: DeadLetter, message: Message, sender: ConfirmSender) => Promise<'keep' | 'remove'>,
  ): Promise<number> {
    const channel = await this.#connection.openConfirmChannel();
    const gone = new Promise<never>((_, reject) => {
      channel.on('error', reject);
      channel.on('close', () => reject(new PlatformError('BROKER_UNAVAILABLE')));
    });
    gone.catch(() => undefined);
    const sender: ConfirmSender = new ConfirmSender(channel, {
      timeoutMs: 30_000,
      isBlocked: () => this.#connection.blocked,
      onStall: () => sender.abandon(),
    });
    const deadLetterQueue = deadLetterQueueOf(queue);
    let selected = 0;
    try {
      const { messageCount } = await channel.checkQueue(deadLetterQueue);
      for (let looked = 0; looked < Math.min(limit, messageCount); looked += 1) {
        // amqplib never settles a fetch whose channel ends between its frames.
        const message: GetMessage | false = await Promise.race([channel.get(deadLetterQueue), gone]);
        if (message === false) break;
        const letter = readDeadLetter(message);
        if (!select(letter)) continue;
        selected += 1;
        if ((await action(letter, message, sender)) === 'remove') channel.ack(message);
      }
    } finally {
      sender.abandon();
      await closeChannel(channel);
    }
    return selected;
  }
}

function replayed(queue: string, messageId: string, message: Message) {
  const id = messageId === '' ? randomUUID() : messageId;
  const { properties } = carryOn(id, message.properties, {}, tellsOfThePast);
  return { exchange: '', routingKey: queue, content: message.content, properties };
}
