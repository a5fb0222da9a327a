/** What the model folders say of themselves. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACTION_MODEL, PHASES, type Phase, REWARD_MODEL } from './results.ts';

/** lam.json, as far as a report needs it. */
export type Lam = {
  readonly name: string;
  readonly version: string;
  readonly role: 'action' | 'plan' | 'reward';
  readonly context_length: number;
  readonly parameters?: number;
  readonly vocab_size: number;
  readonly num_layers: number;
  readonly license?: string;
  readonly quantization: {
    readonly method: string;
    readonly bits: number;
    readonly block_size: number;
    readonly max_logit_error: number;
  };
  readonly files: Readonly<Record<string, { readonly sha256: string; readonly bytes: number }>>;
  readonly provenance?: {
    readonly command?: string;
    readonly device?: string;
    readonly training?: { readonly tokens?: number | null; readonly hours?: number };
  };
};

/** Null if there is no such folder. */
export function readLam(modelsDir: string, model: string): Lam | null {
  const path = join(modelsDir, ...model.split(':'), 'lam.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Lam) : null;
}

export const modelOf = (phase: Phase): string => `${ACTION_MODEL}:${phase}`;

/** The phases that a models directory has, and those of the roles that they should have. */
export function phasesIn(modelsDir: string): Phase[] {
  return PHASES.filter((phase) => {
    const lam = readLam(modelsDir, modelOf(phase));
    return lam !== null && lam.role === (phase === '1' ? 'plan' : 'action');
  });
}

/** sha256 of the graphs of the given models and of the reward model, of those that are there. */
export function weightsOf(modelsDir: string, models: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    models.flatMap((model) => {
      const sha256 = readLam(modelsDir, model)?.files['model.onnx']?.sha256;
      return sha256 === undefined ? [] : [[model, sha256] as const];
    }),
  );
}

export const hasReward = (modelsDir: string): boolean => readLam(modelsDir, REWARD_MODEL) !== null;
