import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DecoderConfig } from '../../../../src/runtime/decoder-config.ts';
import { InvariantError } from '../../../../src/runtime/errors.ts';
import type { KvBlock } from '../../../../src/runtime/kv/kv-block.ts';
import { liveHandlesByKind } from '../../../../src/runtime/ort/handles.ts';
import { HostMemory, HostRegion } from '../../../../src/runtime/ort/host-memory.ts';
import type { IoBinding } from '../../../../src/runtime/ort/io-binding.ts';
import { PackedKv } from '../../../../src/runtime/ort/kv-store.ts';
import { loadOrtLibrary } from '../../../../src/runtime/ort/library.ts';
import { SharedKv } from '../../../../src/runtime/ort/shared-kv.ts';
import { createCpuMemoryInfo, type Tensor } from '../../../../src/runtime/ort/tensor.ts';

const CONFIG: DecoderConfig = { numLayers: 2, numKvHeads: 3, headDim: 4, vocabSize: 5, maxLength: 8 };
const NUM_BUFFERS = 4;

const memoryInfo = createCpuMemoryInfo(loadOrtLibrary());

/** Remembers what is bound, in the order of the buffers. */
class FakeBinding implements Disposable {
  readonly #inputs = new Map<string, Tensor>();
  readonly #outputs = new Map<string, Tensor>();

  bindInput(name: string, tensor: Tensor): void {
    this.#inputs.set(name, tensor);
  }

  bindOutput(name: string, tensor: Tensor): void {
    this.#outputs.set(name, tensor);
  }

  get inputs(): readonly Tensor[] {
    return [...this.#inputs.values()];
  }

  get outputs(): readonly Tensor[] {
    return [...this.#outputs.values()];
  }

  [Symbol.dispose](): void {}
}

/** KV in host memory, and its content through the tensors that it binds. */
class World implements Disposable {
  readonly kv: SharedKv;

  constructor(numSlots: number, config = CONFIG) {
    const memory = new HostMemory(loadOrtLibrary(), memoryInfo);
    const session = { createBinding: () => new FakeBinding() as unknown as IoBinding };
    this.kv = new SharedKv({ session, memory, config, layout: { kvType: 'float32' }, numSlots });
  }

  /** A world in which every float differs from every other, and all positions hold KV. */
  static numbered(numSlots: number): World {
    const world = new World(numSlots);
    for (let i = 0; i < NUM_BUFFERS; i++) {
      const rows = world.rows(i, 0, numSlots);
      for (let j = 0; j < rows.length; j++) rows[j] = i * 10_000 + j;
    }
    for (let slot = 0; slot < numSlots; slot++) world.kv.commit(slot, CONFIG.maxLength);
    return world;
  }

  /** Content of some slots in a buffer: what native code sees. */
  rows(buffer: number, first: number, count: number): Float32Array {
    const binding = this.kv.bind({ range: { first, count }, start: 0, sequence: 1 }) as unknown as FakeBinding;
    assert.deepEqual(binding.outputs, binding.inputs);
    const data = binding.inputs[buffer]?.data;
    assert.ok(data instanceof Uint8Array);
    return new Float32Array(data.buffer, data.byteOffset, data.byteLength / 4);
  }

  /** The same, however it is bound later. */
  copyOfRows(buffer: number, first: number, count: number): Float32Array {
    return this.rows(buffer, first, count).slice();
  }

  [Symbol.dispose](): void {
    this.kv[Symbol.dispose]();
  }
}

function bytesOf(block: KvBlock): Uint8Array {
  assert.ok(block instanceof PackedKv && block.region instanceof HostRegion);
  return block.region.bytes;
}

test('a range of slots is a part of the buffer, bound as past and as present', () => {
  using world = new World(4);
  // 3 heads x 8 positions x 4 floats = 96 per slot.
  const middle = world.rows(1, 1, 2);
  assert.equal(middle.length, 2 * 96);
  middle.fill(7);
  assert.equal(world.rows(1, 0, 4).indexOf(7), 96);
});

test('saved, then restored, is the same at the new place and changes nothing else', () => {
  using world = World.numbered(3);
  using block = world.kv.save(0, 2, 3);
  assert.equal(block.numTokens, 3);
  // 2 layers x key and value x 3 heads x 4 floats x 4 bytes, for each position.
  assert.equal(block.numBytes, 3 * 192);
  const before = world.copyOfRows(3, 0, 3);

  world.kv.restore(2, 4, block);

  const numChanged = world.rows(3, 0, 3).filter((value, i) => value !== before[i]).length;
  // 3 positions of 3 heads with 4 floats.
  assert.equal(numChanged, 36);
  using copy = world.kv.save(2, 4, 3);
  assert.deepEqual(bytesOf(copy), bytesOf(block));
});

test('a block outlives what happens to its slot', () => {
  using world = World.numbered(2);
  using block = world.kv.save(0, 0, 8);
  const before = world.copyOfRows(2, 0, 1);
  for (let i = 0; i < NUM_BUFFERS; i++) world.rows(i, 0, 2).fill(0);
  world.kv.restore(1, 0, block);
  assert.deepEqual(world.copyOfRows(2, 1, 1), before);
});

test('a slot that is copied holds the positions that were copied', () => {
  using world = World.numbered(3);
  const { kv } = world;
  kv.copy(2, 0, 5);
  assert.equal(kv.length(0), 5);
  using original = kv.save(2, 0, 5);
  using copy = kv.save(0, 0, 5);
  assert.deepEqual(bytesOf(copy), bytesOf(original));
  assert.throws(() => kv.save(0, 0, 6), InvariantError);
});

test('after a restore a slot holds what came before it and the block, and nothing else', () => {
  using world = World.numbered(2);
  const { kv } = world;
  using block = kv.save(0, 0, 2);
  kv.restore(1, 3, block);
  assert.equal(kv.length(1), 5);
  kv.restore(1, 0, block);
  assert.equal(kv.length(1), 2);
  assert.throws(() => kv.restore(1, 3, block), InvariantError, 'a gap');
});

test('positions outside a slot are refused', () => {
  using world = World.numbered(2);
  const { kv } = world;
  kv.commit(0, 4);
  assert.throws(() => kv.save(0, 3, 2), InvariantError, 'not computed');
  assert.throws(() => kv.save(0, 0, 0), InvariantError, 'nothing');
  assert.throws(() => kv.save(2, 0, 1), InvariantError, 'no such slot');
  using block = kv.save(0, 0, 2);
  assert.throws(() => kv.restore(1, 7, block), InvariantError, 'behind the end');
  assert.throws(() => kv.restore(1, -1, block), InvariantError);
  assert.throws(() => kv.restore(2, 0, block), InvariantError, 'no such slot');
  assert.throws(() => kv.copy(0, 1, 5), InvariantError, 'not computed');
  assert.throws(() => kv.copy(0, 2, 1), InvariantError, 'no such slot');
  assert.throws(() => kv.copy(0, 0, 1), InvariantError, 'to itself');
});

test('blocks of another model, or after their end, are refused', () => {
  using world = World.numbered(1);
  const { kv } = world;
  using other = new World(1, { ...CONFIG, numKvHeads: 2 });
  other.kv.commit(0, 2);
  using foreign = other.kv.save(0, 0, 2);
  assert.throws(() => kv.restore(0, 0, foreign), InvariantError);
  const block = kv.save(0, 0, 2);
  block[Symbol.dispose]();
  assert.throws(() => kv.restore(0, 0, block), InvariantError);
  assert.throws(() => block[Symbol.dispose](), InvariantError);
});

test('memory that is not there is no crash', () => {
  assert.throws(() => new World(1, { ...CONFIG, maxLength: 2 ** 40 }), /no room for \d+ MiB/);
});

test('nothing is left of it', () => {
  memoryInfo[Symbol.dispose]();
  assert.deepEqual(liveHandlesByKind(), {});
});
