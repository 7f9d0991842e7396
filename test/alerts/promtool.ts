import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { locateProgram } from '../../local/setup/programs.mjs';

/** How a program of Prometheus ended, and what it wrote. */
export interface Checked {
  readonly ok: boolean;
  readonly output: string;
  /** What it wrote without its warnings. */
  readonly stdout: string;
}

/** Runs promtool or amtool in a directory with these files. */
export function check(
  program: 'promtool' | 'amtool',
  args: readonly string[],
  files: Readonly<Record<string, string>>,
): Checked {
  const path = locateProgram(program);
  if (path === undefined) throw new Error(`${program} is not installed; it comes with Prometheus`);
  const directory = mkdtempSync(join(tmpdir(), 'smarteats-test-rules-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
    const { status, stdout, stderr } = spawnSync(path, args, { cwd: directory, encoding: 'utf8' });
    return { ok: status === 0, output: `${stdout}${stderr}`, stdout };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
