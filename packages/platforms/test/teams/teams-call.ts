/** What every activity of Teams has: a chat of the person 29:1user with the bot 28:bot. */
export const about = {
  channelId: 'msteams',
  serviceUrl: 'https://smba.trafficmanager.net/amer/',
  from: { id: '29:1user' },
  recipient: { id: '28:bot' },
  conversation: { id: '19:c@thread.tacv2' },
  id: '17',
  timestamp: '2026-01-05T10:00:00.000Z',
}

/** The types of activities. */
export const protocol = 'https://github.com/microsoft/Agents/blob/main/specs/activity/protocol-activity.md'

/** The names of invokes. */
export const sdk = 'https://learn.microsoft.com/dotnet/api/microsoft.teams.api.activities.invokes'
