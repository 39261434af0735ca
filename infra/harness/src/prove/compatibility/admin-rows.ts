import { telegramToken } from '../../shared/apps.ts'

/** An admin app, and who asks. */
export interface AdminCall {
  readonly url: string
  readonly token: string
}

/** The bot whose handler throws, so that there is a dead letter. */
const failing = 'fails'
const secret = 'correct-horse-battery-staple'
const settings = { concurrency: 77 }

/** Asks the admin app; throws for anything but a 2xx. */
async function callAdmin<Answer>(
  { url, token }: AdminCall,
  method: string,
  path: string,
  body?: object,
): Promise<Answer> {
  const answer = await fetch(new URL(`/api/v1/${path}`, url), {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  })
  if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as Answer
}

/** Adds a bot that fails, and sends it one message. */
export async function failOnce(admin: AdminCall, gatewayUrl: string): Promise<void> {
  const credentials = { token: telegramToken(9), webhookSecret: secret, apiRoot: 'http://127.0.0.1:9' }
  const bot = { id: failing, platform: 'telegram', handler: failing, credentials, settings: { tries: 1 } }
  await callAdmin(admin, 'POST', 'bots', bot)
  const from = { id: 5, is_bot: false, first_name: 'Ada' }
  const message = { message_id: 1, date: 1, chat: { id: 5, type: 'private' }, from, text: 'hello' }
  const answer = await fetch(`${gatewayUrl}/hooks/telegram/${failing}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret },
    body: JSON.stringify({ update_id: 1, message }),
  })
  if (!answer.ok) throw new Error(`The update for the dead letter was answered ${answer.status}`)
}

/**
 * Reads with this admin app what the one before wrote: bots, a dead letter and its sealed error; and changes
 * the settings of every bot, which the apps of the release before must live with. Answers what is wrong.
 */
export async function checkAdmin(admin: AdminCall, platforms: readonly string[]): Promise<string[]> {
  const { bots } = await callAdmin<{ bots: { id: string; platform: string }[] }>(admin, 'GET', 'bots')
  const problems = platforms
    .filter(name => !bots.some(bot => bot.platform === name && bot.id !== failing))
    .map(name => `the admin app of this build does not list the bot of ${name}`)
  for (const { id } of bots) {
    await callAdmin(admin, 'PATCH', `bots/${id}`, { settings })
    const { settings: stored } = await callAdmin<{ settings: object }>(admin, 'GET', `bots/${id}`)
    if (JSON.stringify(stored) !== JSON.stringify(settings))
      problems.push(`the settings of ${id} were not kept`)
  }
  const { deadLetters } = await callAdmin<{ deadLetters: { id: string }[] }>(
    ...([admin, 'GET', `dead-letters?bot=${failing}`] as const),
  )
  const [letter] = deadLetters
  if (letter === undefined) return [...problems, 'the dead letter of the release before is not listed']
  const query = new URLSearchParams({ id: letter.id })
  const { error } = await callAdmin<{ error: string | null }>(admin, 'GET', `dead-letters/error?${query}`)
  if (!error?.includes('this bot fails')) problems.push(`the sealed error of the dead letter reads: ${error}`)
  return problems
}
