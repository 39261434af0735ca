/** Resolves to whether something resolved within `ms`; its own rejection passes through. */
export async function isInTime(something: Promise<unknown>, ms: number): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(resolve, ms, false)
  try {
    return await Promise.race([something.then(() => true), late])
  } finally {
    clearTimeout(timer)
  }
}
