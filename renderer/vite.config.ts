import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * The hosts serve the window under `script-src 'self'; style-src 'self'`: no inline code, no data: addresses.
 * The targets are the first engines with CSS light-dark().
 */
export default defineConfig({
  root: here('.'),
  base: './',
  publicDir: here('public'),
  plugins: [react()],
  server: { fs: { allow: [here('..')] } },
  build: {
    outDir: here('../dist/renderer'),
    emptyOutDir: true,
    manifest: true,
    target: ['chrome123', 'firefox121', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
