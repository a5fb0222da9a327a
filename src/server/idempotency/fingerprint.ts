/** Says whether two requests are the same. */
import { createHash } from 'node:crypto';
import protobuf from 'protobufjs';

/**
 * SHA-256 of what a message says. The same over both protocols, which differ in the order of fields and in whether what is
 * absent is left out, null, an empty list or the type's zero.
 */
export function fingerprint(type: protobuf.Type, message: object): string {
  return createHash('sha256')
    .update(JSON.stringify(canonical(type, message)))
    .digest('hex');
}

/** A field, read once from its descriptor: a list of controls asks for thousands. */
type Part = {
  readonly id: number;
  readonly name: string;
  /** Its zero is not the same as its absence. */
  readonly hasPresence: boolean;
  readonly repeated: boolean;
  /** Undefined for a scalar. */
  readonly canonical: ((message: object) => unknown) | undefined;
};

const partsOf = new WeakMap<protobuf.Type, readonly Part[]>();

/** Numbers of the fields that say something, each with its value. */
function canonical(type: protobuf.Type, message: object): readonly unknown[] {
  const fields = message as Readonly<Record<string, unknown>>;
  const said: unknown[] = [];
  for (const part of parts(type)) {
    const value = fields[part.name];
    if (!isAbsent(part, value)) said.push(part.id, contentOf(part, value));
  }
  return said;
}

function parts(type: protobuf.Type): readonly Part[] {
  let found = partsOf.get(type);
  if (found === undefined) {
    found = type.fieldsArray.map((field) => {
      const { id, name, hasPresence, repeated, resolvedType: inner } = field.resolve();
      const canonicalOf =
        inner instanceof protobuf.Type
          ? inner.fullName === '.google.protobuf.Struct'
            ? sorted
            : (message: object) => canonical(inner, message)
          : undefined;
      return { id, name, hasPresence: Boolean(hasPresence), repeated, canonical: canonicalOf };
    });
    partsOf.set(type, found);
  }
  return found;
}

function contentOf({ canonical: of, repeated }: Part, value: unknown): unknown {
  if (of === undefined) return value;
  return repeated ? (value as object[]).map(of) : of(value as object);
}

/** Of a Struct, whose values are what they are, zero or not; null counts as absent. */
function sorted(object: object): readonly unknown[] {
  const entries = Object.entries(object).filter(([, value]) => value !== null);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1));
}

function isAbsent({ hasPresence }: Part, value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (Array.isArray(value)) return value.length === 0;
  return !hasPresence && (value === '' || value === 0 || value === false);
}
