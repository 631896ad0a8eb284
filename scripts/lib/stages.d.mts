export function createStages(now: () => number): {
  time<T>(name: string, work: () => Promise<T>): Promise<T>;
  lines(): string[];
};
