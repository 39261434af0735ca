const epochMs = 1_420_070_400_000n

/** An id of Discord's: its time, Unix ms, in the high bits and a number in the low 22. */
export function snowflake(atMs: number, number: number): string {
  return String(((BigInt(atMs) - epochMs) << 22n) + BigInt(number % 4_194_304))
}
