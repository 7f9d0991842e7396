import { isFinal, type OrderStatus, orderStatuses } from '../../workers/platform/order.ts';

/** What happened to one order, as its customer saw it. */
export interface OrderOutcome {
  readonly orderId: string;
  /** The last status seen; `accepted` before the first. */
  readonly status: OrderStatus | 'accepted';
  /** From placing the order to its final status, in milliseconds. */
  readonly tookMs: number | undefined;
}

/** How the messages of all queues stand. */
export interface MessageAccounts {
  /** Messages the broker took, each counted once. */
  readonly published: number;
  /** Messages whose effect is durable. */
  readonly done: number;
  /** Dead letters thrown away by an operator. */
  readonly dropped: number;
  /** Messages that rest in dead-letter queues, counted at the broker. */
  readonly dead: number;
  /** Tasks that failed for good and rest in dead-letter queues, counted at the broker. */
  readonly tasksDead: number;
  /** Messages in work queues and retry steps, and tasks in theirs, counted at the broker. */
  readonly inFlight: number;
  /** Attempts that failed and were followed by another. */
  readonly retried: number;
  /** Deliveries of messages that were settled before, recognised and left alone. */
  readonly duplicates: number;
}

/** What became of one task that the demo called. */
export interface TaskOutcome {
  readonly task: string;
  /** From its call to its result, in milliseconds; undefined where there is none. */
  readonly tookMs?: number;
  /** Why it has no result. */
  readonly failure?: string;
}

/** What the payment provider charged. */
export interface Charges {
  readonly orderIds: readonly string[];
}

/** Everything the demo measured. */
export interface Accounts {
  readonly orders: readonly OrderOutcome[];
  readonly messages: MessageAccounts;
  readonly charges: Charges;
  /** The tasks that were called, each once; none where the demo could not reach the broker. */
  readonly tasks: readonly TaskOutcome[];
  /** Requests that the players had to send more than once. */
  readonly requestsRepeated: number;
}

/** Orders in each status, in the order of the flow. */
export function ordersByStatus(orders: readonly OrderOutcome[]): ReadonlyMap<string, number> {
  const statuses = ['accepted', ...orderStatuses];
  const counts = statuses.map(
    (status) => [status, orders.filter((order) => order.status === status).length] as const,
  );
  return new Map(counts.filter(([, count]) => count > 0));
}

/** What does not add up, one sentence each; empty when the accounts close. */
export function findGaps(accounts: Accounts): readonly string[] {
  const { orders, messages, charges } = accounts;
  const unfinished = orders.filter(({ status }) => status === 'accepted' || !isFinal(status));
  const paid = new Set(orders.filter(({ status }) => status === 'delivered').map(({ orderId }) => orderId));
  const charged = new Set(charges.orderIds);
  const stuck = [...ordersByStatus(unfinished)].map(([status, number]) => `${number} ${status}`).join(', ');
  const gaps = [
    count(
      unfinished.length,
      `order did not reach a final status (${stuck})`,
      `orders did not reach a final status (${stuck})`,
    ),
    count(charges.orderIds.length - charged.size, 'order was charged twice', 'charges were made twice'),
    count(missing(paid, charged), 'paid order was not charged', 'paid orders were not charged'),
    count(missing(charged, paid), 'charge has no paid order', 'charges have no paid order'),
    count(messages.tasksDead, 'task failed for good', 'tasks failed for good'),
    count(messages.inFlight, 'message is still in flight', 'messages are still in flight'),
  ];
  for (const { task, failure } of accounts.tasks) {
    if (failure !== undefined) gaps.push(`${task} failed: ${failure}`);
  }
  const { published, done, dead, dropped } = messages;
  if (published !== done + dead + dropped) {
    gaps.push(
      `published ${published} messages, but done ${done} + dead ${dead} + dropped ${dropped} = ${done + dead + dropped}`,
    );
  }
  return gaps.filter((gap) => gap !== undefined);
}

function missing(wanted: ReadonlySet<string>, present: ReadonlySet<string>): number {
  return [...wanted].filter((each) => !present.has(each)).length;
}

function count(number: number, one: string, many: string): string | undefined {
  if (number === 0) return undefined;
  return `${number} ${number === 1 ? one : many}`;
}

/**
 * The nearest-rank percentile of a list of numbers.
 * @param rank between 0 and 100
 * @returns `undefined` for an empty list
 */
export function percentile(values: readonly number[], rank: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((rank / 100) * sorted.length) - 1)];
}
