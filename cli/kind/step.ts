/** One command of the kind workflow. */
export interface Step {
  /** What it does, for people. */
  readonly title: string;
  readonly program: 'docker' | 'kind' | 'kubectl';
  readonly args: readonly string[];
  /** What it reads from its standard input. @default nothing */
  readonly input?: string;
}
