import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The major version of Node that everything is built and tested on. */
const NODE_MAJOR = 24;

interface NodeSearch {
  /** A folder of the installation, such as `dist/`: `node_modules` is looked for in it and above it. */
  readonly from: string;
  readonly platform?: NodeJS.Platform;
  readonly arch?: string;
  /** The program that runs us, and what it is. */
  readonly self?: { readonly executable: string; readonly node: string; readonly electron: string | undefined };
}

/**
 * A Node executable for programs that are JavaScript: the one that came with the installation, else the one we run
 * on when it is plain Node and new enough. Inside a packed Electron application it is outside the archive, because
 * nothing inside can be executed. Undefined when there is none; Electron itself never counts (its `runAsNode` fuse
 * is off).
 */
export function findNodeExecutable(search: NodeSearch): string | undefined {
  const { from, platform = process.platform, arch = process.arch } = search;
  const { executable, node, electron } = search.self ?? self();
  const file = platform === 'win32' ? 'node.exe' : 'node';
  const inPackage = join('node_modules', `node-${packageOs(platform)}-${arch}`, 'bin', file);
  const found = [...foldersUp(from)]
    .map((folder) => unpacked(join(folder, inPackage)))
    .find((candidate) => existsSync(candidate));
  if (found !== undefined) return found;
  const isPlainNode = electron === undefined && Number.parseInt(node, 10) >= NODE_MAJOR;
  return isPlainNode ? executable : undefined;
}

function self() {
  return { executable: process.execPath, node: process.versions.node, electron: process.versions.electron };
}

/** The packages are named as Node's downloads are. */
function packageOs(platform: NodeJS.Platform): string {
  return platform === 'win32' ? 'win' : platform;
}

function unpacked(path: string): string {
  return path.replace(/app\.asar(?=[\\/])/, 'app.asar.unpacked');
}

function* foldersUp(from: string): Generator<string> {
  for (let folder = from; ; folder = dirname(folder)) {
    yield folder;
    if (dirname(folder) === folder) return;
  }
}
