import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the example bots: a `BOTS_DIR` for tests. */
export const exampleBots = dirname(fileURLToPath(import.meta.resolve('@botyard/example-bots/echo')))
