import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LogFollower } from '../../../local/logs/log-follower.ts';
import { eventually } from '../../harness/eventually.ts';

let file: string;
let lines: string[];
let follower: LogFollower | undefined;

beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), 'smarteats-test-log-')), 'service.log');
  lines = [];
});

afterEach(async () => {
  await follower?.stop();
  rmSync(join(file, '..'), { recursive: true });
});

function follow(): LogFollower {
  follower = new LogFollower(file, (line) => lines.push(line));
  return follower;
}

const seen = (...expected: readonly string[]) => eventually(() => expect(lines).toEqual(expected));

describe('following a log file', () => {
  it('reports lines as they are appended, also to a file that is not there yet', async () => {
    follow();
    writeFileSync(file, 'one\ntwo\n');
    await seen('one', 'two');
    appendFileSync(file, 'three\n');
    await seen('one', 'two', 'three');
  });

  it('does not report what an earlier run wrote', async () => {
    writeFileSync(file, 'old\n');
    follow();
    appendFileSync(file, 'new\n');
    await seen('new');
  });

  it('reports a line only when it is whole', async () => {
    follow();
    writeFileSync(file, 'first\nhalf a ');
    await seen('first');
    appendFileSync(file, 'line\n');
    await seen('first', 'half a line');
  });

  it('puts characters together that are written in parts', async () => {
    follow();
    const [head, tail] = [Buffer.from('caf\u00e9\n').subarray(0, 4), Buffer.from('caf\u00e9\n').subarray(4)];
    writeFileSync(file, Buffer.concat([Buffer.from('menu\n'), head]));
    await seen('menu');
    appendFileSync(file, tail);
    await seen('menu', 'café');
  });

  it('reads more than one piece at a time', async () => {
    const long = 'x'.repeat(300_000);
    follow();
    writeFileSync(file, `${long}\nend\n`);
    await seen(long, 'end');
  });

  it('reports everything that was written, an unfinished line included, before it stops', async () => {
    const following = follow();
    writeFileSync(file, 'done\nand out');
    await following.stop();
    expect(lines).toEqual(['done', 'and out']);
    appendFileSync(file, 'late\n');
    await following.stop();
    expect(lines).toEqual(['done', 'and out']);
  });
});
