/**
 * The order of the rooms inside each wall, from the ground floor up: a room imports only rooms that stand before it.
 * A room is a folder or a file right below its wall, with one line that says what it is. `scripts/room-order.test.ts` holds the order, and the picture in
 * ARCHITECTURE.md is drawn from it: `node scripts/architecture.mjs` after a change.
 */
export const ROOMS = {
  'electron/core': [
    ['ports.ts', 'what a host lends to the core: paths, keychain, runner starter, notifications'],
    ['storage', 'database with its recovery, logs'],
    ['machine', 'the login shell, the processes that may outlive Perch'],
    ['keychain', 'the secret store of the system, and the items of installations that are gone'],
    ['network', 'proxy and certificates, Perch’s own requests, hosts of sessions, fetched data'],
    ['providers', 'the registry of providers and their models'],
    ['settings', 'typed settings over the database'],
    ['credentials', 'credentials, variables, their scopes, liveness, renewal, sign-ins at providers'],
    ['launch', 'what a session gets: environment plan, sandbox policy, launch gate, MCP servers'],
    ['projects', 'working directories: checks, `perch.toml`, worktrees'],
    ['agents', 'descriptions, programs, logins, settings and readiness of agents'],
    ['runner-host', 'starts and supervises the runner'],
    ['terminals', 'screens of programs in terminals, and the tokens withheld from them'],
    ['turns', 'turns, sessions, checkpoints'],
    ['sign-in', 'the agents’ own logins in a terminal'],
    ['boot', 'failures before there is a log'],
    ['upkeep', 'doctor, diagnostics, forgetting, leaving, installations, secret exposures'],
    ['api', 'the contract’s handlers, state, transports'],
    ['wiring', 'opens the wings and joins them'],
    ['app.ts', 'the running application'],
    ['node-host', 'what every host under plain Node lends'],
  ],
  'electron/runner': [
    ['log.ts', 'the type of a log line’s way to the core'],
    ['notify.ts', 'the type of a notification to the core'],
    ['environment.ts', 'checks an environment before a program gets it'],
    ['process', 'programs: start, stop, output, descriptors'],
    ['causes', 'classifies what an agent reported'],
    ['adapters', 'speaks with agents: ACP, the demo'],
    ['egress', 'the proxy between a sandbox and the network'],
    ['sandbox', 'bubblewrap, Seatbelt, the guard of the working directory, the freeze between turns'],
    ['aside', 'files that were set aside: their events, a look at them, their way back'],
    ['fence.ts', 'the isolation around one program'],
    ['carriers', 'connections to the core'],
    ['sandbox-run.ts', 'single programs in an agent’s sandbox'],
    ['agent-output', 'levels and entries of an agent’s stderr'],
    ['launched-session.ts', 'an agent’s process, from its start on'],
    ['rest.ts', 'a session between two turns'],
    ['background.ts', 'the processes that its turns leave running'],
    ['terminals', 'programs in pseudo-terminals'],
    ['sessions', 'all sessions: their launch, their turns, the time between them'],
    ['runner.ts', 'the methods of the runner protocol'],
    ['main.ts', 'the process'],
  ],
  'electron/cli': [
    ['exit-codes.ts', 'what an exit code means'],
    ['usage-error.ts', 'a mistake in the command line'],
    ['refused-error.ts', 'a refusal before the start'],
    ['messages.ts', 'the sentences of a language'],
    ['what-to-do.ts', 'the remedy of an error, as a command'],
    ['core', 'reaches a running core, or starts one'],
    ['arguments', 'the grammar'],
    ['terminal', 'output, input, tables, questions'],
    ['context.ts', 'what a command may use'],
    ['values.ts', 'what operands and options stand for'],
    ['interrupts.ts', 'Ctrl+C'],
    ['commands', 'one file a family of commands'],
    ['logs', '`perch logs`'],
    ['run', '`perch run`'],
    ['help.ts', 'the help texts'],
    ['cli.ts', 'finds the command'],
    ['program.ts', 'joins it to this process'],
    ['main.ts', 'the process'],
  ],
  renderer: [
    ['css.d.ts', 'the type of a style sheet'],
    ['transport', 'the link to the core'],
    ['stores', 'the window’s copy of the state, and what is computed from it'],
    ['context', 'what every view may use: services, routes, actions'],
    ['i18n', 'languages, dates, numbers'],
    ['ui', 'controls without knowledge of the application'],
    ['failure', 'errors and their remedies'],
    ['forms', 'frames of forms and questions'],
    ['terminal', 'a terminal in the window'],
    ['declared', 'what a folder declares'],
    ['installs', 'installing agents'],
    ['sign-in', 'ways to an agent’s own sign-in'],
    ['plan', 'what a session will get'],
    ['credentials', 'the paste field, its findings, the list of credentials'],
    ['boot', 'failures of earlier starts'],
    ['egress', 'refused hosts'],
    ['leaks', 'secret exposures'],
    ['popover', 'the home view'],
    ['settings', 'the settings pages'],
    ['session', 'a conversation'],
    ['logs', 'the log view'],
    ['app', 'the composition root'],
  ],
};

/** The names alone. */
export const ROOM_ORDER = Object.fromEntries(
  Object.entries(ROOMS).map(([wall, rooms]) => [wall, rooms.map(([room]) => room)]),
);

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
