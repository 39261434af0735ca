// The command line of an operator, a client of the admin API: npm run botyard -- <command> [options]
import { commands } from './commands.ts'
import { runCommand } from './run-command.ts'

process.exitCode = await runCommand(process.argv.slice(2), commands, {
  env: process.env,
  out: text => process.stdout.write(`${text}\n`),
  err: text => process.stderr.write(`${text}\n`),
})
