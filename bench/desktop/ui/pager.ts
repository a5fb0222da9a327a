/** The arrows of a menu that is too long for the screen: they show the other half of its items. */

import type { Placed } from './catalog.ts';
import { button } from './control.ts';
import type { Surface } from './surface.ts';

const DOWN = 'Scroll down';
const UP = 'Scroll up';

export const pagerKeys = (surface: Surface) => ({ down: `${surface.name}/${DOWN}`, up: `${surface.name}/${UP}` });

const pagersBySurface = new Map<Surface, readonly [Placed, Placed]>();

/** The two arrows of a surface; only one of them can be used at a time. */
export function pagersOf(surface: Surface): readonly [up: Placed, down: Placed] {
  let pagers = pagersBySurface.get(surface);
  if (!pagers) {
    const { name } = surface;
    const up = button(
      UP,
      ({ ui }) => {
        ui.secondHalf = ui.secondHalf.filter((other) => other !== name);
      },
      { enabled: ({ ui }) => ui.secondHalf.includes(name), keepsOpen: true },
    );
    const down = button(DOWN, ({ ui }) => ui.secondHalf.push(name), {
      enabled: ({ ui }) => !ui.secondHalf.includes(name),
      keepsOpen: true,
    });
    const keys = pagerKeys(surface);
    pagers = [
      { key: keys.up, spec: up, surface },
      { key: keys.down, spec: down, surface },
    ];
    pagersBySurface.set(surface, pagers);
  }
  return pagers;
}
