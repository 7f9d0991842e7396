import type { Manifest, WorkloadSpec } from '../manifest.ts';
import type { ManifestSet } from '../manifest-set.ts';
import type { Policy } from '../policy.ts';

const terminationGrace: Policy = {
  name: 'termination-grace',
  reason: 'A pod that is killed before its own shutdown ended leaves its work to be done twice.',
  *check({ pods }) {
    for (const { owner, spec } of pods) {
      const graceMs = (spec.terminationGracePeriodSeconds ?? 30) * 1000;
      for (const { name, env = [] } of spec.containers) {
        const shutdown = env.find((variable) => variable.name === 'SHUTDOWN_GRACE_MS')?.value;
        if (shutdown !== undefined && Number(shutdown) >= graceMs)
          yield {
            object: owner,
            problem: `container ${name}: SHUTDOWN_GRACE_MS ${shutdown} is not below the pod's ${graceMs} ms`,
          };
      }
    }
  },
};

const oneWriter: Policy = {
  name: 'one-writer',
  reason:
    'When a pod of a Deployment is evicted the next one starts before it has ended: two would write to one volume.',
  *check({ pods }) {
    for (const { owner, spec } of pods.filter(({ owner }) => owner.kind === 'Deployment')) {
      for (const { name, persistentVolumeClaim: claim } of spec.volumes ?? []) {
        if (claim !== undefined && claim.readOnly !== true)
          yield { object: owner, problem: `volume ${name}: a claim belongs to a StatefulSet` };
      }
    }
  },
};

const autoscalers = ['ScaledObject', 'HorizontalPodAutoscaler'];

const autoscaling: Policy = {
  name: 'autoscaling',
  reason: 'Where an autoscaler owns the number of pods, each apply of a fixed number would undo its work.',
  *check(manifests) {
    for (const object of manifests.all.filter(({ kind }) => autoscalers.includes(kind))) {
      // The strict schema was checked before: both kinds name their target this way.
      const { scaleTargetRef } = object.spec as { scaleTargetRef: { kind?: string; name: string } };
      const { kind = 'Deployment', name } = scaleTargetRef;
      const target = manifests.find(kind, name, object);
      if (!target) yield { object, problem: `${kind} ${name} does not exist` };
      // The strict schema was checked before: what is scaled is a workload.
      else if ((target.spec as WorkloadSpec).replicas !== undefined)
        yield {
          object: target,
          problem: `replicas is set, but ${object.kind} ${object.metadata.name} owns it`,
        };
    }
  },
};

/** The spec of a ScaledObject, as far as it names other objects. */
interface Scaling {
  readonly triggers: readonly {
    readonly authenticationRef?: { readonly kind?: string; readonly name: string };
  }[];
}

/** The spec of a TriggerAuthentication, likewise. */
interface Login {
  readonly secretTargetRef?: readonly { readonly name: string; readonly key: string }[];
}

const autoscalerLogins: Policy = {
  name: 'autoscaler-logins',
  reason: 'An autoscaler that cannot log in to what it measures leaves the number of pods as it is.',
  *check(manifests) {
    for (const object of manifests.ofKind('ScaledObject')) {
      // The strict schema was checked before: this is the spec of a ScaledObject.
      for (const { authenticationRef: login } of (object.spec as Scaling).triggers) {
        if (login && login.kind !== 'ClusterTriggerAuthentication')
          yield* absent(manifests, object, 'TriggerAuthentication', login.name);
      }
    }
    for (const object of manifests.ofKind('TriggerAuthentication')) {
      // The strict schema was checked before: this is the spec of a TriggerAuthentication.
      for (const { name, key } of (object.spec as Login).secretTargetRef ?? []) {
        const secret = manifests.find('Secret', name, object);
        if (secret && !(key in { ...secret.data, ...secret.stringData }))
          yield { object, problem: `Secret ${name} has no ${key}` };
      }
    }
  },
};

function* absent(manifests: ManifestSet, object: Manifest, kind: string, name: string) {
  if (!manifests.find(kind, name, object)) yield { object, problem: `${kind} ${name} does not exist` };
}

/** How pods come and go. */
export const lifecyclePolicies: readonly Policy[] = [
  terminationGrace,
  oneWriter,
  autoscaling,
  autoscalerLogins,
];
