/** A made-up state that is small enough for any model's context. */
import { monotonicMs } from '../clock.ts';
import type { State } from '../types.ts';

/** Rounds: as many as a quarter of a second has room for, after which the code on the path is compiled, and optimized where models are small. */
const LEAST_ROUNDS = 3;
const MOST_ROUNDS = 60;
const ENOUGH_MS = 250;

/** Asks a model again and again before its first request. */
export async function warmUpBy(ask: () => Promise<unknown>): Promise<void> {
  const endMs = monotonicMs() + ENOUGH_MS;
  for (let round = 0; round < LEAST_ROUNDS || (round < MOST_ROUNDS && monotonicMs() < endMs); round++) await ask();
}

export function warmUpState(): State {
  const control = { name: 'Document', type: 'Document' };
  return {
    userRequest: 'warm up',
    subtask: '',
    app: { processName: '', windowTitle: '' },
    controls: ['1', '2', '3', '4'].map((id) => ({ ...control, id })),
    previousPlan: [],
    previousActions: [],
    allowedFunctions: ['click_input', 'set_edit_text', 'wait'],
  };
}
