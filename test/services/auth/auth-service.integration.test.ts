import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { smartEats } from '../../../workers/platform/platform.ts';
import { Account, LoginResponse } from '../../../workers/services/auth/contract.ts';
import { authService } from '../../../workers/services/auth/service.ts';
import { eventually } from '../../harness/eventually.ts';
import { startTestRedis, type TestRedis } from '../../harness/redis.ts';
import { failureOf } from '../http-client.ts';
import { runTestService, type TestService } from '../run-service.ts';

let redis: TestRedis;
let auth: TestService;
beforeAll(async () => {
  redis = await startTestRedis();
  auth = await runTestService(smartEats, 'auth-service', authService, { REDIS_URL: redis.url });
  await auth.ready();
});
afterAll(async () => {
  await auth.stop();
  await redis.remove();
});

let people = 0;
/** Somebody who is not registered yet. */
function somebody(changes: Record<string, unknown> = {}) {
  people += 1;
  return { name: 'Mina', email: `mina-${people}@example.org`, password: 'correct horse', ...changes };
}

async function signIn(person = somebody()): Promise<string> {
  await auth.call('POST', '/auth/register', { body: person });
  const { email, password } = person;
  return LoginResponse.parse((await auth.call('POST', '/auth/login', { body: { email, password } })).json)
    .token;
}

describe('registering', () => {
  it('makes a customer unless the request says driver, and never shows the password', async () => {
    const person = somebody({ phone: '+4915112345678' });
    const answer = await auth.call('POST', '/auth/register', { body: person });
    expect(answer.status).toBe(201);
    const { name, email, phone } = { phone: '', ...person };
    expect(answer.json).toEqual({ userId: expect.any(String), name, email, phone, role: 'customer' });
    const driver = await auth.call('POST', '/auth/register', { body: somebody({ role: 'driver' }) });
    expect(Account.parse(driver.json).role).toBe('driver');
    expect(JSON.stringify(auth.logged)).not.toContain('correct horse');
  });

  it('refuses an address that is taken, in whatever case it is written', async () => {
    const person = somebody();
    await auth.call('POST', '/auth/register', { body: person });
    const again = await auth.call('POST', '/auth/register', {
      body: { ...person, email: person.email.toUpperCase() },
    });
    expect(failureOf(again)).toEqual([409, 'AUTH_EMAIL_TAKEN']);
  });

  it('makes one account of two requests at the same time', async () => {
    const person = somebody();
    const answers = await Promise.all(
      [1, 2].map(() => auth.call('POST', '/auth/register', { body: person })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
  });

  it.each<[string, unknown]>([
    ['a restaurant, which only the operator can make', somebody({ role: 'restaurant' })],
    ['an unknown role', somebody({ role: 'admin' })],
    ['a restaurant id', somebody({ restaurantId: 'pasta-porta' })],
    ['a short password', somebody({ password: 'short' })],
    ['an endless password', somebody({ password: 'x'.repeat(201) })],
    ['no password', somebody({ password: undefined })],
    ['a password that is a list', somebody({ password: ['correct horse'] })],
    ['something that is no address', somebody({ email: 'mina' })],
    ['a blank name', somebody({ name: '   ' })],
    ['a local phone number', somebody({ phone: '0151 123' })],
    ['nothing', {}],
    ['a list', [somebody()]],
    ['null', null],
  ])('refuses %s', async (_what, body) => {
    const answer = await auth.call('POST', '/auth/register', { body });
    expect(failureOf(answer)).toEqual([400, 'REQUEST_INVALID']);
    expect(answer.text).not.toContain('node_modules');
  });
});

describe('logging in', () => {
  it('gives an opaque token with which the account can be read', async () => {
    const person = somebody();
    const token = await signIn(person);
    expect(token).not.toContain(person.email);
    const me = await auth.call('GET', '/auth/me', { token });
    expect(me.json).toMatchObject({ email: person.email, role: 'customer' });
    expect(me.text).not.toContain('scrypt');
  });

  it('is not to be cached', async () => {
    const { email, password } = somebody();
    await auth.call('POST', '/auth/register', { body: somebody({ email, password }) });
    const answer = await auth.call('POST', '/auth/login', { body: { email, password } });
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('answers a wrong password and an unknown address alike', async () => {
    const person = somebody();
    await auth.call('POST', '/auth/register', { body: person });
    const wrong = await auth.call('POST', '/auth/login', { body: { email: person.email, password: 'no' } });
    const unknown = await auth.call('POST', '/auth/login', {
      body: { email: 'x@example.org', password: 'no' },
    });
    expect(failureOf(wrong)).toEqual([401, 'AUTH_CREDENTIALS_WRONG']);
    const withoutId = (text: string) => text.replace(/"requestId":"[^"]+"/, '');
    expect(withoutId(unknown.text)).toBe(withoutId(wrong.text));
  });

  it('counts as an active user once, however often it happens', async () => {
    const before = await activeUsers();
    const person = somebody();
    await signIn(person);
    await signIn(person);
    expect(await activeUsers()).toBe(before + 1);
  });
});

describe('logging out', () => {
  it('ends this session and no other', async () => {
    const person = somebody();
    const [first, second] = [await signIn(person), await signIn(person)];
    expect((await auth.call('POST', '/auth/logout', { token: first })).status).toBe(204);
    expect(failureOf(await auth.call('GET', '/auth/me', { token: first }))).toEqual([
      401,
      'AUTH_SESSION_INVALID',
    ]);
    expect(failureOf(await auth.call('POST', '/auth/logout', { token: first }))).toEqual([
      401,
      'AUTH_SESSION_INVALID',
    ]);
    expect((await auth.call('GET', '/auth/me', { token: second })).status).toBe(200);
  });

  it.each([
    ['no header', {}],
    ['another scheme', { authorization: 'Basic bWluYTp4' }],
    ['a made-up token', { authorization: 'Bearer bm90IGEgdG9rZW4' }],
    ['no token', { authorization: 'Bearer ' }],
  ])('needs a session: %s is not one', async (_what, headers) => {
    expect(failureOf(await auth.call('GET', '/auth/me', { headers }))).toEqual([401, 'AUTH_SESSION_INVALID']);
    expect(failureOf(await auth.call('POST', '/auth/logout', { headers }))).toEqual([
      401,
      'AUTH_SESSION_INVALID',
    ]);
  });
});

describe('while Redis is away', () => {
  it('answers 503 with Retry-After, is alive and not ready, and recovers by itself', async () => {
    const person = somebody();
    const token = await signIn(person);
    await redis.stop();
    const answer = await auth.call('GET', '/auth/me', { token });
    expect(failureOf(answer)).toEqual([503, 'STATE_UNAVAILABLE']);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await auth.call('GET', '/livez')).status).toBe(200);
    const readyz = await auth.call('GET', '/readyz');
    expect([readyz.status, readyz.json]).toEqual([503, expect.objectContaining({ ready: false })]);
    expect((await auth.call('GET', '/metrics')).status).toBe(200);
    await redis.start();
    await auth.ready();
    await eventually(async () => expect((await auth.call('GET', '/auth/me', { token })).status).toBe(200));
  });
});

async function activeUsers(): Promise<number> {
  const { text } = await auth.call('GET', '/metrics');
  return Number(/^active_users\{[^}]*\} (\d+)$/m.exec(text)?.[1]);
}
