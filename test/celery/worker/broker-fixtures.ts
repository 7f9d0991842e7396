import { connect } from 'amqplib';
import { BrokerConnection } from '../../../workers/messaging/connection.ts';
import { smartEats } from '../../../workers/platform/platform.ts';
import { freshVhost, type TestVhost } from '../../harness/broker.ts';
import { MemoryLog } from '../../messaging/test-runtime.ts';

/** A virtual host as Debian's RabbitMQ makes it: without a default type of queues, and with nothing in it. */
export async function bareVhost(): Promise<TestVhost> {
  const vhost = await freshVhost(smartEats);
  await vhost.api(`vhosts/${vhost.vhost}`, { method: 'DELETE' });
  await vhost.api(`vhosts/${vhost.vhost}`, { method: 'PUT', body: {} });
  const user = new URL(vhost.url).username;
  const permission = { configure: '.*', write: '.*', read: '.*' };
  await vhost.api(`permissions/${vhost.vhost}/${user}`, { method: 'PUT', body: permission });
  return vhost;
}

/** An open connection of ours. */
export async function openConnection(url: string, log = new MemoryLog()): Promise<BrokerConnection> {
  const connection = new BrokerConnection({ connection: { url }, name: 'tests', log });
  connection.start();
  await connection.ready(AbortSignal.timeout(30_000));
  return connection;
}

/** Declares a queue as somebody else would. */
export async function declareElsewhere(
  url: string,
  name: string,
  args: Readonly<Record<string, unknown>>,
): Promise<void> {
  const connection = await connect(url);
  const channel = await connection.createChannel();
  await channel.assertQueue(name, { durable: true, arguments: args });
  await connection.close();
}
