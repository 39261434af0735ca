import { connect, type Socket } from 'node:net'
import type { TestContext } from 'node:test'

/** Connections on which a call never comes to its end. */
export interface SlowCalls {
  /** The first line that each was answered with, when all have been closed by the other side. */
  readonly ended: Promise<string[]>
  /** How many have been closed by the other side without a word. */
  refused(): number
}

/** Opens them, half with unfinished headers, half with an unfinished body, and goes on sending nothing. */
export async function openSlowCalls(
  t: TestContext,
  port: number,
  count: number,
  from?: string,
): Promise<SlowCalls> {
  let refused = 0
  const sockets: Socket[] = []
  const ends: Promise<string>[] = []
  t.after(() => {
    for (const socket of sockets) socket.destroy()
  })
  for (let i = 0; i < count; i++) {
    const socket = connect({ port, host: '127.0.0.1', ...(from !== undefined && { localAddress: from }) })
    let text = ''
    socket.on('error', () => undefined)
    socket.setEncoding('utf8').on('data', chunk => {
      text += chunk
    })
    ends.push(
      new Promise(resolve => socket.once('close', resolve)).then(() => {
        if (text === '') refused++
        return text.split('\r\n')[0]!
      }),
    )
    await new Promise(resolve => socket.once('connect', resolve).once('close', resolve))
    const body = i % 2 === 0 ? '' : 'content-length: 1000\r\n\r\n{'
    socket.write(`POST /hooks/telegram/echo HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n${body}`)
    sockets.push(socket)
  }
  return { ended: Promise.all(ends), refused: () => refused }
}
