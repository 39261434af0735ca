import { Agent } from 'undici'

/** An agent that no one ever answers: what is tried ends in `ECONNREFUSED`, before a byte left. */
export function nowhere(): Agent {
  const connect = (_options: unknown, callback: (error: Error, socket: null) => void) =>
    callback(Object.assign(new Error('nowhere'), { code: 'ECONNREFUSED' }), null)
  return new Agent({ connect: connect as never })
}
