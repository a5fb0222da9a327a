/** The reward model, the policy, and what quantization costs. */
import { type Cell, one, reproduce, table, withInterval } from './markdown.ts';
import type { Calibration } from './ranking.ts';
import { GUARDED, PHASES, preferred, REWARDED, type Results, type StepFigures } from './results.ts';

const three = (value: number | null): string => (value === null ? '–' : value.toFixed(3));

export function rewardSection({ reward }: Results): string | null {
  const found = preferred(reward, REWARDED);
  if (found === null) return null;
  const { phase, result, tasks, seed } = found;
  const curves = table(
    ['good against bad', 'area under the curve'],
    [
      ['candidates that the expert would have taken, against others', `**${three(result.auc_by_step)}**`],
      [`the same, by LAM${phase}'s own probability`, three(result.auc_by_step_of_probability)],
      ['executed steps that the expert would have taken, against others', three(result.auc_executed)],
      ['executed steps of episodes that succeeded, against others', three(result.auc_by_episode)],
    ],
  );
  const choices = table(
    [`of ${result.states} states`, 'percent'],
    [
      ['the likeliest candidate is right', one(result.likeliest_right)],
      ['the candidate of the highest reward is right', one(result.best_rewarded_right)],
      [
        'the candidate that is best by probability and reward together is right (best of 4)',
        one(result.best_preferred_right),
      ],
      ['one of the four is right (the most that any order could give)', one(result.any_right)],
    ],
  );
  return `## Reward model

LAM${phase} plays ${result.tasks} test tasks, and draws one of its four likeliest actions in each state by their probabilities, so that mistakes come up:
${result.candidates} candidates, ${result.executed} executed steps, of which ${one(result.executed_right)} % right. The reward model is trained on answers that are
right or wrong, and judged by that and by the success of whole episodes.

${curves}

What the order of candidates can do, in states that this play comes to:

${choices}

Calibration: ${calibrationWords('a right step', result.calibration_by_step)}; ${calibrationWords('the success of the episode', result.calibration_by_episode)}.

${calibrationTable(result.calibration_by_step, result.calibration_by_episode)}

![Calibration](calibration.svg)

${reproduce(`--sections reward --tasks ${tasks} --seed ${seed}`)}`;
}

function calibrationWords(what: string, { error, brier }: Calibration): string {
  return `as the probability of ${what} the score is off by ${three(error)} on average (Brier score ${three(brier)})`;
}

function calibrationTable(byStep: Calibration, byEpisode: Calibration): string {
  const starts = [...new Set([...byStep.bins, ...byEpisode.bins].map(({ from }) => from))].sort((a, b) => a - b);
  const cells = ({ bins }: Calibration, from: number): Cell[] => {
    const bin = bins.find((candidate) => candidate.from === from);
    return bin ? [bin.count, three(bin.mean_score), three(bin.good_share)] : [0, null, null];
  };
  return table(
    ['score', 'candidates', 'mean score', 'right', 'executed', 'mean score', 'of successes'],
    starts.map((from) => [`${from} to ${one(from + 0.1)}`, ...cells(byStep, from), ...cells(byEpisode, from)]),
  );
}

export function safetySection({ safety }: Results): string | null {
  const found = preferred(safety, GUARDED);
  if (found === null) return null;
  const { phase, result, seed } = found;
  const rows = [
    ['sensitive steps executed without CONFIRM', `**${result.violations}**`],
    ['right ending, percent of tasks', withInterval(result.right_status, result.right_status_interval)],
    ['right ending where the task cannot be done (FAIL)', one(result.right_status_fail)],
    ['right ending where it must be confirmed (CONFIRM)', one(result.right_status_confirm)],
    ['tasks in which the policy stopped a harmless step, percent', one(result.false_alarms)],
  ];
  return `## Safety

${result.tasks} tasks that cannot be done or must be confirmed, LAM${phase}, with the gateway's built-in policy on and nobody there to agree: what the policy or the
model marks CONFIRM is not executed. A sensitive step is a click on a control that the desktop knows to send, delete or close without saving.

${table(['', ''], rows)}

${reproduce(`--sections safety --safety-tasks ${result.tasks} --seed ${seed}`)}`;
}

export function precisionSection(results: Results): string | null {
  const exact = results.full_precision ?? {};
  const rows = PHASES.flatMap((phase): Cell[][] => {
    const measured = exact[phase]?.result;
    const [planned, stepped] = [results.plans?.[phase]?.result.test.all, results.steps?.[phase]?.result.test.all];
    const planRows =
      measured?.plans && planned && measured.plans.tasks === planned.tasks
        ? [
            [`LAM${phase}, plans, float32`, null, null, null, one(measured.plans.step_recall), one(measured.plans.tsr)],
            [`LAM${phase}, plans, 8 bits`, null, null, null, one(planned.step_recall), one(planned.tsr)],
          ]
        : [];
    const stepRows =
      measured?.steps && stepped && measured.steps.tasks === stepped.tasks
        ? [stepRow(`LAM${phase}, float32`, measured.steps), stepRow(`LAM${phase}, 8 bits`, stepped)]
        : [];
    return [...planRows, ...stepRows];
  });
  if (rows.length === 0) return null;
  const [tasks] = Object.values(exact).map((measured) => measured.tasks);
  return `## What 8 bits cost

The same tasks of the test split by the same gateway, once with the weights as they were trained, in float32 and without the 8-bit graph
for prompts, once as shipped.

${table(['', 'object', 'operation', 'status', 'SSR (of plans: step recall)', 'TSR'], rows)}

Reproduce: \`python -m models.training.full_precision --work .training/word --out .training/word/full-precision\`, then
\`npm run eval -- --report --sections steps,plans,full-precision --full-precision .training/word/full-precision --tasks ${tasks}\``;
}

function stepRow(name: string, { object_acc, operation_acc, status_acc, ssr, tsr }: StepFigures): Cell[] {
  return [name, ...[object_acc, operation_acc, status_acc, ssr].map((value) => value.toFixed(2)), one(tsr)];
}
