/** The first moment of Discord's ids: 1 January 2015. */
const epochMs = 1_420_070_400_000

/**
 * When a snowflake was made, Unix ms (https://discord.com/developers/docs/reference#snowflakes); undefined if
 * it is none.
 */
export function timeOfSnowflake(id: string): number | undefined {
  if (!/^[0-9]{15,20}$/.test(id)) return undefined
  return Number(BigInt.asUintN(64, BigInt(id)) >> 22n) + epochMs
}
