import type { CommandName, commands } from '../../platform/commands.ts';
import {
  type Environment,
  environment,
  type VariableDeclaration,
  type VariableName,
  variablesOf,
} from '../../platform/environment.ts';
import { PlatformError } from '../../platform/errors.ts';
import type { Platform, ServiceNameOf } from '../../platform/platform.ts';

type Declared = typeof environment;

type IsRead<Name extends VariableName, Service, Uses> = Declared[Name] extends { readonly usedBy: 'all' }
  ? true
  : Declared[Name] extends { readonly usedBy: readonly (infer Reader)[] }
    ? Service extends Reader
      ? true
      : false
    : Declared[Name] extends { readonly usedWith: readonly (infer Dependency)[] }
      ? [Extract<Dependency, Uses>] extends [never]
        ? false
        : true
      : false;

/** The variables that one service reads, with their parsed values. */
export type ConfigurationOf<P extends Platform, Service extends ServiceNameOf<P>> = {
  readonly [Name in VariableName as IsRead<Name, Service, P['services'][Service]['uses'][number]> extends true
    ? Name
    : never]: Environment[Name];
};

/** The variables that one command reads, with their parsed values. */
export type CommandConfiguration<Command extends CommandName> = {
  readonly [Name in VariableName as IsRead<
    Name,
    Command,
    (typeof commands)[Command]['uses'][number]
  > extends true
    ? Name
    : never]: Environment[Name];
};

/**
 * Reads and checks the variables of one service. An empty variable counts as not set.
 *
 * @throws PlatformError CONFIG_INVALID with one line for each variable that cannot be used; the values of
 *   secret variables are never part of it
 */
export function readConfiguration<P extends Platform, Service extends ServiceNameOf<P>>(
  platform: P,
  service: Service,
  env: Readonly<Record<string, string | undefined>>,
): ConfigurationOf<P, Service> {
  // Each variable the type names is among those of the service.
  return readVariables(platform, service, env) as ConfigurationOf<P, Service>;
}

/**
 * Reads and checks the variables of one command, as `readConfiguration` does.
 * @throws PlatformError CONFIG_INVALID
 */
export function readCommandConfiguration<Command extends CommandName>(
  platform: Platform,
  command: Command,
  env: Readonly<Record<string, string | undefined>>,
): CommandConfiguration<Command> {
  // Each variable the type names is among those of the command.
  return readVariables(platform, command, env) as CommandConfiguration<Command>;
}

/** The variables of a service or command, each parsed by its own schema. */
function readVariables(
  platform: Platform,
  role: string,
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const name of variablesOf(platform, role)) {
    const declaration: VariableDeclaration = environment[name];
    const text = env[name] === '' ? undefined : env[name];
    const parsed = declaration.schema.safeParse(text);
    if (parsed.success) values[name] = parsed.data;
    else problems.push(`${name}: ${problemOf(declaration, text, parsed.error.issues)}`);
  }
  if (problems.length > 0) {
    const heading = `${role}: ${problems.length} environment variable(s) cannot be used`;
    throw new PlatformError('CONFIG_INVALID', [heading, ...problems].join('\n  '), { details: { problems } });
  }
  return values;
}

function problemOf(
  { secret }: VariableDeclaration,
  text: string | undefined,
  issues: readonly { readonly message: string }[],
): string {
  if (text === undefined) return 'is not set';
  const wanted = [...new Set(issues.map(({ message }) => message))].join(', ');
  // A schema's message may quote its input, so a secret gets none of it.
  return secret === true ? 'has a value of the wrong form' : `${wanted} (is ${JSON.stringify(text)})`;
}
