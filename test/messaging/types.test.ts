import { describe, expect, it } from '@jest/globals';
import type { HandlersOf } from '../../workers/messaging/handlers.ts';
import type { Messaging } from '../../workers/messaging/runtime.ts';
import type { SmartEats } from '../../workers/platform/platform.ts';
import type { TestPlatform } from './test-platform.ts';

/** Never called: the compiler is what checks these lines. */
function onlyForTheCompiler(messaging: Messaging<TestPlatform>, real: Messaging<SmartEats>): void {
  const { publisher } = messaging;
  void publisher.publish('work', { n: 1 }, { messageId: 'm' });
  // @ts-expect-error: an unknown queue
  void publisher.publish('wrok', { n: 1 }, { messageId: 'm' });
  // @ts-expect-error: a wrong payload
  void publisher.publish('work', { n: 'one' }, { messageId: 'm' });
  // @ts-expect-error: no message id
  void publisher.publish('work', { n: 1 }, {});
  // @ts-expect-error: an unknown event
  void publisher.announce('heppened', { n: 1 });
  messaging.consume('work', async ({ n }) => void n.toFixed());
  // @ts-expect-error: the payload has no such field
  messaging.consume('work', async ({ m }) => void m);
  messaging.listen('happened', ({ topic }) => void topic.length);
  // @ts-expect-error: the payload of another event
  messaging.listen('broadcast', ({ topic }) => void topic);
  // @ts-expect-error: an order needs more than this
  void real.publisher.publish('order_created', { orderId: 'o' }, { messageId: 'm' });
  // @ts-expect-error: the delivery service consumes another queue too
  const handlers: HandlersOf<SmartEats, 'delivery-service'> = { assign_driver: async () => undefined };
  void handlers;
}

describe('the declarations', () => {
  it('type what is published and handled, as the compiler checks above', () => {
    expect(onlyForTheCompiler).toBeInstanceOf(Function);
  });
});
