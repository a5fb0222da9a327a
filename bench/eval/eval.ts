/** `npm run eval`: offline and online evaluation of the served model, through gRPC, on the simulated desktop. */
import { parseArgs } from 'node:util';
import { GatewayClient } from '../agent/gateway-client.ts';
import { runningGateway } from '../agent/running-gateway.ts';
import { templates } from '../desktop/tasks/templates.ts';
import { evaluateOffline, type OfflineTask, percent, summarizeOffline } from './offline.ts';
import { evaluateOnline, type OnlineTask, summarizeOnline } from './online.ts';
import { isStepSuccess } from './step-score.ts';

const USAGE = `Usage: npm run --silent eval -- [options]
  --split train|test   phrasings and values of that split (default test)
  --tasks N            tasks, going through the templates in turn (default 200)
  --seed N             the first task's seed (default 1)
  --grpc HOST:PORT     the gateway to evaluate (default: the one that runs, else one is started)
  --json               one JSON object on stdout instead of a table
`;

const { values } = parseArgs({
  options: {
    split: { type: 'string', default: 'test' },
    tasks: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    grpc: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const numTasks = Number(values.tasks);
const firstSeed = Number(values.seed);
const split = values.split;
const isUsable = (split === 'train' || split === 'test') && numTasks >= 1 && Number.isInteger(numTasks);
if (values.help || !isUsable || !Number.isInteger(firstSeed)) {
  process.stderr.write(USAGE);
  process.exit(values.help ? 0 : 2);
}

const offline: OfflineTask[] = [];
const online: OnlineTask[] = [];
{
  await using gateway = await runningGateway(values.grpc);
  using client = new GatewayClient(gateway.grpc);
  for (let i = 0; i < numTasks; i++) {
    offline.push(await evaluateOffline(client, split, firstSeed + i));
    online.push(await evaluateOnline(client, split, firstSeed + i));
    if (process.stderr.isTTY) process.stderr.write(`\r${i + 1} of ${numTasks} tasks`);
  }
  if (process.stderr.isTTY) process.stderr.write('\n');
}
const summary = {
  split,
  tasks: numTasks,
  seed: firstSeed,
  environment: 'simulated desktop',
  ...summarizeOffline(offline),
  online: summarizeOnline(online),
  ungrounded: online.reduce((sum, task) => sum + task.ungrounded, 0),
  per_task: perTask(),
};
process.stdout.write(values.json ? `${JSON.stringify(summary)}\n` : table());

/** Step success offline and task success online, by template. */
function perTask(): Record<string, { ssr: number; online_tsr: number }> {
  return Object.fromEntries(
    templates
      .map(({ name }) => name)
      .filter((name) => offline.some((task) => task.task === name))
      .map((name) => {
        const steps = offline.filter((task) => task.task === name).flatMap((task) => task.steps);
        const runs = online.filter((task) => task.task === name);
        return [name, { ssr: percent(steps, isStepSuccess), online_tsr: percent(runs, (run) => run.isDone) }];
      }),
  );
}

function table(): string {
  const { per_task, online: played, ...rest } = summary;
  const rows = {
    ...rest,
    'online.tsr': played.tsr,
    'online.steps': played.steps,
    'online.step_latency_ms': played.step_latency_ms,
  };
  const lines = Object.entries(rows).map(([key, value]) => `${key.padEnd(24)}${value}`);
  const failed = Object.entries(per_task).filter(([, score]) => score.online_tsr < 100);
  const worst = failed.map(
    ([name, score]) => `  ${name.padEnd(22)}${`${score.ssr} %`.padEnd(10)}${score.online_tsr} %`,
  );
  return `${[...lines, '', 'Templates with failures: steps right offline, tasks done online', ...worst].join('\n')}\n`;
}
