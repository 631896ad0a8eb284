export function hasAllOfLock(folder: string): boolean;
