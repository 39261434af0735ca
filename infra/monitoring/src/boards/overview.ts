import { type Board, highest, perSecond, quantiles } from '../board.ts'

/** Whether platforms and users get what they were promised, and where to look next. */
export const overview: Board = {
  uid: 'botyard-overview',
  title: 'Botyard: overview',
  description: 'What platforms and users feel, and the load. The alerts of docs/runbooks/alerts stand on it.',
  rows: [
    {
      title: 'Now',
      panels: [
        {
          kind: 'number',
          title: 'Accepted late',
          says: 'Share of calls that were not accepted within 200 ms. The objective allows 0.1 % in the long run.',
          unit: 'percentunit',
          badFrom: 0.0144,
          queries: [{ expr: 'botyard:accepted:miss_ratio5m', legend: '5 minutes' }],
        },
        {
          kind: 'number',
          title: 'Answered late',
          says: 'Share of replies that left later than 200 ms after the update. The objective allows 5 %.',
          unit: 'percentunit',
          badFrom: 0.3,
          queries: [{ expr: 'botyard:answered:miss_ratio5m', legend: '5 minutes' }],
        },
        {
          kind: 'number',
          title: 'Updates waiting',
          says: 'Of all bots. An alert from 5,000.',
          unit: 'short',
          badFrom: 5000,
          queries: [{ expr: 'max(botyard_waiting_updates{box="inbox"})', legend: 'updates' }],
        },
        {
          kind: 'number',
          title: 'Oldest pending',
          says: 'Age of the oldest update or reply that should be worked off now. The first thing to watch.',
          unit: 's',
          badFrom: 60,
          queries: [{ expr: 'max(botyard_oldest_pending_seconds)', legend: 'age' }],
        },
        {
          kind: 'number',
          title: 'Waiting for an operator',
          says: 'Conversations whose head an operator must retry or skip.',
          unit: 'short',
          badFrom: 1,
          queries: [
            { expr: 'sum(max by (box) (botyard_waiting_conversations{state="parked"}))', legend: 'parked' },
          ],
        },
        {
          kind: 'number',
          title: 'Alerts firing',
          says: 'Of these rules.',
          unit: 'short',
          badFrom: 1,
          queries: [{ expr: 'count(ALERTS{alertstate="firing"}) or vector(0)', legend: 'alerts' }],
        },
      ],
    },
    {
      title: 'What platforms and users feel',
      panels: [
        {
          kind: 'lines',
          title: 'Time to acknowledge',
          says: 'From the headers of a call to its 200. p99 over 200 ms for 5 minutes is an alert.',
          unit: 's',
          badFrom: 0.2,
          queries: quantiles('botyard_ack_seconds', '{answered_by="gateway"}'),
        },
        {
          kind: 'lines',
          title: 'Time to reply',
          says: 'From the receipt of an update to its reply being sent. p95 over 200 ms for 5 minutes is an alert.',
          unit: 's',
          badFrom: 0.2,
          queries: quantiles('botyard_update_age_at_reply_seconds'),
        },
        {
          kind: 'lines',
          title: "Platform's delay",
          says: "From the platform's own time of an update to its acceptance; high while we are fast: the platform is late.",
          unit: 's',
          queries: quantiles('botyard_update_age_at_accept_seconds'),
        },
      ],
    },
    {
      title: 'Load',
      panels: [
        {
          kind: 'lines',
          title: 'Updates received',
          says: 'By outcome. Duplicates are redeliveries; unavailable and backlog-full were refused.',
          unit: 'reqps',
          queries: [perSecond('botyard_updates_received_total', 'outcome')],
        },
        {
          kind: 'lines',
          title: 'Updates handled',
          says: 'By what became of them.',
          unit: 'reqps',
          queries: [perSecond('botyard_updates_handled_total', 'outcome')],
        },
        {
          kind: 'lines',
          title: 'Sends',
          says: 'Attempts by outcome; limited is a 429.',
          unit: 'reqps',
          queries: [perSecond('botyard_sends_total', 'outcome')],
        },
        {
          kind: 'lines',
          title: 'Calls refused',
          says: 'By error code: docs/errors.md.',
          unit: 'reqps',
          queries: [perSecond('botyard_webhook_refusals_total', 'code')],
        },
        {
          kind: 'lines',
          title: 'Refused by security',
          says: 'Security events; see docs/metrics.md.',
          unit: 'reqps',
          queries: [perSecond('botyard_security_events_total', 'event')],
        },
        {
          kind: 'lines',
          title: 'Polls',
          says: 'Times that platforms were asked for updates; failed and refused are not answered.',
          unit: 'reqps',
          queries: [perSecond('botyard_polls_total', 'platform, outcome')],
        },
      ],
    },
    {
      title: 'Processes',
      panels: [
        {
          kind: 'lines',
          title: 'Processor',
          says: 'Cores in use.',
          unit: 'short',
          queries: [
            {
              expr: 'rate(process_cpu_user_seconds_total{app!=""}[$__rate_interval]) + rate(process_cpu_system_seconds_total{app!=""}[$__rate_interval])',
              legend: '{{app}} {{instance}}',
            },
          ],
        },
        {
          kind: 'lines',
          title: 'Memory',
          says: 'Resident memory.',
          unit: 'bytes',
          queries: [highest('process_resident_memory_bytes', 'app, instance', '{app!=""}')],
        },
        {
          kind: 'lines',
          title: 'Event loop delay',
          says: 'p99 of how late timers run. Over 100 ms: code blocks the loop.',
          unit: 's',
          badFrom: 0.1,
          queries: [highest('botyard_event_loop_delay_seconds', 'app, instance', '{quantile="0.99"}')],
        },
        {
          kind: 'lines',
          title: 'Pressure',
          says: 'Event loop and memory as a part of their bounds; at 1 the process takes less in.',
          unit: 'percentunit',
          badFrom: 1,
          queries: [highest('botyard_pressure', 'app, instance, of')],
        },
      ],
    },
  ],
}
