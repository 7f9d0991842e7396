import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PushedImage } from '../../../cli/kind/image.ts';
import { bringUp, type KindOptions, remove } from '../../../cli/kind/workflow.ts';
import { FakePrograms } from './fake-programs.ts';

let fake: FakePrograms;

beforeEach(() => {
  fake = new FakePrograms();
});
afterEach(() => fake.remove());

/** Options that write down, among the calls of the programs, when the platform is deployed and verified. */
function optionsOf(overrides: Partial<KindOptions> = {}) {
  const told: string[] = [];
  const images: PushedImage[] = [];
  const seen: { callsAtDeployment: readonly string[] } = { callsAtDeployment: [] };
  const options: KindOptions = {
    programs: fake.programs,
    version: '0.1.0',
    deploy: async (image) => {
      images.push(image);
      seen.callsAtDeployment = fake.calls;
      return true;
    },
    verify: async () => true,
    report: (title) => told.push(title),
    ...overrides,
  };
  return { options, told, images, seen };
}

/** The first words of calls, those to each node once. */
const outline = (calls: readonly string[]) => [
  ...new Set(
    calls.map((call) =>
      call
        .replace(/ --context \S+/, '')
        .split(' ')
        .slice(0, 2)
        .join(' '),
    ),
  ),
];

describe('npm run kind', () => {
  it('makes registry and cluster, pushes the image, installs the operators, and only then deploys', async () => {
    const { options, seen } = optionsOf();
    expect(await bringUp(options)).toBe(true);
    expect(outline(seen.callsAtDeployment)).toEqual([
      'docker run',
      'kind create',
      'docker exec',
      'docker network',
      'kubectl apply',
      'docker build',
      'docker image',
      'docker tag',
      'docker push',
      'kubectl wait',
    ]);
    expect(fake.calls).toHaveLength(seen.callsAtDeployment.length);
  });

  it('gives the nodes and the cluster the address of the registry', async () => {
    await bringUp(optionsOf().options);
    expect(fake.inputs.filter((line) => line === '[host."http://smarteats-registry:5000"]')).toHaveLength(3);
    expect(JSON.parse(fake.inputs.at(-1) ?? '')).toMatchObject({
      kind: 'ConfigMap',
      metadata: { name: 'local-registry-hosting', namespace: 'kube-public' },
      data: { 'localRegistryHosting.v1': 'host: "localhost:5001"\n' },
    });
  });

  it('deploys the image under a tag of its contents, which it pushed before', async () => {
    const { options, images } = optionsOf();
    await bringUp(options);
    expect(images).toEqual([{ registry: 'localhost:5001', tag: '0.1.0-0123456789ab' }]);
    expect(fake.calls).toContain('docker push localhost:5001/smarteats:0.1.0-0123456789ab');
    expect(fake.calls).toContain(
      'docker tag localhost:5001/smarteats:built localhost:5001/smarteats:0.1.0-0123456789ab',
    );
  });

  it('makes nothing twice when it is run again', async () => {
    await bringUp(optionsOf().options);
    fake.forgetCalls();
    expect(await bringUp(optionsOf().options)).toBe(true);
    expect(outline(fake.calls)).toEqual([
      'kind export',
      'docker exec',
      'kubectl apply',
      'docker build',
      'docker image',
      'docker tag',
      'docker push',
      'kubectl wait',
    ]);
  });

  it('starts a registry that is stopped', async () => {
    fake.remember('registry', 'false');
    fake.remember('clusters', 'other\nsmarteats');
    await bringUp(optionsOf().options);
    expect(outline(fake.calls).slice(0, 2)).toEqual(['docker start', 'kind export']);
  });

  it('does not take the cluster of somebody else for its own', async () => {
    fake.remember('clusters', 'smarteats-other');
    await bringUp(optionsOf().options);
    expect(outline(fake.calls)).toContain('kind create');
  });

  it('stops at a command that fails, shows what it wrote, and goes on from there the next time', async () => {
    fake.fail('kind create cluster');
    await expect(bringUp(optionsOf().options)).rejects.toMatchObject({
      code: 'KIND_COMMAND_FAILED',
      message: expect.stringMatching(
        /^Making the cluster .*: "kind create cluster .*" ended with 7\n(.*\n)?no luck today/,
      ),
    });
    expect(outline(fake.calls)).toEqual(['docker run', 'kind create']);
    fake.fail(undefined);
    fake.forgetCalls();
    expect(await bringUp(optionsOf().options)).toBe(true);
    expect(outline(fake.calls)[0]).toBe('kind create');
  });

  it('neither waits nor verifies what could not be deployed', async () => {
    const verified: string[] = [];
    const { options, told } = optionsOf({
      deploy: async () => false,
      verify: async () => verified.push('verified') > 0,
    });
    expect(await bringUp(options)).toBe(false);
    expect(verified).toEqual([]);
    expect(told.at(-1)).toBe('Deploying the platform');
    expect(fake.calls.at(-1)).toContain('--namespace keda');
  });

  it('is not content with a platform that is not well', async () => {
    expect(await bringUp(optionsOf({ verify: async () => false }).options)).toBe(false);
  });
});

describe('npm run kind -- --delete', () => {
  it('removes cluster and registry, and finds nothing to remove the next time', async () => {
    await bringUp(optionsOf().options);
    fake.forgetCalls();
    const { options, told } = optionsOf();
    await remove(options);
    expect(fake.calls).toEqual([
      'kind delete cluster --name smarteats',
      'docker rm --force --volumes smarteats-registry',
    ]);
    fake.forgetCalls();
    await remove(options);
    expect(fake.calls).toEqual([]);
    expect(told.at(-1)).toBe('There is neither a cluster nor a registry.');
  });
});

describe('what has to be installed', () => {
  it.each([
    [['docker', 'kind', 'kubectl'], [], /docker .*, kind .*, kubectl /],
    [['kind'], ['docker', 'kubectl'], /^not installed: kind \(https:\S+\)$/],
  ])('%j is named in one line where it is missing, before anything is done', async (_, installed, line) => {
    fake.remove();
    fake = new FakePrograms(installed);
    await expect(bringUp(optionsOf().options)).rejects.toMatchObject({
      code: 'TOOL_MISSING',
      message: expect.stringMatching(line),
    });
    expect(fake.calls).toEqual([]);
  });

  it("includes Docker's engine, which may be installed and not run", async () => {
    fake.fail('docker version');
    await expect(remove(optionsOf().options)).rejects.toMatchObject({
      code: 'TOOL_MISSING',
      message: "Docker's engine does not answer: start it, then run this again",
    });
    expect(fake.calls).toEqual([]);
  });
});
