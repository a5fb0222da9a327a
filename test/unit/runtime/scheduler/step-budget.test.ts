import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Sequence } from '../../../../src/runtime/scheduler/sequence.ts';
import { StepBudget } from '../../../../src/runtime/scheduler/step-budget.ts';

/** A running sequence of which the first `computed` tokens are computed. */
function running({
  length,
  promptTokens = length,
  computed = 0,
}: {
  length: number;
  promptTokens?: number;
  computed?: number;
}): Sequence {
  const sequence = new Sequence({ id: 0, tokens: new Int32Array(length), promptTokens, maxNewTokens: 4 });
  sequence.admit({ slot: 0, cachedTokens: 0, admittedMs: 0 });
  if (computed > 0) sequence.advance(computed);
  return sequence;
}

function tokensOfChunk(sequence: Sequence, maxStepTokens: number): number {
  const budget = new StepBudget({ maxStepTokens, maxChunkTokens: 12, chunkAlignment: 4 });
  budget.add(sequence);
  return budget.plan().numTokens;
}

describe('with an alignment of 4, a chunk', () => {
  test('ends at a multiple of 4 where the prompt goes on', () => {
    assert.equal(tokensOfChunk(running({ length: 20 }), 11), 8);
    assert.equal(tokensOfChunk(running({ length: 20, computed: 8 }), 7), 4);
  });

  test('is as long as its cap allows', () => assert.equal(tokensOfChunk(running({ length: 20 }), 100), 12));

  test('goes to the end of the prompt, wherever that is', () => {
    assert.equal(tokensOfChunk(running({ length: 7 }), 100), 7);
    assert.equal(tokensOfChunk(running({ length: 10, promptTokens: 6, computed: 4 }), 3), 3);
  });

  test('waits for the next step when there is no room for a block', () => {
    assert.equal(tokensOfChunk(running({ length: 20, computed: 4 }), 3), 0);
  });
});
