import { expect, test } from 'vitest';
import { createOutflow } from './outflow.ts';

function setUp(maxWaiting: number) {
  const sent: string[] = [];
  let behind = 0;
  const outflow = createOutflow<string>({
    maxWaiting,
    sizeOf: ({ length }) => length,
    send: (message) => void sent.push(message),
    onBehind: () => {
      behind += 1;
    },
  });
  return { outflow, sent, behind: () => behind };
}

test('a client that reads gets everything, however much it is', () => {
  const { outflow, sent, behind } = setUp(20);
  for (let index = 0; index < 1000; index++) {
    outflow.push('ten chars.');
    outflow.read(10);
  }
  expect(sent).toHaveLength(1000);
  expect(behind()).toBe(0);
});

test('one that does not is cut off once, and gets no more until it starts anew', () => {
  const { outflow, sent, behind } = setUp(20);
  for (let index = 0; index < 1000; index++) outflow.push('ten chars.');
  expect(sent).toHaveLength(3);
  expect(behind()).toBe(1);
  // What it reads late does not let events through behind a gap.
  outflow.read(30);
  outflow.push('ten chars.');
  expect(sent).toHaveLength(3);
  outflow.restart();
  outflow.push('ten chars.');
  expect(sent).toHaveLength(4);
});

test('a message over the bound is sent: only what waits is counted', () => {
  const { outflow, sent } = setUp(20);
  outflow.push('x'.repeat(100));
  expect(sent).toHaveLength(1);
});

test('a client that claims to have read more than was sent gains nothing', () => {
  const { outflow, sent } = setUp(20);
  outflow.read(1_000_000);
  for (let index = 0; index < 1000; index++) outflow.push('ten chars.');
  expect(sent).toHaveLength(3);
});
