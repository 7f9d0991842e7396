import type { Kwargs } from '../../protocol/value.ts';
import { type Commands, ok } from '../command.ts';
import type { ConsumedQueue } from '../worker-view.ts';

/** Queues that a worker consumes. */
export const queues: Commands = {
  active_queues: ({ view }) => view.queues().map(queueDocument),
  add_consumer: async ({ view, log }, args) => {
    const name = args.text('queue');
    const [exchange, exchangeType, routingKey] = [
      args.optionalText('exchange'),
      args.optionalText('exchange_type'),
      args.optionalText('routing_key'),
    ];
    await view.addConsumer({
      name,
      ...(exchange !== undefined && { exchange }),
      ...(exchangeType !== undefined && { exchangeType }),
      ...(routingKey !== undefined && { routingKey }),
    });
    log.info({ queue: name }, 'one more queue is consumed, by remote control');
    return ok(`add consumer ${name}`);
  },
  cancel_consumer: ({ view, log }, args) => {
    const queue = args.text('queue');
    // The broker's consent may take its time; whoever asked does not wait for it.
    view.cancelConsumer(queue).catch((error) => {
      log.error({ err: error, queue }, 'a subscription could not be ended');
    });
    log.info({ queue }, 'a queue is consumed no longer, by remote control');
    return ok(`no longer consuming from ${queue}`);
  },
};

/** As kombu describes a queue (kombu/entity.py, `Queue.as_dict(recurse=True)`). */
function queueDocument({ name, exchange, exchangeType, routingKey, type }: ConsumedQueue): Kwargs {
  return {
    name,
    exchange: {
      name: exchange,
      type: exchangeType,
      arguments: null,
      durable: true,
      passive: false,
      auto_delete: false,
      delivery_mode: null,
      no_declare: false,
    },
    routing_key: routingKey,
    // Of a classic queue nothing is said, as of one without arguments.
    queue_arguments: type === 'quorum' ? { 'x-queue-type': type } : null,
    binding_arguments: null,
    consumer_arguments: null,
    durable: true,
    exclusive: false,
    auto_delete: false,
    no_ack: false,
    alias: null,
    bindings: [],
    no_declare: null,
    expires: null,
    message_ttl: null,
    max_length: null,
    max_length_bytes: null,
    max_priority: null,
  };
}
