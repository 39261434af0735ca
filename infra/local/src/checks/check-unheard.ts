// Says where an error that nobody hears could end a process. A step of `npm run check`.
import { repository } from '../config.ts'
import { findAllUnheard } from './unheard/find-all.ts'

const { found } = findAllUnheard(repository)
for (const { place, what } of found) process.stdout.write(`${place}  ${what}\n`)
process.exitCode = found.length > 0 ? 1 : 0
