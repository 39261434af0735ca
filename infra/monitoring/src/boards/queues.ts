import { type Board, highest, perSecond, quantiles } from '../board.ts'

/** What waits, for what, and what is given up. */
export const queues: Board = {
  uid: 'botyard-queues',
  title: 'Botyard: queues',
  description: 'What waits in the mailboxes, for what, and what is given up.',
  rows: [
    {
      title: 'Backlog',
      panels: [
        {
          kind: 'lines',
          title: 'Entries waiting',
          says: 'Updates (inbox) and replies (outbox).',
          unit: 'short',
          badFrom: 5000,
          queries: [highest('botyard_waiting_updates', 'box')],
        },
        {
          kind: 'lines',
          title: 'Oldest pending',
          says: 'Age of the oldest entry that should be worked off now. What waits on purpose is not in it.',
          unit: 's',
          badFrom: 60,
          queries: [highest('botyard_oldest_pending_seconds', 'box')],
        },
        {
          kind: 'lines',
          title: 'Bytes waiting',
          says: 'What the mailboxes take of Redis.',
          unit: 'bytes',
          queries: [highest('botyard_waiting_bytes', 'box')],
        },
        {
          kind: 'lines',
          title: 'Whose backlog it is',
          says: 'Updates waiting, of the bots with most of them; empty if none waits.',
          quiet: true,
          unit: 'short',
          badFrom: 5000,
          queries: [
            {
              expr: 'topk(10, max by (bot) (botyard_waiting_updates_of_bot{box="inbox"}))',
              legend: '{{bot}}',
            },
          ],
        },
        {
          kind: 'lines',
          title: 'Oldest entry of a bot',
          says: 'Of the same bots; parked and delayed mail is in it.',
          quiet: true,
          unit: 's',
          queries: [
            {
              expr: 'topk(10, max by (bot) (botyard_oldest_pending_of_bot_seconds{box="inbox"}))',
              legend: '{{bot}}',
            },
          ],
        },
        {
          kind: 'lines',
          title: 'Conversations that wait on purpose',
          says: 'Delayed: back-off, pause, limits. Parked: an operator decides.',
          unit: 'short',
          queries: [highest('botyard_waiting_conversations', 'box, state')],
        },
      ],
    },
    {
      title: 'Handling',
      panels: [
        {
          kind: 'lines',
          title: 'Wait for a handler',
          says: 'From receipt to the start of the handler.',
          unit: 's',
          queries: quantiles('botyard_update_age_at_start_seconds'),
        },
        {
          kind: 'lines',
          title: 'Time in handlers',
          says: 'Whatever came of them.',
          unit: 's',
          queries: quantiles('botyard_handler_seconds'),
        },
        {
          kind: 'lines',
          title: 'Time in sends',
          says: "Calls to the platforms' APIs.",
          unit: 's',
          queries: quantiles('botyard_send_seconds'),
        },
        {
          kind: 'lines',
          title: 'Sends put off',
          says: 'By the kind of limit that put them off.',
          unit: 'reqps',
          quiet: true,
          queries: [perSecond('botyard_sends_held_total', 'platform, by')],
        },
        {
          kind: 'lines',
          title: 'Task threads',
          says: 'Threads of ctx.run in use, those there are, and calls that wait for one.',
          unit: 'short',
          queries: [
            { expr: 'sum(botyard_task_threads_in_use)', legend: 'in use' },
            { expr: 'sum(botyard_task_threads)', legend: 'there are' },
            { expr: 'sum(botyard_tasks_waiting)', legend: 'calls waiting' },
          ],
        },
        {
          kind: 'lines',
          title: 'Tasks',
          says: 'Calls of ctx.run by how they ended.',
          unit: 'reqps',
          queries: [perSecond('botyard_tasks_total', 'task, outcome')],
        },
      ],
    },
    {
      title: 'Trouble',
      panels: [
        {
          kind: 'lines',
          title: 'Dead letters',
          says: 'Given up, by reason; npm run botyard -- dead-letters list.',
          unit: 'reqps',
          quiet: true,
          queries: [perSecond('botyard_dead_letters_total', 'box, reason')],
        },
        {
          kind: 'lines',
          title: 'Not copied, not readable',
          says: 'Dead letters that wait for the control database, and entries in quarantine.',
          unit: 'short',
          badFrom: 1,
          queries: [
            { expr: 'max(botyard_dead_letters_waiting)', legend: 'dead letters to be copied' },
            { expr: 'max(botyard_quarantined)', legend: 'in quarantine' },
          ],
        },
        {
          kind: 'lines',
          title: 'Repaired by the sweeper',
          says: 'Some after a crash; a steady rate is a bug.',
          unit: 'reqps',
          queries: [
            perSecond('botyard_lost_tokens_total', 'box'),
            {
              expr: 'sum(rate(botyard_taken_over_conversations_total[$__rate_interval]))',
              legend: 'taken over',
            },
            { expr: 'sum(rate(botyard_worker_troubles_total[$__rate_interval]))', legend: 'troubles' },
          ],
        },
        {
          kind: 'lines',
          title: 'Workers that take no mail',
          says: '1 while mail waits that the worker has places for.',
          unit: 'bool',
          badFrom: 1,
          queries: [highest('botyard_worker_stalled', 'instance, box')],
        },
        {
          kind: 'lines',
          title: 'Errors that escaped bots',
          says: 'Promises that nobody awaits, timers, listeners; the log names the handler.',
          unit: 'reqps',
          quiet: true,
          queries: [perSecond('botyard_escaped_errors_total', 'outcome')],
        },
        {
          kind: 'lines',
          title: 'Reply loops',
          says: 'Conversations parked because bots answered each other.',
          unit: 'reqps',
          queries: [perSecond('botyard_reply_loops_total', 'platform')],
        },
      ],
    },
  ],
}
