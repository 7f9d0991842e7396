/** What names an object in a cluster. */
export interface ObjectId {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** Absent for objects of the whole cluster. */
  readonly namespace?: string;
}

/** An object as the API reads and writes it, as far as every kind has it. */
export interface ClusterObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly resourceVersion?: string;
    /** Counts the changes of what is declared. */
    readonly generation?: number;
  };
  readonly [field: string]: unknown;
}

/** The id of an object. */
export function idOf({ apiVersion, kind, metadata: { name, namespace } }: ClusterObject): ObjectId {
  return { apiVersion, kind, name, ...(namespace !== undefined && { namespace }) };
}

/** The same text for the same object, whatever version of its API it is written in. */
export function keyOf({ apiVersion, kind, name, namespace }: ObjectId): string {
  return [groupOf(apiVersion), kind, namespace ?? '', name].join('/');
}

/** The API group, e.g. `apps` of `apps/v1`; empty for the core of Kubernetes. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
}

/** An object for people, as kubectl takes it: `deployment/order-service`. */
export function titleOf({ kind, name }: Pick<ObjectId, 'kind' | 'name'>): string {
  return `${kind.toLowerCase()}/${name}`;
}
