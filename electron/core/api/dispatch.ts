import type { z } from 'zod';
import {
  type Caller,
  type CoreHandlers,
  contract,
  isMethodName,
  type MethodName,
  type Params,
  type Result,
} from '../../../shared/contract/methods.ts';
import { PerchError } from '../../../shared/errors/perch-error.ts';
import type { LogWriter } from '../storage/logs/log-store.ts';

/** The parts that a transport needs to answer a call. */
export interface Dispatchable {
  readonly handlers: CoreHandlers;
  /** The core's own log: an INTERNAL answer says nothing, its cause is here. */
  readonly log: LogWriter;
}

/** Methods that a window may not call. The window gets the same answer as for a method that does not exist. */
const COMMAND_LINE_ONLY: ReadonlySet<MethodName> = new Set<MethodName>(['host.windowUrl', 'sandbox.run']);

/** @throws PerchError METHOD_NOT_FOUND, byte for byte the same for a method that is missing and one that is forbidden */
export function permittedMethod(caller: Caller, method: string): MethodName {
  if (!isMethodName(method) || (caller.kind !== 'command-line' && COMMAND_LINE_ONLY.has(method))) {
    throw new PerchError('METHOD_NOT_FOUND');
  }
  return method;
}

/**
 * Answers one call of a client: who calls, what they said, the handler, what it answers.
 * @throws PerchError always: METHOD_NOT_FOUND, INVALID_PARAMS (`where` is a path, never a value), the handler's own,
 * or INTERNAL for anything that was not meant for a person
 */
export async function dispatch(
  app: Dispatchable,
  caller: Caller,
  method: string,
  params: unknown,
): Promise<Result<MethodName>> {
  const known = permittedMethod(caller, method);
  // A connection answers this one itself; without one there is nowhere to send events to.
  if (known === 'events.subscribe') throw new PerchError('METHOD_NOT_FOUND');
  return await answer(app, known, params, (checked) => {
    // The table is typed method by method; a method known only at run time has the union of all.
    const handler = app.handlers[known] as (params: unknown, caller: Caller) => Promise<Result<MethodName>>;
    return handler(checked, caller);
  });
}

/** Checks the params, runs, checks the result. Every error that leaves is a PerchError. */
export async function answer<M extends MethodName>(
  app: Pick<Dispatchable, 'log'>,
  method: M,
  params: unknown,
  run: (params: Params<M>) => unknown,
): Promise<Result<M>> {
  const checked = contract[method].params.safeParse(params === undefined ? {} : params);
  if (!checked.success) throw new PerchError('INVALID_PARAMS', { where: whereOf('params', checked.error) });
  try {
    const result = contract[method].result.safeParse(await run(checked.data as Params<M>));
    if (result.success) return result.data as Result<M>;
    throw new Error(`the result breaks the contract at ${whereOf('result', result.error)}`);
  } catch (error) {
    if (error instanceof PerchError) throw error;
    app.log.write({ level: 'error', source: 'api', message: `${method}: ${describe(error)}` });
    throw new PerchError('INTERNAL', {}, { cause: error });
  }
}

/** The path of the first problem, made of the schema's own keys: what the caller said is not in it. */
function whereOf(root: string, error: z.ZodError): string {
  const path = error.issues[0]?.path ?? [];
  return [root, ...path.map(String)].join('.').slice(0, 200);
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by ${describe(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
