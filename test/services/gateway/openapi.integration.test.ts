import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import getPort from 'get-port';
import { z } from 'zod';
import { smartEats } from '../../../workers/platform/platform.ts';
import { authService } from '../../../workers/services/auth/service.ts';
import { apiGateway } from '../../../workers/services/gateway/service.ts';
import { freshVhost, type TestVhost } from '../../harness/broker.ts';
import type { Answer } from '../http-client.ts';
import { runTestService, type TestService } from '../run-service.ts';
import { apiCases } from './api-cases.ts';
import { startWorld, type World } from './world.ts';

const Response = z.object({
  description: z.string().min(1),
  content: z.record(z.string(), z.object({ schema: z.record(z.string(), z.unknown()) })).optional(),
});
const Operation = z.object({
  summary: z.string().min(5),
  tags: z.array(z.string()).length(1),
  responses: z.record(z.string(), Response),
});
const Description = z.looseObject({
  openapi: z.literal('3.1.0'),
  tags: z.array(z.object({ name: z.string() })),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
  paths: z.record(z.string(), z.record(z.string(), Operation)),
});

/** Happens at any operation and is made to happen by tests of its own. */
const anywhere = ['429', '500', '503'];

let broker: TestVhost;
let world: World;
let auth: TestService;
let description: z.output<typeof Description>;
const routes: { readonly method: string; readonly url: string }[] = [];

beforeAll(async () => {
  broker = await freshVhost(smartEats);
  const authPort = await getPort();
  world = await startWorld(
    broker,
    { AUTH_SERVICE_URL: `http://127.0.0.1:${authPort}` },
    {
      routes: (app, deps) => {
        app.addHook('onRoute', ({ method, url }) => {
          for (const each of [method].flat()) routes.push({ method: each, url });
        });
        return apiGateway.routes?.(app, deps);
      },
    },
  );
  auth = await runTestService(smartEats, 'auth-service', authService, {
    REDIS_URL: world.redis.url,
    PORT: String(authPort),
  });
  await world.gateway.ready();
  description = Description.parse((await world.gateway.call('GET', '/openapi.json')).json);
});
afterAll(async () => {
  await auth.stop();
  await world.end();
  await broker.drop();
});

function operations() {
  return Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      operation,
    })),
  );
}

/** What keeps an answer from being the documented one; nothing where it is. */
function deviation(name: string, { status, headers, json }: Answer): string | undefined {
  const documented = operations().find((each) => each.name === name)?.operation.responses[status];
  if (documented === undefined) return `${status} is not documented`;
  const contentType = headers.get('content-type')?.split(';')[0];
  if (documented.content === undefined) return contentType === undefined ? undefined : 'there is a body';
  const media = contentType === undefined ? undefined : documented.content[contentType];
  if (media === undefined) return `content type ${contentType} is not documented`;
  if (contentType !== 'application/json') return undefined;
  // Formats are texts for people here; the patterns beside them are checked.
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const valid = ajv.validate({ ...media.schema, components: description.components }, json);
  return valid ? undefined : ajv.errorsText();
}

describe('the description of the API', () => {
  it('covers every route', () => {
    const registered = routes
      .filter(({ method, url }) => method !== 'HEAD' && !url.startsWith('/docs'))
      .map(({ method, url }) => `${method} ${url.replace(/:(\w+)/g, '{$1}')}`);
    expect(
      operations()
        .map(({ name }) => name)
        .sort(),
    ).toEqual([...new Set(registered)].sort());
  });

  it('uses only tags it explains', () => {
    const tags = new Set(operations().flatMap(({ operation }) => operation.tags));
    expect(description.tags.map(({ name }) => name).sort()).toEqual([...tags].sort());
  });

  it('is what every operation does, for each answer it documents', async () => {
    const problems: string[] = [];
    const seen = new Set<string>();
    for (const { operation, status, request } of await apiCases(world)) {
      const answer = await request();
      seen.add(`${operation} ${answer.status}`);
      const problem = answer.status === status ? deviation(operation, answer) : `it was ${answer.status}`;
      if (problem !== undefined) problems.push(`${operation}, wanted ${status}: ${problem}: ${answer.text}`);
    }
    expect(problems).toEqual([]);
    const documented = operations().flatMap(({ name, operation }) =>
      Object.keys(operation.responses)
        .filter((status) => !anywhere.includes(status))
        .map((status) => `${name} ${status}`),
    );
    expect([...seen].sort()).toEqual(documented.sort());
  });

  it('is shown as a page that loads nothing from elsewhere', async () => {
    const page = await world.gateway.call('GET', '/docs');
    expect(page.status).toBe(200);
    const assets = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link = '']) => link);
    expect(assets.length).toBeGreaterThan(3);
    for (const link of assets) {
      expect(link).toMatch(/^\/docs\//);
      expect((await world.gateway.call('GET', link)).status).toBe(200);
    }
    expect(page.headers.get('content-security-policy')).not.toMatch(/https?:/);
  });

  it('is linked from the start page', async () => {
    const { links } = z
      .object({ links: z.record(z.string(), z.string()) })
      .parse((await world.gateway.call('GET', '/')).json);
    for (const link of Object.values(links)) {
      expect((await world.gateway.call('GET', link)).status).toBe(200);
    }
  });
});
