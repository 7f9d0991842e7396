import { describe, expect, it } from '@jest/globals';
import type { HandlersOf } from '../../workers/messaging/handlers.ts';
import type { Publisher } from '../../workers/messaging/publishing.ts';
import type { SmartEats } from '../../workers/platform/platform.ts';
import { redisKey } from '../../workers/platform/redis-keys.ts';

/**
 * What must not compile: the type checker fails on an expectation below that no longer holds an error.
 * The function is never called.
 */
function misuses(publisher: Publisher<SmartEats>) {
  const options = { messageId: 'm' };
  const confirmed = { orderId: 'o', restaurantId: 'r', confirmedAt: '2026-11-23T12:00:00Z' };
  void publisher.publish('order_confirmed', confirmed, options);
  // @ts-expect-error no queue has this name
  void publisher.publish('order_confirmd', confirmed, options);
  // @ts-expect-error the payload belongs to another queue
  void publisher.publish('order_created', confirmed, options);
  // @ts-expect-error a field is missing
  void publisher.publish('order_confirmed', { orderId: 'o' }, options);
  // @ts-expect-error a message needs an id
  void publisher.publish('order_confirmed', confirmed, {});
  // @ts-expect-error no event has this name
  void publisher.announce('order_status', confirmed);
  // @ts-expect-error delivery_event has no handler
  const handlers: HandlersOf<SmartEats, 'delivery-service'> = { assign_driver: async () => {} };
  // @ts-expect-error the key needs a restaurant
  redisKey('menuCache', { id: 'r1' });
  return handlers;
}

describe('the types of the declarations', () => {
  it('are checked by the compiler, at the places marked in this file', () => {
    expect(misuses).toBeInstanceOf(Function);
  });
});
