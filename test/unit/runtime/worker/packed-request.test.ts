import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { GenerateRequest } from '../../../../src/runtime/engine/generate.ts';
import type { Grammar } from '../../../../src/runtime/grammar/grammar.ts';
import {
  packGrammar,
  packRequest,
  unpackGrammar,
  unpackRequest,
} from '../../../../src/runtime/worker/packed-request.ts';
import { world } from '../grammar/worlds.ts';

const options = fc.record(
  { deadlineMs: fc.double({ noNaN: true }), priority: fc.nat(9), candidates: fc.nat(16), tellsChoice: fc.boolean() },
  { requiredKeys: [] },
);

test('a request is on the other side what it was on this one', () => {
  const anything = fc.tuple(world, fc.int32Array(), options);
  const property = fc.property(anything, ([{ grammar }, promptTokens, rest]) => {
    const request: GenerateRequest = { promptTokens, grammar, sampling: { temperature: 0.7, seed: 3 }, ...rest };
    assert.deepEqual(unpackRequest(structuredClone(packRequest(request))), request);
  });
  fc.assert(property, { numRuns: 200 });
});

test('a grammar that follows crosses alone, and the prompt without the buffer that it is a view of', () => {
  const promptTokens = Int32Array.of(1, 2, 3).subarray(1);
  const packed = packRequest({ promptTokens, sampling: { temperature: 0, seed: 0 } });
  assert.deepEqual(packed, { promptTokens: Int32Array.of(2, 3), sampling: { temperature: 0, seed: 0 } });
  assert.equal(packed.promptTokens.buffer.byteLength, 8);
  assert.deepEqual(unpackRequest(packed), packed);
});

test('what crosses of a grammar is one array, however many nodes there are', () => {
  const grammar: Grammar = {
    nodes: [
      { type: 'end' },
      { type: 'number', field: 'args', min: -0.5, max: 1e12, maxDecimals: 1, next: 0 },
      { type: 'text', field: 'words', notation: 'json', minBytes: 0, maxBytes: 9, next: 0 },
    ],
    start: 2,
    maxTokens: 10,
  };
  const packed = packGrammar(grammar);
  assert.deepEqual([...packed.bounds], [-0.5, 1e12]);
  const cells = [2, 10, 3, 3, 2, 2, 1, 0, 1, 4, 2, 0, 9, 0];
  assert.deepEqual([...packed.cells.subarray(0, cells.length)], cells);
  assert.deepEqual(unpackGrammar(packed), grammar);
});
