import type { OutboundMessage } from '@botyard/queue-contracts'

/** One thing that a handler said. */
export type Reply = Pick<OutboundMessage, 'action' | 'text' | 'native' | 'message'>
