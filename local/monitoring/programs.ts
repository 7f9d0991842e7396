import { locateProgram } from '../setup/programs.mjs';
import { watcherPrograms } from '../setup/watcher-programs.mjs';

/** A program that watches the platform. */
export type Watcher = keyof typeof watcherPrograms;

/** The path of each program that is installed. */
export function installedWatchers(path?: string): Partial<Readonly<Record<Watcher, string>>> {
  return Object.fromEntries(
    Object.entries(watcherPrograms).flatMap(([watcher, { programs }]) => {
      const found = programs.map((program) => locateProgram(program, path)).find(Boolean);
      return found === undefined ? [] : [[watcher, found]];
    }),
  );
}

/** The programs that are missing, as a line for the user; `undefined` when all are there. */
export function missingWatchers(installed: Partial<Readonly<Record<Watcher, string>>>): string | undefined {
  const missing = Object.entries(watcherPrograms).filter(([watcher]) => !(watcher in installed));
  if (missing.length === 0) return undefined;
  const names = missing.map(([, { shows }]) => shows).join(', ');
  return `Not installed, and so not there: ${names}`;
}
