/**
 * Draws the icons anew: `node resources/icons/render.mjs`. Chromium turns the drawing into pixels; the results are
 * kept in the repository, so that a build needs no browser.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { appIcon, trayIcon } from './glyph.mjs';

const STATES = ['ready', 'busy', 'attention', 'failed'];
/** Points of a tray icon: 16 on Windows and Linux, 18 on macOS; and its double for dense screens. */
const TRAY = [
  { kind: 'colour', suffix: '', size: 16 },
  { kind: 'template', suffix: 'Template', size: 18 },
];
const folder = import.meta.dirname;

mkdirSync(join(folder, 'tray'), { recursive: true });
writeFileSync(join(folder, 'icon.svg'), appIcon());
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
await render(appIcon(), 512, 'icon.png');
for (const state of STATES) {
  for (const { kind, suffix, size } of TRAY) {
    const drawing = trayIcon(state, kind);
    await render(drawing, size, `tray/${state}${suffix}.png`);
    await render(drawing, size * 2, `tray/${state}${suffix}@2x.png`);
  }
}
await browser.close();

async function render(drawing, size, file) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(
    `<style>html,body{margin:0;background:transparent}svg{display:block;width:${size}px;height:${size}px}</style>${drawing}`,
  );
  await page.screenshot({ path: join(folder, file), omitBackground: true });
  await page.close();
}
