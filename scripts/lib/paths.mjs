import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** The major version that everything runs on (docs/adr); the `node-*` packages carry it inside. */
export const NODE_MAJOR = 24;

/** The Node of this checkout: its own package's, or the running one where no package exists for this platform. */
export function nodeExecutable() {
  const name = process.platform === 'win32' ? 'node-win' : `node-${process.platform}`;
  const folder = join(root, 'node_modules', `${name}-${process.arch}`);
  const file = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(file)) return file;
  return Number(process.versions.node.split('.')[0]) >= NODE_MAJOR ? process.execPath : undefined;
}

/** The folder with `include/node` for building native modules without a download. */
export function nodeHeaders() {
  const node = nodeExecutable();
  if (node === undefined) return undefined;
  const folder = dirname(dirname(node));
  return existsSync(join(folder, 'include', 'node', 'node.h')) ? folder : undefined;
}

/** The environment of every child: this checkout's Node and tools come first on PATH. */
export function toolEnvironment() {
  const node = nodeExecutable();
  const separator = process.platform === 'win32' ? ';' : ':';
  const front = [...(node === undefined ? [] : [dirname(node)]), join(root, 'node_modules', '.bin')];
  return { ...process.env, PATH: [...front, process.env.PATH ?? ''].join(separator) };
}
