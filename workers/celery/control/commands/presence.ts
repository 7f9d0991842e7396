import { isList, isMapping } from '../../protocol/fields.ts';
import type { TaskValue } from '../../protocol/value.ts';
import { type Commands, ok } from '../command.ts';

/** What workers and monitors ask to know of each other. */
export const presence: Commands = {
  ping: () => ok('pong'),
  clock: ({ clock }) => ({ clock: clock.value }),
  heartbeat: ({ events }) => {
    events.heartbeat();
    return null;
  },
  /**
   * Another worker starts, and tells and asks which tasks are revoked ("mingle"). The answer is a list: of a mapping
   * Python's workers want a fraction in each time, which JSON of JavaScript does not keep.
   */
  hello: ({ view, clock, log }, args) => {
    const from = args.text('from_node');
    if (from === view.nodeName) return null;
    log.debug({ node: from }, 'another worker has come up');
    view.rememberRevoked(revokedIds(args.value('revoked')));
    return { revoked: view.revoked(), clock: clock.forward() };
  },
  // Python's workers elect one of them to do something; this one is no candidate.
  election: () => null,
};

/** Ids as a list, or as the keys of a mapping to the times at which they were revoked. */
export function revokedIds(value: TaskValue | undefined): readonly string[] {
  if (isMapping(value)) return Object.keys(value);
  return isList(value) ? value.filter((id) => typeof id === 'string') : [];
}
