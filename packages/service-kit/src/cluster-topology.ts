import { Redis, type RedisOptions } from 'ioredis'

/** Where a node of a cluster listens. */
export interface ClusterNode {
  readonly host: string
  readonly port: number
}

/** A primary, and its slots as ranges of both ends. */
export interface ClusterPrimary extends ClusterNode {
  readonly slots: readonly (readonly [first: number, last: number])[]
}

/** Who has which slot, asked of the cluster itself. */
export interface ClusterTopology {
  /** The primary of a slot as the cluster says now; rejects if nobody says. */
  primaryOf(slot: number): Promise<ClusterNode>
  /** All primaries. */
  primaries(): Promise<ClusterPrimary[]>
  /** All nodes that were ever named, replicas too. */
  nodes(): readonly ClusterNode[]
}

/** How long a node may take to answer, in ms. */
const answerMs = 1_000

interface View {
  readonly slots: readonly { first: number; last: number; primary: string }[]
  readonly nodes: readonly string[]
}

/**
 * Asks all nodes that are known, at once, and believes the majority: one that was cut off or comes back from
 * a stop says what was true when it went. `seeds` are asked first, and for ever.
 */
export function createClusterTopology(
  seeds: readonly ClusterNode[],
  connect: Pick<RedisOptions, 'username' | 'password' | 'tls' | 'connectionName'>,
): ClusterTopology {
  const known = new Set(seeds.map(addressOf))
  let asking: Promise<View[]> | undefined

  /** Who asks while others do shares their answer: a failover has all connections ask at once. */
  function views(): Promise<View[]> {
    asking ??= askAll().finally(() => {
      asking = undefined
    })
    return asking
  }

  async function askAll(): Promise<View[]> {
    const asked = [...known]
    const answers: View[] = []
    const { promise: enough, resolve } = Promise.withResolvers<void>()
    const all = Promise.all(
      asked.map(async address => {
        const view = await askNode(nodeAt(address), connect).catch(() => undefined)
        if (view === undefined) return
        answers.push(view)
        // Most of them: the silence of a node that is down is not waited for.
        if (answers.length * 2 > asked.length) resolve()
      }),
    )
    await Promise.race([enough, all])
    for (const view of answers) for (const node of view.nodes) known.add(node)
    if (answers.length === 0)
      throw new Error(`no node of the Redis cluster answers: ${asked.join(', ')}; is it a cluster?`)
    return [...answers]
  }

  return {
    async primaryOf(slot) {
      const votes = (await views()).flatMap(view =>
        view.slots.filter(({ first, last }) => first <= slot && slot <= last).map(({ primary }) => primary),
      )
      const named = mostNamed(votes)
      if (named === undefined) throw new Error(`no node of the Redis cluster has slot ${slot}`)
      return nodeAt(named)
    },
    async primaries() {
      const found = new Map<string, [number, number][]>()
      const view = (await views()).reduce((a, b) => (b.slots.length > a.slots.length ? b : a))
      for (const { first, last, primary } of view.slots)
        found.set(primary, [...(found.get(primary) ?? []), [first, last]])
      return [...found].map(([address, slots]) => ({ ...nodeAt(address), slots }))
    },
    nodes: () => [...known].map(nodeAt),
  }
}

async function askNode(
  node: ClusterNode,
  connect: Pick<RedisOptions, 'username' | 'password' | 'tls'>,
): Promise<View> {
  const redis = new Redis({
    ...{ ...connect, ...node, lazyConnect: true, enableReadyCheck: false, disableClientInfo: true },
    ...{ connectTimeout: answerMs, commandTimeout: answerMs, maxRetriesPerRequest: 0 },
    retryStrategy: () => null,
  })
  redis.on('error', () => undefined)
  const late = setTimeout(() => redis.disconnect(), answerMs)
  try {
    await redis.connect()
    return readView(node, (await redis.cluster('SLOTS')) as unknown as SlotsAnswer)
  } finally {
    clearTimeout(late)
    redis.disconnect()
  }
}

type SlotsAnswer = [first: number, last: number, ...nodes: [host: string | null, port: number][]][]

function readView(asked: ClusterNode, answer: SlotsAnswer): View {
  // A node that does not know its own name is where it was asked.
  const named = ([host, port]: [string | null, number]) => addressOf({ host: host || asked.host, port })
  return {
    slots: answer.map(([first, last, primary]) => ({ first, last, primary: named(primary!) })),
    nodes: answer.flatMap(([, , ...nodes]) => nodes.map(named)),
  }
}

function mostNamed(votes: readonly string[]): string | undefined {
  const counts = new Map<string, number>()
  for (const vote of votes) counts.set(vote, (counts.get(vote) ?? 0) + 1)
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0]
}

const addressOf = ({ host, port }: ClusterNode) => `${host} ${port}`

function nodeAt(address: string): ClusterNode {
  const [host, port] = address.split(' ')
  return { host: host!, port: Number(port) }
}
