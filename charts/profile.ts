import { readFileSync } from 'node:fs';
import type { VariableName } from '../workers/platform/environment.ts';
import { PlatformError } from '../workers/platform/errors.ts';
import { metricsPorts } from '../workers/platform/scrape-jobs.ts';
import type { Dependency, ServiceName } from '../workers/platform/services.ts';
import { profileDefaults } from './profile-defaults.ts';
import { profileProblems } from './profile-problems.ts';
import type { Size } from './size.ts';

export const profileNames = ['kind', 'production'] as const;
export type ProfileName = (typeof profileNames)[number];

/** What a service needs that is not a service of ours. */
export type OutsideDependency = Exclude<Dependency, ServiceName>;

/** Where the pods may connect to for a dependency that is outside the cluster; its address is in a Secret. */
export interface OutsideProps {
  /** TCP ports. @default redis 6379, mongodb 27017, rabbitmq 5671, mail 465 and 587, internet 80 and 443, others 443 */
  readonly ports?: readonly number[];
  /** Networks in CIDR notation. @default everywhere in IPv4: 0.0.0.0/0; an IPv6 cluster adds its own; of `internet` private networks are taken out */
  readonly cidrs?: readonly string[];
}

/** Our own services. */
export interface ServicesProps {
  /** Pods of each product service. @default kind 1, production 2 */
  readonly replicas?: number;
  /** Pods of single services by name, where `replicas` does not fit. @default none */
  readonly replicasOf?: Readonly<Record<string, number>>;
  /** @default kind 50m to 500m CPU and 128 to 256 MiB, production 100m to 1 CPU and 192 to 384 MiB */
  readonly size?: Size;
}

/** A server in the cluster that is not ours. */
export interface ServerProps {
  /** Image with a pinned tag. @default the official image, see `serverImages` */
  readonly image?: string;
  /** @default kind for a laptop, production for a small cluster, see `profileDefaults` */
  readonly size?: Size;
}

/** A server in the cluster that keeps its data on a volume. */
export interface StoreProps extends ServerProps {
  /** Size of each volume in GiB. @default kind 1, production 20 (Alertmanager 1) */
  readonly storageGiB?: number;
}

export interface BrokerProps extends StoreProps {
  /** RabbitMQ nodes, an odd number; more than one needs RabbitMQ 3.13 or later. @default kind 1, production 3 */
  readonly nodes?: number;
}

export interface PrometheusProps extends StoreProps {
  /** Pods that each watch everything. @default kind 1, production 2 */
  readonly replicas?: number;
  /** How long samples are kept at most, in days; less once the volume is nearly full. @default kind 2, production 15 */
  readonly retentionDays?: number;
}

export interface AlertmanagerProps extends StoreProps {
  /** Pods that tell each other what they sent. @default kind 1, production 2 */
  readonly replicas?: number;
}

export interface FlowerProps extends ServerProps {
  /** TCP ports of the management API of a RabbitMQ outside the cluster. @default 443 and 15671 */
  readonly managementPorts?: readonly number[];
}

/** Who hears of alerts. */
export interface AlertingProps {
  /** @default 'SmartEats alerts <alerts@smarteats.example>' */
  readonly from?: string;
  /** @default 'operators@smarteats.example' */
  readonly to?: string;
  /** `host:port` of the mail server, where mail is outside the cluster. @default 'smtp.smarteats.example:587' */
  readonly smarthost?: string;
  /** Who to log in as there; the password is in the Secret `alerting`. @default 'alerts' */
  readonly user?: string;
  /** Where Alertmanager reaches Slack. @default port 443, everywhere */
  readonly slack?: OutsideProps;
}

/** How the nodes of the cluster are watched: their disks by a node exporter, their volumes by asking the kubelets. */
export interface NodesProps extends ServerProps {
  /** Whether the platform watches them; otherwise the alerts about disks and volumes have nothing to go by. @default true */
  readonly watched?: boolean;
  /** Namespace of the node exporter, whose pods read the file systems of their nodes. @default the platform's with '-nodes' */
  readonly namespace?: string;
  /** Where Prometheus reaches the kubelets. @default port 10250, everywhere */
  readonly kubelets?: OutsideProps;
  /** Whether the certificates of the kubelets are signed by the cluster's authority, and checked. @default false: kubelets sign their own */
  readonly verifyKubelets?: boolean;
}

/** How many pods consume the queues, decided by KEDA. */
export interface AutoscalingProps {
  /** Whether KEDA decides it, from `services.replicas` upwards; otherwise that number is fixed. @default true */
  readonly enabled?: boolean;
  /** Pods of each consuming service at most. @default kind 3, production 10 */
  readonly maxReplicas?: number;
  /** Namespace that KEDA runs in. @default 'keda' */
  readonly namespace?: string;
}

/** The classifier that dishes in pictures are named by, on a volume that somebody else has filled. */
export interface FoodModelProps {
  /** PersistentVolumeClaim in the namespace; each pod of `ai-worker` mounts it, and only reads it. */
  readonly claim: string;
  /** The ONNX file, from the root of the volume, such as `food/model.onnx`. */
  readonly model: string;
  /** File with the names of its classes, likewise. @default beside the model: its path with `.labels.txt` added */
  readonly labels?: string;
}

/** All that can differ between one deployment and another. */
export interface ProfileProps {
  /** Namespace of everything. @default 'smarteats' */
  readonly namespace?: string;
  /** Registry, and path in it, that our image is pulled from. @default kind 'localhost:5001', production 'registry.smarteats.example' */
  readonly imageRegistry?: string;
  /** Tag of our image. @default the version in package.json */
  readonly imageTag?: string;
  /** Storage class of the volumes. @default the cluster's own default class */
  readonly storageClass?: string;
  readonly services?: ServicesProps;
  readonly autoscaling?: AutoscalingProps;
  readonly redis?: StoreProps;
  readonly rabbitmq?: BrokerProps;
  readonly prometheus?: PrometheusProps;
  readonly alertmanager?: AlertmanagerProps;
  readonly alerting?: AlertingProps;
  readonly grafana?: ServerProps;
  readonly redisExporter?: ServerProps;
  readonly flower?: FlowerProps;
  readonly nodes?: NodesProps;
  /** Labels of ServiceMonitors and rules, by which a Prometheus finds them. @default prometheus: smarteats */
  readonly monitorLabels?: Readonly<Record<string, string>>;
  /** Where people find this repository in a browser, a URL that ends with `/`: alerts lead to their runbooks there. @default '': the path in the repository alone */
  readonly runbooks?: string;
  /** Where the pods that need it reach the Kubernetes API. @default ports 443 and 6443, everywhere */
  readonly kubernetesApi?: OutsideProps;
  /** Dependencies outside the cluster, beyond those of the profile; then none is synthesized. @default kind internet, production also payment-provider, mail, sms and object-storage */
  readonly outside?: Partial<Readonly<Record<OutsideDependency, OutsideProps>>>;
  /** The classifier of pictures of `ai-worker`; a model that FOOD_VISION_URL names goes before it. @default none: nothing is mounted */
  readonly foodModel?: FoodModelProps;
  /** Plain variables set on every service that reads them, e.g. LOG_LEVEL. @default none: the declared defaults */
  readonly environment?: Partial<Readonly<Record<VariableName, string>>>;
}

/** A profile with every option decided. */
export interface Profile {
  readonly name: ProfileName;
  readonly namespace: string;
  /** Full reference of our image. */
  readonly image: string;
  readonly storageClass: string | undefined;
  /** Whether the stand-ins for the outside world are synthesized, and Secrets with well-known contents. */
  readonly sandbox: boolean;
  readonly services: Required<ServicesProps>;
  readonly autoscaling: Required<AutoscalingProps>;
  readonly redis: Required<StoreProps>;
  readonly rabbitmq: Required<BrokerProps>;
  readonly prometheus: Required<PrometheusProps>;
  readonly alertmanager: Required<AlertmanagerProps>;
  readonly alerting: Required<AlertingProps> & { readonly slack: Required<OutsideProps> };
  readonly grafana: Required<ServerProps>;
  readonly redisExporter: Required<ServerProps>;
  readonly flower: Required<FlowerProps>;
  readonly nodes: Required<NodesProps> & { readonly kubelets: Required<OutsideProps> };
  readonly monitorLabels: Readonly<Record<string, string>>;
  readonly runbooks: string;
  readonly kubernetesApi: Required<OutsideProps>;
  readonly outside: Partial<Readonly<Record<OutsideDependency, Required<OutsideProps>>>>;
  readonly foodModel: FoodModelProps | undefined;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Decides every option of a profile.
 * @throws PlatformError CONFIG_INVALID in one line that names every option that cannot be used
 */
export function defineProfile(name: ProfileName, props: ProfileProps = {}): Profile {
  const defaults = profileDefaults[name];
  const namespace = props.namespace ?? 'smarteats';
  const registry = props.imageRegistry ?? defaults.imageRegistry;
  const profile: Profile = {
    name,
    namespace,
    image: `${registry}/smarteats:${props.imageTag ?? packageVersion()}`,
    storageClass: props.storageClass,
    sandbox: name === 'kind',
    services: { ...defaults.services, ...props.services },
    autoscaling: { enabled: true, namespace: 'keda', ...defaults.autoscaling, ...props.autoscaling },
    redis: { ...defaults.redis, ...props.redis },
    rabbitmq: { ...defaults.rabbitmq, ...props.rabbitmq },
    prometheus: { ...defaults.prometheus, ...props.prometheus },
    alertmanager: { ...defaults.alertmanager, ...props.alertmanager },
    alerting: {
      ...alertingDefaults,
      ...props.alerting,
      slack: { ports: [443], cidrs: everywhere, ...props.alerting?.slack },
    },
    grafana: { ...defaults.grafana, ...props.grafana },
    redisExporter: { ...defaults.redisExporter, ...props.redisExporter },
    flower: { ...defaults.flower, managementPorts: [443, 15_671], ...props.flower },
    nodes: {
      watched: true,
      namespace: `${namespace}-nodes`,
      verifyKubelets: false,
      ...defaults.nodes,
      ...props.nodes,
      kubelets: { ports: [metricsPorts.kubelet], cidrs: everywhere, ...props.nodes?.kubelets },
    },
    monitorLabels: props.monitorLabels ?? { prometheus: 'smarteats' },
    runbooks: props.runbooks ?? '',
    kubernetesApi: { ports: [443, 6443], cidrs: everywhere, ...props.kubernetesApi },
    outside: Object.fromEntries(
      Object.entries({ ...defaults.outside, ...props.outside }).map(([dependency, options]) => [
        dependency,
        // Object.entries loses the key's type; a wrong key is reported by the check below.
        { ports: outsidePorts[dependency as OutsideDependency] ?? [], cidrs: everywhere, ...options },
      ]),
    ),
    foodModel: props.foodModel,
    environment: props.environment ?? {},
  };
  const problems = [...profileProblems(profile, Object.keys(outsidePorts))];
  if (problems.length > 0) {
    throw new PlatformError('CONFIG_INVALID', `profile ${name}: ${problems.join('; ')}`, {
      details: { problems },
    });
  }
  return profile;
}

const alertingDefaults = {
  from: 'SmartEats alerts <alerts@smarteats.example>',
  to: 'operators@smarteats.example',
  smarthost: 'smtp.smarteats.example:587',
  user: 'alerts',
};

const everywhere = ['0.0.0.0/0'];

const outsidePorts: Readonly<Record<OutsideDependency, readonly number[]>> = {
  redis: [6379],
  mongodb: [27_017],
  rabbitmq: [5671],
  'payment-provider': [443],
  mail: [465, 587],
  sms: [443],
  'object-storage': [443],
  internet: [80, 443],
};

function packageVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  // npm guarantees the field for a package that has a lock file.
  return (JSON.parse(text) as { version: string }).version;
}
