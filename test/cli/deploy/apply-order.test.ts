import { describe, expect, it } from '@jest/globals';
import type { ClusterObject } from '../../../cli/cluster/cluster-object.ts';
import { inApplyOrder, phaseOf } from '../../../cli/deploy/apply-order.ts';

function object(apiVersion: string, kind: string, name: string, component?: string): ClusterObject {
  const labels = component === undefined ? {} : { 'app.kubernetes.io/component': component };
  return { apiVersion, kind, metadata: { name, labels } };
}

describe('the order of applying', () => {
  it.each([
    ['store', 'stores'],
    ['broker', 'broker'],
    ['monitoring', 'monitoring'],
    ['service', 'services'],
    ['sandbox', 'services'],
  ])('puts a workload of component %s into the part %s', (component, phase) => {
    expect(phaseOf(object('apps/v1', 'StatefulSet', 'some', component))).toBe(phase);
  });

  it('goes by the kind before the component: the Secret of a store comes with the configuration', () => {
    expect(phaseOf(object('v1', 'Secret', 'redis', 'store'))).toBe('configuration');
    expect(phaseOf(object('v1', 'ServiceAccount', 'rabbitmq', 'broker'))).toBe('access');
  });

  it('puts objects of the Prometheus operator into monitoring, but with their component if they have one', () => {
    const apiVersion = 'monitoring.coreos.com/v1';
    expect(phaseOf(object(apiVersion, 'ServiceMonitor', 'orders'))).toBe('monitoring');
    expect(phaseOf(object(apiVersion, 'ServiceMonitor', 'redis', 'store'))).toBe('stores');
  });

  it('puts an object without labels and of an unlisted kind among the services', () => {
    expect(phaseOf({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'some' } })).toBe('services');
  });

  it('sorts by part, keeps the order within a part, and names no part that is empty', () => {
    const parts = inApplyOrder([
      object('apps/v1', 'Deployment', 'second', 'service'),
      object('apps/v1', 'StatefulSet', 'rabbitmq', 'broker'),
      object('apps/v1', 'Deployment', 'first', 'service'),
      object('v1', 'Namespace', 'smarteats'),
      object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'things'),
    ]);
    expect(parts.map(({ phase, objects }) => [phase, ...objects.map((each) => each.metadata.name)])).toEqual([
      ['namespace', 'smarteats'],
      ['definitions', 'things'],
      ['broker', 'rabbitmq'],
      ['services', 'second', 'first'],
    ]);
  });
});
