import type { Kwargs, TaskValue } from '../../protocol/value.ts';
import type { Command, Commands } from '../command.ts';
import { requestDocument } from '../request-document.ts';
import type { RequestInfo, WorkerView } from '../worker-view.ts';

/** Priority of a held task in Python's timer, which has no other. */
const timerPriority = 6;

const active: Command = ({ view }, args) => documentsOf(view, view.active(), args.flag('safe'));

const reserved: Command = ({ view }) => documentsOf(view, view.reserved());

const scheduled: Command = ({ view }) =>
  view.scheduled().map(({ eta, info }) => ({
    eta: info.request.etaText ?? eta.toISOString().replace(/Z$/, '+00:00'),
    priority: timerPriority,
    request: documentOf(view, info),
  }));

/** What a worker does with the tasks of these ids; those that it does not have are left out. */
const queryTask: Command = ({ view }, args) => {
  const wanted = new Set(args.texts('ids'));
  const states: readonly (readonly [string, readonly RequestInfo[]])[] = [
    ['scheduled', view.scheduled().map(({ info }) => info)],
    ['reserved', view.reserved()],
    ['active', view.active()],
  ];
  const found = states.flatMap(([state, infos]) =>
    infos
      .filter(({ request }) => wanted.has(request.id))
      .map((info): [string, TaskValue] => [info.request.id, [state, documentOf(view, info)]]),
  );
  return Object.fromEntries(found);
};

/** What is inside a worker; under Celery's old names too. */
export const requests: Commands = {
  active,
  dump_active: active,
  reserved,
  dump_reserved: reserved,
  scheduled,
  dump_schedule: scheduled,
  query_task: queryTask,
};

function documentsOf(view: WorkerView, infos: readonly RequestInfo[], safe = false): readonly Kwargs[] {
  return infos.map((info) => documentOf(view, info, safe));
}

function documentOf({ nodeName }: WorkerView, info: RequestInfo, safe = false): Kwargs {
  return requestDocument(info, { hostname: nodeName, safe });
}
