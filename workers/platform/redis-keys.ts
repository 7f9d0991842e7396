/** A family of Redis keys: its pattern and how long a key lives. */
export interface RedisKeyDeclaration {
  readonly description: string;
  /** The key with its parameters in braces. */
  readonly pattern: string;
  /** Life time in seconds; `null` means the key stays until it is removed. */
  readonly ttlSeconds: number | null;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const redisKeys = {
  session: { description: 'Sessions of a user', pattern: 'session:{userId}', ttlSeconds: DAY },
  activeUsers: {
    description: 'Users with a live session, by the time their last session ends',
    pattern: 'sessions:active',
    ttlSeconds: DAY,
  },
  rate: {
    description: 'Token bucket of an address or user',
    pattern: 'rate:{ip}',
    ttlSeconds: 10 * MINUTE,
  },
  taskRate: {
    description: 'Token bucket of a task whose rate holds for all workers together',
    pattern: 'celery-rate:{task}',
    ttlSeconds: HOUR,
  },
  restaurantCache: {
    description: 'A restaurant, read through',
    pattern: 'cache:restaurant:{id}',
    ttlSeconds: 5 * MINUTE,
  },
  menuCache: {
    description: 'A menu, read through',
    pattern: 'cache:menu:{restaurantId}',
    ttlSeconds: 5 * MINUTE,
  },
  cacheLock: { description: 'Who fills a cache entry just now', pattern: 'cache-lock:{key}', ttlSeconds: 10 },
  orderStatus: {
    description: 'Live status of an order; changes are published on a channel of the same name',
    pattern: 'order:status:{orderId}',
    ttlSeconds: 7 * DAY,
  },
  message: {
    description: 'What became of a message, so that each takes effect once',
    pattern: 'message:{messageId}',
    ttlSeconds: 2 * DAY,
  },
  messageAccounts: {
    description: 'How many messages of each queue were published, done, dead and dropped',
    pattern: 'messages:accounts',
    ttlSeconds: null,
  },
  user: { description: 'An account', pattern: 'user:{userId}', ttlSeconds: null },
  userByEmail: {
    description: 'The account of an e-mail address',
    pattern: 'user:email:{email}',
    ttlSeconds: null,
  },
  restaurant: { description: 'A restaurant', pattern: 'restaurant:{id}', ttlSeconds: null },
  restaurantIndex: { description: 'Ids of all restaurants', pattern: 'restaurants', ttlSeconds: null },
  menu: { description: 'Menu items of a restaurant', pattern: 'menu:{restaurantId}', ttlSeconds: null },
  orderRequest: {
    description:
      'What a customer asked for, until its record exists and so that a repetition is the same order',
    pattern: 'order-request:{orderId}',
    ttlSeconds: DAY,
  },
  order: { description: 'The record of an order', pattern: 'order:{orderId}', ttlSeconds: null },
  ordersOfUser: {
    description: 'Orders of a user by time',
    pattern: 'orders:user:{userId}',
    ttlSeconds: null,
  },
  ordersOfRestaurant: {
    description: 'Orders of a restaurant in one status, by time',
    pattern: 'orders:restaurant:{restaurantId}:{status}',
    ttlSeconds: null,
  },
  orderChanges: {
    description: 'Counts the changes of all orders, so that figures know what they are up to date with',
    pattern: 'orders:changes',
    ttlSeconds: null,
  },
  changedQuarters: {
    description:
      'Quarters of an hour in which orders of a restaurant were placed that changed since the figures of their day',
    pattern: 'orders:changed:{restaurantId}',
    ttlSeconds: null,
  },
  deliveredUnlearned: {
    description: 'Delivered orders that the recommendations have not learned from, by the time of delivery',
    pattern: 'recommendations:unlearned',
    ttlSeconds: null,
  },
  taste: {
    description: 'Dishes that a user has ordered, with how often and when last',
    pattern: 'recommendations:taste:{userId}',
    ttlSeconds: null,
  },
  dishPairs: {
    description: 'Dishes that the same users ordered as this one, by weight',
    pattern: 'recommendations:pairs:{dish}',
    ttlSeconds: null,
  },
  dishWeights: {
    description: 'Dishes of a restaurant by how many users ordered them, damped',
    pattern: 'recommendations:popular:{restaurantId}',
    ttlSeconds: null,
  },
  dailyFigures: {
    description: 'Figures of a restaurant for each day',
    pattern: 'analytics:restaurant:{restaurantId}',
    ttlSeconds: null,
  },
  dailySummaries: {
    description: 'Figures of all restaurants together for each day',
    pattern: 'analytics:summaries',
    ttlSeconds: null,
  },
  scheduleRuns: {
    description: 'When each entry of the schedule was last due and published, in milliseconds since 1970',
    pattern: 'schedule:runs',
    ttlSeconds: null,
  },
  scheduleLock: {
    description: 'Which beat publishes an entry just now',
    pattern: 'schedule:lock:{entry}',
    ttlSeconds: 2 * MINUTE,
  },
  file: {
    description:
      'A report, where there is neither a directory nor a bucket for them; a day longer than its link',
    pattern: 'file:{name}',
    ttlSeconds: 8 * DAY,
  },
  ordersOfDay: {
    description: 'Restaurants by the number of their orders on a day (UTC), such as 2026-11-23',
    pattern: 'orders:day:{day}',
    ttlSeconds: 8 * DAY,
  },
  orderCounts: { description: 'Number of orders in each status', pattern: 'orders:counts', ttlSeconds: null },
  payment: {
    description: 'What became of the charge of an order',
    pattern: 'payment:{orderId}',
    ttlSeconds: null,
  },
  notification: {
    description: 'A notification that was sent',
    pattern: 'notification:{notificationId}',
    ttlSeconds: 30 * DAY,
  },
  cart: {
    description: 'What a customer has put together and not ordered yet',
    pattern: 'cart:{userId}',
    ttlSeconds: null,
  },
  cartExpiry: { description: 'Carts by the time they expire', pattern: 'carts:expiry', ttlSeconds: null },
  idleCustomers: {
    description: 'Customers by the time since which they have neither ordered nor been reminded',
    pattern: 'customers:idle',
    ttlSeconds: null,
  },
  unsubscribed: {
    description: 'Customers who want no reminders',
    pattern: 'customers:unsubscribed',
    ttlSeconds: null,
  },
  driver: { description: 'A driver', pattern: 'driver:{driverId}', ttlSeconds: null },
  freeDrivers: { description: 'Where the free drivers are', pattern: 'drivers:free', ttlSeconds: null },
  busyDrivers: {
    description: 'The order that each busy driver delivers',
    pattern: 'drivers:busy',
    ttlSeconds: null,
  },
  delivery: { description: 'Who delivers an order', pattern: 'delivery:{orderId}', ttlSeconds: null },
} as const satisfies Record<string, RedisKeyDeclaration>;

export type RedisKeyName = keyof typeof redisKeys;

type Parameters<Pattern extends string> = Pattern extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Parameters<Rest>
  : never;

/** The parameters a key needs, read from its pattern. */
export type RedisKeyParameters<Name extends RedisKeyName> = Record<
  Parameters<(typeof redisKeys)[Name]['pattern']>,
  string
>;

/**
 * The key of a family for the given parameters, e.g. `redisKey('session', { userId })`.
 * Parameters take their place in the pattern as they are.
 */
export function redisKey<Name extends RedisKeyName>(
  name: Name,
  parameters: RedisKeyParameters<Name>,
): string {
  const values: Readonly<Record<string, string>> = parameters;
  return redisKeys[name].pattern.replace(/\{(\w+)\}/g, (_, parameter: string) => values[parameter] ?? '');
}
