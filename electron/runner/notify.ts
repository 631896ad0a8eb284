import type { RunnerNotificationName, RunnerNotificationParams } from '../../shared/runner-protocol/protocol.ts';

export type Notify = <N extends RunnerNotificationName>(name: N, params: RunnerNotificationParams<N>) => void;
