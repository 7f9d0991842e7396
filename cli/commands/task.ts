import { writeFileSync } from 'node:fs';
import Table from 'cli-table3';
import { callOnce } from '../../workers/celery/client/call-once.ts';
import { pythonStub } from '../../workers/celery/client/python-stub.ts';
import { PlatformError } from '../../workers/platform/errors.ts';
import { tasks } from '../../workers/platform/tasks.ts';
import { readCall } from '../tasks/call.ts';
import { type ServerChoice, serversFor } from '../tasks/servers.ts';

export interface TaskRunOptions extends ServerChoice {
  /** JSON of a list. */
  readonly args?: string;
  /** JSON of an object. */
  readonly kwargs?: string;
  /** Waits for the result and prints it. */
  readonly wait: boolean;
  /** How long the broker, and then the task, may take, in seconds. */
  readonly timeout: number;
}

/**
 * `smarteats task run`: calls a declared task.
 * @returns the exit code
 * @throws PlatformError TASK_UNKNOWN, TASK_ARGUMENT_INVALID or TASK_SERVERS_UNKNOWN before anything is sent, and as
 *   sending and waiting do
 */
export async function taskRun(name: string, options: TaskRunOptions): Promise<number> {
  const call = readCall(tasks, name, options);
  const timeoutMs = options.timeout * 1_000;
  const sent = await callOnce(call, serversFor(options), timeoutMs);
  try {
    if (!options.wait) {
      console.log(sent.id);
      return 0;
    }
    console.error(`${name} ${sent.id}`);
    console.log(await sent.result(timeoutMs));
    return 0;
  } finally {
    await sent.close();
  }
}

/**
 * `smarteats task stub`: writes the module by which Python programs know the tasks.
 * @throws PlatformError OUTPUT_UNWRITABLE
 */
export function taskStub({ out }: { readonly out?: string }): void {
  const stub = pythonStub(tasks);
  if (out === undefined) {
    process.stdout.write(stub);
    return;
  }
  try {
    writeFileSync(out, stub);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PlatformError('OUTPUT_UNWRITABLE', reason, { cause });
  }
  console.log(`wrote ${out}`);
}

/** `smarteats task list`: shows the declared tasks. */
export function taskList(): void {
  const table = new Table({ head: ['task', 'queue', 'parameters'], style: { head: [], border: [] } });
  for (const [name, { queue, parameters }] of Object.entries(tasks))
    table.push([name, queue, Object.keys(parameters.shape).join(', ')]);
  console.log(table.toString());
}
