/**
 * What a service needs beyond itself; readiness, configuration and network edges follow from it. Without `mongodb` its
 * records are in Redis, and so are files without `object-storage`; `internet` is any public address.
 */
export type Dependency =
  | 'redis'
  | 'mongodb'
  | 'rabbitmq'
  | 'auth-service'
  | 'payment-provider'
  | 'mail'
  | 'sms'
  | 'object-storage'
  | 'internet';

/** A long-running process of the platform. Every service answers /metrics, /livez and /readyz on its port. */
export interface ServiceDeclaration {
  readonly description: string;
  /** TCP port of its HTTP server. */
  readonly port: number;
  /** Further ports by name, for services that speak more than HTTP. */
  readonly extraPorts?: Readonly<Record<string, number>>;
  readonly uses: readonly Dependency[];
  /**
   * `sandbox` services stand in for the outside world (card payments, mail, SMS) on a laptop or a kind cluster; `local`
   * ones do on a laptop what Kubernetes does itself.
   */
  readonly kind: 'product' | 'sandbox' | 'local';
  /** Whether the service is meant to be reached from outside the cluster. */
  readonly public?: boolean;
  /** The queue whose tasks it runs, for a worker of tasks. */
  readonly taskQueue?: string;
}

export const services = {
  'api-gateway': {
    description: 'The HTTP API of customers, restaurants and drivers',
    port: 4000,
    uses: ['redis', 'mongodb', 'rabbitmq', 'auth-service', 'object-storage'],
    kind: 'product',
    public: true,
  },
  'auth-service': {
    description: 'Accounts, passwords and sessions',
    port: 4001,
    uses: ['redis', 'mongodb'],
    kind: 'product',
  },
  'payment-service': {
    description: 'Charges each order once',
    port: 4002,
    uses: ['redis', 'mongodb', 'rabbitmq', 'payment-provider'],
    kind: 'product',
  },
  'order-service': {
    description: 'Keeps the record of orders and leads them from step to step',
    port: 4003,
    uses: ['redis', 'mongodb', 'rabbitmq'],
    kind: 'product',
  },
  'delivery-service': {
    description: 'Finds drivers and follows deliveries',
    port: 4004,
    uses: ['redis', 'mongodb', 'rabbitmq'],
    kind: 'product',
  },
  'notification-service': {
    description: 'Has customers told about their orders by tasks, and tells them of declined payments itself',
    port: 4005,
    uses: ['redis', 'mongodb', 'rabbitmq', 'mail', 'sms'],
    kind: 'product',
  },
  'celery-worker': {
    description: 'Runs the tasks of the queue `celery`: upkeep, reminders and the start of the daily figures',
    port: 4020,
    uses: ['redis', 'mongodb', 'rabbitmq', 'mail'],
    kind: 'product',
    taskQueue: 'celery',
  },
  'ai-worker': {
    description: 'Runs the tasks of the queue `ai`: recommendations and pictures of food',
    port: 4021,
    uses: ['redis', 'mongodb', 'rabbitmq', 'internet'],
    kind: 'product',
    taskQueue: 'ai',
  },
  'analytics-worker': {
    description: 'Runs the tasks of the queue `analytics`: figures and sales reports',
    port: 4022,
    uses: ['redis', 'mongodb', 'rabbitmq', 'object-storage'],
    kind: 'product',
    taskQueue: 'analytics',
  },
  'notifications-worker': {
    description: 'Runs the tasks of the queue `notifications`: confirmations and delivery updates',
    port: 4023,
    uses: ['redis', 'mongodb', 'rabbitmq', 'mail', 'sms'],
    kind: 'product',
    taskQueue: 'notifications',
  },
  beat: {
    description: 'Publishes the tasks of the schedule when they are due; in a cluster CronJobs do',
    port: 4012,
    uses: ['redis', 'rabbitmq'],
    kind: 'local',
  },
  'payment-sandbox': {
    description: 'A payment provider with a ledger, for trying things out',
    port: 4010,
    uses: [],
    kind: 'sandbox',
  },
  'message-catcher': {
    description: 'Receives the mail and SMS of the platform and shows them',
    port: 4011,
    extraPorts: { smtp: 4025 },
    uses: [],
    kind: 'sandbox',
  },
} as const satisfies Record<string, ServiceDeclaration>;

export type ServiceName = keyof typeof services;
