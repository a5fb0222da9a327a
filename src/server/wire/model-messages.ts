/** The messages of model.proto as plain objects in its spelling. */
import type { Optional } from './messages.ts';

export type ModelMessage = {
  readonly name: string;
  readonly version: string;
  readonly role: string;
  readonly dialect: string;
  readonly context_length: number;
  readonly parameters: number;
  readonly quantization: string;
  readonly state: string;
  readonly reason: string;
  readonly labels: readonly { readonly label: string; readonly share: number }[];
};

export type ListModelsRequest = Readonly<Record<string, never>>;
export type ListModelsResponse = { readonly models: readonly ModelMessage[] };

/** GetModelRequest, LoadModelRequest, UnloadModelRequest. */
export type ModelVersionRequest = Optional<{ name: string; version: string }>;
export type UnloadModelResponse = Readonly<Record<string, never>>;

export type SetLabelRequest = Optional<{ name: string; label: string; version: string; share: number }>;
export type SetLabelResponse = { readonly models: readonly ModelMessage[] };
