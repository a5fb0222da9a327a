/** Tasks about styles, shading and borders. */
import type { WordDocument } from '../document.ts';
import { formatParagraphs } from '../editing.ts';
import { press, turnOn } from '../goals.ts';
import { STANDARD_COLORS } from '../ui/colors.ts';
import { BORDERS } from '../ui/home-menus.ts';
import { A_PARAGRAPH, A_TEXT, templatesOf } from './build.ts';
import type { Draw } from './draw.ts';
import type { Template } from './task.ts';

const template = templatesOf('style');

const STYLE_NAMES = [
  'Heading 1',
  'Heading 2',
  'Heading 3',
  'Title',
  'Subtitle',
  'Quote',
  'Intense Quote',
  'Strong',
  'Emphasis',
  'No Spacing',
  'List Paragraph',
];

/** On whatever paragraphs the target is in. */
function applyStyle(draw: Draw) {
  const style = draw.pick(STYLE_NAMES);
  return {
    slots: { style },
    goals: [turnOn(`Home/${style}`, `Styles menu/${style}`)],
    edit: (d: WordDocument) => formatParagraphs(d, { style }),
  };
}

export const styleTasks: readonly Template[] = [
  template('style-text', A_TEXT, {
    train: [
      'apply the <style> style to {text}',
      'set the style of {text} to <style>',
      'make {text} a <style>',
      'format {text} with the style <style>',
      'turn {text} into the style <style>',
      'give {text} the <style> style',
      'change {text} to <style>',
      '!{text} should have the <style> style',
      'use the <style> style for {text}',
    ],
    test: ['give {text} the style <style>', 'turn {text} into a <style>', '!I want {text} styled as <style>'],
    mayBeDone: true,
    create: applyStyle,
  }),
  template('shade-text', A_TEXT, {
    train: [
      'shade the paragraph with {text} in <color>',
      'set the shading of {text} to <color>',
      'apply <color> shading to {text}',
      'use <color> shading for the paragraph with {text}',
      '!{text} should be shaded <color>',
      'add <color> shading to {text}',
      'put <color> shading behind {text}',
      'change the paragraph shading of {text} to <color>',
    ],
    test: [
      'give {text} a <color> shading',
      'change the shading of {text} to <color>',
      '!I want <color> shading on {text}',
    ],
    create: (draw) => {
      const color = draw.pick(STANDARD_COLORS);
      return {
        slots: { color: color.toLowerCase() },
        goals: [press(`Shading menu/${color}`)],
        edit: (d) => formatParagraphs(d, { shading: color }),
      };
    },
  }),
  template('border-text', A_TEXT, {
    train: [
      'add a <border> to {text}',
      'apply a <border> to the paragraph with {text}',
      'put a <border> on {text}',
      'set a <border> for {text}',
      'draw a <border> for {text}',
      'give the paragraph with {text} a <border>',
      '!{text} needs a <border>',
    ],
    test: ['give {text} a <border>', 'draw a <border> on the paragraph with {text}', '!I want a <border> on {text}'],
    create: (draw) => {
      const border = draw.pick(BORDERS.filter((name) => !/^(No|All|Outside)/.test(name)));
      return {
        slots: { border: border.toLowerCase() },
        goals: [press(`Borders menu/${border}`)],
        edit: (d) => formatParagraphs(d, { border }),
      };
    },
  }),
  template('style-paragraph', A_PARAGRAPH, {
    heldOut: true,
    train: [
      'apply the <style> style to paragraph <number>',
      'set the style of paragraph <number> to <style>',
      'give paragraph <number> the <style> style',
      'use the <style> style for paragraph <number>',
    ],
    test: [
      'make paragraph <number> a <style>',
      '!paragraph <number> should have the <style> style',
      'format paragraph <number> with the style <style>',
    ],
    mayBeDone: true,
    create: applyStyle,
  }),
  template('remove-shading', A_TEXT, {
    train: [
      '@remove the shading (from|of|behind) {text}',
      'take the shading off {text}',
      'set the shading of {text} to no color',
      '@remove the shading of @paragraph {text}',
      '!{text} should not be shaded any more',
    ],
    test: [
      'get {text} back to no shading',
      '!I do not want shading on {text}',
      '@remove the paragraph shading of {text}',
    ],
    create: (draw) => {
      const shading = draw.pick(STANDARD_COLORS);
      return {
        goals: [press('Shading menu/No Color')],
        before: (d) => formatParagraphs(d, { shading }),
        edit: (d) => formatParagraphs(d, { shading: 'No Color' }),
      };
    },
  }),
  template('remove-border', A_TEXT, {
    heldOut: true,
    train: [
      'remove the border from {text}',
      'take the border off {text}',
      'set {text} to no border',
      'drop the border of the paragraph with {text}',
    ],
    test: ['get rid of the border on {text}', '!I do not want a border on {text}', '!{text} should have no border'],
    create: () => ({
      goals: [press('Borders menu/No Border')],
      before: (d) => formatParagraphs(d, { border: 'Bottom Border' }),
      edit: (d) => formatParagraphs(d, { border: 'No Border' }),
    }),
  }),
];
