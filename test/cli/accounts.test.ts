import { describe, expect, it } from '@jest/globals';
import { type Accounts, findGaps, ordersByStatus, percentile } from '../../cli/accounting/accounts.ts';
import { renderAccounts } from '../../cli/accounting/table.ts';

const closed: Accounts = {
  orders: [
    { orderId: 'a', status: 'delivered', tookMs: 1_000 },
    { orderId: 'b', status: 'delivered', tookMs: 3_000 },
    { orderId: 'c', status: 'payment_declined', tookMs: 200 },
  ],
  messages: {
    published: 20,
    done: 20,
    dropped: 0,
    dead: 0,
    tasksDead: 0,
    inFlight: 0,
    retried: 1,
    duplicates: 2,
  },
  charges: { orderIds: ['a', 'b'] },
  tasks: [{ task: 'tasks.cleanup_carts', tookMs: 40 }],
  requestsRepeated: 0,
};

describe('the accounting of a demo', () => {
  it('closes when every order is final, every paid order is charged once and every message is done', () => {
    expect(findGaps(closed)).toEqual([]);
  });

  it('closes when a message is dead, since a dead message is not lost', () => {
    expect(findGaps({ ...closed, messages: { ...closed.messages, done: 19, dead: 1 } })).toEqual([]);
  });

  it('names an order that did not reach a final status, and the status it rests in', () => {
    const orders = [...closed.orders, { orderId: 'd', status: 'accepted', tookMs: undefined } as const];
    expect(findGaps({ ...closed, orders })).toEqual(['1 order did not reach a final status (1 accepted)']);
  });

  it('names an order that was charged twice', () => {
    expect(findGaps({ ...closed, charges: { orderIds: ['a', 'b', 'b'] } })).toEqual([
      '1 order was charged twice',
    ]);
  });

  it('names a paid order without a charge and a charge without a paid order', () => {
    expect(findGaps({ ...closed, charges: { orderIds: ['a', 'x'] } })).toEqual([
      '1 paid order was not charged',
      '1 charge has no paid order',
    ]);
  });

  it('names a task that failed, and why', () => {
    const tasks = [...closed.tasks, { task: 'tasks.send_reminders', failure: 'UserUnknown: nobody' }];
    expect(findGaps({ ...closed, tasks })).toEqual(['tasks.send_reminders failed: UserUnknown: nobody']);
  });

  it('names tasks that failed for good, called by whomever', () => {
    const messages = { ...closed.messages, tasksDead: 2 };
    expect(findGaps({ ...closed, messages })).toEqual(['2 tasks failed for good']);
  });

  it('names a message that was lost', () => {
    const gaps = findGaps({ ...closed, messages: { ...closed.messages, done: 19 } });
    expect(gaps).toEqual(['published 20 messages, but done 19 + dead 0 + dropped 0 = 19']);
  });

  it('names messages that are still on their way', () => {
    expect(findGaps({ ...closed, messages: { ...closed.messages, inFlight: 3 } })).toEqual([
      '3 messages are still in flight',
    ]);
  });

  it('counts orders by status in the order of the flow and leaves out empty ones', () => {
    expect([...ordersByStatus(closed.orders)]).toEqual([
      ['payment_declined', 1],
      ['delivered', 2],
    ]);
  });

  it('is shown with every figure', () => {
    const table = renderAccounts(closed);
    for (const expected of [
      /placed +│ +3 /,
      /published +│ +20 /,
      /tasks\.cleanup_carts +│ +0\.04 s /,
      /failed +│ +0 /,
      /ledger +│ +2 /,
      /p50 +│ +1\.00 s/,
      /p99 +│ +3\.00 s/,
    ]) {
      expect(table).toMatch(expected);
    }
  });
});

describe('a percentile', () => {
  it('is the nearest rank', () => {
    const oneToHundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([50, 95, 99, 100].map((rank) => percentile(oneToHundred, rank))).toEqual([50, 95, 99, 100]);
    expect(percentile([7], 50)).toBe(7);
  });

  it('of nothing is unknown', () => {
    expect(percentile([], 50)).toBeUndefined();
  });
});
