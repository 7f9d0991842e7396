import { k8s } from 'cdk8s-plus-27';

interface Share {
  /** What is set aside for the container. */
  readonly request: number;
  /** What it may take at most. */
  readonly limit: number;
}

/** What one container is given. */
export interface Size {
  /** In thousandths of a core. */
  readonly cpuMillis: Share;
  /** In MiB. */
  readonly memoryMiB: Share;
  /** Logs and temporary files, in MiB. */
  readonly ephemeralMiB: Share;
}

/** A size with more memory, in MiB. */
export function withMemory(size: Size, more: number): Size {
  const { request, limit } = size.memoryMiB;
  return { ...size, memoryMiB: { request: request + more, limit: limit + more } };
}

/** A size as Kubernetes writes it. */
export function resourcesOf(size: Size): k8s.ResourceRequirements {
  const quantities = (of: keyof Share) => ({
    cpu: k8s.Quantity.fromString(`${size.cpuMillis[of]}m`),
    memory: mebibytes(size.memoryMiB[of]),
    'ephemeral-storage': mebibytes(size.ephemeralMiB[of]),
  });
  return { requests: quantities('request'), limits: quantities('limit') };
}

/** An empty directory for temporary files, limited so that it cannot fill the node. */
export function scratchVolume(name: string, sizeMiB: number): k8s.Volume {
  return { name, emptyDir: { sizeLimit: mebibytes(sizeMiB) } };
}

/** A claim template or claim for a volume that one node mounts at a time. */
export function claimSpec(
  storageGiB: number,
  storageClass: string | undefined,
): k8s.PersistentVolumeClaimSpec {
  return {
    accessModes: ['ReadWriteOnce'],
    ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
    resources: { requests: { storage: k8s.Quantity.fromString(`${storageGiB}Gi`) } },
  };
}

function mebibytes(count: number): k8s.Quantity {
  return k8s.Quantity.fromString(`${count}Mi`);
}
