/** A part of an OpenAPI schema as a CustomResourceDefinition holds it. */
export interface OpenApiSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, OpenApiSchema>>;
  readonly additionalProperties?: OpenApiSchema | boolean;
  readonly items?: OpenApiSchema;
  readonly [keyword: string]: unknown;
}

/** A CustomResourceDefinition, as far as types and schemas are made from it. */
export interface Definition {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly group: string;
    readonly scope: string;
    readonly names: { readonly kind: string; readonly plural: string };
    readonly versions: readonly DefinitionVersion[];
  };
}

interface DefinitionVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly schema: { readonly openAPIV3Schema: OpenApiSchema };
}

/**
 * What types are generated from: the stored version alone, without descriptions, and without the status, which
 * only the operator writes.
 */
export function reduced({ apiVersion, kind, metadata, spec }: Definition): Definition {
  const { group, scope, names, versions } = spec;
  return {
    apiVersion,
    kind,
    metadata: { name: metadata.name },
    spec: {
      group,
      scope,
      names,
      versions: versions
        .filter(({ storage }) => storage)
        .map(({ name, served, storage, schema: { openAPIV3Schema } }) => {
          const { status: _, ...properties } = openAPIV3Schema.properties ?? {};
          return {
            name,
            served,
            storage,
            schema: { openAPIV3Schema: withoutDescriptions({ ...openAPIV3Schema, properties }) },
          };
        }),
    },
  };
}

/** Leaves out the texts of a schema, but not a field that happens to be named `description`. */
function withoutDescriptions(schema: OpenApiSchema): OpenApiSchema {
  const { description: _, ...rest } = schema;
  return mapSubschemas(rest, withoutDescriptions);
}

/** Applies a change to each schema directly inside of one. */
export function mapSubschemas(
  schema: OpenApiSchema,
  change: (schema: OpenApiSchema) => OpenApiSchema,
): OpenApiSchema {
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => [keyword, mapKeyword(keyword, value, change)]),
  );
}

function mapKeyword(
  keyword: string,
  value: unknown,
  change: (schema: OpenApiSchema) => OpenApiSchema,
): unknown {
  // The keywords of JSON Schema decide what their values are.
  switch (keyword) {
    case 'properties':
      return Object.fromEntries(
        Object.entries(value as Record<string, OpenApiSchema>).map(([name, each]) => [name, change(each)]),
      );
    case 'items':
    case 'not':
      return change(value as OpenApiSchema);
    case 'additionalProperties':
      return typeof value === 'boolean' ? value : change(value as OpenApiSchema);
    case 'allOf':
    case 'anyOf':
    case 'oneOf':
      return (value as readonly OpenApiSchema[]).map(change);
    default:
      return value;
  }
}
