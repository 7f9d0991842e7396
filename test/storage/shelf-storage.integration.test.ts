import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { redisKey, redisKeys } from '../../workers/platform/redis-keys.ts';
import { openState, type State } from '../../workers/state/state.ts';
import { openStorage } from '../../workers/storage/open-storage.ts';
import { startTestRedis, type TestRedis } from '../harness/redis.ts';
import { platformError } from '../state/error-code.ts';
import { recordedLog } from '../state/recorded-log.ts';
import { describeStorage } from './describe-storage.ts';

let server: TestRedis;
let state: State;
beforeAll(async () => {
  server = await startTestRedis();
  state = await openState({ REDIS_URL: server.url }, recordedLog());
});
afterAll(async () => {
  await state.close();
  await server.remove();
});

describeStorage('a storage for which neither bucket nor directory is set', () =>
  openStorage({}, state.files),
);

describe('a storage for which neither bucket nor directory is set', () => {
  it('keeps a file in Redis for longer than a link to it lasts, which is a week', async () => {
    await openStorage({}, state.files).put('reports/roma/c.pdf', Buffer.from('pdf'), 'application/pdf');
    const redis = new Redis(server.url);
    const seconds = await redis.ttl(redisKey('file', { name: 'reports/roma/c.pdf' }));
    expect(seconds).toBeGreaterThan(7 * 86_400);
    expect(seconds).toBeLessThanOrEqual(redisKeys.file.ttlSeconds);
    redis.disconnect();
  });

  it('says that it cannot be used while Redis is away, which passes', async () => {
    const away = await openState({ REDIS_URL: 'redis://127.0.0.1:1' }, recordedLog());
    const storage = openStorage({}, away.files);
    for (const attempt of [storage.open('a.pdf'), storage.put('a.pdf', Buffer.from('x'), 'text/plain')]) {
      expect((await platformError(attempt)).code).toBe('REPORT_STORAGE_FAILED');
    }
    await away.close();
  });
});
