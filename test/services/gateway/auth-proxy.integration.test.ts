import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import getPort from 'get-port';
import { smartEats } from '../../../workers/platform/platform.ts';
import { Account, LoginResponse } from '../../../workers/services/auth/contract.ts';
import { authService } from '../../../workers/services/auth/service.ts';
import { freshVhost, type TestVhost } from '../../harness/broker.ts';
import { failureOf } from '../http-client.ts';
import { runTestService, type TestService } from '../run-service.ts';
import { startWorld, type World } from './world.ts';

let broker: TestVhost;
let world: World;
let auth: TestService;
let authPort: number;
const startAuth = () =>
  runTestService(smartEats, 'auth-service', authService, {
    REDIS_URL: world.redis.url,
    PORT: String(authPort),
  });

beforeAll(async () => {
  broker = await freshVhost(smartEats);
  authPort = await getPort();
  world = await startWorld(broker, { AUTH_SERVICE_URL: `http://127.0.0.1:${authPort}` });
  auth = await startAuth();
});
afterAll(async () => {
  await auth.stop();
  await world.end();
  await broker.drop();
});

const person = { name: 'Mina', email: 'mina@example.org', password: 'correct horse' };

describe('accounts through the gateway', () => {
  it('register, log in, read themselves and log out', async () => {
    const { call } = world.gateway;
    const registered = await call('POST', '/auth/register', { body: person });
    expect([registered.status, Account.parse(registered.json).role]).toEqual([201, 'customer']);
    const login = await call('POST', '/auth/login', { body: person });
    expect(failureOf(login)).toEqual([400, 'REQUEST_INVALID']);
    const { email, password } = person;
    const { token } = LoginResponse.parse(
      (await call('POST', '/auth/login', { body: { email, password } })).json,
    );
    expect((await call('GET', '/auth/me', { token })).json).toMatchObject({ email, role: 'customer' });
    expect((await call('GET', '/orders', { token })).json).toEqual({ orders: [] });
    expect((await call('POST', '/auth/logout', { token })).status).toBe(204);
    expect(failureOf(await call('GET', '/auth/me', { token }))).toEqual([401, 'AUTH_SESSION_INVALID']);
  });

  it('get the errors of the auth service as they are, under the request id of the caller', async () => {
    const headers = { 'x-request-id': 'trace-7' };
    const body = { email: 'nobody@example.org', password: 'wrong' };
    const answer = await world.gateway.call('POST', '/auth/login', { body, headers });
    expect(failureOf(answer)).toEqual([401, 'AUTH_CREDENTIALS_WRONG']);
    expect(answer.text).toContain('"requestId":"trace-7"');
    expect(answer.headers.get('x-request-id')).toBe('trace-7');
  });

  it('of the demo can log in with the password they were seeded with', async () => {
    const body = { email: 'pasta-porta@smarteats.example', password: 'correct horse' };
    const answer = await world.gateway.call('POST', '/auth/login', { body });
    expect(LoginResponse.parse(answer.json).account).toMatchObject({
      role: 'restaurant',
      restaurantId: 'pasta-porta',
    });
  });
});

describe('while the auth service is away', () => {
  it('its part answers 503 with Retry-After, and the rest goes on', async () => {
    await auth.stop();
    const answer = await world.gateway.call('POST', '/auth/login', {
      body: { email: 'a@example.org', password: 'x' },
    });
    expect(failureOf(answer)).toEqual([503, 'SERVICE_UNAVAILABLE']);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(answer.text).not.toMatch(/ECONN|127\.0\.0\.1/);
    const orders = await world.gateway.call('GET', '/orders', { token: world.tokens.customer });
    expect(orders.status).toBe(200);
    auth = await startAuth();
    const again = await world.gateway.call('GET', '/auth/me', { token: world.tokens.customer });
    expect(again.status).toBe(200);
  });

  it('a request is sent to it once, and not again after an error', async () => {
    await auth.stop();
    let requests = 0;
    const failing: Server = createServer((_request, response) => {
      requests += 1;
      response.writeHead(503, { 'content-type': 'application/json', 'retry-after': '1' });
      response.end('{}');
    });
    await new Promise<void>((resolve) => failing.listen(authPort, '127.0.0.1', resolve));
    try {
      const answer = await world.gateway.call('GET', '/auth/me', { token: world.tokens.customer });
      expect([answer.status, requests]).toEqual([503, 1]);
    } finally {
      failing.closeAllConnections();
      await new Promise((resolve) => failing.close(resolve));
    }
    auth = await startAuth();
  });
});
