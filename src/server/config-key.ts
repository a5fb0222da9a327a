/** Kinds of configuration keys: how a value is read from text, and what is acceptable. */
import { z } from 'zod';

/** One key. `fromText` turns a flag or an environment variable into what the schema checks. */
export type Key<T> = {
  readonly schema: z.ZodType<T>;
  readonly byDefault: T;
  /** For --help: meaning and unit. */
  readonly description: string;
  readonly fromText: (text: string) => unknown;
  /** Of a closed set: what may be chosen. */
  readonly choices?: readonly string[];
};

export function integer([min, max]: readonly [number, number], byDefault: number, description: string): Key<number> {
  const error = `expected an integer from ${min} to ${max}`;
  return {
    schema: z.number({ error }).int({ error }).min(min, { error }).max(max, { error }),
    byDefault,
    description,
    fromText: (text) => (/^-?\d+$/.test(text) ? Number(text) : text),
  };
}

export function number([min, max]: readonly [number, number], byDefault: number, description: string): Key<number> {
  const error = `expected a number from ${min} to ${max}`;
  return {
    schema: z.number({ error }).min(min, { error }).max(max, { error }),
    byDefault,
    description,
    fromText: (text) => (/^-?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : text),
  };
}

export function string(byDefault: string, description: string): Key<string> {
  return { schema: z.string({ error: 'expected a string' }), byDefault, description, fromText: (text) => text };
}

const BYTE_UNITS: Readonly<Record<string, number>> = { '': 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

/** A number of bytes, or in text `64KiB`, `256MiB`, `1.5GiB`; in a file either. */
export function bytes([min, max]: readonly [number, number], byDefault: number, description: string): Key<number> {
  const error = `expected ${min} to ${max} bytes, for example 256MiB`;
  const number = z.number({ error }).int({ error }).min(min, { error }).max(max, { error });
  return {
    schema: z.preprocess((value) => (typeof value === 'string' ? readBytes(value) : value), number),
    byDefault,
    description,
    fromText: (text) => text,
  };
}

/** Text that is no size stays text. */
function readBytes(text: string): number | string {
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?) ?([KMG]iB)?$/.exec(text) ?? [];
  return digits === '' ? text : Math.round(Number(digits) * (BYTE_UNITS[unit] ?? 1));
}

/** In text: separated by commas. */
export function names(byDefault: readonly string[], description: string): Key<readonly string[]> {
  const error = 'expected names in lower case, at least one';
  return {
    schema: z.array(z.string({ error }).regex(/^[a-z]+$/, { error }), { error }).min(1, { error }),
    byDefault,
    description,
    fromText: (text) => text.split(',').map((name) => name.trim()),
  };
}

export function oneOf<T extends string>(values: readonly T[], byDefault: T, description: string): Key<T> {
  const error = `expected one of ${values.join(', ')}`;
  return { schema: z.enum(values, { error }), byDefault, description, fromText: (text) => text, choices: values };
}

/** Some of a closed set, at least one; in text: separated by commas. */
export function someOf<T extends string>(
  values: readonly T[],
  byDefault: readonly T[],
  description: string,
): Key<readonly T[]> {
  const error = `expected one or more of ${values.join(', ')}`;
  return {
    schema: z.array(z.enum(values, { error }), { error }).min(1, { error }),
    byDefault,
    description,
    fromText: (text) => text.split(',').map((value) => value.trim()),
    choices: values,
  };
}

export const MILLISECONDS = [1, 3_600_000] as const;
