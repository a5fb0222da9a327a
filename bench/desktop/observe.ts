/** What an agent sees of a desk: the control list with ids that hold for this one observation. */
import type { Control } from '../../src/runtime/types.ts';
import type { Desk } from './desk.ts';
import type { Placed } from './ui/catalog.ts';
import { placeControls } from './ui/placement.ts';
import { visibleControls } from './ui/visible.ts';

export type Observation = {
  readonly app: { readonly processName: string; readonly windowTitle: string };
  /** In tree order, ids `"1"` to `"N"`. */
  readonly controls: readonly Control[];
  /** Which declared control each is; for the executor and the expert, never shown to a model. */
  readonly placed: readonly Placed[];
};

export function observe(desk: Desk): Observation {
  const placed = visibleControls(desk);
  const rects = placeControls(placed);
  return {
    app: { processName: 'WINWORD.EXE', windowTitle: `${desk.clutter.fileName} - Word` },
    controls: placed.map(({ spec }, i) => ({
      id: String(i + 1),
      name: spec.label?.(desk) ?? spec.name,
      type: spec.type,
      rect: rects[i] ?? [0, 0, 0, 0],
      ...(spec.enabled && { enabled: spec.enabled(desk) }),
      ...(spec.selected && { selected: spec.selected(desk) }),
    })),
    placed,
  };
}
