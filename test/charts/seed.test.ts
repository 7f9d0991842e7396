import { describe, expect, it } from '@jest/globals';
import { defineProfile } from '../../charts/profile.ts';
import type { PodTemplate } from '../../charts/validation/manifest.ts';
import { manifestsOf } from './manifests.ts';

const kind = manifestsOf();

describe('the demo data of the kind profile', () => {
  const seed = kind.spec<{
    readonly suspend: boolean;
    readonly jobTemplate: { readonly spec: { readonly template: PodTemplate } };
  }>('CronJob', 'seed');
  const [container] = seed.jobTemplate.spec.template.spec.containers;

  it('is added when somebody asks for it, never by itself', () => {
    expect(seed.suspend).toBe(true);
  });

  it('is added by the seed command of our own image', () => {
    expect(container?.image).toBe(defineProfile('kind').image);
    expect(container?.args?.[0]).toBe('seed');
  });

  it('has accounts whose password is in a Secret and not in the command', () => {
    expect(container?.args).toEqual(['seed', '--password', '$(DEMO_PASSWORD)']);
    const variable = container?.env?.find(({ name }) => name === 'DEMO_PASSWORD');
    const { name, key } = variable?.valueFrom?.secretKeyRef ?? { name: '', key: '' };
    expect(Object.keys(kind.get('Secret', name).stringData ?? {})).toContain(key);
  });

  it('goes to Redis', () => {
    const names = container?.env?.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['REDIS_HOST', 'REDIS_PASSWORD']));
    expect(names).not.toContain('RABBITMQ_HOST');
  });

  it('does not exist in production', () => {
    expect(manifestsOf(defineProfile('production')).names('CronJob')).not.toContain('seed');
  });
});
