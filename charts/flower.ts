import type { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import type { Profile } from './profile.ts';
import { flowerPort } from './providers.ts';
import { platformIdentity } from './restricted.ts';
import { addStatelessServer, httpProbe, tcpProbe } from './server.ts';
import { scratchVolume } from './size.ts';
import { SystemChart } from './system-chart.ts';

const name = 'flower';

/** Keys of the Secret `flower`; each is the variable that Flower or Celery reads it from. */
export const flowerKeys = ['CELERY_BROKER_URL', 'FLOWER_BROKER_API', 'FLOWER_BASIC_AUTH'] as const;

/** Tasks that Flower remembers, so that its memory has an end. */
const rememberedTasks = 10_000;

/** Flower, which shows Celery's workers and tasks as RabbitMQ's events tell of them, and remembers nothing. */
export class FlowerChart extends SystemChart {
  constructor(scope: Construct, id: string, profile: Profile) {
    super(scope, id, profile);
    addStatelessServer(this, name, {
      image: profile.flower.image,
      size: profile.flower.size,
      component: 'monitoring',
      // Its files can be read by anyone, and it writes none: it need not be the user that the image names.
      identity: platformIdentity,
      port: { name: 'http', number: flowerPort },
      env: [
        { name: 'FLOWER_PORT', value: String(flowerPort) },
        { name: 'FLOWER_PERSISTENT', value: 'false' },
        { name: 'FLOWER_MAX_TASKS', value: String(rememberedTasks) },
        ...flowerKeys.map((key): k8s.EnvVar => ({ name: key, valueFrom: { secretKeyRef: { name, key } } })),
      ],
      // It serves while RabbitMQ is away, and connects again by itself.
      probes: {
        readinessProbe: { ...tcpProbe('http'), periodSeconds: 5, timeoutSeconds: 2 },
        livenessProbe: {
          ...httpProbe('/healthcheck', 'http'),
          initialDelaySeconds: 20,
          periodSeconds: 10,
          timeoutSeconds: 5,
          failureThreshold: 6,
        },
      },
      volumes: [scratchVolume('data', 16), scratchVolume('tmp', 16)],
      volumeMounts: [
        { name: 'data', mountPath: '/data' },
        { name: 'tmp', mountPath: '/tmp' },
      ],
    });
  }
}
