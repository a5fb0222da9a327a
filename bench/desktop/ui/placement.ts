/** Screen rectangles: each region of the window is a grid, so that no two controls of a region overlap. */
import type { Placed } from './catalog.ts';

export type Rect = readonly [left: number, top: number, right: number, bottom: number];

export const WINDOW: Rect = [0, 0, 1600, 1000];

type Region = { readonly rect: Rect; readonly rowHeight: number; readonly maxWidth?: number };
const REGIONS = {
  title: { rect: [0, 0, 1600, 32], rowHeight: 32, maxWidth: 200 },
  tabs: { rect: [0, 32, 1600, 62], rowHeight: 30, maxWidth: 110 },
  ribbon: { rect: [0, 62, 1600, 164], rowHeight: 25, maxWidth: 170 },
  navigation: { rect: [0, 190, 180, 960], rowHeight: 28 },
  document: { rect: [180, 196, 1280, 956], rowHeight: 760 },
  scroll: { rect: [1280, 190, 1300, 960], rowHeight: 154 },
  side: { rect: [1300, 190, 1600, 960], rowHeight: 24 },
  status: { rect: [0, 960, 1600, 1000], rowHeight: 40, maxWidth: 170 },
  editor: { rect: [200, 200, 1260, 264], rowHeight: 32, maxWidth: 260 },
  menu: { rect: [220, 270, 720, 940], rowHeight: 26 },
  dialog: { rect: [740, 270, 1240, 940], rowHeight: 40 },
  backstage: { rect: [0, 40, 400, 1000], rowHeight: 36 },
  page: { rect: [420, 80, 1200, 1000], rowHeight: 40, maxWidth: 360 },
  message: { rect: [180, 164, 1300, 190], rowHeight: 26, maxWidth: 560 },
  mini: { rect: [300, 230, 1000, 262], rowHeight: 32, maxWidth: 130 },
} as const satisfies Record<string, Region>;
type RegionName = keyof typeof REGIONS;

/** One rectangle per control, in the order given. */
export function placeControls(controls: readonly Placed[]): readonly Rect[] {
  const regions = controls.map(regionOf);
  const counts = new Map<RegionName, number>();
  for (const region of regions) counts.set(region, (counts.get(region) ?? 0) + 1);
  const used = new Map<RegionName, number>();
  return regions.map((region) => {
    const index = used.get(region) ?? 0;
    used.set(region, index + 1);
    return gridCell(REGIONS[region], index, counts.get(region) ?? 1);
  });
}

function regionOf({ surface, spec }: Placed): RegionName {
  switch (surface.kind) {
    case 'tab':
      return 'ribbon';
    case 'backstage':
    case 'page':
      return surface.kind;
    case 'menu':
      return 'menu';
    case 'dialog':
      return 'dialog';
    case 'editor':
      return 'editor';
    case 'pane':
      if (surface.name === 'Recent Files') return 'document';
      if (surface.name === 'Mini Toolbar') return 'mini';
      return surface.name === 'Navigation' ? 'navigation' : 'side';
    case 'chrome':
      if (surface.name === 'Title Bar') return 'title';
      if (surface.name === 'Tabs') return 'tabs';
      if (surface.name === 'Message Bar') return 'message';
      if (surface.name === 'Status Bar') return 'status';
      return spec.type === 'Document' ? 'document' : 'scroll';
  }
}

/** Cells fill columns first; rows get lower when there are more controls than fit. */
function gridCell({ rect, rowHeight, maxWidth = rect[2] - rect[0] }: Region, index: number, count: number): Rect {
  const [left, top, right, bottom] = rect;
  const rows = Math.max(1, Math.min(count, Math.floor((bottom - top) / rowHeight)));
  const columns = Math.ceil(count / rows);
  const width = Math.min(maxWidth, (right - left) / columns);
  const height = Math.min(rowHeight, (bottom - top) / rows);
  const column = Math.floor(index / rows);
  const row = index % rows;
  const round = Math.round;
  return [
    round(left + column * width),
    round(top + row * height),
    round(left + (column + 1) * width),
    round(top + (row + 1) * height),
  ];
}
