export const ROOMS: Readonly<Record<string, readonly (readonly [room: string, purpose: string])[]>>;
export const ROOM_ORDER: Readonly<Record<string, readonly string[]>>;
export function roomOf(file: string): { readonly wall: string; readonly room: string } | undefined;
export function judgeImport(file: string, target: string): string | undefined;
