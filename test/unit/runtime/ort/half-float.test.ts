import assert from 'node:assert/strict';
import { test } from 'node:test';
import { halfToFloat, readHalves } from '../../../../src/runtime/ort/half-float.ts';

test('halves of every kind', () => {
  const examples: readonly (readonly [bits: number, value: number])[] = [
    [0x0000, 0],
    [0x3c00, 1],
    [0xc000, -2],
    [0x3555, 0.333251953125],
    [0x7bff, 65504],
    [0x0400, 2 ** -14],
    [0x0001, 2 ** -24],
    [0x83ff, -1023 * 2 ** -24],
    [0x7c00, Number.POSITIVE_INFINITY],
    [0xfc00, Number.NEGATIVE_INFINITY],
  ];
  for (const [bits, value] of examples) assert.equal(halfToFloat(bits), value, bits.toString(16));
  assert.ok(Number.isNaN(halfToFloat(0x7e00)));
  assert.ok(Object.is(halfToFloat(0x8000), -0));
});

test('halves in order are floats in order', () => {
  const bits = Uint16Array.from({ length: 0x7c01 }, (_, i) => i);
  const floats = new Float32Array(bits.length);
  readHalves(bits, floats);
  assert.ok(floats.every((value, i) => i === 0 || value > (floats[i - 1] as number)));
});
