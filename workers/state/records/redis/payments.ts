import { redisKey } from '../../../platform/redis-keys.ts';
import type { RedisConnection } from '../../redis-connection.ts';
import { keepFirst } from '../../scripts/keep-first.ts';
import { parseStored } from '../../stored.ts';
import { PaymentRecord, type PaymentStore } from '../payments.ts';

/** What became of charges, in Redis: one key for each order. */
export function redisPaymentStore(connection: RedisConnection): PaymentStore {
  const keyOf = (orderId: string) => redisKey('payment', { orderId });

  return {
    async find(orderId) {
      const key = keyOf(orderId);
      const text = await connection.run((redis) => redis.get(key));
      return text === null ? undefined : parseStored(PaymentRecord, key, text);
    },

    async record(orderId, payment) {
      const key = keyOf(orderId);
      const kept = await connection.script(keepFirst, [key], [JSON.stringify(payment)]);
      return parseStored(PaymentRecord, key, kept);
    },
  };
}
