/** What was decoded while something ran. */
export interface DecodingWork {
  /** Text that was parsed, unescaped, split or sorted, and bytes that became text. */
  readonly bytes: number
  readonly calls: number
}

/** A part of a list stands for this many bytes. */
const partBytes = 50

/**
 * Counts what the engine's decoders are given while `run` runs: work is the same on every machine, time is
 * not.
 */
export async function countDecoding(run: () => unknown): Promise<DecodingWork> {
  let [bytes, calls] = [0, 0]
  const restores: (() => void)[] = []
  // biome-ignore lint/suspicious/noExplicitAny: the methods have nothing in common but being functions
  function watch(owner: any, name: string, sizeOf: (self: any, args: any[], result: any) => number): void {
    const original = owner[name] as (...args: unknown[]) => unknown
    owner[name] = function (this: unknown, ...args: unknown[]) {
      const result = original.apply(this, args)
      bytes += sizeOf(this, args, result)
      calls++
      return result
    }
    restores.push(() => {
      owner[name] = original
    })
  }
  watch(JSON, 'parse', (_self, [text]) => String(text).length)
  watch(Buffer.prototype, 'toString', (_self, _args, text) => text.length)
  watch(Buffer, 'from', (_self, [given]) => (typeof given === 'string' ? given.length : 0))
  watch(TextDecoder.prototype, 'decode', (_self, _args, text) => text.length)
  watch(String.prototype, 'replace', self => self.length)
  watch(String.prototype, 'replaceAll', self => self.length)
  watch(String.prototype, 'split', (self, _args, parts) => self.length + partBytes * parts.length)
  watch(URLSearchParams.prototype, 'get', self => partBytes * self.size)
  watch(Array.prototype, 'sort', self => partBytes * self.length)
  try {
    await run()
  } finally {
    for (const restore of restores) restore()
  }
  return { bytes, calls }
}
