/** What a session says about its inputs and outputs: name, element type, shape. */
import { invariant } from '../errors.ts';
import { createHandle } from './handles.ts';
import type { OrtLibrary } from './library.ts';
import { addressOf, OutCell, readString } from './native-memory.ts';
import { check } from './status.ts';
import { ELEMENT_TYPE_CODES, type ElementType } from './tensor.ts';

export type TensorSpec = {
  readonly name: string;
  /** `other`: a type that {@link ElementType} does not have, or no tensor at all. */
  readonly type: ElementType | 'other';
  /** -1 where the size is known at run time only; empty for what is no tensor. */
  readonly shape: readonly number[];
};

type Direction = 'input' | 'output';

const FUNCTIONS = {
  input: { count: 'SessionGetInputCount', name: 'SessionGetInputName', type: 'SessionGetInputTypeInfo' },
  output: { count: 'SessionGetOutputCount', name: 'SessionGetOutputName', type: 'SessionGetOutputTypeInfo' },
} as const;

/** All inputs or outputs of a session, in the graph's order. */
export function readTensorSpecs(library: OrtLibrary, session: bigint, direction: Direction): readonly TensorSpec[] {
  const count = new OutCell();
  const status = library.api[FUNCTIONS[direction].count](session, count.address);
  check(library, status, `count the model's ${direction}s`);
  const reader = new SpecReader(library, session, direction);
  return Array.from({ length: count.size }, (_, index) => reader.read(index));
}

class SpecReader {
  readonly #library: OrtLibrary;
  readonly #session: bigint;
  readonly #direction: Direction;
  readonly #out = new OutCell();

  constructor(library: OrtLibrary, session: bigint, direction: Direction) {
    this.#library = library;
    this.#session = session;
    this.#direction = direction;
  }

  read(index: number): TensorSpec {
    const name = this.#readName(index);
    return { name, ...this.#readType(index, name) };
  }

  #readName(index: number): string {
    const { api } = this.#library;
    // The process's default allocator is not ours to release.
    this.#check(api.GetAllocatorWithDefaultOptions(this.#out.address), 'find the default allocator');
    const allocator = this.#pointer('the default allocator');
    const getName = api[FUNCTIONS[this.#direction].name];
    this.#check(getName(this.#session, index, allocator, this.#out.address), `name ${this.#direction} ${index}`);
    const text = this.#pointer(`the name of ${this.#direction} ${index}`);
    const name = readString(text);
    this.#check(api.AllocatorFree(allocator, text), 'free a name');
    return name;
  }

  #readType(index: number, name: string): Pick<TensorSpec, 'type' | 'shape'> {
    const { api } = this.#library;
    const getType = api[FUNCTIONS[this.#direction].type];
    using typeInfo = createHandle(this.#library, 'type info', (out) => getType(this.#session, index, out));
    // Null for what is no tensor; otherwise a part of the type info, released with it.
    this.#check(api.CastTypeInfoToTensorInfo(typeInfo.address, this.#out.address), `read the type of ${name}`);
    const tensorInfo = this.#out.pointer;
    if (tensorInfo === null) return { type: 'other', shape: [] };
    const code = new OutCell();
    this.#check(api.GetTensorElementType(tensorInfo, code.address), `read the element type of ${name}`);
    this.#check(api.GetDimensionsCount(tensorInfo, this.#out.address), `count the dimensions of ${name}`);
    const dimensions = new BigInt64Array(this.#out.size);
    if (dimensions.length > 0) {
      this.#check(
        api.GetDimensions(tensorInfo, addressOf(dimensions), dimensions.length),
        `read the dimensions of ${name}`,
      );
    }
    return { type: elementTypeOf(code.int), shape: Array.from(dimensions, Number) };
  }

  #pointer(what: string): bigint {
    invariant(this.#out.pointer !== null, `${what} is at the null pointer`);
    return this.#out.pointer;
  }

  #check(status: bigint | null, doing: string): void {
    check(this.#library, status, doing);
  }
}

function elementTypeOf(code: number): ElementType | 'other' {
  for (const [type, known] of Object.entries(ELEMENT_TYPE_CODES)) if (known === code) return type as ElementType;
  return 'other';
}
