/** KV blocks of a prefix store that hold nothing, but know whether they are alive. */
import assert from 'node:assert/strict';
import type { KvBlock } from '../../src/runtime/kv/kv-block.ts';
import type { SaveBlock } from '../../src/runtime/kv/prefix-store.ts';

export const BLOCK_BYTES = 20;

/** A block of 2 tokens that is in `alive` until it is disposed of. */
export function aBlock(alive: Set<KvBlock>, numBytes = BLOCK_BYTES): KvBlock {
  const block: KvBlock = {
    numTokens: 2,
    numBytes,
    [Symbol.dispose]: () => assert.ok(alive.delete(block), 'a block is disposed of twice'),
  };
  alive.add(block);
  return block;
}

export function saveInto(alive: Set<KvBlock>): SaveBlock {
  return () => aBlock(alive);
}
