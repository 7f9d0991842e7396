import type { AlertCases, Series } from '../alert-case.ts';

const up = (value: string): Series => ({ 'up{job="order-service",instance="10.0.0.1:4003"}': value });

const disk = (available: string, fstype = 'ext4'): Series => {
  const labels = `instance="node-1",device="/dev/vda",fstype="${fstype}",mountpoint="/"`;
  return {
    [`node_filesystem_avail_bytes{${labels}}`]: available,
    [`node_filesystem_size_bytes{${labels}}`]: '1000x60',
  };
};

const volume = (available: string): Series => {
  const labels = 'namespace="smarteats",persistentvolumeclaim="data-rabbitmq-0",node="node-1"';
  return {
    [`kubelet_volume_stats_available_bytes{${labels}}`]: available,
    [`kubelet_volume_stats_capacity_bytes{${labels}}`]: '1000x60',
  };
};

const exporter = 'job="redis-exporter",instance="redis-exporter:9121"';
const instance = { instance: 'redis-exporter:9121' };
const redis = (metric: string, value: string): Series => ({ [`${metric}{${exporter}}`]: value });

const memory = (used: string, limit: string): Series => ({
  ...redis('redis_memory_used_bytes', used),
  ...redis('redis_memory_max_bytes', limit),
});

const lag = (value: string): Series => ({
  'nodejs_eventloop_lag_p99_seconds{service="order-service"}': value,
});

export const serverCases = {
  TargetDown: {
    fires: {
      series: up('0x40'),
      at: '2m',
      labels: { job: 'order-service', instance: '10.0.0.1:4003' },
      says: 'order-service at 10.0.0.1:4003 has not answered for two minutes.',
    },
    boundary: { series: up('0x7 1x30'), at: '4m' },
    quiet: [{ why: 'somebody else is down', series: { 'up{job="another",instance="a"}': '0x40' }, at: '9m' }],
  },
  LowDisk: {
    fires: {
      series: disk('90x60'),
      at: '5m',
      labels: { instance: 'node-1', mountpoint: '/' },
      says: '9% of / on node-1 is free, less than 10%.',
    },
    boundary: { series: disk('100x60'), at: '9m' },
    quiet: [
      { why: 'half of it is free', series: disk('500x60'), at: '9m' },
      { why: 'what is full is in memory', series: disk('10x60', 'tmpfs'), at: '9m' },
    ],
  },
  LowVolume: {
    fires: {
      series: volume('90x60'),
      at: '5m',
      labels: { namespace: 'smarteats', persistentvolumeclaim: 'data-rabbitmq-0' },
      says: '9% of volume data-rabbitmq-0 is free, less than 10%.',
    },
    boundary: { series: volume('100x60'), at: '9m' },
    quiet: [{ why: 'half of it is free', series: volume('500x60'), at: '9m' }],
  },
  RedisDown: {
    fires: {
      series: redis('redis_up', '0x40'),
      at: '1m',
      labels: instance,
      says: 'The Redis that redis-exporter:9121 watches has not answered for a minute.',
    },
    boundary: { series: redis('redis_up', '0x3 1x30'), at: '3m' },
    quiet: [{ why: 'it answers', series: redis('redis_up', '1x40'), at: '9m' }],
  },
  RedisPersistenceFailing: {
    fires: {
      series: {
        ...redis('redis_aof_last_write_status', '0x40'),
        ...redis('redis_aof_last_bgrewrite_status', '1x40'),
      },
      at: '1m',
      labels: instance,
      says: 'The Redis that redis-exporter:9121 watches could not write to its disk: it refuses writes, or its file grows without end.',
    },
    boundary: {
      series: {
        ...redis('redis_aof_last_write_status', '1x40'),
        ...redis('redis_aof_last_bgrewrite_status', '0x3 1x37'),
      },
      at: '5m',
    },
    quiet: [
      {
        why: 'both went well',
        series: {
          ...redis('redis_aof_last_write_status', '1x40'),
          ...redis('redis_aof_last_bgrewrite_status', '1x40'),
        },
        at: '5m',
      },
    ],
  },
  RedisEvicting: {
    fires: {
      series: redis('redis_evicted_keys_total', '0x40 4x10'),
      at: '11m',
      labels: instance,
      says: 'The Redis that redis-exporter:9121 watches evicted 4 keys within ten minutes; the platform needs maxmemory-policy noeviction.',
    },
    boundary: { series: redis('redis_evicted_keys_total', '4x60'), at: '12m' },
    quiet: [{ why: 'it never did', series: redis('redis_evicted_keys_total', '0x60'), at: '12m' }],
  },
  RedisMemoryHigh: {
    fires: {
      series: memory('86x60', '100x60'),
      at: '5m',
      labels: { ...instance, job: 'redis-exporter' },
      says: 'The Redis that redis-exporter:9121 watches uses 86% of its memory, more than 85%; a full Redis refuses writes.',
    },
    boundary: { series: memory('85x60', '100x60'), at: '9m' },
    quiet: [{ why: 'there is no limit', series: memory('1000x60', '0x60'), at: '9m' }],
  },
  EventLoopBlocked: {
    fires: {
      series: lag('0.6x60'),
      at: '5m',
      labels: { service: 'order-service' },
      says: 'The event loop of order-service is late by 600ms, more than 0.5 s.',
    },
    boundary: { series: lag('0.5x60'), at: '9m' },
    quiet: [{ why: 'it runs freely', series: lag('0.01x60'), at: '9m' }],
  },
} satisfies AlertCases;
