import type { LabelSelector, Manifest, ServiceSpec } from '../manifest.ts';
import { type ManifestSet, matches } from '../manifest-set.ts';
import type { Policy } from '../policy.ts';

const monitors: Policy = {
  name: 'monitors',
  reason: 'A monitor that finds no Service, or that no Prometheus finds, watches nothing and says nothing.',
  *check(manifests) {
    for (const object of manifests.ofKind('ServiceMonitor')) {
      // The strict schema was checked before: this is the spec of a ServiceMonitor.
      const spec = object.spec as MonitorSpec;
      const services = servicesFound(manifests, spec, object);
      if (services.length === 0) yield { object, problem: 'it selects no Service' };
      for (const { port } of spec.endpoints) {
        const named = services.some(({ ports = [] }) => ports.some(({ name }) => name === port));
        if (services.length > 0 && !named)
          yield {
            object,
            problem: `${port ?? 'a port without a name'} is no port of the Services it selects`,
          };
      }
      if (!isFound(manifests, object, 'serviceMonitorSelector'))
        yield { object, problem: 'no Prometheus selects it' };
    }
    for (const object of manifests.ofKind('PrometheusRule')) {
      if (!isFound(manifests, object, 'ruleSelector')) yield { object, problem: 'no Prometheus selects it' };
    }
    for (const object of manifests.ofKind('Prometheus')) {
      // The strict schema was checked before: this is a key of a Secret.
      const { additionalScrapeConfigs: file } = object.spec as { additionalScrapeConfigs?: SecretKey };
      if (file === undefined) continue;
      const secret = manifests.find('Secret', file.name, object);
      if (!(file.key in { ...secret?.data, ...secret?.stringData }))
        yield { object, problem: `Secret ${file.name} has no ${file.key}` };
    }
  },
};

interface SecretKey {
  readonly name: string;
  readonly key: string;
}

/** The spec of a ServiceMonitor, as far as it finds Services: in its own namespace unless it names others. */
interface MonitorSpec {
  readonly selector: LabelSelector;
  readonly namespaceSelector?: { readonly matchNames?: readonly string[] };
  readonly endpoints: readonly { readonly port?: string }[];
}

function servicesFound(
  manifests: ManifestSet,
  { selector, namespaceSelector }: MonitorSpec,
  { metadata }: Manifest,
): readonly ServiceSpec[] {
  const namespaces = namespaceSelector?.matchNames ?? [metadata.namespace];
  return manifests
    .ofKind('Service')
    .filter((service) => namespaces.includes(service.metadata.namespace ?? ''))
    .filter((service) => matches(selector, service.metadata.labels ?? {}))
    .map(({ spec }) => spec as ServiceSpec); // The strict schema was checked before.
}

/** A Prometheus without a selector finds nothing. */
function isFound(
  manifests: ManifestSet,
  { metadata }: Manifest,
  selector: 'serviceMonitorSelector' | 'ruleSelector',
): boolean {
  return manifests.ofKind('Prometheus').some((prometheus) => {
    // The strict schema was checked before: both selectors are of this form.
    const found = (prometheus.spec as Readonly<Record<string, LabelSelector | undefined>>)[selector];
    return (
      found !== undefined &&
      prometheus.metadata.namespace === metadata.namespace &&
      matches(found, metadata.labels ?? {})
    );
  });
}

/** What watches the platform. */
export const monitoringPolicies: readonly Policy[] = [monitors];
