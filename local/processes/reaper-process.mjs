/**
 * Outlives the supervisor by a moment: reads from its standard input which process groups, files and directories
 * the supervisor is responsible for and, when that input ends because the supervisor is gone, ends the groups and
 * removes the rest. It holds no lock and opens no port, and a supervisor that stops cleanly leaves it nothing.
 *
 * Input, one instruction a line: `+group <id>`, `-group <id>`, `+path <path>`, `-path <path>`.
 */
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

/** @type {Record<string, Set<string>>} */
const held = { group: new Set(), path: new Set() };

for await (const line of createInterface({ input: process.stdin })) {
  const [, sign, kind = '', value = ''] = /^([+-])(\w+) (.+)$/.exec(line) ?? [];
  if (sign === '+') held[kind]?.add(value);
  else held[kind]?.delete(value);
}
for (const group of held['group'] ?? []) kill(Number(group));
// A process that still runs could write into a removed directory. Waiting has an end, because a group
// of which only zombies are left looks alive until somebody collects them.
for (let waits = 0; waits < 50 && [...(held['group'] ?? [])].some((group) => kill(Number(group))); waits++) {
  await delay(20);
}
for (const path of held['path'] ?? []) {
  rmSync(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

/**
 * Kills a process group.
 * @param {number} group
 * @returns {boolean} whether it was still there
 */
function kill(group) {
  try {
    return process.kill(-group, 'SIGKILL');
  } catch {
    return false;
  }
}
