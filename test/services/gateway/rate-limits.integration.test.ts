import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { smartEats } from '../../../workers/platform/platform.ts';
import { freshVhost, type TestVhost } from '../../harness/broker.ts';
import { failureOf } from '../http-client.ts';
import { startWorld, type World } from './world.ts';

const perMinute = 20;

let broker: TestVhost;
let world: World;
beforeAll(async () => {
  broker = await freshVhost(smartEats);
  world = await startWorld(broker, {
    RATE_LIMIT_PER_MINUTE: String(perMinute),
    TRUST_PROXY: '127.0.0.1',
  });
  await world.gateway.ready();
});
afterAll(async () => {
  await world.end();
  await broker.drop();
});

let callers = 0;
let address: { 'x-forwarded-for': string };
beforeEach(() => {
  callers += 1;
  address = { 'x-forwarded-for': `192.0.2.${callers}` };
});

const read = (headers: Record<string, string>, token?: string) =>
  world.gateway.call('GET', '/restaurants', { headers, token });

async function useUp(headers: Record<string, string>, token?: string): Promise<void> {
  for (let i = 0; i < perMinute * 2; i += 1) {
    if ((await read(headers, token)).status === 429) return;
  }
  throw new Error('there was no limit');
}

describe('the rate limit', () => {
  it('says with every answer how much is left', async () => {
    const answers = [await read(address), await read(address)];
    expect(answers.map(({ headers }) => headers.get('x-ratelimit-limit'))).toEqual(['20', '20']);
    expect(answers.map(({ headers }) => headers.get('x-ratelimit-remaining'))).toEqual(['19', '18']);
    expect(Number(answers[1]?.headers.get('x-ratelimit-reset'))).toBeGreaterThan(0);
  });

  it('answers 429 with Retry-After once an address has used it up', async () => {
    await useUp(address);
    const answer = await read(address);
    expect(failureOf(answer)).toEqual([429, 'RATE_LIMITED']);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(answer.headers.get('x-ratelimit-remaining')).toBe('0');
  });

  it('concerns neither another address nor a user at the same one', async () => {
    await useUp(address);
    expect((await read({ 'x-forwarded-for': '198.51.100.7' })).status).toBe(200);
    expect((await read(address, world.tokens.customer)).status).toBe(200);
  });

  it('is the same for one user at every address', async () => {
    await useUp(address, world.tokens.driver);
    const elsewhere = await read({ 'x-forwarded-for': '198.51.100.8' }, world.tokens.driver);
    expect(failureOf(elsewhere)).toEqual([429, 'RATE_LIMITED']);
  });

  it('is not escaped by a token that is made up', async () => {
    await useUp(address);
    expect(failureOf(await read(address, 'made-up'))).toEqual([429, 'RATE_LIMITED']);
  });

  it('does not concern probes and metrics', async () => {
    await useUp({});
    for (const path of ['/livez', '/readyz', '/metrics']) {
      expect((await world.gateway.call('GET', path)).status).toBe(200);
    }
  });

  it('believes only the last address a trusted proxy added', async () => {
    await useUp(address);
    const forged = { 'x-forwarded-for': `203.0.113.99, ${address['x-forwarded-for']}` };
    expect(failureOf(await read(forged))).toEqual([429, 'RATE_LIMITED']);
  });

  it('comes sooner for log-ins than for anything else', async () => {
    const body = { email: 'a@example.org', password: 'guess' };
    const statuses: number[] = [];
    for (let i = 0; i < perMinute / 2; i += 1) {
      const answer = await world.gateway.call('POST', '/auth/login', { headers: address, body });
      statuses.push(answer.status);
      if (answer.status === 429) expect(answer.headers.get('retry-after')).not.toBeNull();
    }
    expect(statuses).toContain(429);
    expect((await read(address)).status).toBe(200);
  });
});

describe('without a trusted proxy', () => {
  it('X-Forwarded-For is not believed', async () => {
    const direct = await startWorld(broker, { RATE_LIMIT_PER_MINUTE: '3' });
    try {
      const statuses: number[] = [];
      for (let i = 0; i < 6; i += 1) {
        const headers = { 'x-forwarded-for': `192.0.2.${i}` };
        statuses.push((await direct.gateway.call('GET', '/restaurants', { headers })).status);
      }
      expect(statuses).toContain(429);
    } finally {
      await direct.end();
    }
  });
});
