import type { Platform } from '../platform.ts';
import { scrapeJobsOf } from '../scrape-jobs.ts';
import { type AlertDeclarations, after } from './declaration.ts';
import { freeDiskRatio, freeVolumeRatio, oneOf, redisMemoryRatio } from './expressions.ts';
import { thresholds } from './thresholds.ts';

const { freeDiskRatio: leastFree, redisMemoryRatio: mostMemory, eventLoopLagSeconds } = thresholds;

/** What the platform runs on. */
export function serverAlerts(platform: Platform) {
  const jobs = scrapeJobsOf(platform).map(({ name }) => name);
  return {
    TargetDown: {
      severity: 'critical',
      expression: `up{${oneOf('job', jobs)}} == 0`,
      forSeconds: after.twoMinutes,
      summary: 'A part of the platform does not answer',
      description: '{{ $labels.job }} at {{ $labels.instance }} has not answered for two minutes.',
      receivers: ['email', 'slack'],
    },
    LowDisk: {
      severity: 'critical',
      expression: `${freeDiskRatio} < ${leastFree}`,
      forSeconds: after.fiveMinutes,
      summary: 'A disk is nearly full',
      description: `{{ $value | humanizePercentage }} of {{ $labels.mountpoint }} on {{ $labels.instance }} is free, less than ${leastFree * 100}%.`,
      receivers: ['email'],
    },
    // Only a cluster has volumes.
    LowVolume: {
      severity: 'critical',
      expression: `${freeVolumeRatio} < ${leastFree}`,
      forSeconds: after.fiveMinutes,
      summary: 'A volume is nearly full',
      description: `{{ $value | humanizePercentage }} of volume {{ $labels.persistentvolumeclaim }} is free, less than ${leastFree * 100}%.`,
      receivers: ['email'],
    },
    RedisDown: {
      severity: 'critical',
      expression: 'min by (instance) (redis_up) == 0',
      forSeconds: after.oneMinute,
      summary: 'Redis does not answer',
      description: 'The Redis that {{ $labels.instance }} watches has not answered for a minute.',
      receivers: ['email', 'slack'],
    },
    RedisPersistenceFailing: {
      severity: 'critical',
      expression:
        'min by (instance) (redis_aof_last_write_status) == 0 or min by (instance) (redis_aof_last_bgrewrite_status) == 0',
      forSeconds: after.oneMinute,
      summary: 'Redis cannot write its append-only file',
      description:
        'The Redis that {{ $labels.instance }} watches could not write to its disk: it refuses writes, or its file grows without end.',
      receivers: ['email', 'slack'],
    },
    RedisEvicting: {
      severity: 'critical',
      expression: 'max by (instance) (increase(redis_evicted_keys_total[10m])) > 0',
      forSeconds: 0,
      summary: 'Redis throws data away',
      description:
        'The Redis that {{ $labels.instance }} watches evicted {{ $value | printf "%.0f" }} keys within ten minutes; the platform needs maxmemory-policy noeviction.',
      receivers: ['email', 'slack'],
    },
    RedisMemoryHigh: {
      severity: 'warning',
      expression: `${redisMemoryRatio} > ${mostMemory}`,
      forSeconds: after.fiveMinutes,
      summary: 'The memory of Redis is nearly full',
      description: `The Redis that {{ $labels.instance }} watches uses {{ $value | humanizePercentage }} of its memory, more than ${mostMemory * 100}%; a full Redis refuses writes.`,
      receivers: ['email'],
    },
    EventLoopBlocked: {
      severity: 'warning',
      expression: `max by (service) (nodejs_eventloop_lag_p99_seconds) > ${eventLoopLagSeconds}`,
      forSeconds: after.fiveMinutes,
      summary: 'A process is too busy to answer',
      description: `The event loop of {{ $labels.service }} is late by {{ $value | humanizeDuration }}, more than ${eventLoopLagSeconds} s.`,
      receivers: ['slack'],
    },
  } as const satisfies AlertDeclarations;
}
