import type { MetricDeclarations } from './declaration.ts';

/** Only those that use RabbitMQ know about it. */
const exposedBy: readonly string[] = [];

const buckets = [0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300];

/** What becomes of messages, and how the connection to the broker is. */
export const messageMetrics = {
  messages_published_total: { type: 'counter', help: 'Messages the broker confirmed', labels: ['queue'] },
  messages_publish_failed_total: {
    type: 'counter',
    help: 'Messages that were not published, by the code of the error that the caller got',
    labels: ['queue', 'code'],
  },
  messages_received_total: { type: 'counter', help: 'Messages delivered to a consumer', labels: ['queue'] },
  messages_handled_total: {
    type: 'counter',
    help: 'Deliveries settled, by outcome: done, duplicate, retry, postpone, dead',
    labels: ['queue', 'outcome'],
  },
  messages_accounted: {
    type: 'gauge',
    help: 'Messages by what became of them (published, done, dead, dropped), each counted once across all processes',
    labels: ['queue', 'state'],
  },
  messages_in_flight: { type: 'gauge', help: 'Messages being handled', labels: ['queue'] },
  message_handler_duration_seconds: {
    type: 'histogram',
    help: 'Time one attempt took',
    labels: ['queue', 'outcome'],
    buckets,
  },
  message_age_seconds: {
    type: 'histogram',
    help: 'Time from publishing a message to the start of an attempt',
    labels: ['queue'],
    buckets,
  },
  publisher_unconfirmed_messages: {
    type: 'gauge',
    help: 'Messages waiting for their confirm',
    labels: [],
    exposedBy,
  },
  publisher_resent_total: {
    type: 'counter',
    help: 'Messages sent again after a lost connection',
    labels: [],
    exposedBy,
  },
  broker_connected: {
    type: 'gauge',
    help: '1 while the connection to RabbitMQ is open',
    labels: [],
    exposedBy,
  },
  broker_blocked: {
    type: 'gauge',
    help: '1 while RabbitMQ takes no messages from this process',
    labels: [],
    exposedBy,
  },
  broker_reconnects_total: {
    type: 'counter',
    help: 'Connections to RabbitMQ opened after the first',
    labels: [],
    exposedBy,
  },
} as const satisfies MetricDeclarations;
