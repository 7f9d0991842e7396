import { constants } from 'node:os';
import { TaskError } from '../../protocol/exception.ts';
import { isList, isMapping } from '../../protocol/fields.ts';
import { pythonRepr } from '../../protocol/python-repr.ts';
import type { Kwargs, TaskValue } from '../../protocol/value.ts';
import { typeError } from '../../worker/bind-arguments.ts';
import { type Command, type Commands, type ControlledWorker, ok } from '../command.ts';
import type { CommandArguments } from '../command-arguments.ts';

const revoked: Command = ({ view }) => view.revoked();

/** Tasks that are not wanted any more; under Celery's old names too. */
export const revocation: Commands = {
  revoked,
  dump_revoked: revoked,
  revoke: (worker, args) => revoke(worker, args, args.flag('terminate')),
  terminate: (worker, args) => revoke(worker, args, true),
  revoke_by_stamped_headers: (worker, args) => revokeByStamps(worker, args),
};

/** What follows in the result store may take its time; whoever asked does not wait for it. */
function revoke({ view, log }: ControlledWorker, args: CommandArguments, terminate: boolean): Kwargs {
  const ids = [...new Set(args.optionalTexts('task_id') ?? [])];
  const signal = signalName(args.value('signal'));
  const running = new Set(view.active().map(({ request }) => request.id));
  view.revoke(ids, { terminate, signal }).catch((error) => {
    log.error({ err: error, ids }, 'revoked tasks could not be stored as such');
  });
  log.info({ ids, terminate, signal }, 'tasks are revoked by remote control');
  if (!terminate) return ok(`tasks ${ids.join(', ')} flagged as revoked`);
  const ended = ids.filter((id) => running.has(id));
  return ok(`terminate: ${ended.length === 0 ? 'tasks unknown' : ended.join(', ')}`);
}

function revokeByStamps({ view, log }: ControlledWorker, args: CommandArguments): Kwargs {
  const headers = stampsOf(args.value('headers'));
  const terminate = args.flag('terminate');
  const signal = signalName(args.value('signal'));
  const stamps = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, isList(value) ? value : [value]]),
  );
  view.revokeByStamps(stamps, { terminate, signal }).catch((error) => {
    log.error({ err: error, headers }, 'revoked tasks could not be stored as such');
  });
  log.info({ headers, terminate, signal }, 'tasks are revoked by their stamps');
  const flagged = `headers ${pythonRepr(headers)} flagged as revoked`;
  return ok(terminate ? `${flagged} and terminated` : `${flagged}, but not terminated`);
}

/** A mapping, or a list of `name=value` as the command line sends it. @throws TaskError TypeError */
function stampsOf(value: TaskValue | undefined): Kwargs {
  if (isMapping(value)) return value;
  if (!isList(value)) throw typeError("revoke_by_stamped_headers() argument 'headers' must be a mapping");
  return Object.fromEntries(
    value.map((each): [string, TaskValue] => {
      const [name = '', stamp, ...rest] = String(each).split('=');
      if (name === '' || stamp === undefined) throw typeError(`${pythonRepr(each)} is not key=value`);
      return [name, [stamp, ...rest].join('=')];
    }),
  );
}

/** As Python's workers take it: `SIGTERM`, `TERM`, `term`, or its number. @throws TaskError KeyError for no signal */
function signalName(value: TaskValue | undefined): string {
  if (value === undefined) return 'SIGTERM';
  const text = String(value).toUpperCase();
  const named = Object.entries(constants.signals).find(
    ([name, number]) => name === text || name === `SIG${text}` || String(number) === text,
  );
  if (named === undefined) throw new TaskError('KeyError', [String(value)], 'builtins');
  return named[0];
}
