import { App, type Chart } from 'cdk8s';
import { PlatformError } from '../workers/platform/errors.ts';
import type { Platform } from '../workers/platform/platform.ts';
import { CredentialsChart } from './credentials.ts';
import { NamespaceChart } from './namespace.ts';
import { NetworkChart } from './network.ts';
import type { Profile } from './profile.ts';
import { servicesOf } from './providers.ts';
import { RabbitmqChart } from './rabbitmq.ts';
import { RedisChart } from './redis.ts';
import { SandboxChart } from './sandbox.ts';
import { ServicesChart } from './services.ts';

/**
 * Writes the manifests of a platform: one `NNNN-<system>.k8s.yaml` for each system, numbered in the order in which
 * to apply them. The same platform and profile always give the same bytes.
 *
 * @param outdir made if it is not there; files that are in it already stay
 * @throws PlatformError CONFIG_INVALID if the profile does not fit the platform
 * @throws PlatformError PLATFORM_DECLARATION_INVALID if Kubernetes cannot have a service of that name
 */
export function synthesize(platform: Platform, profile: Profile, outdir: string): void {
  checkServices(platform, profile);
  // Metadata of the constructs would be a file that `kubectl apply -f` takes for a manifest.
  const app = new App({ outdir, recordConstructMetadata: false });
  const charts: Chart[] = [
    new NamespaceChart(app, 'namespace', profile),
    new NetworkChart(app, 'network', platform, profile),
    ...(profile.sandbox ? [new CredentialsChart(app, 'credentials', platform, profile)] : []),
    ...(profile.outside.redis ? [] : [new RedisChart(app, 'redis', profile)]),
    ...(profile.outside.rabbitmq ? [] : [new RabbitmqChart(app, 'rabbitmq', platform, profile)]),
    ...(profile.sandbox ? [new SandboxChart(app, 'sandbox', platform, profile)] : []),
    new ServicesChart(app, 'services', platform, profile),
  ];
  charts.reduce((earlier, later) => {
    later.addDependency(earlier);
    return later;
  });
  app.synth();
}

function checkServices(platform: Platform, profile: Profile): void {
  const names = servicesOf(platform, profile).map(([name]) => name);
  const taken = ['redis', 'rabbitmq'];
  const wrong = names.filter(
    (name) => taken.includes(name) || !/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name),
  );
  if (wrong.length > 0) {
    const message = `service ${wrong.join(', ')}: a name is lower case letters, digits and -, and not ${taken.join(' or ')}`;
    throw new PlatformError('PLATFORM_DECLARATION_INVALID', message);
  }
  const unknown = Object.keys(profile.services.replicasOf).filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    const message = `profile ${profile.name}: services.replicasOf names ${unknown.join(', ')}, which it does not run`;
    throw new PlatformError('CONFIG_INVALID', message);
  }
}
