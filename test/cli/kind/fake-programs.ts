import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Programs } from '../../../cli/kind/programs.ts';

/** What `docker image inspect` says of what was built. */
export const imageId = 'sha256:0123456789abcdef0123456789abcdef';

/**
 * Programs named docker, kind and kubectl that do nothing but write down how they were called, remember what they
 * were told to make, and answer questions about it. They use no program but those of their own directory and /bin.
 */
export class FakePrograms {
  readonly directory = mkdtempSync(join(tmpdir(), 'smarteats-test-kind-'));
  readonly programs: Programs;

  constructor(installed: readonly string[] = ['docker', 'kind', 'kubectl']) {
    const bin = join(this.directory, 'bin');
    mkdirSync(bin);
    for (const program of installed) {
      writeFileSync(join(bin, program), script(program, this.directory));
      chmodSync(join(bin, program), 0o755);
    }
    this.programs = new Programs(this.directory, { PATH: bin });
  }

  /** What was called, in order, questions left out. */
  get calls(): readonly string[] {
    return this.allCalls.filter((call) => !questions.test(call));
  }

  get allCalls(): readonly string[] {
    return this.#lines('calls');
  }

  /** What was written to the standard input of calls, in order. */
  get inputs(): readonly string[] {
    return this.#lines('inputs');
  }

  /** Something that is there before: `registry` (`true` while it runs), `clusters`, `connected`. */
  remember(what: 'registry' | 'clusters' | 'connected', text: string): void {
    writeFileSync(join(this.directory, what), `${text}\n`);
  }

  /** Lets calls that contain a text fail, until told otherwise. */
  fail(text: string | undefined): void {
    writeFileSync(join(this.directory, 'failing'), text ?? '');
  }

  /** Forgets the calls, and not what was made. */
  forgetCalls(): void {
    rmSync(join(this.directory, 'calls'), { force: true });
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  #lines(file: string): readonly string[] {
    const path = join(this.directory, file);
    if (!existsSync(path)) return [];
    return readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  }
}

const questions = /^(docker (--version|version|container inspect)|kind (version|get)|kubectl version)/;

function script(program: string, directory: string): string {
  return `#!/bin/sh
cd '${directory}'
call="${program} $*"
echo "$call" >> calls
failing=; [ -f failing ] && failing=$(/bin/cat failing)
if [ -n "$failing" ]; then
  case "$call" in *"$failing"*) echo "it went wrong"; echo "no luck today" >&2; exit 7;; esac
fi
case "$call" in
  *"exec --interactive"*|*"apply -f -") /bin/cat >> inputs;;
  *"{{.State.Running}}"*) [ -f registry ] && /bin/cat registry || exit 1;;
  *"{{json .NetworkSettings"*) [ -f connected ] && echo '{}' || echo null;;
  "kind get clusters") [ -f clusters ] && /bin/cat clusters;;
  "docker run"*|"docker start"*) echo true > registry;;
  "kind create cluster"*) echo smarteats > clusters;;
  "docker network connect"*) echo yes > connected;;
  "docker image inspect"*) echo '${imageId}';;
  "kind delete cluster"*) /bin/rm -f clusters;;
  "docker rm"*) /bin/rm -f registry connected;;
esac
exit 0
`;
}
