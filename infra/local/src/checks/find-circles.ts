/** Who uses whom: every name, and the names that it uses. */
export type Graph = ReadonlyMap<string, readonly string[]>

/**
 * The circles of a graph: each is one shortest way from a name back to itself, the first name at both ends.
 * One is found in every knot of names that use each other, so a knot with several circles shows the next one
 * when the first is gone.
 */
export function findCircles(graph: Graph): string[][] {
  const found = new Set<string>()
  const circles: string[][] = []
  for (const start of graph.keys()) {
    if (found.has(start)) continue
    const circle = shortestPathBack(graph, start)
    if (circle === undefined) continue
    circles.push(circle)
    for (const name of reachable(graph, start)) if (reachable(graph, name).has(start)) found.add(name)
  }
  return circles
}

function shortestPathBack(graph: Graph, start: string): string[] | undefined {
  const ways = [[start]]
  const seen = new Set<string>()
  for (const way of ways) {
    for (const next of graph.get(way.at(-1)!) ?? []) {
      if (next === start) return [...way, start]
      if (seen.has(next)) continue
      seen.add(next)
      ways.push([...way, next])
    }
  }
  return undefined
}

function reachable(graph: Graph, start: string): Set<string> {
  const seen = new Set<string>()
  const open = [start]
  for (const name of open) {
    for (const next of graph.get(name) ?? []) {
      if (seen.has(next)) continue
      seen.add(next)
      open.push(next)
    }
  }
  return seen
}
