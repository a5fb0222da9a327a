/** Which controls a desk shows right now, in tree order, and which of them a modal surface covers. */
import type { Clutter, Desk } from '../desk.ts';
import { controlsOf, type Placed, surfaceNamed, surfaces } from './catalog.ts';
import { control } from './control.ts';
import { pagersOf } from './pager.ts';
import { pane, type Surface } from './surface.ts';

/** UFO never captures more. */
const MAX_CONTROLS = 500;

export function visibleControls(desk: Desk): readonly Placed[] {
  const shown = surfaces.filter((surface) => isOpen(desk, surface)).flatMap((surface) => shownOn(desk, surface));
  const clutter = sideControls(desk).slice(0, Math.max(0, MAX_CONTROLS - shown.length));
  if (clutter.length === 0) return shown;
  // Side panes come after the frame and before whatever lies on top of it.
  const onTop = shown.findIndex(({ surface }) => isOnTop(surface));
  const at = onTop < 0 ? shown.length : onTop;
  return [...shown.slice(0, at), ...clutter, ...shown.slice(at)];
}

/** The controls of one open surface, as far as this window has them. */
function shownOn(desk: Desk, surface: Surface): readonly Placed[] {
  const { missing, doubled, halved } = desk.disturbance;
  const present = controlsOf(surface).filter(({ spec, key }) => spec.shown?.(desk) !== false && !missing.has(key));
  const listed = present.flatMap((placed) => (doubled.has(placed.key) ? [placed, placed] : [placed]));
  if (!halved.has(surface.name)) return listed;
  const [up, down] = pagersOf(surface);
  const middle = Math.ceil(listed.length / 2);
  return [up, ...(desk.ui.secondHalf.includes(surface.name) ? listed.slice(middle) : listed.slice(0, middle)), down];
}

/** The surface that alone takes input, with the menus and pages on it; or null. */
export function modalSurface(desk: Desk): Surface | null {
  if (desk.ui.dialog !== null) return surfaceNamed(desk.ui.dialog);
  return desk.tab === 'File' ? surfaceNamed('File') : null;
}

/** True for what alone takes input while it is open. */
export function isModal({ kind }: Surface): boolean {
  return kind === 'dialog' || kind === 'backstage';
}

/** True if `surface` takes input while `modal` is open: it is that surface, or lies on the backstage. */
export function isUsable(surface: Surface, modal: Surface | null): boolean {
  if (!modal || surface === modal) return true;
  return modal.kind === 'backstage' && (surface.kind === 'page' || surface.kind === 'menu');
}

/** True for what lies over the window; it comes last in tree order. */
export function isOnTop(surface: Surface): boolean {
  return surface.kind === 'editor' || surface.kind === 'menu' || surface.kind === 'dialog';
}

function isOpen(desk: Desk, surface: Surface): boolean {
  const { ui } = desk;
  switch (surface.kind) {
    case 'chrome':
    case 'pane':
      return surface.visible?.(desk) !== false;
    case 'tab':
    case 'backstage':
      return desk.tab === surface.name;
    case 'page':
      return desk.tab === 'File' && ui.page === surface.name;
    case 'menu':
      return ui.menus.includes(surface.name);
    case 'dialog':
      return ui.dialog === surface.name;
    case 'editor':
      return ui.editor === surface.name;
  }
}

const SIDE_PANE = pane('Side Pane', []);
const RECENT_FILES = pane('Recent Files', []);
const placedByClutter = new WeakMap<Clutter, { side: readonly Placed[]; recent: readonly Placed[] }>();

function sideControls(desk: Desk): readonly Placed[] {
  let placed = placedByClutter.get(desk.clutter);
  if (!placed) {
    const { paneName, paneItems, recentFiles } = desk.clutter;
    const header = paneName === '' ? [] : [control('Text', paneName), control('Button', 'Task Pane Options')];
    placed = {
      side: place(SIDE_PANE, [...header, ...paneItems.map((name) => control('ListItem', name))]),
      recent: place(
        RECENT_FILES,
        recentFiles.map((name) => control('ListItem', name)),
      ),
    };
    placedByClutter.set(desk.clutter, placed);
  }
  if (desk.tab !== 'File') return placed.side;
  return desk.ui.page === '' ? placed.recent : [];
}

function place(surface: Surface, controls: Surface['controls']): readonly Placed[] {
  return controls.map((spec) => ({ key: `${surface.name}/${spec.name}`, spec, surface }));
}
