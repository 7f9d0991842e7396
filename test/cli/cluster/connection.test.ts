import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectToCluster } from '../../../cli/cluster/connection.ts';

describe('connecting to a cluster', () => {
  let folder: string;
  let kubeconfig: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
    kubeconfig = join(folder, 'config');
    const contexts = ['dev', 'live'].map((name) => ({ name, context: { cluster: 'c', user: 'u' } }));
    // Names below `invalid` lead nowhere.
    const clusters = [{ name: 'c', cluster: { server: 'https://cluster.invalid' } }];
    const users = [{ name: 'u', user: {} }];
    const config = { apiVersion: 'v1', kind: 'Config', contexts, clusters, users };
    await writeFile(kubeconfig, JSON.stringify(config));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('offers the contexts that there are when the wanted one is not among them', async () => {
    await expect(connectToCluster({ kubeconfig, context: 'test' })).rejects.toMatchObject({
      code: 'CLUSTER_NOT_CONFIGURED',
      message: expect.stringContaining('there is no context test; the kubeconfig has: dev, live'),
    });
  });

  it('says that no context is chosen when the kubeconfig has no current one', async () => {
    await expect(connectToCluster({ kubeconfig })).rejects.toMatchObject({
      code: 'CLUSTER_NOT_CONFIGURED',
      message: expect.stringContaining('no context is chosen'),
    });
  });

  it('names the kubeconfig that cannot be read', async () => {
    const missing = join(folder, 'missing');
    await expect(connectToCluster({ kubeconfig: missing })).rejects.toMatchObject({
      code: 'CLUSTER_NOT_CONFIGURED',
      message: expect.stringContaining(`the kubeconfig ${missing} cannot be read`),
    });
  });

  it('names context and address of a cluster that does not answer', async () => {
    await expect(connectToCluster({ kubeconfig, context: 'dev' })).rejects.toMatchObject({
      code: 'CLUSTER_UNREACHABLE',
      message: expect.stringContaining('context dev at https://cluster.invalid: '),
    });
  });
});
