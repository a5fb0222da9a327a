/** A grounded answer as a JSON schema, for engines that take one: what the state lists, and nothing else. */
import { type ArgSpec, functionCatalog } from '../../src/runtime/functions/catalog.ts';
import type { AnswerChoices } from './messages.ts';

/** Bounds what a model may spell, as the gateway's own grammar does. */
const MAX_TEXT = 64;

export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * Flat on purpose: one choice per field. A schema with an alternative per function would tie arguments to functions, but
 * llama.cpp would then follow all alternatives at every character of the control's name.
 */
export function answerSchema({ controls, functions, statuses }: AnswerChoices): JsonSchema {
  return {
    type: 'object',
    properties: {
      control: { enum: [...controls] },
      function: { enum: [...functions] },
      args: { oneOf: argShapes(functions) },
      status: { enum: [...statuses] },
    },
  };
}

/** The distinct argument objects of the functions. Required ones only: llama.cpp's schemas know no optional keys. */
function argShapes(functions: readonly string[]): JsonSchema[] {
  const shapes = new Map<string, JsonSchema>();
  for (const name of functions) {
    const args = (functionCatalog.get(name)?.args ?? []).filter((arg) => arg.required);
    const properties = Object.fromEntries(args.map((arg) => [arg.name, argSchema(arg)]));
    shapes.set(JSON.stringify(properties), { type: 'object', properties });
  }
  return [...shapes.values()];
}

function argSchema(arg: ArgSpec): JsonSchema {
  switch (arg.type) {
    case 'string':
      return { type: 'string', minLength: 0, maxLength: MAX_TEXT };
    case 'boolean':
      return { type: 'boolean' };
    case 'enum':
      return { enum: [...arg.values] };
    case 'number':
      return { type: arg.maxDecimals === 0 ? 'integer' : 'number' };
  }
}
