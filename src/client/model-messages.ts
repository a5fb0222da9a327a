/** The messages of model.proto, in its spelling. */

export type Model = {
  readonly name: string;
  readonly version: string;
  readonly role: 'plan' | 'action' | 'reward';
  readonly dialect: string;
  readonly context_length: number;
  readonly parameters: number;
  readonly quantization: string;
  readonly state: 'loading' | 'ready' | 'failed' | 'restarting' | 'draining';
  /** Why it is not ready; empty when it is. */
  readonly reason: string;
  readonly labels: readonly { readonly label: string; readonly share: number }[];
};

export type ListModelsResponse = { readonly models: readonly Model[] };

export type ModelVersion = { readonly name: string; readonly version: string };

export type SetLabelRequest = {
  readonly name: string;
  readonly label: string;
  /** Absent or empty: removes the label. */
  readonly version?: string;
  /** Share of the requests that name only the model, 0 to 1. */
  readonly share?: number;
};

export type SetLabelResponse = { readonly models: readonly Model[] };
