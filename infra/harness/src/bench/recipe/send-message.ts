import { request } from 'undici'

/**
 * Sends a text by the Bot API, on undici's own pool of connections; throws unless Telegram took it, so that
 * the job is tried again.
 */
export async function sendMessage(botUrl: string, chatId: number, text: string): Promise<void> {
  const { statusCode, body } = await request(`${botUrl}/sendMessage`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ chat_id: chatId, text }),
  })
  const answer = (await body.json()) as { ok: boolean; description?: string }
  if (!answer.ok) throw new Error(`sendMessage was answered ${statusCode}: ${answer.description}`)
}
