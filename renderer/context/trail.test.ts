import { expect, test } from 'vitest';
import { HOME, type Route } from './route.ts';
import { follow, trailTo, wayBack } from './trail.ts';

const TURN = '7d9f2a52-6f3c-4a3e-9f57-5d0f3c3a9f10';
const session = (turnId: string): Route => ({ view: 'session', turnId });
const log: Route = { view: 'log', log: `session:${TURN}`, turnId: 'a' };
const runner: Route = { view: 'log', log: 'runner' };
const settings = (page: 'agents' | 'runner'): Route => ({ view: 'settings', page });

/** Where *Back* leads after each of these was gone to. */
function backAfter(start: Route, ...routes: readonly Route[]): Route {
  return wayBack(routes.reduce(follow, trailTo(start)));
}

test.each([
  ['home has nothing before it', HOME, [], HOME],
  ['a conversation leads home', HOME, [session('a')], HOME],
  ['its log leads to it', HOME, [session('a'), log], session('a')],
  ['and back there, it leads home again', HOME, [session('a'), log, session('a')], HOME],
  ['another log in between changes nothing', HOME, [session('a'), log, runner], session('a')],
  ['settings lead to where they were opened', HOME, [session('a'), settings('agents')], session('a')],
  ['whatever page of them', HOME, [session('a'), settings('agents'), settings('runner')], session('a')],
  [
    'the log of a page of them leads to the page',
    HOME,
    [settings('agents'), settings('runner'), runner],
    settings('runner'),
  ],
  ['a follow-up takes the place of the turn before', HOME, [session('a'), session('b'), log], session('b')],
  ['a log that was opened by its address leads to its conversation', log, [], session('a')],
  ['and then home', log, [session('a')], HOME],
  ['a log of no conversation leads home', runner, [], HOME],
] as const)('%s', (_, start, routes, expected) => {
  expect(backAfter(start, ...(routes as readonly Route[]))).toEqual(expected);
});
