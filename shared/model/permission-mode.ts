import { z } from 'zod';

/** `plan`: looks and plans, changes nothing. `ask`: asks before it changes something. `execute`: does not ask. */
export const PERMISSION_MODES = ['plan', 'ask', 'execute'] as const;
export const permissionModeSchema = z.enum(PERMISSION_MODES);
export type PermissionMode = z.infer<typeof permissionModeSchema>;

/** The permission mode of a turn without a choice. */
export const DEFAULT_PERMISSION_MODE: PermissionMode = 'ask';
