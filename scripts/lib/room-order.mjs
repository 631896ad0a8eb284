/**
 * The order of the rooms inside each wall, from the ground floor up: a room imports only rooms that stand before it.
 * A room is a folder or a file right below its wall. `scripts/room-order.test.ts` holds the order, and the picture in
 * ARCHITECTURE.md is drawn from it (`npm run picture`).
 */
export const ROOM_ORDER = {
  'electron/core': [
    'ports.ts',
    'storage',
    'machine',
    'keychain',
    'network',
    'providers',
    'settings',
    'credentials',
    'launch',
    'projects',
    'agents',
    'runner-host',
    'terminals',
    'turns',
    'sign-in',
    'boot',
    'upkeep',
    'api',
    'wiring',
    'app.ts',
    'node-host',
  ],
  'electron/runner': [
    'log.ts',
    'notify.ts',
    'environment.ts',
    'process',
    'causes',
    'adapters',
    'egress',
    'sandbox',
    'fence.ts',
    'carriers',
    'sandbox-run.ts',
    'agent-output',
    'session.ts',
    'rest.ts',
    'terminals',
    'sessions.ts',
    'runner.ts',
    'main.ts',
  ],
  'electron/cli': [
    'exit-codes.ts',
    'usage-error.ts',
    'refused-error.ts',
    'messages.ts',
    'what-to-do.ts',
    'core',
    'arguments',
    'terminal',
    'context.ts',
    'values.ts',
    'interrupts.ts',
    'commands',
    'logs',
    'run',
    'help.ts',
    'cli.ts',
    'program.ts',
    'main.ts',
  ],
  renderer: [
    'css.d.ts',
    'transport',
    'stores',
    'context',
    'i18n',
    'ui',
    'failure',
    'forms',
    'terminal',
    'declared',
    'installs',
    'sign-in',
    'plan',
    'credentials',
    'boot',
    'egress',
    'leaks',
    'popover',
    'settings',
    'session',
    'logs',
    'app',
  ],
};

/**
 * The wall and the room of a source file; undefined for a file outside of the walls.
 * @param {string} file relative to the checkout, with forward slashes
 */
export function roomOf(file) {
  const wall = Object.keys(ROOM_ORDER).find((one) => file.startsWith(`${one}/`));
  if (wall === undefined) return undefined;
  return { wall, room: file.slice(wall.length + 1).split('/', 1)[0] };
}

/**
 * Why a file may not import another one; undefined when it may. Both are relative to the checkout.
 * @param {string} file
 * @param {string} target
 */
export function judgeImport(file, target) {
  const from = roomOf(file);
  const to = roomOf(target);
  if (from === undefined || to === undefined || from.wall !== to.wall || from.room === to.room) return undefined;
  const order = ROOM_ORDER[from.wall];
  const [here, there] = [order.indexOf(from.room), order.indexOf(to.room)];
  if (here === -1) return `${file}: the room ${from.room} of ${from.wall} has no place in the order`;
  if (there === -1) return `${target}: the room ${to.room} of ${to.wall} has no place in the order`;
  return there < here ? undefined : `${file} imports ${target}: ${to.room} stands above ${from.room} in ${from.wall}`;
}
