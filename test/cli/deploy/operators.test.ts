import { describe, expect, it } from '@jest/globals';
import { missingOperators, operatorOf } from '../../../cli/deploy/operators.ts';

const object = (apiVersion: string, kind: string) => ({ apiVersion, kind, metadata: { name: 'some' } });

describe('missing operators', () => {
  it('are named, or called after their API group if they are not known', () => {
    expect(operatorOf('keda.sh')).toBe('KEDA');
    expect(operatorOf('things.example')).toBe('the operator of things.example');
  });

  it('are reported in a line each, with the objects left out counted by kind', () => {
    const leftOut = [
      object('monitoring.coreos.com/v1', 'ServiceMonitor'),
      object('keda.sh/v1alpha1', 'ScaledObject'),
      object('monitoring.coreos.com/v1', 'Prometheus'),
      object('monitoring.coreos.com/v1alpha1', 'ServiceMonitor'),
    ];
    expect(missingOperators(leftOut)).toEqual([
      '2 ServiceMonitor, 1 Prometheus: the Prometheus operator (monitoring.coreos.com) is not installed; install it, then deploy again',
      '1 ScaledObject: KEDA (keda.sh) is not installed; install it, then deploy again',
    ]);
  });

  it('are not mentioned if nothing was left out', () => {
    expect(missingOperators([])).toEqual([]);
  });
});
