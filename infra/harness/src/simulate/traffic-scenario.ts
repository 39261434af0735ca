import { join } from 'node:path'
import { choice, file, number, seed } from '../shared/options.ts'
import { stateFolder } from '../shared/paths.ts'
import { defineScenario } from '../shared/scenario.ts'
import { problemsOf } from './ledger.ts'
import { platforms } from './platforms/index.ts'
import { renderProgress, trafficLedger } from './render.ts'
import { readRunningSystem } from './running-system.ts'
import { simulateTraffic } from './simulate-traffic.ts'

const names = Object.keys(platforms)

/** `npm run simulate -- traffic` */
export const traffic = defineScenario({
  summary:
    'sends realistic traffic into the running system and checks that every message is answered once and in order.',
  clean: 'nothing lost, nothing doubled, all in order.',
  endsEarly: true,
  options: {
    rate: number('messages a second', { default: 500, min: 0.1, fractions: true }),
    seconds: number('for how long', { default: 20, min: 0.1, fractions: true }),
    chats: number('chats they come from, some far busier than others', { default: 2_000 }),
    duplicates: number('percent of updates delivered twice', { default: 2, min: 0, fractions: true }),
    platform: choice(names.join(', '), { of: names, default: 'telegram' }),
    seed: seed('the traffic of an earlier run'),
    patience: number('seconds without movement after which what is missing is lost', {
      ...{ default: 15, min: 0.1, fractions: true },
    }),
    run: file('run file of the system', {
      default: () => join(stateFolder(), 'run.json'),
      shown: '.botyard/run.json',
    }),
  },
  notes: `Each platform calls, redelivers and counts its limits as its documentation says; Slack brings mentions twice, and six
platforms the bot's own messages too. The waits of redelivery are cut to a tenth. Where it lets a bot say less than the traffic asks for, fewer messages are sent, and they are spread over
more chats, so that the run ends soon after: Slack and Google Chat take one a second in a channel, Teams too after the
first six, WhatsApp 40 to a user and then one in 6 s, Slack 550 a minute, Zulip 190, GitHub 75. The line "throttled"
counts the sends that the platform refused as too many: aim for 0.`,
  async run({ rate, seconds, chats, duplicates, platform, seed, patience, run }, { say, signal }) {
    const options = {
      ...{ rate, seconds, chats, seed, patienceSeconds: patience, duplicateShare: duplicates / 100 },
      platform: platforms[platform]!,
      run: readRunningSystem(run),
    }
    const listener = {
      onProgress: (second: number, ledger: Parameters<typeof renderProgress>[1]) =>
        say(renderProgress(second, ledger)),
      onWarning: (message: string) => console.error(message),
    }
    const report = await simulateTraffic(options, listener, signal)
    return { ledger: trafficLedger(report), problems: problemsOf(report), facts: { ...report } }
  },
})
