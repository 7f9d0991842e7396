import type { MetricDeclarations } from './declaration.ts';

const labels = ['name', 'hostname', 'queue_name'] as const;
/** Those that run tasks, and those that send them. */
const exposedBy: readonly string[] = [];

/**
 * What the task workers tell, under the names and labels of celery-exporter, so that dashboards made for it show
 * them too.
 */
export const taskMetrics = {
  celery_task_sent_total: { type: 'counter', help: 'Tasks sent to a queue', labels, exposedBy },
  celery_task_received_total: { type: 'counter', help: 'Tasks received by a worker', labels, exposedBy },
  celery_task_started_total: { type: 'counter', help: 'Tasks started', labels, exposedBy },
  celery_task_succeeded_total: { type: 'counter', help: 'Tasks that ended well', labels, exposedBy },
  celery_task_failed_total: {
    type: 'counter',
    help: 'Tasks that ended with an error, by the class of the error',
    labels: [...labels, 'exception'],
    exposedBy,
  },
  celery_task_retried_total: { type: 'counter', help: 'Tasks to be tried again', labels, exposedBy },
  celery_task_rejected_total: { type: 'counter', help: 'Tasks rejected', labels, exposedBy },
  celery_task_revoked_total: { type: 'counter', help: 'Tasks revoked or expired', labels, exposedBy },
  celery_task_runtime: {
    type: 'histogram',
    help: 'Time a task ran until it succeeded or failed, in seconds; the name is the exporter’s',
    labels,
    buckets: [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900],
    exposedBy,
  },
  celery_queue_length: {
    type: 'gauge',
    help: 'Messages that wait in a task queue',
    labels: ['queue_name'],
    exposedBy,
  },
  celery_worker_up: { type: 'gauge', help: '1 while a worker runs', labels: ['hostname'], exposedBy },
  celery_worker_tasks_active: {
    type: 'gauge',
    help: 'Tasks that a worker runs now',
    labels: ['hostname'],
    exposedBy,
  },
} as const satisfies MetricDeclarations;
