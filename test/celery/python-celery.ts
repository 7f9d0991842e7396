import { execFile, execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Debian's own Python, the one that its package of Celery is for. */
const python = '/usr/bin/python3';

/** The version of Celery on this machine; undefined if there is none. */
export function pythonCeleryVersion(): string | undefined {
  try {
    const script = 'import celery; print(celery.__version__)';
    return execFileSync(python, ['-c', script], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return undefined;
  }
}

/** Runs one of the scripts beside this file, and reads the JSON in the last line that it writes. */
export function runPython(script: string, input: unknown, args: readonly string[] = []): unknown {
  const file = fileURLToPath(new URL(`python/${script}`, import.meta.url));
  const options = { input: JSON.stringify(input), encoding: 'utf8', timeout: 60_000, stdio: 'pipe' } as const;
  const output = execFileSync(python, [file, ...args], options);
  return JSON.parse(output.split('\n').at(-1) ?? '');
}

/** The same, while this process goes on: for scripts that wait for what it does. */
export async function runPythonBeside(
  script: string,
  input: unknown,
  args: readonly string[] = [],
): Promise<unknown> {
  const file = fileURLToPath(new URL(`python/${script}`, import.meta.url));
  const running = promisify(execFile)(python, [file, ...args], { encoding: 'utf8', timeout: 120_000 });
  running.child.stdin?.end(JSON.stringify(input));
  const { stdout } = await running;
  return JSON.parse(stdout.split('\n').at(-1) ?? '');
}
