import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RewardDialect, renderPair } from '../../../../src/runtime/dialects/reward-dialect.ts';
import { segmentToString } from '../../../../src/runtime/dialects/segment.ts';
import { byteTokenizer } from '../../../support/byte-tokenizer.ts';
import { anAction, aState } from '../../../support/states.ts';

const tokenizer = byteTokenizer();
const dialect = new RewardDialect(tokenizer);

test('a pair is the prompt and then the answer, up to its last token', () => {
  const written = renderPair(aState(), anAction()).map(segmentToString).join(' ');
  assert.match(
    written,
    /^<\|bos\|> <\|app\|> .* <\|act\|> <\|controls\|> =1 <\|fn\|> =click_input <\|st\|> =CONTINUE <\|end\|>$/,
  );
});

test('each action is scored with the same prompt in front', () => {
  const state = aState();
  const actions = [
    anAction(),
    anAction({ controlId: '2', controlName: 'Body', function: 'select_text', args: { text: 'x' } }),
    anAction({ controlId: '', controlName: '', function: '', status: 'FINISH' }),
  ];
  const rows = dialect.prepare(state, actions);
  for (const [i, action] of actions.entries()) {
    const tokens: number[] = [];
    tokenizer.encode(renderPair(state, action), tokens);
    assert.deepEqual([...(rows[i] ?? [])], tokens);
  }
});

const IMPOSSIBLE = [
  [{ controlId: '9' }, 'actions[1].control_id', /lists no control "9"/],
  [{ function: 'fly' }, 'actions[1].function', /"fly" is unknown/],
  [{ args: { height: 3 } }, 'actions[1].args', /click_input has no argument "height"/],
] as const;

for (const [overrides, field, message] of IMPOSSIBLE) {
  test(`an action that cannot be one is refused by its field: ${field}`, () => {
    assert.throws(() => dialect.prepare(aState(), [anAction(), anAction(overrides)]), {
      code: 'invalid_request',
      message,
      details: { field },
    });
  });
}
