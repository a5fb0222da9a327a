/** All surfaces in the order of the UI tree, and the index over them: which control opens what. */
import { bottomChrome, otherTabs, topChrome } from './chrome.ts';
import type { ControlSpec } from './control.ts';
import { file } from './file.ts';
import { home } from './home.ts';
import { insert } from './insert.ts';
import { popUps } from './messages.ts';
import { design, layout } from './page.ts';
import { references } from './references.ts';
import { review } from './review.ts';
import type { Surface } from './surface.ts';
import { tables } from './tables.ts';
import { view } from './view.ts';

/** A control by its place: `Home/Bold`, `Margins menu/Narrow`; a second one of that name has its type behind it. */
export type ControlKey = string;

const ribbon = [
  ...[home, insert, design, layout, references, review, view, tables].flat(),
  ...[otherTabs, file, popUps].flat(),
];
const isIn = (...kinds: Surface['kind'][]) => ribbon.filter((surface) => kinds.includes(surface.kind));

/** In tree order: the window's frame, the active tab, the document, then what lies on top of it. */
export const surfaces: readonly Surface[] = [
  ...topChrome,
  ...isIn('tab', 'backstage', 'page'),
  ...bottomChrome,
  ...isIn('pane'),
  ...isIn('editor', 'menu', 'dialog'),
];

export type Placed = { readonly key: ControlKey; readonly spec: ControlSpec; readonly surface: Surface };

const placedByKey = new Map<ControlKey, Placed>();
const surfaceByName = new Map<string, Surface>();
const openersBySurface = new Map<string, Placed[]>();
const placedBySurface = new Map<string, readonly Placed[]>();

for (const surface of surfaces) {
  if (surfaceByName.has(surface.name)) throw new Error(`two surfaces are named ${surface.name}`);
  surfaceByName.set(surface.name, surface);
  const names = surface.controls.map(({ name }) => name);
  const placed = surface.controls.map((spec, i) => {
    const suffix = names.indexOf(spec.name) < i ? ` (${spec.type})` : '';
    return { key: `${surface.name}/${spec.name}${suffix}`, spec, surface };
  });
  placedBySurface.set(surface.name, placed);
  for (const entry of placed) {
    if (placedByKey.has(entry.key)) throw new Error(`two controls at ${entry.key}`);
    placedByKey.set(entry.key, entry);
    const { opens } = entry.spec;
    if (opens !== undefined) openersBySurface.set(opens, [...(openersBySurface.get(opens) ?? []), entry]);
  }
}

export function placedControl(key: ControlKey): Placed {
  const placed = placedByKey.get(key);
  if (!placed) throw new Error(`no control at ${key}`);
  return placed;
}

export function surfaceNamed(name: string): Surface {
  const surface = surfaceByName.get(name);
  if (!surface) throw new Error(`no surface ${name}`);
  return surface;
}

export function controlsOf(surface: Surface): readonly Placed[] {
  return placedBySurface.get(surface.name) ?? [];
}

/** The controls that open a surface, in tree order; none for what is always there. */
export function openersOf(surface: string): readonly Placed[] {
  return openersBySurface.get(surface) ?? [];
}
