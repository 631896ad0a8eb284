import type { Recovery, RecoveryArea } from '../../../../../shared/model/recovery.ts';
import { RECOVERY_AREAS } from '../../../../../shared/model/recovery.ts';

/** The rows of one table that came over. */
export interface TableFinding {
  readonly table: string;
  readonly kept: number;
  /** True when no part of the table was unreadable, as far as that can be told. */
  readonly whole: boolean;
}

const AREA_OF: Readonly<Record<string, RecoveryArea>> = {
  turn: 'conversations',
  run_event: 'conversations',
  turn_transcript: 'conversations',
  agent_session: 'conversations',
  credential: 'credentials',
  credential_renewal: 'credentials',
  credential_arrival: 'credentials',
  keychain_leftover: 'credentials',
  variable: 'variables',
  variable_leftover: 'variables',
};

/** The tables whose rows people count. */
const COUNTED: Readonly<Partial<Record<RecoveryArea, string>>> = {
  conversations: 'turn',
  credentials: 'credential',
  variables: 'variable',
};

/** Pure. Without findings nothing at all could be read. */
export function areasOf(findings: readonly TableFinding[]): Recovery['areas'] {
  return RECOVERY_AREAS.map((area) => {
    const tables = findings.filter(({ table }) => (AREA_OF[table] ?? 'settings') === area);
    const counted = tables.filter(({ table }) => COUNTED[area] === undefined || table === COUNTED[area]);
    const kept = counted.reduce((sum, finding) => sum + finding.kept, 0);
    const whole = tables.length > 0 && tables.every((finding) => finding.whole);
    return { area, kept, state: whole ? 'whole' : kept > 0 ? 'partly' : 'nothing' };
  });
}
