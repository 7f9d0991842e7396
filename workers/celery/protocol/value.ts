/**
 * A Python value that JSON does not have, as kombu writes it: `{"__type__": …, "__value__": …}` (kombu, `utils/json`).
 * It is passed on as it came, so that nothing is lost on the way through a worker.
 */
export class TaggedValue {
  /** `datetime`, `date`, `time`, `decimal`, `uuid`, `base64`, `bytes` … */
  readonly type: string;
  readonly value: TaskValue;

  constructor(type: string, value: TaskValue) {
    this.type = type;
    this.value = value;
  }
}

/**
 * What a task can be called with and can return. Whole numbers beyond 2^53 are bigint, so that none is altered;
 * NaN and the infinities are numbers.
 */
export type TaskValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | TaggedValue
  | readonly TaskValue[]
  | { readonly [key: string]: TaskValue };

/** Named arguments of a call. */
export type Kwargs = { readonly [name: string]: TaskValue };
