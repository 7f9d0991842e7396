import type { Dependency } from './services.ts';

/** A role that does one thing and ends; it serves nothing. */
export interface CommandDeclaration {
  readonly description: string;
  readonly uses: readonly Dependency[];
}

export const commands = {
  enqueue: {
    description: 'Publishes the task of one schedule entry, then ends',
    uses: ['rabbitmq', 'redis'],
  },
  seed: {
    description: 'Adds demo restaurants and accounts, then ends',
    uses: ['redis', 'mongodb'],
  },
} as const satisfies Record<string, CommandDeclaration>;

export type CommandName = keyof typeof commands;
