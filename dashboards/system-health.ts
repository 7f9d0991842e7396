import {
  errorRatio,
  freeDiskRatio,
  freeVolumeRatio,
  redisMemoryRatio,
  requestRate,
  responseSeconds,
} from '../workers/platform/alerts/expressions.ts';
import { thresholds } from '../workers/platform/alerts/thresholds.ts';
import type { DashboardDeclaration } from './declaration.ts';

/** What the variable of the job lets through. */
const chosen = ',job=~"$job"';
const ofJob = '{job=~"$job"}';

/** An expression that is 0 for every service with requests, where it has no result of its own. */
const orZero = (expression: string, by: string) => `${expression} or 0 * ${requestRate(by, chosen)}`;

/** Whether the API answers, how fast, and what it runs on. */
export const systemHealth: DashboardDeclaration = {
  name: 'system-health',
  title: 'System Health',
  description:
    'Whether the API answers and how fast, the servers under it, and the connections to the stores',
  rows: [
    {
      title: 'At a glance',
      panels: [
        {
          kind: 'number',
          title: 'Targets that answer',
          description: 'Part of everything watched that answers Prometheus',
          unit: 'percentunit',
          queries: { up: 'avg(up)' },
          limit: { value: 1, bad: 'below' },
          alert: 'TargetDown',
        },
        {
          kind: 'number',
          title: 'Requests',
          description: 'HTTP requests answered each second, probes aside',
          unit: 'reqps',
          queries: { requests: `sum(${requestRate('service', chosen)})` },
        },
        {
          kind: 'number',
          title: 'Errors',
          description: 'Part of all requests that failed with a 5xx',
          unit: 'percentunit',
          queries: {
            errors: `sum(${orZero(requestRate('service', `${chosen},status=~"5.."`), 'service')}) / sum(${requestRate('service', chosen)})`,
          },
          limit: { value: thresholds.errorRatio, bad: 'above' },
          alert: 'HighErrorRate',
        },
        {
          kind: 'number',
          title: 'Alerts',
          description: 'Alerts that are told now, or about to be',
          unit: 'short',
          queries: { alerts: 'count(ALERTS) or vector(0)' },
          limit: { value: 1, bad: 'above' },
        },
      ],
    },
    {
      title: 'API',
      panels: [
        {
          kind: 'lines',
          title: 'API response time',
          description: 'Time within which half, 95% and 99% of the requests to each service were answered',
          unit: 's',
          queries: {
            '{{service}} 50%': responseSeconds(0.5, 'service', chosen),
            '{{service}} 95%': responseSeconds(0.95, 'service', chosen),
            '{{service}} 99%': responseSeconds(0.99, 'service', chosen),
          },
          limit: { value: thresholds.slowApiSeconds, bad: 'above' },
          alert: 'SlowApi',
        },
        {
          kind: 'lines',
          title: 'API response time by route',
          description: 'Time within which 95% of the requests to each route were answered',
          unit: 's',
          queries: { '{{service}} {{route}}': responseSeconds(0.95, 'service, route', chosen) },
          limit: { value: thresholds.slowApiSeconds, bad: 'above' },
          alert: 'SlowApi',
        },
        {
          kind: 'lines',
          title: 'Error rate',
          description: 'Part of the requests to each service that failed with a 5xx',
          unit: 'percentunit',
          queries: { '{{service}}': orZero(errorRatio(chosen), 'service') },
          limit: { value: thresholds.errorRatio, bad: 'above' },
          alert: 'HighErrorRate',
        },
        {
          kind: 'lines',
          title: 'Errors by route',
          description: 'Requests that failed with a 5xx each second, by service and route',
          unit: 'reqps',
          queries: {
            '{{service}} {{route}}': orZero(
              requestRate('service, route', `${chosen},status=~"5.."`),
              'service, route',
            ),
          },
        },
        {
          kind: 'lines',
          title: 'Requests by status',
          description: 'Requests answered each second by each service, by status',
          unit: 'reqps',
          queries: { '{{service}} {{status}}': requestRate('service, status', chosen) },
          width: 24,
        },
      ],
    },
    {
      title: 'Server resources',
      panels: [
        {
          kind: 'lines',
          title: 'CPU of the nodes',
          description: 'Part of the processors of each node that is busy',
          unit: 'percentunit',
          queries: {
            '{{instance}}': '1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[5m]))',
          },
        },
        {
          kind: 'lines',
          title: 'Memory of the nodes',
          description: 'Part of the memory of each node that is used',
          unit: 'percentunit',
          queries: {
            '{{instance}}': '1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes',
          },
        },
        {
          kind: 'lines',
          title: 'Free disk',
          description: 'Part of each file system, and of each volume of a cluster, that is free',
          unit: 'percentunit',
          queries: {
            '{{instance}} {{mountpoint}}': freeDiskRatio,
            '{{persistentvolumeclaim}}': freeVolumeRatio,
          },
          limit: { value: thresholds.freeDiskRatio, bad: 'below' },
          alert: 'LowDisk',
          width: 24,
        },
        {
          kind: 'lines',
          title: 'CPU of the processes',
          description: 'Processors that each service uses',
          unit: 'short',
          queries: { '{{job}}': `sum by (job) (rate(process_cpu_seconds_total${ofJob}[5m]))` },
          decimals: 2,
        },
        {
          kind: 'lines',
          title: 'Memory of the processes',
          description: 'Memory that each service holds',
          unit: 'bytes',
          queries: { '{{job}}': `sum by (job) (process_resident_memory_bytes${ofJob})` },
        },
        {
          kind: 'lines',
          title: 'Delay of the event loops',
          description: '99th percentile of the delay of the event loop of each service',
          unit: 's',
          queries: { '{{service}}': `max by (service) (nodejs_eventloop_lag_p99_seconds${ofJob})` },
          limit: { value: thresholds.eventLoopLagSeconds, bad: 'above' },
          alert: 'EventLoopBlocked',
        },
        {
          kind: 'lines',
          title: 'Garbage collection',
          description: 'Part of the time that each service spends collecting garbage',
          unit: 'percentunit',
          queries: { '{{service}}': `sum by (service) (rate(nodejs_gc_duration_seconds_sum${ofJob}[5m]))` },
        },
      ],
    },
    {
      title: 'Database and broker connections',
      panels: [
        {
          kind: 'lines',
          title: 'Connections to Redis and RabbitMQ',
          description: 'Clients that are connected to each',
          unit: 'short',
          queries: {
            Redis: 'sum(redis_connected_clients)',
            RabbitMQ: 'sum(rabbitmq_connections)',
            'RabbitMQ channels': 'sum(rabbitmq_channels)',
          },
        },
        {
          kind: 'lines',
          title: 'Services that are connected',
          description: '1 while every process of a service has its connection',
          unit: 'short',
          queries: {
            '{{service}} to Redis': `min by (service) (redis_connected${ofJob})`,
            '{{service}} to RabbitMQ': `min by (service) (broker_connected${ofJob})`,
          },
          limit: { value: 1, bad: 'below' },
          alert: 'BrokerDisconnected',
        },
        {
          kind: 'lines',
          title: 'Round trip to Redis',
          description: 'Time Redis took to answer each service',
          unit: 's',
          queries: { '{{service}}': `max by (service) (redis_round_trip_seconds${ofJob})` },
        },
        {
          kind: 'lines',
          title: 'Commands of Redis',
          description: 'Commands that Redis handles each second',
          unit: 'ops',
          queries: { commands: 'sum(rate(redis_commands_processed_total[5m]))' },
        },
        {
          kind: 'lines',
          title: 'Memory of Redis',
          description: 'Memory that Redis uses, and its limit (0: none)',
          unit: 'bytes',
          queries: { used: 'sum(redis_memory_used_bytes)', limit: 'sum(redis_memory_max_bytes)' },
          alert: 'RedisMemoryHigh',
        },
        {
          kind: 'number',
          title: 'Memory of Redis used',
          description: 'Part of its limit that Redis uses; 0 where it has none',
          unit: 'percentunit',
          queries: { used: `max(${redisMemoryRatio}) or vector(0)` },
          limit: { value: thresholds.redisMemoryRatio, bad: 'above' },
          alert: 'RedisMemoryHigh',
        },
        {
          kind: 'number',
          title: 'Redis on disk',
          description: '1 while Redis could write and rewrite its append-only file',
          unit: 'short',
          queries: {
            written: 'min(redis_aof_last_write_status)',
            rewritten: 'min(redis_aof_last_bgrewrite_status)',
          },
          limit: { value: 1, bad: 'below' },
          alert: 'RedisPersistenceFailing',
        },
      ],
    },
  ],
};
