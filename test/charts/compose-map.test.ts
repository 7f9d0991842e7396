import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Container, ServiceSpec } from '../../charts/validation/manifest.ts';
import { checkout } from '../../local/checkout.ts';
import { environment } from '../../workers/platform/environment.ts';
import { manifestsOf } from './manifests.ts';

const page = readFileSync(join(checkout, 'docs/compose-map.md'), 'utf8');
const kind = manifestsOf();
const images = kind.pods.flatMap(({ spec }) => spec.containers.map(({ image }) => image));

/** The part of the page about one system. */
function section(title: string): string {
  const text = page.split(/^## /m).find((each) => each.startsWith(`${title}\n`));
  if (text === undefined) throw new Error(`no section ${title}`);
  return text;
}

const serverOf = (name: string): Container => {
  const [container] =
    kind.pods.find(({ labels }) => labels['app.kubernetes.io/name'] === name)?.spec.containers ?? [];
  if (container === undefined) throw new Error(`no pod of ${name}`);
  return container;
};

describe('the map from docker compose', () => {
  it.each(['redis', 'rabbitmq', 'prometheus', 'grafana', 'celery-worker', 'celery-beat', 'flower'])(
    'says of %s where its image, command, volumes and health check are',
    (system) => {
      const rows = section(system)
        .split('\n')
        .filter((line) => line.startsWith('| '));
      expect(rows.length).toBeGreaterThanOrEqual(5);
      for (const setting of ['image', 'health'])
        expect(rows.some((row) => row.split('|')[1]?.includes(setting))).toBe(true);
    },
  );

  it.each(['redis', 'rabbitmq', 'prometheus', 'grafana', 'flower'])(
    'names the image and the ports that %s has in the manifests',
    (system) => {
      expect(section(system)).toContain(`\`${serverOf(system).image}\``);
      const { ports = [] } = kind.spec<ServiceSpec>('Service', system);
      for (const { name, port } of ports) {
        expect(section(system)).toContain(`\`${name}\``);
        expect(section(system)).toContain(String(port));
      }
    },
  );

  it('names no image that the manifests do not run', () => {
    const named = [...page.matchAll(/`([a-z][a-z0-9./_-]*:v?\d+\.\d+\.\d+[a-z-]*)`/g)].map(
      ([, image]) => image,
    );
    expect(named.length).toBeGreaterThan(4);
    for (const image of named) expect(images).toContain(image);
  });

  it('names only files, manifests, charts and variables that there are', () => {
    for (const [, path = ''] of page.matchAll(/`((?:charts|workers|local|docs)\/[a-z/.-]+)`/g))
      expect([path, existsSync(join(checkout, path))]).toEqual([path, true]);
    const manifests = [...kind.files.keys()].map((name) => name.replace(/^\d+-|\.k8s\.yaml$/g, ''));
    for (const [, list = ''] of page.matchAll(/manifests? ((?:`[a-z-]+`(?:, )?)+)/g))
      for (const name of list.replaceAll('`', '').split(', ')) expect(manifests).toContain(name);
  });

  it('has every variable by which services find Redis, RabbitMQ, Celery and MongoDB', () => {
    const wanted = Object.keys(environment).filter((name) => /^(REDIS|RABBITMQ|CELERY|MONGODB)_/.test(name));
    expect(wanted).toHaveLength(12);
    for (const name of wanted) expect(section('Environment of the services')).toContain(`\`${name}\``);
  });
});
