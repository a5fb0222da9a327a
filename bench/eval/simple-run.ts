/** One model on one split, and on held-out templates. */
import { GatewayClient } from '../agent/gateway-client.ts';
import { runningGateway, startGateway } from '../agent/running-gateway.ts';
import { makeEpisode } from '../desktop/episodes.ts';
import type { Split } from '../desktop/tasks/draw.ts';
import { asking } from './asking.ts';
import { ALLOW_ALL } from './measured-gateway.ts';
import { evaluateOffline, type OfflineTask } from './offline.ts';
import { evaluateOnline, type OnlineTask } from './online.ts';
import type { SimpleOptions } from './options.ts';
import { renderTable, type Scores, summarize } from './summary.ts';

/** What to print. */
export async function evaluateOne(options: SimpleOptions): Promise<string> {
  const { split, seed, hasPolicy, modelsDir } = options;
  await using gateway = await (options.grpc === undefined
    ? startGateway(['--models-dir', modelsDir, ...(hasPolicy ? [] : ['--policy-file', ALLOW_ALL])])
    : runningGateway(options.grpc));
  using client = new GatewayClient(gateway.grpc);
  const test = await play(client, split, options);
  const heldOut = options.heldOut === 0 ? null : await play(client, 'held-out', { ...options, tasks: options.heldOut });
  if (options.asJson) {
    const summary = { split, seed, environment: 'simulated desktop', ...summarize(test) };
    return `${JSON.stringify({ ...summary, ...(heldOut && { held_out: summarize(heldOut) }) })}\n`;
  }
  const first = renderTable(summarize(test), `Split ${split}, simulated desktop, from seed ${seed}`);
  return heldOut ? `${first}\n${renderTable(summarize(heldOut), 'Held-out templates')}` : first;
}

async function play(client: GatewayClient, of: Split, { tasks, seed, model, bestOf }: SimpleOptions): Promise<Scores> {
  const question = model === undefined ? {} : { model };
  const single = asking(client, question);
  const acting = bestOf > 1 ? asking(client, { ...question, options: { candidates: bestOf, rerank: true } }) : single;
  const offline: OfflineTask[] = [];
  const online: OnlineTask[] = [];
  for (let i = 0; i < tasks; i++) {
    offline.push(await evaluateOffline(single, makeEpisode(of, seed + i)));
    online.push(await evaluateOnline(acting, makeEpisode(of, seed + i)));
    if (process.stderr.isTTY) process.stderr.write(`\r${of}: ${i + 1} of ${tasks} tasks`);
  }
  if (process.stderr.isTTY) process.stderr.write('\n');
  return { offline, online };
}
