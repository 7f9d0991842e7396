import type { TaskRequest } from '../../../workers/celery/protocol/task-request.ts';

/** A request of no particular task. */
export function requestOf(fields: Partial<TaskRequest> = {}): TaskRequest {
  return {
    protocol: 2,
    id: 'r1',
    task: 'tests.add',
    args: [],
    kwargs: {},
    callbacks: [],
    errbacks: [],
    chain: [],
    chord: undefined,
    shadow: undefined,
    eta: undefined,
    etaText: undefined,
    expires: undefined,
    group: undefined,
    groupIndex: undefined,
    retries: 0,
    timeLimit: { hard: undefined, soft: undefined },
    rootId: 'r1',
    parentId: undefined,
    argsRepr: '[]',
    kwargsRepr: '{}',
    origin: undefined,
    ignoreResult: undefined,
    replacedTaskNesting: 0,
    stampedHeaders: undefined,
    stamps: {},
    headers: undefined,
    replyTo: undefined,
    correlationId: undefined,
    properties: {},
    delivery: { exchange: '', routingKey: 'celery', queue: 'celery', priority: 0, redelivered: false },
    ...fields,
  };
}
