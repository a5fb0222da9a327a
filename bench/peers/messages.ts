/** What the benchmark and the process of one peer engine say to each other. */

/** One step, as an engine that knows nothing of the gateway is asked for it. */
export type PeerStep = {
  readonly promptTokens: readonly number[];
  /** For the JSON schema of an answer; absent: the answer is generated without a grammar. */
  readonly choices?: AnswerChoices;
  /** Most answer tokens; what is cut off is not valid. */
  readonly maxTokens: number;
  /** Exactly `maxTokens` are generated, the end token or not: for a random-weight model, which never ends. */
  readonly ignoreEnd: boolean;
};

/** What an answer in JSON can say. */
export type AnswerChoices = {
  readonly controls: readonly string[];
  readonly functions: readonly string[];
  readonly statuses: readonly string[];
};

export type PeerAnswer = {
  /** The answer's tokens, the end token not among them. */
  readonly tokens: readonly number[];
  readonly text: string;
  /** False if `maxTokens` cut it off. */
  readonly isComplete: boolean;
  /** From the moment the client has the step to the last token, in the engine's own process. */
  readonly latencyMs: number;
  /** Building the grammar; finding what of the prompt is cached. */
  readonly prepareMs: number;
  /** To the first token; with other steps under way, waiting for them is in it. */
  readonly prefillMs: number;
  /** The other tokens. */
  readonly decodeMs: number;
  /** Prompt tokens that an earlier step of the same client had computed. */
  readonly cachedTokens: number;
};

/** A model, and how many clients will play at once. */
export type LoadRequest = { readonly type: 'load'; readonly modelPath: string; readonly numClients: number };
/** Each lane is a client: its steps one after the other, at the same time as those of the other lanes. */
export type PlayRequest = { readonly type: 'play'; readonly lanes: readonly (readonly PeerStep[])[] };
export type PeerRequest = LoadRequest | PlayRequest;

export type PeerReply =
  | { readonly type: 'loaded'; readonly about: Readonly<Record<string, unknown>> }
  | { readonly type: 'played'; readonly lanes: readonly (readonly PeerAnswer[])[]; readonly wallMs: number }
  | { readonly type: 'failed'; readonly error: string };

/** What the process of a peer implements. */
export interface PeerEngine {
  /** Replaces what was loaded before; returns what there is to say about the engine. */
  load(modelPath: string, numClients: number): Promise<Readonly<Record<string, unknown>>>;
  /** `client` numbers the lanes from 0; a client asks for one step at a time. */
  answer(step: PeerStep, client: number): Promise<PeerAnswer>;
}
