import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { GatewayError } from '../../../../src/runtime/index.ts';
import { decodeJson, parseJson } from '../../../../src/server/wire/json.ts';
import { messageType } from '../../../../src/server/wire/schema.ts';
import { aFullRequest } from '../../../contract/requests.ts';

const decode = (value: unknown) => decodeJson(messageType('PredictActionRequest'), value);

function problem(value: unknown): { field: string | undefined; message: string } {
  try {
    decode(value);
  } catch (error) {
    assert.ok(error instanceof GatewayError);
    assert.equal(error.code, 'invalid_request');
    return { field: error.details.field, message: error.message };
  }
  assert.fail(`${JSON.stringify(value)} was accepted`);
}

test('a message in snake_case comes back as it is, not copied', () => {
  const request = aFullRequest();
  assert.equal(decode(request), request);
  assert.deepEqual(request, aFullRequest());
});

test('fields in camelCase are renamed, at every depth, but names of arguments are not fields', () => {
  const previousActions = [{ resultStatus: 'success', args: { camelCase: 1, snake_case: 2 } }];
  const decoded = decode({
    userRequest: 'x',
    app: { processName: 'p' },
    controls: [{ automationId: 'a' }],
    previousActions,
  });
  assert.deepEqual(decoded, {
    user_request: 'x',
    app: { process_name: 'p' },
    controls: [{ automation_id: 'a' }],
    previous_actions: [{ result_status: 'success', args: { camelCase: 1, snake_case: 2 } }],
  });
});

test('any mixture of spellings is the same message', () => {
  const camel = (key: string) => key.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  fc.assert(
    fc.property(fc.infiniteStream(fc.boolean()), (coins) => {
      const respell = (value: unknown): unknown => {
        if (Array.isArray(value)) return value.map(respell);
        if (typeof value !== 'object' || value === null) return value;
        return Object.fromEntries(
          Object.entries(value).map(([key, item]) => [
            coins.next().value ? camel(key) : key,
            key === 'args' ? item : respell(item),
          ]),
        );
      };
      assert.deepEqual(decode(respell(aFullRequest())), aFullRequest());
    }),
    { numRuns: 50 },
  );
});

test('null counts as absent, but not inside a list', () => {
  decode({ user_request: null, controls: null, options: { seed: null } });
  assert.equal(problem({ previous_plan: [null] }).field, 'previous_plan[0]');
  assert.equal(problem({ controls: [null] }).field, 'controls[0]');
});

const WRONG: readonly (readonly [string, unknown])[] = [
  ['user_request', { user_request: 1 }],
  ['controls', { controls: {} }],
  ['controls[1].name', { controls: [{}, { name: ['a'] }] }],
  ['controls[0].enabled', { controls: [{ enabled: 'true' }] }],
  ['controls[0].rect[2]', { controls: [{ rect: [0, 0, 1.5, 0] }] }],
  ['controls[0].rect[0]', { controls: [{ rect: [2 ** 31, 0, 0, 0] }] }],
  ['options', { options: [] }],
  ['options.seed', { options: { seed: 2 ** 32 } }],
  ['options.seed', { options: { seed: '1' } }],
  ['options.temperature', { options: { temperature: '0' } }],
  ['options.temperature', { options: { temperature: JSON.parse('1e999') } }],
  ['previous_actions[0].args', { previous_actions: [{ args: [] }] }],
  ['app.title', { app: { title: 'x' } }],
  ['__proto__', JSON.parse('{"__proto__": {"user_request": "x"}}')],
  ['toString', { toString: 'x' }],
  ['controls[0].automation_id', { controls: [{ automation_id: 'a', automationId: 'a' }] }],
  ['"\\u00fc b"', { 'ü b': 1 }],
];
for (const [field, value] of WRONG) {
  test(`${JSON.stringify(value)} is refused at ${field}`, () => assert.equal(problem(value).field, field));
}

test('a long unknown name is cut', () => {
  const { field } = problem({ [`${'x'.repeat(10_000)}`]: 1 });
  assert.ok(field !== undefined && field.length < 100);
});

test('a document that is no object is refused without a field', () => {
  for (const value of [null, [], 1, 'x', true]) assert.equal(problem(value).field, undefined);
});

test('whatever JSON arrives, it is decoded or refused', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      try {
        decode(value);
      } catch (error) {
        assert.equal((error as GatewayError).code, 'invalid_request');
      }
    }),
    { numRuns: 200 },
  );
});

test('bytes that are not UTF-8 or not JSON are refused', () => {
  for (const bytes of [Buffer.from([0x22, 0xff, 0x22]), Buffer.from('{'), Buffer.alloc(0)]) {
    assert.throws(() => parseJson(bytes), { code: 'invalid_request' });
  }
  assert.deepEqual(parseJson(Buffer.from('\ufeff{"a":"ü"}')), { a: 'ü' });
});
