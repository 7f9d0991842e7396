import { environment, type VariableDeclaration } from '../../../workers/platform/environment.ts';
import { containersOf } from '../manifest-set.ts';
import type { Policy } from '../policy.ts';

const resources: Policy = {
  name: 'resources',
  reason: 'Without requests a node is overfilled, without limits one container takes what all need.',
  *check({ pods }) {
    for (const { owner, spec } of pods) {
      for (const container of containersOf(spec)) {
        for (const side of ['requests', 'limits'] as const) {
          for (const resource of ['cpu', 'memory', 'ephemeral-storage']) {
            if (container.resources?.[side]?.[resource] === undefined)
              yield {
                object: owner,
                problem: `container ${container.name}: no ${resource} in resources.${side}`,
              };
          }
        }
      }
    }
  },
};

const probes: Policy = {
  name: 'probes',
  reason:
    'Readiness takes traffic away, liveness restarts: the same probe for both restarts what only has to wait.',
  *check({ pods }) {
    for (const { owner, spec } of pods.filter(({ serves }) => serves)) {
      for (const { name, livenessProbe, readinessProbe } of spec.containers) {
        for (const [probe, value] of Object.entries({ livenessProbe, readinessProbe })) {
          if (value === undefined) yield { object: owner, problem: `container ${name}: no ${probe}` };
        }
        if (livenessProbe !== undefined && target(livenessProbe) === target(readinessProbe))
          yield { object: owner, problem: `container ${name}: liveness and readiness ask the same` };
      }
    }
  },
};

/** What a probe asks, without how often. */
function target(probe: unknown): string {
  // The strict schema was checked before: a probe has one of these.
  const { httpGet, exec, tcpSocket, grpc } = (probe ?? {}) as Readonly<Record<string, unknown>>;
  return JSON.stringify({ httpGet, exec, tcpSocket, grpc });
}

const pinnedImages: Policy = {
  name: 'pinned-images',
  reason: 'A tag that moves makes two pods of one manifest run different programs.',
  *check({ pods }) {
    for (const { owner, spec } of pods) {
      for (const { name, image } of containersOf(spec)) {
        const tag = /:([^:/]+)$/.exec(image)?.[1];
        if (!image.includes('@sha256:') && (tag === undefined || tag === 'latest'))
          yield { object: owner, problem: `container ${name}: image ${image} has no fixed tag` };
      }
    }
  },
};

const declared: Readonly<Record<string, VariableDeclaration>> = environment;
const secretName = /SECRET|PASS(WORD)?|TOKEN|CREDENTIAL|PRIVATE_KEY/;
const credentialsInUrl = /\b[a-z][a-z0-9+]*:\/\/[^\s/:@]*:[^\s/@]+@/;

const noLiteralSecrets: Policy = {
  name: 'no-literal-secrets',
  reason: 'What is secret stands in a Secret, where access to it is controlled, and is referred to.',
  *check(manifests) {
    for (const { owner, spec } of manifests.pods) {
      for (const { name, env = [], command = [], args = [] } of containersOf(spec)) {
        for (const variable of env) {
          const secret = declared[variable.name]?.secret ?? secretName.test(variable.name);
          if (variable.value !== undefined && (secret || credentialsInUrl.test(variable.value)))
            yield { object: owner, problem: `container ${name}: ${variable.name} is given as a literal` };
        }
        if ([...command, ...args].some((each) => credentialsInUrl.test(each)))
          yield { object: owner, problem: `container ${name}: a URL with credentials in its arguments` };
      }
    }
    for (const object of manifests.ofKind('ConfigMap')) {
      for (const [file, text] of Object.entries(object.data ?? {})) {
        if (credentialsInUrl.test(text) || /^\s*("?password(_hash)?"?\s*[:=]|requirepass )/im.test(text))
          yield { object, problem: `${file} holds credentials` };
      }
    }
  },
};

/** How each container is run. */
export const containerPolicies: readonly Policy[] = [resources, probes, pinnedImages, noLiteralSecrets];
