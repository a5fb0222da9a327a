import assert from 'node:assert/strict';
import { test } from 'node:test';
import { controlsOf, openersOf, placedControl, surfaceNamed, surfaces } from '../../../bench/desktop/ui/catalog.ts';
import { popUps } from '../../../bench/desktop/ui/messages.ts';

test('everything that opens something names a surface that exists', () => {
  for (const { spec } of surfaces.flatMap((surface) => controlsOf(surface))) {
    if (spec.opens !== undefined) assert.equal(surfaceNamed(spec.opens).name, spec.opens);
  }
});

test('every surface that is not always there can be opened', () => {
  for (const surface of surfaces) {
    if (surface.kind === 'chrome' || surface.kind === 'pane' || popUps.includes(surface)) continue;
    assert.ok(openersOf(surface.name).length > 0, surface.name);
  }
});

test('every modal surface can be left', () => {
  for (const surface of surfaces) {
    if (surface.kind !== 'dialog' && surface.kind !== 'backstage') continue;
    const { spec } = placedControl(`${surface.name}/${surface.dismiss}`);
    assert.ok(spec.closes === true || spec.click !== undefined, surface.name);
  }
});

test('unknown keys and surfaces are errors', () => {
  assert.throws(() => placedControl('Home/Bolt'), /no control at Home\/Bolt/);
  assert.throws(() => surfaceNamed('Kitchen'), /no surface Kitchen/);
});
