/**
 * The programs that watch the platform, under the names that Debian and others give them, the packages that bring
 * them, and what there is not without them. The platform itself runs without.
 */
export const watcherPrograms = {
  prometheus: {
    programs: ['prometheus'],
    apt: 'prometheus',
    brew: 'prometheus',
    shows: 'metrics, alerts and dashboards (prometheus)',
  },
  alertmanager: {
    programs: ['prometheus-alertmanager', 'alertmanager'],
    apt: 'prometheus-alertmanager',
    brew: 'alertmanager',
    shows: 'messages about alerts (alertmanager)',
  },
  redisExporter: {
    programs: ['prometheus-redis-exporter', 'redis_exporter'],
    apt: 'prometheus-redis-exporter',
    brew: 'redis_exporter',
    shows: 'metrics of Redis (redis exporter)',
  },
  nodeExporter: {
    programs: ['prometheus-node-exporter', 'node_exporter'],
    apt: 'prometheus-node-exporter',
    brew: 'node_exporter',
    shows: 'metrics of this machine (node exporter)',
  },
};
