import { execa } from 'execa';
import { PlatformError } from '../../workers/platform/errors.ts';
import type { Step } from './step.ts';

/** Runs the programs of the workflow; the tests put others of the same names on the path. */
export class Programs {
  readonly #directory: string;
  readonly #env: Readonly<Record<string, string | undefined>>;

  /**
   * @param directory where the commands run, which is where the configuration and the Dockerfile are
   * @param env variables of the commands; PATH is where the programs are looked for
   */
  constructor(directory: string, env: Readonly<Record<string, string | undefined>>) {
    this.#directory = directory;
    this.#env = env;
  }

  /**
   * What a command wrote to its standard output.
   * @throws PlatformError KIND_COMMAND_FAILED with the command and its last lines, TOOL_MISSING without the program
   */
  async run({ title, program, args, input }: Step): Promise<string> {
    const result = await this.#execute(program, args, input);
    if (result.code === undefined) throw missing(program);
    if (result.code !== 0) {
      const lines = result.all.trim().split('\n').slice(-lastLines).join('\n');
      const message = `${title}: "${program} ${args.join(' ')}" ended with ${result.code}\n${lines}`;
      throw new PlatformError('KIND_COMMAND_FAILED', message);
    }
    return result.stdout;
  }

  /** What a command wrote if it succeeded, and `undefined` if it did not. */
  async ask(program: Step['program'], args: readonly string[]): Promise<string | undefined> {
    const { code, stdout } = await this.#execute(program, args);
    return code === 0 ? stdout.trim() : undefined;
  }

  /**
   * Makes sure that every program is there and Docker's engine answers.
   * @throws PlatformError TOOL_MISSING in one line that names everything that is missing
   */
  async check(): Promise<void> {
    const probes = { docker: ['--version'], kind: ['version'], kubectl: ['version', '--client'] } as const;
    // Object.entries loses the keys' type, which the constant above has.
    const programs = Object.entries(probes) as [Step['program'], readonly string[]][];
    const found = await Promise.all(programs.map(([program, args]) => this.#execute(program, args)));
    const absent = programs.filter((_, index) => found[index]?.code === undefined);
    if (absent.length > 0) throw missing(...absent.map(([program]) => program));
    const engine = await this.#execute('docker', ['version', '--format', '{{.Server.Version}}']);
    if (engine.code !== 0)
      throw new PlatformError(
        'TOOL_MISSING',
        "Docker's engine does not answer: start it, then run this again",
      );
  }

  async #execute(program: string, args: readonly string[], input?: string): Promise<Executed> {
    const result = await execa(program, args, {
      cwd: this.#directory,
      env: this.#env,
      extendEnv: false,
      reject: false,
      all: true,
      ...(input === undefined ? { stdin: 'ignore' } : { input }),
    });
    // Without an exit code the program was not found, or ended by a signal.
    const code = result.exitCode ?? (result.isTerminated ? -1 : undefined);
    return { code, stdout: String(result.stdout ?? ''), all: String(result.all ?? '') };
  }
}

interface Executed {
  /** `undefined` if there is no such program; below 0 if a signal ended it. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly all: string;
}

/** How much of a failed command's output is shown. */
const lastLines = 15;

const homes: Readonly<Record<Step['program'], string>> = {
  docker: 'https://docs.docker.com/engine/install/',
  kind: 'https://kind.sigs.k8s.io/docs/user/quick-start/#installation',
  kubectl: 'https://kubernetes.io/docs/tasks/tools/',
};

function missing(...programs: readonly Step['program'][]): PlatformError {
  const wanted = programs.map((program) => `${program} (${homes[program]})`).join(', ');
  return new PlatformError('TOOL_MISSING', `not installed: ${wanted}`);
}
