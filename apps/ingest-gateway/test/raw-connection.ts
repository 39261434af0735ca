import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** A connection that one speaks HTTP/1.1 on by hand, to see what happens to the connection itself. */
export interface RawConnection {
  write(text: string): void
  /** Closes our side. */
  end(): void
  /** Resolves to all that was received, once it matches. */
  received(match: RegExp): Promise<string>
  /** Resolves to all that was received, when the other side has closed. */
  closed: Promise<string>
}

/** Opens a connection to a port of this machine. */
export async function openRaw(t: { after(hook: () => unknown): void }, port: number): Promise<RawConnection> {
  const socket: Socket = connect(port, '127.0.0.1')
  t.after(() => socket.destroy())
  let text = ''
  socket.on('data', chunk => {
    text += chunk
  })
  await once(socket, 'connect')
  const closed = once(socket, 'close').then(() => text)
  return {
    write: data => void socket.write(data),
    end: () => void socket.end(),
    closed,
    async received(match) {
      while (!match.test(text)) await once(socket, 'data')
      return text
    },
  }
}

/** A call as it goes over the wire. */
export function wire(call: { url: string; headers: Record<string, string>; payload: string }): string {
  const headers = Object.entries({
    host: 'x',
    ...call.headers,
    'content-length': String(call.payload.length),
  })
  return `POST ${call.url} HTTP/1.1\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${call.payload}`
}
