import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { LaunchSpec, RunnerParams } from '../../../shared/runner-protocol/protocol.ts';
import { checkout, nodeExecutable } from './checkout.ts';
import { testPolicy } from './policy.ts';

/** Folders of one test, below the system's temporary directory as a real project may be. */
export interface TestFolders {
  readonly root: string;
  readonly project: string;
  readonly state: string;
  remove(): void;
}

export function createFolders(): TestFolders {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'perch-runner-')));
  const project = join(root, 'project');
  const state = join(root, 'data', 'state');
  mkdirSync(project);
  mkdirSync(state, { recursive: true });
  chmodSync(root, 0o755);
  return { root, project, state, remove: () => rmSync(root, { recursive: true, force: true }) };
}

export const repository = checkout;
export const demoAgent = join(repository, 'electron/runner/adapters/demo/agent.ts');
export const fakeAgent = (name: string): string => join(repository, 'e2e/fake-agents', `${name}.ts`);
const sandboxHome = '/home/agent';

type StartParams = RunnerParams<'session.start'>;

export interface StartOptions {
  readonly folders: TestFolders;
  readonly script: string;
  readonly launch?: Partial<LaunchSpec>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly secretNames?: readonly string[];
  readonly variableNames?: readonly string[];
  readonly policy?: Partial<StartParams['policy']>;
  readonly model?: string;
}

/** A session of a TypeScript agent under Node, as the core would ask for it. */
export function startParams(options: StartOptions): StartParams {
  const { folders } = options;
  const off = options.policy?.enforcement === 'off';
  return {
    sessionId: randomUUID(),
    launch: {
      adapter: 'acp',
      command: nodeExecutable,
      args: [options.script],
      stateFiles: [],
      modelBy: 'launch',
      failureSigns: { errorTexts: ['^Demo API Error: \\d{3} '], authenticationTexts: [], ignoredTexts: [] },
      limits: { start: 20_000, silence: 0, stop: 2_000 },
      ...options.launch,
    },
    environment: {
      PATH: '/usr/bin:/bin',
      HOME: off ? folders.state : sandboxHome,
      LANG: 'C.UTF-8',
      ...options.environment,
    },
    secretNames: [...(options.secretNames ?? [])],
    variableNames: [...(options.variableNames ?? [])],
    policy: testPolicy({
      readOnly: [
        { path: repository, optional: false },
        { path: dirname(dirname(nodeExecutable)), optional: false },
      ],
      state: { hostPath: folders.state, sandboxPath: sandboxHome },
      workingDirectory: folders.project,
      ...options.policy,
    }),
    workingDirectory: folders.project,
    auth: { mode: 'byo', model: options.model ?? '' },
  };
}
