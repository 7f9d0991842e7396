import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { readTargets, targetRows } from '../../../cli/status/targets.ts';

function answer(...targets: readonly (readonly [pool: string, health: string, lastError?: string])[]) {
  const activeTargets = targets.map(([scrapePool, health, lastError], index) => ({
    scrapePool,
    scrapeUrl: `http://10.0.0.${index}/metrics`,
    health,
    ...(lastError !== undefined && { lastError }),
  }));
  return { status: 'success', data: { activeTargets } };
}

describe('the targets that Prometheus lists', () => {
  it('are counted by job, in the order of their names', () => {
    expect(targetRows(answer(['b', 'up'], ['a', 'up'], ['b', 'up']))).toEqual([
      { job: 'a', up: 1, total: 1 },
      { job: 'b', up: 2, total: 2 },
    ]);
  });

  it('count as up before they are scraped first', () => {
    expect(targetRows(answer(['a', 'unknown']))).toEqual([{ job: 'a', up: 1, total: 1 }]);
  });

  it('have the error of the first that is down', () => {
    expect(targetRows(answer(['a', 'up'], ['a', 'down', 'refused'], ['a', 'down', 'timeout']))).toEqual([
      { job: 'a', up: 1, total: 3, problem: 'http://10.0.0.1/metrics: refused' },
    ]);
  });

  it('are called as the monitor that the operator made the job of', () => {
    const jobs = targetRows(
      answer(['podMonitor/smarteats/redis/0', 'up'], ['serviceMonitor/smarteats/order-service/0', 'up']),
    );
    expect(jobs.map(({ job }) => job)).toEqual(['redis', 'order-service']);
  });
});

describe('asking Prometheus for its targets', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  async function serve(body: string): Promise<string> {
    const started = createServer((request, response) => {
      response.statusCode = request.url === '/api/v1/targets?state=active' ? 200 : 404;
      response.end(response.statusCode === 200 ? body : '{}');
    });
    server = started;
    await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
  }

  it('reads those that are active', async () => {
    const url = await serve(JSON.stringify(answer(['a', 'up'])));
    expect(await readTargets(url)).toEqual([{ job: 'a', up: 1, total: 1 }]);
  });

  it('fails with an error of the catalogue when the answer is something else', async () => {
    await expect(readTargets(await serve('<html>'))).rejects.toMatchObject({
      code: 'CLUSTER_SERVICE_UNAVAILABLE',
    });
  });
});
