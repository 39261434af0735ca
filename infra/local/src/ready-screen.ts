import { relative } from 'node:path'
import { repository } from './config.ts'
import type { RunFile } from './run-file.ts'
import type { StateFolder } from './state-folder.ts'
import type { Terminal } from './terminal.ts'

/** Tells that all is up: where it is, what to try first, where to look. */
export function showReadyScreen(
  terminal: Terminal,
  {
    run,
    folder,
    webhookSecret,
    seconds,
  }: { run: RunFile; folder: StateFolder; webhookSecret: string; seconds: string },
): void {
  const { bold, dim, green } = terminal
  const path = (file: string) => (file.startsWith(`${repository}/`) ? relative(repository, file) : file)
  const rows = [
    ['gateway', `${run.gatewayUrl}/hooks/telegram/<bot>`],
    ['admin', `${run.adminUrl}/api/v1/bots  ${dim(`token: adminToken in ${path(folder.run)}`)}`],
    ['logs', path(folder.logs)],
    ['status', `npm run status          ${dim('backlog and rates')}`],
    ['traffic', `npm run simulate        ${dim('realistic load, with a ledger at the end')}`],
  ]
  terminal.line()
  terminal.line(`  ${green('●')} ${bold('Botyard is ready')} ${dim(`(${seconds} s)`)}`)
  terminal.line()
  for (const [name, value] of rows) terminal.line(`    ${dim(name!.padEnd(9))}${value}`)
  terminal.line()
  terminal.line(`  ${bold('Say hello to the echo bot')} ${dim('(its reply appears below):')}`)
  terminal.line()
  terminal.line(helloCommand(run.gatewayUrl, webhookSecret))
  terminal.line()
  terminal.line(`  ${dim('Ctrl-C stops everything; your data stays. npm start -- --reset begins anew.')}`)
  terminal.line()
}

/** One line for any POSIX shell; the time as update id makes every paste a new update rather than a redelivery. */
function helloCommand(gatewayUrl: string, webhookSecret: string): string {
  const message = `"message_id":1,"date":0,"chat":{"id":42,"type":"private"},"from":{"id":42,"is_bot":false,"first_name":"You"},"text":"hello"`
  return `curl -sS '${gatewayUrl}/hooks/telegram/echo' -H 'content-type: application/json' -H 'x-telegram-bot-api-secret-token: ${webhookSecret}' -d '{"update_id":'$(date +%s)',"message":{${message}}}'`
}
