import type { ExceptionDocument } from '../../results/result-backend.ts';

/** A value, request or outcome as text, since threads share no classes and no exact numbers. */
export type Packed = string;

/** What a thread needs to begin. */
export interface ThreadData {
  /** URL of the module that exports `tasks`. */
  readonly module: string;
  /** What it makes them of. */
  readonly input?: unknown;
  readonly hostname: string;
  /** What TypeScript's loader imports; undefined in a bundle. */
  readonly entry: string;
}

/** Methods of a task's context that the worker's own thread carries out. */
export type CallName = 'updateState' | 'send' | 'replace' | 'addToChord';

export type ToThread =
  | { readonly kind: 'run'; readonly task: string; readonly request: Packed }
  /** The task should end with this error. */
  | { readonly kind: 'interrupt'; readonly error: ExceptionDocument }
  | { readonly kind: 'answer'; readonly call: number; readonly value: Packed }
  | { readonly kind: 'refusal'; readonly call: number; readonly error: ExceptionDocument };

export type FromThread =
  | { readonly kind: 'ready' }
  /** The module of the tasks cannot be used. */
  | { readonly kind: 'unusable'; readonly reason: string }
  | {
      readonly kind: 'call';
      readonly call: number;
      readonly name: CallName;
      readonly args: readonly Packed[];
    }
  | { readonly kind: 'outcome'; readonly outcome: Packed };
