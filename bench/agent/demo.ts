/** `npm run demo`: an agent that only speaks gRPC does tasks in the simulated Word desktop, and shows each step. */
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { documentText } from '../desktop/document.ts';
import { makeEpisode } from '../desktop/episodes.ts';
import { templates } from '../desktop/tasks/templates.ts';
import { runEpisode, type Step } from './agent.ts';
import { describeAction } from './describe.ts';
import { desktopFor } from './free-task.ts';
import { GatewayClient } from './gateway-client.ts';
import { runningGateway } from './running-gateway.ts';
import { renderStoryboard, type Scene } from './storyboard.ts';

const USAGE = `Usage: npm run demo -- [options]
  --task "..."         do this one task; texts it quotes are put into the document
  --picture FILE.svg   draw the window at each step, with the chosen control marked (with --task)
  --seed N             another set of test tasks, or another window for --task (default 1)
  --grpc HOST:PORT     the gateway to talk to (default: the one that runs, else one is started)
`;
/** Steps over which the latency is reported have about this many controls. */
const TYPICAL_CONTROLS = { from: 50, to: 70 };
const NUM_TASKS = 10;

const { values } = parseArgs({
  options: {
    task: { type: 'string' },
    picture: { type: 'string' },
    seed: { type: 'string', default: '1' },
    grpc: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed);
if (values.help || !Number.isInteger(seed) || (values.picture !== undefined && values.task === undefined)) {
  process.stderr.write(USAGE);
  process.exit(values.help ? 0 : 2);
}

await using gateway = await runningGateway(values.grpc);
using client = new GatewayClient(gateway.grpc);
print(`Gateway at ${gateway.grpc}${gateway.started ? ' (started for this demo)' : ''}, simulated Word desktop.\n`);
if (values.task === undefined) await playTestTasks();
else await playTask(values.task);

/** Test tasks of different templates, spread over all of them: phrasings and values that no training saw. */
async function playTestTasks(): Promise<void> {
  const stride = Math.floor(templates.length / NUM_TASKS);
  const all: Step[] = [];
  let numDone = 0;
  for (let i = 0; i < NUM_TASKS; i++) {
    // Seeds go through the templates in turn.
    const { request, desktop, isDone } = makeEpisode('test', seed * templates.length + i * stride);
    print(`Task ${i + 1}: ${request}`);
    const steps = await runEpisode(client, desktop, { sessionId: `demo-${randomUUID()}`, request, onStep: printStep });
    const done = isDone();
    if (done) numDone++;
    print(done ? '  DONE, says the oracle.\n' : '  NOT DONE, says the oracle.\n');
    all.push(...steps);
  }
  print(`${numDone} of ${NUM_TASKS} tasks done.`);
  printLatency(all);
}

async function playTask(request: string): Promise<void> {
  const desktop = desktopFor(request, seed);
  print(`Task: ${request}`);
  // Read anew each time: undo puts another document in its place.
  const paragraphs = () => desktop.desk.document.paragraphs.map(describeParagraph);
  const before = paragraphs();
  const scenes: Scene[] = [];
  let shown = documentText(desktop.desk.document);
  const onStep = (step: Step) => {
    printStep(step);
    scenes.push({ step, documentText: shown });
    shown = documentText(desktop.desk.document);
  };
  await runEpisode(client, desktop, { sessionId: `demo-${randomUUID()}`, request, onStep });
  const changed = paragraphs().filter((line) => !before.includes(line));
  print(changed.length === 0 ? '\nNo paragraph changed.' : `\nParagraphs that changed:\n${changed.join('\n')}`);
  if (values.picture !== undefined) {
    writeFileSync(values.picture, renderStoryboard(request, scenes));
    print(`\nWindow at each step: ${values.picture}`);
  }
}

/** The text of a paragraph with the formatting of each run that has one. */
function describeParagraph({ runs }: { readonly runs: readonly { text: string; format: object }[] }): string {
  const parts = runs.map(({ text, format }) => {
    const set = Object.entries(format).filter(([, value]) => value === true);
    return set.length === 0 ? text : `[${set.map(([key]) => key).join(', ')}: ${text}]`;
  });
  return `  ${parts.join('')}`;
}

function printStep({ observation, answer, outcome, latencyMs }: Step): void {
  const tab = observation.controls.find((control) => control.type === 'TabItem' && control.selected === true)?.name;
  const sees = `sees ${observation.controls.length} controls${tab === undefined ? '' : `, tab ${tab}`}`;
  const result = outcome?.status === 'failure' ? `  FAILED: ${outcome.error}` : '';
  print(
    `  ${sees.padEnd(35)}${describeAction(answer.action).padEnd(64)}${latencyMs.toFixed(0).padStart(4)} ms${result}`,
  );
}

function printLatency(steps: readonly Step[]): void {
  const typical = steps.filter(
    ({ observation: { controls } }) =>
      controls.length >= TYPICAL_CONTROLS.from && controls.length <= TYPICAL_CONTROLS.to,
  );
  const latencies = typical.map((step) => step.latencyMs).sort((a, b) => a - b);
  const median = latencies[Math.floor(latencies.length / 2)];
  if (median === undefined) return;
  const { from, to } = TYPICAL_CONTROLS;
  print(
    `Median PredictAction, ${from} to ${to} controls, one client: ${median.toFixed(1)} ms over ${latencies.length} steps.`,
  );
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
