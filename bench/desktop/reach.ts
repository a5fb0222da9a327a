/** Ways through the user interface: from what is visible to a control that may be behind tabs, menus and dialogs. */
import { type Scene, visibleIndex } from './progress.ts';
import { type ControlKey, openersOf, placedControl } from './ui/catalog.ts';
import { pagerKeys } from './ui/pager.ts';
import type { Surface } from './ui/surface.ts';
import { isModal, isUsable } from './ui/visible.ts';

export type Reach =
  | {
      readonly type: 'way';
      /** `target` is the control itself, as opposed to the next one to click on the way to it. */
      readonly arrived: boolean;
      /** Index of the control to act on; -1 for the window. */
      readonly target: number;
      readonly alternatives: readonly number[];
      /** Indices of controls that show that this is the way. */
      readonly evidence: readonly number[];
    }
  /** This window does not have the control, or has it disabled; the evidence shows it. */
  | { readonly type: 'dead end'; readonly evidence: readonly number[] };

/** How to get to one of `keys`: the first in the list that can be used now, else the way to the last one that there is. `passed`: surfaces on the way back from where this was asked, not to go in circles. */
export function approach(keys: readonly ControlKey[], scene: Scene, passed: readonly string[] = []): Reach {
  if (keys.length === 0) return atWindow(scene);
  const sights = keys.map((key) => lookFor(key, scene));
  const usable = sights.flatMap((sight) => (sight.type === 'usable' ? sight.indices : []));
  const [target, ...alternatives] = usable.sort((a, b) => a - b);
  if (target !== undefined) return { type: 'way', arrived: true, target, alternatives, evidence: [] };
  const half = sights.find((sight) => sight.type === 'other half');
  if (half) return { type: 'way', arrived: false, alternatives: [], target: half.pager, evidence: half.evidence };
  const elsewhere = keys.findLast((_, i) => sights[i]?.type === 'elsewhere');
  if (elsewhere !== undefined) return wayTo(elsewhere, scene, passed);
  return { type: 'dead end', evidence: sights.flatMap((sight) => (sight.type === 'dead' ? sight.evidence : [])) };
}

/** The surface that alone takes input. */
export function modalOf(scene: Scene): Surface | null {
  return scene.placed.findLast(({ surface }) => isModal(surface))?.surface ?? null;
}

/** A call on the window needs no control, but is refused while something modal is open. */
function atWindow(scene: Scene): Reach {
  const modal = modalOf(scene);
  return modal ? leave(modal, scene) : { type: 'way', arrived: true, target: -1, alternatives: [], evidence: [] };
}

type Sight =
  /** All places in the list, more than one if it is listed twice. */
  | { readonly type: 'usable'; readonly indices: readonly number[] }
  | { readonly type: 'other half'; readonly pager: number; readonly evidence: readonly number[] }
  | { readonly type: 'dead'; readonly evidence: readonly number[] }
  /** On a surface that is closed or covered. */
  | { readonly type: 'elsewhere' };

function lookFor(key: ControlKey, scene: Scene): Sight {
  const { surface } = placedControl(key);
  const indices = scene.placed.flatMap((placed, i) => (placed.key === key ? [i] : []));
  const isOff = indices.some((i) => scene.controls[i]?.enabled === false);
  if (isOff) return { type: 'dead', evidence: indices };
  if (indices.length > 0) {
    return isUsable(surface, modalOf(scene)) ? { type: 'usable', indices } : { type: 'elsewhere' };
  }
  const sign = signOf(surface, scene);
  if (sign < 0) return opensByItself(surface) ? { type: 'dead', evidence: [] } : { type: 'elsewhere' };
  const { down, up } = pagerKeys(surface);
  const pagers = [visibleIndex(scene, [down]), visibleIndex(scene, [up])].filter((i) => i >= 0);
  const pager = pagers.find((i) => scene.controls[i]?.enabled !== false);
  if (pager !== undefined) return { type: 'other half', pager, evidence: pagers };
  return { type: 'dead', evidence: [sign] };
}

/** Such a surface comes and goes as Word likes: there is no way to it. */
function opensByItself({ kind, name }: Surface): boolean {
  return kind === 'pane' && openersOf(name).length === 0;
}

/** Index of a control that shows that a surface is open; -1 if none does. */
function signOf({ name, kind }: Surface, scene: Scene): number {
  if (kind !== 'tab') return scene.placed.findIndex(({ surface }) => surface.name === name);
  const index = visibleIndex(scene, [`Tabs/${name}`]);
  return scene.controls[index]?.selected === true ? index : -1;
}

/** The way to a control whose surface is closed, or covered by a modal one. */
function wayTo(key: ControlKey, scene: Scene, passed: readonly string[]): Reach {
  const { surface } = placedControl(key);
  const trail = [...passed, surface.name];
  const openers = openersOf(surface.name).flatMap((opener) =>
    trail.includes(opener.surface.name) ? [] : [opener.key],
  );
  const modal = modalOf(scene);
  const isCovered = visibleIndex(scene, [key]) >= 0;
  if (isCovered && modal) return leave(modal, scene);
  const usable = openers.filter((opener) => lookFor(opener, scene).type === 'usable');
  if (usable.length > 0) return { ...approach(usable, scene), arrived: false } as Reach;
  const evidence: number[] = [];
  for (const opener of openers) {
    const reach = approach([opener], scene, trail);
    if (reach.type === 'way') return { ...reach, arrived: false };
    evidence.push(...reach.evidence);
  }
  if (openers.length === 0 && modal) return leave(modal, scene);
  return { type: 'dead end', evidence };
}

function leave(modal: Surface, scene: Scene): Reach {
  const dismiss = visibleIndex(scene, [`${modal.name}/${modal.dismiss}`]);
  return { type: 'way', arrived: false, target: dismiss, alternatives: [], evidence: [] };
}
