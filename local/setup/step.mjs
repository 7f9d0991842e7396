import { spawn } from 'node:child_process';
import { SetupError } from './setup-error.mjs';

/**
 * Runs a program of the setup with one line of progress. What it writes is shown only when it fails.
 *
 * @param {string} title what happens, e.g. `Installing the node modules`
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, out?: { write(text: string): unknown } }} [options]
 * @returns {Promise<void>}
 * @throws {SetupError} when the program cannot be run or fails
 */
export async function runStep(title, command, args, options = {}) {
  const out = options.out ?? process.stderr;
  const started = Date.now();
  out.write(`${title} ... `);
  const { ended, output } = await collect(command, args, options);
  if (ended !== 0) {
    out.write('failed\n');
    throw new SetupError(`${output}${title}: ${command} ${ended}`);
  }
  out.write(`done (${Math.round((Date.now() - started) / 1000)} s)\n`);
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} options
 * @returns {Promise<{ ended: 0 | string, output: string }>} 0, or how the program failed
 */
function collect(command, args, { cwd, env }) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env: env ?? process.env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.on('error', (error) => resolve({ ended: `cannot be run: ${error.message}`, output }));
    child.on('close', (code, signal) => {
      if (code === 0) resolve({ ended: 0, output });
      else resolve({ ended: code === null ? `was ended by ${signal}` : `failed with code ${code}`, output });
    });
  });
}
