import { createConnection } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { z } from 'zod';
import { PlatformError } from '../../../workers/platform/errors.ts';
import { ErrorBody } from '../../../workers/services/host/error-response.ts';
import { bodyLimitBytes, createHttpServer } from '../../../workers/services/host/http-server.ts';
import type { App } from '../../../workers/services/host/service-module.ts';
import { createMetrics } from '../../../workers/telemetry/metrics.ts';
import { errorOf, failureOf, httpClient } from '../http-client.ts';

let app: App;
afterEach(() => app.close());

/** A server with a route that wants a meal and one that fails as it is told. */
async function start(failure: unknown = new Error('the database said: password hunter2 is wrong')) {
  const lines: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
  const metrics = createMetrics('test');
  app = createHttpServer({ log, metrics });
  const meal = z.strictObject({ name: z.string(), price: z.int() });
  app.post('/meals/:mealId', { schema: { body: meal } }, async (request) => request.body);
  app.post('/bodiless', async () => ({ done: true }));
  app.get('/fails', async () => {
    throw failure;
  });
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  return { lines, metrics, call: httpClient(address) };
}

const json = { 'content-type': 'application/json' };
const meal = JSON.stringify({ name: 'Soup', price: 450 });

describe('the HTTP server of a service', () => {
  it.each<[string, { headers?: Record<string, string>; text?: string; url?: string }, number, string]>([
    ['a missing body', { headers: {} }, 400, 'REQUEST_INVALID'],
    ['an empty JSON body', { headers: json, text: '' }, 400, 'REQUEST_INVALID'],
    ['something that is not JSON', { headers: json, text: '{"name":' }, 400, 'REQUEST_INVALID'],
    ['JSON of the wrong shape', { headers: json, text: '[1]' }, 400, 'REQUEST_INVALID'],
    ['an unknown field', { headers: json, text: '{"name":"a","price":1,"x":1}' }, 400, 'REQUEST_INVALID'],
    ['a prototype in disguise', { headers: json, text: '{"__proto__":{"a":1}}' }, 400, 'REQUEST_INVALID'],
    ['deeply nested JSON', { headers: json, text: '['.repeat(60_000) }, 400, 'REQUEST_INVALID'],
    [
      'deeply nested valid JSON',
      { headers: json, text: `${'['.repeat(3e4)}${']'.repeat(3e4)}` },
      400,
      'REQUEST_INVALID',
    ],
    [
      'too large a body',
      { headers: json, text: `"${'x'.repeat(bodyLimitBytes)}"` },
      413,
      'REQUEST_BODY_TOO_LARGE',
    ],
    [
      'a text',
      { headers: { 'content-type': 'text/plain' }, text: meal },
      415,
      'REQUEST_MEDIA_TYPE_UNSUPPORTED',
    ],
    [
      'a form',
      { headers: { 'content-type': 'application/x-www-form-urlencoded' }, text: 'name=a' },
      415,
      'REQUEST_MEDIA_TYPE_UNSUPPORTED',
    ],
    [
      'a nonsensical content type',
      { headers: { 'content-type': 'json' }, text: meal },
      415,
      'REQUEST_MEDIA_TYPE_UNSUPPORTED',
    ],
    ['an unknown path', { headers: json, text: meal, url: '/mails/1' }, 404, 'ROUTE_NOT_FOUND'],
    [
      'a path that cannot be decoded',
      { headers: json, text: meal, url: '/meals/%zz' },
      400,
      'REQUEST_INVALID',
    ],
    [
      'a parameter that is far too long',
      { headers: json, text: meal, url: `/meals/${'x'.repeat(5_000)}` },
      400,
      'REQUEST_INVALID',
    ],
  ])('answers %s with a code and no stack', async (_what, { url = '/meals/1', ...request }, status, code) => {
    const { call } = await start();
    const response = await call('POST', url, request);
    expect(failureOf(response)).toEqual([status, code]);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(response.text).not.toMatch(/node_modules|\.ts:\d|at \w+ \(/);
  });

  it('names the fields that are wrong', async () => {
    const { call } = await start();
    const payload = { name: 1, price: 4.5 };
    const response = await call('POST', '/meals/1', { body: payload });
    const { details } = errorOf(response);
    expect(details['fields']).toEqual([
      { field: 'body/name', problem: expect.stringContaining('expected string') },
      { field: 'body/price', problem: expect.stringContaining('expected int') },
    ]);
  });

  it('says how large a body may be', async () => {
    const { call } = await start();
    const payload = JSON.stringify({ name: 'x'.repeat(bodyLimitBytes), price: 1 });
    const response = await call('POST', '/meals/1', { text: payload, headers: json });
    expect(errorOf(response).details).toEqual({ limitBytes: bodyLimitBytes });
  });

  it('takes a request without a body on a route that wants none, whatever its content type says', async () => {
    const { call } = await start();
    const response = await call('POST', '/bodiless', { headers: json });
    expect(response.status).toBe(200);
  });

  it('keeps the cause of a fault to the log, under the request id of the answer', async () => {
    const { lines, call } = await start();
    const response = await call('GET', '/fails');
    const error = errorOf(response);
    expect(response.status).toBe(500);
    expect(error.code).toBe('INTERNAL_ERROR');
    expect(response.text).not.toContain('hunter2');
    const line = lines.map((text) => JSON.parse(text)).find(({ requestId }) => requestId === error.requestId);
    expect(line.err.message).toContain('hunter2');
  });

  it.each([
    [
      'an error without a status in the catalogue',
      new PlatformError('RECORD_CORRUPT', 'key user:1 is broken'),
    ],
    [
      'an error of a library with a status code of its own',
      Object.assign(new Error('card of user 1'), { statusCode: 402 }),
    ],
    ['something thrown that is no error', 'just a text'],
  ])('answers %s as an internal error', async (_what, failure) => {
    const { call } = await start(failure);
    const response = await call('GET', '/fails');
    expect(failureOf(response)).toEqual([500, 'INTERNAL_ERROR']);
    expect(response.text).not.toMatch(/user:1|card|just a text/);
  });

  it.each(['STATE_UNAVAILABLE', 'BROKER_UNAVAILABLE', 'SERVICE_UNAVAILABLE'] as const)(
    'answers %s with 503 and when to try again',
    async (code) => {
      const { call } = await start(new PlatformError(code, 'connect ECONNREFUSED 10.1.2.3:6379'));
      const response = await call('GET', '/fails');
      expect(failureOf(response)).toEqual([503, code]);
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(response.text).not.toContain('10.1.2.3');
    },
  );

  it('tells for how long a rate limit lasts', async () => {
    const { call } = await start(
      new PlatformError('RATE_LIMITED', undefined, { details: { retryAfterSeconds: 17 } }),
    );
    const response = await call('GET', '/fails');
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '17']);
  });

  it('keeps a sane request id and replaces any other', async () => {
    const { call } = await start();
    const answerTo = async (id: string) =>
      (await call('GET', '/fails', { headers: { 'x-request-id': id } })).headers.get('x-request-id');
    expect(await answerTo('trace-1.2:3')).toBe('trace-1.2:3');
    expect(await answerTo('<script>')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await answerTo('x'.repeat(500))).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('counts requests under the pattern of their route, and unknown paths under one name', async () => {
    const { metrics, call } = await start();
    await call('POST', '/meals/1', { text: meal, headers: json });
    await call('POST', '/meals/2', { text: meal, headers: json });
    await call('GET', '/nowhere/1');
    await call('GET', '/nowhere/2');
    const { body } = await metrics.scrape();
    expect(body).toContain(
      'http_requests_total{method="POST",route="/meals/:mealId",status="200",service="test"} 2',
    );
    expect(body).toContain(
      'http_requests_total{method="GET",route="unmatched",status="404",service="test"} 2',
    );
    expect(body).toContain(
      'http_request_duration_seconds_count{service="test",method="POST",route="/meals/:mealId",status="200"} 2',
    );
  });

  it('answers what is not HTTP in the same shape', async () => {
    await start();
    const { port } = app.server.address() as { port: number };
    const socket = createConnection(port, '127.0.0.1', () => socket.end('GARBAGE\r\n\r\n'));
    let text = '';
    for await (const chunk of socket) text += chunk;
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect(ErrorBody.parse(JSON.parse(text.split('\r\n\r\n')[1] ?? '')).error.code).toBe('REQUEST_INVALID');
  });
});
