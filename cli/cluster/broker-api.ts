import { z } from 'zod';
import { PlatformError } from '../../workers/platform/errors.ts';
import { type BrokerTopology, declaredBindings, topologyLists } from './broker-topology.ts';

/** A queue as the broker counts it. */
export interface BrokerQueue {
  readonly name: string;
  /** Messages that wait for a consumer. */
  readonly ready: number;
  /** Messages that a consumer has and has not settled. */
  readonly unacked: number;
  readonly messages: number;
  /** A few seconds old. */
  readonly consumers: number;
}

/** How RabbitMQ's management API is reached. */
export interface BrokerAccess {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** @default '/' */
  readonly vhost?: string;
}

const count = z.int().default(0);
const Queues = z.array(
  z.object({
    name: z.string(),
    messages: count,
    messages_ready: count,
    messages_unacknowledged: count,
  }),
);
const Consumers = z.array(z.object({ queue: z.object({ name: z.string() }) }));

/** RabbitMQ through its management API. */
export class BrokerApi {
  readonly #access: BrokerAccess;
  readonly #vhost: string;

  constructor(access: BrokerAccess) {
    this.#access = access;
    this.#vhost = encodeURIComponent(access.vhost ?? '/');
  }

  /** All queues. What a quorum queue holds is what it last reported, every five seconds. */
  async queues(): Promise<readonly BrokerQueue[]> {
    const [queues, consumers] = await Promise.all([
      this.#read(`queues/${this.#vhost}?disable_stats=true&enable_queue_totals=true`, Queues),
      this.#read(`consumers/${this.#vhost}`, Consumers),
    ]);
    return queues.map((queue) => ({
      name: queue.name,
      ready: queue.messages_ready,
      unacked: queue.messages_unacknowledged,
      messages: queue.messages,
      consumers: consumers.filter((consumer) => consumer.queue.name === queue.name).length,
    }));
  }

  /** Exchanges, queues with what their policies give them, and bindings. */
  async topology(): Promise<BrokerTopology> {
    const [exchanges, queues, bindings] = await Promise.all([
      this.#read(`exchanges/${this.#vhost}`, topologyLists.exchanges),
      this.#read(`queues/${this.#vhost}`, topologyLists.queues),
      this.#read(`bindings/${this.#vhost}`, topologyLists.bindings),
    ]);
    return { exchanges, queues, bindings: declaredBindings(bindings) };
  }

  /** Removes a queue with all that is in it. One that is gone already is no fault. */
  async removeQueue(name: string): Promise<void> {
    await this.#remove(`queues/${this.#vhost}/${encodeURIComponent(name)}`);
  }

  /** Removes an exchange. @returns whether it is gone: not while something is bound to it */
  async removeExchange(name: string): Promise<boolean> {
    const { status } = await this.#remove(
      `exchanges/${this.#vhost}/${encodeURIComponent(name)}?if-unused=true`,
      400,
    );
    return status !== 400;
  }

  async removePolicy(name: string): Promise<void> {
    await this.#remove(`policies/${this.#vhost}/${encodeURIComponent(name)}`);
  }

  async #read<Schema extends z.ZodType>(path: string, shape: Schema): Promise<z.output<Schema>> {
    return shape.parse(await (await this.#request(path, 'GET')).json());
  }

  #remove(path: string, ...expected: readonly number[]): Promise<Response> {
    return this.#request(path, 'DELETE', [404, ...expected]);
  }

  async #request(path: string, method: string, expected: readonly number[] = []): Promise<Response> {
    const { url, user, password } = this.#access;
    const response = await fetch(`${url}/api/${path}`, {
      method,
      headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` },
      signal: AbortSignal.timeout(15_000),
    }).catch((cause: unknown) => {
      throw new PlatformError('CLUSTER_SERVICE_UNAVAILABLE', "RabbitMQ's management API does not answer", {
        cause,
      });
    });
    if (response.ok || expected.includes(response.status)) return response;
    if (response.status === 401 || response.status === 403) {
      const message = `RabbitMQ's user ${user} may not use the management API: it needs the tag monitoring or administrator`;
      throw new PlatformError('CLUSTER_ACCESS_DENIED', message);
    }
    const message = `RabbitMQ's management API answered ${method} ${path} with ${response.status}`;
    throw new PlatformError('CLUSTER_SERVICE_UNAVAILABLE', message);
  }
}
