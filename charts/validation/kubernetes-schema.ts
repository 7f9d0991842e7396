import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv, type ErrorObject, type SchemaObject, type ValidateFunction } from 'ajv';
import { k8s } from 'cdk8s-plus-27';

/** A type in the file `.jsii` that cdk8s-plus-27 is published with: the API of Kubernetes 1.27 as it was imported. */
interface ApiType {
  readonly kind: 'interface' | 'class' | 'enum';
  readonly properties?: readonly {
    readonly optional?: boolean;
    readonly type: TypeReference;
    /** `io.k8s.api.core.v1.ServiceSpec#clusterIP`: the field's own name comes after the `#`. */
    readonly docs: { readonly custom: { readonly schema: string } };
  }[];
}

type TypeReference =
  | { readonly primitive: string }
  | { readonly fqn: string }
  | { readonly collection: { readonly kind: 'array' | 'map'; readonly elementtype: TypeReference } };

/**
 * Checks objects against the API of Kubernetes 1.27 and the custom resources that the charts use, strictly: a field
 * that the API does not have is an error, which the API server itself would only drop. Schemas are made from the
 * installed cdk8s-plus-27, and those in `imports/schemas` are read, without a network.
 */
export class KubernetesSchema {
  readonly #ajv = new Ajv({ allErrors: true, verbose: true });
  readonly #types: Readonly<Record<string, ApiType>> = readApiTypes();
  /** The properties of each kind by `apiVersion/kind`. */
  readonly #kinds = propertiesOfKinds();
  /** The schema of each custom resource by `apiVersion/kind`. */
  readonly #customResources = readCustomResources();
  readonly #validators = new Map<string, ValidateFunction>();

  /** What is wrong with an object, one phrase for each field. */
  problemsOf(manifest: { readonly apiVersion: string; readonly kind: string }): readonly string[] {
    const id = `${manifest.apiVersion}/${manifest.kind}`;
    const validate = this.#validators.get(id) ?? this.#compile(id);
    if (validate === undefined) return [`${id} is no kind of Kubernetes 1.27, nor a custom resource in use`];
    validate(manifest);
    return (validate.errors ?? []).map(describe);
  }

  #compile(id: string): ValidateFunction | undefined {
    const definitions: Record<string, SchemaObject> = {};
    const properties = this.#kinds.get(id);
    const root = properties ? this.#objectSchema(properties, definitions) : this.#customResources[id];
    if (root === undefined) return undefined;
    const string = { type: 'string' };
    const metadata = this.#objectSchema('cdk8s-plus-27.k8s.ObjectMeta', definitions);
    const validate = this.#ajv.compile({
      ...root,
      properties: { ...root['properties'], metadata, apiVersion: string, kind: string },
      required: [...new Set(['apiVersion', 'kind', 'metadata', ...(root['required'] ?? [])])],
      $defs: definitions,
    });
    this.#validators.set(id, validate);
    return validate;
  }

  #objectSchema(fqn: string, definitions: Record<string, SchemaObject>): SchemaObject {
    const fields = (this.#types[fqn]?.properties ?? []).map(({ docs, type, optional }) => {
      const name = docs.custom.schema.split('#')[1] ?? '';
      // Only the schemas inside of custom resource definitions have fractions.
      const integers = !fqn.endsWith('.JsonSchemaProps');
      return { name, optional, schema: this.#schemaOf(type, definitions, integers) };
    });
    return {
      type: 'object',
      properties: Object.fromEntries(fields.map(({ name, schema }) => [name, schema])),
      required: fields.filter(({ optional }) => !optional).map(({ name }) => name),
      additionalProperties: false,
    };
  }

  #schemaOf(type: TypeReference, definitions: Record<string, SchemaObject>, integers: boolean): SchemaObject {
    if ('primitive' in type)
      return primitives[type.primitive === 'number' && integers ? 'integer' : type.primitive] ?? {};
    if ('collection' in type) {
      const element = this.#schemaOf(type.collection.elementtype, definitions, integers);
      return type.collection.kind === 'array'
        ? { type: 'array', items: element }
        : { type: 'object', additionalProperties: element };
    }
    const scalar = scalars[type.fqn];
    if (scalar) return scalar;
    if (this.#types[type.fqn]?.kind !== 'interface') return { type: 'string' };
    if (!(type.fqn in definitions)) {
      definitions[type.fqn] = {};
      definitions[type.fqn] = this.#objectSchema(type.fqn, definitions);
    }
    return { $ref: `#/$defs/${type.fqn}` };
  }
}

const primitives: Readonly<Record<string, SchemaObject>> = {
  string: { type: 'string' },
  boolean: { type: 'boolean' },
  integer: { type: 'integer' },
  number: { type: 'number' },
  date: { type: 'string' },
};

const quantity = '^[+-]?[0-9.]+([eE][+-]?[0-9]+|[numkMGTPE]|[KMGTPE]i)?$';

const scalars: Readonly<Record<string, SchemaObject>> = {
  'cdk8s-plus-27.k8s.Quantity': {
    anyOf: [{ type: 'number' }, { type: 'string', pattern: quantity }],
  },
  'cdk8s-plus-27.k8s.IntOrString': { anyOf: [{ type: 'integer' }, { type: 'string' }] },
};

function readApiTypes(): Readonly<Record<string, ApiType>> {
  const file = createRequire(import.meta.url).resolve('cdk8s-plus-27/.jsii');
  // The published description of the package; its format is jsii's.
  return (JSON.parse(readFileSync(file, 'utf8')) as { types: Record<string, ApiType> }).types;
}

function readCustomResources(): Readonly<Record<string, SchemaObject>> {
  const directory = new URL('../../imports/schemas/', import.meta.url);
  const files = readdirSync(directory).map((file): unknown =>
    JSON.parse(readFileSync(new URL(file, directory), 'utf8')),
  );
  // Written by `npm run import`: schemas by apiVersion/kind.
  return Object.assign({}, ...files);
}

function propertiesOfKinds(): ReadonlyMap<string, string> {
  const kinds = new Map<string, string>();
  for (const [name, exported] of Object.entries(k8s)) {
    if ('GVK' in exported) {
      const { apiVersion, kind } = exported.GVK;
      kinds.set(`${apiVersion}/${kind}`, `cdk8s-plus-27.k8s.${name}Props`);
    }
  }
  return kinds;
}

function describe({ instancePath, keyword, message, params, data }: ErrorObject): string {
  const path = instancePath.slice(1).replaceAll('/', '.');
  if (keyword === 'additionalProperties')
    return `${path === '' ? '' : `${path}.`}${params['additionalProperty']} is no field of the API`;
  const value = typeof data === 'object' && data !== null ? '' : ` (is ${JSON.stringify(data)})`;
  return `${path === '' ? 'the object' : path} ${message}${value}`;
}
