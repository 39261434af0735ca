import { readFileSync } from 'node:fs'
import { defineCommand } from '../command.ts'
import { CliUsageError } from '../errors.ts'

/** `botyard shards add <id>` */
export const shardsAdd = defineCommand({
  words: 'shards add',
  arguments: ['id'],
  summary: 'migrates a database and registers it as a shard, without keys yet; or gives a shard other hosts',
  options: {
    host: { type: 'string', multiple: true },
    'direct-host': { type: 'string', multiple: true },
    'hosts-file': { type: 'string' },
  } as const,
  help: {
    host: 'postgres://… of the primary, and again for each standby',
    'direct-host': 'the same without PgBouncer in between, where --host are PgBouncers',
    'hosts-file': 'instead of --host: a file with a url a line, so that no password is on the command line',
  },
  async run({ api, args: [id], values, print }) {
    const file = values['hosts-file'] as string | undefined
    const fromFile = file === undefined ? [] : readFileSync(file, 'utf8').split(/\s+/).filter(Boolean)
    const hosts = [...(values.host ?? []), ...fromFile]
    if (hosts.length === 0) throw new CliUsageError('Which database? Give --host or --hosts-file')
    const directHosts = values['direct-host']
    const answer = await api.post<{ status: string }>('/shards', {
      id,
      hosts,
      ...(directHosts && { directHosts }),
    })
    print(answer, ({ status }) =>
      status === 'registered'
        ? `${id} is registered. Run the bots' migrations (npm run migrate-bots), then: shards split <shard> ${id}`
        : `${id}: ${status}`,
    )
    return undefined
  },
})
