import {
  consumers,
  deadLetters,
  unaccountedMessages,
  waitingMessages,
} from '../workers/platform/alerts/expressions.ts';
import { thresholds } from '../workers/platform/alerts/thresholds.ts';
import type { Platform } from '../workers/platform/platform.ts';
import type { DashboardDeclaration, PanelDeclaration } from './declaration.ts';

const quantileByQueue = (metric: string) =>
  `histogram_quantile(0.95, sum by (queue, le) (rate(${metric}_bucket[5m])))`;

/** What becomes of messages and tasks. */
export function workersAndQueues(platform: Platform): DashboardDeclaration {
  return {
    name: 'workers-and-queues',
    title: 'Workers & Queues',
    description: 'Queues, consumers, dead letters, the accounts of the messages, the schedule and the tasks',
    rows: [
      { title: 'Queues', panels: queuePanels(platform) },
      { title: 'Accounts', panels: accountPanels(platform) },
      { title: 'Publishing', panels: publishingPanels },
      { title: 'Tasks', panels: taskPanels },
    ],
  };
}

function queuePanels(platform: Platform): readonly PanelDeclaration[] {
  return [
    {
      kind: 'lines',
      title: 'Messages that wait',
      description: 'Messages in each queue that no consumer has taken',
      unit: 'short',
      queries: { '{{queue}}': waitingMessages(platform) },
      limit: { value: thresholds.backlogMessages, bad: 'above' },
      alert: 'QueueBacklog',
    },
    {
      kind: 'lines',
      title: 'Consumers',
      description: 'Consumers of each queue',
      unit: 'short',
      queries: { '{{queue}}': consumers(platform) },
      alert: 'QueueWithoutConsumer',
    },
    {
      kind: 'lines',
      title: 'Messages received',
      description: 'Messages that consumers began with each second',
      unit: 'ops',
      queries: { '{{queue}}': 'sum by (queue) (rate(messages_received_total[5m]))' },
      alert: 'ConsumerStalled',
    },
    {
      kind: 'lines',
      title: 'Messages handled',
      description: 'Deliveries settled each second, by queue and outcome',
      unit: 'ops',
      queries: { '{{queue}} {{outcome}}': 'sum by (queue, outcome) (rate(messages_handled_total[5m]))' },
    },
    {
      kind: 'lines',
      title: 'Messages in flight',
      description: 'Messages that are being handled',
      unit: 'short',
      queries: { '{{queue}}': 'sum by (queue) (messages_in_flight)' },
    },
    {
      kind: 'lines',
      title: 'Time of an attempt',
      description: 'Time within which 95% of the attempts of each queue ended',
      unit: 's',
      queries: { '{{queue}}': quantileByQueue('message_handler_duration_seconds') },
    },
    {
      kind: 'lines',
      title: 'Age of messages',
      description: 'Time from publishing to the start of an attempt, 95th percentile',
      unit: 's',
      queries: { '{{queue}}': quantileByQueue('message_age_seconds') },
    },
    {
      kind: 'lines',
      title: 'Dead letters',
      description: 'Messages that were given up and rest with the reason',
      unit: 'short',
      queries: { '{{queue}}': `max by (queue) (${deadLetters(platform)})` },
      limit: { value: 1, bad: 'above' },
      alert: 'DeadLettersGrowing',
    },
  ];
}

function accountPanels(platform: Platform): readonly PanelDeclaration[] {
  return [
    {
      kind: 'lines',
      title: 'Accounts by queue',
      description: 'Messages by what became of them, each counted once across all processes',
      unit: 'short',
      queries: { '{{queue}} {{state}}': 'max by (queue, state) (messages_accounted)' },
      alert: 'MessagesUnaccounted',
    },
    {
      kind: 'lines',
      title: 'Messages unaccounted for',
      description: 'published - done - dropped - messages at the broker; it comes back to 0 at once',
      unit: 'short',
      queries: { gap: unaccountedMessages(platform) },
      signed: true,
      alert: 'MessagesUnaccounted',
    },
    {
      kind: 'lines',
      title: 'Schedule',
      description: 'Time since each entry of the schedule was last published, and the longest that may pass',
      unit: 's',
      queries: {
        '{{entry}}': 'time() - max by (entry) (schedule_last_tick_timestamp_seconds)',
        '{{entry}} at most': 'max by (entry) (schedule_longest_gap_seconds)',
      },
      alert: 'ScheduleTickMissed',
      width: 24,
    },
  ];
}

const publishingPanels: readonly PanelDeclaration[] = [
  {
    kind: 'lines',
    title: 'Messages published',
    description: 'Messages that the broker confirmed each second, by queue',
    unit: 'ops',
    queries: { '{{queue}}': 'sum by (queue) (rate(messages_published_total[5m]))' },
  },
  {
    kind: 'lines',
    title: 'Messages waiting for their confirm',
    description: 'Messages that a service holds until the broker has confirmed them',
    unit: 'short',
    queries: { '{{service}}': 'sum by (service) (publisher_unconfirmed_messages)' },
  },
  {
    kind: 'lines',
    title: 'Reconnects and resent messages',
    description: 'Connections opened anew, and messages sent again for that, within five minutes',
    unit: 'short',
    queries: {
      '{{service}} reconnects': 'sum by (service) (increase(broker_reconnects_total[5m]))',
      '{{service}} resent': 'sum by (service) (increase(publisher_resent_total[5m]))',
    },
  },
  {
    kind: 'lines',
    title: 'Publishers that are blocked',
    description:
      '1 while RabbitMQ takes no messages from a service, and messages refused each second by error',
    unit: 'short',
    queries: {
      '{{service}} blocked': 'max by (service) (broker_blocked)',
      '{{queue}} {{code}}': 'sum by (queue, code) (rate(messages_publish_failed_total[5m]))',
    },
    limit: { value: 1, bad: 'above' },
    alert: 'PublisherBlocked',
  },
];

const rateOfTasks = (state: string) => `sum(rate(celery_task_${state}_total[5m]))`;
const rateByTask = (state: string) => `sum by (name) (rate(celery_task_${state}_total[5m]))`;

const taskPanels: readonly PanelDeclaration[] = [
  {
    kind: 'lines',
    title: 'Tasks',
    description: 'Tasks each second, by what happened to them',
    unit: 'ops',
    queries: Object.fromEntries(
      ['sent', 'received', 'started', 'succeeded'].map((state) => [state, rateOfTasks(state)]),
    ),
  },
  {
    kind: 'lines',
    title: 'Tasks that succeeded',
    description: 'Tasks that ended well each second, by task',
    unit: 'ops',
    queries: { '{{name}}': rateByTask('succeeded') },
  },
  {
    kind: 'lines',
    title: 'Tasks that did not succeed',
    description: 'Tasks each second that failed, by task, and that are retried, were rejected or revoked',
    unit: 'ops',
    queries: {
      '{{name}} failed': rateByTask('failed'),
      ...Object.fromEntries(['retried', 'rejected', 'revoked'].map((state) => [state, rateOfTasks(state)])),
    },
    alert: 'TaskFailures',
  },
  {
    kind: 'lines',
    title: 'Time of a task',
    description: 'Time within which 95% of the runs of each task ended',
    unit: 's',
    queries: {
      '{{name}}': 'histogram_quantile(0.95, sum by (name, le) (rate(celery_task_runtime_bucket[5m])))',
    },
  },
  {
    kind: 'lines',
    title: 'Task workers',
    description: 'Workers that run, and the tasks that they run now',
    unit: 'short',
    queries: { workers: 'sum(celery_worker_up)', 'tasks running': 'sum(celery_worker_tasks_active)' },
  },
  {
    kind: 'lines',
    title: 'Task queues',
    description: 'Messages that wait in each task queue, as the workers see it',
    unit: 'short',
    queries: { '{{queue_name}}': 'max by (queue_name) (celery_queue_length)' },
    limit: { value: thresholds.backlogMessages, bad: 'above' },
    alert: 'QueueBacklog',
  },
];
