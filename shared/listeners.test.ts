import { expect, test } from 'vitest';
import { createListeners } from './listeners.ts';

test('every listener hears of the event, with what it carries', () => {
  const listeners = createListeners<[string, number]>();
  const heard: string[] = [];
  listeners.add((text, count) => heard.push(`a ${text} ${count}`));
  listeners.add((text, count) => heard.push(`b ${text} ${count}`));
  listeners.notify('x', 1);
  expect(heard).toEqual(['a x 1', 'b x 1']);
  expect(listeners.size).toBe(2);
});

test('one listener that was added twice is called twice, and each removal takes one away', () => {
  const listeners = createListeners();
  let calls = 0;
  const listener = () => void calls++;
  const remove = listeners.add(listener);
  listeners.add(listener);
  listeners.notify();
  remove();
  remove();
  listeners.notify();
  expect(calls).toBe(3);
});

test('a listener may remove itself, or another one that was not called yet', () => {
  const listeners = createListeners();
  const heard: string[] = [];
  const removeFirst = listeners.add(() => {
    heard.push('first');
    removeFirst();
    removeSecond();
  });
  const removeSecond = listeners.add(() => heard.push('second'));
  listeners.add(() => heard.push('third'));
  listeners.notify();
  expect(heard).toEqual(['first', 'third']);
});

test('a listener that is added by another one waits for the next event', () => {
  const listeners = createListeners();
  let late = 0;
  listeners.add(() => void listeners.add(() => void late++));
  listeners.notify();
  expect(late).toBe(0);
  listeners.notify();
  expect(late).toBe(1);
});

test('a listener that throws keeps the event from no other, and its error is not swallowed', () => {
  const listeners = createListeners();
  let called = false;
  listeners.add(() => {
    throw new Error('first');
  });
  listeners.add(() => {
    throw new Error('second');
  });
  listeners.add(() => {
    called = true;
  });
  expect(() => listeners.notify()).toThrow('first');
  expect(called).toBe(true);
});
