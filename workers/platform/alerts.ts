import type { Platform } from './platform.ts';

/** A state of the platform that somebody should look at. */
export interface AlertDeclaration {
  readonly severity: 'warning' | 'critical';
  /** PromQL; the alert holds where it has a result. */
  readonly expression: string;
  /** How long it must hold before anybody is told, in seconds. */
  readonly forSeconds: number;
  readonly summary: string;
  /** With the values of the result, in Prometheus' template language. */
  readonly description: string;
}

/** Messages that may wait in a queue before it counts as a backlog. */
const backlogMessages = 100;

/** The alerts that follow from the declarations, by name. */
export function alertsOf(platform: Platform): Readonly<Record<string, AlertDeclaration>> {
  const queues = [...Object.keys(platform.queues), ...Object.keys(platform.taskQueues)].join('|');
  const jobs = ['redis-exporter', 'rabbitmq', ...Object.keys(platform.services)].join('|');
  return {
    TargetDown: {
      severity: 'critical',
      expression: `up{job=~"${jobs}"} == 0`,
      forSeconds: 120,
      summary: 'A part of the platform does not answer',
      description: '{{ $labels.job }} at {{ $labels.instance }} has not answered for two minutes.',
    },
    QueueBacklog: {
      severity: 'warning',
      // While a queue's leader moves, two nodes may tell of it; it counts once.
      expression: `max by (queue) (rabbitmq_detailed_queue_messages_ready{queue=~"${queues}"}) > ${backlogMessages}`,
      forSeconds: 300,
      summary: 'Messages wait for a consumer',
      description: `{{ $value }} messages wait in {{ $labels.queue }}, more than ${backlogMessages} for five minutes.`,
    },
  };
}
