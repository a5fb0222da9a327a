import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  fitsPlanForm,
  MAX_PLAN_LINES,
  parsePlan,
  renderPlan,
  renderPlanPrompt,
} from '../../../../src/runtime/dialects/plan.ts';
import { PlanDialect } from '../../../../src/runtime/dialects/plan-dialect.ts';
import { findReferences } from '../../../../src/runtime/dialects/references.ts';
import { segmentToString, special, text } from '../../../../src/runtime/dialects/segment.ts';
import { Answers } from '../../../support/answers.ts';
import { byteTokenizer } from '../../../support/byte-tokenizer.ts';

const tokenizer = byteTokenizer([['S', 'e']]);
const dialect = new PlanDialect(tokenizer);
const answers = new Answers(tokenizer);
const aTask = (userRequest: string) => ({ userRequest, app: { processName: 'WINWORD.EXE', windowTitle: '' } });
const TASK = aTask("make 'Big news' 14 points");
const STEPS = ["Select 'Big news'", 'Set the font size to 14', 'Check it'];
const written = (segments: readonly Parameters<typeof segmentToString>[0][]) => segments.map(segmentToString).join(' ');

test('a prompt is the task with its literals numbered, and the application', () => {
  assert.equal(
    written(renderPlanPrompt(TASK)),
    "<|bos|> <|app|> =WINWORD.EXE <|task|> =make ' <|nth|> =1 =Big news ='  <|nth|> =2 =14 = points <|act|>",
  );
});

test("steps name the task's literals by number, and come back as they were", () => {
  const segments = renderPlan(TASK, STEPS);
  assert.equal(
    written(segments),
    "<|plan|> =Select ' <|nth|> =1 =' <|plan|> =Set the font size to  <|nth|> =2 <|plan|> =Check it <|end|>",
  );
  assert.deepEqual(parsePlan(findReferences(TASK.userRequest), segments), STEPS);
});

test('what the grammar allows is what is rendered', () => {
  const { grammar, parse } = dialect.prepare(TASK, { contextLength: 1024 });
  const tokens: number[] = [];
  tokenizer.encode(renderPlan(TASK, STEPS), tokens);
  answers.check(grammar, tokens);
  assert.deepEqual(parse(Int32Array.from(tokens)), STEPS);
});

test('a plan has as many lines as fit into the context, and 32 at most', () => {
  const short = (contextLength: number, maxLines?: number) =>
    dialect.prepare(aTask('go'), { contextLength, ...(maxLines !== undefined && { maxLines }) });
  for (const contextLength of [150, 256, 1024, 100_000]) {
    const { promptTokens, grammar } = short(contextLength);
    assert.ok(promptTokens.length + grammar.maxTokens <= contextLength);
  }
  const line = (short(100_000, 2).grammar.maxTokens - 1) / 2;
  assert.equal(short(100_000).grammar.maxTokens, MAX_PLAN_LINES * line + 1);
  assert.throws(() => short(70), { code: 'context_length', details: { field: 'user_request' } });
});

test('whatever the grammar lets through is a plan', () => {
  const requests = fc.constantFrom('make it bold', `put "a 🙂" in 'b' at 3 and 4`, '');
  fc.assert(
    fc.property(requests, fc.array(fc.nat(), { minLength: 1, maxLength: 40 }), (userRequest, choices) => {
      const { grammar, parse } = dialect.prepare(aTask(userRequest), { contextLength: 600, maxLineBytes: 20 });
      const steps = parse(answers.draw(grammar, choices));
      assert.ok(steps.length > 0 && steps.every((step) => step !== ''));
    }),
  );
});

test('any steps that there is room for survive the way there and back', () => {
  const words = fc.string({ unit: 'grapheme', maxLength: 4 }).filter((s) => !/\p{Cc}|\p{Cs}/u.test(s));
  const step = fc
    .tuple(words, fc.constantFrom('', "'Big news'", '14', 'x14'), words)
    .map(([before, literal, after]) => `Do ${before} ${literal} ${after}`)
    .filter((step) => Buffer.byteLength(step) < 50);
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 5 }), (steps) => {
      const { grammar, parse } = dialect.prepare(TASK, { contextLength: 4_000 });
      const tokens: number[] = [];
      try {
        tokenizer.encode(renderPlan(TASK, steps), tokens);
      } catch (error) {
        assert.match(String(error), /has room for/);
        return;
      }
      answers.check(grammar, tokens);
      assert.deepEqual(parse(Int32Array.from(tokens)), steps);
    }),
  );
});

test('a step without room, without words or beginning with a literal cannot be rendered', () => {
  const long = ['x'.repeat(200)];
  assert.throws(() => renderPlan(TASK, long), /has room for 58/);
  const longTail = [`Set to 14 ${'x'.repeat(30)}`];
  assert.throws(() => renderPlan(TASK, longTail), /has room for 19/);
  assert.deepEqual(
    [STEPS, long, longTail].map((steps) => fitsPlanForm(TASK, steps)),
    [true, false, false],
  );
  assert.throws(() => renderPlan(TASK, ['']), /begins with words/);
  assert.throws(() => renderPlan(TASK, ['14 points']), /begins with words/);
  assert.throws(() => renderPlan(TASK, []), /a plan of 0 steps/);
});

const NOT_PLANS = [
  [[text('x'), special('<|end|>')], /<\|plan\|> expected/],
  [[special('<|plan|>'), text('x')], /<\|end\|> expected/],
  [[special('<|plan|>'), special('<|nth|>'), special('<|end|>')], /a number expected/],
  [[special('<|plan|>'), special('<|nth|>'), text('7'), special('<|end|>')], /no literal 7/],
  [[special('<|plan|>'), special('<|fn|>')], /<\|fn\|> is out of place/],
] as const;

test('what is no plan is an error, never a guess', () => {
  for (const [segments, message] of NOT_PLANS) {
    assert.throws(() => parsePlan(findReferences(TASK.userRequest), segments), { code: 'internal', message });
  }
});
