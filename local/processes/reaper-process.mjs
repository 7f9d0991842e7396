/**
 * Outlives the supervisor by a moment: reads from its standard input which process groups and directories
 * the supervisor is responsible for and, when that input ends because the supervisor is gone, ends the groups and
 * removes the directories. It holds no lock and opens no port, and a supervisor that stops cleanly leaves it nothing.
 *
 * Input, one instruction a line: `+group <id>`, `-group <id>`, `+directory <path>`, `-directory <path>`.
 */
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

/** @type {Record<string, Set<string>>} */
const held = { group: new Set(), directory: new Set() };

for await (const line of createInterface({ input: process.stdin })) {
  const [, sign, kind = '', value = ''] = /^([+-])(\w+) (.+)$/.exec(line) ?? [];
  if (sign === '+') held[kind]?.add(value);
  else held[kind]?.delete(value);
}
for (const group of held['group'] ?? []) await end(Number(group));
for (const directory of held['directory'] ?? []) {
  rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

/**
 * Kills a process group and waits until it is gone: a process that still runs could write into a removed directory.
 * @param {number} group
 */
async function end(group) {
  const deadline = Date.now() + 5_000;
  try {
    while (Date.now() < deadline) {
      process.kill(-group, 'SIGKILL');
      await delay(20);
    }
  } catch {
    // No such group any more.
  }
}
