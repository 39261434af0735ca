import { type Board, highest, perSecond } from '../board.ts'

/** Redis, the shards, the cache, and what grows old. */
export const dataLayer: Board = {
  uid: 'botyard-data-layer',
  title: 'Botyard: data layer',
  description: 'Redis, the user shards, the cache, keys and certificates.',
  rows: [
    {
      title: 'Redis',
      panels: [
        {
          kind: 'lines',
          title: 'Memory',
          says: 'From 85 % of the limit on intake is refused. A limit of 0 is none.',
          unit: 'bytes',
          queries: [
            { expr: 'max(botyard_redis_used_memory_bytes)', legend: 'used' },
            { expr: 'max(botyard_redis_max_memory_bytes)', legend: 'limit' },
          ],
        },
        {
          kind: 'lines',
          title: 'Commands',
          says: 'A second; scripts count as one, and so does each command in them.',
          unit: 'reqps',
          queries: [{ expr: 'max(rate(botyard_redis_commands[$__rate_interval]))', legend: 'commands' }],
        },
        {
          kind: 'lines',
          title: 'Slow disk',
          says: 'Writes that waited for the disk, in 5 minutes. Above zero: the disk is too slow for the append-only file.',
          unit: 'short',
          badFrom: 1,
          queries: [{ expr: 'max(increase(botyard_redis_delayed_fsyncs[5m]))', legend: 'delayed fsyncs' }],
        },
        {
          kind: 'lines',
          title: 'There, and safe',
          says: 'Up: 1 if it answers. Each problem that may lose accepted updates is 0 when all is well.',
          unit: 'short',
          queries: [
            { expr: 'min(botyard_redis_up)', legend: 'up' },
            highest('botyard_redis_problem', 'problem'),
          ],
        },
        {
          kind: 'lines',
          title: 'Connections and replicas',
          says: 'Connections of all clients; replicas that follow.',
          unit: 'short',
          queries: [
            { expr: 'max(botyard_redis_connections)', legend: 'connections' },
            { expr: 'max(botyard_redis_replicas)', legend: 'replicas' },
          ],
        },
      ],
    },
    {
      title: 'User shards',
      panels: [
        {
          kind: 'lines',
          title: 'Up',
          says: 'Processes that know a primary of the shard, as a share.',
          unit: 'percentunit',
          badUpTo: 1,
          queries: [{ expr: 'avg by (shard) (botyard_shard_up > bool 0)', legend: '{{shard}}' }],
        },
        {
          kind: 'lines',
          title: 'Connections',
          says: 'Of all processes.',
          unit: 'short',
          queries: [
            { expr: 'sum by (shard, state) (botyard_shard_connections)', legend: '{{shard}} {{state}}' },
            { expr: 'sum by (shard) (botyard_shard_waiting)', legend: '{{shard}} calls waiting' },
          ],
        },
        {
          kind: 'lines',
          title: 'Wait for a connection, p99',
          says: 'Steadily above zero: the pool is too small or queries are slow.',
          unit: 's',
          queries: [
            {
              expr: 'histogram_quantile(0.99, sum by (le, shard) (rate(botyard_shard_acquire_seconds_bucket[$__rate_interval])))',
              legend: '{{shard}}',
            },
          ],
        },
        {
          kind: 'lines',
          title: 'Calls not served',
          says: 'By reason, and calls run again.',
          unit: 'reqps',
          quiet: true,
          queries: [
            perSecond('botyard_shard_unavailable_total', 'shard, reason'),
            perSecond('botyard_shard_retries_total', 'shard'),
          ],
        },
        {
          kind: 'lines',
          title: 'Breaker',
          says: '1 open: calls are sent away at once.',
          unit: 'short',
          badFrom: 1,
          queries: [highest('botyard_shard_breaker', 'shard')],
        },
        {
          kind: 'lines',
          title: 'Failovers and refused hosts',
          says: 'In 10 minutes: turns to another primary, and writable hosts that must not be written to.',
          unit: 'short',
          queries: [
            {
              expr: 'sum by (shard) (increase(botyard_shard_host_switches_total[10m]))',
              legend: '{{shard}} switches',
            },
            {
              expr: 'sum by (shard) (increase(botyard_shard_hosts_refused_total[10m]))',
              legend: '{{shard}} refused',
            },
          ],
        },
        {
          kind: 'lines',
          title: 'Moves',
          says: 'Ended moves of users between shards in an hour, by outcome.',
          unit: 'short',
          queries: [
            { expr: 'sum by (outcome) (increase(botyard_shard_moves_total[1h]))', legend: '{{outcome}}' },
          ],
        },
        {
          kind: 'lines',
          title: 'Lag of a move',
          says: 'WAL that the target has yet to confirm.',
          unit: 'bytes',
          quiet: true,
          queries: [highest('botyard_shard_move_lag_bytes', 'source, target')],
        },
        {
          kind: 'lines',
          title: "Handlers' writes",
          says: 'By kind and outcome.',
          unit: 'reqps',
          queries: [perSecond('botyard_data_writes_total', 'what, outcome')],
        },
      ],
    },
    {
      title: 'Cache',
      panels: [
        {
          kind: 'lines',
          title: 'Hits in memory',
          says: 'Share of looks that memory answered.',
          unit: 'percentunit',
          quiet: true,
          queries: [
            {
              expr: 'sum by (cache) (rate(botyard_cache_reads_total{tier="memory", outcome="hit"}[$__rate_interval])) / sum by (cache) (rate(botyard_cache_reads_total{tier="memory"}[$__rate_interval]))',
              legend: '{{cache}}',
            },
          ],
        },
        {
          kind: 'lines',
          title: 'Looks into Redis',
          says: 'By outcome; away: Redis is.',
          unit: 'reqps',
          queries: [perSecond('botyard_cache_reads_total', 'cache, outcome', '{tier="redis"}')],
        },
        {
          kind: 'lines',
          title: 'Changes',
          says: 'lease_ended in a steady rate: a process does not answer. pending was refused.',
          unit: 'reqps',
          queries: [perSecond('botyard_cache_changes_total', 'cache, outcome')],
        },
      ],
    },
    {
      title: 'What grows old',
      panels: [
        {
          kind: 'number',
          title: 'Age of the active key',
          says: 'An alert after a year: docs/runbooks/rotate-keys.md.',
          unit: 's',
          badFrom: 31_536_000,
          queries: [highest('botyard_key_age_seconds', 'key')],
        },
        {
          kind: 'number',
          title: 'Certificates end in',
          says: 'An alert from three weeks on.',
          unit: 's',
          quiet: true,
          badUpTo: 1_814_400,
          queries: [
            {
              expr: 'min by (of) (botyard_certificate_expiry_timestamp_seconds) - time()',
              legend: '{{of}}',
            },
          ],
        },
        {
          kind: 'number',
          title: 'Secrets that wait for a restart',
          says: 'Changed files whose value is used after a restart.',
          unit: 'short',
          badFrom: 1,
          queries: [
            {
              expr: 'sum(botyard_secret_needs_restart) or vector(0)',
              legend: 'secrets',
            },
          ],
        },
      ],
    },
  ],
}
