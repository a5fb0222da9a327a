import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HASH_OF_NOTHING, hashTokens } from '../../../../src/runtime/kv/hash-tokens.ts';
import type { KvBlock } from '../../../../src/runtime/kv/kv-block.ts';
import { PrefixStore, type SaveBlock } from '../../../../src/runtime/kv/prefix-store.ts';
import { aBlock, BLOCK_BYTES, saveInto } from '../../../support/prefix-blocks.ts';

/** Room for `blocks` blocks of 2 tokens. */
function aStore(blocks: number): PrefixStore {
  return new PrefixStore({ maxBytes: blocks * BLOCK_BYTES, blockTokens: 2, bytesPerToken: BLOCK_BYTES / 2 });
}

function found(store: PrefixStore, ...tokens: number[]): number {
  using match = store.match(Int32Array.from(tokens));
  assert.equal(
    match.blocks.reduce((sum, { numTokens }) => sum + numTokens, 0),
    match.numTokens,
  );
  return match.numTokens;
}

function save(store: PrefixStore, tokens: readonly number[], saveBlock: SaveBlock = saveInto(new Set())): void {
  store.save(Int32Array.from(tokens), saveBlock);
  store.checkIntegrity();
}

describe('a match', () => {
  test('is the longest beginning in whole blocks', () => {
    const store = aStore(9);
    save(store, [1, 2, 3, 4, 5]);
    assert.equal(found(store, 1, 2, 3, 4, 5, 6), 4);
    assert.equal(found(store, 1, 2, 3), 2);
    assert.equal(found(store, 1, 2, 9, 4), 2);
    assert.equal(found(store, 1), 0);
    assert.equal(found(store, 3, 4), 0, 'the same tokens elsewhere have other KV');
  });

  test('gives the blocks that were saved for these tokens, in order', () => {
    const store = aStore(9);
    const alive = new Set<KvBlock>();
    save(store, [1, 2, 3, 4], saveInto(alive));
    save(store, [1, 2, 7, 8], saveInto(alive));
    const [first, second, third] = [...alive];
    using match = store.match(Int32Array.of(1, 2, 7, 8));
    assert.deepEqual(match.blocks, [first, third]);
    using other = store.match(Int32Array.of(1, 2, 3, 4));
    assert.deepEqual(other.blocks, [first, second]);
  });

  test('is counted in tokens', () => {
    const store = aStore(9);
    save(store, [1, 2, 3, 4]);
    found(store, 1, 2, 3);
    found(store, 8, 9);
    assert.deepEqual(store.counters, { queriedTokens: 5, hitTokens: 2, evictedBlocks: 0 });
  });

  test('keeps its blocks alive until it is disposed of, whatever is evicted meanwhile', () => {
    const store = aStore(1);
    const alive = new Set<KvBlock>();
    save(store, [1, 2], saveInto(alive));
    const [block] = alive as Set<KvBlock>;
    assert.ok(block !== undefined);
    const first = store.match(Int32Array.of(1, 2));
    const second = store.match(Int32Array.of(1, 2));
    save(store, [3, 4], saveInto(alive));
    assert.equal(found(store, 1, 2), 0, 'it is evicted');
    first[Symbol.dispose]();
    assert.ok(alive.has(block), 'the second match still uses it');
    second[Symbol.dispose]();
    assert.ok(!alive.has(block));
  });
});

describe('saving', () => {
  test('makes blocks only that are not here yet', () => {
    const store = aStore(9);
    const calls: [number, number][] = [];
    const record: SaveBlock = (start, numTokens) => {
      calls.push([start, numTokens]);
      return aBlock(new Set());
    };
    save(store, [1, 2, 3, 4, 5], record);
    save(store, [1, 2, 3, 4, 5, 6, 7], record);
    save(store, [1, 2], record);
    assert.deepEqual(calls, [
      [0, 2],
      [2, 2],
      [4, 2],
    ]);
    assert.equal(store.numBlocks, 3);
  });

  test('a beginning longer than the store is kept as far as it goes, not evicted by its own end', () => {
    const store = aStore(2);
    save(store, [1, 2, 3, 4, 5, 6, 7, 8]);
    assert.equal(found(store, 1, 2, 3, 4, 5, 6, 7, 8), 4);
    assert.equal(store.counters.evictedBlocks, 0);
  });

  test('when it fails midway, what was saved stays and is whole', () => {
    const store = aStore(9);
    let left = 2;
    const failing: SaveBlock = () => {
      if (left-- === 0) throw new Error('no memory left');
      return aBlock(new Set());
    };
    assert.throws(() => store.save(Int32Array.of(1, 2, 3, 4, 5, 6), failing), /no memory left/);
    store.checkIntegrity();
    assert.equal(found(store, 1, 2, 3, 4, 5, 6), 4);
  });

  test('a block that is bigger than announced is refused where it does not fit', () => {
    const store = aStore(2);
    const alive = new Set<KvBlock>();
    save(store, [1, 2, 3, 4], () => aBlock(alive, 2 * BLOCK_BYTES));
    assert.equal(store.numBlocks, 1);
    assert.equal(alive.size, 1, 'the second one is disposed of');
  });

  test('a store without room for a block keeps nothing', () => {
    const store = new PrefixStore({ maxBytes: BLOCK_BYTES - 1, blockTokens: 2, bytesPerToken: BLOCK_BYTES / 2 });
    save(store, [1, 2]);
    assert.equal(store.numBytes, 0);
  });
});

describe('eviction', () => {
  test('takes what was used least recently, the end of a beginning first', () => {
    const store = aStore(4);
    save(store, [1, 1, 2, 2]);
    save(store, [5, 5, 6, 6]);
    found(store, 1, 1, 2, 2);
    save(store, [9, 9]);
    assert.deepEqual([found(store, 1, 1, 2, 2), found(store, 5, 5, 6, 6)], [4, 2]);
    assert.equal(store.counters.evictedBlocks, 1);
    store.checkIntegrity();
  });

  test('disposes of each block once, and the end of the store of all the others', () => {
    const alive = new Set<KvBlock>();
    const store = aStore(3);
    for (let i = 0; i < 10; i++) save(store, [i, i, i + 1, i], saveInto(alive));
    assert.equal(alive.size, 3);
    assert.equal(store.numBytes, 3 * BLOCK_BYTES);
    store[Symbol.dispose]();
    assert.equal(alive.size, 0);
    assert.equal(store.counters.evictedBlocks, 17);
  });
});

describe('crafted collisions give nobody the KV of another beginning', () => {
  const hash = (...tokens: number[]) => hashTokens(HASH_OF_NOTHING, Int32Array.from(tokens));

  test('where the blocks themselves differ', () => {
    const [mine, crafted] = [[0, 6_443_248] as const, [2_323, 1_157_661_441] as const];
    assert.equal(hash(...mine), hash(...crafted));
    const store = aStore(9);
    save(store, mine);
    assert.equal(found(store, ...crafted), 0);
    save(store, crafted);
    assert.equal(found(store, ...crafted), 0, 'its place is taken, and stays so');
    assert.equal(found(store, ...mine), 2);
  });

  test('where only what comes before them differs', () => {
    const [mine, crafted, same] = [[0, 5] as const, [1_168, 207_388_750] as const, [427, 1] as const];
    assert.equal(hashTokens(hash(...mine), Int32Array.from(same)), hashTokens(hash(...crafted), Int32Array.from(same)));
    const store = aStore(9);
    save(store, [...mine, ...same]);
    save(store, crafted);
    assert.equal(found(store, ...crafted, ...same), 2);
    assert.equal(found(store, ...mine, ...same), 4);
  });
});

test('a hash is continued, not begun anew', () => {
  const whole = hashTokens(HASH_OF_NOTHING, Int32Array.of(1, 2));
  assert.notEqual(whole, hashTokens(HASH_OF_NOTHING, Int32Array.of(2)));
  assert.notEqual(whole, hashTokens(HASH_OF_NOTHING, Int32Array.of(2, 1)));
  assert.ok(Number.isSafeInteger(whole) && whole >= 0);
});
