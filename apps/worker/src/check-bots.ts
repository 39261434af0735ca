// Loads the bots' files and says what is wrong with them, one line each; exit code 1 then: node
// apps/worker/src/check-bots.ts
import { resolve } from 'node:path'
import { readBotsConfig } from './config.ts'
import { findBotProblems } from './handlers/load-bots.ts'

const folder = resolve(readBotsConfig().BOTS_DIR)
const problems = await findBotProblems(folder).catch((error: Error) => [error.message])
for (const problem of problems) process.stdout.write(`${problem}\n`)
// Bots may hold the process open: a client, a timer.
process.exit(problems.length > 0 ? 1 : 0)
