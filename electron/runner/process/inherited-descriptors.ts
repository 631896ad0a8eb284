import { readdirSync, readFileSync } from 'node:fs';

const O_CLOEXEC = 0o2000000;

/**
 * File descriptors from 3 on, in ascending order, that a child of this process would inherit by accident: the program
 * that started the runner left them open. A descriptor of a directory would lead out of any sandbox. Linux only;
 * elsewhere Node's spawn closes them itself.
 */
function inheritableDescriptors(platform: NodeJS.Platform = process.platform): number[] {
  if (platform !== 'linux') return [];
  return readdirSync('/proc/self/fd')
    .map(Number)
    .filter((descriptor) => descriptor > 2 && isInheritable(descriptor))
    .sort((a, b) => a - b);
}

/**
 * The inheritable descriptors of this process, looked for once when it starts: descriptors that Node or node-pty opens
 * afterwards are closed on exec, and the look costs more than the rest of a launch's preparation.
 */
export const INHERITED_DESCRIPTORS: readonly number[] = inheritableDescriptors();

function isInheritable(descriptor: number): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8'))?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & O_CLOEXEC) === 0;
  } catch {
    // The descriptor of the listing itself is closed by now.
    return false;
  }
}
