import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerSchema } from '../../../../bench/peers/json-schema.ts';

test('a schema lets an answer name what the state lists, and the arguments that the functions require', () => {
  const schema = answerSchema({
    controls: ['', 'Bold', 'Body'],
    functions: ['click_input', 'select_text', 'insert_table', 'texts'],
    statuses: ['CONTINUE', 'FINISH'],
  });
  const text = { type: 'string', minLength: 0, maxLength: 64 };
  const whole = { type: 'integer' };
  assert.deepEqual(schema, {
    type: 'object',
    properties: {
      control: { enum: ['', 'Bold', 'Body'] },
      function: { enum: ['click_input', 'select_text', 'insert_table', 'texts'] },
      args: {
        oneOf: [
          { type: 'object', properties: {} },
          { type: 'object', properties: { text } },
          { type: 'object', properties: { rows: whole, columns: whole } },
        ],
      },
      status: { enum: ['CONTINUE', 'FINISH'] },
    },
  });
});
