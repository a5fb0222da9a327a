/** What an agent sees of a desk: the control list with ids that hold for this one observation. */
import type { Control } from '../../src/runtime/types.ts';
import type { Desk } from './desk.ts';
import { type Limit, limitControls, NO_LIMIT } from './limit.ts';
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

export function observe(desk: Desk, limit: Limit = NO_LIMIT): Observation {
  const visible = visibleControls(desk);
  const rects = placeControls(visible);
  const seen = visible.map((placed, i) => ({ placed, control: describe(desk, placed), rect: rects[i] }));
  const kept = limitControls(seen, ({ control }) => control, limit);
  return {
    app: { processName: 'WINWORD.EXE', windowTitle: `${desk.clutter.fileName} - Word` },
    controls: kept.map(({ control, rect = [0, 0, 0, 0] }, i) => ({ id: String(i + 1), ...control, rect })),
    placed: kept.map(({ placed }) => placed),
  };
}

type Description = Omit<Control, 'id' | 'rect'>;

function describe(desk: Desk, { spec, key, surface }: Placed): Description {
  const { renamed, disabled } = desk.disturbance;
  const isGuarded = desk.ui.guard !== '' && surface.kind === 'tab' && surface.name !== 'View';
  const isOff = disabled.has(key) || isGuarded;
  return {
    name: spec.label?.(desk) ?? renamed.get(key) ?? spec.name,
    type: spec.type,
    ...((spec.enabled || isOff) && { enabled: !isOff && spec.enabled?.(desk) !== false }),
    ...(spec.selected && { selected: spec.selected(desk) }),
  };
}
