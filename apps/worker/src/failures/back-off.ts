/**
 * How long a failed entry waits: 0.5 s doubling up to a minute, give or take a fifth, so that what failed
 * together does not return together.
 */
export function backOffMs(tries: number): number {
  return Math.min(500 * 2 ** tries, 60_000) * (0.8 + Math.random() * 0.4)
}
