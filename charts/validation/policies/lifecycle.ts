import type { WorkloadSpec } from '../manifest.ts';
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

/** How pods come and go. */
export const lifecyclePolicies: readonly Policy[] = [terminationGrace, autoscaling];
