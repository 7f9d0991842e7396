import type { AlertCases, Series } from '../alert-case.ts';

const broker = 'job="rabbitmq",vhost="/",queue="payment_process"';

/** What waits in a queue, how many consumers it has, and how many messages they received. */
function queue(ready: string, consumers: string, received: string): Series {
  return {
    [`rabbitmq_detailed_queue_messages_ready{${broker}}`]: ready,
    [`rabbitmq_detailed_queue_consumers{${broker}}`]: consumers,
    'messages_received_total{service="payment-service",queue="payment_process"}': received,
  };
}

/** The accounts of one queue as two pods tell them, and what the broker holds in the queue and its dead letters. */
function accounts(published: string, done: string, dropped: string, held: string, dead: string): Series {
  const account = (state: string, pod: string) =>
    `messages_accounted{service="payment-service",pod="${pod}",queue="payment_process",state="${state}"}`;
  const told = (pod: string) => ({
    [account('published', pod)]: published,
    [account('done', pod)]: done,
    [account('dropped', pod)]: dropped,
  });
  return {
    ...told('a'),
    ...told('b'),
    [`rabbitmq_detailed_queue_messages{${broker}}`]: held,
    'rabbitmq_detailed_queue_messages{job="rabbitmq",vhost="/",queue="payment_process.dead"}': dead,
  };
}

const deadLetters = (messages: string): Series => ({
  'rabbitmq_detailed_queue_messages{job="rabbitmq",vhost="/",queue="assign_driver.dead"}': messages,
});

const connected = (first: string, second: string): Series => ({
  'broker_connected{service="order-service",pod="a"}': first,
  'broker_connected{service="order-service",pod="b"}': second,
});

const blocked = (value: string): Series => ({ 'broker_blocked{service="order-service"}': value });

const ticks = (last: string): Series => ({
  'schedule_last_tick_timestamp_seconds{service="order-service",entry="hourly"}': last,
  'schedule_longest_gap_seconds{service="order-service",entry="hourly"}': '3600x400',
});

const task = 'name="tasks.cleanup_carts",hostname="celery@a",queue_name="celery"';
const tasks = (succeeded: string, ended: string): Series => ({
  [`celery_task_succeeded_total{${task}}`]: succeeded,
  [`celery_task_runtime_count{${task}}`]: ended,
});

/** What waits in a task queue with one consumer, how many tasks it received, and how many run. */
const taskQueue = (ready: string, received: string, running: string): Series => ({
  'rabbitmq_detailed_queue_messages_ready{job="rabbitmq",vhost="/",queue="celery"}': ready,
  'rabbitmq_detailed_queue_consumers{job="rabbitmq",vhost="/",queue="celery"}': '1x60',
  [`celery_task_received_total{${task}}`]: received,
  'celery_worker_tasks_active{service="celery-worker",hostname="celery@a"}': running,
});

const atQueue = { queue: 'payment_process' };

export const queueCases = {
  QueueBacklog: {
    fires: {
      series: queue('101x40', '1x40', '0+1x40'),
      at: '5m',
      labels: atQueue,
      says: '101 messages wait in payment_process, more than 100 for five minutes.',
    },
    boundary: { series: queue('100x40', '1x40', '0+1x40'), at: '9m' },
    quiet: [
      {
        why: 'the backlog goes before five minutes are over',
        series: queue('500x15 0x30', '1x45', '0+1x45'),
        at: '9m',
      },
      {
        why: 'what waits are dead letters, or retries',
        series: {
          'rabbitmq_detailed_queue_messages_ready{queue="payment_process.dead"}': '500x40',
          'rabbitmq_detailed_queue_messages_ready{queue="smarteats.retry.60000ms"}': '500x40',
        },
        at: '9m',
      },
    ],
  },
  QueueWithoutConsumer: {
    fires: {
      series: queue('1x40', '0x40', '0x40'),
      at: '5m',
      labels: atQueue,
      says: '1 messages wait in payment_process, which has no consumer.',
    },
    boundary: { series: queue('1x40', '1x40', '0+1x40'), at: '9m' },
    quiet: [{ why: 'nothing waits', series: queue('0x40', '0x40', '0x40'), at: '9m' }],
  },
  ConsumerStalled: {
    fires: {
      series: queue('3x60', '2x60', '7x60'),
      at: '6m',
      labels: atQueue,
      says: '3 messages wait in payment_process; it has consumers, and none has begun with a message for five minutes.',
    },
    firesToo: [
      {
        why: 'workers of tasks are idle although tasks wait',
        series: taskQueue('3x60', '7x60', '0x60'),
        at: '6m',
        labels: { queue: 'celery' },
        says: '3 messages wait in celery; it has consumers, and none has begun with a message for five minutes.',
      },
    ],
    boundary: { series: queue('3x60', '2x60', '7x18 8x18 9x18'), at: '12m' },
    quiet: [
      { why: 'nothing waits', series: queue('0x60', '2x60', '7x60'), at: '12m' },
      {
        why: 'there is no consumer, which is another alert',
        series: queue('3x60', '0x60', '7x60'),
        at: '12m',
      },
      { why: 'tasks run for longer than that', series: taskQueue('3x60', '7x60', '4x60'), at: '12m' },
      { why: 'tasks begin', series: taskQueue('3x60', '7+1x60', '0x60'), at: '12m' },
    ],
  },
  DeadLettersGrowing: {
    fires: {
      series: deadLetters('0x70 2x10'),
      at: '19m',
      labels: { queue: 'assign_driver.dead' },
      says: '2 messages came to rest in assign_driver.dead within 15 minutes.',
    },
    boundary: { series: deadLetters('2x100'), at: '24m' },
    quiet: [{ why: 'an operator takes them out', series: deadLetters('5x70 1x30'), at: '19m' }],
  },
  MessagesUnaccounted: {
    fires: {
      series: accounts('100+10x100', '90+10x100', '0x100', '6x100', '1x100'),
      at: '17m',
      labels: {},
      says: 'published - done - dropped - messages at the broker is 3 instead of 0: messages were lost (above 0) or doubled (below 0).',
    },
    boundary: { series: accounts('100+10x100', '90+10x100', '0x100', '9x100', '1x100'), at: '20m' },
    quiet: [
      {
        why: 'the readings differ by a moment, now this way and now that',
        series: accounts('100x100', '90x100', '2x100', '7x20 9x20 7x20 9x20 7x20', '0x100'),
        at: '20m',
      },
    ],
  },
  BrokerDisconnected: {
    fires: {
      series: connected('1x20', '0x20'),
      at: '2m',
      labels: { service: 'order-service' },
      says: 'order-service has had no connection to RabbitMQ for two minutes.',
    },
    boundary: { series: connected('1x20', '0x7 1x12'), at: '4m' },
    quiet: [{ why: 'all are connected', series: connected('1x20', '1x20'), at: '4m' }],
  },
  PublisherBlocked: {
    fires: {
      series: blocked('1x20'),
      at: '1m',
      labels: { service: 'order-service' },
      says: 'RabbitMQ has blocked order-service, most likely because its memory or its disk runs low.',
    },
    boundary: { series: blocked('1x3 0x16'), at: '4m' },
    quiet: [{ why: 'nobody is blocked', series: blocked('0x20'), at: '4m' }],
  },
  ScheduleTickMissed: {
    // promtool's clock begins at 0 as well.
    fires: {
      series: ticks('0x400'),
      at: '67m',
      labels: { entry: 'hourly' },
      says: 'The task of hourly was last published 1h 7m 0s ago.',
    },
    boundary: { series: ticks('0x400'), at: '65m' },
    quiet: [{ why: 'it was due again in time', series: ticks('0x250 3750x150'), at: '90m' }],
  },
  TaskFailures: {
    fires: {
      series: tasks('0+8x100', '0+10x100'),
      at: '16m',
      labels: { name: 'tasks.cleanup_carts' },
      says: '20% of the tasks tasks.cleanup_carts fail, more than 10%.',
    },
    boundary: { series: tasks('0+901x100', '0+1000x100'), at: '20m' },
    quiet: [{ why: 'no task runs', series: tasks('0x100', '0x100'), at: '20m' }],
  },
} satisfies AlertCases;
