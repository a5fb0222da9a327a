/** What the API contract does not reach: edges that look the same on both protocols. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultFunctions, functionCatalog, type GatewayError } from '../../../../src/runtime/index.ts';
import { readRequestId } from '../../../../src/server/requests/fields.ts';
import { readPredictAction } from '../../../../src/server/requests/predict-action.ts';
import type { PredictActionRequest } from '../../../../src/server/wire/messages.ts';

const limits = { maxControls: 3 };
const read = (message: PredictActionRequest) => readPredictAction({ user_request: 'x', ...message }, limits);
const fieldOf = (message: PredictActionRequest): string | undefined => {
  try {
    read(message);
  } catch (error) {
    return (error as GatewayError).details.field;
  }
  return undefined;
};

test('an absent flag stays absent, so that it means neither true nor false', () => {
  const { controls } = read({ controls: [{ id: '1', type: 'Edit', enabled: null, rect: [] }] }).state;
  assert.deepEqual(controls, [{ id: '1', name: '', type: 'Edit' }]);
});

test('the limit on controls is the one configured', () => {
  const controls = ['1', '2', '3', '4'].map((id) => ({ id, type: 'Edit' }));
  assert.equal(fieldOf({ controls: controls.slice(0, 3) }), undefined);
  assert.equal(fieldOf({ controls }), 'controls');
});

test('two controls may share a name, and an id may be a name of Object.prototype', () => {
  const controls = ['__proto__', 'constructor'].map((id) => ({ id, name: 'OK', type: 'Button' }));
  assert.equal(read({ controls }).state.controls.length, 2);
});

test('an error names the earlier of two controls with one id', () => {
  const controls = [
    { id: 'a', type: 'Edit' },
    { id: 'a', type: 'Edit' },
  ];
  assert.throws(() => read({ controls }), { message: 'controls[1].id: the same as controls[0].id' });
});

test('every default function is in the catalog, and every function of the catalog can be allowed', () => {
  for (const app of ['WINWORD.EXE', '']) {
    for (const name of defaultFunctions(app)) assert.ok(functionCatalog.has(name), name);
  }
  const all = [...functionCatalog.keys()];
  assert.deepEqual(read({ allowed_functions: all }).state.allowedFunctions, all);
});

test('a null argument is dropped, and __proto__ is no argument', () => {
  const args = (value: Record<string, unknown>): PredictActionRequest => ({ previous_actions: [{ args: value }] });
  assert.deepEqual(read(args({ a: null, b: 1 })).state.previousActions[0]?.args, { b: 1 });
  assert.equal(fieldOf(args(JSON.parse('{"__proto__": "x"}'))), 'previous_actions[0].args');
});

test('a request id is at most 128 printable ASCII characters', () => {
  assert.equal(readRequestId({}), undefined);
  assert.equal(readRequestId({ request_id: 'x'.repeat(128) }), 'x'.repeat(128));
  for (const bad of ['x'.repeat(129), 'a\nb', 'ü']) {
    assert.throws(() => readRequestId({ request_id: bad }), { code: 'invalid_request' });
  }
});
