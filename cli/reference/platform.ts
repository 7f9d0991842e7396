import type { Platform } from '../../workers/platform/platform.ts';
import { deadLetterQueueOf } from '../../workers/platform/topology.ts';
import { generatedNote, markdownTable } from './markdown.ts';

/** The reference page of services, queues, exchanges, events, tasks and the schedule, as Markdown. */
export function renderPlatform(platform: Platform): string {
  const { services, queues, exchanges, events, taskQueues, tasks, schedule, retryDelaysMs } = platform;
  return [
    '# Services, queues, events and tasks',
    '',
    generatedNote,
    '',
    '## Services',
    '',
    ...markdownTable(
      ['Service', 'Port', 'What it does', 'Consumes', 'Needs'],
      Object.entries(services).map(([name, { port, extraPorts = {}, description, uses }]) => [
        `\`${name}\``,
        [port, ...Object.entries(extraPorts).map(([kind, extra]) => `${extra} (${kind})`)].join(', '),
        description,
        Object.keys(queues)
          .filter((queue) => queues[queue]?.consumer === name)
          .map((queue) => `\`${queue}\``)
          .join(', '),
        uses.join(', '),
      ]),
    ),
    '',
    '## Queues',
    '',
    `All are durable quorum queues. A failed message waits at the broker (${retryDelaysMs.map(duration).join(', ')}) and is tried`,
    'again; after its last attempt it rests in the dead-letter queue.',
    '',
    ...markdownTable(
      ['Queue', 'Carries', 'Exchange', 'Consumer', 'Attempts', 'Longest delay', 'Time limit', 'Dead letters'],
      Object.entries(queues).map(([name, queue]) => [
        `\`${name}\``,
        queue.description,
        `\`${queue.exchange}\``,
        `\`${queue.consumer}\``,
        String(queue.retry.maxAttempts),
        duration(queue.retry.maxDelayMs),
        duration(queue.handlerTimeoutMs),
        `\`${deadLetterQueueOf(name)}\``,
      ]),
    ),
    '',
    '## Exchanges',
    '',
    ...markdownTable(
      ['Exchange', 'Type', 'Carries'],
      Object.entries(exchanges).map(([name, { type, description }]) => [`\`${name}\``, type, description]),
    ),
    '',
    '## Events',
    '',
    'Announcements to whoever listens at the moment; nothing is kept for those who do not.',
    '',
    ...markdownTable(
      ['Event', 'Exchange', 'When'],
      Object.entries(events).map(([name, { exchange, description }]) => [
        `\`${name}\``,
        `\`${exchange}\``,
        description,
      ]),
    ),
    '',
    '## Task queues',
    '',
    'Celery tasks wait in queues of their own, as durable and as safe as the others.',
    '',
    ...markdownTable(
      ['Task queue', 'Holds', 'Dead letters'],
      Object.entries(taskQueues).map(([name, { description }]) => [
        `\`${name}\``,
        description,
        `\`${deadLetterQueueOf(name)}\``,
      ]),
    ),
    '',
    '## Tasks',
    '',
    ...markdownTable(
      ['Task', 'What it does', 'Parameters', 'Task queue'],
      Object.entries(tasks).map(([name, { description, parameters, queue }]) => [
        `\`${name}\``,
        description,
        Object.keys(parameters.shape)
          .map((parameter) => `\`${parameter}\``)
          .join(', '),
        `\`${queue}\``,
      ]),
    ),
    '',
    '## Schedule',
    '',
    ...markdownTable(
      ['Entry', 'When', 'Time zone', 'Task'],
      Object.entries(schedule).map(([name, { description, timeZone, task }]) => [
        `\`${name}\``,
        description,
        timeZone,
        `\`${task}\``,
      ]),
    ),
    '',
  ].join('\n');
}

function duration(ms: number): string {
  return ms < 60_000 ? `${ms / 1_000} s` : `${ms / 60_000} min`;
}
