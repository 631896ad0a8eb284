/**
 * An agent asks for this host by itself, and nobody waits for it. Pure.
 * @param host in canonical text
 * @param isToolRunning the one that asks may then be a command of the model's, which the user waits for
 */
export function isOwnTraffic(hosts: readonly string[], host: string, isToolRunning: boolean): boolean {
  return !isToolRunning && hosts.some((own) => (own.startsWith('*.') ? host.endsWith(own.slice(1)) : own === host));
}
