import { createTargetGuard } from '@botyard/service-kit'
import { createDownloads } from '../../src/handlers/download.ts'

/*
 * Reads the lines of its argument, an address, and tells its parent how many came in order and how many bytes
 * were in memory at most. A process of its own, because the test runner watches every promise, which takes
 * ten times the time and the memory.
 */
const { dispatcher } = createTargetGuard({ allow: ['127.0.0.0/8'] })
const inMemory = () => process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers
const before = inMemory()
let lines = 0
let max = 0
const file = createDownloads(dispatcher)(process.argv[2]!, { signal: new AbortController().signal })
for await (const line of file.lines()) {
  if (Number.parseInt(line, 10) !== lines) throw new Error(`line ${lines} is ${line}`)
  if (++lines % 50_000 === 0) max = Math.max(max, inMemory() - before)
}
process.send?.({ lines, max }, () => process.exit())
