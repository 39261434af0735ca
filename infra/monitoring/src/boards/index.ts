import type { Board } from '../board.ts'
import { dataLayer } from './data-layer.ts'
import { oneBot } from './one-bot.ts'
import { overview } from './overview.ts'
import { queues } from './queues.ts'

/** All dashboards, in the order in which one looks at them. */
export const boards: readonly Board[] = [overview, oneBot, queues, dataLayer]
