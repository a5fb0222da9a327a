/** Strict JSON to message, driven by the .proto descriptors: no field is ignored, guessed or converted. */
import protobuf from 'protobufjs';
import { GatewayError, InvariantError, invalid } from '../../runtime/index.ts';

/** Throws `invalid_request` that names `path` unless the value is acceptable. Works on the value in place. */
type Check = (value: unknown, path: Path) => void;

/** Where in the document the check is; rendered only when something is wrong. */
type Path = (string | number)[];

/** Longest part of an unknown field's name that an error repeats. */
const MAX_SHOWN = 64;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Parses a request body. Throws `invalid_request` for bytes that are not UTF-8 or not JSON. */
export function parseJson(bytes: ArrayBuffer | Uint8Array): unknown {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch (cause) {
    throw new GatewayError('invalid_request', 'the body is not valid UTF-8', { cause });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GatewayError('invalid_request', `the body is not valid JSON: ${reason}`, { cause });
  }
}

/**
 * Checks parsed JSON against a message type. Field names may be in snake_case or camelCase but not both at once; null
 * counts as absent; unknown fields and wrong types are `invalid_request` with the path of the field, e.g.
 * `controls[3].id`.
 *
 * Returns `value` itself with its fields renamed to snake_case: JSON.parse made it for this request, and a list of
 * 500 controls is not worth copying.
 */
export function decodeJson(type: protobuf.Type, value: unknown): object {
  messageCheck(type)(value, []);
  return value as object;
}

const messageChecks = new WeakMap<protobuf.Type, Check>();

function messageCheck(type: protobuf.Type): Check {
  let check = messageChecks.get(type);
  if (check === undefined) {
    check = type.fullName === '.google.protobuf.Struct' ? expectObject : fieldsCheck(type);
    messageChecks.set(type, check);
  }
  return check;
}

type FieldCheck = { readonly name: string; readonly check: Check };

function fieldsCheck(type: protobuf.Type): Check {
  const fields = new Map<string, FieldCheck>();
  for (const field of type.fieldsArray) {
    const entry = { name: field.name, check: fieldCheck(field) };
    fields.set(field.name, entry);
    fields.set(field.jsonName, entry);
  }
  return (value, path) => {
    expectObject(value, path);
    const message = value as Record<string, unknown>;
    for (const key of Object.keys(message)) {
      const field = fields.get(key);
      if (field === undefined) throw invalid(render([...path, shown(key)]), 'unknown field');
      const item = message[key];
      path.push(field.name);
      if (key !== field.name) {
        if (Object.hasOwn(message, field.name)) throw invalid(render(path), `given twice, also as ${key}`);
        delete message[key];
        message[field.name] = item;
      }
      if (item !== null) field.check(item, path);
      path.pop();
    }
  };
}

function fieldCheck(field: protobuf.Field): Check {
  const check = field.resolvedType instanceof protobuf.Type ? messageCheck(field.resolvedType) : scalarCheck(field);
  if (!field.repeated) return check;
  return (value, path) => {
    if (!Array.isArray(value)) throw expected('an array', value, path);
    for (let i = 0; i < value.length; i++) {
      path.push(i);
      check(value[i], path);
      path.pop();
    }
  };
}

function scalarCheck(field: protobuf.Field): Check {
  switch (field.type) {
    case 'string':
      return (value, path) => {
        if (typeof value !== 'string') throw expected('a string', value, path);
      };
    case 'bool':
      return (value, path) => {
        if (typeof value !== 'boolean') throw expected('true or false', value, path);
      };
    case 'double':
      return (value, path) => {
        // JSON has no infinities, but 1e999 parses to one.
        if (!Number.isFinite(value)) throw expected('a number', value, path);
      };
    case 'uint32':
      return integerCheck(0, 0xffff_ffff);
    case 'sint32':
      return integerCheck(-0x8000_0000, 0x7fff_ffff);
    default:
      throw new InvariantError(`${field.fullName}: no JSON form is defined for ${field.type}`);
  }
}

function integerCheck(min: number, max: number): Check {
  return (value, path) => {
    if (!Number.isInteger(value) || (value as number) < min || (value as number) > max) {
      throw expected(`an integer from ${min} to ${max}`, value, path);
    }
  };
}

function expectObject(value: unknown, path: Path): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw expected('an object', value, path);
}

function expected(what: string, value: unknown, path: Path): GatewayError {
  const problem = `expected ${what}, got ${kindOf(value)}`;
  return path.length === 0
    ? new GatewayError('invalid_request', `the body: ${problem}`)
    : invalid(render(path), problem);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'number') return String(value);
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function render(path: Path): string {
  return path.map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`)).join('');
}

/** A client's own field name, cut and in ASCII, so that it can go into headers, trailers and logs. */
function shown(key: string): string {
  if (/^\w+$/.test(key) && key.length <= MAX_SHOWN) return key;
  const cut = key.length > MAX_SHOWN ? `${key.slice(0, MAX_SHOWN)}...` : key;
  return JSON.stringify(cut).replace(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
