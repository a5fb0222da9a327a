/** The loop of a peer's process: one request at a time from its parent, until that closes the channel. */
import type { PeerAnswer, PeerEngine, PeerReply, PeerRequest, PeerStep } from './messages.ts';

export function servePeer(engine: PeerEngine): void {
  const reply = (message: PeerReply) => void process.send?.(message);
  process.on('message', (request: PeerRequest) => {
    handle(engine, request).then(reply, (error: unknown) => {
      reply({ type: 'failed', error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    });
  });
  process.on('disconnect', () => process.exit(0));
}

async function handle(engine: PeerEngine, request: PeerRequest): Promise<PeerReply> {
  if (request.type === 'load') {
    return { type: 'loaded', about: await engine.load(request.modelPath, request.numClients) };
  }
  const startMs = performance.now();
  const lanes = await Promise.all(request.lanes.map((steps, client) => playLane(engine, steps, client)));
  return { type: 'played', lanes, wallMs: performance.now() - startMs };
}

async function playLane(engine: PeerEngine, steps: readonly PeerStep[], client: number): Promise<PeerAnswer[]> {
  const answers: PeerAnswer[] = [];
  for (const step of steps) answers.push(await engine.answer(step, client));
  return answers;
}
