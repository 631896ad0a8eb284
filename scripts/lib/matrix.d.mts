export interface MatrixRow {
  readonly providerId: string;
  readonly agentId?: string;
  readonly result: 'passed' | 'failed' | 'not run';
  /** Of what did not run. */
  readonly reason?: string;
}

export const PAIR: 'provider-agent';
export function pairsIn(resources: string): { providerId: string; agentId: string | undefined }[];
export function matrixOf(
  pairs: readonly { providerId: string; agentId: string | undefined }[],
  playwright: unknown,
): MatrixRow[];
export function matrixLines(rows: readonly MatrixRow[]): string[];
