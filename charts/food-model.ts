import { join } from 'node:path/posix';
import { variablesOf } from '../workers/platform/environment.ts';
import type { Platform } from '../workers/platform/platform.ts';
import type { Profile } from './profile.ts';
import type { WorkloadProps } from './workload.ts';

const mountPath = '/models';

/** The classifier of pictures for the service that names dishes, where the profile has one; nothing for all others. */
export function foodModelOf(
  platform: Platform,
  { foodModel }: Profile,
  service: string,
): NonNullable<WorkloadProps['files']> | undefined {
  if (foodModel === undefined || !variablesOf(platform, service).includes('FOOD_MODEL_PATH'))
    return undefined;
  const { claim, model, labels } = foodModel;
  return {
    claim,
    mountPath,
    variables: {
      FOOD_MODEL_PATH: join(mountPath, model),
      ...(labels !== undefined && { FOOD_MODEL_LABELS: join(mountPath, labels) }),
    },
  };
}

/** What a classifier of pictures cannot be, each as a phrase that says what it must be. */
export function* foodModelProblems({ foodModel }: Pick<Profile, 'foodModel'>): Generator<string> {
  if (foodModel === undefined) return;
  const { claim, model, labels } = foodModel;
  // Kubernetes documentation, "Object Names and IDs": a claim is named as a DNS subdomain.
  if (claim.length > 253 || !/^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/.test(claim))
    yield `foodModel.claim must be the name of a PersistentVolumeClaim (is ${JSON.stringify(claim)})`;
  for (const [name, path] of Object.entries({ model, labels })) {
    if (path !== undefined && !isFileWithin(path))
      yield `foodModel.${name} must be the path of a file in the volume, such as food/model.onnx (is ${JSON.stringify(path)})`;
  }
}

/** Whether a path stays in the directory that it starts from. */
function isFileWithin(path: string): boolean {
  return path.split('/').every((part) => /^[\w.@+-]+$/.test(part) && part !== '.' && part !== '..');
}
