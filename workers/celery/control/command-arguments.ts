import { isList } from '../protocol/fields.ts';
import type { Kwargs, TaskValue } from '../protocol/value.ts';
import { missingArguments, typeError } from '../worker/bind-arguments.ts';

/** The arguments of one call of remote control. Where they do not fit, they throw Python's TypeError. */
export class CommandArguments {
  readonly #method: string;
  readonly #values: Kwargs;

  constructor(method: string, values: Kwargs) {
    this.#method = method;
    this.#values = values;
  }

  /** Undefined where it is not given, or null. */
  value(name: string): TaskValue | undefined {
    return (Object.hasOwn(this.#values, name) ? this.#values[name] : undefined) ?? undefined;
  }

  /** @throws TaskError TypeError where it is missing or no text */
  text(name: string): string {
    const text = this.optionalText(name);
    if (text === undefined) throw missingArguments(this.#method, [name]);
    return text;
  }

  /** @throws TaskError TypeError for what is no text */
  optionalText(name: string): string | undefined {
    const value = this.value(name);
    if (value !== undefined && typeof value !== 'string') throw this.#unfit(name, 'a text');
    return value;
  }

  /** One text or several. @throws TaskError TypeError for anything else */
  optionalTexts(name: string): readonly string[] | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    const texts = isList(value) ? value : [value];
    return texts.map((text) => {
      if (typeof text !== 'string') throw this.#unfit(name, 'a text or a list of texts');
      return text;
    });
  }

  /** One text or several. @throws TaskError TypeError where it is missing or anything else */
  texts(name: string): readonly string[] {
    const texts = this.optionalTexts(name);
    if (texts === undefined) throw missingArguments(this.#method, [name]);
    return texts;
  }

  /** A number, also one that is written as a text. @throws TaskError TypeError for anything else */
  optionalNumber(name: string): number | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isFinite(number)) throw this.#unfit(name, 'a number');
    return number;
  }

  /** A whole number. @throws TaskError TypeError for anything else */
  optionalInteger(name: string): number | undefined {
    const number = this.optionalNumber(name);
    if (number !== undefined && !Number.isSafeInteger(number)) throw this.#unfit(name, 'a whole number');
    return number;
  }

  /** Whether it is given and neither false, 0 nor empty. */
  flag(name: string): boolean {
    return Boolean(this.value(name));
  }

  #unfit(name: string, wanted: string): Error {
    return typeError(`${this.#method}() argument '${name}' must be ${wanted}`);
  }
}
