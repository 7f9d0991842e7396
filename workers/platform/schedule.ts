import { type CrontabFields, parseCrontab } from './crontab.ts';
import { PlatformError } from './errors.ts';
import { argumentProblems, type Json, type TaskDeclaration, type TaskName } from './tasks.ts';

/** A fixed time between one run and the next, counted from the last run as Celery's beat does. */
export interface Interval {
  readonly everySeconds: number;
}

/** Options of the message, as `apply_async` takes them. */
export interface ScheduleOptions {
  /** Seconds after the scheduled minute from which on the task is not worth running. @default never */
  readonly expires?: number;
  /** 0 to 255, as far as the queue knows priorities. @default 0 */
  readonly priority?: number;
  /** Headers for the task itself. @default none */
  readonly headers?: Readonly<Record<string, Json>>;
}

/** A task that is due again and again; the entry's name is part of the ids of its runs. */
export interface ScheduleEntry {
  readonly description: string;
  /** The name of a declared task. */
  readonly task: string;
  /** Positional arguments. @default none */
  readonly args?: readonly Json[];
  /** Named arguments. @default none */
  readonly kwargs?: Readonly<Record<string, Json>>;
  readonly schedule: CrontabFields | Interval;
  /** IANA name of the time zone that the crontab is read in. */
  readonly timeZone: string;
  readonly options?: ScheduleOptions;
}

/** An entry of this platform: its task must be a declared name. */
function entry(declaration: ScheduleEntry & { readonly task: TaskName }): ScheduleEntry {
  return declaration;
}

const timeZone = 'Etc/UTC';
const day = 86_400;

export const schedule = {
  'cleanup-expired-carts': entry({
    description: 'Every night at two',
    task: 'tasks.cleanup_carts',
    schedule: { minute: 0, hour: 2 },
    timeZone,
    // The next night's run does the same work.
    options: { expires: day },
  }),
  'calculate-daily-analytics': entry({
    description: 'Every night at half past midnight, when the day is over',
    task: 'tasks.calculate_analytics',
    schedule: { minute: 30, hour: 0 },
    timeZone,
  }),
  'send-inactive-user-reminders': entry({
    description: 'Mondays at ten',
    task: 'tasks.send_reminders',
    schedule: { minute: 0, hour: 10, day_of_week: 'monday' },
    timeZone,
    // Nobody wants it in the middle of another night.
    options: { expires: day / 2 },
  }),
};

export function isInterval(due: ScheduleEntry['schedule']): due is Interval {
  return 'everySeconds' in due;
}

/** Contradictions of the schedule with itself and with the tasks, one phrase for each. */
export function* scheduleProblems(
  entries: Readonly<Record<string, ScheduleEntry>>,
  tasks: Readonly<Record<string, TaskDeclaration>>,
): Generator<string> {
  for (const [name, each] of Object.entries(entries)) {
    for (const problem of entryProblems(name, each, tasks[each.task])) yield `schedule ${name}: ${problem}`;
  }
}

function* entryProblems(
  name: string,
  { task, args = [], kwargs = {}, schedule: due, timeZone: zone, options = {} }: ScheduleEntry,
  declaration: TaskDeclaration | undefined,
): Generator<string> {
  // A scheduler may append the time of a run, within the 63 characters of a host name.
  if (!/^[a-z]([a-z0-9-]{0,50}[a-z0-9])?$/.test(name))
    yield 'a name is 1 to 52 lower case letters, digits and -';
  if (declaration === undefined) yield `task ${task} is not declared`;
  else for (const problem of argumentProblems(declaration, args, kwargs)) yield `task ${task}: ${problem}`;
  if (!isTimeZone(zone)) yield `${JSON.stringify(zone)} is no IANA time zone`;
  const { expires, priority = 0 } = options;
  if (expires !== undefined && !(expires > 0)) yield 'expires must be above 0 seconds';
  if (!Number.isInteger(priority) || priority < 0 || priority > 255) yield 'priority must be 0 to 255';
  if (isInterval(due)) {
    if (!(due.everySeconds > 0)) yield 'everySeconds must be above 0';
    return;
  }
  try {
    parseCrontab(due);
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    yield error.message;
  }
}

/** Intl ignores case and takes offsets; schedulers elsewhere do not. */
function isTimeZone(name: string): boolean {
  if (!/^(UTC|[A-Z][A-Za-z_]+(\/[A-Z][A-Za-z0-9_+-]*)+)$/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}
