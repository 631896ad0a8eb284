import { readFileSync, writeFileSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { type DemoTurn, type Stop, say } from './conversation.ts';

/** The whole answer to `/error-text`: an error dressed as an answer. The agent's failure signs know it. */
const ERROR_TEXT = 'Demo API Error: 500 this is what a provider error looks like when an agent answers with it.';
/** The sentence of a turn that was told to fail. */
const FAIL_SENTENCE = 'The demo agent was asked to fail, so it did.';
const CRASH_EXIT_CODE = 70;
const BIG_CHUNKS = 2000;

/** Ends the turn as an error that the agent reports. */
export class DemoFailure extends Error {
  override readonly name = 'DemoFailure';
}

interface Command {
  readonly help: string;
  run(turn: DemoTurn, argument: string): Promise<Stop>;
}

const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['/help', { help: 'lists these commands', run: help }],
  ['/error-text', { help: 'answers with an error dressed as text', run: errorText }],
  ['/crash', { help: `writes to stderr and exits with code ${CRASH_EXIT_CODE}`, run: crash }],
  ['/hang', { help: 'never answers, until it is cancelled', run: hang }],
  ['/ignore-cancel', { help: 'never answers, and ignores a cancel', run: ignoreCancel }],
  ['/big', { help: `streams ${BIG_CHUNKS} chunks`, run: big }],
  ['/env', { help: 'lists the names of its environment variables', run: env }],
  ['/write', { help: 'PATH: tries to write a file and reports', run: write }],
  ['/read', { help: 'PATH: tries to read a file and reports', run: read }],
]);

/** Undefined: the prompt is no command. */
export function findCommand(prompt: string): ((turn: DemoTurn) => Promise<Stop>) | undefined {
  const [, name = '', argument = ''] = /^\s*(\/[a-z-]+)(?:\s+([^\n]*))?/.exec(prompt) ?? [];
  const command = COMMANDS.get(name);
  if (command !== undefined) return (turn) => command.run(turn, argument.trim());
  if (!/\bfail\b/i.test(prompt)) return undefined;
  return () => Promise.reject(new DemoFailure(FAIL_SENTENCE));
}

async function help(turn: DemoTurn): Promise<Stop> {
  const lines = [...COMMANDS].map(([name, command]) => `- \`${name}\` ${command.help}`);
  await say(
    turn,
    `This is Perch's demo agent. It knows:\n${lines.join('\n')}\n- the word "fail" in a prompt: the turn fails\n`,
  );
  return 'end_turn';
}

async function errorText(turn: DemoTurn): Promise<Stop> {
  await say(turn, ERROR_TEXT);
  return 'end_turn';
}

async function crash(): Promise<Stop> {
  writeSync(2, 'the demo agent was asked to crash\n');
  process.exit(CRASH_EXIT_CODE);
}

function hang(turn: DemoTurn): Promise<Stop> {
  return new Promise((resolveStop) => {
    turn.signal.addEventListener('abort', () => resolveStop('cancelled'), { once: true });
  });
}

function ignoreCancel(): Promise<Stop> {
  return new Promise(() => undefined);
}

async function big(turn: DemoTurn): Promise<Stop> {
  for (let chunk = 1; chunk <= BIG_CHUNKS && !turn.signal.aborted; chunk++) await say(turn, `chunk ${chunk}\n`);
  return turn.signal.aborted ? 'cancelled' : 'end_turn';
}

async function env(turn: DemoTurn): Promise<Stop> {
  const names = Object.keys(process.env).sort();
  await say(turn, `My environment has ${names.length} names:\n${names.join('\n')}\n`);
  return 'end_turn';
}

async function write(turn: DemoTurn, argument: string): Promise<Stop> {
  const path = resolve(turn.workingDirectory, argument);
  await say(
    turn,
    attempt(`wrote ${path}`, `could not write ${path}`, () => writeFileSync(path, 'written by the demo agent\n')),
  );
  return 'end_turn';
}

async function read(turn: DemoTurn, argument: string): Promise<Stop> {
  const path = resolve(turn.workingDirectory, argument);
  await say(
    turn,
    attempt(`read ${path}`, `could not read ${path}`, () => readFileSync(path).length),
  );
  return 'end_turn';
}

function attempt(done: string, refused: string, act: () => unknown): string {
  try {
    const result = act();
    return typeof result === 'number' ? `${done}: ${result} bytes` : done;
  } catch (error) {
    return `${refused}: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}`;
  }
}
