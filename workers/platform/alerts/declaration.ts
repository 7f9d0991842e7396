/** Who can be told. */
export type Receiver = 'email' | 'slack';

/** An alert that explains another. */
export interface Implication {
  readonly alert: string;
  /** Labels that it must have, each with the values it may have. @default any */
  readonly labels?: Readonly<Record<string, readonly string[]>>;
  /** Labels in which the two must agree. @default none */
  readonly equal?: readonly string[];
}

/** A state of the platform that somebody should look at. */
export interface AlertDeclaration {
  readonly severity: 'warning' | 'critical';
  /** PromQL; the alert holds where it has a result. */
  readonly expression: string;
  /** How long it must hold before anybody is told, in seconds. */
  readonly forSeconds: number;
  readonly summary: string;
  /** With the values of the result, in Prometheus' template language. */
  readonly description: string;
  /** Who is told; at least one. */
  readonly receivers: readonly Receiver[];
  /** Alerts that explain this one: while one of them holds, nobody is told of this. */
  readonly impliedBy?: readonly Implication[];
}

/** Alerts by name; each has a page of its name in docs/runbooks. */
export type AlertDeclarations = Readonly<Record<string, AlertDeclaration>>;

const minute = 60;

/** Times in which an alert is told, in seconds. */
export const after = {
  oneMinute: minute,
  twoMinutes: 2 * minute,
  fiveMinutes: 5 * minute,
  tenMinutes: 10 * minute,
} as const;
