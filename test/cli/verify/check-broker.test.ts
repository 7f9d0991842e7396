import { describe, expect, it } from '@jest/globals';
import type { BrokerTopology } from '../../../cli/cluster/broker-topology.ts';
import { checkBroker } from '../../../cli/verify/check-broker.ts';
import { gapsOf } from '../../../cli/verify/finding.ts';
import { smartEats } from '../../../workers/platform/platform.ts';
import { brokerOf } from './broker-of.ts';

const whole = brokerOf(smartEats);
const gaps = (live: Partial<BrokerTopology>) => gapsOf(checkBroker(smartEats, { ...whole, ...live }));

type Queue = BrokerTopology['queues'][number];
const withQueue = (name: string, change: Partial<Queue>) => ({
  queues: whole.queues.map((queue) => (queue.name === name ? { ...queue, ...change } : queue)),
});

describe('a broker', () => {
  it('that holds what is declared has no gap, whatever else it holds', () => {
    const more = { name: 'of-somebody-else', durable: false, type: 'classic', arguments: {}, policy: {} };
    expect(gaps({})).toEqual([]);
    expect(gaps({ queues: [...whole.queues, more] })).toEqual([]);
  });

  it('without an exchange has a gap, as has one with another type or one that does not last', () => {
    const [first, ...others] = whole.exchanges;
    expect(gaps({ exchanges: others })).toEqual([`broker: exchanges: ${first?.name} is missing`]);
    const wrong = whole.exchanges.map((each, index) => (index === 0 ? { ...each, type: 'headers' } : each));
    expect(gaps({ exchanges: wrong })).toEqual([
      `broker: exchanges: ${first?.name} is headers instead of ${first?.type}`,
    ]);
    const passing = whole.exchanges.map((each, index) => (index === 0 ? { ...each, durable: false } : each));
    expect(gaps({ exchanges: passing })).toEqual([`broker: exchanges: ${first?.name} is not durable`]);
  });

  it('whose queue may lose messages has a gap: gone, not durable, or of one node', () => {
    const area = 'broker: queues: durable, quorum, as declared';
    const others = whole.queues.filter(({ name }) => name !== 'order_created');
    expect(gaps({ queues: others })).toEqual([`${area}: order_created is missing`]);
    expect(gaps(withQueue('order_created', { durable: false }))).toEqual([
      `${area}: order_created is not durable`,
    ]);
    expect(gaps(withQueue('order_created', { type: 'classic' }))).toEqual([
      `${area}: order_created is classic instead of quorum`,
    ]);
  });

  it('whose policies were removed names what each queue lacks, and does not fill the screen', () => {
    const bare = whole.queues.map((queue) => ({ ...queue, policy: {} }));
    const [gap = '', ...more] = gaps({ queues: bare });
    expect(more).toEqual([]);
    expect(gap).toContain('order_created: dead-letter-exchange is null instead of "smarteats.dead"');
    expect(gap).toMatch(/; and \d+ more$/);
  });

  it('that drops the oldest when a queue is full has a gap', () => {
    const policy = {
      ...whole.queues.find(({ name }) => name === 'order_created')?.policy,
      overflow: 'drop-head',
    };
    expect(gaps(withQueue('order_created', { policy }))).toEqual([
      'broker: limits and dead letters of the queues: order_created: overflow is "drop-head" instead of "reject-publish"',
    ]);
  });

  it('that leads something else into a queue has a gap, as has one that does not lead what it should', () => {
    const extra = { exchange: 'amq.topic', queue: 'order_created', routingKey: '#' };
    expect(gaps({ bindings: [...whole.bindings, extra] })).toEqual([
      'broker: bindings: amq.topic to order_created by "#" is not declared',
    ]);
    const without = whole.bindings.filter(({ routingKey }) => routingKey !== '#.celery');
    expect(gaps({ bindings: without })).toEqual([
      'broker: bindings: celery_delayed_delivery to celery by "#.celery" is missing',
    ]);
  });

  it('in which waiting tasks are not safe has a gap', () => {
    const risky = { 'x-dead-letter-exchange': 'celery_delayed_4', 'x-message-ttl': 32_000 };
    const [gap] = gaps(withQueue('celery_delayed_5', { arguments: risky }));
    expect(gap).toContain(
      'broker: queues in which tasks wait for their time: celery_delayed_5: x-overflow is null instead of "reject-publish"',
    );
    expect(gap).toContain('x-dead-letter-strategy is null instead of "at-least-once"');
  });
});
