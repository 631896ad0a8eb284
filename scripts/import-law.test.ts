import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Which rooms a room may import, besides itself. `resources` is data and open to all. */
const LAW: Readonly<Record<string, readonly string[]>> = {
  shared: [],
  renderer: ['shared'],
  'electron/node': ['shared'],
  'electron/core': ['shared', 'electron/node'],
  'electron/runner': ['shared', 'electron/node'],
  'electron/preload': ['shared'],
  'electron/desktop': ['shared', 'electron/node', 'electron/core'],
  'electron/loopback': ['shared', 'electron/node', 'electron/core'],
  'electron/cli': ['shared', 'electron/node', 'electron/core'],
};
const ROOMS = Object.keys(LAW);
const WITHOUT_NODE = ['shared', 'renderer', 'electron/preload'];
const WITH_ELECTRON = ['electron/desktop', 'electron/preload'];

interface Import {
  readonly file: string;
  readonly target: string;
}

function roomOf(path: string): string | undefined {
  return ROOMS.find((room) => path === room || path.startsWith(`${room}/`));
}

function sourcesOf(room: string): string[] {
  return readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|tsx)$/.test(name) && !/\.test\.tsx?$/.test(name) && !name.includes('node_modules'))
    .filter((name) => !(room === 'renderer' && name === 'vite.config.ts'))
    .map((name) => `${room}/${name}`);
}

function importsOf(file: string, text: string): Import[] {
  const found = text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*['"]([^'"]+)['"]/g);
  return [...found].map(([, target]) => ({ file, target: target ?? '' }));
}

/** What breaks the law, in words; undefined when the import is lawful. */
function judge({ file, target }: Import): string | undefined {
  const room = roomOf(file) ?? '';
  if (target.startsWith('.')) {
    const path = relative(root, resolve(root, dirname(file), target))
      .split('\\')
      .join('/');
    if (path.startsWith('resources/') || path === 'package.json') return undefined;
    const other = roomOf(path);
    if (other === room || LAW[room]?.includes(other ?? '')) return undefined;
    return `${file} imports ${other ?? path}: ${room} may not`;
  }
  if (target === 'electron' && !WITH_ELECTRON.includes(room)) return `${file} imports electron`;
  const isNode = target.startsWith('node:') || builtinModules.includes(target);
  if (isNode && WITHOUT_NODE.includes(room)) return `${file} imports ${target}: ${room} runs without Node`;
  if (/^(react|react-dom|zustand)(\/|$)/.test(target) && room !== 'renderer') return `${file} imports ${target}`;
  return undefined;
}

describe('import law', () => {
  for (const room of ROOMS) {
    test(`${room} imports only what it may`, () => {
      const files = sourcesOf(room);
      expect(files.length).toBeGreaterThan(0);
      const imports = files.flatMap((file) => importsOf(file, readFileSync(join(root, file), 'utf8')));
      expect(imports.map(judge).filter((broken) => broken !== undefined)).toEqual([]);
    });
  }

  test.each([
    ['shared/model/ids.ts', 'node:fs'],
    ['shared/model/ids.ts', '../../electron/core/ports.ts'],
    ['renderer/main.tsx', '../electron/core/app.ts'],
    ['renderer/main.tsx', 'fs'],
    ['electron/core/app.ts', '../runner/main.ts'],
    ['electron/core/app.ts', '../desktop/main.ts'],
    ['electron/core/app.ts', 'electron'],
    ['electron/core/app.ts', 'react'],
    ['electron/cli/main.ts', '../loopback/main.ts'],
    ['electron/runner/main.ts', '../core/app.ts'],
    ['electron/loopback/main.ts', 'electron'],
  ])('a forbidden import is found: %s imports %s', (file, target) => {
    expect(judge({ file, target })).toBeDefined();
  });

  test('imports are seen in every spelling', () => {
    const text = `import a from 'one';\nimport 'two';\nexport * from "three";\nconst b = await import('four');\nimport type { C } from 'five';`;
    expect(importsOf('x', text).map(({ target }) => target)).toEqual(['one', 'two', 'three', 'four', 'five']);
  });
});
