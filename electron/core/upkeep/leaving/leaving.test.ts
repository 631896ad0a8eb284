import { beforeEach, expect, test } from 'vitest';
import type { TurnStatus, TurnSummary } from '../../../../shared/model/run-event.ts';
import { DEFAULT_SETTINGS } from '../../../../shared/model/settings.ts';
import { createAwake } from './awake.ts';
import { createLeaving, type Leaving } from './leaving.ts';

const turn = (status: TurnStatus): TurnSummary => ({
  turnId: '00000000-0000-4000-8000-000000000001',
  sessionId: '00000000-0000-4000-8000-000000000002',
  agentId: 'demo',
  model: '',
  projectDir: '/',
  promptPreview: '',
  status,
  acceptedAt: 1,
  lastSeq: 1,
});

let turns: TurnSummary[];
let told: string[];
let leaving: Leaving;
beforeEach(() => {
  turns = [];
  told = [];
  leaving = createLeaving({
    turns: () => turns,
    end: () => told.push('end'),
    onChange: () => told.push(leaving.state),
  });
});

test('the host ends after the last turn that runs, once', () => {
  turns = [turn('running'), turn('waiting-for-permission'), turn('completed')];
  leaving.afterTurns();
  turns = [turn('failed'), turn('waiting-for-permission')];
  leaving.look();
  expect(told).toEqual(['after-turns']);
  turns = [turn('failed'), turn('cancelled')];
  leaving.look();
  leaving.look();
  expect(told).toEqual(['after-turns', 'end']);
});

test('nothing to wait for: at once; a turn that waits for a credential goes on after the next start', () => {
  turns = [turn('waiting-for-credential')];
  leaving.afterTurns();
  expect(told).toEqual(['after-turns', 'end']);
});

test('it can be taken back, and without being asked it never ends', () => {
  turns = [turn('accepted')];
  leaving.look();
  leaving.afterTurns();
  leaving.stay();
  turns = [];
  leaving.look();
  expect(told).toEqual(['after-turns', 'staying']);
});

test('sleep is held off once while a turn is at work, and not while it only waits', () => {
  let holdOffSleep = true;
  const held: string[] = [];
  const settings = () => ({
    ...DEFAULT_SETTINGS,
    holdOffSleep,
  });
  const awake = createAwake({
    blocker: {
      hold() {
        held.push('held');
        return () => held.push('released');
      },
    },
    state: () => ({ turns, settings: settings() }),
  });
  const after = (...statuses: TurnStatus[]) => {
    turns = statuses.map(turn);
    awake.look();
    return held.splice(0);
  };
  expect(after('completed')).toEqual([]);
  expect(after('accepted')).toEqual(['held']);
  expect(after('running', 'running')).toEqual([]);
  expect(after('waiting-for-permission', 'waiting-for-credential')).toEqual(['released']);
  expect(after('running')).toEqual(['held']);
  holdOffSleep = false;
  expect(after('running')).toEqual(['released']);
  holdOffSleep = true;
  expect(after('running')).toEqual(['held']);
  awake.dispose();
  expect(held).toEqual(['released']);
});
