/** From a model folder to a model: reads and verifies it, says what it takes, and starts it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDialect, createPlanDialect, createRewardDialect } from '../dialects/registry.ts';
import { GatewayError } from '../errors.ts';
import { SegmentTokenizer } from '../tokenizer/tokenizer.ts';
import { startRewardThread } from '../worker/reward-client.ts';
import { ActionModel } from './action-model.ts';
import { type ModelContext, type ModelParts, startEngine } from './decoder-engine.ts';
import { isFile, readJson } from './manifest.ts';
import { modelMemory } from './model-memory.ts';
import { readModelSpec } from './model-spec.ts';
import { PlanModel } from './plan-model.ts';
import type { ModelFolder } from './repository.ts';
import { RewardModel } from './reward-model.ts';
import type { LoadableModel } from './served-model.ts';
import { DEFAULT_MAX_CONTEXT_TOKENS, DEFAULT_STEP_TIMEOUT_MS } from './settings.ts';
import { supervise } from './supervision.ts';

/** By role. */
export type AnyModel = ActionModel | PlanModel | RewardModel;

/** Throws `GatewayError` (`unavailable`) that says what is wrong with the folder. */
export async function openModel(folder: ModelFolder, context: ModelContext): Promise<LoadableModel<AnyModel>> {
  const { settings } = context;
  const spec = await readModelSpec(folder, settings.maxContextTokens ?? DEFAULT_MAX_CONTEXT_TOKENS);
  const parts = { spec, tokenizer: await readTokenizer(folder.path, spec.decoder.vocabSize) };
  return {
    description: spec.description,
    memory: modelMemory(spec, settings),
    start: (signal) => startModel(parts, context, signal),
  };
}

async function startModel(parts: ModelParts, context: ModelContext, signal: AbortSignal): Promise<AnyModel> {
  const model = await createModel(parts, context, signal);
  try {
    await model.warmUp(signal);
    return model;
  } catch (error) {
    await model.close('abort');
    throw error;
  }
}

async function createModel(parts: ModelParts, context: ModelContext, signal: AbortSignal): Promise<AnyModel> {
  const { description } = parts.spec;
  const { role, dialect: name } = description;
  switch (role) {
    case 'action': {
      const dialect = createDialect(name, parts.tokenizer);
      return new ActionModel(description, dialect, await startEngine(parts, context, signal));
    }
    case 'plan': {
      const dialect = createPlanDialect(name, parts.tokenizer);
      return new PlanModel(description, dialect, await startEngine(parts, context, signal));
    }
    case 'reward': {
      const dialect = createRewardDialect(name, parts.tokenizer);
      return new RewardModel(description, dialect, await startReward(parts, context, signal));
    }
  }
}

function startReward({ spec }: ModelParts, { settings, pool }: ModelContext, signal: AbortSignal) {
  const { graphPath: modelPath, decoder: config, description } = spec;
  const { name: model, version } = description;
  const { threads, observer, stepTimeoutMs = DEFAULT_STEP_TIMEOUT_MS } = settings;
  const runner = { modelPath, config, threads };
  const options = { runner, model, version, stepTimeoutMs, threads: pool, ...(observer !== undefined && { observer }) };
  const start = (signal: AbortSignal) => startRewardThread(options, signal);
  return supervise({ spec, observer, start }, signal);
}

/** Undefined where there is no such file; older folders have the template in the tokenizer's configuration. */
async function readChatTemplate(path: string): Promise<string | undefined> {
  if (!(await isFile(path))) return undefined;
  return readFile(path, 'utf8').catch((cause) => {
    throw new GatewayError('unavailable', `${path}: it cannot be read`, { cause });
  });
}

async function readTokenizer(path: string, vocabSize: number): Promise<SegmentTokenizer> {
  const tokenizer = new SegmentTokenizer(
    await readJson(join(path, 'tokenizer.json')),
    await readJson(join(path, 'tokenizer_config.json')),
    await readChatTemplate(join(path, 'chat_template.jinja')),
  );
  if (tokenizer.vocabSize <= vocabSize) return tokenizer;
  const problem = `the tokenizer has ${tokenizer.vocabSize} tokens, the model only ${vocabSize}`;
  throw new GatewayError('unavailable', `${path}: ${problem}`);
}
