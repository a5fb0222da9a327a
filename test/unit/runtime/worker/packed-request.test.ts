import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { GenerateRequest } from '../../../../src/runtime/engine/generate.ts';
import { packRequest, unpackRequest } from '../../../../src/runtime/worker/packed-request.ts';
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

test('what crosses is one array, however many nodes there are', () => {
  const request: GenerateRequest = {
    promptTokens: Int32Array.of(1, 2),
    grammar: {
      nodes: [
        { type: 'end' },
        { type: 'number', field: 'args', min: -0.5, max: 1e12, maxDecimals: 1, next: 0 },
        { type: 'text', field: 'words', notation: 'json', minBytes: 0, maxBytes: 9, next: 0 },
      ],
      start: 2,
      maxTokens: 10,
    },
    sampling: { temperature: 0, seed: 0 },
  };
  const { tokens, bounds } = packRequest(request);
  assert.deepEqual([...bounds], [-0.5, 1e12]);
  const cells = [2, 1, 2, 2, 10, 3, 3, 2, 2, 1, 0, 1, 4, 2, 0, 9, 0];
  assert.deepEqual([...tokens.subarray(0, cells.length)], cells);
  assert.deepEqual(unpackRequest({ ...packRequest(request) }), request);
});
