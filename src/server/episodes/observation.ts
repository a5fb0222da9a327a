/** What was observed, as text: what its hash is made of, and what a difference is applied to. */
import { createHash } from 'node:crypto';
import type { ControlMessage, PredictActionRequest } from '../wire/messages.ts';
import type { StoredObservation } from './store.ts';

/** In UTF-16 units: more than 500 controls with long names. What is larger is not kept. */
const MAX_OBSERVATION = 1 << 20;
/** Hexadecimal digits of SHA-256: 128 bits, nobody meets two that are the same. */
const HASH_DIGITS = 32;

type Rect = readonly number[];
/** id, name, type, rect, automation_id, enabled, selected, source; empty or null where the client said nothing. */
type ControlTuple = readonly [string, string, string, Rect, string, boolean | null, boolean | null, string];

/** As much of a request as is observed. */
type Observed = Pick<PredictActionRequest, 'app' | 'controls'>;

/**
 * JSON without white space: `[process_name, window_title, [control, ...]]`. The same observation is the same text,
 * whatever the protocol and whatever mixture of absent fields it came in.
 */
export function encodeObservation({ app, controls }: Observed): StoredObservation {
  const text = JSON.stringify([app?.process_name ?? '', app?.window_title ?? '', (controls ?? []).map(toTuple)]);
  return { hash: createHash('sha256').update(text).digest('hex').slice(0, HASH_DIGITS), text };
}

/**
 * The same, written when it is first asked for, or else when the event loop next has a moment, which is while the model works: then
 * no request waits for it.
 */
export class Observation {
  readonly #observed: Observed;
  #written: StoredObservation | undefined;

  constructor(observed: Observed) {
    this.#observed = observed;
    setImmediate(() => {
      try {
        void this.written;
      } catch {
        // Told to whoever asks for it.
      }
    });
  }

  get written(): StoredObservation {
    this.#written ??= encodeObservation(this.#observed);
    return this.#written;
  }
}

export function isKept({ text }: StoredObservation): boolean {
  return text.length <= MAX_OBSERVATION;
}

/** The controls of what {@link encodeObservation} wrote. */
export function decodeControls(text: string): readonly ControlMessage[] {
  const [, , controls] = JSON.parse(text) as [string, string, readonly ControlTuple[]];
  return controls.map(([id, name, type, rect, automation_id, enabled, selected, source]) => ({
    id,
    name,
    type,
    rect,
    automation_id,
    enabled,
    selected,
    source,
  }));
}

function toTuple(control: ControlMessage): ControlTuple {
  return [
    control.id ?? '',
    control.name ?? '',
    control.type ?? '',
    control.rect ?? [],
    control.automation_id ?? '',
    control.enabled ?? null,
    control.selected ?? null,
    control.source ?? '',
  ];
}
