/** A peer engine in the comparison: the same prompts as token ids, its answers parsed and judged like the gateway's. */
import type { SegmentTokenizer } from '../../src/runtime/tokenizer/tokenizer.ts';
import type { PeerAnswer, PeerStep } from '../peers/messages.ts';
import { type PeerName, PeerProcess } from '../peers/peer-process.ts';
import { type Contestant, LARGE_FUNCTIONS, type ModelKey, type StepResult } from './contestant.ts';
import { choicesOf, judge, parseJson, parseTokens } from './judge.ts';
import type { WorkStep } from './work.ts';

export type PeerOptions = {
  readonly engine: PeerName;
  /** Answers in JSON by a grammar, or free-running in the compact dialect. */
  readonly mode: 'grammar' | 'free';
  readonly model: ModelKey;
  /** Of the model, as the engine takes it. */
  readonly path: string;
  readonly packages: string;
  readonly threads: number;
  readonly tokenizer: SegmentTokenizer;
};

/** Bounds an answer that the engine would not end by itself: in JSON, in the compact dialect. */
const MAX_JSON_TOKENS = 160;
const MAX_COMPACT_TOKENS = 64;
/** What a random-weight model is made to generate: the median answer of the shipped model. */
const LARGE_TOKENS = 10;
/** JSON spells out the keys and quotes as well. */
const LARGE_JSON_TOKENS = 64;

export async function openPeer(options: PeerOptions): Promise<Contestant> {
  const { engine, mode, model, path, packages, threads, tokenizer } = options;
  const process = new PeerProcess(engine, packages, threads);
  const name = engine === 'llama_cpp' && mode === 'free' ? 'llama_cpp_free' : engine;
  const about: Record<string, unknown> = {};
  return {
    name,
    about,
    prepare: async (numClients) => void Object.assign(about, await process.load(path, numClients)),
    play: async (lanes, _run) => {
      const toStep = (work: WorkStep) => peerStep(work, mode, model);
      const played = await process.play(lanes.map((lane) => lane.map(toStep)));
      const steps = played.lanes.flatMap((answers, lane) =>
        answers.map((answer, i) => toResult(lanes[lane]?.[i] as WorkStep, answer, { mode, tokenizer })),
      );
      return { steps, wallMs: played.wallMs };
    },
    [Symbol.asyncDispose]: () => process[Symbol.asyncDispose](),
  };
}

function peerStep({ promptTokens, state }: WorkStep, mode: PeerOptions['mode'], model: ModelKey): PeerStep {
  const isLarge = model === 'large';
  if (mode === 'free') {
    return { promptTokens, maxTokens: isLarge ? LARGE_TOKENS : MAX_COMPACT_TOKENS, ignoreEnd: isLarge };
  }
  const choices = choicesOf(isLarge ? { ...state, allowedFunctions: LARGE_FUNCTIONS } : state);
  return { promptTokens, choices, maxTokens: isLarge ? LARGE_JSON_TOKENS : MAX_JSON_TOKENS, ignoreEnd: false };
}

type Reading = Pick<PeerOptions, 'mode' | 'tokenizer'>;

function toResult(work: WorkStep, answer: PeerAnswer, { mode, tokenizer }: Reading): StepResult {
  const parse = () =>
    mode === 'grammar' ? parseJson(work.state, answer.text) : parseTokens(work.state, answer.tokens, tokenizer);
  return {
    size: work.size,
    isFirst: work.step === 0,
    window: work.window,
    latencyMs: answer.latencyMs,
    phases: {
      queue: 0,
      prepare: answer.prepareMs,
      prefill: answer.prefillMs,
      decode: answer.decodeMs,
      rest: answer.latencyMs - answer.prepareMs - answer.prefillMs - answer.decodeMs,
      wire: 0,
    },
    promptTokens: work.promptTokens.length,
    cachedTokens: answer.cachedTokens,
    // The end token too was chosen.
    generatedTokens: answer.tokens.length + (answer.isComplete ? 1 : 0),
    forcedTokens: 0,
    verdict: judge(work.state, answer.isComplete ? parse() : undefined, work.reference),
  };
}
