import { randomUUID } from 'node:crypto';
import type { ConsumeMessage } from 'amqplib';
import type { BrokerConnection } from '../../messaging/connection.ts';
import type { Log } from '../../messaging/log.ts';
import { pause } from '../../messaging/pause.ts';
import { closeChannel } from '../../messaging/standing-channel.ts';
import type { LamportClock } from '../events/lamport-clock.ts';
import { isMapping } from '../protocol/fields.ts';
import { parseTaskJson } from '../protocol/json.ts';
import { declareExchange } from '../worker/declare-exchange.ts';
import { revokedIds } from './commands/presence.ts';
import { controlMessage } from './control-messages.ts';
import { replyExchange, requestExchange } from './exchanges.ts';
import type { WorkerView } from './worker-view.ts';

/** How long other workers have to answer, in milliseconds; Celery's own are given as long. */
const answersMs = 1_000;

/**
 * Asks the other workers what is revoked, and tells them what this one knows of ("mingle", celery/worker/consumer/mingle.py):
 * a worker that was not there when a task was revoked must not run it either.
 *
 * @throws Error where the connection is lost meanwhile
 */
export async function mingle(options: {
  readonly view: WorkerView;
  readonly connection: BrokerConnection;
  readonly clock: LamportClock;
  readonly log: Log;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { view, connection, clock, log, signal } = options;
  const [oid, ticket] = [randomUUID(), randomUUID()];
  await connection.ready(signal);
  const channel = await connection.openChannel();
  channel.on('error', (error) => log.debug({ err: error }, 'other workers could not be asked'));
  const take = (message: ConsumeMessage | null) => {
    if (message === null) return;
    clock.adjust(message.properties.headers?.['clock']);
    view.rememberRevoked(revokedOf(message.content));
  };
  try {
    const queue = `${oid}.${replyExchange.name}`;
    await declareExchange(connection, requestExchange, log);
    await declareExchange(connection, replyExchange, log);
    await channel.assertQueue(queue, {
      durable: false,
      exclusive: true,
      autoDelete: true,
      arguments: { 'x-queue-type': 'classic' },
    });
    await channel.bindQueue(queue, replyExchange.name, oid);
    await channel.consume(queue, take, { noAck: true });
    const body = {
      method: 'hello',
      arguments: { from_node: view.nodeName, revoked: view.revoked() },
      destination: null,
      pattern: null,
      matcher: null,
      ticket,
      reply_to: { exchange: replyExchange.name, routing_key: oid },
    };
    const { content, options: properties } = controlMessage(body, { clock: clock.forward(), expires: 0 });
    channel.publish(requestExchange.name, '', content, properties);
    await pause(answersMs, signal);
  } finally {
    await closeChannel(channel);
  }
}

/** `{"other@host": {"revoked": …, "clock": …}}`; what is anything else is nobody's answer. */
function revokedOf(content: Buffer): readonly string[] {
  try {
    const body = parseTaskJson(content.toString('utf8'));
    const answers = isMapping(body) ? Object.values(body) : [];
    return answers.flatMap((answer) => (isMapping(answer) ? revokedIds(answer['revoked']) : []));
  } catch {
    return [];
  }
}
