import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { Acknowledgements } from './acknowledgements.ts'
import { acknowledgementChannel } from './keys.ts'

/**
 * Takes what other processes acknowledge to this one. What is missed while Redis is away, the writer finds in
 * the state.
 */
export function listenForAcknowledgements(options: {
  subscriber: Redis
  namespace: string
  writer: string
  acknowledgements: Acknowledgements
  logger: Logger
}): () => Promise<void> {
  const { subscriber, namespace, writer, acknowledgements, logger } = options
  const mine = acknowledgementChannel(namespace, writer)
  const onMessage = (channel: string, message: string) => {
    if (channel !== mine) return
    try {
      const [generation, member, number] = message.split(' ') as [string, string, string]
      acknowledgements.heard(generation, member, Number(number))
    } catch (err) {
      logger.warn({ err }, 'cache acknowledgement not readable')
    }
  }
  const subscribe = () => {
    subscriber.subscribe(mine).catch(err => logger.warn({ err }, 'cache acknowledgements not subscribed'))
  }
  subscriber.on('message', onMessage)
  subscriber.on('ready', subscribe)
  if (subscriber.status === 'ready') subscribe()
  return async () => {
    subscriber.off('message', onMessage)
    subscriber.off('ready', subscribe)
    if (subscriber.status === 'ready') await subscriber.unsubscribe(mine).catch(() => undefined)
  }
}
