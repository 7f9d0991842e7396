import type { Size } from './size.ts';

/** The official images; those of the monitoring are what the supported release of prometheus-operator was tested with. */
const serverImages = {
  redis: 'redis:7.4.7-alpine',
  rabbitmq: 'rabbitmq:4.3.6-management-alpine',
  prometheus: 'quay.io/prometheus/prometheus:v3.13.1',
  alertmanager: 'quay.io/prometheus/alertmanager:v0.33.1',
  grafana: 'grafana/grafana:13.1.3',
  redisExporter: 'oliver006/redis_exporter:v1.88.0',
  flower: 'mher/flower:2.0.1',
  nodeExporter: 'quay.io/prometheus/node-exporter:v1.12.1',
};

/** What a container is given: request and limit of thousandths of a core, of MiB of memory, of MiB on the node. */
function size(cpu: Range, memory: Range, ephemeral: Range): Size {
  const share = ([request, limit]: Range) => ({ request, limit });
  return { cpuMillis: share(cpu), memoryMiB: share(memory), ephemeralMiB: share(ephemeral) };
}

type Range = readonly [request: number, limit: number];

/** What each profile has unless its options say otherwise. */
export const profileDefaults = {
  kind: {
    imageRegistry: 'localhost:5001',
    services: { replicas: 1, replicasOf: {}, size: size([50, 500], [128, 256], [32, 128]) },
    autoscaling: { maxReplicas: 3 },
    redis: { image: serverImages.redis, storageGiB: 1, size: size([50, 500], [128, 256], [16, 64]) },
    rabbitmq: {
      image: serverImages.rabbitmq,
      nodes: 1,
      storageGiB: 1,
      size: size([200, 1000], [512, 768], [64, 256]),
    },
    prometheus: {
      image: serverImages.prometheus,
      replicas: 1,
      retentionDays: 2,
      storageGiB: 1,
      size: size([100, 500], [256, 512], [16, 64]),
    },
    alertmanager: {
      image: serverImages.alertmanager,
      replicas: 1,
      storageGiB: 1,
      size: size([20, 100], [32, 128], [16, 64]),
    },
    grafana: { image: serverImages.grafana, size: size([50, 500], [192, 384], [32, 256]) },
    redisExporter: { image: serverImages.redisExporter, size: size([10, 100], [16, 64], [8, 32]) },
    flower: { image: serverImages.flower, size: size([20, 250], [96, 256], [16, 64]) },
    nodes: { image: serverImages.nodeExporter, size: size([10, 100], [24, 64], [8, 32]) },
    outside: { internet: {} },
  },
  production: {
    imageRegistry: 'registry.smarteats.example',
    services: { replicas: 2, replicasOf: {}, size: size([100, 1000], [192, 384], [64, 256]) },
    autoscaling: { maxReplicas: 10 },
    redis: { image: serverImages.redis, storageGiB: 20, size: size([500, 2000], [2048, 2048], [64, 256]) },
    rabbitmq: {
      image: serverImages.rabbitmq,
      nodes: 3,
      storageGiB: 20,
      size: size([1000, 2000], [2048, 2048], [64, 512]),
    },
    prometheus: {
      image: serverImages.prometheus,
      replicas: 2,
      retentionDays: 15,
      storageGiB: 20,
      size: size([500, 2000], [2048, 2048], [64, 256]),
    },
    alertmanager: {
      image: serverImages.alertmanager,
      replicas: 2,
      storageGiB: 1,
      size: size([50, 250], [64, 256], [16, 64]),
    },
    grafana: { image: serverImages.grafana, size: size([100, 1000], [256, 512], [64, 512]) },
    redisExporter: { image: serverImages.redisExporter, size: size([20, 200], [32, 128], [8, 32]) },
    flower: { image: serverImages.flower, size: size([50, 500], [128, 384], [16, 64]) },
    nodes: { image: serverImages.nodeExporter, size: size([20, 200], [32, 128], [8, 32]) },
    outside: { 'payment-provider': {}, mail: {}, sms: {}, 'object-storage': {}, internet: {} },
  },
} as const;
