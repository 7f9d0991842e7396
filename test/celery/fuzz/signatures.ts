import type { Random } from '../../harness/random.ts';
import { anyNumber, anyText, anyTime, anyValue } from './values.ts';

/** Names that the worker of the fuzz test has, that Celery's workers have, and that nobody has. */
const names = [
  'tests.add',
  'tests.echo',
  'tests.fail',
  'tests.try_until',
  'tests.ignore',
  'tests.send',
  'tests.replace',
  'tests.odd',
  'celery.accumulate',
  'celery.map',
  'celery.starmap',
  'celery.chunks',
  'celery.group',
  'celery.chord',
  'celery.chain',
  'celery.ping',
  'tests.nosuch',
  'constructor',
  '__proto__',
] as const;

export function anyTaskName(random: Random): string {
  return random.pick(names);
}

/** Arguments that fit some of the tasks, or none. */
export function anyArguments(random: Random): unknown[] {
  switch (random.below(4)) {
    case 0:
      return [random.below(100), random.below(100)];
    case 1:
      return [anySignature(random, 1)];
    default:
      return random.some(3, () => anyValue(random, 2));
  }
}

/** A call or a canvas as clients write it into messages, whole or damaged. */
export function anySignature(random: Random, depth = 2): unknown {
  if (random.chance(0.05)) return anyValue(random, 1);
  const type = depth > 0 ? random.pick([null, null, 'chain', 'group', 'chord', 'chunks', 'xmap']) : null;
  const signature: Record<string, unknown> = {
    task: type === null || type === 'xmap' ? anyTaskName(random) : `celery.${type}`,
    args: random.chance(0.2) ? anyArguments(random) : [],
    kwargs: kwargsOf(type, random, depth),
    options: anyOptions(random, depth),
    subtask_type: type,
    immutable: random.chance(0.3),
  };
  if (random.chance(0.15)) signature[random.pick(Object.keys(signature))] = anyValue(random, 1);
  return signature;
}

function kwargsOf(type: string | null, random: Random, depth: number): unknown {
  const one = () => anySignature(random, depth - 1);
  if (random.chance(0.05)) return anyValue(random, 1);
  switch (type) {
    case 'chain':
    case 'group':
      return { tasks: random.some(3, one) };
    case 'chord':
      return { header: random.chance(0.5) ? random.some(3, one) : one(), body: one(), kwargs: {} };
    case 'chunks':
      return { task: one(), it: random.some(4, () => [1, 2]), n: random.pick([0, 1, 2, -1, 'x', null]) };
    default:
      return random.chance(0.3) ? { x: 1, y: anyValue(random, 1) } : {};
  }
}

/** More than fits into the headers of a message. */
const tooMuch = { much: 'x'.repeat(150_000) };

/** Options of `apply_async`, good and bad; queues are few, since the worker declares those that are missing. */
function anyOptions(random: Random, depth: number): unknown {
  if (random.chance(0.03)) return anyValue(random, 1);
  const makers: Readonly<Record<string, () => unknown>> = {
    task_id: () => anyText(random),
    queue: () => random.pick(['celery', 'celery', 'fuzz-elsewhere', '', 'amq.reserved', 'x'.repeat(300), 7]),
    exchange: () => random.pick(['', 'celery', 'no-such-exchange', 'x'.repeat(300), null]),
    routing_key: () => random.pick(['celery', 'celery', 'fuzz-elsewhere', 'x'.repeat(300)]),
    countdown: () => random.pick([0, 0.2, 1, -5, 'soon', 1e300]),
    eta: () => anyTime(random),
    expires: () => anyTime(random),
    priority: () => random.pick([0, 5, 255, 256, -1, 1.5, 'high']),
    headers: () =>
      random.pick([{ mine: 1 }, { deep: { list: [1, '@raw:long'] } }, 'none', { nan: '@raw:nan' }, tooMuch]),
    link: () => random.some(2, () => anySignature(random, depth - 1)),
    link_error: () => random.some(2, () => anySignature(random, depth - 1)),
    chord: () => anySignature(random, depth - 1),
    chain: () => random.some(2, () => anySignature(random, depth - 1)),
    group_id: () => anyText(random),
    group_index: () => anyNumber(random),
    reply_to: () => anyText(random),
    retries: () => anyNumber(random),
    stamped_headers: () => random.pick([['stamp'], 'stamp', [1]]),
    stamp: () => anyValue(random, 1),
  };
  const picked = random.some(3, () => random.pick(Object.keys(makers)));
  const usable = picked.filter(
    (name) => depth > 0 || !['link', 'link_error', 'chord', 'chain'].includes(name),
  );
  return Object.fromEntries(usable.map((name) => [name, makers[name]?.()]));
}
