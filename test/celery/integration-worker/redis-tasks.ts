import { TaskError } from '../../../workers/celery/protocol/exception.ts';
import { TaggedValue, type TaskValue } from '../../../workers/celery/protocol/value.ts';
import type { Task } from '../../../workers/celery/task.ts';
import { sum } from './python-sum.ts';
import { suiteRedis } from './suite-redis.ts';
import { named } from './suite-task.ts';

/** Tasks that leave something in Redis for a test to find, errbacks among them. */
export const redisTasks: readonly Task[] = [
  named(
    'redis_echo',
    { needed: ['message'], optional: { redis_key: 'redis-echo' } },
    async ({ message = null, redis_key }) => {
      await push(redis_key, message);
      return null;
    },
  ),
  named(
    'redis_echo_group_id',
    { needed: ['_'], optional: { redis_key: 'redis-group-ids' } },
    async ({ redis_key }, { request }) => {
      await push(redis_key, request.group ?? null);
      return null;
    },
  ),
  named('redis_count', { optional: { redis_key: 'redis-count' } }, async ({ redis_key }) => {
    await suiteRedis().incr(String(redis_key));
    return null;
  }),
  named(
    'sum_and_record',
    { needed: ['values', 'redis_key'] },
    async ({ values = null, redis_key }, { request }) => {
      const result = sum(values);
      await push(redis_key, request.id);
      return result;
    },
  ),
  named('errback_old_style', { needed: ['request_id'] }, async ({ request_id = null }) => {
    await suiteRedis().incr(String(request_id));
    return request_id;
  }),
  named('errback_new_style', { needed: ['request', 'exc', 'tb'] }, async ({ request = null }) => {
    const id = idOf(request);
    await suiteRedis().incr(id);
    return id;
  }),
  named(
    'errback_old_style_with_args',
    { needed: ['request_id', 'label'] },
    async ({ request_id, label = null }) => {
      await push(request_id, label);
      return null;
    },
  ),
  named(
    'errback_new_style_with_args',
    { needed: ['request', 'exc', 'tb', 'label'] },
    async ({ request = null, label = null }) => {
      await push(idOf(request), label);
      return null;
    },
  ),
];

async function push(key: TaskValue | undefined, value: TaskValue): Promise<void> {
  await suiteRedis().rpush(String(key), storable(value));
}

/** What Redis can store of a value, bytes of Python's included. */
function storable(value: TaskValue): string | number | Buffer {
  if (typeof value === 'string' || typeof value === 'number') return value;
  if (value instanceof TaggedValue && value.type === 'bytes') return String(value.value);
  if (value instanceof TaggedValue && value.type === 'base64')
    return Buffer.from(String(value.value), 'base64');
  throw new TaskError(
    'DataError',
    ['Invalid input: only texts, numbers and bytes can be stored'],
    'redis.exceptions',
  );
}

/** The id in the document of a request. */
function idOf(request: TaskValue): string {
  const { id } = Object(request);
  return String(id);
}
