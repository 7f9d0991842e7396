import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { announceStack, findRunningStack } from '../../local/running-stack.ts';

const stack = {
  redisUrl: 'redis://127.0.0.1:4379',
  amqpUrl: 'amqp://127.0.0.1:4672',
  management: { url: 'http://127.0.0.1:4673', user: 'smarteats', password: 'secret' },
  monitoring: { urls: { prometheus: 'http://127.0.0.1:4690' }, problems: ['no exporter'] },
};

describe('a stack that is up', () => {
  let run: string;
  beforeEach(() => {
    run = mkdtempSync(join(tmpdir(), 'smarteats-test-run-'));
  });
  afterEach(() => rmSync(run, { recursive: true }));

  it('is found with all that other commands ask of it, until it is down', () => {
    expect(findRunningStack(run)).toBeUndefined();
    const withdraw = announceStack(run, stack);
    expect(findRunningStack(run)).toEqual(stack);
    withdraw();
    expect(findRunningStack(run)).toBeUndefined();
  });

  it('is found where nothing watches it', () => {
    const { monitoring: _, ...unwatched } = stack;
    const withdraw = announceStack(run, unwatched);
    expect(findRunningStack(run)).toEqual(unwatched);
    withdraw();
  });

  it('tells its user alone, and only what is asked for', () => {
    const more = { ...stack, stop: () => {}, directory: run };
    const withdraw = announceStack(run, more);
    const file = join(run, 'addresses.json');
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(stack);
    withdraw();
  });

  it('is not found by a note that cannot be read', () => {
    writeFileSync(join(run, 'addresses.json'), '{"redisUrl": 5}');
    expect(findRunningStack(run)).toBeUndefined();
  });
});
