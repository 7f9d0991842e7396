import type { Platform } from '../platform.ts';
import { type AlertDeclarations, after } from './declaration.ts';
import {
  consumers,
  deadLetters,
  stalledQueues,
  taskFailureRatio,
  unaccountedMessages,
  waitingMessages,
} from './expressions.ts';
import { thresholds } from './thresholds.ts';

const { backlogMessages } = thresholds;

/** What becomes of messages. */
export function queueAlerts(platform: Platform) {
  const waiting = waitingMessages(platform);
  const gap = unaccountedMessages(platform);
  return {
    QueueBacklog: {
      severity: 'warning',
      expression: `${waiting} > ${backlogMessages}`,
      forSeconds: after.fiveMinutes,
      summary: 'Messages wait for a consumer',
      description: `{{ $value }} messages wait in {{ $labels.queue }}, more than ${backlogMessages} for five minutes.`,
      receivers: ['email'],
      impliedBy: [
        { alert: 'QueueWithoutConsumer', equal: ['queue'] },
        { alert: 'ConsumerStalled', equal: ['queue'] },
      ],
    },
    QueueWithoutConsumer: {
      severity: 'critical',
      expression: `${waiting} > 0 and on (queue) ${consumers(platform)} == 0`,
      forSeconds: after.fiveMinutes,
      summary: 'Messages wait and nobody consumes them',
      description: '{{ $value }} messages wait in {{ $labels.queue }}, which has no consumer.',
      receivers: ['email', 'slack'],
    },
    ConsumerStalled: {
      severity: 'critical',
      expression: stalledQueues(platform),
      forSeconds: after.fiveMinutes,
      summary: 'A consumer is connected but consumes nothing',
      description:
        '{{ $value }} messages wait in {{ $labels.queue }}; it has consumers, and none has begun with a message for five minutes.',
      receivers: ['email', 'slack'],
    },
    DeadLettersGrowing: {
      severity: 'warning',
      expression: `max by (queue) (delta(${deadLetters(platform, '[15m]')})) > 0`,
      forSeconds: 0,
      summary: 'Messages are given up',
      description:
        '{{ $value | printf "%.0f" }} messages came to rest in {{ $labels.queue }} within 15 minutes.',
      receivers: ['email'],
    },
    MessagesUnaccounted: {
      severity: 'critical',
      // Accounts and queues are read at different moments: only what never closes in a quarter of an hour is a gap.
      expression: `min_over_time((${gap})[15m:30s]) > 0 or max_over_time((${gap})[15m:30s]) < 0`,
      forSeconds: after.oneMinute,
      summary: 'The accounts of the messages do not close',
      description:
        'published - done - dropped - messages at the broker is {{ $value }} instead of 0: messages were lost (above 0) or doubled (below 0).',
      receivers: ['email', 'slack'],
      // Whoever does not answer does not tell its accounts, or what the broker holds.
      impliedBy: [
        { alert: 'TargetDown', labels: { job: [...Object.keys(platform.services), 'rabbitmq'] } },
        { alert: 'RedisDown' },
      ],
    },
    BrokerDisconnected: {
      severity: 'critical',
      expression: 'min by (service) (broker_connected) == 0',
      forSeconds: after.twoMinutes,
      summary: 'A service has no connection to RabbitMQ',
      description: '{{ $labels.service }} has had no connection to RabbitMQ for two minutes.',
      receivers: ['email', 'slack'],
      impliedBy: [{ alert: 'TargetDown', labels: { job: ['rabbitmq'] } }],
    },
    PublisherBlocked: {
      severity: 'critical',
      expression: 'max by (service) (broker_blocked) == 1',
      forSeconds: after.oneMinute,
      summary: 'RabbitMQ takes no messages',
      description:
        'RabbitMQ has blocked {{ $labels.service }}, most likely because its memory or its disk runs low.',
      receivers: ['email', 'slack'],
    },
    ScheduleTickMissed: {
      severity: 'warning',
      expression: `time() - max by (entry) (schedule_last_tick_timestamp_seconds) > max by (entry) (schedule_longest_gap_seconds) + ${thresholds.lateTickSeconds}`,
      forSeconds: after.oneMinute,
      summary: 'A scheduled task was not published',
      description: 'The task of {{ $labels.entry }} was last published {{ $value | humanizeDuration }} ago.',
      receivers: ['email'],
      impliedBy: [{ alert: 'RedisDown' }],
    },
    TaskFailures: {
      severity: 'warning',
      expression: `${taskFailureRatio('10m')} > ${thresholds.taskFailureRatio}`,
      forSeconds: after.fiveMinutes,
      summary: 'Tasks fail',
      description: `{{ $value | humanizePercentage }} of the tasks {{ $labels.name }} fail, more than ${thresholds.taskFailureRatio * 100}%.`,
      receivers: ['email'],
    },
  } as const satisfies AlertDeclarations;
}
