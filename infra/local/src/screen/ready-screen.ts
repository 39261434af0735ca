import { relative } from 'node:path'
import { repository } from '../config.ts'
import type { Invitation } from '../example-bots/invitation.ts'
import type { RunFile } from '../state/run-file.ts'
import type { StateFolder } from '../state/state-folder.ts'
import type { Terminal } from './terminal.ts'

/** Tells that all is up: where it is, what to try first, where to look. */
export function showReadyScreen(
  terminal: Terminal,
  {
    run,
    folder,
    invitation,
    seconds,
  }: { run: RunFile; folder: StateFolder; invitation: Invitation; seconds: string },
): void {
  const { bold, dim, green } = terminal
  const path = (file: string) => (file.startsWith(`${repository}/`) ? relative(repository, file) : file)
  const rows = [
    ['gateway', `${run.gatewayUrl}/hooks/telegram/<bot>`],
    ['admin', `${run.adminUrl}/api/v1/bots  ${dim(`token: adminToken in ${path(folder.run)}`)}`],
    ['logs', path(folder.logs)],
    ['status', `npm run status          ${dim('backlog and rates')}`],
    ...(invitation.canSimulate
      ? [['traffic', `npm run simulate        ${dim('realistic load, with a ledger at the end')}`]]
      : []),
  ]
  terminal.line()
  terminal.line(`  ${green('●')} ${bold('Botyard is ready')} ${dim(`(${seconds} s)`)}`)
  terminal.line()
  for (const [name, value] of rows) terminal.line(`    ${dim(name!.padEnd(9))}${value}`)
  terminal.line()
  terminal.line(`  ${bold(invitation.title)} ${dim(invitation.note)}`)
  terminal.line()
  for (const command of invitation.commands) terminal.line(command)
  if (invitation.commands.length > 0) terminal.line()
  terminal.line(`  ${dim('Ctrl-C stops everything; your data stays. npm start -- --reset begins anew.')}`)
  terminal.line()
}
