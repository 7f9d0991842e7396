import Table from 'cli-table3';
import type { Part, PlatformStatus } from './read-status.ts';

/** A status as tables for people. */
export function renderStatus({ pods, queues, delayed, targets }: PlatformStatus): string {
  return [
    render(
      ['pod', 'ready', 'restarts', 'age', 'state'],
      pods.map(({ name, ready, restarts, ageMs, state }) => [name, ready, restarts, age(ageMs), state]),
    ),
    section(
      'Queues',
      ['queue', 'ready', 'unacked', 'dead', 'consumers'],
      queues,
      ({ name, ready, unacked, dead, consumers }) => [name, ready, unacked, dead, consumers],
    ),
    ...(delayed > 0 ? [`${delayed} messages wait for another attempt or for their time.`] : []),
    section('Targets', ['target', 'up'], targets, ({ job, up, total }) => [job, `${up}/${total}`]),
  ].join('\n');
}

/** What is not right, a line each; empty when all is well. */
export function problemsOf({ pods, queues, targets }: PlatformStatus): readonly string[] {
  const named = (name: string, problem: string | undefined) =>
    problem === undefined ? [] : [`${name}: ${problem}`];
  return [
    ...pods.flatMap(({ name, problem }) => named(name, problem)),
    ...('rows' in queues
      ? queues.rows.flatMap(({ name, problem }) => named(`queue ${name}`, problem))
      : named('queues', queues.problem ? queues.absent : undefined)),
    ...('rows' in targets
      ? targets.rows.flatMap(({ job, problem }) => named(`target ${job}`, problem))
      : named('targets', targets.problem ? targets.absent : undefined)),
  ];
}

function section<T>(
  title: string,
  head: readonly string[],
  part: Part<T>,
  cells: (row: T) => readonly (string | number)[],
): string {
  if ('absent' in part) return `${title}: ${part.absent}.`;
  return render(head, part.rows.map(cells));
}

function render(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const table = new Table({
    head: [...head],
    style: { head: [], border: [], compact: true },
    colAligns: head.map((_, index) => (index === 0 ? 'left' : 'right')),
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}

/** A time as kubectl says it: two units at most. */
export function age(ms: number | undefined): string {
  if (ms === undefined) return '-';
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const [minutes, hours, days] = [60, 3_600, 86_400].map((unit) => Math.floor(seconds / unit));
  if (days) return `${days}d${(hours ?? 0) % 24}h`;
  if (hours) return `${hours}h${(minutes ?? 0) % 60}m`;
  return minutes ? `${minutes}m${seconds % 60}s` : `${seconds}s`;
}
