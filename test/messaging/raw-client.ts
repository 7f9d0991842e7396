import { type ConfirmChannel, connect, type GetMessage, type Options } from 'amqplib';
import { eventually } from '../harness/eventually.ts';

/** A client without any of our rules: what another program could do to the broker. */
export interface RawClient {
  readonly channel: ConfirmChannel;
  /** Puts a message directly into a queue and waits for the confirm. */
  put(queue: string, content: Buffer | string, properties?: Options.Publish): Promise<void>;
  /** Waits for a message in a queue and takes it out. */
  take(queue: string, timeoutMs?: number): Promise<GetMessage>;
  /** Messages that wait in a queue. */
  count(queue: string): Promise<number>;
  close(): Promise<void>;
}

export async function connectRaw(url: string): Promise<RawClient> {
  const model = await connect(url);
  model.on('error', () => undefined);
  const channel = await model.createConfirmChannel();
  channel.on('error', () => undefined);
  return {
    channel,
    put: (queue, content, properties = {}) =>
      new Promise((resolve, reject) => {
        const options = { persistent: true, mandatory: true, ...properties };
        channel.sendToQueue(queue, Buffer.from(content), options, (error) =>
          error === null ? resolve() : reject(error),
        );
      }),
    take: (queue, timeoutMs) =>
      eventually(async () => {
        const message = await channel.get(queue, { noAck: true });
        if (message === false) throw new Error(`no message in ${queue}`);
        return message;
      }, timeoutMs),
    count: async (queue) => (await channel.checkQueue(queue)).messageCount,
    close: () => model.close().catch(() => undefined),
  };
}
