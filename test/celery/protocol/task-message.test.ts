import { describe, expect, it } from '@jest/globals';
import { encodeTask, type TaskCall } from '../../../workers/celery/protocol/task-message.ts';

const call: TaskCall = {
  task: 'tasks.cleanup_carts',
  id: 'cleanup-202611230200',
  args: [],
  kwargs: {},
  queue: 'celery',
  origin: 'tests',
};

describe('a task message', () => {
  it('goes to its queue by the default exchange, and must arrive there', () => {
    expect(encodeTask(call)).toMatchObject({ exchange: '', routingKey: 'celery' });
    expect(encodeTask(call).properties.mandatory).toBe(true);
  });

  it('has the body of protocol 2: arguments, named arguments, and what follows the task', () => {
    const { content } = encodeTask({ ...call, args: ['ü', 1], kwargs: { days: 7 } });
    expect(JSON.parse(content.toString('utf8'))).toEqual([
      ['ü', 1],
      { days: 7 },
      { callbacks: null, errbacks: null, chain: null, chord: null },
    ]);
  });

  it('has the properties that Celery sets, and none that it never sets', () => {
    const { headers, ...properties } = encodeTask(call).properties;
    expect(properties).toEqual({
      contentType: 'application/json',
      contentEncoding: 'utf-8',
      deliveryMode: 2,
      priority: 0,
      correlationId: 'cleanup-202611230200',
      mandatory: true,
    });
    expect(headers).toBeDefined();
  });

  it('has every header of protocol 2', () => {
    expect(encodeTask({ ...call, args: ['it'], kwargs: { ok: true } }).properties.headers).toEqual({
      lang: 'js',
      task: 'tasks.cleanup_carts',
      id: 'cleanup-202611230200',
      shadow: null,
      eta: null,
      expires: null,
      group: null,
      group_index: null,
      retries: 0,
      timelimit: [null, null],
      root_id: 'cleanup-202611230200',
      parent_id: null,
      argsrepr: "['it']",
      kwargsrepr: "{'ok': True}",
      origin: 'tests',
      ignore_result: false,
      replaced_task_nesting: 0,
      stamped_headers: null,
      stamps: {},
    });
  });

  it('says when it expires as Python writes times, and leaves the expiry to the worker', () => {
    const { properties } = encodeTask({ ...call, expires: new Date('2026-11-24T02:00:00Z') });
    expect(properties.headers['expires']).toBe('2026-11-24T02:00:00.000+00:00');
    expect(properties).not.toHaveProperty('expiration');
  });

  it('carries a priority and headers for the task, which cannot replace those of the protocol', () => {
    const headers = { tenant: 'a', id: 'another', task: 'another' };
    const { properties } = encodeTask({ ...call, priority: 5, headers });
    expect(properties.priority).toBe(5);
    expect(properties.headers).toMatchObject({ tenant: 'a', id: call.id, task: call.task });
  });

  it('is the same every time', () => {
    expect(encodeTask(call)).toEqual(encodeTask(call));
  });

  it.each([
    [Number.NaN, 'NaN'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
    [9_007_199_254_740_993n, '9007199254740993'],
  ])('writes %d as Python does', (value, text) => {
    const { content } = encodeTask({ ...call, args: [[value]] });
    expect(content.toString()).toMatch(new RegExp(`^\\[\\[\\[${text}\\]\\]`));
  });
});
