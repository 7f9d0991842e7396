import { execa } from 'execa';
import { PlatformError } from '../../workers/platform/errors.ts';

/**
 * Runs a script with node until it ends.
 * @returns what it wrote to its standard output
 * @throws PlatformError LOCAL_STACK_FAILED with what it wrote, when it fails
 */
export async function runOnce(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  directory: string,
  signal?: AbortSignal,
): Promise<string> {
  const { failed, stdout, stderr } = await execa(process.execPath, args, {
    cwd: directory,
    env,
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    ...(signal && { cancelSignal: signal }),
  });
  if (failed)
    throw new PlatformError('LOCAL_STACK_FAILED', `${args.slice(1).join(' ')} failed:\n${stdout}\n${stderr}`);
  return stdout;
}
