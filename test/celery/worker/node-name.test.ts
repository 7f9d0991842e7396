import { describe, expect, it } from '@jest/globals';
import { nodeName } from '../../../workers/celery/worker/node-name.ts';

describe('a node name', () => {
  it('is celery on this host by default', () => {
    expect(nodeName(undefined, 'box.example.org')).toBe('celery@box.example.org');
  });

  it('is expanded as Celery does', () => {
    expect(nodeName('w1@%n', 'box.example.org')).toBe('w1@box');
    expect(nodeName('w1@%n-%d', 'box.example.org')).toBe('w1@box-example.org');
    expect(nodeName('50%%@%d', 'box')).toBe('50%@');
  });

  it('is completed by the host', () => {
    expect(nodeName('orders', 'box')).toBe('orders@box');
  });
});
