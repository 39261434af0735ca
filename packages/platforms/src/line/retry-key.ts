import { hash } from 'node:crypto'

/**
 * The `X-Line-Retry-Key` of a message: a UUID (of version 8, a hash) that is the same at every try, on any
 * machine.
 */
export function retryKey(bot: string, message: string): string {
  const hex = hash('sha256', `${bot} ${message}`)
  const variant = ((Number.parseInt(hex[16]!, 16) & 3) | 8).toString(16)
  const groups = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ]
  return groups.join('-')
}
