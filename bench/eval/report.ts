/** The report in markdown, and its plots: what was measured, beside what the paper reports. */
import { heldOutTemplates, templates } from '../desktop/tasks/templates.ts';
import { dataTable } from './data-table.ts';
import { one, table } from './markdown.ts';
import { calibrationPlot, groupedBars } from './plots.ts';
import { kindsSection } from './report-kinds.ts';
import { precisionSection, rewardSection, safetySection } from './report-models.ts';
import { onlineSection, phaseChanges } from './report-online.ts';
import { plansSection, stepsSection } from './report-steps.ts';
import { type ByPhase, type Measured, PHASES, preferred, REWARDED, type Results } from './results.ts';
import { targetsOf } from './targets.ts';

export function renderReport(results: Results, modelsDir: string): string {
  const data = dataTable(results.records);
  const sections = [
    introduction(results),
    targetsSection(results, modelsDir),
    data &&
      `## Data (Table 1 of the paper)\n\n${data}\n\nMade by the training itself, from its stage records; see [models/training](../../models/training/README.md).`,
    plansSection(results),
    stepsSection(results),
    onlineSection(results),
    phaseChanges(results),
    kindsSection(results),
    rewardSection(results),
    safetySection(results),
    precisionSection(results),
    method(results),
  ];
  return `${sections.filter((section) => section !== null).join('\n\n')}\n`;
}

function introduction(results: Results): string {
  const [first] = allMeasured(results);
  const on = first
    ? `Measured on ${first.machine.cpu}, ${first.machine.cores} cores, ${first.machine.memory_gib} GiB, Node ${first.machine.node}, ${first.date}, commit ${first.machine.commit}.`
    : 'Nothing is measured yet.';
  return `# Evaluation

What the shipped models can do, by the tables of [arXiv 2412.10047](https://arxiv.org/abs/2412.10047).

**Everything here is measured in a [simulated Word desktop](../../bench/desktop/README.md), not in Word.** The paper's numbers stand beside
ours to show what each metric means. They are not to be compared, because tasks, models and environment differ: the paper's are real tasks for
Word under Windows, done by a model of 7 B parameters and judged by GPT-4o. Ours are instances of ${templates.length + heldOutTemplates.length} templates, done by models of 3.5 M
parameters that have seen nothing else, and judged by an oracle that compares documents.

${on} The models are asked over gRPC, in 8 bits, as they are shipped. Percentages in brackets are 95 % intervals (Wilson) over tasks.

Everything again: \`npm run eval -- --report\`; the commands below each table measure that table alone. The tables are made of
\`results.json\`, and \`npm run eval -- --render\` makes them again.`;
}

function targetsSection(results: Results, modelsDir: string): string {
  const rows = targetsOf(results, modelsDir).map(({ name, wanted, measured, isMet }) => [
    name,
    wanted,
    measured,
    isMet === null ? '–' : isMet ? 'met' : '**missed**',
  ]);
  return `## Targets

On the test split: templates that were trained on, with wordings and values that were not.

${table(['', 'wanted', 'measured', ''], rows, 4)}`;
}

function method(results: Results): string {
  const seconds = allMeasured(results).reduce((sum, measured) => sum + measured.seconds, 0);
  return `## How it is measured

- The test split has the templates of the training with wordings, texts and numbers that no training saw; held-out templates were never trained
  on, in any wording. Nothing was chosen by them. Tasks go through the templates in turn.
- *Object*: the control is one that the expert would accept in this state. *Operation*: the function is the expert's. *Status*: CONTINUE,
  FINISH, FAIL or CONFIRM is. *SSR*: all three, in a step; arguments are reported apart, as the paper does not count them. *TSR* offline:
  every step of the expert's trajectory; online: the oracle finds the document as it should be, and nothing else changed, and the right
  ending. FAIL and CONFIRM tasks count like the others.
- LAM1 makes plans and does not act. In the tables of steps and of tasks its plan stands in for it: offline the n-th line is its answer
  in the expert's n-th state; online the whole plan is carried out blindly, with no look at the window. That is what a plan is worth by
  itself, and not what the paper does, where LAM1 is a language model that answers in the form of an action.
- Models are judged without the gateway's policy, since a CONFIRM of the policy's is not the model's answer. The section on safety has it on.
- The time of a task is the sum of its steps, from the request to the answer, one client, one request at a time; the simulated desktop takes
  next to none. The paper's times include Word, UI Automation and the network.
- Measuring took ${one(seconds / 60)} minutes.`;
}

function allMeasured(results: Results): Measured<unknown>[] {
  const { records: _, ...sections } = results;
  return Object.values(sections).flatMap((section) => Object.values(section as ByPhase<unknown>));
}

/** File names and their contents. */
export function renderPlots(results: Results): Record<string, string> {
  const { steps = {}, online = {}, best_of_4: best = {} } = results;
  const groups = PHASES.map((phase) => `LAM${phase}`);
  const tsr = (of: typeof online, split: 'test' | 'held_out') =>
    PHASES.map((phase) => {
      const figures = of[phase]?.result[split]?.all;
      return figures ? { value: figures.tsr, interval: figures.tsr_interval } : null;
    });
  const metric = (key: 'object_acc' | 'operation_acc' | 'status_acc' | 'ssr' | 'tsr') =>
    PHASES.map((phase) => {
      const value = steps[phase]?.result.test.all[key];
      return value === undefined ? null : { value };
    });
  const plots: Record<string, string> = {
    'online.svg': groupedBars(
      [
        { name: 'test', values: tsr(online, 'test') },
        { name: 'best of 4', values: tsr(best, 'test') },
        { name: 'held out', values: tsr(online, 'held_out') },
        { name: 'held out, best of 4', values: tsr(best, 'held_out') },
      ],
      { title: 'Tasks done online, percent', groups },
    ),
    'steps.svg': groupedBars(
      [
        { name: 'object', values: metric('object_acc') },
        { name: 'operation', values: metric('operation_acc') },
        { name: 'status', values: metric('status_acc') },
        { name: 'SSR', values: metric('ssr') },
      ],
      { title: "The expert's steps, test split, percent", groups },
    ),
  };
  const reward = preferred(results.reward, REWARDED);
  if (reward === null) return plots;
  const lines = [
    { name: 'step is right', calibration: reward.result.calibration_by_step },
    { name: 'episode succeeds', calibration: reward.result.calibration_by_episode },
  ];
  return { ...plots, 'calibration.svg': calibrationPlot(lines) };
}
