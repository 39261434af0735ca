import type { RunFile } from '../state/run-file.ts'
import { type ExampleCredentials, type Examples, trialBot } from './prepare-examples.ts'

/** What the ready screen invites to: commands are lines for any POSIX shell that work as pasted. */
export interface Invitation {
  readonly title: string
  readonly note: string
  readonly commands: readonly string[]
  /** `npm run simulate` brings bots of its own, which run the example's code. */
  readonly canSimulate: boolean
}

/** Where the stack is, and what the example bots are registered with. */
export interface InvitationContext {
  readonly run: Pick<RunFile, 'gatewayUrl' | 'adminUrl'>
  readonly runFile: string
  readonly botsDir: string
  readonly credentials: ExampleCredentials
}

/** Invites to greet an example bot; without one to add a bot that runs the user's code, or else to write one. */
export function invite({ bots, handlers, trialExists }: Examples, context: InvitationContext): Invitation {
  const canSimulate = handlers.includes('echo')
  const [bot] = bots
  const [handler] = handlers
  if (bot !== undefined) {
    const commands = [helloCommand(bot, context)]
    return { title: `Say hello to the ${bot} bot`, note: '(its reply appears below):', commands, canSimulate }
  }
  if (handler !== undefined) {
    const commands = [addCommand(handler, trialExists, context), helloCommand(trialBot, context)]
    const title = `Add a bot that runs your ${handler}, and say hello to it`
    return { title, note: '(its reply appears below):', commands, canSimulate }
  }
  const note = `put one into ${context.botsDir} and start again, see "Your first bot" in the README.`
  return { title: 'There is no bot to talk to:', note, commands: [], canSimulate }
}

/** The token is read when the line is pasted: it belongs into a file that only its owner may read, not on a screen. */
function addCommand(handler: string, exists: boolean, { run, runFile, credentials }: InvitationContext): string {
  const token = `$(node -p 'require(process.argv[1]).adminToken' ${quoted(runFile)})`
  const headers = `-H "authorization: Bearer ${token}" -H 'content-type: application/json'`
  const bots = `${run.adminUrl}/api/v1/bots`
  // An earlier run's has that run's Bot API, which is gone, and perhaps another handler.
  return exists
    ? `curl -sS -X PATCH '${bots}/${trialBot}' ${headers} -d ${quoted(JSON.stringify({ handler, credentials }))}`
    : `curl -sS '${bots}' ${headers} -d ${quoted(JSON.stringify({ id: trialBot, platform: 'telegram', handler, credentials }))}`
}

/** The time as update id makes every paste a new update rather than a redelivery. */
function helloCommand(bot: string, { run, credentials }: InvitationContext): string {
  const message = `"message_id":1,"date":0,"chat":{"id":42,"type":"private"},"from":{"id":42,"is_bot":false,"first_name":"You"},"text":"hello"`
  return `curl -sS '${run.gatewayUrl}/hooks/telegram/${bot}' -H 'content-type: application/json' -H 'x-telegram-bot-api-secret-token: ${credentials.webhookSecret}' -d '{"update_id":'$(date +%s)',"message":{${message}}}'`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
