/** Builders of tasks about the page as a whole. */
import type { PageSetup } from '../document.ts';
import { fill, press } from '../goals.ts';
import { NOTHING_SELECTED, templatesOf } from './build.ts';
import type { Template } from './task.ts';

const template = templatesOf('page');

type PageTask = Pick<Template, 'train' | 'test' | 'heldOut'> & {
  readonly menu: string;
  readonly values: readonly string[];
  readonly apply: (value: string) => Partial<PageSetup>;
  /** How the value is written in the request. */
  readonly word?: (value: string) => string;
};

/** A choice out of one menu that sets one property of the page. */
export const pageTask = (
  name: string,
  { menu, values, apply, word = (value) => value, ...wordings }: PageTask,
): Template =>
  template(name, NOTHING_SELECTED, {
    ...wordings,
    create: (draw) => {
      const value = draw.pick(values);
      return {
        slots: { value: word(value) },
        goals: [press(`${menu}/${value}`)],
        before: (d, random) => {
          Object.assign(d.page, apply(random.pick(values.filter((other) => other !== value))));
        },
        edit: (d) => {
          Object.assign(d.page, apply(value));
        },
      };
    },
  });

export const lower = (value: string): string => value.toLowerCase();

type Measure = 'gutter' | 'headerDistance' | 'footerDistance' | 'width' | 'height';

/** Inches of one spinner of the Page Setup dialog; `key` is what it sets. */
export const measureTask = (
  name: string,
  what: string,
  { key, place, heldOut = false }: { readonly key: Measure; readonly place: string; readonly heldOut?: boolean },
): Template =>
  template(name, NOTHING_SELECTED, {
    heldOut,
    train: [
      `@set the ${what} to <inches> inches`,
      `make the ${what} <inches> inches`,
      `use a ${what} of <inches> inches`,
      `give the pages a ${what} of <inches> inches`,
      `!the ${what} should be <inches> inches`,
    ],
    test: [
      `put the ${what} at <inches> inches`,
      `!I want a ${what} of <inches> inches`,
      `let the pages have a ${what} of <inches> inches`,
    ],
    create: (draw) => {
      const inches = draw.number('tenths of an inch', { min: 2, max: 49, except: 5 }) / 10;
      return {
        slots: { inches },
        goals: [fill(place, String(inches)), press(`${place.slice(0, place.indexOf('/'))}/OK`)],
        edit: (d) => {
          d.page[key] = inches;
        },
      };
    },
  });
