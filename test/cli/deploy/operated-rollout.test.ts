import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AppsV1Api, CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import type { Cluster } from '../../../cli/cluster/connection.ts';
import { ObjectApi } from '../../../cli/cluster/object-api.ts';
import { waitForRollouts } from '../../../cli/deploy/wait-for-rollouts.ts';

const apiVersion = 'monitoring.coreos.com/v1';
const resource = { apiVersion, kind: 'Prometheus', metadata: { name: 'shop', namespace: 'eats' } };
const carriedOut = {
  availableReplicas: 1,
  replicas: 1,
  updatedReplicas: 1,
  conditions: ['Available', 'Reconciled'].map((type) => ({ type, status: 'True' })),
};

/** An API server that knows one Prometheus and no pods; each look at the resource finds the next of its states. */
describe('waiting for what an operator makes', () => {
  const states: (object | undefined)[] = [];
  let server: Server;
  let cluster: Cluster;
  beforeAll(async () => {
    server = createServer(({ url = '' }, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(answerTo(url, states)));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const address = `http://127.0.0.1:${port}`;
    const config = new KubeConfig();
    const plain = { name: 'stub', server: address, skipTLSVerify: true };
    config.loadFromClusterAndUser(plain, { name: 'stub' });
    cluster = {
      context: 'stub',
      server: address,
      config,
      objects: config.makeApiClient(ObjectApi),
      core: config.makeApiClient(CoreV1Api),
      apps: config.makeApiClient(AppsV1Api),
      failure: (error) => error,
    };
  });
  afterAll(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  });

  const wait = async (patienceMs: number) => {
    const notes: string[] = [];
    const progress: string[] = [];
    const failures = await waitForRollouts(cluster, ['eats'], {
      expected: new Set(),
      operated: [{ apiVersion, kind: 'Prometheus', name: 'shop', namespace: 'eats' }],
      timeoutMs: 60_000,
      patienceMs,
      signal: AbortSignal.timeout(60_000),
      onNote: (text) => notes.push(text),
      onProgress: (text) => progress.push(text),
    });
    return { failures, notes, progress };
  };

  it('goes on until the operator says that it is carried out and up', async () => {
    states.splice(0, states.length, undefined, { ...carriedOut, availableReplicas: 0 }, carriedOut);
    const { failures, notes, progress } = await wait(30_000);
    expect({ failures, notes }).toEqual({ failures: [], notes: [] });
    expect(progress).toContain('0 of 1 are up; waiting for prometheus/shop');
  }, 60_000);

  it('ends with a note when no operator looks at it, as if there was none', async () => {
    states.splice(0, states.length, undefined);
    const { failures, notes } = await wait(500);
    expect(failures).toEqual([]);
    expect(notes).toEqual([
      'nobody acts on prometheus/shop: the Prometheus operator has its kinds installed, but does not run',
    ]);
  }, 60_000);

  it('fails with the words of an operator that cannot carry it out', async () => {
    const conditions = [{ type: 'Reconciled', status: 'False', message: 'no secret of that name' }];
    states.splice(0, states.length, { conditions });
    const { failures } = await wait(500);
    expect(failures).toMatchObject([
      { workload: 'prometheus/shop', lines: ['it cannot make pods: no secret of that name'] },
    ]);
  }, 60_000);
});

function answerTo(url: string, states: (object | undefined)[]): object {
  if (url === `/apis/${apiVersion}`) {
    const one = { name: 'prometheuses', kind: 'Prometheus', namespaced: true };
    return { kind: 'APIResourceList', groupVersion: apiVersion, resources: [one] };
  }
  if (!url.includes('/prometheuses/')) return { items: [] };
  const [status] = states.length > 1 ? states.splice(0, 1) : states;
  return { ...resource, ...(status !== undefined && { status }) };
}
