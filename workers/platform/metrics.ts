/** A metric as Prometheus sees it. Labels are bounded: never an order, user or message id. */
export interface MetricDeclaration {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds of a histogram's buckets, in the metric's unit. */
  readonly buckets?: readonly number[];
}

const secondsOfRequests = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10];
const secondsOfMessages = [0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300];
const secondsOfDeliveries = [60, 300, 600, 900, 1200, 1800, 2700, 3600, 5400, 7200];

export const metrics = {
  http_requests_total: {
    type: 'counter',
    help: 'HTTP requests answered',
    labels: ['method', 'route', 'status'],
  },
  http_request_duration_seconds: {
    type: 'histogram',
    help: 'Time from request to answer',
    labels: ['method', 'route', 'status'],
    buckets: secondsOfRequests,
  },
  orders_created_total: { type: 'counter', help: 'Orders recorded', labels: [] },
  orders_by_status: {
    type: 'gauge',
    help: 'Orders in each status, as the store counts them',
    labels: ['status'],
  },
  active_users: { type: 'gauge', help: 'Users with a live session', labels: [] },
  delivery_time_seconds: {
    type: 'histogram',
    help: 'Time from placing an order to its delivery',
    labels: [],
    buckets: secondsOfDeliveries,
  },
  payments_total: { type: 'counter', help: 'Charges by outcome', labels: ['outcome'] },
  notifications_sent_total: {
    type: 'counter',
    help: 'Notifications handed to a provider',
    labels: ['channel', 'about'],
  },
  drivers_free: { type: 'gauge', help: 'Drivers that can be assigned now', labels: [] },
  messages_published_total: {
    type: 'counter',
    help: 'Messages the broker confirmed',
    labels: ['queue'],
  },
  messages_received_total: { type: 'counter', help: 'Messages delivered to a consumer', labels: ['queue'] },
  messages_handled_total: {
    type: 'counter',
    help: 'Deliveries settled, by outcome: done, duplicate, retry, dead',
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
    buckets: secondsOfMessages,
  },
  message_age_seconds: {
    type: 'histogram',
    help: 'Time from publishing a message to the start of an attempt',
    labels: ['queue'],
    buckets: secondsOfMessages,
  },
  publisher_unconfirmed_messages: { type: 'gauge', help: 'Messages waiting for their confirm', labels: [] },
  publisher_resent_total: {
    type: 'counter',
    help: 'Messages sent again after a lost connection',
    labels: [],
  },
  broker_connected: { type: 'gauge', help: '1 while the connection to RabbitMQ is open', labels: [] },
  broker_reconnects_total: {
    type: 'counter',
    help: 'Connections to RabbitMQ opened after the first',
    labels: [],
  },
} as const satisfies Record<string, MetricDeclaration>;

export type MetricName = keyof typeof metrics;

/** The label values a metric needs. */
export type MetricLabels<Name extends MetricName> = Record<(typeof metrics)[Name]['labels'][number], string>;
