import { beforeEach, expect, test } from 'vitest';
import type { TurnStatus } from '../../shared/model/run-event.ts';
import { createStateHub } from '../core/api/state-hub.ts';
import { emptyState, TURN_ID } from '../core/api/testing/state.ts';
import { createLeaving } from '../core/upkeep/leaving/leaving.ts';
import { createInterrupt } from './interrupt.ts';

let told: string[];
beforeEach(() => {
  told = [];
});

function serving(status: TurnStatus) {
  const turn = {
    turnId: TURN_ID,
    sessionId: TURN_ID,
    agentId: 'demo',
    model: '',
    projectDir: '/',
    promptPreview: 'the prompt',
    status,
    acceptedAt: 1,
    lastSeq: 1,
  };
  const hub = createStateHub({
    initial: { ...emptyState(), turns: [turn] },
    epoch: 'epoch-1',
    onListenerError: () => {},
  });
  const end = () => told.push('end');
  const leaving = createLeaving({ turns: () => hub.state.turns, end, onChange: () => {} });
  const interrupt = createInterrupt({
    end,
    leaveAtOnce: () => told.push('at once'),
    tell: (running) => told.push(...running.map(({ promptPreview }) => promptPreview)),
  });
  interrupt.serves({ hub, leaving });
  const finish = () => {
    hub.set('turns', [{ ...turn, status: 'completed' }]);
    leaving.look();
  };
  return { ...interrupt, leaving, finish };
}

test('the first Ctrl+C waits for the turns that run and says which, the second stops them, the third leaves', () => {
  const { interrupt } = serving('running');
  interrupt();
  expect(told).toEqual(['the prompt']);
  interrupt();
  expect(told).toEqual(['the prompt', 'end']);
  interrupt();
  expect(told).toEqual(['the prompt', 'end', 'at once']);
});

test('the end comes by itself when the last turn has ended', () => {
  const { interrupt, finish } = serving('running');
  interrupt();
  finish();
  expect(told).toEqual(['the prompt', 'end']);
});

test('what was taken back in the window is asked for anew', () => {
  const { interrupt, leaving } = serving('running');
  interrupt();
  leaving.stay();
  interrupt();
  expect(told).toEqual(['the prompt', 'the prompt']);
});

test('with no turn that runs, or before anything is served, it ends', () => {
  serving('completed').interrupt();
  createInterrupt({ end: () => told.push('early'), leaveAtOnce() {}, tell() {} }).interrupt();
  expect(told).toEqual(['end', 'early']);
});

test('SIGTERM stops what runs', () => {
  serving('running').terminate();
  expect(told).toEqual(['end']);
});
