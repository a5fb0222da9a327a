/** The beginning of an answer, told once its control and function are chosen. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { EngineEvent } from '../../../../src/runtime/engine/engine.ts';
import type { GenerateRequest } from '../../../../src/runtime/engine/generate.ts';
import { choiceNode } from '../../../../src/runtime/grammar/builder.ts';
import type { Grammar } from '../../../../src/runtime/grammar/grammar.ts';
import type { ChoiceField } from '../../../../src/runtime/types.ts';
import { anEngine, aRequest, runToEnd } from '../../../support/engine-builders.ts';
import { chain, coinFlips, grammarOf } from '../../../support/engine-grammars.ts';

/** Control, function, argument and status, each the token 0 or 1. */
const ACTION = coinFlips(4);

function asking(spec: Partial<GenerateRequest>): GenerateRequest {
  return aRequest({ grammar: ACTION, tellsChoice: true, ...spec });
}

/** One choice after the other, about these fields. */
function fields(...steps: readonly (readonly [ChoiceField, readonly (readonly number[])[]])[]): Grammar {
  const nodes = steps.map(([field, alternatives], i) =>
    choiceNode(
      field,
      alternatives.map((tokens) => ({ tokens, next: i + 1 })),
    ),
  );
  return grammarOf([...nodes, { type: 'end' }]);
}

/** What happened to the only request: how many tokens of its answer were told, and its end. */
function story(events: readonly EngineEvent[]): unknown[] {
  return events.map((event) => (event.type === 'partial' ? event.part.length : event.type));
}

function storyOf(request: GenerateRequest): unknown[] {
  const { engine } = anEngine({ mayRepeat: () => true });
  engine.submit(0, request, 0);
  return story(runToEnd(engine));
}

describe('a choice', () => {
  test('is told by the step that decides on the function, and is how the answer begins', () => {
    const { engine } = anEngine();
    engine.submit(7, asking({}), 0);
    const steps = Array.from({ length: 4 }, () => engine.step().events);
    assert.deepEqual(steps.map(story), [[], [2], [], ['finished']]);
    const [told] = steps[1] ?? [];
    const [end] = steps[3] ?? [];
    assert.ok(told?.type === 'partial' && end?.type === 'finished');
    assert.deepEqual([told.id, told.part], [7, end.result.tokens.slice(0, 2)]);
  });

  test('is told to nobody who did not ask, and not where there are several', () => {
    assert.deepEqual(storyOf(asking({ tellsChoice: false })), ['finished']);
    assert.deepEqual(storyOf(aRequest({ grammar: ACTION })), ['finished']);
    assert.deepEqual(storyOf(asking({ candidates: 2 })), ['finished']);
  });

  test('is not told when the answer is complete with it', () => {
    assert.deepEqual(storyOf(asking({ grammar: coinFlips(2) })), ['finished']);
    assert.deepEqual(storyOf(asking({ grammar: chain([[0], [1]], [[0], [1]], [[2, 3]]) })), ['finished']);
  });

  test('comes with what the grammar forces behind it', () => {
    assert.deepEqual(storyOf(asking({ grammar: chain([[0], [1]], [[0], [1]], [[2, 3]], [[0], [1]]) })), [
      4,
      'finished',
    ]);
  });

  test('is told when the function follows from the control, and when the grammar leaves no choice at all', () => {
    assert.deepEqual(storyOf(asking({ grammar: chain([[0], [1]], [[2, 3]], [[0], [1]]) })), [3, 'finished']);
    assert.deepEqual(storyOf(asking({ grammar: chain([[2]], [[3]], [[0], [1]]) })), [2, 'finished']);
  });

  test('waits for all decisions about the function, and for words that come first', () => {
    const functions = [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ];
    const flip = [[0], [1]];
    const grammar = fields(['words', flip], ['control', flip], ['function', functions], ['status', flip]);
    assert.deepEqual(storyOf(asking({ grammar })), [4, 'finished']);
  });

  test('is followed by the end even if that is a failure', () => {
    const { engine } = anEngine({ onStep: (_, index) => (index === 2 ? { type: 'throw' } : undefined) });
    engine.submit(0, asking({}), 0);
    assert.deepEqual(story(runToEnd(engine)), [2, 'failed']);
  });

  test('is not told once the request was cancelled', () => {
    const { engine } = anEngine();
    engine.submit(0, asking({}), 0);
    engine.step();
    engine.cancel(0);
    assert.deepEqual(story(runToEnd(engine)), ['failed']);
  });
});
