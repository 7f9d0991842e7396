import { describe, expect, it } from '@jest/globals';
import type { V1Pod, V1Service } from '@kubernetes/client-node';
import { isReady, podPortOf } from '../../../cli/cluster/service-pods.ts';

const pod: V1Pod = {
  spec: {
    containers: [
      { name: 'proxy' },
      { name: 'app', ports: [{ name: 'web', containerPort: 8080 }, { containerPort: 9000 }] },
    ],
  },
};

const service: V1Service = {
  spec: {
    ports: [
      { name: 'http', port: 80, targetPort: 'web' },
      { name: 'metrics', port: 81, targetPort: 9000 },
      { name: 'plain', port: 82 },
      { name: 'lost', port: 83, targetPort: 'nowhere' },
    ],
  },
};

describe('the port of a Service in a pod', () => {
  it.each<[string, string | number, number | undefined]>([
    ['the one that the container gives the name', 'http', 8080],
    ['the number that the Service leads to', 'metrics', 9000],
    ['the same number when the Service does not say', 'plain', 82],
    ['found by number as well as by name', 80, 8080],
    ['unknown when no container has the name', 'lost', undefined],
    ['unknown when the Service has no such port', 8080, undefined],
  ])('is %s', (_, wanted, port) => {
    expect(podPortOf(service, pod, wanted)).toBe(port);
  });
});

describe('a pod', () => {
  const status = (ready: string) => ({ conditions: [{ type: 'Ready', status: ready }] });

  it('is ready when its condition says so', () => {
    expect(isReady({ status: status('True') })).toBe(true);
    expect(isReady({ status: status('False') })).toBe(false);
    expect(isReady({})).toBe(false);
  });

  it('is not taken for ready once it is about to end', () => {
    expect(isReady({ metadata: { deletionTimestamp: new Date(0) }, status: status('True') })).toBe(false);
  });
});
