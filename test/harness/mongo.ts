import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import getPort from 'get-port';
import { MongoClient } from 'mongodb';
import { locateProgram } from '../../local/setup/programs.mjs';
import { eventually } from './eventually.ts';

/** How a MongoDB-compatible server is started on a port with a directory for its data. */
export interface MongoServer {
  readonly name: string;
  readonly command: string;
  /** Whether a change of a document is one step for the server, as MongoDB has it. */
  readonly atomic: boolean;
  args(port: number, directory: string): readonly string[];
}

/** A server of the test's own, which `remove` ends together with its data. */
export interface TestMongo {
  readonly url: string;
  kill(): Promise<void>;
  remove(): Promise<void>;
}

/**
 * A MongoDB-compatible server of this machine: MongoDB itself where it is installed, else FerretDB, which is made of its
 * Go module where Go is installed.
 * @returns why there is none, otherwise
 */
export async function findMongoServer(): Promise<MongoServer | string> {
  const mongod = locateProgram('mongod');
  if (mongod !== undefined) {
    const args = (port: number, directory: string) => [
      '--port',
      String(port),
      '--dbpath',
      directory,
      '--bind_ip',
      '127.0.0.1',
    ];
    return { name: 'MongoDB', command: mongod, atomic: true, args };
  }
  const go = locateProgram('go');
  if (go === undefined) return 'neither mongod nor Go is installed';
  try {
    const command = await buildFerretDb(go);
    return {
      name: 'FerretDB',
      command,
      atomic: false,
      args: (port, directory) => [`127.0.0.1:${port}`, directory],
    };
  } catch (error) {
    return `FerretDB could not be built: ${error instanceof Error ? error.message.slice(0, 500) : error}`;
  }
}

async function buildFerretDb(go: string): Promise<string> {
  const cache = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url));
  mkdirSync(cache, { recursive: true });
  const program = join(cache, 'smarteats-ferretdb');
  // Go itself knows whether anything is to be built.
  const options = { cwd: fileURLToPath(new URL('ferretdb/', import.meta.url)), timeout: 300_000 };
  await promisify(execFile)(go, ['build', '-o', program, '.'], options);
  if (!existsSync(program)) throw new Error('nothing was built');
  return program;
}

/** Starts a server on a free port. */
export async function startTestMongo(server: MongoServer): Promise<TestMongo> {
  const directory = mkdtempSync(join(tmpdir(), 'smarteats-test-mongo-'));
  const port = await getPort();
  const child = spawn(server.command, server.args(port, directory), { stdio: 'ignore' });
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  const url = `mongodb://127.0.0.1:${port}/smarteats`;
  await eventually(async () => {
    if (child.exitCode !== null) throw new Error(`${server.name} ended with code ${child.exitCode}`);
    const client = new MongoClient(url, { serverSelectionTimeoutMS: 500 });
    try {
      await client.db().command({ ping: 1 });
    } finally {
      await client.close();
    }
  });
  return {
    url,
    kill,
    remove: async () => {
      await kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
