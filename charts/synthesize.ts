import { App, type Chart } from 'cdk8s';
import { PlatformError } from '../workers/platform/errors.ts';
import type { Platform } from '../workers/platform/platform.ts';
import { autoscaledOf } from './autoscaled.ts';
import { CredentialsChart } from './credentials.ts';
import { FlowerChart } from './flower.ts';
import { GrafanaChart } from './grafana.ts';
import { AutoscalingChart } from './keda.ts';
import { KubeletsChart } from './kubelets.ts';
import { MonitoringChart } from './monitoring.ts';
import { NamespaceChart } from './namespace.ts';
import { NetworkChart } from './network.ts';
import { NodeExporterChart } from './node-exporter.ts';
import type { Profile } from './profile.ts';
import { PrometheusChart } from './prometheus.ts';
import { servicesOf, systemNames } from './providers.ts';
import { RabbitmqChart } from './rabbitmq.ts';
import { RedisChart } from './redis.ts';
import { RedisExporterChart } from './redis-exporter.ts';
import { SandboxChart } from './sandbox.ts';
import { ScheduleChart } from './schedule.ts';
import { ServicesChart } from './services.ts';

/**
 * Writes the manifests of a platform: one `NNNN-<system>.k8s.yaml` for each system, numbered in the order in which
 * to apply them. The same platform and profile always give the same bytes.
 *
 * @param outdir made if it is not there; files that are in it already stay
 * @throws PlatformError CONFIG_INVALID if the profile does not fit the platform
 * @throws PlatformError PLATFORM_DECLARATION_INVALID if Kubernetes cannot have a service of that name, or a CronJob
 *   not the schedule
 */
export function synthesize(platform: Platform, profile: Profile, outdir: string): void {
  checkServices(platform, profile);
  // Metadata of the constructs would be a file that `kubectl apply -f` takes for a manifest.
  const app = new App({ outdir, recordConstructMetadata: false });
  const systems: readonly (readonly [name: string, wanted: boolean, add: (id: string) => Chart])[] = [
    ['namespace', true, (id) => new NamespaceChart(app, id, profile)],
    ['network', true, (id) => new NetworkChart(app, id, platform, profile)],
    ['credentials', profile.sandbox, (id) => new CredentialsChart(app, id, platform, profile)],
    ['redis', !profile.outside.redis, (id) => new RedisChart(app, id, profile)],
    ['rabbitmq', !profile.outside.rabbitmq, (id) => new RabbitmqChart(app, id, platform, profile)],
    ['redis-exporter', true, (id) => new RedisExporterChart(app, id, platform, profile)],
    ['node-exporter', profile.nodes.watched, (id) => new NodeExporterChart(app, id, profile)],
    ['kubelets', profile.nodes.watched, (id) => new KubeletsChart(app, id, profile)],
    ['sandbox', profile.sandbox, (id) => new SandboxChart(app, id, platform, profile)],
    ['services', true, (id) => new ServicesChart(app, id, platform, profile)],
    [
      'schedule',
      Object.keys(platform.schedule).length > 0,
      (id) => new ScheduleChart(app, id, platform, profile),
    ],
    ['flower', true, (id) => new FlowerChart(app, id, profile)],
    ['grafana', true, (id) => new GrafanaChart(app, id, platform, profile)],
    ['monitoring', true, (id) => new MonitoringChart(app, id, platform, profile)],
    // What only an operator understands is in files of its own, so that the rest can be applied without one.
    ['prometheus', true, (id) => new PrometheusChart(app, id, platform, profile)],
    [
      'autoscaling',
      autoscaledOf(platform, profile).length > 0,
      (id) => new AutoscalingChart(app, id, platform, profile),
    ],
  ];
  // cdk8s numbers charts that depend on each other, but it compares every object of one with all of the other.
  for (const [index, [name, , add]] of systems.filter(([, wanted]) => wanted).entries())
    add(`${String(index).padStart(4, '0')}-${name}`);
  app.synth();
}

function checkServices(platform: Platform, profile: Profile): void {
  const names = servicesOf(platform, profile).map(([name]) => name);
  const wrong = names.filter(
    (name) => systemNames.includes(name) || !/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name),
  );
  if (wrong.length > 0) {
    const message = `service ${wrong.join(', ')}: a name is lower case letters, digits and -, and not ${systemNames.join(', ')}`;
    throw new PlatformError('PLATFORM_DECLARATION_INVALID', message);
  }
  const unknown = Object.keys(profile.services.replicasOf).filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    const message = `profile ${profile.name}: services.replicasOf names ${unknown.join(', ')}, which it does not run`;
    throw new PlatformError('CONFIG_INVALID', message);
  }
}
