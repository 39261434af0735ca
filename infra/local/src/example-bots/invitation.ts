import type { RunFile } from '../state/run-file.ts'
import type { ExampleCredentials, Examples, KnownBot } from './prepare-examples.ts'

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

/**
 * Invites to greet an example bot; without one to add a bot that runs the user's code, one that is for
 * Telegram if they are for several platforms; or to write one.
 */
export function invite({ bots, handlers, known }: Examples, context: InvitationContext): Invitation {
  const canSimulate = handlers.includes('echo')
  const [bot] = bots
  if (bot !== undefined) {
    const commands = [helloCommand(bot, context)]
    return { title: `Say hello to the ${bot} bot`, note: '(its reply appears below):', commands, canSimulate }
  }
  const own = known.filter(({ id }) => !isTrial(id))
  const platformsOf = (handler: string) =>
    own.filter(one => one.handler === handler).map(({ platform }) => platform)
  const isForTelegram = (handler: string) => platformsOf(handler).every(platform => platform === 'telegram')
  const handler = handlers.find(isForTelegram)
  if (handler !== undefined) {
    const trial = freeTrial(known)
    const commands = [addCommand(handler, trial, context), helloCommand(trial.id, context)]
    const others = handlers.length > 1 ? `, one of ${handlers.join(', ')}` : ''
    const title = `Add a Telegram bot that runs your ${handler}${others}, and say hello to it`
    return { title, note: '(its reply appears below):', commands, canSimulate }
  }
  const elsewhere = own.find(one => handlers.includes(one.handler))
  if (elsewhere !== undefined) {
    const { id, platform } = elsewhere
    const note = `docs/platform-setup.md has a call that plays ${platform} against this stack.`
    return { title: `Your bot ${id} runs on ${platform}:`, note, commands: [], canSimulate }
  }
  const note = `put one into ${context.botsDir} and start again, see "Your first bot" in the README.`
  return { title: 'There is no bot to talk to:', note, commands: [], canSimulate }
}

/** A bot that the user is asked to add: never one of theirs. */
interface Trial {
  readonly id: string
  /** By an earlier run. */
  readonly exists: boolean
}

function isTrial(id: string): boolean {
  return /^trial(-\d+)?$/.test(id)
}

/** The first id of a trial that is free, or an earlier run's. */
function freeTrial(known: readonly KnownBot[]): Trial {
  for (let n = 1; ; n++) {
    const id = n === 1 ? 'trial' : `trial-${n}`
    const bot = known.find(one => one.id === id)
    if (bot === undefined || bot.platform === 'telegram') return { id, exists: bot !== undefined }
  }
}

/**
 * The token is read when the line is pasted: it belongs into a file that only its owner may read, not on a
 * screen.
 */
function addCommand(
  handler: string,
  { id, exists }: Trial,
  { run, runFile, credentials }: InvitationContext,
): string {
  const token = `$(node -p 'require(process.argv[1]).adminToken' ${quoted(runFile)})`
  const headers = `-H "authorization: Bearer ${token}" -H 'content-type: application/json'`
  const bots = `${run.adminUrl}/api/v1/bots`
  // An earlier run's has that run's Bot API, which is gone, and perhaps another handler.
  return exists
    ? `curl -sS -X PATCH '${bots}/${id}' ${headers} -d ${quoted(JSON.stringify({ handler, credentials }))}`
    : `curl -sS '${bots}' ${headers} -d ${quoted(JSON.stringify({ id, platform: 'telegram', handler, credentials }))}`
}

/** The time as update id makes every paste a new update rather than a redelivery. */
function helloCommand(bot: string, { run, credentials }: InvitationContext): string {
  const message = `"message_id":1,"date":0,"chat":{"id":42,"type":"private"},"from":{"id":42,"is_bot":false,"first_name":"You"},"text":"hello"`
  return `curl -sS '${run.gatewayUrl}/hooks/telegram/${bot}' -H 'content-type: application/json' -H 'x-telegram-bot-api-secret-token: ${credentials.webhookSecret}' -d '{"update_id":'$(date +%s)',"message":{${message}}}'`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
