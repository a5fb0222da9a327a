/** The prefix store against a plain list of what was saved. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { KvBlock } from '../../src/runtime/kv/kv-block.ts';
import { type PrefixMatch, PrefixStore } from '../../src/runtime/kv/prefix-store.ts';
import { BLOCK_BYTES, saveInto } from '../support/prefix-blocks.ts';

const tokens = fc.array(fc.nat(1), { maxLength: 11 });
const operation = fc.oneof(
  fc.record({ type: fc.constant('save' as const), tokens }),
  fc.record({ type: fc.constant('match' as const), tokens, keep: fc.boolean() }),
  fc.record({ type: fc.constant('release' as const) }),
);

test('what is found was saved for exactly these tokens; nothing is lost but by eviction; every block ends once', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), fc.array(operation, { maxLength: 60 }), (capacity, operations) => {
      const store = new PrefixStore({
        maxBytes: capacity * BLOCK_BYTES,
        blockTokens: 2,
        bytesPerToken: BLOCK_BYTES / 2,
      });
      const alive = new Set<KvBlock>();
      /** By what it was computed from. */
      const saved = new Map<string, KvBlock>();
      const matches: PrefixMatch[] = [];
      for (const operation of operations) {
        if (operation.type === 'release') matches.pop()?.[Symbol.dispose]();
        else if (operation.type === 'save') {
          const all = Int32Array.from(operation.tokens);
          store.save(all, (start) => {
            const block = saveInto(alive)(start, 2);
            saved.set(all.slice(0, start + 2).join(), block);
            return block;
          });
          const kept = Math.min(Math.floor(all.length / 2), capacity) * 2;
          using match = store.match(all);
          assert.ok(match.numTokens >= kept, 'what was saved last is there');
        } else {
          const all = Int32Array.from(operation.tokens);
          const match = store.match(all);
          match.blocks.forEach((block, i) => {
            assert.equal(block, saved.get(all.slice(0, 2 * i + 2).join()), 'the block of other tokens is found');
          });
          if (operation.keep) matches.push(match);
          else match[Symbol.dispose]();
        }
        store.checkIntegrity();
        assert.ok(store.numBytes <= capacity * BLOCK_BYTES);
        for (const { blocks } of matches)
          for (const block of blocks) assert.ok(alive.has(block), 'a block in use is gone');
      }
      for (const match of matches) match[Symbol.dispose]();
      assert.equal(alive.size, store.numBlocks);
      store[Symbol.dispose]();
      assert.equal(alive.size, 0);
    }),
    { numRuns: 200, includeErrorInReport: true },
  );
});
