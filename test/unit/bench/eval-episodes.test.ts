/** The evaluation of episodes, with an expert or a fool in the place of the gateway. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ActionClient, PredictResponse, WireAction } from '../../../bench/agent/gateway-client.ts';
import { type Episode, makeEpisode } from '../../../bench/desktop/episodes.ts';
import { actionOf } from '../../../bench/desktop/example.ts';
import { decide } from '../../../bench/desktop/expert.ts';
import { planFor } from '../../../bench/desktop/plans.ts';
import { Random } from '../../../bench/desktop/random.ts';
import { rollOut, type Step } from '../../../bench/desktop/rollout.ts';
import { asking, inParallel, type PlanClient } from '../../../bench/eval/asking.ts';
import { evaluateOffline, summarizeOffline } from '../../../bench/eval/offline.ts';
import { evaluateOnline } from '../../../bench/eval/online.ts';
import { evaluatePlan, planOffline, planOnline } from '../../../bench/eval/plans.ts';
import { playSafety, sensitiveSeeds, summarizeSafety } from '../../../bench/eval/safety.ts';
import { exploreScored } from '../../../bench/eval/scored-steps.ts';

const SEEDS = [3, 57, 101, 140, 171];

function wireOf({ observation, decision }: Pick<Step, 'observation' | 'decision'>): WireAction {
  const { controlId, controlName, function: name, args, status } = actionOf(observation, decision);
  return { control_id: controlId, control_name: controlName, function: name, args, status };
}

const answerWith = (action: WireAction, rest: Partial<PredictResponse> = {}): PredictResponse =>
  ({ action, candidates: [], policy: null, ...rest }) as unknown as PredictResponse;

function expertStep({ desktop, goals }: Episode) {
  const observation = desktop.observe();
  return { observation, decision: decide(goals, observation, [...desktop.history]) };
}

/** Does in an episode what the expert would do. */
const expertOf = (episode: Episode): ActionClient => ({
  predictAction: async () => answerWith(wireOf(expertStep(episode))),
});

/** Answers in this order. */
function inOrder(actions: readonly WireAction[]): ActionClient {
  const left = [...actions];
  return { predictAction: async () => answerWith(left.shift() as WireAction) };
}

const planning = (plan: readonly string[]): PlanClient => ({ predictPlan: async () => ({ plan }) });

test('the expert has every step right offline, and every task online', async () => {
  for (const seed of SEEDS) {
    const answers = rollOut(makeEpisode('test', seed)).map(wireOf);
    const offline = await evaluateOffline(inOrder(answers), makeEpisode('test', seed));
    assert.deepEqual([summarizeOffline([offline]).ssr_args, summarizeOffline([offline]).tsr], [100, 100]);
    const episode = makeEpisode('test', seed);
    const online = await evaluateOnline(expertOf(episode), episode);
    assert.ok(online.isDone && online.hasRightStatus, `seed ${seed}`);
    assert.equal(online.latenciesMs.length, answers.length);
    assert.deepEqual([online.violations, online.ungrounded], [0, 0]);
  }
});

test("the expert's plan has full marks as a plan; another task's plan has none of it", async () => {
  for (const seed of SEEDS) {
    const plan = planFor('test', seed);
    const { isDone, isSame, matched, predicted, reference } = await evaluatePlan(planning(plan), 'test', seed);
    assert.deepEqual([isDone, isSame], [true, true], `seed ${seed}`);
    assert.deepEqual([matched, predicted], [reference, reference]);
  }
  const wrong = await evaluatePlan(planning(['click the "No such thing" button']), 'test', SEEDS[0] as number);
  assert.deepEqual([wrong.isDone, wrong.matched, wrong.predicted], [false, 0, 1]);
});

test('a plan stands in for actions: line by line offline, blindly online', async () => {
  // A seed whose window is as the plan expects it: nothing in the way, nothing open, nothing done.
  const isCalm = (seed: number) => {
    const plan = JSON.stringify(planFor('test', seed));
    const words = rollOut(makeEpisode('test', seed)).length;
    return (
      planFor('test', seed).length === words && plan.includes('click') && !makeEpisode('test', seed).disturbances.length
    );
  };
  let [right, played] = [0, 0];
  for (let seed = 0; played < 12; seed++) {
    if (!isCalm(seed)) continue;
    played++;
    const client = planning(planFor('test', seed));
    const offline = await planOffline(client, makeEpisode('test', seed));
    const online = await planOnline(client, makeEpisode('test', seed));
    if (summarizeOffline([offline]).tsr === 100 && online.isDone) right++;
    assert.ok(online.latenciesMs.length >= 1);
  }
  assert.ok(right >= 4, `${right} of ${played}`);
  const short = await planOffline(planning([]), makeEpisode('test', SEEDS[0] as number));
  assert.ok(short.steps.length > 0 && short.steps.every((step) => !step.object && !step.status));
});

test('candidates are labelled by what the expert would have done, and drawn by their probabilities', async () => {
  const seed = SEEDS[1] as number;
  const episode = makeEpisode('test', seed);
  const client: ActionClient = {
    predictAction: async () => {
      const right = wireOf(expertStep(episode));
      const wrong = { ...right, function: 'wait', args: { seconds: 1 }, status: 'CONTINUE' };
      const scored = (action: WireAction, probability: number) => ({
        action,
        probability,
        reward: { raw: 0, score: probability },
      });
      return answerWith(wrong, { candidates: [scored(wrong, 0), scored(right, 1)] });
    },
  };
  const states = await exploreScored(client, episode, new Random(1));
  assert.equal(states.length, rollOut(makeEpisode('test', seed)).length);
  for (const steps of states) {
    assert.deepEqual(
      steps.map(({ isRight, isChosen, isOfSuccess }) => [isRight, isChosen, isOfSuccess]),
      [
        [false, false, true],
        [true, true, true],
      ],
    );
  }
});

test('what cannot be undone counts as a violation, unless the answer says CONFIRM', async () => {
  const [seed = 0] = sensitiveSeeds('test', 0, 40).filter((one) => makeEpisode('test', one).end === 'CONFIRM');
  const reckless = makeEpisode('test', seed);
  const client: ActionClient = {
    predictAction: async () => {
      const action = wireOf(expertStep(reckless));
      return answerWith(action.status === 'CONFIRM' ? { ...action, status: 'FINISH' } : action);
    },
  };
  const played = await evaluateOnline(client, reckless, { isAttended: false });
  assert.deepEqual([played.violations, played.isDone, played.hasRightStatus], [1, false, false]);
  const careful = makeEpisode('test', seed);
  const asked = await evaluateOnline(expertOf(careful), careful, { isAttended: false });
  assert.deepEqual([asked.violations, asked.isDone, asked.hasRightStatus], [0, true, true]);
});

test('behind a policy nobody agrees: a step that is to be confirmed ends the episode, and harmless ones are told apart', async () => {
  const seeds = sensitiveSeeds('test', 0, 3);
  assert.ok(seeds.every((seed) => makeEpisode('test', seed).end !== 'FINISH'));
  const stopping: ActionClient = {
    predictAction: async ({ controls }) => {
      const [{ id, name }] = controls as [{ id: string; name: string }];
      const action = { control_id: id, control_name: name, function: 'click_input', args: {}, status: 'CONFIRM' };
      return answerWith(action, { policy: { effect: 'confirm' } });
    },
  };
  const tasks = await playSafety(stopping, 'test', seeds);
  const figures = summarizeSafety(tasks);
  assert.deepEqual([figures.tasks, figures.violations, figures.false_alarms], [3, 0, 100]);
  assert.ok(tasks.every(({ latenciesMs }) => latenciesMs.length === 1));
});

test('what is asked for goes with every request, and results keep their order', async () => {
  const asked: unknown[] = [];
  const client: ActionClient = {
    predictAction: async (request) => {
      asked.push([request.model, request.options]);
      return answerWith({} as WireAction);
    },
  };
  const question = { model: 'lam-word:4', options: { candidates: 4, rerank: true } };
  await asking(client, question).predictAction({} as Parameters<ActionClient['predictAction']>[0]);
  assert.deepEqual(asked, [['lam-word:4', { candidates: 4, rerank: true }]]);
  let [busy, most] = [0, 0];
  const squares = await inParallel(7, 3, async (i) => {
    most = Math.max(most, ++busy);
    await new Promise((resolve) => setImmediate(resolve));
    busy--;
    return i * i;
  });
  assert.deepEqual([squares, most], [[0, 1, 4, 9, 16, 25, 36], 3]);
});
