import type { Task } from '../../../workers/celery/task.ts';
import { free, named } from './suite-task.ts';

/** Tasks that return something of their own request. */
export const requestTasks: readonly Task[] = [
  named('ids', { needed: ['i'] }, ({ i = null }, { request }) => [
    request.rootId,
    request.parentId ?? null,
    i,
  ]),
  named('collect_ids', { needed: ['res', 'i'] }, ({ res = null, i = null }, { request }) => [
    res,
    [request.rootId, request.parentId ?? null, i],
  ]),
  free('return_priority', (_args, _kwargs, { request }) => `Priority: ${request.delivery.priority}`),
  named('return_request_eta', {}, (_, { request }) => request.eta?.toISOString() ?? null),
  named('return_properties', {}, (_, { request }) => request.properties),
  named('return_request_time_limits', {}, (_, { request }) => timeLimits(request.timeLimit)),
  named('task_with_declared_time_limits', {}, (_, { request }) => timeLimits(request.timeLimit), {
    limits: { soft: 45, hard: 60 },
  }),
  named('soft_time_limit_must_exceed_time_limit', {}, () => null, { limits: { soft: 2, hard: 1 } }),
];

function timeLimits({
  hard,
  soft,
}: {
  readonly hard: number | undefined;
  readonly soft: number | undefined;
}) {
  return { time_limit: hard ?? null, soft_time_limit: soft ?? null };
}
