import { type Board, perSecond, quantiles } from '../board.ts'

const ofBot = '{bot="$bot"}'
/** A bot for which nothing waits is not among those that are told. */
const nothingWaits = ['inbox', 'outbox']
  .map(box => ` or label_replace(vector(0), "box", "${box}", "", "")`)
  .join('')
const ofPlatform = '{platform=~"$platform"}'

/**
 * One bot. Only a few metrics know bots, so that ten thousand of them cost Prometheus nothing: the rest is
 * its platform's.
 */
export const oneBot: Board = {
  uid: 'botyard-one-bot',
  title: 'Botyard: one bot',
  description: 'What is known of one bot, and of its platform. Its log lines have the field "bot".',
  variables: [
    {
      name: 'bot',
      label: 'Bot',
      query:
        'label_values({__name__=~"botyard_waiting_updates_of_bot|botyard_bot_unhealthy|botyard_bot_without_handler|botyard_last_heard_seconds"}, bot)',
    },
    {
      name: 'platform',
      label: 'Platform',
      query: 'label_values(botyard_updates_received_total, platform)',
      all: true,
    },
  ],
  rows: [
    {
      title: 'The bot',
      panels: [
        {
          kind: 'lines',
          title: 'Waiting',
          says: 'Updates and replies; a bot is here while it is among the 50 with most of them.',
          unit: 'short',
          badFrom: 5000,
          queries: [
            {
              expr: `max by (box) (botyard_waiting_updates_of_bot${ofBot})${nothingWaits}`,
              legend: '{{box}}',
            },
          ],
        },
        {
          kind: 'lines',
          title: 'Oldest entry',
          says: 'Parked and delayed mail is in it.',
          unit: 's',
          queries: [
            {
              expr: `max by (box) (botyard_oldest_pending_of_bot_seconds${ofBot})${nothingWaits}`,
              legend: '{{box}}',
            },
          ],
        },
        {
          kind: 'number',
          title: 'Credentials refused',
          says: '1: the platform refuses them, and the replies wait.',
          unit: 'bool',
          badFrom: 1,
          queries: [{ expr: `max(botyard_bot_unhealthy${ofBot}) or vector(0)`, legend: 'unhealthy' }],
        },
        {
          kind: 'number',
          title: 'No worker has its code',
          says: '1: its mail waits until one is deployed.',
          unit: 'bool',
          badFrom: 1,
          queries: [{ expr: `max(botyard_bot_without_handler${ofBot}) or vector(0)`, legend: 'missing' }],
        },
        {
          kind: 'number',
          title: 'Last heard',
          says: 'Of a bot that is polled, or has a socket: since the platform said something.',
          unit: 's',
          badFrom: 120,
          queries: [{ expr: `min by (intake) (botyard_last_heard_seconds${ofBot})`, legend: '{{intake}}' }],
        },
      ],
    },
    {
      title: 'Its platform, all bots',
      panels: [
        {
          kind: 'lines',
          title: 'Updates received',
          says: 'By outcome.',
          unit: 'reqps',
          queries: [perSecond('botyard_updates_received_total', 'platform, outcome', ofPlatform)],
        },
        {
          kind: 'lines',
          title: 'Updates handled',
          says: 'By what became of them.',
          unit: 'reqps',
          queries: [perSecond('botyard_updates_handled_total', 'platform, outcome', ofPlatform)],
        },
        {
          kind: 'lines',
          title: 'Sends',
          says: 'Attempts by outcome.',
          unit: 'reqps',
          queries: [perSecond('botyard_sends_total', 'platform, outcome', ofPlatform)],
        },
        {
          kind: 'lines',
          title: 'Time in handlers',
          says: 'Whatever came of them.',
          unit: 's',
          queries: quantiles('botyard_handler_seconds', ofPlatform),
        },
        {
          kind: 'lines',
          title: 'Time to reply',
          says: 'From receipt to the reply being sent.',
          unit: 's',
          badFrom: 0.2,
          queries: quantiles('botyard_update_age_at_reply_seconds', ofPlatform),
        },
        {
          kind: 'lines',
          title: "The platform's API",
          says: 'Time of a call.',
          unit: 's',
          queries: quantiles('botyard_send_seconds', ofPlatform),
        },
        {
          kind: 'lines',
          title: 'Sends put off',
          says: 'By the kind of limit.',
          unit: 'reqps',
          quiet: true,
          queries: [perSecond('botyard_sends_held_total', 'platform, by', ofPlatform)],
        },
        {
          kind: 'lines',
          title: 'Events that the adapter does not know',
          says: 'They reach the bot as kind "other"; the gateway logs each name once.',
          unit: 'reqps',
          quiet: true,
          queries: [perSecond('botyard_gateway_unclassified_updates_total', 'platform', ofPlatform)],
        },
        {
          kind: 'lines',
          title: 'Identification',
          says: 'Times that the platform was asked who a bot is.',
          unit: 'reqps',
          queries: [perSecond('botyard_bot_identifications_total', 'platform, outcome', ofPlatform)],
        },
      ],
    },
  ],
}
