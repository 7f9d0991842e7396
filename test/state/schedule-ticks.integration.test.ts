import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openState, type State } from '../../workers/state/state.ts';
import { startTestRedis, type TestRedis } from '../harness/redis.ts';
import { recordedLog } from './recorded-log.ts';

let server: TestRedis;
let state: State;

beforeAll(async () => {
  server = await startTestRedis();
  const address = { REDIS_HOST: '127.0.0.1', REDIS_PORT: server.port, REDIS_PASSWORD: undefined };
  state = openState(address, recordedLog());
});
afterAll(async () => {
  await state.close();
  await server.remove();
});

describe('the ticks of the schedule', () => {
  const noon = new Date('2026-11-23T12:00:00.000Z');
  const later = new Date('2026-11-23T13:00:00.000Z');

  it('are the last that were recorded', async () => {
    await state.scheduleTicks.record('nightly', noon);
    await state.scheduleTicks.record('nightly', later);
    expect(await state.scheduleTicks.last(['nightly'], new Date())).toEqual(new Map([['nightly', later]]));
  });

  it('count from the first look for an entry that was never due', async () => {
    expect(await state.scheduleTicks.last(['weekly'], noon)).toEqual(new Map([['weekly', noon]]));
    expect(await state.scheduleTicks.last(['weekly'], later)).toEqual(new Map([['weekly', noon]]));
  });

  it('are none without entries', async () => {
    expect(await state.scheduleTicks.last([], noon)).toEqual(new Map());
  });
});
