import { z } from 'zod';
import type { TaskDeclaration } from '../../platform/tasks.ts';

const pythonTypes: Readonly<Record<string, string>> = {
  string: 'str',
  integer: 'int',
  number: 'float',
  boolean: 'bool',
  array: 'list',
  object: 'dict',
  null: 'None',
};

const reserved = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally for from ' +
    'global if import in is lambda nonlocal not or pass raise return try while with yield app os Celery'
  ).split(' '),
);

/**
 * A Python module with an app that knows the declared tasks by name, parameters and queue, so that Python services call
 * them as their own (`tasks.cleanup_carts.delay()`), and Flower, given the module as its app, offers them. Their code
 * is not there: it runs in the workers of this platform.
 */
export function pythonStub(declarations: Readonly<Record<string, TaskDeclaration>>): string {
  const names = functionNames(Object.keys(declarations));
  const functions = Object.entries(declarations).map(([task, declaration]) =>
    stubOf(task, names.get(task) ?? task, declaration),
  );
  return [header, ...functions].join('\n\n');
}

const header = `"""Tasks of SmartEats platform, for Python callers and Flower.

Generated from the platform's declarations; changes belong there.
"""
import os

from celery import Celery

app = Celery(
    'smarteats',
    broker=os.environ.get('CELERY_BROKER_URL'),
    backend=os.environ.get('CELERY_RESULT_BACKEND'),
)
`;

function stubOf(task: string, name: string, { description, queue, parameters }: TaskDeclaration): string {
  return `@app.task(name=${quoted(task)}, queue=${quoted(queue)})
def ${name}(${signatureOf(parameters).join(', ')}):
    """${escaped(description)}."""
    raise NotImplementedError(${quoted(`${task} runs in a worker of the platform`)})
`;
}

/** In the order of positional arguments; what must be given after something optional can only be given by name. */
function signatureOf(parameters: z.ZodObject): string[] {
  const schema = z.toJSONSchema(parameters, { io: 'input', unrepresentable: 'any' });
  const required = new Set(schema.required);
  const shown: string[] = [];
  let isOptional = false;
  let isByName = false;
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const isRequired = required.has(name);
    if (isRequired && isOptional && !isByName) {
      shown.push('*');
      isByName = true;
    }
    isOptional ||= !isRequired;
    const type = annotationOf(typeof property === 'boolean' ? {} : property);
    shown.push(isRequired ? `${name}${type}` : `${name}${type} = None`);
  }
  return shown;
}

function annotationOf({ type }: { readonly type?: unknown }): string {
  const python = typeof type === 'string' ? pythonTypes[type] : undefined;
  return python === undefined ? '' : `: ${python}`;
}

/** The last part of a task's name where that is unambiguous and a name in Python, else all of it. */
function functionNames(tasks: readonly string[]): ReadonlyMap<string, string> {
  const short = (task: string) => identifier(task.slice(task.lastIndexOf('.') + 1));
  return new Map(
    tasks.map((task) => {
      const isUnique = tasks.filter((other) => short(other) === short(task)).length === 1;
      return [task, isUnique ? short(task) : identifier(task)];
    }),
  );
}

function identifier(text: string): string {
  const name = text.replaceAll(/\W/g, '_').replace(/^(?=\d)/, '_');
  return reserved.has(name) ? `${name}_` : name;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
}
