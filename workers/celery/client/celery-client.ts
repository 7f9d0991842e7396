import type { z } from 'zod';
import { PlatformError } from '../../platform/errors.ts';
import { argumentProblems, type Json, type TaskDeclaration } from '../../platform/tasks.ts';
import { applySignature, type CanvasDeps } from '../canvas/apply-signature.ts';
import type { Signature } from '../protocol/signature.ts';
import type { Kwargs } from '../protocol/value.ts';
import { AsyncResult, type GroupResult, type ResultSource, resultOf } from './async-result.ts';
import { type SignatureOptions, signature } from './compose.ts';

/** The tasks that a client knows the parameters of. */
export type Declarations = Readonly<Record<string, TaskDeclaration>>;

/** One declared task, as callers see it. */
export interface ClientTask<Declaration extends TaskDeclaration> {
  readonly name: string;
  /**
   * Calls it, resolving when the broker has the message.
   * @throws PlatformError MESSAGE_SCHEMA_INVALID for arguments that its parameters do not allow; as the sender does
   */
  delay(args: z.input<Declaration['parameters']>): Promise<AsyncResult>;
  /** @param options as Celery's `apply_async` takes them: `countdown`, `expires`, `priority`, `task_id`, `link` … */
  applyAsync(args: z.input<Declaration['parameters']>, options: Kwargs): Promise<AsyncResult>;
  /** A call to be made later; arguments may be missing that earlier results of a chain stand for. */
  signature(args?: Partial<z.input<Declaration['parameters']>>, options?: SignatureOptions): Signature;
}

/** Calls tasks by Celery's protocol, of whatever language their workers are. */
export class CeleryClient<Tasks extends Declarations> {
  readonly #tasks: Tasks;
  readonly #deps: CanvasDeps;
  readonly #source: ResultSource;

  constructor(options: {
    readonly tasks: Tasks;
    readonly deps: CanvasDeps;
    readonly source: ResultSource;
  }) {
    this.#tasks = options.tasks;
    this.#deps = options.deps;
    this.#source = options.source;
  }

  /** A declared task; its arguments are checked before they are sent. */
  task<Name extends keyof Tasks & string>(name: Name): ClientTask<Tasks[Name]> {
    const declaration = this.#tasks[name];
    if (declaration === undefined) throw new PlatformError('TASK_UNKNOWN', `no task is declared as ${name}`);
    const { queue } = declaration;
    const later = (args: object = {}, { options, ...more }: SignatureOptions = {}) =>
      signature(name, [], {
        ...more,
        kwargs: { ...asKwargs(args), ...more.kwargs },
        options: { queue, ...options },
      });
    const applyAsync = async (args: object, options: Kwargs) => {
      const kwargs = asKwargs(args);
      // What JSON cannot hold is found by the check, or when the message is encoded.
      const problems = argumentProblems(declaration, [], kwargs as Readonly<Record<string, Json>>);
      if (problems.length > 0)
        throw new PlatformError('MESSAGE_SCHEMA_INVALID', `${name}: ${problems.join('; ')}`);
      const [[id]] = await applySignature(later(args, { options }), {}, this.#deps);
      return new AsyncResult(id, undefined, this.#source);
    };
    return { name, applyAsync, delay: (args) => applyAsync(args, {}), signature: later };
  }

  /**
   * Sends a call of any task, or a canvas, resolving when the broker has all its messages.
   * @throws PlatformError as the sender does
   */
  async send(canvas: Signature): Promise<AsyncResult | GroupResult> {
    return resultOf(await applySignature(canvas, {}, this.#deps), this.#source);
  }

  /** The result of a task that somebody called. */
  result(id: string): AsyncResult {
    return new AsyncResult(id, undefined, this.#source);
  }
}

/** The parameters' schema takes an object, and its values are checked by it. */
function asKwargs(args: object): Kwargs {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined));
}
