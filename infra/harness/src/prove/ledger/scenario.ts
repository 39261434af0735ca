import { choices, number, seed } from '../../shared/options.ts'
import { defineScenario } from '../../shared/scenario.ts'
import { renderCount } from '../../shared/statistics.ts'
import { platforms } from '../../simulate/platforms/index.ts'
import { faultNames } from './faults.ts'
import { runLedger } from './run-ledger.ts'

const names = Object.keys(platforms)

/** `npm run prove -- ledger` */
export const ledger = defineScenario({
  summary:
    'runs two gateways behind HAProxy, two workers, Redis under sentinels and two shards with standbys, breaks or replaces every kind of process in turn while platforms write, and closes the books.',
  clean: 'accepted = handled = answered, in order, and doubled only where the send was marked uncertain.',
  notes: 'HAProxy must be installed (Debian: apt-get install haproxy).',
  options: {
    platforms: choices('who writes', { of: names, all: 'all', default: 'telegram,whatsapp,line' }),
    rate: number('messages a second of each platform', { default: 30 }),
    chats: number('chats of each platform', { default: 300 }),
    faults: choices('which faults', { of: faultNames, all: 'all' }),
    rounds: number('how often each fault comes', { default: 2 }),
    rest: number('seconds between two faults', { default: 8 }),
    seed: seed('the faults and the traffic of an earlier run'),
  },
  async run({ rest: restSeconds, ...options }, { say }) {
    const { traffic, faults, marked, deadLetters, problems } = await runLedger(
      { ...options, restSeconds },
      say,
    )
    const sum = (of: (report: (typeof traffic)[number]) => number) =>
      renderCount(traffic.reduce((all, report) => all + of(report), 0))
    return {
      ledger: {
        accepted: sum(({ accepted }) => accepted),
        handled: sum(({ handled }) => handled),
        answered: sum(({ replied, duplicated }) => replied - duplicated),
        lost: sum(({ lost }) => lost),
        'out of order': sum(({ outOfOrder }) => outOfOrder),
        doubled: sum(({ duplicated }) => duplicated),
        'marked uncertain': marked,
        'dead letters': JSON.stringify(deadLetters),
      },
      table: {
        head: ['fault', 'longest pause, s'],
        rows: faults.map(({ fault, pauseMs }) => [fault, (pauseMs / 1000).toFixed(1)]),
      },
      problems,
      facts: { traffic: traffic.map(report => ({ ...report })), faults, marked, deadLetters },
    }
  },
})
