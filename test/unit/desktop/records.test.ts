import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeEpisode } from '../../../bench/desktop/episodes.ts';
import { rephrasings } from '../../../bench/desktop/evolve.ts';
import { attempt } from '../../../bench/desktop/imperfect-expert.ts';
import { planExamples } from '../../../bench/desktop/plan-example.ts';
import { planFor } from '../../../bench/desktop/plans.ts';
import { type PipelineRun, runPipeline } from '../../../bench/desktop/records.ts';
import { templates } from '../../../bench/desktop/tasks/templates.ts';
import { parsePlan } from '../../../src/runtime/dialects/plan.ts';
import { findReferences } from '../../../src/runtime/dialects/references.ts';
import { special, text } from '../../../src/runtime/dialects/segment.ts';

const EPISODES = 3 * templates.length;
const RATE = 0.2;
const attempts = Array.from({ length: EPISODES }, (_, seed) => {
  const episode = makeEpisode('train', seed);
  return { episode, seed, ...attempt(episode, { seed, rate: RATE }) };
});

test('an expert without slips succeeds, and one with them fails about as often as it slips', () => {
  for (const { slip, isSuccess, episode } of attempts) {
    if (slip === 'none') assert.ok(isSuccess, episode.request);
  }
  const slips = attempts.filter(({ slip }) => slip !== 'none');
  assert.ok(slips.length > 0.1 * EPISODES && slips.length < 0.25 * EPISODES, String(slips.length));
  const failures = slips.filter(({ isSuccess }) => !isSuccess);
  assert.ok(failures.length > 0.7 * slips.length, `${failures.length} of ${slips.length}`);
});

test('every kind of slip happens, and the same seed slips the same way', () => {
  const kinds = new Set(attempts.map(({ slip }) => slip));
  assert.deepEqual([...kinds].sort(), ['forgets', 'mixes up', 'neighbour', 'none', 'stops early']);
  for (const { seed, slip, steps } of attempts.filter((tried) => tried.slip !== 'none').slice(0, 20)) {
    const again = attempt(makeEpisode('train', seed), { seed, rate: RATE });
    assert.equal(again.slip, slip);
    assert.equal(again.steps.length, steps.length);
  }
});

test('no slip does what cannot be undone', () => {
  for (const { episode } of attempts) assert.equal(episode.desktop.violations, 0);
});

const run = (seed: number, failureRate: number): PipelineRun =>
  runPipeline(makeEpisode('train', seed), { id: `t${seed}`, seed, failureRate, plan: planFor('train', seed) });

test('an instantiation record has the keys of the pipeline, and a plan whose steps count from 1', () => {
  const { instantiation } = run(5, 0);
  assert.deepEqual(Object.keys(instantiation).sort(), [
    'app',
    'execution_result',
    'instantiation_result',
    'original',
    'time_cost',
    'unique_id',
  ]);
  assert.deepEqual(instantiation.execution_result, { result: null, error: null });
  const plan = instantiation.instantiation_result.prefill.result?.instantiated_plan ?? [];
  assert.deepEqual(
    plan.map(({ Step }) => Step),
    plan.map((_, i) => i + 1),
  );
  assert.deepEqual(instantiation.original.original_steps, planFor('train', 5));
});

test('an execution record says of each step whether it succeeded, and of the task whether it is complete', () => {
  for (let seed = 0; seed < 40; seed++) {
    const { execution, outcome, attempt: tried } = run(seed, 0.5);
    const { result } = execution.execution_result;
    assert.equal(
      result?.complete,
      { execution_pass: 'yes', execution_fail: 'no', execution_unsure: 'unsure' }[outcome],
    );
    assert.equal(outcome === 'execution_pass', tried.isSuccess);
    const plan = execution.instantiation_result.prefill.result?.instantiated_plan ?? [];
    assert.equal(plan.at(-1)?.Success, null);
    for (const item of plan.slice(0, -1)) assert.equal(typeof item.Success, 'boolean');
    const matched = plan.filter(({ ControlLabel }) => ControlLabel !== null);
    for (const item of matched) assert.equal(item.MatchedControlText, item.ControlText);
  }
});

test('what belongs to another application is marked as such', () => {
  const template = templates.find(({ name }) => name === 'another-application');
  assert.ok(template);
  const episode = makeEpisode('train', 1, { template });
  const { instantiation } = runPipeline(episode, { id: 'x', seed: 1, failureRate: 0, plan: ['give up'] });
  const judged = instantiation.instantiation_result.instantiation_evaluation.result;
  assert.deepEqual([judged?.judge, judged?.request_type], [false, 'App_involve']);
});

test('a plan is an answer to every wording of its task, and refers to the texts of that wording', () => {
  for (let seed = 0; seed < templates.length; seed++) {
    const plan = planFor('train', seed);
    const examples = planExamples(makeEpisode('train', seed), plan, 1);
    const isComposed = templates[seed]?.family === 'multi';
    assert.equal(examples[0]?.evolution, isComposed ? 'composed' : 'original');
    for (const { request, answer, head, steps } of examples) {
      assert.deepEqual(steps, plan);
      assert.equal(head.at(-1), '<|act|>');
      const segments = answer.map((part) => (part.startsWith('=') ? text(part.slice(1)) : special(part)));
      assert.deepEqual(parsePlan(findReferences(request), segments), plan);
    }
  }
});

test('rephrased tasks say the same texts in other words', () => {
  for (let seed = 0; seed < templates.length; seed++) {
    const episode = makeEpisode('train', seed);
    const evolved = rephrasings(episode, 3);
    assert.equal(evolved[0]?.request, episode.request);
    assert.equal(new Set(evolved.map(({ request }) => request)).size, evolved.length);
    for (const goal of episode.goals) {
      if (goal.type !== 'fill') continue;
      for (const { request } of evolved) assert.ok(request.includes(goal.text), request);
    }
  }
});
