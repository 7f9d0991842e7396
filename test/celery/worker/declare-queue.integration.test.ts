import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { completeQueue, declareQueue } from '../../../workers/celery/worker/declare-queue.ts';
import type { BrokerConnection } from '../../../workers/messaging/connection.ts';
import { smartEats } from '../../../workers/platform/platform.ts';
import { freshVhost, type TestVhost } from '../../harness/broker.ts';
import { MemoryLog } from '../../messaging/test-runtime.ts';
import { bareVhost, declareElsewhere, openConnection } from './broker-fixtures.ts';

describe.each([
  ['whose default type is quorum', () => freshVhost(smartEats), 'quorum'],
  ['without a default type', bareVhost, 'classic'],
] as const)('on a virtual host %s, a queue', (_, makeVhost, usual) => {
  let vhost: TestVhost;
  let connection: BrokerConnection;
  let log: MemoryLog;
  const declare = (name: string) => declareQueue(connection, completeQueue({ name }), log);
  const mismatches = () => log.lines.filter(({ message }) => message.includes('other properties'));

  beforeAll(async () => {
    vhost = await makeVhost();
    log = new MemoryLog();
    connection = await openConnection(vhost.url, log);
  });
  afterAll(async () => {
    await connection.close(1_000);
    await vhost.drop();
  });

  it('that did not exist is declared as an unconfigured client declares it, and its type is found out', async () => {
    expect(await declare('new')).toBe(usual);
    expect(await declare('new')).toBe(usual);
    const queue = await vhost.json<Record<string, unknown>>(`queues/${vhost.vhost}/new`);
    expect(queue).toMatchObject({ durable: true, type: usual });
    const bindings = await vhost.json<readonly { readonly source: string; readonly routing_key: string }[]>(
      `queues/${vhost.vhost}/new/bindings`,
    );
    expect(bindings.map(({ source, routing_key: key }) => [source, key])).toEqual(
      expect.arrayContaining([['new', 'new']]),
    );
    expect(mismatches()).toEqual([]);
  });

  it.each(['quorum', 'classic'] as const)('that somebody declared as %s is used as it is', async (type) => {
    const name = `theirs-${type}`;
    await declareElsewhere(vhost.url, name, { 'x-queue-type': type });
    expect(await declare(name)).toBe(type);
  });

  it('with other arguments is used as it is, and its type stays unknown', async () => {
    await declareElsewhere(vhost.url, 'priorities', { 'x-queue-type': 'classic', 'x-max-priority': 5 });
    expect(await declare('priorities')).toBeUndefined();
    expect(mismatches().at(-1)).toMatchObject({ level: 'warn', fields: { queue: 'priorities' } });
  });

  it('whose exchange exists with another type is used without it', async () => {
    const queue = completeQueue({ name: 'odd', exchange: 'amq.topic', exchangeType: 'direct' });
    expect(await declareQueue(connection, queue, log)).toBe(usual);
    expect(log.lines.at(-1)?.message).toBe('queue odd is not bound to its exchange');
  });
});
