import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

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
